"""Figures of what goes with what: the correlation heatmap and scatters of counterpart benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import theme
from .models import named

#: Correlation -> colour: brown below zero, slate above, pale at zero; no strategy's colours.
RAMP = ((-1.0, "#6b4212"), (-0.5, "#c49a63"), (0.0, "#f4f3ef"), (0.5, "#93a8bd"), (1.0, "#1c3350"))
#: How a pair of counterparts is framed.
FRAMES = {"translation": ([1, 0], "the same items, translated"), "similar": ([4, 3], "the same kind of task")}


def ink_on(value: float) -> str:
    """The ink that reads best on the colour of a correlation."""
    ground = _luminance(_mixed(value))
    return max((theme.CELL_DARK, theme.CELL_LIGHT), key=lambda ink: contrast(_luminance(ink), ground))


def _mixed(value: float) -> str:
    places = [place for place, _ in RAMP]
    colours = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for _, colour in RAMP])
    return "#" + "".join(f"{round(np.interp(value, places, colours[:, k])):02x}" for k in range(3))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: float, b: float) -> float:
    """Contrast ratio of two luminances (WCAG 2)."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def heatmap(
    correlation: pd.DataFrame,
    *,
    benchmarks: pd.DataFrame,
    order: Sequence | None = None,
    counterparts: pd.DataFrame | None = None,
    pairs: pd.DataFrame | None = None,
    language: str = "",
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """The lower triangle of a correlation matrix, with the numbers in it and counterpart benchmarks framed.

    Parameters
    ----------
    correlation : DataFrame, benchmarks x benchmarks.
    benchmarks : DataFrame, index benchmark; columns name, ability, language.
    order : benchmarks in the order to draw, as from clustering; by default that of `correlation`.
    counterparts : DataFrame with columns a, b and kind (translation: solid frame, similar: dashed).
    pairs : DataFrame with columns a, b, value, low, high, for the intervals on hover.
    """
    order = list(order if order is not None else correlation.columns)
    cells = _cells(correlation, benchmarks, order, counterparts, pairs)
    names = [str(benchmarks["name"].get(name, name)) for name in order]
    size = 34 * (len(order) - 1)
    x = alt.X(
        "column:O",
        sort=list(range(len(order) - 1)),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(
            title=None, labelExpr=named(names), labelAngle=-45, grid=False, labelColor=theme.INK, labelBound=False
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
                domain=[place for place, _ in RAMP], range=[colour for _, colour in RAMP], interpolate="rgb"
            ),
            legend=_legend(),
        ),
        tooltip=tooltip,
    )
    numbers = base.mark_text(baseline="middle", fontSize=alt.ExprRef("width < 560 ? 9 : width < 720 ? 10 : 11")).encode(
        x=x,
        y=y,
        text="text:N",
        color=alt.condition(
            f"datum.ink === '{theme.CELL_LIGHT}'", alt.value(theme.CELL_LIGHT), alt.value(theme.CELL_DARK)
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
    chart = alt.layer(squares, numbers, *frames, *_key(cells, len(order))).properties(width="container", height=size)
    return theme.finish(chart, title=title, subtitle=subtitle, still=760, least=650)


def _cells(correlation, benchmarks, order, counterparts, pairs) -> pd.DataFrame:
    known = {} if pairs is None else {frozenset((row["a"], row["b"])): row for row in pairs.to_dict("records")}
    kinds = (
        {}
        if counterparts is None
        else {
            frozenset((a, b)): kind
            for a, b, kind in zip(counterparts["a"], counterparts["b"], counterparts["kind"], strict=True)
        }
    )
    rows = []
    for row in range(1, len(order)):
        for column in range(row):
            a, b = order[row], order[column]
            value = float(correlation.loc[a, b])
            found = known.get(frozenset((a, b)), {"value": value})
            kind = kinds.get(frozenset((a, b)), "")
            rows.append(
                {
                    "row": row,
                    "column": column,
                    "a": str(benchmarks["name"].get(a, a)),
                    "b": str(benchmarks["name"].get(b, b)),
                    "r": value,
                    "text": theme.signed(value),
                    "said": theme.interval(found),
                    "frame": kind,
                    "kind": FRAMES[kind][1] if kind in FRAMES else "no",
                    "ink": ink_on(value),
                }
            )
    return pd.DataFrame(rows)


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
        format="~g",
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
            .mark_text(align="left", baseline="middle", color=theme.INK, x=alt.ExprRef("width - 146"), y=down + 8)
            .encode(text="words:N"),
        ]
    return layers


def scatters(
    points: pd.DataFrame,
    panels: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    size: int = 190,
) -> alt.ConcatChart:
    """Small multiples of benchmark against benchmark, one mark a model, the correlation in each title.

    Parameters
    ----------
    points : DataFrame with a row a panel and model: panel, name, strategy, x, y.
    panels : DataFrame, index panel, in the order to draw; columns x, y (the benchmarks' names) and value, low, high of
        their correlation; kind, if given (translation, similar), is said under the title.
    """
    points = points.assign(group=theme.strategy_column(points["strategy"], language))
    colour, shape = theme.strategy_scales(points["group"], language)
    chosen = theme.chooser("group")
    color = alt.Color("group:N", scale=colour, legend=theme.strategy_legend())
    form = alt.Shape("group:N", scale=shape, legend=theme.strategy_legend())
    drawn = []
    for panel, row in panels.iterrows():
        under = f"{row['y']} against {row['x']}"
        note = f", {FRAMES[row['kind']][1]}" if row.get("kind") in FRAMES else ""
        tooltip = [
            alt.Tooltip("name:N", title="Model"),
            alt.Tooltip("group:N", title="Training"),
            alt.Tooltip("x:Q", title=str(row["x"]), format=".3f"),
            alt.Tooltip("y:Q", title=str(row["y"]), format=".3f"),
        ]
        base = alt.Chart(points[points["panel"] == panel][["name", "group", "x", "y"]])
        drawn.append(
            base.mark_point(filled=True, size=46)
            .encode(
                x=alt.X(
                    "x:Q",
                    scale=alt.Scale(domain=theme.padded(base.data["x"]), nice=False),
                    axis=alt.Axis(title=str(row["x"]), tickCount=4, format="~g"),
                ),
                y=alt.Y(
                    "y:Q",
                    scale=alt.Scale(domain=theme.padded(base.data["y"]), nice=False),
                    axis=alt.Axis(title=str(row["y"]), tickCount=4, format="~g"),
                ),
                color=color,
                shape=form,
                opacity=theme.faded(chosen),
                tooltip=tooltip,
            )
            .properties(
                width=size,
                height=size - 30,
                title=alt.TitleParams(f"r {theme.interval(row)}", subtitle=(note[2:] or under), fontSize=13, offset=8),
            )
        )
    drawn[0] = drawn[0].add_params(chosen)
    chart = alt.concat(*drawn, columns=3)
    return theme.finish(
        chart, title=title, subtitle=subtitle, fit={"columns": 3, "least": 200, "gap": 82, "margin": 0, "most": 320}
    )
