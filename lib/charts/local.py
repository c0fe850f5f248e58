"""Figures of local ability: the local composite against the English one, what carries it, and who has most of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import maps, theme
from .factors import row_axis

#: Where no strategy is known, all models share one quiet mark and no legend is shown.
PLAIN = "circle"
#: Models shown at each end of a ranking that is too long for one figure, and the most that it may hold.
ENDS, LONGEST = 15, 40


def composites(points: pd.DataFrame, curve: pd.DataFrame, language: str, *, outliers: Sequence = (), most: int = 14,
               height: int = 480, title: str | None = None, subtitle: str | None = None) -> alt.LayerChart:
    """Each model's local composite against its English one, the smooth curve, and the distance to it.

    Parameters
    ----------
    points : DataFrame, index model: name, strategy, english, local, fitted (the curve at its english); local ability
        as value, low, high.
    curve : DataFrame, english and local, in ascending order of english.
    outliers : models to name and to join with the curve by a line, the farthest first; at most `most` are.
    """
    outliers = list(outliers)[:most]
    points = _grouped(points, language).rename_axis("model").reset_index()
    points = points.assign(x=points["english"], y=points["local"])
    domain_x = theme.padded(points["x"], share=0.07)
    domain_y = theme.padded(points["y"], curve["local"], share=0.07)
    x = alt.X("x:Q", scale=alt.Scale(domain=domain_x, nice=False),
              axis=alt.Axis(title="English composite (mean standardised score) \N{RIGHTWARDS ARROW}", tickCount=8))
    y = alt.Y("y:Q", scale=alt.Scale(domain=domain_y, nice=False),
              axis=theme.upright(f"\N{UPWARDS ARROW} {language} composite", tickCount=6))
    chosen = theme.chooser("group")
    marks = _marks(alt.Chart(points), points, language, chosen, 95, 34).encode(x=x, y=y, tooltip=_tips("x:Q", "y:Q", language))
    line = alt.Chart(curve.rename(columns={"english": "x", "local": "y"})).mark_line(
        color=theme.INK, strokeWidth=2).encode(x=x, y=y)
    named = points[points["model"].isin(outliers)]
    gaps = alt.Chart(named[["x", "y", "fitted"]]).mark_rule(color=theme.QUIET, strokeWidth=1.2, strokeDash=[3, 3]).encode(
        x=x, y=y, y2="fitted:Q")
    layers = [line, gaps, marks, *_names(points, curve, outliers, chosen, domain_x, domain_y, most, height)]
    return theme.finish(alt.layer(*layers).properties(width="container", height=height), title=title, subtitle=subtitle,
                        still=900)


def _grouped(points: pd.DataFrame, language: str) -> pd.DataFrame:
    """With the legend's name of the strategy, and local ability as text."""
    return points.assign(group=theme.strategy_column(points["strategy"], language),
                         said=[theme.interval(row, plus=True) for row in points.to_dict("records")])


def _marks(base: alt.Chart, points: pd.DataFrame, language: str, chosen: alt.Parameter, size: int, offset: int) -> alt.Chart:
    """Marks by strategy with a legend; plain ones where no strategy is known."""
    if set(points["group"]) == {theme.strategy_names(language)["unknown"]}:
        return base.mark_point(filled=True, size=size, shape=PLAIN, color=theme.QUIET, stroke=theme.PAGE, strokeWidth=0.8,
                               opacity=1).add_params(chosen)
    colour, shape = theme.strategy_scales(points["group"], language)
    legend = theme.strategy_legend(offset)
    return base.mark_point(filled=True, size=size, stroke=theme.PAGE, strokeWidth=0.8).encode(
        color=alt.Color("group:N", scale=colour, legend=legend), shape=alt.Shape("group:N", scale=shape, legend=legend),
        opacity=theme.faded(chosen)).add_params(chosen)


