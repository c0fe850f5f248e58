"""A plain table becomes a study by way of questions: what is asked, what an answer does, what is
wrong with it."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

from lib import study
from lib.__main__ import main
from lib.importers import grids, table
from lib.study.schema import is_number
from tests import small_study

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
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
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


#: Five rows of names and four columns of numbers, as TABLE has them, to be written in other ways.
ROWS = [line.split(",") for line in TABLE.splitlines()]


def written(rows, separator=",", mark=""):
    return "\n".join(separator.join(cell or mark for cell in row) for row in rows) + "\n"


def turned(rows):
    return [list(cells) for cells in zip(*rows, strict=True)]


def long(rows):
    head, *rest = rows
    return [["Model", "Benchmark", "Score"]] + [
        [row[0], name, cell] for row in rest for name, cell in zip(head[1:], row[1:], strict=True)
    ]


def workbook(rows, percent=(), title=None):
    """The same cells as a spreadsheet, numbers as numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    for row in rows:
        sheet.append([float(cell) if is_number(cell) else cell or None for cell in row])
    for column in percent:
        for cell in sheet[column][1:]:
            cell.number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def formulas(rows):
    """The same spreadsheet with formulas that no program has computed."""
    return workbook([*rows, ["lab/z", *("=1+1" for _ in rows[0][1:])]])


def commas(rows):
    """The same numbers with decimal commas, all of them."""
    head, *rest = rows
    return [head] + [
        [row[0], *(f"{float(cell):.1f}".replace(".", ",") if cell else "" for cell in row[1:])]
        for row in rest
    ]


WAYS = {
    "semicolons": written(ROWS, ";").encode(),
    "tabs": written(ROWS, "\t").encode(),
    "bars": written(ROWS, "|").encode(),
    "told to Excel": b"sep=;\r\n" + written(ROWS, ";").encode(),
    "decimal commas": written(commas(ROWS), ";").encode(),
    "decimal commas between commas": written(
        [[f'"{cell}"' for cell in row] for row in commas(ROWS)]
    ).encode(),
    "UTF-16": TABLE.encode("utf-16"),
    "UTF-16 without mark": TABLE.encode("utf-16-le"),
    "mark": b"\xef\xbb\xbf" + TABLE.encode(),
    "Windows line ends": TABLE.replace("\n", "\r\n").encode(),
    "-": written(ROWS, mark="-").encode(),
    "n/a": written(ROWS, mark="n/a").encode(),
    "nan": written(ROWS, mark="nan").encode(),
    "±": TABLE.replace("0.2,", "0.2 ± 0.01,", 1).encode(),
    "turned": written(turned(ROWS)).encode(),
    "long": written(long(ROWS)).encode(),
    "empty columns and rows": written([[*row, "", ""] for row in ROWS]).encode() + b",,,,,,\n",
    "a title": b"My scores,,,,\n" + TABLE.encode(),
    "text beside": written(
        [[row[0], f"Maker {n}", *row[1:]] for n, row in enumerate(ROWS)]
    ).encode(),
    "xlsx": workbook(ROWS),
    "xlsx, turned, with a title": workbook(turned(ROWS), title="My scores"),
}


def in_one_round(root, content, file="scores.csv", answers=ANSWERS):
    """What becomes of a table when its questions are answered once."""
    (root / file).write_bytes(content)
    assert run(root, file=file) == 1
    folder = root / "data/xx"
    (folder / "curated/columns.csv").write_text(answers)
    text = (folder / "study.yml").read_text().replace('licence: ""', "licence: MIT")
    (folder / "study.yml").write_text(text)
    assert run(root, file=file) == 0
    return study.load("xx")


