"""Figures of scores: what each training strategy reaches, and what continuing on local text adds or takes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme
from .factors import row_axis, side_fill


def strategies(
    scores: pd.DataFrame,
    summary: pd.DataFrame,
    language: str,
    *,
    panels: Sequence[str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    x_title: str = "Score",
    shared: bool = False,
) -> alt.FacetChart:
    """Scores by training strategy, a panel a benchmark (or ability): dots are models, the bar is mean and interval.

    Parameters
    ----------
    scores : DataFrame with a row a panel and model: panel (its heading), name, strategy, score.
    summary : DataFrame with a row a panel and strategy: panel, strategy, value, and where known low, high, n.
    panels : headings in the order to draw; by default as they appear.
    shared : one scale for all panels; otherwise each panel has its own.
    """
    panels = list(panels or dict.fromkeys(scores["panel"]))
    names = [
        name
        for name in theme.strategy_names(language).values()
        if name in theme.strategy_column(scores["strategy"], language)
    ]
    row = {name: place for place, name in enumerate(names)}
    scores, summary = (
        table.assign(group=theme.strategy_column(table["strategy"], language)) for table in (scores, summary)
    )
    parts = []
    for (_, group), part in scores.groupby(["panel", "group"], sort=False):
        span = scores.loc[scores["panel"] == part["panel"].iloc[0], "score"]
        offsets = labels.spread(list(part["score"]), 0.035 * float(np.ptp(span)) or 1)
        parts.append(part.assign(y=row[group] + 0.2 + 0.13 * np.array(offsets)))
    dots = pd.concat(parts)[["panel", "name", "group", "score", "y"]].assign(kind="model")
    means = summary.assign(
        y=summary["group"].map(row) - 0.24,
        kind="mean",
        said=[theme.interval(item) for item in summary.to_dict("records")],
    )
    data = pd.concat(
        [dots, means[[c for c in ("panel", "group", "value", "low", "high", "n", "y", "kind", "said") if c in means]]],
        ignore_index=True,
    )
    data = data.fillna({"name": "", "said": ""})
    colour, shape = theme.strategy_scales(names, language)
    chosen = theme.chooser("group")
    values = data[[c for c in ("score", "value", "low", "high") if c in data]].stack()
    x_scale = alt.Scale(zero=False, nice=False, padding=6, **({"domain": theme.padded(values)} if shared else {}))
    axis = alt.Axis(title=None, tickCount=4, format="~g")
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[len(names) - 0.45, -0.6], nice=False, zero=False),
        axis=alt.Axis(title=None, labels=False, values=[k + 0.5 for k in range(len(names) - 1)]),
    )
    color = alt.Color("group:N", scale=colour, legend=theme.strategy_legend())
    base = alt.Chart(data)
    models = (
        base.transform_filter("datum.kind === 'model'")
        .mark_point(filled=True, size=28)
        .encode(
            x=alt.X("score:Q", scale=x_scale, axis=axis),
            y=y,
            color=color,
            shape=alt.Shape("group:N", scale=shape, legend=theme.strategy_legend()),
            opacity=theme.faded(chosen, 1, 0.08),
            tooltip=[
                alt.Tooltip("name:N", title="Model"),
                alt.Tooltip("group:N", title="Training"),
                alt.Tooltip("score:Q", title=x_title, format=".3f"),
            ],
        )
        .add_params(chosen)
    )
    tips = [
        alt.Tooltip("group:N", title="Training"),
        alt.Tooltip("said:N", title="Mean"),
        *([alt.Tooltip("n:Q", title="Models")] if "n" in data else []),
    ]
    mean = base.transform_filter("datum.kind === 'mean'")
    rule = (
        [
            mean.mark_rule(strokeWidth=2.2).encode(
                x=alt.X("low:Q", scale=x_scale, axis=axis),
                x2="high:Q",
                y=y,
                color=color,
                opacity=theme.faded(chosen),
                tooltip=tips,
            )
        ]
        if {"low", "high"} <= set(data)
        else []
    )
    tick = mean.mark_tick(thickness=3.5, size=13, orient="vertical").encode(
        x=alt.X("value:Q", scale=x_scale, axis=axis), y=y, color=color, opacity=theme.faded(chosen), tooltip=tips
    )
    chart = (
        alt.layer(models, *rule, tick)
        .properties(width=150, height=27 * len(names))
        .facet(
            alt.Facet(
                "panel:N",
                sort=panels,
                title=None,
                header=alt.Header(labelAnchor="start", labelFontWeight=600, labelExpr=_wrapped(panels)),
            ),
            columns=4,
            spacing=20,
        )
        .resolve_axis(x="independent", y="independent")
        .resolve_scale(x="shared" if shared else "independent")
    )
    return theme.finish(
        chart, title=title, subtitle=subtitle, fit={"columns": 4, "least": 140, "gap": 26, "margin": 0, "most": 240}
    )


def _wrapped(panels: Sequence[str]) -> str:
    """An expression that breaks a panel's heading into lines that fit it."""
    return f"{json.dumps({panel: theme.lines(panel, 20) for panel in panels}, ensure_ascii=False)}[datum.label]"


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