def _tips(x: str, y: str, language: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("name:N", title="Model"), alt.Tooltip("group:N", title="Training"),
            alt.Tooltip(x, title="English composite", format=".2f"),
            alt.Tooltip(y, title=f"{language} composite", format=".2f"), alt.Tooltip("said:N", title="Local ability")]


def _names(points, curve, outliers, chosen, domain_x, domain_y, most, height) -> list[alt.Chart]:
    """Labels that touch no mark, neither the curve nor the lines to it: these take part as nameless marks."""
    place = {model: row for row, model in enumerate(points["model"])}
    order = [place[model] for model in outliers if model in place]
    bend = curve.iloc[:: max(1, len(curve) // 24)].rename(columns={"english": "x", "local": "y"})
    ends = points.iloc[order].assign(y=lambda table: table["fitted"])
    scene = pd.concat([points, *(extra[["x", "y"]].assign(name="", group="") for extra in (bend, ends))], ignore_index=True)
    count = len(points)
    segments = [(count + k, count + k + 1) for k in range(len(bend) - 1)]
    segments += [(row, count + len(bend) + k) for k, row in enumerate(order)]
    # A segment's own end is a mark of the model it belongs to, so only lines of others and the curve are in the way.
    return maps.names(scene, order, chosen, (domain_x, domain_y), height, most, segments)


def carriers(table: pd.DataFrame, language: str, *, marked: str = "knowledge", title: str | None = None,
             subtitle: str | None = None) -> alt.LayerChart:
    """How strongly each benchmark carries local ability, with its interval, on the band that chance alone reaches.

    Parameters
    ----------
    table : DataFrame, a row a benchmark in the order to draw: name, ability, language ("local", "english"), value, low,
        high, and null_low, null_high (the band of a permutation null).  English ones are drawn below, apart.
    marked : the ability whose benchmarks get a mark of their own.
    """
    parts = [(f"{language} tasks", table[table["language"] == "local"]),
             ("English tasks, apart: their remainders cancel", table[table["language"] == "english"])]
    names, heads, placed = {}, [], []
    for head, part in parts:
        if len(part):
            heads.append(len(names))
            names[len(names)] = head
            placed.append(part.assign(row=range(len(names), len(names) + len(part))))
            names |= {int(row["row"]): f"{row['name']} \N{MIDDLE DOT} {row['ability']}" for _, row in placed[-1].iterrows()}
    data = pd.concat(placed).rename_axis("benchmark").reset_index()
    shown = ((marked[0].upper() + marked[1:] + " task"), "other task", "English task")
    data["kind"] = np.select([data["language"] == "english", data["ability"] == marked], [shown[2], shown[0]], shown[1])
    data = data.assign(top=data["row"] - 0.42, bottom=data["row"] + 0.42, said=[theme.interval(row) for row in data.to_dict("records")],
                       chance=[f"{theme.signed(row['null_low'])} to {theme.signed(row['null_high'])}" for row in data.to_dict("records")])
    domain = theme.padded(data["value"], data["low"], data["high"], data["null_low"], [0.0], share=0.03)
    scale = alt.Scale(domain=[max(domain[0], -1.02), min(domain[1], 1.02)], nice=False)
    axis = alt.Axis(title=theme.lines(f"Correlation with what the other {language} tasks hold beyond English", 46), tickCount=6,
                    format=".1f")
    tips = [alt.Tooltip("name:N", title="Benchmark"), alt.Tooltip("ability:N", title="Kind of task"),
            alt.Tooltip("said:N", title="Carries"), alt.Tooltip("chance:N", title="Chance alone reaches")]
    y = row_axis("row:Q", names, heads, labelOverlap=False)
    base = alt.Chart(data)
    band = base.mark_rect(color=theme.GRID).encode(x=alt.X("null_low:Q", scale=scale, axis=axis), x2="null_high:Q",
                                                   y=row_axis("top:Q", names, heads, labelOverlap=False), y2="bottom:Q", tooltip=tips)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=theme.QUIET).encode(x=alt.X("zero:Q", scale=scale, axis=axis))
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y,
                                                                    tooltip=tips)
    found = [kind for kind in shown if (data["kind"] == kind).any()]
    looks = dict(zip(shown, (("diamond", theme.INK), ("circle", theme.INK), ("circle", theme.PAGE)), strict=True))
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=90, symbolStrokeWidth=1.8, offset=14)
    dots = base.mark_point(filled=True, opacity=1, size=80, strokeWidth=1.8).encode(
        x=alt.X("value:Q", scale=scale, axis=axis), y=y, tooltip=tips,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=found, range=[looks[kind][0] for kind in found]), legend=legend),
        fill=alt.Fill("kind:N", scale=alt.Scale(domain=found, range=[looks[kind][1] for kind in found]), legend=legend),
        stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=found, range=[theme.INK] * len(found)), legend=legend))
    chart = alt.layer(band, zero, rules, dots).properties(width="container", height=24 * len(names))
    return theme.finish(chart, title=title, subtitle=subtitle, still=820, least=480, inset=200)


