"""Figures of uncertainty show what they were given, in every form a study may give it."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts

BENCHMARKS = pd.DataFrame(
    {"name": ["Know", "Translate", "Read <b>"], "language": ["local", "local", "english"]},
    index=["know", "into", "read"],
)


def drawn(chart):
    """The picture's text: an error in the specification shows as an exception or an empty picture."""
    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


@pytest.mark.parametrize("lineages", [list("aabbc"), list("abcde"), ["<i>"] * 5])
def test_samples_of_lineages_say_how_often_each_was_drawn(lineages):
    models = pd.DataFrame({"name": list("vwxyz"), "lineage": lineages})
    svg = drawn(
        charts.uncertainty.lineage_draws(models, {"All": dict.fromkeys(lineages, 1), "Sample": {lineages[0]: 2}})
    )
    assert "\N{MULTIPLICATION SIGN}2" in svg and "Sample" in svg and "<i>" not in svg


def test_coverage_has_a_panel_a_world_and_the_promise_in_each():
    table = pd.DataFrame(
        [
            {
                "world": world,
                "statistic": "Slopes",
                "kind": kind,
                "shown": kind == "ours",
                "value": 0.9,
                "low": 0.85,
                "high": 0.93,
            }
            for world in ("none in common", "half")
            for kind in ("ours", "other")
        ]
    )
    svg = drawn(charts.uncertainty.coverage(table, band=(0.93, 0.97), level=0.95))
    assert all(word in svg for word in ("none in common", "half", "Slopes", "ours", "other", "90%"))


@pytest.mark.parametrize("told", [["yes", "no"], ["no", "no"]])
def test_power_marks_where_it_is_enough(told):
    curves = pd.DataFrame({"kind": "alone", "r": np.linspace(0, 0.99, 20), "power": np.linspace(0.05, 1, 20)})
    limits = pd.DataFrame({"kind": ["alone"], "r": [0.47], "said": ["0.47"]})
    observed = pd.DataFrame({"pair": ["a and b", "a and c"], "r": [0.9, 0.1], "told": told, "said": ["0.90", "0.10"]})
    svg = drawn(charts.uncertainty.power(curves, limits, observed))
    assert "0.47" in svg and "not told" in svg and "80%" in svg


def test_reliability_says_each_scores_error_even_without_a_number_of_items():
    table = pd.DataFrame(
        {"value": [0.9, 0.5], "low": [0.8, -0.1], "high": [0.95, 0.7], "error": [0.01, 0.045], "items": [1000, np.nan]},
        index=["know", "read"],
    )
    svg = drawn(charts.uncertainty.reliability(table, BENCHMARKS, "Newspeak"))
    assert "1,000 items" in svg and "nan" not in svg.lower().replace("semantic", "")
