"""The figure of claims: each test's interval beside the values at which the claim would hold."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from . import theme
from .factors import row_axis

#: Verdict -> (shape, filled): told apart without colour.
MARKS = {"supported": ("circle", theme.INK), "undecided": ("circle", theme.PAGE), "contradicted": ("triangle-down", theme.INK)}


def verdicts(table: pd.DataFrame, panels: Mapping[str, str], *, title: str | None = None, subtitle: str | None = None) -> alt.FacetChart:
    """Intervals against thresholds, a row a claim, a column a panel of models; a pale band is where the claim holds.

    Parameters
    ----------
    table : DataFrame, a row a result that a test rests on, claims in the order to draw: claim (its short name), panel,
        what (the result in words), value, low, high, verdict (of the test), above, below (its threshold, one or both).
    panels : panel -> heading of its column, in order.  Columns have their own scales.
    """
    order = {claim: row for row, claim in enumerate(dict.fromkeys(table["claim"]))}
    data = pd.concat([_placed(part, order) for panel in panels for part in [table[table["panel"] == panel]] if len(part)], ignore_index=True)
    data["column"] = data["panel"].map(panels)
    data["said"] = [theme.interval(row) for row in data.to_dict("records")]
    x = alt.Scale(nice=False, zero=False, padding=0)
    axis = alt.Axis(title=None, tickCount=4, format=".2~f")
    names = dict(enumerate(order))
    y = row_axis("y:Q", names, labelOverlap=False)
    tooltip = [alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("what:N", title="Measured"), alt.Tooltip("said:N", title="Value"),
               alt.Tooltip("verdict:N", title="So it is")]
    base = alt.Chart(data)
    bands = base.mark_rect(color=theme.GRID, opacity=0.9).encode(
        x=alt.X("start:Q", scale=x, axis=axis), x2="end:Q", y=row_axis("top:Q", names, labelOverlap=False), y2="bottom:Q", tooltip=tooltip)
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y, tooltip=tooltip)
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=80, symbolStrokeWidth=1.6, offset=14)
    found = [word for word in MARKS if (data["verdict"] == word).any()]
    dots = base.mark_point(filled=True, size=70, opacity=1, strokeWidth=1.6).encode(
        x=alt.X("value:Q", scale=x, axis=axis), y=y, tooltip=tooltip,
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=found, range=[MARKS[word][0] for word in found]), legend=legend),
        fill=alt.Fill("verdict:N", scale=alt.Scale(domain=found, range=[MARKS[word][1] for word in found]), legend=legend),
        stroke=alt.Stroke("verdict:N", scale=alt.Scale(domain=found, range=[theme.INK] * len(found)), legend=legend))
    chart = alt.layer(bands, rules, dots).properties(width=190, height=31 * len(order)).facet(
        column=alt.Column("column:N", sort=list(panels.values()), title=None, header=alt.Header(labelAnchor="start")), spacing=18).resolve_scale(x="independent")
    count = data["column"].nunique()
    return theme.finish(chart, title=title, subtitle=subtitle, least=190 + 128 * count,
                        fit={"columns": count, "fixed": True, "least": 110, "gap": 18, "margin": 190, "most": 280})


def _placed(part: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    """Results of one panel in their rows, several of a claim above each other, with the band in which the claim holds."""
    rank = part.groupby("claim").cumcount()
    size = part.groupby("claim")["what"].transform("size")
    step = 0.8 / size
    centre = part["claim"].map(order) - 0.4 + step * (rank + 0.5)
    edges = theme.padded(part["value"], part["low"], part["high"], part["above"], part["below"], share=0.04)
    return part.assign(y=centre, top=centre - step / 2, bottom=centre + step / 2, start=np.where(part["above"].isna(), edges[0], part["above"]),
                       end=np.where(part["below"].isna(), edges[1], part["below"]))
