"""Whatever stands in any place of any input, people get a message that names the file, and no file
is changed."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from pathlib import Path
from unittest import mock

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

from lib import reading, study
from lib.__main__ import main
from lib.importers import swallow
from lib.reading import files
from tests import boards, odd, small_study
from tests.importers import test_euroeval, test_lm_eval, test_table

JA = study.loading.DATA / "ja"
FEW = settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))
CLAIMS = {
    "claims": [
        {
            "id": "one",
            "sentence": "A goes with B.",
            "where": "section 1",
            "group": "carries",
            "tests": {
                "source": {
                    "test": "interval",
                    "result": "transfer/pearson/know-xx~know-en",
                    "above": 0.5,
                },
                "pairs": {
                    "test": "each",
                    "results": ["pairs/difference/know-xx", "abilities/loading/PC1/into-xx"],
                    "within": [-0.5, 0.5],
                },
            },
        }
    ]
}


def refused(files: dict, words: list[str], names: str) -> None:
    """Run a command on files below a folder: it succeeds, or says which file is wrong and leaves
    all as it was."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        odd.put(root, files)
        before = odd.everything(root)
        with mock.patch.object(study.loading, "DATA", root / "data"):
            code, err = odd.told([word.replace("ROOT", folder) for word in words])
        assert code in (0, 1)
        if code == 1:
            assert odd.everything(root) == before and err.strip()
            for line in err.strip().split("\n"):
                assert line.isprintable()
            assert re.search(names, err), err


# --- any value in any place -----------------------------------------------------------------------


def answered(name: str, text: str, needed: tuple[str, ...]) -> None:
    """Check a study's file together with those it is compared with; others are absent, and said to
    be."""
    files = {each: small_study.FILES[each].encode() for each in needed} | {
        name: text.encode("utf-8", "surrogatepass")
    }
    for problem in study.check_files(files, "data/xx").problems:
        assert str(problem).isprintable()
        assert problem.file in {f"data/xx/{each}" for each in [*small_study.FILES, name]}
        assert problem.row is None or 1 <= problem.row <= max(
            map(len, map(str.splitlines, [*small_study.FILES.values(), text]))
        )


@settings(FEW, max_examples=200)
@given(text=odd.documents(yaml.safe_load(small_study.FILES["study.yml"]), odd.YAML))
def test_any_value_in_any_place_of_a_study_yml(text):
    answered("study.yml", text, ("benchmarks.csv",))


@settings(FEW, max_examples=150)
@given(text=odd.documents(CLAIMS, odd.YAML))
def test_any_value_in_any_place_of_a_claims_yml(text):
    answered("claims.yml", text, ("study.yml", "benchmarks.csv", "models.csv"))


@settings(FEW, max_examples=15)
@given(name=draw.sampled_from(["study.yml", "claims.yml"]), data=draw.data())
def test_the_command_says_so_and_changes_nothing(name, data):
    text = data.draw(
        odd.documents(
            yaml.safe_load(small_study.FILES[name]) if name in small_study.FILES else CLAIMS,
            odd.YAML,
        )
    )
    refused(
        {"data/xx/" + each: content for each, content in {**small_study.FILES, name: text}.items()},
        ["check", "xx"],
        r"^data/xx/\w+\.(yml|csv)[,:]",
    )


@settings(FEW, max_examples=25)
@given(
    name=draw.sampled_from([name for name in small_study.FILES if name.endswith(".csv")]),
    data=draw.data(),
)
def test_any_cell_or_bytes_in_any_table_of_a_study(name, data):
    table = data.draw(odd.tables(small_study.FILES[name]))
    refused(
        {
            "data/xx/" + each: content
            for each, content in {**small_study.FILES, name: table}.items()
        },
        ["check", "xx"],
        r"^data/xx/\w+\.(yml|csv)[,:]",
    )


