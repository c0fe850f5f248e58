"""The pipeline end to end on a tiny study, through the command that people use."""

import json
import os
import resource

import nbformat
import pytest


def test_a_build_gives_pages_results_and_the_data_of_figures(tiny):
    run = tiny.run("build")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].startswith("Open _build/xx/html/index.html")
    for name in ("numbers", "words", "index"):
        assert f"  {name} " in run.stdout, "one progress line a chapter"
    pages = tiny.pages()
    assert {
        "index.html",
        "numbers.html",
        "words.html",
        "results.json",
        "data/fig-answer.csv",
    } <= set(pages)
    assert pages["data/fig-answer.csv"] == b"answer\n42\n"
    assert b"cited 42 from numbers" in pages["index.html"], (
        "summary chapters see what analysis chapters recorded"
    )
    results = json.loads(pages["results.json"])
    assert results["study"] == "xx" and results["snapshot"] == "2020-01-01"
    assert results["results"]["numbers/answer/all"] == {
        "value": 42,
        "sentence": "The answer.",
        "chapter": "numbers",
    }


def test_a_second_build_executes_nothing_and_takes_no_time(tiny_book):
    before = {path: path.stat().st_mtime_ns for path in tiny_book.build.rglob("*.ipynb")}
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = tiny_book.run("build")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - taken.ru_utime - taken.ru_stime < 3
    assert run.returncode == 0 and len(run.stdout.splitlines()) == 2, run.stdout
    assert before == {path: path.stat().st_mtime_ns for path in tiny_book.build.rglob("*.ipynb")}


def test_only_what_changed_is_executed_again(tiny_book):
    tiny_book.edit("words", "Words alone", "Only words")
    run = tiny_book.run("build")
    assert "  words " in run.stdout and "  pages " in run.stdout
    assert "  numbers " not in run.stdout and "  index " not in run.stdout
    (tiny_book.root / "data/xx/scores.csv").write_text("a,b\n3,4\n")
    run = tiny_book.run("build")
    assert "  numbers " in run.stdout and "  words " in run.stdout, "data concern every chapter"


def test_summary_chapters_run_again_when_a_record_changes(tiny_book):
    tiny_book.edit("numbers", "value = 21", "value = 20")
    run = tiny_book.run("build")
    assert "  numbers " in run.stdout and "  index " in run.stdout and "  words " not in run.stdout
    assert b"cited 40 from numbers" in tiny_book.pages()["index.html"]


def test_two_builds_from_scratch_give_the_same_bytes(tiny_book, tmp_path_factory):
    from tests.book.conftest import make_tiny

    other = make_tiny(tmp_path_factory.mktemp("elsewhere") / "another-name")
    assert other.run("build", "--jobs", "1").returncode == 0
    assert (other.build / "results.json").read_bytes() == (
        tiny_book.build / "results.json"
    ).read_bytes()
    for name in ("numbers", "words", "index"):
        ours, theirs = (each.build / "notebooks" / f"{name}.ipynb" for each in (tiny_book, other))
        assert ours.read_bytes() == theirs.read_bytes()
    ours, theirs = tiny_book.pages(), other.pages()
    assert [name for name in ours if ours[name] != theirs.get(name)] == []


def test_a_failing_chapter_names_itself_its_cell_and_the_error_and_the_last_good_book_stays(
    tiny_book,
):
    before = tiny_book.pages()
    notebook = (tiny_book.build / "notebooks/numbers.ipynb").read_bytes()
    tiny_book.edit("numbers", "value = 21 * factor", "value = 21 * factors")
    run = tiny_book.run("build")
    assert run.returncode == 1
    assert "numbers.md, line 24: code cell 2 of 3 failed" in run.stderr
    assert "  > value = 21 * factors" in run.stderr
    assert "NameError: name 'factors' is not defined" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert "the last good book is still _build/xx/html/index.html" in run.stderr
    assert tiny_book.pages() == before
    assert (tiny_book.build / "notebooks/numbers.ipynb").read_bytes() == notebook
    assert not [path for path in tiny_book.build.iterdir() if path.name.startswith(".numbers")], (
        "nothing half-written"
    )


def test_the_other_chapters_are_executed_when_one_fails(tiny):
    tiny.edit("numbers", "value = 21 * factor", "raise ValueError('no')")
    tiny.edit("words", "A page without code.", "A page without code, still.")
    run = tiny.run("build")
    assert run.returncode == 1 and "  words " in run.stdout
    assert run.stderr.count("failed") == 2, "the chapter, and the build"


def test_a_draft_shows_the_other_pages_and_the_error_in_the_failed_ones_place(tiny):
    tiny.edit("numbers", "value = 21 * factor", "raise ValueError('no such thing')")
    run = tiny.run("build", "--draft")
    assert run.returncode == 0
    assert b"ValueError: no such thing" in tiny.pages()["numbers.html"]
    assert tiny.run("build").returncode == 1, "a real build does not take a draft's word for it"


