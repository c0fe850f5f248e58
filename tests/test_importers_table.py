"""A plain table becomes a study by way of questions: what is asked, what an answer does, what is
wrong with it."""

from __future__ import annotations

import pytest

from lib import study
from lib.__main__ import main

TABLE = """\
model,Trivia (xx),Exam,Trivia,Other
lab/a,0.2,30,0.4,1
lab/b,0.3,35,,2
lab/c,0.4,20,0.6,3
org/d,0.5,50,0.7,4
org/e-7B,0.6,60,0.8,5
"""

ANSWERS = """\
# answered
column,benchmark_id,name,language,score,ability,metric,minimum,maximum,direction,counterpart_id,counterpart_kind,citation
Trivia (xx),trivia-xx,,local,,knowledge,accuracy,0,1,,trivia,similar,
Exam,exam,Exam (xx),local,,exams,accuracy,0,100,,,,
Trivia,trivia,,english,,knowledge,accuracy,0,1,,trivia-xx,similar,
Other,other,,-,,,,,,,,,
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(study, "DATA", tmp_path / "data")
    (tmp_path / "scores.csv").write_text(TABLE)
    return tmp_path


def run(root, *more, file="scores.csv"):
    return main(
        ["import", "table", str(root / file), "--code", "xx", "--language", "Newspeak", *more]
    )


def answer(root, answers=ANSWERS):
    assert run(root) == 1
    folder = root / "data/xx"
    (folder / "curated/columns.csv").write_text(answers)
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(
        text.replace('licence: ""', "licence: MIT").replace('title: ""', "title: Mine")
    )
    return folder


def everything(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_it_asks_once_then_makes_a_sound_study(root, capsys):
    assert run(root) == 1
    assert (
        "fill in data/xx/curated/columns.csv and data/xx/study.yml, then run again: "
        in capsys.readouterr().err
    )
    assert set(map(str, everything(root / "data/xx"))) == {"curated/columns.csv", "study.yml"}
    asked = (root / "data/xx/curated/columns.csv").read_text()
    assert (
        'Trivia (xx),trivia-xx,Trivia (xx),,,,,,,,,,,"5 scores, 0.2 to 0.6"' in asked
        and asked.startswith("# ")
    )
    folder = root / "data/xx"
    (folder / "curated/columns.csv").write_text(ANSWERS)
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(
        text.replace('licence: ""', "licence: MIT").replace('title: ""', "title: Mine")
    )
    (folder / "curated/models.csv").write_text(
        "model_id,lineage,strategy\norg/d,Root,from_scratch_local\n"
    )
    assert run(root) == 0
    loaded = study.load("xx")
    assert loaded.scores.shape == (5, 3) and int(loaded.scores.isna().sum().sum()) == 1
    assert (
        loaded.scores.loc["org/e-7B", "exam"] == 60
        and loaded.benchmarks.loc["exam", "name"] == "Exam (xx)"
    )
    assert loaded.models.loc["org/d", ["lineage", "strategy"]].tolist() == [
        "Root",
        "from_scratch_local",
    ]
    assert loaded.models["lineage_is_proxy"].sum() == 4
    before = everything(folder)
    assert run(root) == 0 and everything(folder) == before


def test_what_is_not_answered_is_listed_in_full(root, capsys):
    folder = answer(
        root,
        ANSWERS.replace("accuracy,0,1,,trivia,", "accuracy,,,,trivia,").replace(
            "Exam,exam", "Exma,exam"
        ),
    )
    before = everything(folder)
    capsys.readouterr()
    assert run(root) == 1
    assert capsys.readouterr().err.splitlines()[:3] == [
        "curated/columns.csv, line 3: 'Trivia (xx)' has no minimum, maximum",
        "curated/columns.csv, line 4: 'Exma' is no column of the scores",
        "curated/columns.csv: no row for 'Exam'; add:",
    ]
    assert everything(folder) == before


def test_an_unanswered_study_yml_is_named_with_its_line(root, capsys):
    folder = answer(root)
    (folder / "study.yml").write_text(
        (folder / "study.yml").read_text().replace("licence: MIT", 'licence: ""')
    )
    capsys.readouterr()
    assert run(root) == 1
    err = capsys.readouterr().err
    assert "data/xx/study.yml, line" in err and "licence: found ''" in err
    assert not (folder / "models.csv").exists()


def test_a_dry_run_shows_the_questions_and_writes_nothing(root, capsys):
    assert run(root, "--dry-run") == 1
    assert "would make data/xx/curated/columns.csv" in capsys.readouterr().out
    assert not (root / "data").exists()


def test_a_changed_table_needs_force(root, capsys):
    folder = answer(root)
    assert run(root) == 0
    before = everything(folder)
    (root / "scores.csv").write_text(TABLE.replace("0.2,30", "0.25,30"))
    assert run(root) == 1 and everything(folder) == before
    assert "would change: scores.csv, raw/table.csv" in capsys.readouterr().err
    assert run(root, "--force", "--dry-run") == 0 and everything(folder) == before
    assert run(root, "--force") == 0
    assert study.load("xx").scores.iloc[0, 0] == 0.25


BAD = {
    "decimal comma": (
        TABLE.replace("0.2,", '"0,2",', 1).encode(),
        "scores.csv, line 2, column Trivia (xx): found '0,2'",
    ),
    "text": (
        TABLE.replace("0.2", "n/a").encode(),
        "found 'n/a'; allowed: a number with a point, or nothing",
    ),
    "nan": (TABLE.replace("0.2", "nan").encode(), "found 'nan'"),
    "semicolons": (
        TABLE.replace(",", ";").encode(),
        "scores.csv, line 1: found cells separated by semicolons; allowed: CSV with commas",
    ),
    "tabs": (TABLE.replace(",", "\t").encode(), "separated by tabs"),
    "UTF-16": (TABLE.encode("utf-16"), "scores.csv, line 1: found the byte-order mark of UTF-16"),
    "UTF-16 without mark": (TABLE.encode("utf-16-le"), "a null character"),
    "mark": (b"\xef\xbb\xbf" + TABLE.encode(), "found a byte-order mark"),
    "Latin-1": (
        TABLE.replace("Exam", "Exåm").encode("latin-1"),
        "scores.csv, line 1: found the byte 0xe5; allowed: UTF-8",
    ),
    "empty": (b" \n", "scores.csv: found an empty file"),
    "header only": (TABLE.splitlines()[0].encode(), "a table needs"),
    "path": (TABLE.replace("lab/a", "../a").encode(), "found '../a'; allowed: a model's id"),
    "html": (
        TABLE.replace("lab/a", "<b>a</b>").encode(),
        "found '<b>a</b>'; allowed: a model's id",
    ),
    "model twice": (
        TABLE.replace("lab/b", "lab/a").encode(),
        "line 3, column model: found 'lab/a' again, first in line 2",
    ),
    "benchmark twice": (
        TABLE.replace("Exam", "Trivia").encode(),
        "found 'Trivia'; allowed: a benchmark's name, each once",
    ),
    "ragged": (
        TABLE.replace("0.2,", "", 1).encode(),
        "scores.csv, line 2: found 4 cells; allowed: 5, as in the header",
    ),
    "quote": (TABLE.replace("lab/a", '"lab/a').encode(), "a row that cannot be read"),
    "few": (
        "\n".join(TABLE.splitlines()[:4]).encode(),
        "scores.csv: 3 models; at least 5 are needed",
    ),
}


@pytest.mark.parametrize("content, message", BAD.values(), ids=BAD)
def test_a_bad_table_writes_nothing(root, capsys, content, message):
    (root / "scores.csv").write_bytes(content)
    assert run(root) == 1
    out, err = capsys.readouterr()
    assert message in err and out == "" and "Traceback" not in err
    assert not (root / "data").exists()


@pytest.mark.parametrize("code", ["../x", "X", "", "a/b", "1a"])
def test_a_code_that_is_no_code(root, capsys, code):
    assert (
        main(["import", "table", str(root / "scores.csv"), "--code", code, "--language", "N"]) == 1
    )
    assert "cannot be a study's code" in capsys.readouterr().err and not (root / "data").exists()