RUNS = {
    f"out/m{n}/results_1.json": json.dumps(test_lm_eval.content(model, score))
    for n, (model, score) in enumerate(test_lm_eval.MODELS.items())
}
ANSWERED = """\
column,benchmark_id,name,language,score,ability,metric,minimum,maximum,direction,counterpart_id,counterpart_kind,citation
arc_xx,arc-xx,ARC (xx),local,"acc_norm,none",commonsense,accuracy,0,1,,,,
gsm_xx,gsm-xx,GSM (xx),local,"exact_match,strict-match",arithmetic,exact match,0,1,,,,
mmlu,mmlu,MMLU,english,"acc,none",exams,accuracy,0,1,,,,
text,text,,-,,,,,,,,,
"""
LM_EVAL = ["import", "lm-eval", "ROOT/out", "--code", "xx", "--language", "Newspeak"]


@settings(FEW, max_examples=100)
@given(text=odd.documents(test_lm_eval.content("lab/m0", 0.3), odd.JSON), answers=draw.booleans())
def test_any_value_in_any_place_of_the_harness_results(text, answers):
    more = {"data/xx/curated/columns.csv": ANSWERED} if answers else {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        odd.put(root, {**RUNS, "out/m0/results_1.json": text, **more})
        before = odd.everything(root)
        with mock.patch.object(study.loading, "DATA", root / "data"):
            code, err = odd.told([word.replace("ROOT", folder) for word in LM_EVAL])
        after = odd.everything(root)
        assert code in (0, 1)
        if code == 1 and after != before:
            # Nothing is wrong, and nothing was answered: then, and only then, there are questions.
            assert set(after) - set(before) == {
                "data/xx/curated/columns.csv",
                "data/xx/study.yml",
            } - set(before)
            assert err.startswith("fill in data/xx/")
        elif code == 1:
            assert re.search(
                r"m0/results_1\.json|curated/columns\.csv|data/xx/\w+\.(csv|yml)|result folders",
                err,
            ), err


def cut(document: dict) -> dict:
    """The first models of an export, enough for every check."""
    return {**document, "models": document["models"][:3]}


EXPORTS = {
    snapshot: cut(json.loads((JA / file).read_text("utf-8")))
    for snapshot, file in swallow.EXPORTS.items()
}
SWALLOW = {
    "data/ja/study.yml": (JA / "study.yml").read_bytes(),
    f"data/ja/{swallow.TASKS}": (JA / swallow.TASKS).read_bytes(),
    **{f"data/ja/raw/{path.name}": path.read_bytes() for path in (JA / "raw").iterdir()},
    **{
        f"data/ja/curated/{name}.csv": (JA / f"curated/{name}.csv").read_bytes()
        for name in swallow.CURATED
    },
    **{
        f"data/ja/{file}": json.dumps(EXPORTS[snapshot])
        for snapshot, file in swallow.EXPORTS.items()
    },
}


@given(snapshot=draw.sampled_from(list(EXPORTS)), data=draw.data())
@settings(FEW)
def test_any_value_in_any_place_of_a_swallow_export(snapshot, data):
    text = data.draw(odd.documents(EXPORTS[snapshot], odd.JSON))
    refused(
        {**SWALLOW, f"data/ja/{swallow.EXPORTS[snapshot]}": text},
        ["import", "swallow"],
        rf"data/ja/({swallow.EXPORTS[snapshot]}|\w+\.(csv|yml))|export of raw/",
    )


@given(name=draw.sampled_from([*swallow.CURATED]), data=draw.data())
@settings(FEW, max_examples=25)
def test_any_cell_or_bytes_in_what_people_know_of_the_swallow_models(name, data):
    file = f"data/ja/curated/{name}.csv"
    header, *rows = SWALLOW[file].decode().splitlines(keepends=True)
    table = data.draw(odd.tables("".join([header, *rows[:3]])))
    refused(
        {**SWALLOW, file: table + "".join(rows[3:]).encode()},
        ["import", "swallow"],
        rf"data/ja/(curated/{name}|\w+)\.(csv|yml)|curated/training",
    )


BOARD = boards.board("newspeak", test_euroeval.XX, boards.models(6, 3))
ENGLISH = boards.board("english", test_euroeval.EN, boards.models(6, 3, 7.5))
EUROEVAL = [
    "import",
    "euroeval",
    "ROOT/xx_all.csv",
    "ROOT/english_all.csv",
    "--code",
    "xx",
    "--language",
    "Newspeak",
]


@given(table=odd.tables(BOARD))
@settings(FEW, max_examples=50)
def test_any_cell_or_bytes_in_a_euroeval_leaderboard(table):
    refused(
        {"xx_all.csv": table, "english_all.csv": ENGLISH},
        EUROEVAL,
        r"xx_all\.csv|data/xx/\w+\.(csv|yml)|base models",
    )


@given(
    name=draw.sampled_from(["models", "benchmarks", "evaluations"]),
    cell=odd.CELLS,
    column=draw.integers(0, 2),
)
@settings(FEW, max_examples=30)
def test_any_cell_in_a_curated_table(name, cell, column):
    cells = {
        "models": ["lab0/m-0", "Root", "unknown"],
        "benchmarks": ["know-xx", "Know", "knowledge"],
        "evaluations": ["know-xx", "5", "100"],
    }[name]
    header = {
        "models": "model_id,lineage,strategy",
        "benchmarks": "benchmark_id,name,ability",
        "evaluations": "benchmark_id,shots,items",
    }[name]
    cells[column] = cell
    refused(
        {
            "xx_all.csv": BOARD,
            "english_all.csv": ENGLISH,
            f"data/xx/curated/{name}.csv": f"{header}\n{','.join(cells)}\n",
        },
        EUROEVAL,
        rf"curated/{name}\.csv|data/xx/\w+\.(csv|yml)",
    )


TABLE = {
    "scores.csv": test_table.TABLE,
    "data/xx/curated/columns.csv": test_table.ANSWERS,
    "data/xx/study.yml": small_study.FILES["study.yml"]
    .split("anchors")[0]
    .replace("s1", "undated")
    .replace('  - {id: s2, date: "2025-07-01"}\n', ""),
}


@given(name=draw.sampled_from(["scores.csv", "data/xx/curated/columns.csv"]), data=draw.data())
@settings(FEW, max_examples=60)
def test_any_cell_or_bytes_in_a_plain_table_and_in_the_answers_to_its_questions(name, data):
    refused(
        {**TABLE, name: data.draw(odd.tables(TABLE[name]))},
        ["import", "table", "ROOT/scores.csv", "--code", "xx", "--language", "N"],
        r"scores\.csv|curated/columns\.csv|data/xx/\w+\.(csv|yml)",
    )


SHEET = test_table.workbook(test_table.ROWS)


@given(
    place=draw.integers(0, len(SHEET) - 1),
    odd_bytes=draw.binary(max_size=9),
    cut=draw.integers(0, 9),
)
@settings(FEW, max_examples=60)
def test_any_bytes_in_a_spreadsheet(place, odd_bytes, cut):
    spoilt = SHEET[:place] + odd_bytes + SHEET[place + cut :]
    refused(
        {**TABLE, "scores.xlsx": spoilt},
        ["import", "table", "ROOT/scores.xlsx", "--code", "xx", "--language", "N"],
        r"scores\.xlsx|curated/columns\.csv|data/xx/\w+\.(csv|yml)",
    )


@given(cell=odd.CELLS, row=draw.integers(0, 20), column=draw.integers(0, 2), turn=draw.booleans())
@settings(FEW, max_examples=60)
def test_any_cell_in_a_long_or_turned_table(cell, row, column, turn):
    rows = test_table.turned(test_table.ROWS) if turn else test_table.long(test_table.ROWS)
    rows = [list(cells) for cells in rows]
    rows[row % len(rows)][column] = cell
    text = test_table.written(rows).encode("utf-8", "surrogatepass")
    refused(
        {**TABLE, "scores.csv": text},
        ["import", "table", "ROOT/scores.csv", "--code", "xx", "--language", "N"],
        r"scores\.csv|curated/columns\.csv|data/xx/\w+\.(csv|yml)",
    )


# --- what once went through or ended in a traceback -----------------------------------------------


def problems(tmp_path, **changes) -> list[str]:
    root = small_study.write(tmp_path, **changes)
    return [str(problem).replace(f"{root.name}/xx/", "") for problem in study.check("xx", root)]


@pytest.mark.parametrize(
    "number", ["9" * 5000, "0x" + "f" * 5000, "0" + "7" * 5000, "0b" + "1" * 5000, "-" + "1" * 4299]
)
@pytest.mark.parametrize(
    "place, line",
    [("lower: 2000", 14), ("title: A small study", 3), ("code: xx", 1), ("{id: s1", 6)],
)
def test_numbers_of_thousands_of_digits_are_told_with_their_line(tmp_path, number, place, line):
    key = place.split(":")[0]
    said = problems(tmp_path, **small_study.spoilt("study.yml", place, f"{key}: {number}"))
    assert said == [
        f"study.yml, line {line}: found a whole number of {len(number):,} digits; allowed: at "
        "most 100 digits"
    ]


@pytest.mark.parametrize(
    "value, words",
    [
        ("!!bool perhaps", "'perhaps' as bool"),
        ("!!timestamp soon", "'soon' as timestamp"),
        ("!!int many", "'many' as int"),
        ("2024-02-30", "'2024-02-30' as timestamp"),
        ("!!binary QQ==", "the tag 'tag:yaml.org,2002:binary'"),
        ('"\\0"', "'\\x00'; allowed: printable text on one line"),
        ('"a\\e[2J"', "'a\\x1b[2J'; allowed: printable text on one line"),
        ('"\\u202eb"', "'\\u202eb'; allowed: printable text on one line"),
        ("&a [*a]", "an alias within what it stands for"),
        ("[" * 200_000, "more than 50 values within each other"),
        ("{" * 60 + "}" * 60, "more than 50 values within each other"),
        ("[a]", "a list; allowed: a valid string"),
        ("0x" + "f" * 90, "allowed: a valid string"),
    ],
)
def test_yaml_that_is_no_title_is_told_with_its_line(tmp_path, value, words):
    said = problems(
        tmp_path, **small_study.spoilt("study.yml", "title: A small study", f"title: {value}")
    )
    assert len(said) == 1 and said[0].startswith("study.yml, line 3") and words in said[0]


def test_aliases_that_unfold_to_millions_of_values_are_refused_at_once(tmp_path):
    lines = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)
    ]
    began = time.monotonic()
    said = problems(tmp_path, study_yml="\n".join(lines))
    assert "more than 200,000 values" in said[0] and time.monotonic() - began < 10


