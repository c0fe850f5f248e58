"""The EuroEval importer: the shipped studies from the real files, files of every form, and all that
can be wrong."""

from __future__ import annotations

import csv
import io
import itertools
import re
import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from lib import study
from lib.__main__ import main
from lib.importers import blocks, cells, euroeval, writing
from lib.stats import local_ability
from lib.study import schema
from tests.boards import ABSENT, board, cell, models

#: Language, and how many models, local and English benchmarks the largest complete table has:
#: counted by hand for Icelandic and Estonian, kept as found for the others.
SHIPPED = {
    "bg": ("Bulgarian", 40, 6, 6),
    "bs": ("Bosnian", 33, 4, 7),
    "ca": ("Catalan", 40, 6, 6),
    "cs": ("Czech", 45, 6, 6),
    "da": ("Danish", 72, 6, 5),
    "el": ("Greek", 40, 6, 6),
    "es": ("Spanish", 71, 6, 6),
    "et": ("Estonian", 45, 6, 6),
    "fo": ("Faroese", 72, 4, 6),
    "fr": ("French", 72, 6, 6),
    "hr": ("Croatian", 40, 6, 6),
    "hu": ("Hungarian", 40, 6, 6),
    "is": ("Icelandic", 72, 6, 6),
    "it": ("Italian", 72, 6, 6),
    "lt": ("Lithuanian", 40, 6, 6),
    "lv": ("Latvian", 45, 6, 6),
    "pt": ("Portuguese", 64, 6, 6),
    "ro": ("Romanian", 40, 6, 6),
    "sk": ("Slovak", 40, 6, 6),
    "sl": ("Slovene", 40, 6, 6),
    "sq": ("Albanian", 37, 6, 6),
    "sr": ("Serbian", 40, 6, 6),
    "sv": ("Swedish", 72, 5, 5),
    "uk": ("Ukrainian", 39, 6, 6),
}
SHARED = study.loading.DATA / "euroeval"

