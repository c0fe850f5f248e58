"""Figures of pairs show what they were given, in every form a study may give it."""

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


def summary(rng, sets):
    rows = [
        {
            "benchmark": benchmark,
            "set": each,
            "value": value,
            "low": value - 0.1,
            "high": value + 0.1,
            "up": 3,
            "pairs": 4,
        }
        for each in sets
        for benchmark, value in zip(BENCHMARKS.index, rng.normal(0, 0.1, 3), strict=True)
    ]
    return pd.DataFrame(rows)


def drawn(chart):
    """The picture's text: an error in the specification shows as an exception or an empty picture."""
    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


@pytest.mark.parametrize("sets", [["one"], ["one", "two"], ["one", "two", "three"]])
def test_sets_of_pairs_stand_side_by_side_with_counts(sets):
    svg = drawn(
        charts.pair_sets(summary(np.random.default_rng(0), sets), BENCHMARKS, {each: f"pairs {each}" for each in sets})
    )
    assert " | ".join(["3 of 4"] * len(sets)) in svg and all(f"pairs {each}" in svg for each in sets)
    assert "Read &lt;b&gt;" in svg


def test_every_other_row_of_pairs_lies_on_a_band():
    table = summary(np.random.default_rng(1), ["one"]).set_index("benchmark")
    dots = pd.DataFrame(
        {"benchmark": np.repeat(table.index, 4), "child": "c", "parent": "p", "difference": np.linspace(-0.2, 0.2, 12)}
    )
    chart = charts.banded_pairs(dots, table, BENCHMARKS, "Newspeak")
    bands = chart.layer[0].layer[0]
    assert bands.data.to_dict("records") == [{"top": 0.5, "bottom": 1.5}]
    svg = drawn(chart)
    assert "3 of 4 up" in svg and all(name.split()[0] in svg for name in BENCHMARKS["name"])


def test_doses_show_ranges_and_leave_out_what_has_no_place_on_a_log_scale():
    points = pd.DataFrame(
        {
            "panel": "Know",
            "child": list("abc"),
            "parent": "p",
            "lowest": [0.0, 10, 20],
            "median": [0.0, 15, 20],
            "highest": [0.0, 20, 20],
            "difference": [0.1, 0.2, 0.3],
        }
    )
    bands = pd.DataFrame(
        {"panel": "Know", "tokens": [10.0, 20.0], "line": [0.1, 0.2], "low": [0.0, 0.1], "high": [0.2, 0.3]}
    )
    chart = charts.doses(points, bands, pd.DataFrame({"panel": ["Know"], "said": ["slope +0.2"]}), "Newspeak")
    svg = drawn(chart)
    assert "Further Newspeak tokens" in svg and "slope +0.2" in svg
    assert [len(data) for data in chart.to_dict()["datasets"].values() if "child" in data[0]] == [2]