@pytest.mark.parametrize("content", WAYS.values(), ids=WAYS)
def test_the_same_table_in_another_form_is_the_same_study(root, content):
    loaded = in_one_round(root, content)
    assert loaded.scores.loc["lab/a"].tolist() == [0.2, 30, 0.4]
    assert loaded.scores["trivia"].isna().tolist() == [False, True, False, False, False]
    assert loaded.scores["exam"].tolist() == [30, 35, 20, 50, 60]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scores=draw.lists(
        draw.lists(draw.integers(0, 1000), min_size=3, max_size=3), min_size=5, max_size=8
    ),
    separator=draw.sampled_from(list("\t;|")),
    decimal=draw.sampled_from(".,"),
    encoding=draw.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    shape=draw.sampled_from([list, turned, long]),
    percent=draw.booleans(),
    mark=draw.sampled_from(["", "-", "n/a", "–"]),
)
def test_any_mixture_of_habits_keeps_every_number(
    scores, separator, decimal, encoding, shape, percent, mark
):
    names = ["Wissen (ä)", "Lesen", "Prüfung"]
    rows = [["Model", *names]]
    for number, cells in enumerate(scores):
        said = [f"{cell / 10:.1f}".replace(".", decimal) + "%" * percent for cell in cells]
        rows.append([f"lab/Modèle {number}", *said])
    rows[1][3] = mark  # one score is missing
    text = written(shape(rows), separator)
    grid = grids.read(text.encode(encoding), "t.csv")
    columns, _ = table._columns(grid.rows, "t.csv", False)
    ids, _ = table._ids(columns, "t.csv")
    measures, known, _ = table._measures(columns, ids, "t.csv", grid.separator)
    assert {(each.model, each.task): each.score for each in measures} == {
        (f"lab/Modele-{number}", name): cell / 10
        for number, cells in enumerate(scores)
        for place, (name, cell) in enumerate(zip(names, cells, strict=True))
        if (number, place) != (0, 2)
    }
    assert not percent or known["Lesen"] == {"minimum": "0", "maximum": "100"}


def test_percents_of_a_spreadsheet_stay_percents(root):
    rows = [[row[0], row[1], *row[3:]] for row in ROWS]
    answers = ANSWERS.replace("accuracy,0,1,,trivia-xx", "accuracy,0,1,,trivia-xx").replace(
        "Exam,exam,Exam (xx),local,,exams,accuracy,0,100,,,,\n", ""
    )
    answers = answers.replace("accuracy,0,1,,trivia,", "accuracy,0,100,,trivia,")
    loaded = in_one_round(root, workbook(rows, percent="B"), "scores.xlsx", answers)
    assert loaded.scores["trivia-xx"].tolist() == [20, 30, 40, 50, 60]
    assert (root / "data/xx/raw/table.csv").read_text().splitlines()[1] == "lab/a,20%,0.4,1"


def test_what_was_guessed_is_said_before_anything_is_asked(root, capsys):
    head = ["Model", "Licence", "Average", "Prüfung", "Trivia"]
    rows = [
        [f"Modell {n} (7B)", "MIT", str(n), f"{n},5 ± 0,1", "-" if n == 2 else "3,0"]
        for n in range(6)
    ]
    (root / "scores.csv").write_bytes(written([head, *rows], ";").encode("cp1252"))
    assert run(root) == 1
    assert capsys.readouterr().out.splitlines() == [
        "scores.csv: read as Windows-1252 ('Prüfung'); where letters look wrong, save it as UTF-8",
        "scores.csv: cells are parted by semicolons",
        "scores.csv: read with a model a row",
        "scores.csv: models get ids: 'Modell 0 (7B)' as Modell-0-7B, 'Modell 1 (7B)' as "
        "Modell-1-7B, 'Modell 2 (7B)' as Modell-2-7B and 3 more",
        "scores.csv: no scores, set aside: 'Licence'",
        "scores.csv, column 'Average': seems to be no benchmark, so - is proposed as its language",
        "scores.csv, column 'Prüfung': decimal commas",
        "scores.csv, column 'Prüfung': what stands after ± is left out, since it may be any kind "
        "of spread",
        "scores.csv, column 'Trivia': '-' taken for no score (1 cells)",
        "scores.csv, column 'Trivia': decimal commas",
    ]
    asked = (root / "data/xx/curated/columns.csv").read_text()
    assert "\nAverage,average,Average,-," in asked and "Licence" not in asked


def test_models_keep_the_name_that_the_table_gives_them(root):
    content = TABLE.replace("lab/a", "Nice Model (7B)").encode()
    loaded = in_one_round(root, content)
    assert loaded.models.loc["Nice-Model-7B", "name"] == "Nice Model (7B)"


def test_standard_errors_of_a_long_table_are_kept(root):
    rows = [[*row, "0.01" if n else "stderr"] for n, row in enumerate(long(ROWS))]
    loaded = in_one_round(root, written([row for row in rows if row[2]]).encode())
    assert loaded.standard_errors.loc["lab/a", "trivia"] == 0.01


def test_a_range_that_scores_contradict_is_told_at_the_answer(root, capsys):
    """Once a benchmark, with the file that people know, not the scores.csv that is not there."""
    folder = answer(root, ANSWERS.replace("accuracy,0,100", "accuracy,0,1"))
    capsys.readouterr()
    assert run(root) == 1
    assert capsys.readouterr().err.splitlines() == [
        "curated/columns.csv, line 4, column minimum, maximum: found 0 to 1 for 'Exam', where 5 "
        "of 5 scores are outside, such as 30 (scores.csv, line 2); allowed: the range that the "
        "metric can take, such as 0 to 1, or 0 to 100"
    ]
    assert not (folder / "scores.csv").exists()


