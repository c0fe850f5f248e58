"""Figures of pairs: every pair a mark, told apart by set, counted beside it; doses with ranges."""

import json
import types

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts
from lib.charts import theme
from lib.stats import matched_pairs
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import Estimate

BENCHMARKS = pd.DataFrame(
    {"name": ["Know", "Translate", "Read <b>"], "language": ["local", "local", "english"]},
    index=["know", "into", "read"],
)
PAIRS = pd.DataFrame(
    {"parent": ["p", "p", "q", "r", "r"], "lineage": "L"}, index=["c0", "c1", "c2", "c3", "c4"]
)
NAMES = {"p": "Parent p", "q": "Parent q", "r": "Parent r"} | {
    each: f"Child <{each}>" for each in PAIRS.index
}
DIFFERENCE = pd.DataFrame(
    np.linspace(-0.2, 0.4, 15).reshape(5, 3), index=PAIRS.index, columns=list(BENCHMARKS.index)
)
STUDY = types.SimpleNamespace(
    benchmarks=BENCHMARKS,
    local=["know", "into"],
    english=["read"],
    language="Newspeak",
    called=lambda subject: NAMES.get(subject) or BENCHMARKS["name"].get(subject, subject),
)


def summary(pairs):
    return matched_pairs.summary(
        DIFFERENCE, pairs, Resampling(PAIRS["parent"], 0, 200, units="parents")
    )


def drawn(*parts):
    sets = {
        name: (summary(PAIRS.iloc[part]), PAIRS.iloc[part])
        for name, part in zip(("first", "later"), parts, strict=False)
    }
    return charts.changes(sets, DIFFERENCE, STUDY)


def svg(chart):
    """The picture's text: an error in the specification raises, or shows as an empty picture."""
    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


def told(figure, key):
    """Rows of the chart's data that have a column."""
    return [
        row for table in figure.chart.to_dict()["datasets"].values() for row in table if key in row
    ]


def test_every_pair_is_a_mark_on_every_benchmark_and_a_row_of_the_data():
    figure = drawn(slice(0, 3), slice(3, 5))
    assert len(told(figure, "Continued from")) == 5 * 3 == len(figure.data)
    row = figure.data.query("benchmark == 'know' and Model == 'Child <c4>'").iloc[0]
    assert row["difference"] == DIFFERENCE.loc["c4", "know"] and row["Continued from"] == "Parent r"
    assert row["set"] == "2 later" and "Know (3 first)" in figure.description


def test_counts_of_each_set_stand_at_the_margin_and_sets_in_the_legend():
    picture = svg(drawn(slice(0, 3), slice(3, 5)).chart).replace("\N{NO-BREAK SPACE}", " ")
    assert "3 first" in picture and "2 later" in picture and "no change" in picture
    ups = [
        f"{(DIFFERENCE.iloc[part] > 0)[each].sum()} of {n} up"
        for part, n in ((slice(0, 3), 3), (slice(3, 5), 2))
        for each in DIFFERENCE
    ]
    assert all(each in picture for each in ups)


def test_local_and_english_benchmarks_stand_under_their_language_the_highest_on_top():
    figure = drawn(slice(0, 3), slice(3, 5))
    places = {row["name"]: row["row"] for row in told(figure, "row")}
    assert places == {"Translate": 1, "Know": 2, "Read <b>": 4}
    picture = svg(figure.chart)
    assert "Newspeak" in picture and "English" in picture and "<b>" not in picture


@pytest.mark.parametrize("parts", [[slice(0, 5)], [slice(0, 5), slice(0, 0)]])
def test_a_set_without_pairs_is_left_out_and_one_alone_needs_no_legend(parts):
    figure = drawn(*parts)
    assert set(figure.data["set"]) == {""} and "later" not in svg(figure.chart)


def test_single_pairs_lie_under_their_mean_and_within_their_row():
    figure = drawn(slice(0, 3), slice(3, 5))
    means = {(row["name"], row["set"]): row["y"] for row in told(figure, "low")}
    for row in told(figure, "Continued from"):
        above = [
            y
            for (name, _), y in means.items()
            if name == row["Benchmark"] and 0 < row["y"] - y < 0.3
        ]
        assert len(above) == 1
    assert all(abs(row["y"] - round(row["y"])) < 0.5 for row in told(figure, "Continued from"))


def test_colour_says_only_that_these_models_are_continued():
    colours = set(theme.STRATEGIES[each][0] for each in theme.STRATEGIES)
    text = json.dumps(drawn(slice(0, 5)).chart.to_dict())
    assert {each for each in colours if each in text} == {theme.STRATEGIES["continual_local"][0]}


def test_doses_show_ranges_and_leave_out_what_has_no_place_on_a_log_scale():
    bounds = pd.DataFrame(
        {"lowest": [0.0, 10, 20], "median": [0.0, 15, 20], "highest": [0.0, 20, 20]},
        index=["c0", "c1", "c2"],
    )
    band = pd.DataFrame(
        {"compute": [10.0, 20.0], "line": [0.1, 0.2], "low": [0.0, 0.1], "high": [0.2, 0.3]}
    )
    slopes = Estimates.from_rows({each: Estimate(0.2, 0.1, 0.3) for each in DIFFERENCE})
    figure = charts.doses(DIFFERENCE, bounds, {"know": band, "read": band}, slopes, STUDY)
    picture = svg(figure.chart)
    assert (
        "Further Newspeak tokens" in picture
        and ">per tenfold tokens +0.200 [+0.100, +0.300]<" in picture
    )
    assert {row["told"] for row in told(figure, "told")} == {"10 to 20", "20"}
    assert set(figure.data.index) == {"c1", "c2"} and "Read <b> +0.200" in figure.description