EN = [("Knowledge", "know_en"), ("Common sense reasoning", "sense_en"), ("Summarization", "sum_en")]
XX = [("Knowledge", "know_xx"), ("Common sense reasoning", "sense_xx"), ("Summarization", "sum_xx")]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A checkout without studies, and two good leaderboards of six models beside it."""
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    write(tmp_path, board("newspeak", XX, models(6, 3)), board("english", EN, models(6, 3, 7.5)))
    return tmp_path


def write(root, local_text: str | bytes, english_text: str | bytes | None = None):
    for name, text in (("xx_all.csv", local_text), ("english_all.csv", english_text)):
        if text is not None:
            (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def run(root, *more):
    return main(
        [
            "import",
            "euroeval",
            "--language",
            "Newspeak",
            "--code",
            "xx",
            *more,
            str(root / "xx_all.csv"),
            str(root / "english_all.csv"),
        ]
    )


def everything(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- the shipped studies --------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHIPPED)
def test_importing_again_gives_the_same_bytes(code, tmp_path):
    language = SHIPPED[code][0]
    built = euroeval.build(
        study.loading.DATA / code / "raw" / f"{language.lower()}_all.csv",
        SHARED / "english_all.csv",
        code=code,
        language=language,
        root=study.loading.DATA,
    )
    for name, content in built.files.items():
        assert (study.loading.DATA / code / name).read_bytes() == content, (
            f"data/{code}/{name} is not what the importer makes"
        )
    assert {
        path
        for path in everything(study.loading.DATA / code)
        if not path.startswith(("curated/", "chapters/"))
    } - {"claims.yml", "training.csv", "forecasts.yml"} == set(built.files)


@pytest.mark.parametrize("code", SHIPPED)
def test_the_shipped_studies_are_sound_and_of_the_size_that_the_rule_gives(code):
    language, count, own, english = SHIPPED[code]
    assert study.check(code) == []
    loaded = study.load(code)
    assert (
        loaded.language == language
        and loaded.scores.shape == (count, own + english)
        and not loaded.scores.isna().any().any()
    )
    assert loaded.benchmarks["language"].value_counts().to_dict() == {
        "local": own,
        "english": english,
    }
    translations = {one for pair in loaded.pairs_of_counterparts("translation") for one in pair}
    assert {each for each in translations if each in loaded.local} <= set(loaded.translated)
    assert set(loaded.splits.stack()) <= {"test", "val"}
    assert not loaded.ranges and not loaded.anchors
    assert loaded.about["autonym"] and loaded.about["measures"]["web-words"]["value"] > 1e8
    assert not loaded.standard_errors.isna().any().any() and len(loaded.training) == 0
    assert {source["commit"][:8] for source in loaded.sources} == {
        "1a77f1d2"
    } and loaded.snapshot == "2026-04-20"
    assert not loaded.models["lineage_is_proxy"].any()


@pytest.mark.parametrize("code", SHIPPED)
def test_every_score_is_the_first_number_of_its_cell(code):
    """Read once more by other means: pandas-free, one regular expression a cell."""
    language = SHIPPED[code][0]
    published = {}
    for path in (
        study.loading.DATA / code / "raw" / f"{language.lower()}_all.csv",
        SHARED / "english_all.csv",
    ):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        names = [re.sub("<[^>]*>", "", each).replace("_", "-") for each in rows[1]]
        for row in rows[2:]:
            name = re.sub("<[^>]*>", "", row[0])
            for column, text in zip(names, row, strict=True):
                if row[1] == "🧠" and (match := re.match(r"(-?[\d.]+) ± ([\d.]+)", text)):
                    published[name, column] = float(match[1]), float(match[2])
    loaded = study.load(code)
    for model, row in loaded.scores.iterrows():
        for benchmark, score in row.items():
            suffix = " (val)" if loaded.splits.loc[model, benchmark] == "val" else ""
            value, half = published[model + suffix, benchmark]
            assert score == value and loaded.standard_errors.loc[model, benchmark] == pytest.approx(
                half / 1.96, abs=5e-5
            )


def test_what_the_report_says_of_the_icelandic_files():
    built = euroeval.build(
        study.loading.DATA / "is/raw/icelandic_all.csv",
        SHARED / "english_all.csv",
        code="is",
        language="Icelandic",
        root=study.loading.DATA,
    )
    assert built.report[:4] == [
        "117 base models in icelandic_all.csv, 122 in english_all.csv, 108 in both",
        "mistralai/Ministral-3-3B-Base-2512: scored on both splits; the test split is taken",
        "dropped summarization (rrn, cnn-dailymail): with it 33 models x 14 benchmarks, 462 scores",
        "kept sentiment-classification, named-entity-recognition, linguistic-acceptability, "
        "reading-comprehension, knowledge, common-sense-reasoning: 72 models x 12 benchmarks, "
        "complete, 864 scores; 36 models of both files lack one or more",
    ]
    assert study.load("is").splits.loc["mistralai/Ministral-3-3B-Base-2512"].unique().tolist() == [
        "test"
    ]


def test_every_dataset_of_the_shipped_studies_is_known_with_its_origin():
    seen = {}
    for code in SHIPPED:
        table = study.load(code).benchmarks
        seen.update({each: table.at[each, "origin"] for each in table.index})
    assert {each for each, origin in seen.items() if origin == ""} == set()
    assert {each for each, origin in seen.items() if origin == "unknown"} == {
        "ro-sent",  # nothing tells how Yelp's and IMDb's reviews became Romanian
        "cross-domain-uk-reviews",
    }
    # As EuroEval's pages on these languages say.
    assert seen["hellaswag-da"] == seen["mmlu-fr"] == "machine_translation"
    assert seen["trivia-et"] == seen["scala-sv"] == "native"


def test_local_ability_comes_out_as_tried_elsewhere():
    expected = {
        "is": (0.74, {"icelandic-knowledge": 0.73, "winogrande-is": 0.52}),
        "et": (
            0.74,
            {"winogrande-et": 0.68, "estner": 0.67, "grammar-et": 0.66, "trivia-et": 0.64},
        ),
    }
    for code, (r2, carries) in expected.items():
        loaded = study.load(code)
        found = local_ability.fit(loaded.scores, loaded.benchmarks["language"])
        assert (
            round(found.r2, 2) == r2 and found.carries[list(carries)].round(2).to_dict() == carries
        )


def test_citations_and_shared_facts_exist():
    keys = set(
        re.findall(
            r"^@\w+\{([^,]+),",
            (study.loading.DATA.parent / "references.bib").read_text("utf-8"),
            re.M,
        )
    )
    for code in SHIPPED:
        loaded = study.load(code)
        assert set(loaded.citation) <= keys and set(loaded.benchmarks["citation"]) - {""} <= keys
        assert loaded.models["url"].str.fullmatch(r"https://hf\.co/[^<>]+").all(), code
        assert loaded.models["name"].is_unique


# --- files of every form --------------------------------------------------------------------------


def test_the_command_makes_a_study_and_makes_it_again(root, capsys):
    assert run(root, "--dry-run") == 0
    assert (
        "data/xx/scores.csv: would make" in capsys.readouterr().out and not (root / "data").exists()
    )
    assert run(root) == 0
    assert "data/xx/scores.csv: make" in capsys.readouterr().out
    loaded = study.load("xx")
    assert (
        loaded.scores.shape == (6, 6)
        and loaded.snapshot == "euroeval-17.1.0"
        and loaded.language == "Newspeak"
    )
    assert loaded.benchmarks.loc["know-xx", ["counterpart_id", "counterpart_kind"]].tolist() == [
        "know-en",
        "similar",
    ]
    assert loaded.benchmarks["ability"].tolist()[:3] == [
        "knowledge",
        "commonsense",
        "summarization",
    ]
    assert (
        loaded.standard_errors.iloc[0, 0] == 1
        and loaded.models["params_total_b"].tolist() == [7] * 6
    )
    assert {"raw/newspeak_all.csv", "raw/english_all.csv"} <= set(everything(root / "data/xx"))
    before = everything(root / "data/xx")
    assert run(root) == 0 and everything(root / "data/xx") == before


def test_no_study_is_overwritten_without_force_and_what_people_wrote_not_even_then(root, capsys):
    assert run(root) == 0
    folder = root / "data/xx"
    (folder / "study.yml").write_text(
        (folder / "study.yml").read_text().replace('title: "', 'title: "Mine: ')
    )
    (folder / "README.md").write_text("mine")
    (folder / "curated").mkdir()
    (folder / "curated/models.csv").write_text(
        "# mine\nmodel_id,lineage,parent_id,strategy,source\n"
        "lab0/m-0,Root,lab1/m-1,continual_local,a card\n"
        "lab1/m-1,Root,lab9/gone,,\n".replace("lab9/gone", "lab9/gone")
    )
    before = everything(folder)
    write(root, board("newspeak", XX, models(7, 3)))
    assert run(root) == 1
    assert (
        "data/xx is there and would change: " in capsys.readouterr().err
        and everything(folder) == before
    )
    assert run(root, "--force") == 0
    out = capsys.readouterr().out
    assert (
        "data/xx/study.yml: is yours, left as it is" in out and "data/xx/models.csv: replace" in out
    )
    assert (folder / "README.md").read_text() == "mine" and study.load("xx").title.startswith(
        "Mine: "
    )
    models_now = study.load("xx").models
    assert models_now.loc["lab0/m-0", ["lineage", "parent_id", "strategy"]].tolist() == [
        "Root",
        "lab1/m-1",
        "continual_local",
    ]
    assert models_now.loc["lab1/m-1", ["parent_id", "parent_note"]].tolist() == [
        "",
        "lab9/gone, which is not in this study",
    ]


def test_a_failure_while_writing_leaves_the_study_as_it_was(root, monkeypatch):
    assert run(root) == 0
    before = everything(root / "data")
    write(root, board("newspeak", XX, models(6, 3, 1.25)))
    replace = writing.os.replace
    calls = []

    def second_fails(*places):
        calls.append(places)
        if len(calls) == 2:
            raise OSError("disk full")
        replace(*places)

    monkeypatch.setattr(writing.os, "replace", second_fails)
    assert run(root, "--force") == 1
    assert everything(root / "data") == before and len(calls) == 2


def test_two_knowledge_tasks_two_written_forms_and_a_task_of_one_side(root, capsys):
    tasks = [
        ("Knowledge", "sayings_xx"),
        ("Knowledge", "know_xx"),
        ("Linguistic acceptability", "scala_nb"),
        ("Linguistic acceptability", "scala_nn"),
        ("Simplification", "plain_xx"),
    ]
    english = [
        ("Knowledge", "know_en"),
        ("Linguistic acceptability", "scala_en"),
        ("Summarization", "sum_en"),
    ]
    write(
        root,
        board("newspeak", tasks, models(6, 5), values=False),
        board("english", english, models(6, 3, 2.5)),
    )
    assert run(root) == 0
    out = capsys.readouterr().out
    assert "kept without a counterpart in English: simplification" in out
    assert "kept without a counterpart in Newspeak: summarization" in out
    loaded = study.load("xx")
    assert loaded.scores.columns.tolist() == [
        "sayings-xx",
        "know-xx",
        "scala-nb",
        "scala-nn",
        "plain-xx",
        "know-en",
        "scala-en",
        "sum-en",
    ]
    assert loaded.benchmarks["counterpart_id"].tolist() == [
        "",
        "know-en",
        "scala-en",
        "",
        "",
        "know-xx",
        "scala-nb",
        "",
    ]


FACTS = """\
dataset,name,items,citation,source,language,kind,origin,origin_note,translated_from
sense-xx,Sense,100,,https://a.example,xx,sense,machine_translation,by a program,know-en
know-xx,,,,,xx,knowledge,native,,
"""


def test_a_translated_test_is_the_translation_of_its_original_whatever_kind_that_is(root, capsys):
    (root / "data/euroeval").mkdir(parents=True)
    (root / "data/euroeval/datasets.csv").write_text(FACTS)
    assert run(root) == 0
    known = study.load("xx").benchmarks
    assert known.loc["sense-xx", ["name", "counterpart_id", "counterpart_kind"]].tolist() == [
        "Sense",
        "know-en",
        "translation",
    ]
    assert known.loc["know-xx", ["counterpart_id", "origin"]].tolist() == ["", "native"]
    assert known.loc["sense-xx", "origin_source"] == "https://a.example: by a program"
    assert known.loc["sum-xx", ["counterpart_kind", "origin"]].tolist() == ["similar", ""]
    assert (
        "not known, so without origin, items and counterpart: know-en, " in capsys.readouterr().out
    )


def test_the_files_language_has_to_be_the_one_that_is_asked_for(root, capsys):
    text = (root / "xx_all.csv").read_text()
    assert "/datasets/newspeak" in text
    (root / "xx_all.csv").write_text(text.replace("/datasets/newspeak", "/datasets/german"))
    assert run(root) == 1
    assert (
        "its datasets are those of 'german', and --language says 'Newspeak'; allowed: the language "
        "of the file" in capsys.readouterr().err
    )
    assert not (root / "data").exists()


def test_curated_benchmarks_choose_other_counterparts_and_a_dash_empties(root):
    tasks = [("Knowledge", "one_xx"), ("Knowledge", "two_xx"), ("Reading comprehension", "read_xx")]
    english = [("Knowledge", "know_en"), ("Reading comprehension", "squad")]
    write(
        root, board("newspeak", tasks, models(6, 3)), board("english", english, models(6, 2, 2.5))
    )
    curated = root / "data/xx/curated"
    curated.mkdir(parents=True)
    (curated / "benchmarks.csv").write_text(
        "benchmark_id,counterpart_id,counterpart_kind,name\none-xx,-,-,One\n"
        "two-xx,know-en,similar,\nknow-en,two-xx,similar,\n"
    )
    assert run(root) == 0
    assert study.load("xx").benchmarks["counterpart_id"].tolist() == [
        "",
        "know-en",
        "squad",
        "two-xx",
        "read-xx",
    ]
    assert study.load("xx").benchmarks["name"].iloc[0] == "One"


def test_the_test_split_is_preferred_variants_are_kept_and_only_base_models_count(root, capsys):
    rows = models(6, 3)
    more = [
        {"name": "lab0/m-0 (val)", "scores": [99.0, 99.0, 99.0]},
        {
            "name": "lab0/v#slow (few-shot, val)",
            "scores": [-12.81, 50.0, 1.0],
            "parameters": "?",
            "scratch": "✗",
        },
        {"name": "lab0/chat (zero-shot)", "scores": ["broken", None, None], "type": "📝"},
    ]
    english = [*models(6, 3, 7.5), {"name": "lab0/v#slow", "scores": [1.0, 2.0, 3.0]}]
    write(root, board("newspeak", XX, more[:1] + rows + more[1:]), board("english", EN, english))
    assert run(root) == 0
    loaded = study.load("xx")
    assert (
        loaded.scores.loc["lab0/m-0", "know-xx"] == 10
        and loaded.splits.loc["lab0/m-0", "know-xx"] == "test"
    )
    assert loaded.scores.loc["lab0/v#slow", "know-xx"] == -12.81
    assert loaded.splits.loc["lab0/v#slow"].unique().tolist() == ["val", "test"]
    assert (
        loaded.models.loc["lab0/v#slow", "note"]
        == "EuroEval does not mark it as trained from scratch."
    )
    assert "lab0/chat" not in loaded.models.index and set(loaded.models["strategy"]) == {"unknown"}
    assert "lab0/m-0: scored on both splits; the test split is taken" in capsys.readouterr().out


def test_the_same_name_of_two_organisations_is_told_apart(root):
    same = [{**row, "name": f"lab{n}/same"} for n, row in enumerate(models(6, 3))]
    write(
        root,
        board("newspeak", XX, same),
        board("english", EN, [{**row, "scores": row["scores"][::-1]} for row in same]),
    )
    assert run(root) == 0
    assert study.load("xx").models["name"].tolist() == [f"lab{n}/same" for n in range(6)]


@given(draw.lists(draw.lists(draw.booleans(), min_size=4, max_size=4), min_size=1, max_size=12))
def test_no_set_of_kinds_has_a_larger_block(rows):
    scored = pd.DataFrame(rows, columns=list("abcd"), index=[f"m{n}" for n in range(len(rows))])
    kinds = {"one": ["a"], "two": ["b", "c"], "three": ["d"]}
    found = blocks.largest(scored, kinds, list("abcd"), fewest_local=1)
    sizes = []
    for size in range(1, 4):
        for chosen in itertools.combinations(kinds, size):
            wanted = [column for kind in chosen for column in kinds[kind]]
            sizes.append(
                sum(all(row["abcd".index(column)] for column in wanted) for row in rows)
                * len(wanted)
            )
    assert found.scores == max(sizes)
    assert all(
        scored.loc[model, column]
        for model in found.models
        for kind in found.kinds
        for column in kinds[kind]
    )


# --- cells ----------------------------------------------------------------------------------------

HUNDREDTHS = draw.integers(-10_000, 10_000).map(lambda number: number / 100)
HALVES = draw.integers(0, 5_000).map(lambda number: number / 100)


@given(HUNDREDTHS, HALVES, draw.lists(draw.tuples(HUNDREDTHS, HALVES), max_size=2), draw.booleans())
def test_a_well_formed_cell_gives_back_its_score(value, half, others, keyed):
    text = (
        " / ".join(f"{one:.2f} ± {two:.2f}" for one, two in [(value, half), *others])
        + f"@@{value:.2f}" * keyed
    )
    assert cells.score(text) == (value, pytest.approx(half / 1.96))


@given(HUNDREDTHS, HUNDREDTHS, HALVES)
def test_a_sort_key_that_contradicts_its_score_is_an_error(value, key, half):
    if key != value:
        with pytest.raises(ValueError, match="sort key"):
            cells.score(f"{value:.2f} ± {half:.2f}@@{key:.2f}")


@given(draw.one_of(draw.text(), draw.text("0123456789.-+±/@ eE,nai", max_size=30)))
def test_any_other_text_is_absent_or_an_error_and_never_a_wrong_number(text):
    try:
        found = cells.score(text)
    except ValueError:
        return
    assert (
        text == ABSENT
        if found is None
        else text.startswith(re.match(r"-?[0-9.]+", text)[0] + " ± ")
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "58.76",
        "58,76 ± 2,51",
        "58.76 ± -2.51",
        "nan ± nan@@nan",
        "58.76 Â± 2.51@@58.76",
        "58.76 ± 2.51 /@@58.76",
        "58.76 ± 2.51@@",
        "٥٨ ± ٢",
        "1e5 ± 1",
        " 58.76 ± 2.51",
        "58.76 +- 2.51",
        "-@@1",
    ],
)
def test_a_malformed_cell_is_an_error(text):
    with pytest.raises(ValueError):
        cells.score(text)


@given(draw.text(), draw.text())
def test_stripping_html_never_fails_and_leaves_one_line(before, inside):
    found = cells.text(f"{before}<a href='https://hf.co/x'>{inside}</a>")
    assert "\n" not in found.shown and (
        found.link == "" or re.fullmatch(r"https?://\S+", found.link)
    )


@pytest.mark.parametrize(
    "html, shown, link",
    [
        ("<a href='https://hf.co/o/m'>o/m (val)</a>", "o/m (val)", "https://hf.co/o/m"),
        ('<a href="https://hf.co/o/m">o/m</a>', "o/m", "https://hf.co/o/m"),
        ("o/m", "o/m", ""),
        ("<a href='javascript:alert(1)'>o/m</a>", "o/m", ""),
        ("<a href='https://x/y\" onclick=\"z'>o/m</a>", "o/m", ""),
        ("<script>alert(1)</script>o/m<style>a{}</style>", "o/m", ""),
        ("o/m<!-- <b>x</b> -->", "o/m", ""),
        ("o/&lt;b&gt;m", "o/<b>m", ""),
        ("<img src=x onerror=alert(1)>o/m", "o/m", ""),
    ],
)
def test_html_becomes_text_and_only_web_links_survive(html, shown, link):
    assert cells.text(html) == (shown, link)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("o/m", ("o/m", "test", False)),
        ("o/m (val)", ("o/m", "val", False)),
        ("o/m#x (zero-shot, val)", ("o/m#x", "val", True)),
        ("o/m (few-shot)", ("o/m", "test", False)),
    ],
)
def test_names_with_remarks(text, expected):
    assert cells.name(text) == expected


@pytest.mark.parametrize(
    "text", ["", "o/m (new)", "o/m (val", "o/m (val) (val)", "(val)", "o/m (val) x"]
)
def test_a_remark_that_is_not_known_is_an_error(text):
    with pytest.raises(ValueError):
        cells.name(text)


# --- what is wrong with a file --------------------------------------------------------------------

GOOD = board("newspeak", XX, models(6, 3))


def renamed(name: str, link: str | None = None) -> str:
    row = {"name": name, "scores": [1.0, 2.0, 3.0]}
    return board("newspeak", XX, [*models(6, 3), row if link is None else {**row, "link": link}])


def celled(text: str) -> str:
    return board("newspeak", XX, [*models(6, 3), {"name": "lab/bad", "scores": [1.0, text, 3.0]}])


BAD = {
    "cell": (
        celled("n/a"),
        "xx_all.csv, line 9, column sense_xx: found 'n/a'; allowed: such as '58.76 ± 2.51",
    ),
    "mojibake": (celled("58.76 Â± 2.51@@58.76"), "found '58.76 Â± 2.51@@58.76'"),
    "range": (
        celled(cell(101)),
        "found '101.00 ± 1.96 / 50.50 ± 1.00@@101.00'; allowed: a score from -100 to 100",
    ),
    "below range": (celled(cell(-101)), "allowed: a score from -100 to 100"),
    "sort key": (
        celled("58.76 ± 2.51@@58.77"),
        "allowed: a sort key after @@ that is the first score",
    ),
    "markup": (
        renamed("lab/&lt;script&gt;alert"),
        "line 9, column Model: found 'lab/<script>alert'; allowed: a model's id",
    ),
    "path": (renamed("../../etc/passwd"), "found '../../etc/passwd'; allowed: a model's id"),
    "path inside": (renamed("lab/../x"), "found 'lab/../x'; allowed: a model's id"),
    "no name": (renamed("x", "<img src=x>"), "line 9, column Model: found ''"),
    "remark": (renamed("lab/x (5-shot!)"), "found 'lab/x (5-shot!)'; allowed: organisation/model"),
    "twice": (
        renamed("lab0/m-0"),
        "line 9, column Model: found 'lab0/m-0' again, first in line 3; allowed: a model once",
    ),
    "type": (
        board("newspeak", XX, [*models(6, 3), {"name": "a/b", "scores": [1.0, 2, 3], "type": "X"}]),
        "line 9, column Type: found 'X'; allowed: 🧠 (a base model)",
    ),
    "parameters": (
        board(
            "newspeak",
            XX,
            [*models(6, 3), {"name": "a/b", "scores": [1.0, 2, 3], "parameters": "7B"}],
        ),
        "column Parameters: found '7B'; allowed: a number of parameters, or ?",
    ),
    "no base model": (
        board("newspeak", XX, [{**row, "type": "📝"} for row in models(6, 3)]),
        "no base model",
    ),
    "empty": ("", "xx_all.csv: found an empty file"),
    "white space": ("\n \n", "xx_all.csv: found an empty file"),
    "not EuroEval": ("a,b\n1,2\n", "not a EuroEval leaderboard: its second row lacks Model, Type"),
    "one row": ("a,b\n", "one row; a EuroEval leaderboard has two header rows"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0", "a null character"),
    "semicolons": (GOOD.replace(",", ";").encode(), "separated by semicolons"),
    "tabs": (GOOD.replace(",", "\t").encode(), "separated by tabs"),
    "UTF-16": (GOOD.encode("utf-16"), "found the byte-order mark of UTF-16; allowed: UTF-8"),
    "mark": (
        b"\xef\xbb\xbf" + GOOD.encode(),
        "found a byte-order mark; allowed: UTF-8 without one",
    ),
    "Latin-1": (
        GOOD.replace("🧠", "b").replace("✓", "y").replace("✗", "n").encode("latin-1"),
        "xx_all.csv, line 3: found the byte 0xb1; allowed: UTF-8",
    ),
    "ragged": (
        GOOD.replace("7000000000.0,1.0", "7000000000.0", 1),
        "xx_all.csv, line 3: found 16 cells; allowed: 17, as in the header",
    ),
    "open quote": (GOOD + '"lab/x,', "a row that cannot be read"),
    "group of languages": (
        re.sub(r"_xx_version", "_xx_rank", GOOD),
        "leaderboards of groups of languages hold ranks",
    ),
    "dataset twice": (
        GOOD.replace("sense_xx", "know_xx"),
        "found 'know_xx'; allowed: each dataset once",
    ),
    "English twice": (
        board("english", EN, models(6, 3)),
        "the first file must be the local language's",
    ),
    "same datasets": (
        board("", EN, models(6, 3)).replace("/datasets/#", "/x#"),
        "have the same datasets: know-en, sense-en",
    ),
    "no overlap": (
        board(
            "newspeak",
            XX,
            [{**row, "name": "other/" + row["name"].split("/")[1]} for row in models(6, 3)],
        ),
        "no base model is in both xx_all.csv (6 base models) and english_all.csv (6)",
    ),
    "too few": (
        board("newspeak", XX, models(4, 3)),
        "4 base models have a score on every benchmark of knowledge, "
        "common-sense-reasoning, summarization; at least 5 are needed",
    ),
    "no scores in common": (
        board("newspeak", XX, [{**row, "scores": [None] * 3} for row in models(6, 3)]),
        "0 base models have a score on every benchmark",
    ),
    "no kind in common": (
        board("newspeak", [("Simplification", "s_xx"), ("Chess", "c_xx")], models(6, 2)),
        "xx_all.csv and english_all.csv have no kind of task in common: simplification, chess; "
        "knowledge, common-sense-reasoning, summarization",
    ),
    "no dataset's name": (
        GOOD.replace("know_xx", "知識"),
        "allowed: a dataset's name, with the kind of its task above it",
    ),
    "constant": (
        board(
            "newspeak", XX, [{**row, "scores": [0.0, *row["scores"][1:]]} for row in models(6, 3)]
        ),
        "only the value 0 for know-xx",
    ),
}


@pytest.mark.parametrize("content, message", BAD.values(), ids=BAD)
def test_a_bad_file_gets_a_message_and_nothing_is_written(root, capsys, content, message):
    write(root, content)
    assert run(root) == 1
    out, err = capsys.readouterr()
    assert message in err and out == "" and "Traceback" not in err
    assert not (root / "data").exists()


def test_all_that_is_wrong_is_said_at_once(root, capsys):
    rows = [
        *models(6, 3),
        {"name": "../x", "scores": [1.0, 2, 3]},
        {"name": "a/b", "scores": ["x", "y", "z"]},
    ]
    write(root, board("newspeak", XX, rows))
    assert run(root) == 1
    assert len(capsys.readouterr().err.splitlines()) == 4


@pytest.mark.parametrize(
    "english, message",
    [
        (
            board("newspeak", [("Knowledge", "k"), ("Reading comprehension", "r")], models(6, 2)),
            "the second file must be English's",
        ),
        (None, "english_all.csv: found no such file"),
    ],
)
def test_the_second_file_must_be_english(root, capsys, english, message):
    (root / "english_all.csv").unlink()
    if english is not None:
        write(root, GOOD, english)
    assert run(root) == 1 and message in capsys.readouterr().err and not (root / "data").exists()


@pytest.mark.parametrize(
    "curated, message",
    [
        (
            "model_id,lineage\nlab0/m-O,Root\n",
            "curated/models.csv, line 2: 'lab0/m-O' is not in the export",
        ),
        (
            "model_id,linage\nlab0/m-0,Root\n",
            "curated/models.csv, line 1, column linage: found an unknown column; allowed: "
            "model_id, name",
        ),
        (
            "model_id,lineage\nlab0/m-0,a\nlab0/m-0,b\n",
            "curated/models.csv, line 3, column model_id: found 'lab0/m-0' again, first in line "
            "2; allowed: once",
        ),
        ("lineage\nRoot\n", "curated/models.csv, line 1, column model_id: found no such column"),
        ("model_id,strategy\nlab0/m-0,guessed\n", "found 'guessed'; allowed: from_scratch_english"),
        ("# nothing\n", "nothing but comments"),
        (b"\xff", "curated/models.csv, line 1: found the byte 0xff; allowed: UTF-8"),
    ],
)
def test_a_curated_table_that_is_wrong_is_named(root, capsys, curated, message):
    folder = root / "data/xx/curated"
    folder.mkdir(parents=True)
    (folder / "models.csv").write_bytes(curated if isinstance(curated, bytes) else curated.encode())
    assert run(root) == 1
    assert message in capsys.readouterr().err and set(everything(root / "data")) == {
        "xx/curated/models.csv"
    }


@pytest.mark.parametrize("more", [("--date", "yesterday"), ("--date", "2026-13-01")])
def test_a_date_that_is_none(root, capsys, more):
    assert run(root, *more) == 1
    assert "date" in capsys.readouterr().err and not (root / "data").exists()


def test_a_date_and_a_commit_are_recorded(root):
    assert run(root, "--date", "2026-05-01", "--commit", "abc") == 0
    loaded = study.load("xx")
    assert loaded.snapshot == "2026-05-01" and loaded.sources[0]["commit"] == "abc"


def test_the_shared_english_file_is_not_copied(root):
    known = study.load("is", root=SHARED.parent).models.index
    shutil.copytree(SHARED, root / "data/euroeval")
    shutil.copy(SHARED / "english_all.csv", root)
    rows = [{**row, "name": name} for row, name in zip(models(6, 3), known[:6], strict=True)]
    tasks = [
        ("Knowledge", "know_xx"),
        ("Common sense reasoning", "sense_xx"),
        ("Linguistic acceptability", "la_xx"),
    ]
    write(root, board("newspeak", tasks, rows))
    assert run(root) == 0
    assert [name for name in everything(root / "data/xx") if name.startswith("raw/")] and not (
        root / "data/xx/raw/english_all.csv"
    ).exists()
    assert study.available(root / "data") == ("xx",)


def test_column_forms_match_the_schema(root):
    assert run(root) == 0
    for name, form in schema.FORMS.items():
        path = root / "data/xx" / name
        if path.exists():
            assert path.read_text().splitlines()[0].split(",") == list(form.columns)


def test_english_is_not_a_local_language(root, capsys):
    assert run(root, "--language", "English") == 1
    assert "it cannot be English itself" in capsys.readouterr().err and not (root / "data").exists()
