"""What the chapters on local skill must find, in three languages: values computed elsewhere from the same data."""

import json
from pathlib import Path

import pytest

from lib import local, study

RESULTS = Path(__file__).resolve().parents[1] / "_build" / "ja" / "results.json"


@pytest.fixture(scope="module")
def results():
    assert RESULTS.is_file(), "there are no results yet; run: make book"
    return json.loads(RESULTS.read_text(encoding="utf-8"))["results"]


@pytest.mark.parametrize("name, value", [
    ("local/r2_english", 0.67), ("local/r2/into-english-counted", 0.70), ("local/r2/without-translation", 0.74),
    ("local/task/wmt20-en-ja", 0.84), ("local/task/niilc", 0.79), ("local/task/jsquad", 0.73), ("local/task/jhumaneval", -0.32)])
def test_the_japanese_book_records_what_was_computed_elsewhere(results, name, value):
    row = results[name]
    assert round(row["value"], 2) == value and row["low"] < value < row["high"]
    assert (row["n"], row["lineages"]) == (35, 10)


def test_all_tasks_and_models_are_recorded_with_their_intervals(results):
    tasks = {name: row for name, row in results.items() if name.startswith("local/task/")}
    models = {name: row for name, row in results.items() if name.startswith("local/score/")}
    assert (len(tasks), len(models)) == (19, 35)
    assert all(row["low"] <= row["value"] <= row["high"] for row in models.values())
    assert all(row["null_low"] < 0 < row["null_high"] < 0.4 for row in tasks.values())


def test_knowledge_carries_beyond_chance_and_code_does_not(results):
    for benchmark in ("niilc", "jemhopqa"):
        row = results[f"local/task/{benchmark}"]
        assert row["low"] > row["null_high"]
    assert results["local/task/jhumaneval"]["high"] < results["local/task/jhumaneval"]["null_high"]
    assert results["local/lead/knowledge"]["low"] > 0


def test_training_from_scratch_alone_does_not_lift_a_model(results):
    ranked = sorted((name for name in results if name.startswith("local/score/")), key=lambda name: -results[name]["value"])
    assert ranked.index("local/score/cyberagent/calm2-7b") + 1 == 31
    assert ranked.index("local/score/llm-jp/llm-jp-13b-v2.0") + 1 == 23


@pytest.mark.parametrize("code, r2, carries", [
    ("is", 0.74, {"icelandic-knowledge": 0.73, "winogrande-is": 0.52}),
    ("et", 0.74, {"winogrande-et": 0.68, "estner": 0.67, "grammar-et": 0.66, "trivia-et": 0.64})])
def test_the_other_languages_tell_what_was_computed_elsewhere(code, r2, carries):
    s = study.load(code)
    fit = local.fit(s.scores, s.benchmarks["language"])
    assert round(fit.r2, 2) == r2 and fit.carries[list(carries)].round(2).to_dict() == carries
