"""Snapshot drift against the raw exports."""

import json
from pathlib import Path

import pandas as pd
import pytest

from lib import study
from lib.stats import drift
from lib.stats.resampling import Resampling

RAW = Path(study.loading.DATA) / "ja" / "raw"


@pytest.fixture(scope="module")
def snapshots(ja):
    return ja.scored


@pytest.fixture(scope="module")
def table(ja, snapshots):
    how = Resampling(ja.registry["lineage"], seed=0, replicates=300)
    return drift.summary(*map(snapshots.get, drift.span(snapshots)), how, ja.scores.std(ddof=0))


def test_eighteen_models_were_scored_twice_and_four_evaluations_moved(snapshots, table):
    assert drift.span(snapshots) == drift.runs(snapshots) == ("2024-12-30", "2026-06-24")
    assert (table.frame["n"] == 18).all()
    largest = {"squad2": 0.293, "jhumaneval": 0.240, "humaneval": 0.198, "bbh": 0.150}
    assert table.frame["largest"].nlargest(4).round(3).to_dict() == largest
    assert set(drift.repeated(*map(snapshots.get, drift.runs(snapshots)))) == set(largest)


def test_only_squad2_moved_by_more_than_a_standard_deviation(table):
    changed = drift.changed(table)
    assert changed.subjects == ["squad2"] and changed["squad2"].low > 0.1
    assert changed.frame.at["squad2", "deviations"] == pytest.approx(4.5, abs=0.05)


def test_the_shift_is_that_of_the_raw_exports(snapshots):
    before = {
        row["Model"]: row
        for row in json.loads((RAW / "swallow-evaluation-2024-12-30.json").read_text())["models"]
    }
    after = {
        row["model_id"]: row
        for row in json.loads((RAW / "swallow-leaderboard-2026-06-24.json").read_text())["models"]
    }
    shift, model = drift.shifts(snapshots["2024-12-30"], snapshots["2026-06-24"]), "Qwen/Qwen2.5-7B"
    assert shift.loc[model, "squad2"] == pytest.approx(
        after[model]["results"]["en_pre"]["SQuAD2"] - before[model]["SQuAD2"]
    )


def test_no_model_scored_twice_gives_nothing():
    one, other = (
        pd.DataFrame({"x": [0.1, 0.2]}, index=["a", "b"]),
        pd.DataFrame({"x": [0.3]}, index=["c"]),
    )
    how = Resampling(pd.Series(list("abc"), index=list("abc")), seed=0, replicates=10)
    table = drift.summary(one, other, how, one.std())
    assert table.count == drift.changed(table).count == 0
    assert (
        drift.span({"one": one, "other": other}) is None
        and drift.runs({"one": one, "other": other}) is None
    )


def test_a_snapshot_without_the_benchmarks_asked_for_is_passed_over():
    first = pd.DataFrame({"x": [0.1, 0.2, 0.3], "y": [0.1, 0.2, 0.3]}, index=list("abc"))
    later = first[["x"]] + 0.1
    assert drift.span({"first": first, "later": later}) == ("first", "later")
    assert drift.span({"first": first, "later": later}, ["x", "y"]) is None


def test_the_evaluation_that_changed_is_found_without_an_interval(ja, snapshots, table):
    assert drift.changed_between(snapshots, ja.scores) == ["squad2"]
    assert set(drift.changed(table)) >= {"squad2"}
    assert drift.changed_between({"once": ja.scores}, ja.scores) == []