def test_all_that_yaml_cannot_hold_is_told_at_once(tmp_path):
    changes = small_study.spoilt(
        "study.yml", "title: A small study", "title: !!bool perhaps\nname: !!int many\ntitle: again"
    )
    assert [line.split(":")[0] for line in problems(tmp_path, **changes)] == [
        "study.yml, line 3",
        "study.yml, line 4",
        "study.yml, line 5",
    ]


@pytest.mark.parametrize("bound", [".inf", ".nan", "-.inf"])
def test_ranges_have_finite_ends(tmp_path, bound):
    said = problems(tmp_path, **small_study.spoilt("study.yml", "upper: 8000", f"upper: {bound}"))
    assert (
        len(said) == 1
        and "from_scratch_english.upper: found" in said[0]
        and "a finite number" in said[0]
    )


@pytest.mark.parametrize(
    "date", ["2024-02-30", "2023-02-29", "0000", "0000-01", "2024-13-01", "2024-00", "2024-1-1"]
)
def test_a_date_is_one_that_the_calendar_has(tmp_path, date):
    said = problems(
        tmp_path / "yml", **small_study.spoilt("study.yml", '"2024-07-01"', f'"{date}"')
    )
    assert said == [
        f"study.yml, line 6, column snapshots.0.date: found '{date}'; allowed: a date of the "
        "calendar as YYYY-MM-DD, YYYY-MM or YYYY"
    ]
    said = problems(tmp_path / "csv", **small_study.spoilt("models.csv", "2024-01-31", date))
    assert said == [
        f"models.csv, line 4, column released: found '{date}'; allowed: a date as YYYY-MM-DD, "
        "YYYY-MM or YYYY, or nothing"
    ]


