"""Records in the common form of Every Eval Ever become a study, and bad ones a message for each
place."""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

from lib import study
from lib.__main__ import main
from lib.importers import every_eval_ever
from tests import odd

EXCERPTS = Path(__file__).parent / "excerpts/every-eval-ever"
RECORDS = EXCERPTS / "records"
DEMO = json.loads((EXCERPTS / "demo.json").read_text())
ANSWERS = {"global-mmlu-lite: Swahili": "local", "global-mmlu-lite: English": "english"}


def run(folder: Path, *more: str) -> int:
    words = ["import", "every-eval-ever", str(folder), "--code", "sw", "--language", "Swahili"]
    return main([*words, *more])


def answer(data: Path) -> None:
    """Say the side and the ability of two results; all others are left out."""
    file = data / "sw/curated/columns.csv"
    lines = []
    for line in file.read_text().splitlines():
        cells = line.split(",")
        if not line.startswith(("#", "column,")):
            cells[3] = ANSWERS.get(cells[0], "-")
            cells[5], cells[6] = "exams", "accuracy"
        lines.append(",".join(cells))
    file.write_text("\n".join(lines) + "\n")
    text = (data / "sw/study.yml").read_text()
    (data / "sw/study.yml").write_text(text.replace('licence: ""', "licence: not published"))


def demos(folder: Path, changes=()) -> None:
    """The record of the schema's own version, as that of six models with other scores."""
    for number in range(6):
        record = copy.deepcopy(DEMO)
        record["model_info"]["id"] = f"demo-org/m{number}"
        record["evaluation_results"][0]["score_details"]["score"] = 0.3 + number / 10
        if number == 0:
            for change in changes:
                change(record)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.json").write_text(json.dumps(record))