def ranking(table: pd.DataFrame, language: str, *, notes: Mapping | None = None,
            title: str | None = None, subtitle: str | None = None) -> alt.LayerChart:
    """Models by local ability, the highest on top, with intervals; of a long ranking only both ends.

    Parameters
    ----------
    table : DataFrame, index model, in descending order of value: name, strategy, value, low, high.
    notes : model -> a few words at the right margin (an exception, say).
    """
    rows = _grouped(table.assign(rank=range(1, len(table) + 1)), language).rename_axis("model").reset_index()
    keep = list(range(len(rows)))
    if len(rows) > LONGEST:
        keep = [place for place in keep if place < ENDS or place >= len(rows) - ENDS]
    shown = rows.iloc[keep].assign(row=range(len(keep)))
    if len(keep) < len(rows):
        shown["row"] += (np.arange(len(keep)) >= ENDS).astype(int)
    names = {int(row["row"]): f"{row['name']}  {row['rank']}" for row in shown.to_dict("records")}
    heads = [place for place in range(max(names) + 1) if place not in names]
    names |= {place: f"{len(rows) - len(keep)} models between" for place in heads}
    words = {int(row["row"]): (notes or {}).get(row["model"], "") for row in shown.to_dict("records")}
    domain = theme.padded(shown["value"], shown["low"], shown["high"], [0.0], share=0.03)
    x = alt.Scale(domain=domain, nice=False)
    axis = alt.Axis(title=theme.lines(f"Local ability: {language} composite beyond what English suggests", 46), tickCount=6,
                    labelExpr="(datum.value > 0 ? '+' : '') + datum.label", format=".2~f")
    y = row_axis("row:Q", dict(sorted(names.items())), heads, labelOverlap=False)
    chosen = theme.chooser("group")
    base = alt.Chart(shown[["name", "group", "value", "low", "high", "said", "row", "rank"]])
    tips = [alt.Tooltip("name:N", title="Model"), alt.Tooltip("group:N", title="Training"), alt.Tooltip("rank:Q", title="Rank"),
            alt.Tooltip("said:N", title="Local ability")]
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=theme.INK, strokeWidth=1.4).encode(x=alt.X("zero:Q", scale=x, axis=axis))
    rules = base.mark_rule(color=theme.QUIET, strokeWidth=1.6).encode(
        x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y, tooltip=tips, opacity=theme.faded(chosen))
    dots = _marks(base, shown, language, chosen, 85, 14).encode(x=alt.X("value:Q", scale=x, axis=axis), y=y, tooltip=tips)
    margin = base.mark_point(opacity=0).encode(y=row_axis("row:Q", dict(sorted(words.items())), orient="right", grid=False, labelOverlap=False))
    plain = alt.layer(zero, rules, dots)
    chart = alt.layer(plain, margin).resolve_axis(y="independent") if any(words.values()) else plain
    return theme.finish(chart.properties(width="container", height=18 * (max(names) + 1)), title=title, subtitle=subtitle,
                        still=820, least=520, inset=190)