@pytest.mark.parametrize("date", ["2024-02-29", "2024-02", "0001", "9999-12-31"])
def test_other_dates_pass(tmp_path, date):
    assert problems(tmp_path, **small_study.spoilt("models.csv", "2024-01-31", date)) == []


@pytest.mark.parametrize("name", ["ナイス　モデル", "مدل\u200cزبان", "Model\u00a0X", "Ünïcode 🧠"])
def test_names_of_any_script_pass(tmp_path, name):
    assert (
        problems(tmp_path / "csv", **small_study.spoilt("models.csv", ",Child,", f",{name},")) == []
    )
    assert (
        problems(tmp_path / "yml", **small_study.spoilt("study.yml", "A small study", name)) == []
    )


@pytest.mark.parametrize("mark", ["\x1b[2J", "\x07", "\u202e", "\u2028", "\x85"])
@pytest.mark.parametrize(
    "table, cell, column",
    [
        ("models.csv", ",Child,", "name"),
        ("benchmarks.csv", ",Into xx,", "name"),
        ("training.csv", ",A card,", "source"),
    ],
)
def test_marks_that_steer_a_terminal_or_turn_the_text_are_told(tmp_path, table, cell, column, mark):
    said = problems(tmp_path, **small_study.spoilt(table, cell, f"{cell[:3]}{mark}{cell[3:]}"))
    assert (
        len(said) == 1
        and f"{table}, line 3, column {column}: found" in said[0]
        and said[0].isprintable()
    )


