"""Snapshot drift against the raw exports."""

import json
from pathlib import Path

import numpy as np
import pytest

from lib import drift, study

RAW = Path(study.DATA) / "ja" / "raw"


@pytest.fixture(scope="module")
def table():
    return drift.summary(study.load("ja"), "2024-12-30", "2026-06-24", np.random.default_rng(0), replicates=300)


def test_eighteen_models_were_scored_twice_and_four_evaluations_moved(table):
    assert (table["n"] == 18).all()
    largest = {"squad2": 0.293, "jhumaneval": 0.240, "humaneval": 0.198, "bbh": 0.150}
    assert table["largest"].nlargest(4).round(3).to_dict() == largest


def test_only_squad2_moved_by_more_than_a_standard_deviation(table):
    assert drift.changed(table) == ["squad2"]
    assert table.loc["squad2", "deviations"] == pytest.approx(4.5, abs=0.05) and table.loc["squad2", "low"] > 0.1


def test_the_shift_is_that_of_the_raw_exports():
    before = {row["Model"]: row for row in json.loads((RAW / "swallow-evaluation-2024-12-30.json").read_text())["models"]}
    after = {row["model_id"]: row for row in json.loads(
        (RAW / "swallow-leaderboard-2026-06-24.json").read_text())["models"]}
    shift = drift.shifts(study.load("ja"), "2024-12-30", "2026-06-24")
    model = "Qwen/Qwen2.5-7B"
    assert shift.loc[model, "squad2"] == pytest.approx(after[model]["results"]["en_pre"]["SQuAD2"] - before[model]["SQuAD2"])


def test_no_model_scored_twice_gives_an_empty_table(table):
    ja = study.load("ja")
    lone = type("S", (), {"scores_at": lambda self, snapshot: ja.scores.iloc[:3 if snapshot == "a" else 0],
                          "scores": ja.scores, "registry": ja.registry})()
    assert drift.summary(lone, "a", "b", np.random.default_rng(0)).empty