def test_a_range_that_is_a_hundred_times_too_wide_is_said(root, capsys):
    answer(root, ANSWERS.replace("accuracy,0,1,,trivia-xx", "accuracy,0,100,,trivia-xx"))
    capsys.readouterr()
    assert run(root) == 0
    assert (
        "line 5: no score of 'Trivia' is above 1; is its range 0 to 1, rather than 0 to 100?"
        in (capsys.readouterr().out)
    )


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("Exam,exam,", "Exam,Exam!,", "line 4, column benchmark_id: found 'Exam!'; allowed: a"),
        ("local,,exams", "locale,,exams", "line 4, column language: found 'locale'; allowed:"),
        ("trivia-xx,similar", "exam,similar", "line 5, column counterpart_id: found 'exam'"),
        ("Trivia (xx),trivia-xx", "Trivia (xx),exam", "line 4: benchmark_id is 'exam', as line 3"),
        (",0,100,", ",0,hundred,", "line 4, column maximum: found 'hundred'"),
    ],
)
def test_wrong_answers_are_told_where_they_were_given(root, capsys, old, new, message):
    folder = answer(root, ANSWERS.replace(old, new))
    capsys.readouterr()
    assert run(root) == 1
    err = capsys.readouterr().err
    assert f"curated/columns.csv, {message}" in err or message in err
    # No line is about a table that is not there.
    assert not re.search(r"data/xx/\w+\.csv|benchmarks\.csv|models\.csv", err), err
    assert not (folder / "scores.csv").exists()


def test_scores_that_never_differ_are_told_at_their_column(root, capsys):
    same = "\n".join(
        ",".join([*row[:3], "0.4", row[4]]) if n else ",".join(row) for n, row in enumerate(ROWS)
    )
    (root / "scores.csv").write_text(same + "\n")
    answer(root)
    capsys.readouterr()
    assert run(root) == 1
    assert capsys.readouterr().err.startswith(
        "scores.csv, line 2, column Trivia: found only the value 0.4"
    )


# --- narrow studies, and studies that are there ---------------------------------------------------


def test_no_english_side_and_one_local_task_are_said_with_what_to_do(root, capsys):
    answers = ANSWERS.replace(",english,", ",-,").replace("0,1,,trivia,similar", "0,1,,,")
    answer(root, answers.replace("Exam (xx),local", "Exam (xx),-"))
    capsys.readouterr()
    assert run(root) == 0
    out = capsys.readouterr().out
    assert "only one benchmark is local, so " in out and "add local benchmarks of another" in out
    assert "no benchmark is English, so " in out and "add English scores of the same models" in out


def test_no_local_task_is_an_error_that_says_what_to_answer(root, capsys):
    answers = ANSWERS.replace(",local,", ",-,").replace(",trivia-xx,similar", ",,")
    answer(root, answers)
    capsys.readouterr()
    assert run(root) == 1
    assert "no row is local; answer local in column language" in capsys.readouterr().err


def test_two_models_are_too_few_and_more_are_asked_for(root, capsys):
    (root / "scores.csv").write_text(written(ROWS[:3]))
    assert run(root) == 1
    assert capsys.readouterr().err.strip() == (
        "scores.csv: 2 models; at least 5 are needed, and a dozen before intervals say anything. "
        "Add scores of further models on the same benchmarks"
    )
    assert not (root / "data").exists()


def test_a_study_that_was_made_in_another_way_is_left_alone(root, capsys):
    small_study.write(root / "data")
    before = everything(root / "data")
    assert run(root) == 1
    err = capsys.readouterr().err
    assert "data/xx is a study already" in err and "another --code" in err and "--replace" in err
    assert everything(root / "data") == before
    assert run(root, "--replace") == 1
    assert "fill in data/xx/curated/columns.csv" in capsys.readouterr().err


def test_norwegian_may_be_called_no(root):
    words = ["import", "table", str(root / "scores.csv"), "--code", "no", "--language", "Norwegian"]
    assert main(words) == 1
    folder = root / "data/no"
    (folder / "curated/columns.csv").write_text(ANSWERS)
    text = (folder / "study.yml").read_text().replace('licence: ""', "licence: MIT")
    (folder / "study.yml").write_text(text)
    assert main(words) == 0 and main(["check", "no"]) == 0
    assert study.load("no").code == "no" and study.available(root / "data") == ("no",)


