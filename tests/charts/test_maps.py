"""The map of models: who is on it, how they are joined, what is said of it."""

import json
import types

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate


def study(parents):
    count = len(parents)
    registry = pd.DataFrame(
        {
            "name": [f"Model <{k}>" for k in range(count)],
            "strategy": ["from_scratch_english", *["continual_local"] * (count - 1)],
            "lineage": "L",
            "parent_id": parents,
        },
        index=[f"m{k}" for k in range(count)],
    )
    return types.SimpleNamespace(registry=registry, language="Newspeak")


def values(step, count=8):
    return pd.Series(np.arange(count) * step % 5.0, index=[f"m{k}" for k in range(count)])


def rows(figure, key):
    return [
        row for table in figure.chart.to_dict()["datasets"].values() for row in table if key in row
    ]


def test_arrows_lead_from_parents_to_children_that_are_both_shown():
    some = study(["", *["m0"] * 6, "elsewhere"])
    figure = charts.ability_map(values(1), values(2), some, x_title="general", y_title="local")
    assert {row["from"] for row in rows(figure, "from")} == {"m0"}
    assert {row["to"] for row in rows(figure, "from")} == {f"m{k}" for k in range(1, 7)}
    assert "6 arrows" in figure.description
    without = charts.ability_map(values(1).drop("m0"), values(2), some, x_title="x", y_title="y")
    assert (
        not rows(without, "from") and "arrow" not in without.description and len(without.data) == 7
    )


def test_intervals_cross_where_they_are_known_and_only_there():
    some = study([""] * 8)
    known = Estimates.from_rows({m: Estimate(v, v - 1, v + 1) for m, v in values(1).items()})
    figure = charts.ability_map(known, values(2), some, x_title="x", y_title="y")
    assert {"x_low", "x_high"} <= set(figure.data) and not {"y_low", "y_high"} & set(figure.data)
    assert all(row["x_text"].endswith("]") for row in rows(figure, "x_text"))


def test_its_words_are_in_the_picture_and_names_are_text():
    figure = charts.ability_map(
        values(1), values(2), study([""] * 8), x_title="general skill", y_title="y"
    )
    svg = vl_convert.vegalite_to_svg(json.dumps(figure.chart.to_dict()))
    assert "General skill" in svg and "&lt;7&gt;" in svg and "continued on Newspeak" in svg
    assert "<7>" not in svg


def test_a_map_of_nobody_is_refused():
    with pytest.raises(ValueError, match="no model"):
        charts.ability_map(
            values(1), values(2).rename(str.upper), study([""] * 8), x_title="x", y_title="y"
        )
