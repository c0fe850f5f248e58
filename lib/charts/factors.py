"""How many abilities are there?  The strength of each component against what unrelated benchmarks
reach."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import theme
from .figure import Figure

#: Components beyond these say the same as the last ones.
SHOWN = 8
TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]


def scree(
    strength: Estimates,
    status: Mapping[str, str] | pd.Series,
    *,
    shown: int = SHOWN,
    height: int = 340,
) -> Figure:
    """Eigenvalues against what unrelated benchmarks would give, with the words *real*, *shaky*,
    *weak* and *noise* on it.

    Parameters
    ----------
    strength : by component, with columns threshold and retained (see `components.strength`), and
        left where it is known what the components before each leave.
    status : component -> real, shaky, weak, noise; one that was not looked at is shaky where it was
    retained, else noise.
    """
    table = _described(strength.frame.head(shown), status)
    floor = float(min(table["threshold"].min(), table["value"].clip(lower=1e-6).min())) * 0.7
    ceiling = float(table[["value", "threshold", "high"]].max(axis=None)) * 1.35
    scale = alt.Scale(type="log", domain=[floor, ceiling], nice=False)
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[0.5, len(table) + 0.75], nice=False),
        axis=alt.Axis(
            title="Component",
            values=list(table["place"]),
            labelExpr="'PC' + datum.label",
            grid=False,
        ),
    )
    axis = theme.upright("Strength (eigenvalue, in benchmarks)", values=TICKS, format=theme.PLAIN)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    layers = [_noise(table, x, scale, floor), _left(table, x), *_strengths(table, x, y)]
    layers += _corner(height)
    said = "; ".join(
        f"{row['component']} {row['said']} against {row['limit']}, {row['status']}"
        for row in table.to_dict("records")
    )
    return Figure(
        theme.finish(alt.layer(*layers).properties(width="container", height=height)),
        table[["component", "value", "low", "high", "threshold", "left", "status"]],
        f"Strength of each component against the strength that unrelated benchmarks reach: {said}.",
    )


def _described(frame: pd.DataFrame, status: Mapping[str, str]) -> pd.DataFrame:
    table = (
        frame.reindex(columns=["value", "low", "high", "threshold", "retained", "left"])
        .rename_axis("component")
        .reset_index()
    )
    kept = dict(
        zip(table["component"], table["retained"].map({True: "shaky", False: "noise"}), strict=True)
    )
    return table.assign(
        place=range(1, len(table) + 1),
        status=[status.get(component, kept[component]) for component in table["component"]],
        said=[
            words.interval(row["value"], row.get("low"), row.get("high"))
            for row in table.to_dict("records")
        ],
        limit=[words.number(value, words.DECIMALS) for value in table["threshold"]],
    )


def _noise(table: pd.DataFrame, x: alt.X, scale: alt.Scale, floor: float) -> alt.Chart:
    """The band that unrelated benchmarks reach, from edge to edge."""
    ends = pd.concat(
        [table.iloc[[0]].assign(place=0.5), table, table.iloc[[-1]].assign(place=len(table) + 0.75)]
    )
    edge = {"color": theme.QUIET, "strokeDash": [5, 4], "strokeWidth": 1.4}
    band = alt.Chart(ends[["place", "threshold"]].assign(floor=floor)).mark_area(
        color=theme.GRID, opacity=0.75, line=edge
    )
    return band.encode(x=x, y=alt.Y("threshold:Q", scale=scale), y2="floor:Q")


def _left(table: pd.DataFrame, x: alt.X) -> alt.Chart:
    """A bar across each component where it is known what those before it leave."""
    tip = alt.Tooltip("left:Q", title="Those before it leave", format=".2f")
    bars = alt.Chart(table).transform_filter("isValid(datum.left)")
    return bars.mark_tick(color=theme.QUIET, thickness=2.5, size=34).encode(
        x=x, y="left:Q", tooltip=tip
    )


def _strengths(table: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A line through all, intervals, dots (filled for real ones), and the word on all that is not
    noise."""
    base = alt.Chart(table)
    tips = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (
            ("component", "Component"),
            ("said", "Strength"),
            ("limit", "Unrelated benchmarks reach"),
            ("status", "So it is"),
        )
    ]
    fill = alt.condition("datum.status === 'real'", alt.value(theme.INK), alt.value(theme.PAGE))
    return [
        base.mark_line(color=theme.INK, strokeWidth=1.2, opacity=0.5).encode(x=x, y=y),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=theme.INK, strokeWidth=2)
        .encode(x=x, y="low:Q", y2="high:Q"),
        base.mark_point(size=110, filled=True, opacity=1, strokeWidth=2, stroke=theme.INK).encode(
            x=x, y=y, tooltip=tips, fill=fill
        ),
        base.transform_filter("datum.status !== 'noise'")
        .mark_text(
            align="left",
            dx=12,
            dy=-2,
            baseline="bottom",
            fontSize=14,
            fontWeight=600,
            color=theme.INK,
        )
        .encode(x=x, y=y, text="status:N"),
    ]


def _corner(height: int) -> list[alt.Chart]:
    """Below the threshold of the first components lies nothing but noise: room for the words."""
    words = (("noise", 28, 14, 600), ("as far as unrelated benchmarks reach", 12, 12, 400))
    return [
        alt.Chart(pd.DataFrame({"word": [word]}))
        .mark_text(
            align="left",
            baseline="bottom",
            x=10,
            y=height - down,
            fontSize=size,
            fontWeight=weight,
            color=theme.QUIET,
        )
        .encode(text="word:N")
        for word, down, size, weight in words
    ]
