"""Pairs of a model and its parent: the figure of all of them on bands, and several sets of pairs side by side."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from . import scores, theme
from .factors import row_axis

#: One look a set, told apart by shape and fill: the first speaks, the others answer.
LOOKS = (("circle", theme.INK), ("square", theme.PAGE), ("diamond", theme.QUIET))


def banded_pairs(
    differences: pd.DataFrame, summary: pd.DataFrame, benchmarks: pd.DataFrame, language: str, **settings
) -> alt.LayerChart:
    """`charts.pairs` with every other benchmark on a band: dots and the mean above them are seen to belong together."""
    chart = scores.pairs(differences, summary, benchmarks, language, **settings)
    return _banded(chart, len(summary.index.intersection(benchmarks.index)))


def _banded(chart: alt.LayerChart, count: int) -> alt.LayerChart:
    """Put bands behind the odd rows of a chart whose first layer has its rows on `row_axis`."""
    odd = range(1, count, 2)
    rows = pd.DataFrame({"top": [row - 0.5 for row in odd], "bottom": [row + 0.5 for row in odd]})
    layers = chart.layer[0].layer
    y = layers[-1].encoding.y.copy()  # the same axis, or the two would merge into one with fewer labels
    y.shorthand = "top:Q"
    layers.insert(0, alt.Chart(rows).mark_rect(color=theme.GRID, opacity=0.45).encode(y=y, y2="bottom:Q"))
    return chart


def pair_sets(
    table: pd.DataFrame,
    benchmarks: pd.DataFrame,
    sets: Mapping[str, str],
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_title: str = "Mean score of the continued models minus their parents'",
) -> alt.LayerChart:
    """Mean difference of each benchmark in each set of pairs, with intervals; counts at the margin.

    Parameters
    ----------
    table : DataFrame with a row a benchmark and set: benchmark, set, value, low, high, up, pairs; benchmarks are drawn
        in the order in which they appear.
    benchmarks : DataFrame, index benchmark; column name.
    sets : set -> its name in the legend, at most three, in the order to draw.
    """
    order = list(dict.fromkeys(table["benchmark"]))
    apart = {each: (place - (len(sets) - 1) / 2) * 0.36 for place, each in enumerate(sets)}
    data = table.assign(
        y=table["benchmark"].map(order.index) + table["set"].map(apart),
        name=table["benchmark"].map(benchmarks["name"]),
        group=table["set"].map(sets),
        said=[theme.interval(row, 3, plus=True) for row in table.to_dict("records")],
        count=[f"{row['up']} of {row['pairs']}" for row in table.to_dict("records")],
    )
    rises = {place: " | ".join(data.loc[data["benchmark"] == each, "count"]) for place, each in enumerate(order)}
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=theme.padded(data["low"], data["high"], data["value"], [0.0], share=0.03), nice=False),
        axis=alt.Axis(
            title=x_title, labelExpr="(datum.value > 0 ? '+' : '') + datum.label", tickCount=6, format=".2~f"
        ),
    )
    y = row_axis("y:Q", {place: str(benchmarks.loc[each, "name"]) for place, each in enumerate(order)})
    names = list(sets.values())
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolStrokeWidth=1.6,
        symbolSize=80,
        offset=14,
    )
    tips = [
        alt.Tooltip("name:N", title="Benchmark"),
        alt.Tooltip("group:N", title="Pairs"),
        alt.Tooltip("said:N", title="Mean difference"),
        alt.Tooltip("count:N", title="Rose"),
    ]
    base = alt.Chart(data[["name", "group", "value", "low", "high", "said", "count", "y"]])
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=theme.INK, strokeWidth=1.4).encode(x=alt.X("zero:Q"))
    )
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips)
    marks = base.mark_point(size=62, filled=True, opacity=1, strokeWidth=1.6).encode(
        x=x,
        y=y,
        tooltip=tips,
        shape=alt.Shape(
            "group:N", scale=alt.Scale(domain=names, range=[shape for shape, _ in LOOKS[: len(names)]]), legend=legend
        ),
        fill=alt.Fill(
            "group:N", scale=alt.Scale(domain=names, range=[fill for _, fill in LOOKS[: len(names)]]), legend=legend
        ),
        stroke=alt.Stroke("group:N", scale=alt.Scale(domain=names, range=[theme.INK] * len(names)), legend=legend),
    )
    margin = base.mark_point(opacity=0).encode(y=row_axis("y:Q", rises, orient="right", grid=False))
    chart = (
        alt.layer(alt.layer(zero, rules, marks), margin)
        .resolve_axis(y="independent")
        .properties(width="container", height=31 * len(order))
    )
    return theme.finish(_banded(chart, len(order)), title=title, subtitle=subtitle, still=820, least=520)
