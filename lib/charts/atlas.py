"""Figures of all studies side by side: a row a language, so that adding a study adds a row."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import labels, maps, relations, theme
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


def against(table: Estimates, known: pd.Series, atlas, *, axis: str, height: int = 420) -> Figure:
    """Languages by a number of theirs and by what is known of them on a logarithmic axis, each
    named; a bar is the interval.

    Parameters
    ----------
    table : estimates by study, shares between 0 and 1. known : by study, such as words of web text.
    axis : what is known, with its unit.
    """
    data = pd.DataFrame(
        {
            "code": list(table),
            "name": [atlas.called(each) for each in table],
            "group": [atlas.family[each] for each in table],
            "x": known.reindex(list(table)).to_numpy(float),
            "y": table.values.to_numpy(float),
            "low": table.frame["low"].to_numpy(float),
            "high": table.frame["high"].to_numpy(float),
            "said": [each.written() for _, each in table.items()],
        }
    ).dropna(subset=["x", "y"])
    wide = [float(data["x"].min()) / 1.6, float(data["x"].max()) * 1.6]
    tall = theme.padded(data["y"], data["low"], data["high"], share=0.05)
    x = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", domain=wide, nice=False),
        axis=alt.Axis(title=f"{axis} (log scale) \N{RIGHTWARDS ARROW}", tickCount=4, format=".0s"),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=tall, nice=False),
        axis=theme.upright("\N{UPWARDS ARROW} share of local skill that English explains"),
    )
    tips = [
        alt.Tooltip("name:N", title="Language"),
        alt.Tooltip("group:N", title="Family"),
        alt.Tooltip("said:N", title="English explains"),
        alt.Tooltip("x:Q", title=axis, format=".3s"),
    ]
    chosen = theme.chooser("group")
    base = alt.Chart(data)
    placed = data.assign(x=np.log10(data["x"]))
    texts = maps.names(
        placed,
        list(range(len(data))),
        chosen,
        ([math.log10(each) for each in wide], tall),
        height,
        len(data),
    )
    for layer in texts:
        layer.data = layer.data.assign(x=10 ** layer.data["x"])
    chart = alt.layer(
        base.mark_rule(color=theme.GRID, strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q"),
        base.mark_point(filled=True, size=70, color=theme.INK, opacity=1)
        .encode(x=x, y=y, tooltip=tips)
        .add_params(chosen),
        *texts,
    )
    ends = data.sort_values("x")
    return Figure(
        theme.finish(chart.properties(width="container", height=height), still=900),
        data.drop(columns=["said"]).rename(columns={"x": axis, "y": "share"}),
        f"Scatter of {len(data)} languages, from {ends['name'].iloc[0]} "
        f"({ends['y'].iloc[0]:.2f}) with the least to {ends['name'].iloc[-1]} "
        f"({ends['y'].iloc[-1]:.2f}) with the most.",
    )


def matrix(values: pd.DataFrame, built_for: pd.DataFrame, atlas) -> Figure:
    """Models (rows) by languages (columns): brown cells lie below what a model's English suggests,
    slate ones above, and a dot marks a language that the model was built for.

    Parameters
    ----------
    values : models x studies, in the order to draw. built_for : the same, 1 where it was.
    """
    rows = [
        {
            "model": model,
            "name": atlas.called(model),
            "language": atlas.called(code),
            "code": code,
            "value": value,
            "home": bool(built_for.at[model, code] == 1),
        }
        for model, row in values.iterrows()
        for code, value in row.items()
        if pd.notna(value)
    ]
    data = pd.DataFrame(rows, columns=["model", "name", "language", "code", "value", "home"])
    most = float(data["value"].abs().max() or 1)
    data["said"] = [words.number(each, "+.2f") for each in data["value"]]
    data["built"] = ["yes" if each else "not that we know" for each in data["home"]]
    names, spoken = list(dict.fromkeys(data["name"])), [atlas.called(each) for each in values]
    x = alt.X(
        "language:N",
        sort=spoken,
        axis=alt.Axis(title=None, labelAngle=-60, orient="top", grid=False, labelColor=theme.INK),
    )
    y = alt.Y("name:N", sort=names, axis=alt.Axis(title=None, grid=False, labelColor=theme.INK))
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("language:N", title="Language"),
        alt.Tooltip("said:N", title="Local ability"),
        alt.Tooltip("built:N", title="Built for it?"),
    ]
    base = alt.Chart(data).encode(x=x, y=y)
    colour = alt.Color(
        "value:Q",
        scale=alt.Scale(
            domain=[place * most for place, _ in relations.RAMP],
            range=[ink for _, ink in relations.RAMP],
            interpolate="rgb",
        ),
        legend=alt.Legend(title="Local ability", orient="top", gradientLength=180, format="+.1f"),
    )
    chart = alt.layer(
        base.mark_rect(cornerRadius=1).encode(color=colour, tooltip=tips),
        base.transform_filter("datum.home").mark_point(
            filled=True, size=28, fill=theme.PAGE, stroke=theme.INK, strokeWidth=1.4, opacity=1
        ),
    ).properties(width="container", height=19 * len(names))
    wide = round(max((labels.text_width(name, 12) for name in names), default=0) + 14)
    home, away = data[data["home"]]["value"].mean(), data[~data["home"]]["value"].mean()
    return Figure(
        theme.finish(chart, still=960, least=wide + 17 * len(spoken), inset=wide),
        data.drop(columns=["said", "built"]),
        f"{len(names)} models by {len(spoken)} languages. Mean local ability in languages that a "
        f"model was built for {home:+.2f}, in the others {away:+.2f}.",
    )
