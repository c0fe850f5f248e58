"""Figures of all studies side by side: a row a language, so that adding a study adds a row."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from lib.stats.estimates import Estimates

from . import labels, theme
from .figure import Figure
from .rows import row_axis

ROW = 34  #: height of a language in pixels


def kinds(table: Estimates, atlas, *, marked: str = "", limit: float | None = None) -> Figure:
    """What each kind of task shows in each language: a panel a kind, a row a language, a dot with
    its interval a task.

    Filled dots are tasks with the verdict *supported*, hollow ones those that are undecided or
    contradicted.  Kinds of most languages come first, then those that lie highest.

    Parameters
    ----------
    table : estimates by `study/benchmark`, judged; with columns null_low and null_high the band
        that chance reaches is drawn.
    marked : a kind whose panel comes first.
    limit : a threshold to draw as a line.
    """
    data = _rows(table, atlas)
    languages = list(dict.fromkeys(data["language"]))
    order = sorted(_by_kind(data), key=lambda kind: kind != marked)
    place = data["language"].map(languages.index)
    data = data.assign(row=place + _apart(data), top=place - 0.42, bottom=place + 0.42)
    wide = max((labels.text_width(each, 12) for each in languages), default=0) + 14
    chart = (
        _panel(data, dict(enumerate(languages)), limit)
        .properties(width=150, height=ROW * len(languages))
        .facet(
            alt.Facet(
                "ability:N",
                sort=order,
                title=None,
                header=alt.Header(labelAnchor="start", labelFontWeight=600),
            ),
            columns=4,
            spacing=20,
        )
        .resolve_axis(x="independent", y="independent")
    )
    most = data.sort_values("value").groupby("language", sort=False).tail(1)
    said = "; ".join(
        f"in {row.language} {row.name} ({row.ability}) {row.said}"
        for row in most.itertuples(index=False)
    )
    fit = {"columns": 4, "least": 110, "gap": 24 + round(wide), "margin": 0, "most": 230}
    return Figure(
        theme.finish(chart, fit=fit),
        data.drop(columns=["row", "top", "bottom", "said"]),
        f"Small panels, one a kind of task, with a row a language. Highest: {said}.",
    )


def _panel(data: pd.DataFrame, names: dict[int, str], limit: float | None) -> alt.LayerChart:
    scale = alt.Scale(
        domain=[
            max(theme.padded(data["value"], data["low"].dropna(), [0.0], share=0.03)[0], -1.02),
            1.02,
        ],
        nice=False,
    )
    axis = alt.Axis(title=None, tickCount=4, format=".1f")
    y = row_axis("row:Q", names, labelOverlap=False)
    tips = [
        alt.Tooltip("name:N", title="Task"),
        alt.Tooltip("language:N", title="Language"),
        alt.Tooltip("ability:N", title="Kind"),
        alt.Tooltip("said:N", title="Value"),
        alt.Tooltip("verdict:N", title="So it is"),
    ]
    base = alt.Chart(data)
    layers = [base.mark_rule(color=theme.QUIET).encode(x=alt.datum(0.0))]
    if "null_low" in data:
        band = base.mark_rect(color=theme.GRID).encode(
            x=alt.X("null_low:Q", scale=scale, axis=axis),
            x2="null_high:Q",
            y=row_axis("top:Q", names, labelOverlap=False),
            y2="bottom:Q",
        )
        layers.insert(0, band)
    if limit is not None:
        layers.append(
            base.mark_rule(color=theme.QUIET, strokeDash=[4, 3]).encode(x=alt.datum(float(limit)))
        )
    fill = alt.condition(
        "datum.verdict === 'supported'", alt.value(theme.INK), alt.value(theme.PAGE)
    )
    return alt.layer(
        *layers,
        base.mark_rule(color=theme.INK, strokeWidth=1.8).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, tooltip=tips
        ),
        base.mark_point(filled=True, size=75, stroke=theme.INK, strokeWidth=1.8, opacity=1).encode(
            x=alt.X("value:Q", scale=scale, axis=axis), y=y, tooltip=tips, fill=fill
        ),
    )


def _rows(table: Estimates, atlas) -> pd.DataFrame:
    """A row a task: what is drawn and what is said on hover."""
    kept = [
        column
        for column in ("value", "low", "high", "verdict", "null_low", "null_high")
        if column in table.frame
    ]
    said = [each.written() for _, each in table.items()]
    return (
        atlas.facts(table)
        .drop(columns="side")
        .join(table.frame[kept])
        .assign(said=said)
        .reset_index(drop=True)
    )


def _by_kind(data: pd.DataFrame) -> list[str]:
    """Kinds in the order to show: those of most languages first, then by how high they lie on
    average."""
    found = data.groupby("ability").agg(languages=("language", "nunique"), value=("value", "mean"))
    return list(found.sort_values(["languages", "value"], ascending=False, kind="stable").index)


def _apart(data: pd.DataFrame) -> pd.Series:
    """Offsets that keep several tasks of one kind in one language apart, in rows."""
    groups = data.groupby(["language", "ability"])
    return (groups.cumcount() - (groups["value"].transform("size") - 1) / 2) * 0.34


def across(table: Estimates, atlas, models: Sequence[str]) -> Figure:
    """The same models in several languages: a row a model, a column a language, a dot with its
    interval.

    Parameters
    ----------
    table : estimates by `study/model`.     models : in the order of the rows.
    """
    place = {model: row for row, model in enumerate(models)}
    rows = [
        {
            "model": subject.partition("/")[2],
            "language": atlas.called(subject.partition("/")[0]),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "said": each.written("+.2f"),
        }
        for subject, each in table.items()
        if subject.partition("/")[2] in place
    ]
    data = pd.DataFrame(rows, columns=["model", "language", "value", "low", "high", "said"])
    names = {model: atlas.called(model) for model in models}
    data = data.assign(row=data["model"].map(place), name=data["model"].map(names))
    languages = list(dict.fromkeys(data["language"]))
    scale = alt.Scale(
        domain=theme.padded(
            data["low"].dropna(), data["high"].dropna(), data["value"], [0.0], share=0.03
        ),
        nice=False,
    )
    axis = alt.Axis(
        title=None,
        tickCount=4,
        labelExpr="(datum.value > 0 ? '+' : '') + datum.label",
        format=".2~f",
    )
    y = row_axis("row:Q", dict(enumerate(names.values())), labelOverlap=False)
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("language:N", title="Language"),
        alt.Tooltip("said:N", title="Local ability"),
    ]
    base = alt.Chart(data)
    chart = (
        alt.layer(
            base.mark_rule(color=theme.QUIET).encode(x=alt.datum(0.0)),
            base.mark_rule(color=theme.INK, strokeWidth=1.6).encode(
                x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, tooltip=tips
            ),
            base.mark_point(filled=True, size=65, color=theme.INK, opacity=1).encode(
                x=alt.X("value:Q", scale=scale, axis=axis), y=y, tooltip=tips
            ),
        )
        .properties(width=170, height=18 * len(place))
        .facet(
            column=alt.Column(
                "language:N", sort=languages, title=None, header=alt.Header(labelAnchor="start")
            ),
            spacing=18,
        )
    )
    wide = round(max((labels.text_width(name, 12) for name in names.values()), default=0) + 10)
    fit = {
        "columns": len(languages),
        "fixed": True,
        "least": 96,
        "gap": 18,
        "margin": wide,
        "most": 300,
    }
    return Figure(
        theme.finish(chart, least=wide + 118 * len(languages), fit=fit),
        data.drop(columns=["row", "said"]),
        f"{len(place)} models by {len(languages)} languages, from the highest mean of local "
        "ability to the lowest.",
    )