@pytest.mark.parametrize("name", small_study.FILES)
def test_a_null_character_is_told_with_its_line(tmp_path, name):
    text = small_study.FILES[name].splitlines(keepends=True)
    said = problems(tmp_path, **{name.replace(".", "_"): "".join([text[0], "\0", *text[1:]])})
    assert (
        f"{name}, line 2: found a null character: UTF-16, or no text at all; allowed: UTF-8" in said
    )


def directory(path: Path) -> None:
    path.mkdir()


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


IN_PLACE = {
    "a directory": directory,
    "a FIFO (a named pipe)": os.mkfifo,
    "a link that leads nowhere": broken_link,
    "a device": device,
}


@pytest.mark.parametrize("name", [*small_study.FILES, "claims.yml"])
@pytest.mark.parametrize("words", IN_PLACE)
def test_what_is_no_file_is_not_taken_for_none_and_keeps_nobody_waiting(tmp_path, name, words):
    root = small_study.write(tmp_path, **{name.replace(".", "_"): None})
    IN_PLACE[words](root / "xx" / name)
    began = time.monotonic()
    said = [str(problem) for problem in study.check("xx", root)]
    assert f"{root.name}/xx/{name}: found {words}; allowed: a regular file of at most 50 MB" in said
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("words", IN_PLACE)
@pytest.mark.parametrize(
    "command, place",
    [
        (["import", "table", "ROOT/here.csv", "--code", "xx", "--language", "N"], "here.csv"),
        (
            [
                "import",
                "euroeval",
                "ROOT/here.csv",
                "ROOT/here.csv",
                "--code",
                "xx",
                "--language",
                "N",
            ],
            "here.csv",
        ),
        (["import", "lm-eval", "ROOT", "--code", "xx", "--language", "N"], "here.json"),
        (["import", "swallow"], "data/ja/curated/training.csv"),
        (["import", "swallow"], "data/ja/raw/swallow-tasks-2026-06-24.csv"),
        (["import", "swallow"], "data/ja/raw/swallow-evaluation-2024-07-01.json"),
        (["import", "swallow"], "data/ja/scores.csv"),
    ],
)
def test_an_import_from_what_is_no_file_ends_at_once(tmp_path, monkeypatch, command, place, words):
    odd.put(tmp_path, {name: content for name, content in SWALLOW.items() if name != place})
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    IN_PLACE[words](tmp_path / place)
    before, began = odd.everything(tmp_path / "data"), time.monotonic()
    code, err = odd.told([word.replace("ROOT", str(tmp_path)) for word in command])
    assert code == 1 and f"{place}: found {words}; allowed: a regular file of at most 50 MB" in err
    assert time.monotonic() - began < 10 and odd.everything(tmp_path / "data") == before


