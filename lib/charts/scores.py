"""Figures of scores: what continuing on local text adds or takes."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme
from .factors import row_axis, side_fill


def pairs(
    differences: pd.DataFrame,
    summary: pd.DataFrame,
    benchmarks: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    x_title: str = "Score of the continued model minus its parent's",
) -> alt.LayerChart:
    """What continuing on local text changed: dots are pairs, the bar above them mean and interval, the margin counts.

    Filled marks are benchmarks in the study's language, hollow ones English.

    Parameters
    ----------
    differences : DataFrame with a row a pair and benchmark: benchmark, child, parent (names), difference.
    summary : DataFrame, index benchmark, in the order to draw: value, low, high, up (pairs that rose), pairs.
    benchmarks : DataFrame, index benchmark; columns name, language.
    """
    order = [benchmark for benchmark in summary.index if benchmark in benchmarks.index]
    row = {benchmark: place for place, benchmark in enumerate(order)}
    side = {
        benchmark: language if benchmarks.loc[benchmark, "language"] == "local" else "English" for benchmark in order
    }
    least = 0.012 * float(np.ptp(differences["difference"])) or 1
    parts = [
        part.assign(y=row[benchmark] + 0.2 + 0.12 * np.array(labels.spread(list(part["difference"]), least)))
        for benchmark, part in differences[differences["benchmark"].isin(order)].groupby("benchmark", sort=False)
    ]
    dots = pd.concat(parts)
    dots = dots.assign(
        side=dots["benchmark"].map(side),
        name=dots["benchmark"].map(benchmarks["name"]),
        said=[theme.signed(value, 3, plus=True) for value in dots["difference"]],
    )
    means = summary.loc[order].rename_axis("benchmark").reset_index()
    means = means.assign(
        row=means["benchmark"].map(row),
        y=means["benchmark"].map(row) - 0.24,
        side=means["benchmark"].map(side),
        name=means["benchmark"].map(benchmarks["name"]),
        said=[theme.interval(item, 3, plus=True) for item in means.to_dict("records")],
    )
    counts = {
        place: f"{int(item['up'])} of {int(item['pairs'])} up" for place, item in enumerate(means.to_dict("records"))
    }
    names = {place: str(benchmarks.loc[benchmark, "name"]) for benchmark, place in row.items()}
    domain = theme.padded(dots["difference"], means["low"], means["high"], [0.0], share=0.03)
    x = alt.X(
        "difference:Q",
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(
            title=x_title, labelExpr="(datum.value > 0 ? '+' : '') + datum.label", tickCount=6, format=".2~f"
        ),
    )
    base, mean = (
        alt.Chart(dots[["benchmark", "name", "child", "parent", "difference", "y", "side", "said"]]),
        alt.Chart(means[["name", "side", "value", "low", "high", "y", "row", "said"]]),
    )
    y = row_axis("y:Q", names)
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=theme.INK, strokeWidth=1.4)
        .encode(x=alt.X("zero:Q", scale=alt.Scale(domain=domain)))
    )
    fill = side_fill(language)
    marks = base.mark_point(size=30, filled=True, stroke=theme.INK, strokeWidth=1.1, opacity=0.5).encode(
        x=x,
        y=y,
        fill=fill,
        tooltip=[
            alt.Tooltip("name:N", title="Benchmark"),
            alt.Tooltip("child:N", title="Model"),
            alt.Tooltip("parent:N", title="Continued from"),
            alt.Tooltip("said:N", title="Difference"),
        ],
    )
    tips = [alt.Tooltip("name:N", title="Benchmark"), alt.Tooltip("said:N", title="Mean difference")]
    rule = mean.mark_rule(strokeWidth=2.4, color=theme.INK).encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips)
    tick = mean.mark_tick(orient="vertical", thickness=4, size=14, color=theme.INK).encode(
        x=alt.X("value:Q"), y=y, tooltip=tips
    )
    margin = mean.mark_point(opacity=0).encode(y=row_axis("row:Q", counts, orient="right", grid=False))
    left = alt.layer(zero, marks, rule, tick)
    chart = alt.layer(left, margin).resolve_axis(y="independent").properties(width="container", height=31 * len(order))
    return theme.finish(chart, title=title, subtitle=subtitle, still=820, least=520)
