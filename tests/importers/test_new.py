"""A new study's skeleton: explained in full, not sound while empty, sound once filled, and never
over another study."""

from __future__ import annotations

import pytest

from lib import study
from lib.__main__ import main
from lib.importers import skeleton
from lib.study import schema
from tests.small_study import FILES


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    return tmp_path / "data"


def test_a_skeleton_says_what_it_lacks_and_passes_once_filled(root, capsys):
    assert main(["new", "fo", "--language", "Faroese"]) == 0
    assert "next: read data/fo/README.md" in capsys.readouterr().out
    assert main(["check", "fo"]) == 1
    err = capsys.readouterr().err
    assert "data/fo/study.yml, line" in err and "licence: found ''" in err
    assert "data/fo/models.csv: found a header without rows; allowed: at least one row" in err
    folder = root / "fo"
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(
        text.replace('licence: ""', "licence: MIT").replace('title: ""', "title: Mine")
    )
    for name in ("models.csv", "benchmarks.csv", "scores.csv"):
        header = (folder / name).read_text().strip().split(",")
        rows = [
            dict(zip(FILES[name].splitlines()[0].split(","), line.split(","), strict=True))
            for line in FILES[name].splitlines()[1:]
        ]
        rows = [{**row, "snapshot": "first"} for row in rows if row.get("snapshot") != "s2"]
        with (folder / name).open("a") as file:
            file.writelines(
                ",".join(row.get(column, "") for column in header) + "\n" for row in rows
            )
    assert main(["check", "fo"]) == 0, capsys.readouterr().err
    assert study.load("fo").language == "Faroese" and study.load("fo").scores.shape == (3, 3)


def test_every_column_is_explained():
    text = skeleton.build("fo", "Faroese")["README.md"].decode()
    for table, form in schema.FORMS.items():
        part = text.split(f"## {table}")[1].split("\n## ")[0]
        assert all(
            f"| `{column}` | {skeleton.MEANINGS[column]} |" in part for column in form.columns
        )


def test_without_a_language_the_file_asks_for_it(root, capsys):
    assert main(["new", "fo"]) == 0
    assert main(["check", "fo"]) == 1
    assert "column language: found ''" in capsys.readouterr().err


def test_a_study_that_is_there_is_left_alone(root, capsys):
    (root / "fo").mkdir(parents=True)
    assert main(["new", "fo"]) == 1
    err = capsys.readouterr().err
    assert "data/fo is there already; nothing is written" in err
    assert "Another code" in err and "--replace" in err and "rm -r data/fo" in err
    assert not list((root / "fo").iterdir())


def test_a_dry_run_writes_nothing(root, capsys):
    assert main(["new", "fo", "--dry-run"]) == 0
    assert "data/fo/scores.csv: would make" in capsys.readouterr().out and not root.exists()


@pytest.mark.parametrize("code", ["../x", "Fo", "a b", "a/b", "-a"])
def test_a_code_that_is_no_code(root, capsys, code):
    assert main(["new", "--", code]) == 1
    assert "cannot be a study's code" in capsys.readouterr().err and not root.exists()