def test_a_file_above_the_stated_size_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "large.csv").touch()
    os.truncate(tmp_path / "large.csv", files.MOST + 1)
    with pytest.raises(
        reading.InputError,
        match=r"^large: found more than 50,000,000 bytes; "
        r"allowed: a regular file of at most 50 MB$",
    ):
        reading.content(tmp_path / "large.csv", "large")
    os.truncate(tmp_path / "large.csv", files.MOST)
    assert len(reading.content(tmp_path / "large.csv", "large")) == files.MOST


# --- exports --------------------------------------------------------------------------------------

SHAPES = [
    ("2024-07-01", place)
    for place in ((), ("models",), ("models", 1), ("models", 1, "Model"), ("models", 1, "Name"))
]
SHAPES += [
    ("2026-06-24", place)
    for place in (
        (),
        ("models",),
        ("models", 1),
        ("models", 1, "results"),
        ("models", 1, "results", "ja_pre"),
    )
]


@pytest.mark.parametrize(
    "value, words",
    [
        ("[]", "a list"),
        ('"text\\u0000"', "'text\\x00'"),
        ("null", "nothing"),
        ("7", "7"),
        ("{}", "a mapping"),
    ],
)
@pytest.mark.parametrize("snapshot, place", SHAPES)
def test_a_swallow_export_of_another_shape_is_told_where(
    tmp_path, monkeypatch, snapshot, place, value, words
):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    file = swallow.EXPORTS[snapshot]
    odd.put(
        tmp_path,
        {
            **SWALLOW,
            f"data/ja/{file}": odd.written(odd.spoilt(EXPORTS[snapshot], place, "value"), value),
        },
    )
    code, err = odd.told(["import", "swallow"])
    if (value == "{}" and place[-1:] == ("results",)) or (
        value == "{}" and place[-1:] == ("ja_pre",)
    ):
        return  # no scores at all: nothing to say of the shape
    assert code == 1 and err.startswith(
        f"data/ja/{file}, column " if place or value == "{}" else f"data/ja/{file}: found {words}"
    ), err


@pytest.mark.parametrize("value", ["true", "[0.5]", '{"a": 1}', '"0.5"', "NaN", "1e999"])
@pytest.mark.parametrize(
    "snapshot, place",
    [
        ("2024-12-30", ("models", 0, "JCom")),
        ("2024-07-01", ("models", 2, "Size (B)")),
        ("2026-06-24", ("models", 1, "results", "en_pre", "MMLU")),
    ],
)
def test_a_score_is_a_finite_number(tmp_path, monkeypatch, snapshot, place, value):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    file = swallow.EXPORTS[snapshot]
    odd.put(
        tmp_path,
        {
            **SWALLOW,
            f"data/ja/{file}": odd.written(odd.spoilt(EXPORTS[snapshot], place, "value"), value),
        },
    )
    code, err = odd.told(["import", "swallow"])
    assert code == 1 and err.startswith(
        f"data/ja/{file}, column {'.'.join(map(str, place))}: found "
    ), err


