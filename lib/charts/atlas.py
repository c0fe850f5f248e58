"""Figures of all studies side by side: a row a language, so that adding a study adds a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from . import labels, theme
from .factors import row_axis

ROW = 34  #: height of a language in pixels


def shares(table: pd.DataFrame, *, notes: Mapping[str, str] | None = None, title: str | None = None,
           subtitle: str | None = None, x_title: str = "Share of local skill that English explains") -> alt.LayerChart:
    """One share a language, with its interval, on a scale from nothing to all.

    Parameters
    ----------
    table : DataFrame, a row a language in the order to draw: language, value, low, high, n (models).
    notes : language -> a few words beside its name.
    """
    data = table.reset_index(drop=True).assign(row=range(len(table)), said=[theme.interval(row) for row in table.to_dict("records")])
    names = {row: ", ".join(filter(None, (name, (notes or {}).get(name)))) for row, name in enumerate(data["language"])}
    x = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(title=theme.lines(x_title, 44), format=".0%", tickCount=5)
    tips = [alt.Tooltip("language:N", title="Language"), alt.Tooltip("said:N", title="Share"), alt.Tooltip("n:Q", title="Models")]
    y = row_axis("row:Q", names, labelOverlap=False)
    base = alt.Chart(data[["language", "value", "low", "high", "n", "row", "said"]])
    rules = base.mark_rule(color=theme.INK, strokeWidth=2).encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y, tooltip=tips)
    dots = base.mark_point(filled=True, size=110, color=theme.INK, opacity=1).encode(x=alt.X("value:Q", scale=x, axis=axis), y=y, tooltip=tips)
    chart = alt.layer(rules, dots)
    return theme.finish(chart.properties(width="container", height=ROW * len(data)), title=title, subtitle=subtitle, still=700)


def kinds(table: pd.DataFrame, order: Sequence[str], *, marked: str | None = None, limit: float | None = None,
          title: str | None = None, subtitle: str | None = None) -> alt.FacetChart:
    """What each kind of task shows in each language: a panel a kind, a row a language, a dot with its interval a task.

    Filled dots are tasks with the verdict *supported*, hollow ones those that are undecided or contradicted.

    Parameters
    ----------
    table : DataFrame, a row a task: language, ability (its kind), name, value, low, high, verdict; optional null_low and
        null_high, the band that chance reaches.
    order : kinds in the order to draw.
    marked : a kind whose panel comes first and is headed as the one in question.
    limit : a threshold to draw as a line.
    """
    languages = list(dict.fromkeys(table["language"]))
    order = sorted(order, key=lambda kind: kind != marked)
    data = table[table["ability"].isin(order)].reset_index(drop=True)
    data = data.assign(row=data["language"].map(languages.index) + _apart(data), said=[theme.interval(row) for row in data.to_dict("records")],
                       top=data["language"].map(languages.index) - 0.42, bottom=data["language"].map(languages.index) + 0.42)
    banded = {"null_low", "null_high"} <= set(data) and data["null_low"].notna().any()
    scale = alt.Scale(domain=[max(theme.padded(data["value"], data["low"], [0.0], share=0.03)[0], -1.02), 1.02], nice=False)
    axis = alt.Axis(title=None, tickCount=4, format=".1f")
    names = dict(enumerate(languages))
    y = row_axis("row:Q", names, labelOverlap=False)
    tips = [alt.Tooltip("name:N", title="Task"), alt.Tooltip("language:N", title="Language"), alt.Tooltip("ability:N", title="Kind"),
            alt.Tooltip("said:N", title="Value"), alt.Tooltip("verdict:N", title="So it is")]
    base = alt.Chart(data[[c for c in ("language", "ability", "name", "value", "low", "high", "row", "top", "bottom", "said", "verdict",
                                       *(("null_low", "null_high") if banded else ())) if c in data]])
    layers = []
    if banded:
        layers.append(base.mark_rect(color=theme.GRID).encode(x=alt.X("null_low:Q", scale=scale, axis=axis), x2="null_high:Q",
                                                              y=row_axis("top:Q", names, labelOverlap=False), y2="bottom:Q"))
    layers.append(base.mark_rule(color=theme.QUIET).encode(x=alt.datum(0.0)))
    if limit is not None:
        layers.append(base.mark_rule(color=theme.QUIET, strokeDash=[4, 3]).encode(x=alt.datum(float(limit))))
    layers.append(base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, tooltip=tips))
    layers.append(base.mark_point(filled=True, size=75, stroke=theme.INK, strokeWidth=1.8, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=axis), y=y, tooltip=tips,
        fill=alt.condition("datum.verdict === 'supported'", alt.value(theme.INK), alt.value(theme.PAGE))))
    wide = max(labels.text_width(each, 12) for each in languages) + 14
    chart = alt.layer(*layers).properties(width=150, height=ROW * len(languages)).facet(
        alt.Facet("ability:N", sort=order, title=None, header=alt.Header(labelAnchor="start", labelFontWeight=600)),
        columns=4, spacing=20).resolve_axis(x="independent", y="independent")
    return theme.finish(chart, title=title, subtitle=subtitle,
                        fit={"columns": 4, "least": 110, "gap": 24 + round(wide), "margin": 0, "most": 230})


def _apart(data: pd.DataFrame) -> pd.Series:
    """Offsets that keep several tasks of one kind in one language apart, in rows."""
    groups = data.groupby(["language", "ability"])
    return (groups.cumcount() - (groups["value"].transform("size") - 1) / 2) * 0.34


def across(table: pd.DataFrame, order: Mapping, languages: Sequence[str], *, title: str | None = None,
           subtitle: str | None = None) -> alt.FacetChart:
    """The same models in several languages: a row a model, a column a language, a dot with its interval.

    Parameters
    ----------
    table : DataFrame, a row a model and language: model, language, value, low, high, rank, of.
    order : model -> its name, in the order of the rows.
    languages : languages in the order of the columns.
    """
    place = {model: row for row, model in enumerate(order)}
    data = table[table["model"].isin(place) & table["language"].isin(list(languages))]
    data = data.assign(row=data["model"].map(place), name=data["model"].map(order), said=[theme.interval(row, plus=True) for row in data.to_dict("records")],
                       ranked=[f"{row['rank']} of {row['of']}" for row in data.to_dict("records")])
    x = alt.Scale(domain=theme.padded(data["low"], data["high"], data["value"], [0.0], share=0.03), nice=False)
    axis = alt.Axis(title=None, tickCount=4, labelExpr="(datum.value > 0 ? '+' : '') + datum.label", format=".2~f")
    y = row_axis("row:Q", dict(enumerate(order.values())), labelOverlap=False)
    tips = [alt.Tooltip("name:N", title="Model"), alt.Tooltip("language:N", title="Language"), alt.Tooltip("said:N", title="Local ability"),
            alt.Tooltip("ranked:N", title="Rank")]
    base = alt.Chart(data[["name", "language", "value", "low", "high", "row", "said", "ranked"]])
    zero = base.mark_rule(color=theme.QUIET).encode(x=alt.datum(0.0))
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.6).encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y, tooltip=tips)
    dots = base.mark_point(filled=True, size=65, color=theme.INK, opacity=1).encode(x=alt.X("value:Q", scale=x, axis=axis), y=y, tooltip=tips)
    chart = alt.layer(zero, rules, dots).properties(width=170, height=18 * len(order)).facet(
        column=alt.Column("language:N", sort=list(languages), title=None, header=alt.Header(labelAnchor="start")), spacing=18)
    wide = round(max(labels.text_width(name, 12) for name in order.values()) + 10)
    count = len(languages)
    return theme.finish(chart, title=title, subtitle=subtitle, least=wide + 118 * count,
                        fit={"columns": count, "fixed": True, "least": 96, "gap": 18, "margin": wide, "most": 300})