def test_the_vendored_schema_is_sound_and_takes_the_record_of_its_version():
    form = json.loads(every_eval_ever.SCHEMA.read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(form)
    assert form["version"] == DEMO["schema_version"]
    assert not list(jsonschema.Draft7Validator(form).iter_errors(DEMO))


def test_published_records_become_a_study(data, capsys):
    assert run(RECORDS) == 1
    out = capsys.readouterr().out
    assert "7 records follow version '0.2.0' of the schema, not 0.3.0" in out
    asked = (data / "sw/curated/columns.csv").read_text()
    # The range that the records tell need not be typed.
    assert (
        "global-mmlu-lite: Swahili,global-mmlu-lite-swahili,global-mmlu-lite: Swahili,,score,,,0,1"
        in asked
    )
    answer(data)
    assert run(RECORDS) == 0, capsys.readouterr().err
    loaded = study.load("sw")
    assert loaded.scores.shape == (7, 2) and loaded.snapshot == "2026-02-11"
    for file in RECORDS.rglob("*.json"):
        record = json.loads(file.read_text())
        told = {
            each["evaluation_name"]: each["score_details"]["score"]
            for each in record["evaluation_results"]
        }
        scores = loaded.scores.loc[record["model_info"]["id"]]
        assert scores["global-mmlu-lite-swahili"] == told["Swahili"]
        assert scores["global-mmlu-lite-english"] == told["English"]


def test_an_interval_without_a_method_is_no_standard_error(data):
    assert run(RECORDS) == 1
    answer(data)
    assert run(RECORDS) == 0
    assert study.load("sw").standard_errors.isna().all(axis=None)


def test_standard_errors_items_and_dates_are_taken_where_told(data, tmp_path):
    def more(record):
        result = record["evaluation_results"][0]
        result["score_details"]["uncertainty"] = {
            "standard_error": {"value": 0.02},
            "num_samples": 400,
        }

    demos(tmp_path / "records", [more])
    records, _ = every_eval_ever.read([tmp_path / "records"])
    first = every_eval_ever._measures(*records[0])[0]
    assert (first.error, first.items, first.date) == (0.02, 400, 1_750_000_000)
    assert (first.low, first.high, first.metric) == ("0", "1", "accuracy")


def test_less_is_more_is_proposed_to_be_left_out(data, tmp_path):
    demos(tmp_path / "records")
    for file in (tmp_path / "records").iterdir():
        record = json.loads(file.read_text())
        record["evaluation_results"][0]["metric_config"]["lower_is_better"] = True
        file.write_text(json.dumps(record))
    assert run(tmp_path / "records") == 1
    assert (
        ",-,,,,,,,,,,6 models; results: accuracy; lower is better: accuracy"
        in (data / "sw/curated/columns.csv").read_text()
    )


def test_one_model_in_two_records_that_differ_is_no_guess(data, tmp_path, capsys):
    shutil.copytree(RECORDS, tmp_path / "records")
    file = next((tmp_path / "records").rglob("*.json"))
    file.with_name("again.json").write_text(file.read_text())
    assert run(tmp_path / "records") == 1
    assert "fill in" in capsys.readouterr().err
    shutil.rmtree(data)
    record = json.loads(file.read_text())
    record["evaluation_results"][0]["score_details"]["score"] /= 2
    file.with_name("again.json").write_text(json.dumps(record))
    assert run(tmp_path / "records") == 1
    assert "and other scores of them in" in capsys.readouterr().err and not data.exists()


def test_the_newer_of_two_evaluations_is_taken(data, tmp_path, capsys):
    demos(tmp_path / "records")
    record = json.loads((tmp_path / "records/0.json").read_text())
    record["evaluation_timestamp"] = "1760000000"
    record["evaluation_results"][0]["score_details"]["score"] = 0.99
    (tmp_path / "records/newer.json").write_text(json.dumps(record))
    assert run(tmp_path / "records") == 1
    assert "records/newer.json is newer than records/0.json and taken" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda each: each.pop("eval_library"), "column eval_library: found nothing; allowed: a"),
        (lambda each: each.update(extra=1), "found an unknown key; allowed: only the keys that"),
        (
            lambda each: each["source_metadata"].update(source_type="rumour"),
            "column source_metadata.source_type: found 'rumour'; allowed: one of documentation, ev",
        ),
        (
            lambda each: each["evaluation_results"][0]["source_data"].update(url=[]),
            "column evaluation_results.0.source_data.url: found a list; allowed: at least 1",
        ),
        (
            lambda each: each["evaluation_results"][0]["score_details"].update(score="high"),
            "column evaluation_results.0.score_details.score: found 'high'; allowed: number",
        ),
        (
            lambda each: each["evaluation_results"][0]["score_details"].update(score=float("nan")),
            "column evaluation_results.0.score_details.score: found nan; allowed: a finite number",
        ),
        (
            lambda each: each["model_info"].update(id="../x"),
            "column model_info.id: found '../x'; allowed: a model's id",
        ),
        (lambda each: each.pop("model_info"), "column model_info: found nothing"),
    ],
)
def test_a_bad_record_is_told_with_its_place(data, tmp_path, capsys, change, message):
    demos(tmp_path / "records", [change])
    assert run(tmp_path / "records") == 1
    err = capsys.readouterr().err
    assert f"records/0.json, {message}" in err or message in err, err
    assert not data.exists()


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda folder: folder.mkdir(), "no records of evaluations in these folders"),
        (lambda folder: None, "no such folder"),
        (
            lambda folder: (folder.mkdir(), (folder / "a.json").write_text("{")),
            "records/a.json, line 1: found no JSON",
        ),
    ],
)
def test_folders_without_records_write_nothing(data, tmp_path, capsys, make, message):
    make(tmp_path / "records")
    assert run(tmp_path / "records") == 1
    assert message in capsys.readouterr().err and not data.exists()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=odd.documents(DEMO, odd.JSON))
def test_any_value_in_any_place_of_a_record(text):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        demos(root / "records")
        odd.put(root, {"records/0.json": text})
        words = ["import", "every-eval-ever", f"{root}/records", "--code", "xx", "--language", "N"]
        with mock.patch.object(study.loading, "DATA", root / "data"):
            code, err = odd.told(words)
        assert code == 1 and err.strip()
        for line in err.strip().split("\n"):
            assert line.isprintable()
        if (root / "data").exists():
            assert err.startswith("fill in data/xx/")
        else:
            assert "0.json" in err or "the records: " in err, err


@given(text=draw.text(max_size=12) | draw.floats().map(str) | draw.datetimes().map(str))
def test_any_time_is_a_moment_or_none(text):
    moment = every_eval_ever._moment(text)
    assert moment is None or abs(moment) < 1e12