def test_all_that_is_wrong_in_an_export_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    file, document = swallow.EXPORTS["2024-07-01"], cut(EXPORTS["2024-07-01"])
    models = [
        {**document["models"][0], "JCom": True, "JTruth": 0.5},
        {**document["models"][1], "Name": "a\x1bb"},
        3,
    ]
    odd.put(tmp_path, {**SWALLOW, f"data/ja/{file}": json.dumps({"models": models})})
    code, err = odd.told(["import", "swallow"])
    assert code == 1 and [line.split(": ")[0].split("column ")[1] for line in err.splitlines()] == [
        "models.0.JCom",
        "models.0.JTruth",
        "models.1.Name",
        "models.2",
    ]


@pytest.mark.parametrize("digits", [101, 400, 5000])
@pytest.mark.parametrize(
    "file, place",
    [
        ("out/m0/results_1.json", ("n-samples", "arc_xx", "effective")),
        ("out/m0/results_1.json", ("date",)),
        ("out/m0/results_1.json", ("results", "arc_xx", "acc,none")),
    ],
)
def test_numbers_of_many_digits_in_results_are_told(tmp_path, monkeypatch, file, place, digits):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    document = odd.spoilt(json.loads(RUNS[file]), place, "value")
    odd.put(tmp_path, {**RUNS, file: odd.written(document, "9" * digits)})
    code, err = odd.told([word.replace("ROOT", str(tmp_path)) for word in LM_EVAL])
    assert (code, err) == (
        1,
        f"m0/results_1.json, line 1: found a whole number of {digits:,} digits; allowed: at most "
        "100 digits\n",
    )


def test_half_characters_in_results_are_told_with_their_place(tmp_path, monkeypatch):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    odd.put(
        tmp_path,
        {
            **RUNS,
            "out/m0/results_1.json": RUNS["out/m0/results_1.json"].replace(
                '"alias": "mmlu"', '"alias": "\\ud83e"'
            ),
        },
    )
    code, err = odd.told([word.replace("ROOT", str(tmp_path)) for word in LM_EVAL])
    assert (
        code == 1
        and (
            "m0/results_1.json, column results.mmlu.alias: found '\\ud83e'; allowed: text without "
            "half characters"
        )
        in err
    )


@pytest.mark.parametrize(
    "file",
    [f"data/ja/curated/{name}.csv" for name in swallow.CURATED] + [f"data/ja/{swallow.TASKS}"],
)
def test_a_field_of_more_than_128_kib_is_told_with_its_line(tmp_path, monkeypatch, file):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    header, first, *rows = SWALLOW[file].decode().splitlines(keepends=True)
    odd.put(tmp_path, {**SWALLOW, file: "".join([header, "x" * 140_000 + first, *rows])})
    code, err = odd.told(["import", "swallow"])
    assert code == 1 and err.startswith(
        f"{file}, line 2: found a row that cannot be read (field larger than field limit (131072))"
    )


@pytest.mark.parametrize("name", ["models.csv", "benchmarks.csv", "evaluations.csv"])
def test_a_curated_table_with_a_field_of_more_than_128_kib(tmp_path, monkeypatch, name):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    key = "model_id" if name == "models.csv" else "benchmark_id"
    odd.put(
        tmp_path,
        {
            "xx_all.csv": BOARD,
            "english_all.csv": ENGLISH,
            f"data/xx/curated/{name}": f"{key},note\n\nx,{'y' * 140_000}\n",
        },
    )
    code, err = odd.told([word.replace("ROOT", str(tmp_path)) for word in EUROEVAL])
    assert code == 1 and f"curated/{name}, line 3: found a row that cannot be read" in err


@pytest.mark.parametrize("language", ["New\0speak", "New\x1bspeak", "\udcff", "\u202e", " "])
def test_a_language_is_printable(tmp_path, monkeypatch, capsys, language):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    assert main(["new", "xx", "--language", language]) == 1
    assert (
        "cannot be a language's name" in capsys.readouterr().err
        and not (tmp_path / "data").exists()
    )