@pytest.mark.parametrize("word", ["--replace", "--force"])
def test_both_names_of_replacing_work(root, capsys, word):
    answer(root)
    assert run(root) == 0
    (root / "scores.csv").write_text(TABLE.replace("0.2,30", "0.25,30"))
    assert run(root) == 1
    assert "--replace replaces these files" in capsys.readouterr().err
    assert run(root, word) == 0
    assert study.load("xx").scores.iloc[0, 0] == 0.25


@pytest.mark.parametrize("date", ["yesterday", "2024-02-30"])
def test_a_date_that_is_none_is_told(root, capsys, date):
    assert run(root, "--date", date) == 1
    assert f"--date '{date}': allowed: a date as YYYY-MM-DD" in capsys.readouterr().err


def test_a_second_study_of_a_language_is_said(root, capsys):
    small_study.write(root / "data", "old")
    answer(root)
    capsys.readouterr()
    assert run(root) == 0
    out = capsys.readouterr().out
    assert "data/old is a study of Newspeak, too" in out and "--code old --replace" in out


BAD = {
    "points and a comma": (
        TABLE.replace("0.2,", '"0,2",', 1).encode(),
        "scores.csv, line 2, column Trivia (xx): found '0,2' (1 of 5 cells); allowed: points or "
        "commas, one of them in a column",
    ),
    "thousands or decimals": (
        TABLE.replace("30", '"1,234"').replace("35", '"2,345"').encode(),
        "scores.csv, line 2, 3, column Exam: found '1,234', '2,345' (2 of 5 cells); allowed: a "
        "point for decimals: a comma before three digits may part thousands",
    ),
    "text": (
        TABLE.replace("0.2", "good").replace("0.3,", "bad,").encode(),
        "scores.csv, line 2, 3, column Trivia (xx): found 'good', 'bad' (2 of 5 cells); allowed: "
        "numbers, or nothing",
    ),
    "a percent sign": (
        TABLE.replace("30", "30%").encode(),
        "line 2, column Exam: found '30%' (1 of 5 cells); allowed: percent signs in all cells, or "
        "in none",
    ),
    "UTF-16 cut short": (TABLE.encode("utf-16")[:-1], "in UTF-16; allowed: UTF-8"),
    "no encoding": (
        TABLE.replace("Exam", "Ex").encode() + b"\x81,1,2,3,4\n",
        "scores.csv, line 7: found the byte 0x81; allowed: UTF-8, UTF-16 or Windows-1252",
    ),
    "null": (TABLE.encode() + b"\0\n", "line 7: found a null character"),
    "empty": (b" \n", "scores.csv: found an empty file"),
    "header only": (TABLE.splitlines()[0].encode(), "a table needs"),
    "one column": (b"a\nb\nc\n", "a table needs"),
    "path": (TABLE.replace("lab/a", "../a").encode(), "found '../a'; allowed: a model's id"),
    "html": (
        TABLE.replace("lab/a", "<b>a</b>").encode(),
        "found '<b>a</b>'; allowed: a model's id",
    ),
    "a web page": (b"<!DOCTYPE html><table>", "found a web page or JSON; allowed: CSV, or an"),
    "two names, one id": (
        TABLE.replace("lab/a", "Big (1)").replace("lab/b", "Big 1").encode(),
        "found 'Big (1)', 'Big 1', which would all be 'Big-1'; allowed: names that differ",
    ),
    "model twice": (
        TABLE.replace("lab/b", "lab/a").encode(),
        "line 3, column model: found 'lab/a' again, first in line 2",
    ),
    "benchmark twice": (
        TABLE.replace("Exam", "Trivia").encode(),
        "found 'Trivia'; allowed: a benchmark's name, each once",
    ),
    "score twice": (
        written([*long(ROWS), ["lab/a", "Exam", "3"]]).encode(),
        "column model, benchmark: found 'lab/a, Exam' again, first in line 3",
    ),
    "ragged": (
        TABLE.replace("0.2,", "", 1).replace("0.4,20", "20").encode(),
        "scores.csv, line 2, 4: found 4 cells; allowed: 5, as in the header",
    ),
    "quote": (TABLE.replace("lab/a", '"lab/a').encode(), "a row that cannot be read"),
    "no scores": (b"model,a\nx,u\ny,v\n", "scores.csv: no column of scores; "),
    "few": (
        "\n".join(TABLE.splitlines()[:4]).encode(),
        "scores.csv: 3 models; at least 5 are needed",
    ),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1", "found an old Excel file (.xls); allowed: CSV"),
    "no workbook": (b"PK\x03\x04 no more", "found a spreadsheet that cannot be read"),
    "formulas": (
        formulas(ROWS),
        "found formulas without values in B7, C7, D7 and 1 more; allowed: values: open the sheet",
    ),
    "an empty workbook": (workbook([]), "found a spreadsheet without cells"),
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
