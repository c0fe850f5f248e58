"""What training strategies score: a row a strategy, a mark a model, the mean with its interval."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates

from . import labels, theme
from .figure import Figure
from .rows import row_axis

#: Pixels of a row, and of the names beside a panel.
ROW, NAMES = 64, 190


def strategies(columns: pd.DataFrame, means: Estimates, study, titles: Mapping[str, str]) -> Figure:
    """Models' scores by training strategy, a panel a column, with each strategy's mean.

    Parameters
    ----------
    columns : DataFrame, models x what to show.
    means : by `strategy/column`, as `stats.differences.means` gives it.
    titles : column -> what its panel is called, in the order to draw.
    """
    names = theme.strategy_names(study.language)
    there = [
        each
        for each in theme.STRATEGIES
        if any(subject.startswith(f"{each}/") for subject in means)
    ]
    rows = {names[each]: place for place, each in enumerate(there)}
    panels = []
    for column, title in titles.items():
        marks = _marks(columns[column], study, rows)
        bars = _bars(means.of(f"{each}/{column}" for each in there), names, rows)
        panels.append(_panel(marks, bars, rows, study.language, title))
    chart = alt.concat(*panels, columns=len(panels))
    data = study.models[["name", "strategy"]].join(
        columns[list(titles)].rename(columns=dict(titles))
    )
    said = "; ".join(
        f"{title}: "
        + ", ".join(
            f"{names[each]} {means[f'{each}/{column}']}"
            for each in there
            if f"{each}/{column}" in means
        )
        for column, title in titles.items()
    )
    fit = {"columns": len(panels), "least": 220, "gap": NAMES, "margin": 0, "most": 480}
    return Figure(
        theme.finish(chart, fit=fit),
        data.reset_index(),
        f"Scores of {len(columns)} models by training strategy, with means. {said}.",
    )


def _marks(scores: pd.Series, study, rows: Mapping[str, int]) -> pd.DataFrame:
    """A row a model: its place below its strategy's mean, beside those that score alike."""
    table = study.models[["name", "strategy"]].assign(score=scores).dropna(subset=["score"])
    table["group"] = theme.strategy_column(table["strategy"], study.language)
    least = 0.03 * float(np.ptp(table["score"])) or 1
    parts = [
        part.assign(
            y=rows[group] + 0.22 + 0.14 * np.array(labels.spread(list(part["score"]), least))
        )
        for group, part in table.groupby("group", sort=False)
    ]
    return pd.concat(parts)[["name", "group", "score", "y"]]


def _bars(means: Estimates, names: Mapping[str, str], rows: Mapping[str, int]) -> pd.DataFrame:
    groups = [names[subject.split("/")[0]] for subject in means]
    frame = means.frame[["value", "low", "high", "n"]].assign(
        group=groups, said=[str(each) for _, each in means.items()]
    )
    return frame.assign(y=frame["group"].map(rows) - 0.22)


def _panel(
    marks: pd.DataFrame, bars: pd.DataFrame, rows: Mapping[str, int], language: str, title: str
) -> alt.LayerChart:
    colour, shape = theme.strategy_scales(rows, language)
    color = alt.Color("group:N", scale=colour, legend=None)
    scale = alt.Scale(
        domain=theme.padded(
            marks["score"], bars["low"].dropna(), bars["high"].dropna(), share=0.04
        ),
        nice=False,
    )
    y = row_axis("y:Q", {place: name for name, place in rows.items()}, labelLimit=NAMES - 20)

    def x(field):
        return alt.X(field, scale=scale, axis=alt.Axis(title=None, tickCount=5, format=theme.PLAIN))

    tips = [
        alt.Tooltip("group:N", title="Training"),
        alt.Tooltip("said:N", title="Mean"),
        alt.Tooltip("n:Q", title="Models"),
    ]
    base = alt.Chart(bars)
    models = (
        alt.Chart(marks)
        .mark_point(filled=True, size=44, opacity=0.75)
        .encode(
            x=x("score:Q"),
            y=y,
            color=color,
            shape=alt.Shape("group:N", scale=shape, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title="Model"),
                alt.Tooltip("score:Q", title=title, format=".3f"),
            ],
        )
    )
    line = base.mark_rule(strokeWidth=2.6).encode(
        x=x("low:Q"), x2="high:Q", y=y, color=color, tooltip=tips
    )
    mean = base.mark_tick(orient="vertical", thickness=4, size=16).encode(
        x=x("value:Q"), y=y, color=color, tooltip=tips
    )
    return alt.layer(models, line, mean).properties(
        width=300, height=ROW * len(rows), title=alt.TitleParams(title, fontSize=13, offset=8)
    )
