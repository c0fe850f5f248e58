"""The figure of claims: each test's interval beside the values at which the claim would hold."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from lib import words

from . import theme
from .figure import Figure
from .rows import row_axis

#: Verdict -> (shape, filled): told apart without colour.
MARKS = {
    "supported": ("circle", theme.INK),
    "undecided": ("circle", theme.PAGE),
    "contradicted": ("triangle-down", theme.INK),
}
#: Pixels: the width of a column, the height of a claim.
WIDTH, ROW = 190, 31


def verdicts(numbers: pd.DataFrame, panels: Mapping[str, str]) -> Figure:
    """Intervals against thresholds, a row a claim, a column a panel of models; a pale band is where
    the claim holds.

    Parameters
    ----------
    numbers : DataFrame, a row a result that a test rests on, claims in the order to draw
        (`summary.claims.numbers`): short (what the claim is called), panel, what (the result in
        words), value, low, high, verdict (of the test), above, below (ends of the region in which
        the claim holds, one or both).
    panels : panel -> heading of its column, in order.  Columns have their own scales.
    """
    order = {claim: row for row, claim in enumerate(dict.fromkeys(numbers["short"]))}
    headings = {panel: head for panel, head in panels.items() if (numbers["panel"] == panel).any()}
    placed = [_placed(numbers[numbers["panel"] == panel], order) for panel in headings]
    data = pd.concat(placed, ignore_index=True).drop(columns="estimate", errors="ignore")
    data["column"] = data["panel"].map(headings)
    data["said"] = [words.interval(row.value, row.low, row.high) for row in data.itertuples()]
    chart = alt.layer(*_layers(data, dict(enumerate(order)))).properties(
        width=WIDTH, height=ROW * len(order)
    )
    column = alt.Column(
        "column:N", sort=list(headings.values()), title=None, header=alt.Header(labelAnchor="start")
    )
    chart = chart.facet(column=column, spacing=18).resolve_scale(x="independent")
    fit = {
        "columns": len(headings),
        "fixed": True,
        "least": 110,
        "gap": 18,
        "margin": WIDTH,
        "most": 280,
    }
    return Figure(
        theme.finish(chart, least=WIDTH + 128 * len(headings), fit=fit),
        numbers.drop(columns="estimate", errors="ignore"),
        _described(numbers, headings),
    )


def _layers(data: pd.DataFrame, names: Mapping[int, str]) -> list[alt.Chart]:
    """Bands, intervals and marks, from the back to the front."""
    scale, axis = (
        alt.Scale(nice=False, zero=False, padding=0),
        alt.Axis(title=None, tickCount=4, format=".2~f"),
    )
    y, top = (row_axis(f"{field}:Q", names, labelOverlap=False) for field in ("y", "top"))
    shown = {"short": "Claim", "what": "Measured", "said": "Value", "verdict": "So it is"}
    tips = [alt.Tooltip(f"{field}:N", title=title) for field, title in shown.items()]
    base = alt.Chart(data)
    bands = base.mark_rect(color=theme.GRID, opacity=0.9).encode(
        x=alt.X("start:Q", scale=scale, axis=axis), x2="end:Q", y=top, y2="bottom:Q", tooltip=tips
    )
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, tooltip=tips
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, strokeWidth=1.6).encode(
        x=alt.X("value:Q", scale=scale, axis=axis), y=y, tooltip=tips, **_looks(data)
    )
    return [bands, rules, dots]


def _looks(data: pd.DataFrame) -> dict:
    """A shape and a fill for each verdict that is there."""
    found = [word for word in MARKS if (data["verdict"] == word).any()]
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolSize=80,
        symbolStrokeWidth=1.6,
        offset=14,
    )

    def scale(values):
        return alt.Scale(domain=found, range=list(values))

    return {
        "shape": alt.Shape(
            "verdict:N", legend=legend, scale=scale(MARKS[word][0] for word in found)
        ),
        "fill": alt.Fill("verdict:N", legend=legend, scale=scale(MARKS[word][1] for word in found)),
        "stroke": alt.Stroke("verdict:N", legend=legend, scale=scale(theme.INK for _ in found)),
    }


def _placed(part: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    """Results of one panel in their rows, several of a claim above each other, with the band in
    which the claim holds."""
    rank = part.groupby("short").cumcount()
    size = part.groupby("short")["what"].transform("size")
    step = 0.8 / size
    centre = part["short"].map(order) - 0.4 + step * (rank + 0.5)
    edges = theme.padded(
        part["value"], part["low"], part["high"], part["above"], part["below"], share=0.04
    )
    return part.assign(
        y=centre,
        top=centre - step / 2,
        bottom=centre + step / 2,
        start=np.where(part["above"].isna(), edges[0], part["above"]),
        end=np.where(part["below"].isna(), edges[1], part["below"]),
    )


def _described(numbers: pd.DataFrame, headings: Mapping[str, str]) -> str:
    tests = numbers.drop_duplicates(["short", "panel"])
    said = "; ".join(
        f"{row.short}, {headings[row.panel].lower()}: {row.verdict}" for row in tests.itertuples()
    )
    return f"Intervals against the region in which each claim holds. {said}."
