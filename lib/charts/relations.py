"""Figures of what goes with what: the correlation heatmap and scatters of counterpart
benchmarks."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import PAIR, Estimates

from . import theme
from .figure import Figure

#: Correlation -> colour: brown below zero, slate above, pale at zero; no strategy's colours.
RAMP = ((-1.0, "#6b4212"), (-0.5, "#c49a63"), (0.0, "#f4f3ef"), (0.5, "#93a8bd"), (1.0, "#1c3350"))
#: How a pair of counterparts is framed.
FRAMES = {
    "translation": ([1, 0], "a test and its translation"),
    "similar": ([4, 3], "the same kind of task"),
}


def ink_on(value: float) -> str:
    """The ink that reads best on the colour of a correlation."""
    ground = _luminance(_mixed(value))
    return max(
        (theme.CELL_DARK, theme.CELL_LIGHT), key=lambda ink: contrast(_luminance(ink), ground)
    )


def _mixed(value: float) -> str:
    places = [place for place, _ in RAMP]
    colours = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for _, colour in RAMP])
    return "#" + "".join(f"{round(np.interp(value, places, colours[:, k])):02x}" for k in range(3))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: float, b: float) -> float:
    """Contrast ratio of two luminances (WCAG 2)."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def heatmap(pearson: Estimates, study, order: Sequence[str]) -> Figure:
    """A triangle of correlations with the numbers in it, alike benchmarks side by side,
    counterparts framed.

    Parameters
    ----------
    pearson : estimates of pairs `A~B` of benchmarks.
    order : benchmarks in the order to draw, as from `correlation.order`.
    """
    cells = _cells(pearson, study, list(order))
    names = [study.called(each) for each in order]
    size = 34 * (len(order) - 1)
    x = alt.X(
        "column:O",
        sort=list(range(len(order) - 1)),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(
            title=None,
            labelExpr=named(names),
            labelAngle=-45,
            grid=False,
            labelColor=theme.INK,
            labelBound=False,
        ),
    )
    y = alt.Y(
        "row:O",
        sort=list(range(1, len(order))),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(title=None, labelExpr=named(names), grid=False, labelColor=theme.INK),
    )
    tooltip = [
        alt.Tooltip("a:N", title="Benchmark"),
        alt.Tooltip("b:N", title="with"),
        alt.Tooltip("said:N", title="Correlation r"),
        alt.Tooltip("kind:N", title="Counterparts?"),
    ]
    base = alt.Chart(cells)
    squares = base.mark_rect(cornerRadius=1).encode(
        x=x,
        y=y,
        color=alt.Color(
            "r:Q",
            scale=alt.Scale(
                domain=[place for place, _ in RAMP],
                range=[colour for _, colour in RAMP],
                interpolate="rgb",
            ),
            legend=_legend(),
        ),
        tooltip=tooltip,
    )
    numbers = base.mark_text(
        baseline="middle", fontSize=alt.ExprRef("width < 560 ? 9 : width < 720 ? 10 : 11")
    ).encode(
        x=x,
        y=y,
        text="text:N",
        color=alt.condition(
            f"datum.ink === '{theme.CELL_LIGHT}'",
            alt.value(theme.CELL_LIGHT),
            alt.value(theme.CELL_DARK),
        ),
        tooltip=tooltip,
    )
    frames = [
        base.transform_filter(f"datum.frame === '{kind}'")
        .mark_rect(
            fill=None,
            stroke=theme.INK,
            strokeWidth=2.4,
            strokeDash=dash,
            width=alt.ExprRef("bandwidth('x') * 1.1 + 2"),
            height=alt.ExprRef("bandwidth('y') * 1.1 + 2"),
        )
        .encode(x=x, y=y)
        for kind, (dash, _) in FRAMES.items()
    ]
    chart = alt.layer(squares, numbers, *frames, *_key(cells, len(order))).properties(
        width="container", height=size
    )
    said = (
        f"A triangle of {pearson.count} correlations between {len(order)} benchmarks, alike ones "
        f"side by side. Highest: {pearson.highest.written(name=study.called)}. Lowest: "
        f"{pearson.lowest.written(name=study.called)}."
    )
    return Figure(
        theme.finish(chart, still=760, least=650),
        cells[["a", "b", "r", "low", "high", "kind"]],
        said,
    )


def _cells(pearson: Estimates, study, order: list[str]) -> pd.DataFrame:
    """A row a pair: where it stands, what it says, how it is framed."""
    place = {benchmark: position for position, benchmark in enumerate(order)}
    kinds = {pair: kind for kind in FRAMES for pair in study.pairs(kind)}
    rows = []
    for pair, each in pearson.items():
        b, a = sorted(pair.split(PAIR), key=place.get)
        kind = kinds.get(pair, "")
        rows.append(
            {
                "row": place[a],
                "column": place[b],
                "a": study.called(a),
                "b": study.called(b),
                "r": each.value,
                "low": each.low,
                "high": each.high,
                "text": words.number(each.value),
                "said": str(each),
                "frame": kind,
                "kind": FRAMES[kind][1] if kind else "no",
                "ink": ink_on(each.value),
            }
        )
    return pd.DataFrame(rows).sort_values(["row", "column"], ignore_index=True)


