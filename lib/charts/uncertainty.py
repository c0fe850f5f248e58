"""Figures of how far numbers can be trusted: resampled lineages, coverage, power and reliability."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from . import theme
from .factors import row_axis, side_fill


def lineage_draws(
    models: pd.DataFrame,
    draws: Mapping[str, Mapping[str, int]],
    *,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.FacetChart:
    """The models by lineage, and some samples in which whole lineages appear twice or not at all.

    Parameters
    ----------
    models : DataFrame with columns name and lineage.
    draws : heading of a sample -> how often each lineage is in it.
    """
    size = models["lineage"].value_counts(sort=False)
    order = list(size.sort_values(ascending=False, kind="stable").index)
    place = models.groupby("lineage").cumcount()
    rows = [
        {
            "panel": heading,
            "name": name,
            "lineage": lineage,
            "row": order.index(lineage),
            "place": at,
            "times": int(times.get(lineage, 0)),
            "mark": "left out" if not times.get(lineage, 0) else "taken",
            "more": f"\N{MULTIPLICATION SIGN}{times[lineage]}"
            if times.get(lineage, 0) > 1 and at == size[lineage] - 1
            else "",
        }
        for heading, times in draws.items()
        for name, lineage, at in zip(models["name"], models["lineage"], place, strict=True)
    ]
    base = alt.Chart(pd.DataFrame(rows))
    widest = int(size.max())
    x = alt.X("place:Q", scale=alt.Scale(domain=[-0.7, widest + 1.6], nice=False), axis=None)
    y = row_axis("row:Q", {at: str(lineage) for at, lineage in enumerate(order)})
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("lineage:N", title="Lineage"),
        alt.Tooltip("times:Q", title="Times in the sample"),
    ]
    dots = base.mark_point(filled=True, size=34, stroke=theme.INK, strokeWidth=1, opacity=1).encode(
        x=x,
        y=y,
        tooltip=tips,
        fill=alt.Fill(
            "mark:N",
            scale=alt.Scale(domain=["taken", "left out"], range=[theme.INK, theme.PAGE]),
            legend=alt.Legend(
                title=None,
                orient="top",
                direction="horizontal",
                symbolType="circle",
                symbolStrokeColor=theme.INK,
                symbolStrokeWidth=1,
                symbolSize=50,
                offset=14,
            ),
        ),
        strokeOpacity=alt.condition("datum.times > 0", alt.value(1), alt.value(0.35)),
    )
    words = base.mark_text(align="left", dx=7, fontSize=12, fontWeight=600, color=theme.INK).encode(
        x=x, y=y, text="more:N"
    )
    chart = (
        alt.layer(dots, words)
        .properties(width=120, height=19 * len(order))
        .facet(
            column=alt.Column("panel:N", sort=list(draws), title=None, header=alt.Header(labelAnchor="start")),
            spacing=18,
        )
    )
    return theme.finish(
        chart,
        title=title,
        subtitle=subtitle,
        least=110 + 100 * len(draws),
        fit={"columns": len(draws), "fixed": True, "least": 84, "gap": 18, "margin": 110, "most": 210},
    )


def coverage(
    table: pd.DataFrame,
    *,
    band: tuple[float, float],
    level: float,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.FacetChart:
    """How often intervals hold a known truth: a panel a world, a block of rows a statistic, a row a kind of interval.

    Parameters
    ----------
    table : DataFrame with a row a world, statistic and kind: world (heading), statistic, kind (row's name), shown
        (whether it is the interval that the book shows), value and, for Monte Carlo error, low and high.
    band : what counts as right.     level : what the intervals promise.
    """
    labels, heads, place = {}, [], {}
    for statistic in dict.fromkeys(table["statistic"]):
        heads.append(len(labels))
        labels[len(labels)] = str(statistic)
        for kind in dict.fromkeys(table["kind"]):
            place[statistic, kind] = len(labels)
            labels[len(labels)] = str(kind)
    worlds = list(dict.fromkeys(table["world"]))
    data = table.assign(
        row=[place[key] for key in zip(table["statistic"], table["kind"], strict=True)],
        mark=np.where(table["shown"], "interval of this book", "for comparison"),
        said=[f"{row['value']:.1%} ({row['low']:.1%} to {row['high']:.1%})" for row in table.to_dict("records")],
        floor=band[0],
        ceiling=band[1],
        promised=level,
    )
    data = data[
        ["world", "statistic", "kind", "mark", "value", "low", "high", "row", "said", "floor", "ceiling", "promised"]
    ]
    x_domain = [min(float(data["low"].min()) - 0.02, band[0] - 0.05), 1.005]
    scale = alt.Scale(domain=x_domain, nice=False, zero=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=None, values=[0.2, 0.4, 0.6, 0.7, 0.8, 0.9], format=".0%"))
    y = row_axis("row:Q", labels, heads)
    base = alt.Chart(data)
    tips = [
        alt.Tooltip("statistic:N", title="Number"),
        alt.Tooltip("kind:N", title="Interval"),
        alt.Tooltip("world:N", title="World"),
        alt.Tooltip("said:N", title="Holds the truth"),
    ]
    once = base.transform_filter(f"datum.row === {int(data['row'].min())}")
    allowed = once.mark_rect(color=theme.GRID, opacity=0.9).encode(x=alt.X("floor:Q", scale=scale), x2="ceiling:Q")
    line = once.mark_rule(color=theme.QUIET, strokeDash=[4, 3], strokeWidth=1.4).encode(
        x=alt.X("promised:Q", scale=scale)
    )
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, tooltip=tips
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, stroke=theme.INK, strokeWidth=1.6).encode(
        x=x,
        y=y,
        tooltip=tips,
        fill=alt.Fill(
            "mark:N",
            scale=alt.Scale(domain=["interval of this book", "for comparison"], range=[theme.INK, theme.PAGE]),
            legend=alt.Legend(
                title=None,
                orient="top",
                direction="horizontal",
                symbolType="circle",
                symbolStrokeColor=theme.INK,
                symbolStrokeWidth=1.6,
                symbolSize=70,
                offset=14,
            ),
        ),
    )
    chart = (
        alt.layer(allowed, line, rules, dots)
        .properties(width=170, height=19 * len(labels))
        .facet(
            column=alt.Column("world:N", sort=worlds, title=None, header=alt.Header(labelAnchor="start")), spacing=18
        )
    )
    return theme.finish(
        chart,
        title=title,
        subtitle=subtitle,
        least=170 + 118 * len(worlds),
        fit={"columns": len(worlds), "fixed": True, "least": 96, "gap": 18, "margin": 170, "most": 240},
    )


#: Below zero per cent lie the rows of the study's own pairs.
_ROWS = "datum.value < -0.14 ? '{1}' : datum.value < 0 ? '{0}' : format(datum.value, '.0%')"


def power(
    curves: pd.DataFrame,
    limits: pd.DataFrame,
    observed: pd.DataFrame,
    *,
    wanted: float = 0.8,
    title: str | None = None,
    subtitle: str | None = None,
    height: int = 340,
) -> alt.LayerChart:
    """Chance to tell a correlation from zero against its true size; ticks below are the study's own pairs.

    Parameters
    ----------
    curves : DataFrame with columns kind (name of the line), r, power.
    limits : DataFrame: kind, r (where the line reaches the wanted power), said.
    observed : DataFrame: pair (its name), r (absolute), told ("yes" or "no"), said.
    wanted : the power that counts as enough.
    """
    kinds = list(dict.fromkeys(curves["kind"]))
    x = alt.X(
        "r:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(title="Size of the true correlation, |r|", tickCount=6, format=".1f"),
    )
    rows = {"yes": (-0.1, "told"), "no": (-0.18, "not told")}
    y_scale = alt.Scale(domain=[-0.23, 1.02], nice=False)
    y = alt.Y(
        "power:Q",
        scale=y_scale,
        axis=theme.upright(
            "Chance to tell it from zero",
            values=[*(place for place, _ in rows.values()), 0, 0.2, 0.4, 0.6, 0.8, 1],
            labelExpr=_ROWS.format(*(word for _, word in rows.values())),
        ),
    )
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[[1, 0], [6, 4], [2, 3]][: len(kinds)]),
        legend=alt.Legend(
            title=None,
            orient="top",
            direction="horizontal",
            symbolStrokeColor=theme.INK,
            symbolStrokeWidth=2,
            symbolSize=300,
            symbolType="stroke",
            offset=34,
        ),
    )
    enough = (
        alt.Chart(pd.DataFrame({"wanted": [wanted]}))
        .mark_rule(color=theme.QUIET, strokeWidth=1, strokeDash=[3, 3])
        .encode(y=alt.Y("wanted:Q", scale=y_scale))
    )
    lines = (
        alt.Chart(curves[["kind", "r", "power"]])
        .mark_line(color=theme.INK, strokeWidth=2.2)
        .encode(x=x, y=y, strokeDash=dash)
    )
    at = alt.Chart(limits.assign(power=wanted)[["kind", "r", "power", "said"]])
    tips = [alt.Tooltip("kind:N", title="If"), alt.Tooltip("said:N", title="Smallest |r| told from zero")]
    dots = at.mark_point(filled=True, size=90, color=theme.INK, opacity=1).encode(x=x, y=y, tooltip=tips)
    words = at.mark_text(align="right", dx=-9, dy=-9, fontSize=13, fontWeight=600, color=theme.INK).encode(
        x=x, y=y, text="said:N"
    )
    seen = observed.assign(y=[rows[each][0] for each in observed["told"]])
    ticks = (
        alt.Chart(seen[["pair", "r", "told", "said", "y"]])
        .mark_tick(thickness=1.6, size=13, color=theme.INK, opacity=0.5)
        .encode(
            x=x,
            y=alt.Y("y:Q", scale=y_scale),
            tooltip=[
                alt.Tooltip("pair:N", title="Pair"),
                alt.Tooltip("said:N", title="r"),
                alt.Tooltip("told:N", title="Told from zero"),
            ],
        )
    )
    chart = alt.layer(enough, lines, dots, words, ticks).properties(width="container", height=height)
    return theme.finish(chart, title=title, subtitle=subtitle, least=420)


def reliability(
    table: pd.DataFrame,
    benchmarks: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """How much of the differences between models is more than the choice of items; the margin has each score's error.

    Filled dots are benchmarks in the study's language, hollow ones English.

    Parameters
    ----------
    table : DataFrame, index benchmark in the order to draw: value, low, high, error (of one score), items.
    benchmarks : DataFrame, index benchmark; columns name, language.
    """
    order = {place: each for place, each in enumerate(table.index)}
    data = table.rename_axis("benchmark").reset_index()
    data = data.assign(
        row=range(len(data)),
        name=data["benchmark"].map(benchmarks["name"]),
        said=[theme.interval(row) for row in table.to_dict("records")],
        side=np.where(data["benchmark"].map(benchmarks["language"]) == "local", language, "English"),
        margin=[_margin(row) for row in table.to_dict("records")],
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domain=[max(-0.25, min(float(data["low"].min()), float(data["value"].min())) - 0.03), 1.01],
            nice=False,
            clamp=True,
        ),
        axis=alt.Axis(
            title="Share of the differences between models that other items would confirm", format=".0%", tickCount=6
        ),
    )
    y = row_axis("row:Q", {place: str(benchmarks.loc[each, "name"]) for place, each in order.items()})
    tips = [
        alt.Tooltip("name:N", title="Benchmark"),
        alt.Tooltip("said:N", title="Reliability"),
        alt.Tooltip("margin:N", title="A score's standard error"),
    ]
    base = alt.Chart(data[["name", "side", "value", "low", "high", "row", "said", "margin"]])
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8, clip=True).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tips
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, stroke=theme.INK, strokeWidth=1.8).encode(
        x=x, y=y, tooltip=tips, fill=side_fill(language)
    )
    side = base.mark_point(opacity=0).encode(
        y=row_axis("row:Q", dict(enumerate(data["margin"])), orient="right", grid=False)
    )
    chart = (
        alt.layer(alt.layer(rules, dots), side)
        .resolve_axis(y="independent")
        .properties(width="container", height=23 * len(data))
    )
    return theme.finish(chart, title=title, subtitle=subtitle, least=480)


def _margin(row: Mapping) -> str:
    """A score's standard error and, where known, the number of items behind it."""
    items = "" if pd.isna(row["items"]) else f", {row['items']:,.0f} items"
    return f"\N{PLUS-MINUS SIGN}{row['error']:.3f}{items}"
