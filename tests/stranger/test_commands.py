"""Every command that a document prints works, as it stands and in order, in a fresh clone."""

import csv
import re

import pytest

from tests.browser.test_pages import Visit
from tests.stranger import printed
from tests.stranger.clone import Clone, Said

pytestmark = pytest.mark.stranger

#: Run by what runs this test, so not again.
OUTER = (".ci/run", ".ci/run commands", ".ci/run machines")
#: Run once in the whole walk, where it is printed first.
ONCE = ("make test",)
#: Serves until it is stopped; the walk gives it a port that is free.
SERVES = ("make serve",)
#: The books that a document's reader makes from files of their own.
MAKES = {"chapters/fork.md": ("eu",)}
FORK, AGAIN = "chapters/fork.md", "chapters/reproduce.md"


@pytest.fixture(scope="module")
def clone_of(room):
    """The clone in which a document's commands are run, always in the same folder.

    The first has nothing; to the others what the one before built is brought, since the same
    books would be made again from the same files, which is a third of the walk. A book that a
    document makes from its own data is left out.  reproduce.md builds from nothing once more, after
    its `make clean` and on another Python.
    """
    clones: dict[str, Clone] = {}

    def get(document: str) -> Clone:
        if document not in clones:
            for earlier in clones.values():
                earlier.leave("_build", room / "built")
            clone = Clone.make(room / "clone", room / "home")
            clone.bring("_build", room / "built", apart=MAKES.get(document, ()))
            clones.clear()
            clones[document] = clone
        return clones[document]

    return get


@pytest.mark.parametrize("command", printed.walk(), ids=str)
def test_a_printed_command_works(command, clone_of, browser, tell):
    if command.bare in OUTER:
        pytest.skip("it is what runs this test")
    if command.bare in ONCE and command != printed.first(command.bare):
        pytest.skip("it ran where it is printed first")
    clone, page = clone_of(command.document), b"<h1"
    if command.bare in SERVES:
        said, page = clone.serve(command.text)
    else:
        said = clone.run(printed.with_stand_ins(command.text), command.kind)
    tell(f"\n{said.seconds:7.1f} s  {command}")
    assert said.code == 0, f"{command} fails: {said}"
    assert b"<h1" in page, "a page is served"
    for opened in said.pages:
        assert_opens(browser, clone, opened)
    for claim in AFTER.get((command.document, command.bare), ()):
        claim(clone, said)
    assert clone.changed() == [] or command.document == FORK, "files of the commit are as they were"


def assert_opens(browser, clone: Clone, page: str) -> None:
    """The page works in a browser without a network: charts are drawn, nothing is complained of."""
    visit = Visit(browser, clone.folder / page, "wide-light")
    visit.settle()
    title, complaints = visit.page.locator("h1").first.inner_text(), visit.complaints
    visit.context.close()
    assert title and complaints == [], page


# --- what must be so after a command, beyond that it works


def all_tests_passed_and_none_was_skipped(clone: Clone, said: Said):
    last = said.out.splitlines()[-1]
    assert re.match(r"\d+ passed", last) and "skipped" not in last, f"{last}\n{said}"


def it_would_import_the_whole_export(clone: Clone, said: Said):
    assert "72 models x 12 benchmarks" in said.out and "nothing is written (--dry-run)" in said.out
    assert not (clone.folder / "data/is").exists()


def it_is_the_shipped_study(clone: Clone, said: Said):
    for name in ("models.csv", "benchmarks.csv", "evaluations.csv", "scores.csv"):
        made, shipped = (clone.folder / folder / name for folder in ("data/is", "is-shipped"))
        assert made.read_bytes() == shipped.read_bytes(), name