def _legend() -> alt.Legend:
    return alt.Legend(
        title="Correlation r",
        orient="none",
        direction="horizontal",
        gradientLength=160,
        gradientThickness=11,
        legendX=alt.ExprRef("width - 170"),
        legendY=4,
        values=[-1, -0.5, 0, 0.5, 1],
        format=theme.PLAIN,
        titleColor=theme.QUIET,
    )


def _key(cells: pd.DataFrame, count: int) -> list[alt.Chart]:
    """What the frames mean, in the empty corner."""
    layers = []
    for place, kind in enumerate(kind for kind in FRAMES if (cells["frame"] == kind).any()):
        dash, words = FRAMES[kind]
        down = 74 + 26 * place
        layers += [
            alt.Chart(pd.DataFrame({"kind": [kind]})).mark_rect(
                fill=None,
                stroke=theme.INK,
                strokeWidth=2.4,
                strokeDash=dash,
                x=alt.ExprRef("width - 170"),
                x2=alt.ExprRef("width - 154"),
                y=down,
                y2=down + 16,
            ),
            alt.Chart(pd.DataFrame({"words": [words]}))
            .mark_text(
                align="left",
                baseline="middle",
                color=theme.INK,
                x=alt.ExprRef("width - 146"),
                y=down + 8,
            )
            .encode(text="words:N"),
        ]
    return layers


def scatters(pearson: Estimates, study, size: int = 190) -> Figure:
    """Small multiples of counterparts against each other, one mark a model, the correlation in each
    title."""
    points = _points(pearson, study)
    colour, shape = theme.strategy_scales(points["group"], study.language)
    chosen = theme.chooser("group")
    color = alt.Color("group:N", scale=colour, legend=theme.strategy_legend())
    form = alt.Shape("group:N", scale=shape, legend=theme.strategy_legend())
    kinds = study.kinds(pearson)
    drawn = []
    for panel, each in pearson.items():
        across, up = map(study.called, sided(panel, study))
        tooltip = [
            alt.Tooltip("name:N", title="Model"),
            alt.Tooltip("group:N", title="Training"),
            alt.Tooltip("x:Q", title=across, format=".3f"),
            alt.Tooltip("y:Q", title=up, format=".3f"),
        ]
        base = alt.Chart(points[points["panel"] == panel][["name", "group", "x", "y"]])
        drawn.append(
            base.mark_point(filled=True, size=46)
            .encode(
                x=alt.X(
                    "x:Q",
                    scale=alt.Scale(domain=theme.padded(base.data["x"]), nice=False),
                    axis=alt.Axis(title=across, tickCount=4, format=theme.PLAIN),
                ),
                y=alt.Y(
                    "y:Q",
                    scale=alt.Scale(domain=theme.padded(base.data["y"]), nice=False),
                    axis=alt.Axis(title=up, tickCount=4, format=theme.PLAIN),
                ),
                color=color,
                shape=form,
                opacity=theme.faded(chosen),
                tooltip=tooltip,
            )
            .properties(
                width=size,
                height=size - 30,
                title=alt.TitleParams(f"r {each}", subtitle=kinds[panel], fontSize=13, offset=8),
            )
        )
    drawn[0] = drawn[0].add_params(chosen)
    fit = {"columns": 3, "least": 200, "gap": 82, "margin": 0, "most": 320}
    said = (
        f"Scatter plots of {pearson.count} pairs of counterpart benchmarks: "
        f"{pearson.written(name=study.called)}."
    )
    return Figure(
        theme.finish(alt.concat(*drawn, columns=3), fit=fit), points.drop(columns="group"), said
    )


def sided(pair: str, study) -> list[str]:
    """The two benchmarks of a pair, the English one first."""
    return sorted(pair.split(PAIR), key=lambda each: each in study.local)


def _points(pearson: Estimates, study) -> pd.DataFrame:
    """A row a pair and model that has both scores."""
    parts = []
    for panel in pearson:
        across, up = sided(panel, study)
        parts.append(
            study.models[["name", "strategy"]].assign(
                panel=panel, x=study.scores[across], y=study.scores[up]
            )
        )
    points = pd.concat(parts).dropna(subset=["x", "y"]).reset_index()
    return points.assign(group=theme.strategy_column(points["strategy"], study.language))


def named(names: Sequence[str]) -> str:
    """An expression that turns a row's number into its name."""
    return f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]"
