"""Every way in which a study can be wrong gets a message: file, line, column, what was found and
what is allowed."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

from lib import reading, study
from lib.__main__ import main
from tests import small_study
from tests.small_study import FILES, spoilt

STRATEGIES = (
    "from_scratch_english, from_scratch_multilingual, from_scratch_local, continual_local, unknown"
)
MODEL_COLUMNS = (
    "model_id, name, developer, lineage, parent_id, parent_note, strategy, params_total_b, "
    "params_active_b, released, note, url, built_for_local"
)


def messages(root) -> list[str]:
    return [str(problem).replace(f"{root.name}/xx/", "") for problem in study.check("xx", root)]


def test_the_small_study_is_sound(tmp_path):
    assert messages(small_study.write(tmp_path)) == []


CASES = {
    "missing file": (
        {"models_csv": None},
        ["models.csv: found no such file; allowed: a file in UTF-8"],
    ),
    "empty file": ({"scores_csv": ""}, ["scores.csv: found an empty file; allowed: content"]),
    "header only": (
        {"scores_csv": FILES["scores.csv"].splitlines()[0] + "\n"},
        ["scores.csv: found a header without rows; allowed: at least one row"],
    ),
    "byte-order mark": (
        {"models_csv": b"\xef\xbb\xbf" + FILES["models.csv"].encode()},
        ["models.csv, line 1: found a byte-order mark; allowed: UTF-8 without one"],
    ),
    "UTF-16": (
        {"models_csv": FILES["models.csv"].encode("utf-16")},
        ["models.csv, line 1: found the byte-order mark of UTF-16; allowed: UTF-8"],
    ),
    "Latin-1": (
        {"models_csv": FILES["models.csv"].replace("Child", "Ch\xefld").encode("latin-1")},
        ["models.csv, line 3: found the byte 0xef; allowed: UTF-8"],
    ),
    "missing column": (
        {"models_csv": FILES["models.csv"].replace("strategy", "recipe")},
        [
            f"models.csv, line 1, column recipe: found an unknown column; allowed: {MODEL_COLUMNS}",
            f"models.csv, line 1, column strategy: found no such column; allowed: {MODEL_COLUMNS}",
        ],
    ),
    "a column twice": (
        {"training_csv": FILES["training.csv"].replace("source", "note", 1)},
        ["training.csv, line 1, column note: found the column twice; allowed: each column once"],
    ),
    "too many cells": (
        spoilt("scores.csv", "test,0.3,", "test,0,3,"),
        ["scores.csv, line 6: found 7 cells; allowed: 6, as in the header"],
    ),
    "quotes that do not close": (
        spoilt("models.csv", "org/child,Child", 'org/child,"Child'),
        [
            "models.csv, line 3: found a row that cannot be read (unexpected end of data); "
            'allowed: CSV with commas and "'
        ],
    ),
    "a model twice": (
        {"models_csv": FILES["models.csv"] + "org/base,Again,Org,Base,,,unknown,,,\n"},
        [
            "models.csv, line 6, column model_id: found 'org/base' again, first in line 2; "
            "allowed: once"
        ],
    ),
    "a score twice": (
        {"scores_csv": FILES["scores.csv"] + "org/base,know-xx,s1,val,0.3,\n"},
        [
            "scores.csv, line 13, column model_id + benchmark_id + snapshot: found 'org/base', "
            "'know-xx', 's1' again, first in line 2; allowed: once"
        ],
    ),
    "score out of range": (
        spoilt("scores.csv", "s1,test,0.4,", "s1,test,40,"),
        ["scores.csv, line 5, column score: found '40'; allowed: 0 to 1, the range of know-xx"],
    ),
    "score below a range that goes below zero": (
        spoilt("scores.csv", "-12.81", "-100.01"),
        [
            "scores.csv, line 4, column score: found '-100.01'; allowed: -100 to 100, the range "
            "of know-en"
        ],
    ),
    "text where a number belongs": (
        spoilt("scores.csv", "s1,test,0.4,", "s1,test,high,"),
        ["scores.csv, line 5, column score: found 'high'; allowed: a number"],
    ),
    "not a number at all": (
        spoilt("scores.csv", "s1,test,0.4,", "s1,test,nan,"),
        ["scores.csv, line 5, column score: found 'nan'; allowed: a number"],
    ),
    "no score": (
        spoilt("scores.csv", "s1,test,0.4,", "s1,test,,"),
        ["scores.csv, line 5, column score: found ''; allowed: a number"],
    ),
    "negative error": (
        spoilt("scores.csv", "s1,test,0.4,0.01", "s1,test,0.4,-0.01"),
        [
            "scores.csv, line 5, column standard_error: found '-0.01'; allowed: a number of at "
            "least 0, or nothing"
        ],
    ),
    "unknown strategy": (
        spoilt("models.csv", "continual_local", "continual"),
        [f"models.csv, line 3, column strategy: found 'continual'; allowed: {STRATEGIES}"],
    ),
    "unknown language": (
        spoilt("benchmarks.csv", "Into xx,local", "Into xx,Newspeak"),
        ["benchmarks.csv, line 3, column language: found 'Newspeak'; allowed: local, english"],
    ),
    "a date that is none": (
        spoilt("models.csv", "2024-01-31", "31.1.2024"),
        [
            "models.csv, line 4, column released: found '31.1.2024'; allowed: a date as "
            "YYYY-MM-DD, YYYY-MM or YYYY, or nothing"
        ],
    ),
    "a model id that leads out of the folder": (
        spoilt("training.csv", "org/base", "../../etc/passwd"),
        [
            "training.csv, line 2, column model_id: found '../../etc/passwd'; allowed: a model's "
            "id of A-Z, a-z, 0-9 and . _ - + : @ #, with / between its parts",
            "training.csv, line 2, column model_id: found '../../etc/passwd'; allowed: an id of "
            "models.csv",
        ],
    ),
    "a name with an escape sequence": (
        spoilt("models.csv", ",Child,", ",Child\x1b[2J,"),
        [
            "models.csv, line 3, column name: found 'Child\\x1b[2J'; allowed: printable text on "
            "one line"
        ],
    ),
    "an address that runs a script": (
        {
            "models_csv": "\n".join(
                line + end
                for line, end in zip(
                    FILES["models.csv"].splitlines(),
                    (",url", ",", ",javascript:alert(1)", ",https://example.org/model", ","),
                    strict=True,
                )
            )
            + "\n"
        },
        [
            "models.csv, line 3, column url: found 'javascript:alert(1)'; allowed: an http or "
            "https address, or nothing"
        ],
    ),
    "unknown counterpart": (
        spoilt("benchmarks.csv", "know-en,similar", "know-fr,similar"),
        [
            "benchmarks.csv, line 2, column counterpart_id: found 'know-fr'; allowed: an id of "
            "benchmarks.csv, or nothing",
            "benchmarks.csv, line 4, column counterpart_id: found 'know-xx'; allowed: a benchmark "
            "that names this one back, with the same kind",
        ],
    ),
    "counterpart of the same side": (
        spoilt("benchmarks.csv", "into_local,0,1,,", "into_local,0,1,know-xx,similar"),
        [
            "benchmarks.csv, line 3, column counterpart_id: found 'know-xx'; allowed: a benchmark "
            "of the other side (local, english)"
        ],
    ),
    "a counterpart without a kind": (
        spoilt("benchmarks.csv", "know-xx,similar", "know-xx,"),
        [
            "benchmarks.csv, line 2, column counterpart_id: found 'know-en'; allowed: a benchmark "
            "that names this one back, with the same kind",
            "benchmarks.csv, line 4, column counterpart_kind: found ''; allowed: a kind where "
            "there is a counterpart, and only there",
            "benchmarks.csv, line 4, column counterpart_id: found 'know-xx'; allowed: a benchmark "
            "that names this one back, with the same kind",
        ],
    ),
    "a range upside down": (
        spoilt("benchmarks.csv", "into_local,0,1", "into_local,1,0"),
        [
            "benchmarks.csv, line 3, column maximum: found '0'; allowed: more than the minimum 1",
            "scores.csv, line 3, column score: found '0.1'; allowed: 1 to 0, the range of into-xx",
            "scores.csv, line 6, column score: found '0.3'; allowed: 1 to 0, the range of into-xx",
            "scores.csv, line 9, column score: found '0.35'; allowed: 1 to 0, the range of into-xx",
        ],
    ),
    "an unknown parent": (
        spoilt("models.csv", "Base,org/base", "Base,org/gone"),
        [
            "models.csv, line 3, column parent_id: found 'org/gone'; allowed: an id of "
            "models.csv, or nothing"
        ],
    ),
    "a cycle of parents": (
        spoilt(
            "models.csv",
            "Org,Base,,,from_scratch_english",
            "Org,Base,org/child,,from_scratch_english",
        ),
        [
            "models.csv, line 2, column parent_id: found the cycle 'org/base' -> 'org/child' -> "
            "'org/base'; allowed: parents that lead to a model without one"
        ],
    ),
    "a model that is its own parent": (
        spoilt("models.csv", "Base,org/base", "Base,org/child"),
        [
            "models.csv, line 3, column parent_id: found the cycle 'org/child' -> 'org/child'; "
            "allowed: parents that lead to a model without one"
        ],
    ),
    "more active than all parameters": (
        spoilt("models.csv", "46.7,12.9", "46.7,129"),
        [
            "models.csv, line 4, column params_active_b: found '129'; allowed: at most the 46.7 "
            "of params_total_b"
        ],
    ),
    "local and English tokens above the total": (
        spoilt("training.csv", "100,90,10", "100,90,20"),
        [
            "training.csv, line 3, column own_local_tokens_b + own_english_tokens_b: found 110; "
            "allowed: at most the 100 of own_tokens_b"
        ],
    ),
    "tokens of what is undisclosed": (
        spoilt("training.csv", "org/base,,", "org/base,2000,"),
        [
            "training.csv, line 2, column disclosure: found 'undisclosed'; allowed: no token "
            "counts beside it"
        ],
    ),
    "training of an unknown model": (
        spoilt("training.csv", "org/child", "org/grandchild"),
        [
            "training.csv, line 3, column model_id: found 'org/grandchild'; allowed: an id of "
            "models.csv"
        ],
    ),
    "a score of an unknown model, benchmark and snapshot": (
        spoilt("scores.csv", "org/base,know-en,s1,", "org/nobody,know-fr,s3,"),
        [
            "scores.csv, line 4, column model_id: found 'org/nobody'; allowed: an id of models.csv",
            "scores.csv, line 4, column benchmark_id: found 'know-fr'; allowed: an id of "
            "benchmarks.csv",
            "scores.csv, line 7, column score: found only the value 40 for know-en in snapshot "
            "s1; allowed: scores that differ between models (a benchmark without variance says "
            "nothing)",
            "scores.csv, line 4, column model_id: found 1 in snapshot s3; allowed: at least 3 "
            "models in a snapshot",
            "scores.csv, line 4, column snapshot: found 's3'; allowed: one of the snapshots in "
            "study.yml: s1, s2",
        ],
    ),
    "an evaluation of an unknown benchmark": (
        spoilt("evaluations.csv", "know-xx", "know-fr"),
        [
            "evaluations.csv, line 2, column benchmark_id: found 'know-fr'; allowed: an id of "
            "benchmarks.csv"
        ],
    ),
    "a benchmark without variance": (
        {
            "scores_csv": FILES["scores.csv"]
            .replace("s2,test,0.45", "s2,test,0.250")
            .replace("s2,test,0.65", "s2,test,.25")
        },
        [
            "scores.csv, line 10, column score: found only the value 0.25 for know-xx in snapshot "
            "s2; allowed: scores that differ between models (a benchmark without variance says "
            "nothing)"
        ],
    ),
    "fewer than three models": (
        {"scores_csv": FILES["scores.csv"].replace("lab/late,know-xx,s2,test,0.65,\n", "")},
        [
            "scores.csv, line 10, column model_id: found 2 in snapshot s2; allowed: at least 3 "
            "models in a snapshot"
        ],
    ),
    "a snapshot without scores": (
        spoilt("study.yml", "{id: s2", "{id: s9"),
        [
            "scores.csv, line 10, column snapshot: found 's2'; allowed: one of the snapshots in "
            "study.yml: s1, s9",
            "scores.csv, line 11, column snapshot: found 's2'; allowed: one of the snapshots in "
            "study.yml: s1, s9",
            "scores.csv, line 12, column snapshot: found 's2'; allowed: one of the snapshots in "
            "study.yml: s1, s9",
            "study.yml, line 7, column snapshots: found 's9' without a row in scores.csv; "
            "allowed: snapshots that have scores",
        ],
    ),
    "an unknown default snapshot": (
        spoilt("study.yml", "default_snapshot: s1", "default_snapshot: s3"),
        [
            "study.yml, line 4, column default_snapshot: found 's3'; allowed: one of the "
            "snapshots in study.yml: s1, s2"
        ],
    ),
    "an unknown anchor": (
        spoilt("study.yml", "PC2: know-xx", "PC2: know-fr"),
        [
            "study.yml, line 8, column anchors.PC2: found 'know-fr'; allowed: an id of "
            "benchmarks.csv"
        ],
    ),
    "another study's code": (
        spoilt("study.yml", "code: xx", "code: yy"),
        ["study.yml, line 1, column code: found 'yy'; allowed: xx, the folder's name"],
    ),
    "a missing key": (
        spoilt("study.yml", "language: Newspeak\n", ""),
        ["study.yml, line 1, column language: found nothing; allowed: a value, this key is needed"],
    ),
    "an unknown key": (
        spoilt("study.yml", "anchors:", "ankers:"),
        [
            "study.yml, line 8, column ankers: found an unknown key; allowed: only the keys that "
            "this file knows"
        ],
    ),
    "a key twice": (
        spoilt("study.yml", "title:", "code: xx\ntitle:"),
        ["study.yml, line 3: found the key 'code' a second time; allowed: each key once"],
    ),
    "an unsafe tag": (
        spoilt("study.yml", "Newspeak", "!!python/object/apply:os.system ['true']"),
        [
            "study.yml, line 2: found the tag 'tag:yaml.org,2002:python/object/apply:os.system'; "
            "allowed: plain YAML without tags that build objects"
        ],
    ),
    "a list instead of keys": (
        {"study_yml": "- one\n- two\n"},
        ["study.yml, line 1: found a list; allowed: keys with values"],
    ),
    "a scale that does not exist": (
        spoilt("study.yml", "scale: log-uniform", "scale: normal"),
        [
            "study.yml, line 14, column ranges.default.own_tokens_b.from_scratch_english.scale: "
            "found 'normal'; allowed: 'uniform' or 'log-uniform'"
        ],
    ),
    "a range from above to below": (
        spoilt("study.yml", "lower: 2000", "lower: 9000"),
        [
            "study.yml, line 14, column ranges.default.own_tokens_b.from_scratch_english: found a "
            "mapping; allowed: lower and upper with 0 <= lower <= upper, and lower above 0 where "
            "log-uniform"
        ],
    ),
    "a source's file outside the study": (
        spoilt("study.yml", "licence: MIT", "licence: MIT, file: ../../secret"),
        [
            "study.yml, line 10, column sources.0.file: found '../../secret'; allowed: a path "
            "inside the study's folder"
        ],
    ),
    "a source's file that is not there": (
        spoilt("study.yml", "licence: MIT", "licence: MIT, file: raw/gone.json"),
        [
            "raw/gone.json: found no such file; allowed: the file that study.yml names for source "
            "board"
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_told_where_it_is(tmp_path, case):
    changes, expected = CASES[case]
    root = small_study.write(tmp_path, **changes)
    assert messages(root) == expected
    with pytest.raises(study.StudyError):
        study.load("xx", root=root)


def test_all_problems_come_at_once(tmp_path):
    changes = {
        **spoilt("models.csv", "continual_local", "continual"),
        **spoilt("scores.csv", "test,0.4,", "test,high,"),
        **spoilt("training.csv", "100,90,10", "100,90,20"),
        **spoilt("study.yml", "code: xx", "code: yy"),
    }
    root = small_study.write(tmp_path, **changes)
    with pytest.raises(study.StudyError) as caught:
        study.load("xx", root=root)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems) == 4
    assert [line.split(",")[0].split("/")[-1] for line in lines] == [
        "models.csv",
        "scores.csv",
        "training.csv",
        "study.yml",
    ]


def test_text_in_a_message_stays_on_its_line():
    assert reading.shown("a\nb\x1b[0m") == r"'a\nb\x1b[0m'"
    assert len(reading.shown("x" * 1000)) == 62


# --- the command line


def test_check_says_what_the_japanese_study_holds(capsys):
    assert main(["check", "ja"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for part in (
        "95 in models.csv",
        "20 (10 local, 10 English)",
        "2862 in 3 snapshots",
        "sources     4:",
        "2024-07-01  35 models x 19 benchmarks, complete (default)",
        "2024-12-30  63 models x 19",
        "2026-06-24  50 models x 20",
        "86 models; undisclosed: total tokens of 4, local tokens of 68, English tokens of 72",
    ):
        assert part in out


def test_check_lists_problems_on_standard_error_and_exits_1(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        study.loading, "DATA", small_study.write(tmp_path / "data", **CASES["unknown strategy"][0])
    )
    assert main(["check", "xx"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"data/xx/models.csv, line 3, column strategy: found 'continual'; allowed: {STRATEGIES}\n"
    )


def test_the_command_itself_gives_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "lib", "check", "../etc"],
        cwd=study.loading.DATA.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr.startswith("no study '../etc'; there is: ") and "Traceback" not in done.stderr
    )


# --- properties

TABLES = [name for name in FILES if name.endswith(".csv")]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=draw.data())
def test_whatever_stands_in_a_cell_the_checker_answers_and_never_breaks(data):
    name = data.draw(draw.sampled_from(TABLES))
    rows = [line.split(",") for line in FILES[name].splitlines()]
    row = data.draw(draw.integers(0, len(rows) - 1))
    column = data.draw(draw.integers(0, len(rows[row]) - 1))
    cell = data.draw(
        draw.text(max_size=20)
        | draw.floats().map(str)
        | draw.sampled_from(["org/child", "know-xx", "s2"])
    )
    rows[row][column] = '"' + cell.replace('"', '""') + '"'
    spoilt_text = "\n".join(",".join(each) for each in rows) + "\n"
    files = {
        **{each: text.encode() for each, text in FILES.items()},
        name: spoilt_text.encode("utf-8", "surrogatepass"),
    }
    folder = study.check_files(files, "data/xx")
    for problem in folder.problems:
        assert len(str(problem).splitlines()) == 1 and str(problem).isprintable()
        assert (
            problem.row is None
            or 1 <= problem.row <= files[problem.file.removeprefix("data/xx/")].count(b"\n") + 1
        )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=draw.binary(max_size=200), name=draw.sampled_from(list(FILES)))
def test_no_bytes_break_the_reader(content, name):
    files = {**{each: text.encode() for each, text in FILES.items()}, name: content}
    assert study.check_files(files, "data/xx").problems


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(score=draw.floats(allow_nan=False, allow_infinity=False))
def test_a_score_passes_exactly_if_it_is_in_its_range(score):
    files = {name: text.encode() for name, text in FILES.items()}
    files["scores.csv"] = (
        FILES["scores.csv"].replace("s1,test,0.4,", f"s1,test,{score!r},").encode()
    )
    found = [
        problem
        for problem in study.check_files(files, "data/xx").problems
        if problem.column == "score"
    ]
    assert bool(found) == (not 0 <= score <= 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parents=draw.lists(draw.integers(-1, 5), min_size=6, max_size=6))
def test_a_cycle_is_reported_exactly_if_there_is_one(parents):
    def endless(model: int) -> bool:
        for _ in range(len(parents) + 1):
            if model < 0:
                return False
            model = parents[model]
        return True

    header = FILES["models.csv"].splitlines()[0]
    rows = [
        f"org/m{model},M{model},Org,,{f'org/m{parent}' if parent >= 0 else ''},,unknown,,,"
        for model, parent in enumerate(parents)
    ]
    files = {"models.csv": "\n".join([header, *rows]).encode()}
    found = [
        problem
        for problem in study.check_files(files, "data/xx").problems
        if "the cycle" in problem.found
    ]
    assert bool(found) == any(endless(model) for model in range(6))


def test_the_order_of_rows_does_not_matter_for_the_values(tmp_path):
    def shuffled(text: str) -> str:
        header, *rows = text.splitlines()
        return "\n".join([header, *reversed(rows)]) + "\n"

    one = study.load("xx", root=small_study.write(tmp_path / "one"))
    other = study.load(
        "xx", root=small_study.write(tmp_path / "other", scores_csv=shuffled(FILES["scores.csv"]))
    )
    assert one.scores.equals(other.scores) and one.splits.equals(other.splits)


def test_a_folder_that_is_no_study_is_not_listed(tmp_path):
    small_study.write(tmp_path)
    (tmp_path / "notes").mkdir()
    shutil.copytree(tmp_path / "xx", tmp_path / "Not A Code")
    assert study.available(tmp_path) == ("xx",)
