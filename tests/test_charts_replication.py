"""Figures of replication show what they were given."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts import replication, theme

TABLE = pd.DataFrame({"group": ["together", "together", "apart"], "name": ["A and B", "A and <b>", "C and D"],
                      "value": [0.9, 0.8, -0.1], "low": [0.8, 0.6, -0.5], "high": [0.95, 0.9, 0.3],
                      "value_further": [0.85, 0.82, 0.5], "low_further": [0.7, 0.7, 0.1], "high_further": [0.9, 0.9, 0.8]})
BENCHMARKS = pd.DataFrame({"name": ["One", "O'Two"], "language": ["local", "english"]}, index=["one", "two"])
SHIFTS = pd.DataFrame({"one": [0.1, 0.2, 0.3], "two": [0.0, -0.01, np.nan]}, index=["m", "n", "o"])
SUMMARY = pd.DataFrame({"value": [0.2, -0.005], "low": [0.1, -0.01], "high": [0.3, 0.0]}, index=["one", "two"])


def tables(chart):
    return [pd.DataFrame(rows) for rows in chart.to_dict()["datasets"].values()]


def drawn(chart):
    return vl_convert.vegalite_to_svg(chart.to_json())


def charts():
    scale = pd.Series({"one": 0.1, "two": 0.05})
    return {"arrows": replication.arrows(TABLE, first="old", further="new", threshold=0.7),
            "congruence": replication.congruence(TABLE, threshold=0.85),
            "drift": replication.drift(SHIFTS, SUMMARY, BENCHMARKS, scale, "Newspeak")}


@pytest.mark.parametrize("name", ["arrows", "congruence", "drift"])
def test_every_figure_can_be_drawn_and_has_no_error_bars_lost(name):
    picture = drawn(charts()[name])
    assert picture.startswith("<svg") and "NaN" not in picture


def test_an_arrow_runs_from_the_first_panels_value_to_the_further_models_value():
    (move,) = [table for table in tables(charts()["arrows"]) if "start" in table]
    assert move["start"].tolist() == TABLE["value"].tolist() and move["end"].tolist() == TABLE["value_further"].tolist()
    assert move["way"].tolist() == ["left", "right", "right"]


def test_both_panels_are_told_apart_by_filled_and_hollow_dots_in_the_legend():
    text = charts()["arrows"].to_json()
    scale = {"domain": ["old", "new"], "range": [theme.PAGE, theme.INK]}
    assert json.dumps(scale) in json.dumps(json.loads(text))


def test_the_margin_says_both_values_with_a_true_minus_sign():
    assert "\N{MINUS SIGN}0.10 \N{RIGHTWARDS ARROW} 0.50" in drawn(charts()["arrows"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(min_size=1, max_size=8)), min_size=1, max_size=12))
def test_rows_stand_under_the_heading_of_their_group(items):
    items.sort(key=lambda item: item[0])
    groups, names = zip(*items, strict=True)
    places, said, heads = replication.rows_under_headings(groups, names)
    assert sorted([*places, *heads]) == list(range(len(said)))
    for place, group, name in zip(places, groups, names, strict=True):
        assert said[place] == name and said[max(head for head in heads if head < place)] == group


def test_drift_shows_each_models_shift_in_both_units():
    (data,) = [table for table in tables(charts()["drift"]) if "kind" in table]
    models = data[data["kind"] == "model"].pivot_table(index=["benchmark", "name"], columns="panel", values="value")
    assert models.loc[("One", "n")].tolist() == pytest.approx([0.2, 2.0])
    assert len(models) == 5  # the missing shift is no dot
    means = data[(data["kind"] == "mean") & (data["panel"] == "In standard deviations")].set_index("benchmark")
    assert means.loc["O'Two", ["value", "low", "high"]].tolist() == pytest.approx([-0.1, -0.2, 0.0])
