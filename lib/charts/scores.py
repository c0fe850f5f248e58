"""Figures of scores: what each training strategy reaches."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme


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