def test_an_undeclared_parameter_is_an_error_that_names_the_declared_ones(tiny):
    run = tiny.run("build", "--set", "numbers.faktor=3")
    assert run.returncode == 1
    assert (
        "chapters/numbers.md declares no parameter 'faktor'; declared: study, factor" in run.stderr
    )
    assert "Traceback" not in run.stderr and not (tiny.build / "notebooks").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("numbers.factor=three", "factor='three'; a value like 2 is needed"),
        ("nowhere.factor=3", "'nowhere', which is no chapter"),
        ("factor=3", "write CHAPTER.NAME=VALUE"),
        ("words.study=yy", "declares no parameter 'study'; declared: none"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused(tiny, given, said):
    run = tiny.run("build", "--set", given)
    assert run.returncode == 1 and said in run.stderr and "Traceback" not in run.stderr


def test_a_declared_parameter_changes_its_chapter_and_what_cites_it(tiny_book):
    run = tiny_book.run("build", "--set", "numbers.factor=3")
    assert run.returncode == 0 and "  numbers " in run.stdout and "  words " not in run.stdout
    assert b"cited 63 from numbers" in tiny_book.pages()["index.html"]
    assert b"Parameters" not in tiny_book.pages()["numbers.html"], "the injected cell is not shown"


def test_a_chapter_with_code_must_declare_its_study(tiny):
    tiny.edit("numbers", 'study = "xx"', 'studie = "xx"')
    run = tiny.run("build")
    assert run.returncode == 1 and "must be tagged `parameters`" in run.stderr


def test_an_id_recorded_by_two_chapters_is_an_error_naming_both(tiny):
    twin = (
        tiny.chapter("numbers")
        .read_text()
        .replace("fig-answer", "fig-twin")
        .replace("(some", "(other")
    )
    tiny.chapter("words").write_text(twin)
    run = tiny.run("build")
    assert run.returncode == 1
    assert "the id numbers/answer/all is recorded by two chapters: numbers and words" in run.stderr


def test_a_bad_link_is_an_error_with_file_and_line_and_the_last_good_book_stays(tiny_book):
    before = tiny_book.pages()
    tiny_book.chapter("words").write_text(
        tiny_book.chapter("words").read_text() + "\n## More\n\nTo [nowhere](gone.md).\n"
    )
    run = tiny_book.run("build")
    assert (
        run.returncode == 1
        and "chapters/words.md:8: WARNING" in run.stderr
        and "gone.md" in run.stderr
    )
    assert tiny_book.pages() == before


def test_the_table_of_contents_and_the_folder_must_agree(tiny):
    tiny.chapter("words").rename(tiny.chapter("wordz"))
    run = tiny.run("build")
    assert run.returncode == 1
    assert "_toc.yml names 'words', but there is no chapters/words.md" in run.stderr
    assert "chapters/wordz.md is not in _toc.yml" in run.stderr


@pytest.mark.parametrize("study", ["yy", "../xx", "XX"])
def test_an_unknown_study_is_one_line(tiny, study):
    run = tiny.run("build", study=study)
    assert run.returncode == 1
    assert run.stderr == f"unknown study '{study}'; studies in data/: xx\n"


def test_a_studys_own_chapter_takes_the_shared_ones_place(tiny):
    own = tiny.root / "data/xx/chapters"
    own.mkdir()
    (own / "words.md").write_text("(some-words)=\n# Words of our own\n")
    (own / "extra.md").write_text("# A page that only we have\n")
    assert tiny.run("build").returncode == 0
    pages = tiny.pages()
    assert b"Words of our own" in pages["words.html"] and b"only we have" in pages["extra.html"]


def test_a_build_killed_between_the_two_renames_of_the_swap_is_mended_by_the_next(tiny_book):
    before = tiny_book.pages()
    (tiny_book.build / "html").rename(tiny_book.build / ".html-old")
    assert tiny_book.run("build").returncode == 0
    assert tiny_book.pages() == before


def test_nothing_of_the_users_own_jupyter_is_used(tiny, tmp_path):
    home = tmp_path / "home"
    spec = home / ".local/share/jupyter/kernels/python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps({"argv": ["/nonexistent"], "display_name": "x", "language": "python"})
    )
    startup = home / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise SystemExit('the user has a start-up file')")
    run = tiny.run(
        "execute", "numbers", HOME=str(home), JUPYTER_PATH=str(home / ".local/share/jupyter")
    )
    assert run.returncode == 0, run.stderr
    assert sorted(os.listdir(home)) == [".ipython", ".local"]


def test_notebooks_hold_no_times_paths_or_run_ids(tiny):
    assert tiny.run("execute", "numbers").returncode == 0
    path = tiny.build / "notebooks/numbers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [
        f"numbers-{index}" for index in range(len(notebook.cells))
    ]
    assert str(tiny.root) not in path.read_text() and "papermill" not in notebook.metadata
    injected = [
        cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    assert len(injected) == 1 and "remove-cell" in injected[0].metadata.tags


def test_one_chapter_can_be_executed_alone_and_the_summary_too(tiny):
    assert tiny.run("execute", "numbers", "--set", "factor=4").returncode == 0
    assert (
        json.loads((tiny.build / "records/numbers.json").read_text())["records"][0]["value"] == 84
    )
    assert tiny.run("execute", "index").returncode == 0
    run = tiny.run("execute", "numberz")
    assert (
        run.returncode == 1
        and "no chapter 'numberz'; chapters: index, numbers, words" in run.stderr
    )


@pytest.mark.parametrize("longest", ["numbers", "words"])
def test_the_chapter_that_takes_longest_begins_first(tiny, longest):
    for name in ("numbers", "words"):
        text = tiny.chapter(name).read_text()
        header = f"study: {{seconds: {9 if name == longest else 1}}}\n---\n"
        tiny.chapter(name).write_text(
            text.replace("\n---\n", f"\n{header}", 1)
            if text.startswith("---")
            else f"---\n{header}{text}"
        )
    run = tiny.run("build", "--jobs", "1", "--draft")
    assert run.stdout.split().index(longest) == min(
        run.stdout.split().index(name) for name in ("numbers", "words")
    )
