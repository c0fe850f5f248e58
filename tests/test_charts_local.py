"""Figures of local ability and of the atlas: every model and task is on them, at its place, told apart without colour."""

import numpy as np
import pandas as pd
import pytest

from lib import charts


def data(chart, wanted: set) -> list[pd.DataFrame]:
    """The datasets of a chart that have these columns."""
    tables = [pd.DataFrame(rows) for rows in chart.to_dict()["datasets"].values()]
    return [table for table in tables if wanted <= set(table)]


@pytest.fixture
def points():
    rng = np.random.default_rng(1)
    english = np.linspace(-2, 2, 12)
    table = pd.DataFrame({"name": [f"Model {k}" for k in range(12)], "strategy": ["continual_local", "from_scratch_english"] * 6,
                          "english": english, "fitted": english / 2, "value": rng.normal(size=12)}, index=[f"org/m{k}" for k in range(12)])
    return table.assign(local=table["fitted"] + table["value"], low=table["value"] - 0.3, high=table["value"] + 0.3)


@pytest.fixture
def curve():
    return pd.DataFrame({"english": np.linspace(-2, 2, 50), "local": np.linspace(-1, 1, 50)})


def test_every_model_is_on_the_map_and_only_the_farthest_are_joined_to_the_curve(points, curve):
    far = list(points["value"].abs().sort_values(ascending=False).index)
    chart = charts.composites(points, curve, "Newspeak", outliers=far, most=4)
    assert len(data(chart, {"model", "x", "y", "said"})[0]) == len(points)
    gaps = next(table for table in data(chart, {"x", "y", "fitted"}) if "model" not in table)
    assert set(gaps["x"].round(9)) == set(points.loc[far[:4], "english"].round(9))


def test_unknown_strategies_get_one_plain_mark_without_a_legend(points, curve):
    text = str(charts.composites(points.assign(strategy="unknown"), curve, "Newspeak").to_dict())
    assert "'color': {'field': 'group'" not in text.replace('"', "'") and "'shape': {" not in text


def test_names_of_models_stay_data(points, curve):
    points.loc["org/m0", "name"] = "</script><b>"
    assert "</script><b>" in str(charts.ranking(points.sort_values("value", ascending=False), "Newspeak").to_dict())


def test_a_long_ranking_shows_both_ends_and_counts_the_rest():
    rows = pd.DataFrame({"name": [f"M{k}" for k in range(50)], "strategy": "unknown", "value": np.linspace(1, -1, 50)}, index=range(50))
    chart = charts.ranking(rows.assign(low=rows["value"] - 0.1, high=rows["value"] + 0.1), "Newspeak")
    shown = data(chart, {"rank", "row"})[0]
    assert list(shown["rank"]) == [*range(1, 16), *range(36, 51)] and shown["row"].is_unique
    assert "20 models between" in str(chart.to_dict())


def test_english_tasks_stand_below_and_hollow():
    table = pd.DataFrame({"name": ["Know", "Read", "Know-en"], "ability": ["knowledge", "reading", "knowledge"], "language": ["local", "local", "english"],
                          "value": [0.7, 0.4, 0.1], "low": [0.5, 0.1, -0.2], "high": [0.9, 0.6, 0.4], "null_low": -0.3, "null_high": 0.3}, index=["a", "b", "c"])
    rows = data(charts.carriers(table, "Newspeak"), {"kind", "row"})[0].set_index("name")
    assert list(rows["kind"]) == ["Knowledge task", "other task", "English task"]
    assert rows["row"].is_monotonic_increasing and rows.loc["Know-en", "row"] - rows.loc["Read", "row"] == 2


def test_the_atlas_has_a_row_a_language_in_each_panel():
    table = pd.DataFrame({"language": ["Oldspeak", "Newspeak", "Newspeak"], "ability": ["knowledge", "knowledge", "knowledge"], "name": ["A", "B", "C"],
                          "value": [0.7, 0.6, 0.2], "low": [0.5, 0.4, 0.0], "high": [0.8, 0.8, 0.5], "verdict": ["supported", "supported", "undecided"]})
    rows = data(charts.atlas.kinds(table, ["knowledge"]), {"row", "verdict"})[0].set_index("name")["row"]
    assert rows["A"] == 0 and rows["B"] < 1 < rows["C"] and abs(rows["B"] - 1) < 0.5
    grown = pd.concat([table, table.iloc[[0]].assign(language="Duckspeak")])
    tall = [charts.atlas.kinds(each, ["knowledge"]).to_dict()["spec"]["height"] for each in (table, grown)]
    assert tall[1] > tall[0]