def it_asks_and_every_answer_is_known(clone: Clone, said: Said):
    """Of the harness's own tasks nothing is left to type."""
    assert "fill in data/eu/curated/columns.csv" in said.err
    text = (clone.folder / "data/eu/curated/columns.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(row for row in text.splitlines() if not row.startswith("#")))
    needed = ("language", "ability", "score", "metric", "minimum", "maximum")
    assert len(rows) == 21 and all(row[each] for row in rows for each in needed)
    assert 'licence: "MIT"' in (clone.folder / "data/eu/study.yml").read_text(encoding="utf-8")


def the_study_has_its_models_of_one_root(clone: Clone, said: Said):
    if (clone.folder / "data/eu/models.csv").exists():
        with (clone.folder / "data/eu/models.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        roots = {row["lineage"] or row["model_id"].split("/")[0] for row in rows}
        assert len(rows) == 15
        assert roots == {"meta-llama", "gpt-4o-2024-11-20", "claude-3-5-sonnet-20241022"}


def it_says_beforehand_that_nothing_will_be_settled(clone: Clone, said: Said):
    assert "Three lineages are too few for a verdict" in said.out


def the_book_is_basque_and_then_has_pages_of_its_own(clone: Clone, said: Said):
    """The first build makes the book as it is imported, the second with all that was added."""
    html = clone.folder / "_build/eu/html"
    page = {path.stem: path.read_text(encoding="utf-8") for path in html.glob("*.html")}
    assert "Basque" in page["index"]
    if not (clone.folder / "data/eu/chapters/about-basque.md").exists():
        assert "forecasts" not in page and "claims" not in page
        return
    assert "What is special about Basque?" in page["data"]
    assert "The proficiency exams are written in Basque" in page["pairs"]
    assert '<html lang="eu"' in page["index-eu"] and "Euskarazko testuarekin" in page["index-eu"]
    assert "fig-transfer-heatmap-eu" in page["transfer-eu"]
    assert "claims/trivia-apart/source" in (html / "results.json").read_text(encoding="utf-8")


def the_empty_study_says_what_is_missing(clone: Clone, said: Said):
    run = clone.run(".venv/bin/python -m lib check gl")
    assert run.code == 1 and "models.csv" in run.err and "Traceback" not in run.err


def nothing_of_the_fork_is_left(clone: Clone, said: Said):
    assert clone.changed() == [] and not (clone.folder / "icelandic_all.csv").exists()
    assert not [code for code in ("eu", "wide", "gl") if (clone.folder / "data" / code).exists()]


def the_readme_was_true(clone: Clone, said: Said):
    assert said.out.splitlines()[-1] == "nothing changed"


def only_the_environments_are_left(clone: Clone, said: Said):
    assert not (clone.folder / "_build").exists() and (clone.folder / ".venv").exists()


IMPORT = ".venv/bin/python -m lib import euroeval --language Icelandic --code is"
EXPORTS = "icelandic_all.csv data/euroeval/english_all.csv"
HARNESS = (
    ".venv/bin/python -m lib import lm-eval --code eu --language Basque --names-from folder "
    "{}examples/latxa/results"
)
TOLD = "--licence MIT --url https://github.com/hitz-zentroa/latxa-instruct "
NEW = ".venv/bin/python -m lib new gl --language Galician"
#: (document, command) -> claims about it.
AFTER = {
    ("README.md", "make test"): [all_tests_passed_and_none_was_skipped],
    (FORK, f"{IMPORT} --dry-run {EXPORTS}"): [it_would_import_the_whole_export],
    (FORK, f"{IMPORT} --date 2026-04-20 {EXPORTS}"): [it_is_the_shipped_study],
    (FORK, f"{HARNESS.format(TOLD)} || true"): [it_asks_and_every_answer_is_known],
    (FORK, HARNESS.format("")): [the_study_has_its_models_of_one_root],
    (FORK, ".venv/bin/python -m lib check eu"): [it_says_beforehand_that_nothing_will_be_settled],
    (FORK, "make book STUDY=eu"): [the_book_is_basque_and_then_has_pages_of_its_own],
    (FORK, NEW): [the_empty_study_says_what_is_missing],
    (FORK, "rm icelandic_all.csv wide.csv"): [nothing_of_the_fork_is_left],
    (AGAIN, "make readme"): [the_readme_was_true],
    (AGAIN, "make clean"): [only_the_environments_are_left],
}
