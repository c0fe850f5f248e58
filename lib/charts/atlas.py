"""Figures of all studies together: languages on one map, models by languages in one matrix."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import labels, maps, relations, theme
from .figure import Figure


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
        axis=alt.Axis(
            title=f"{axis} (log scale) \N{RIGHTWARDS ARROW}",
            values=[10.0**power for power in range(3, 15)],
            labelExpr="datum.value < 1e6 ? format(datum.value, ',') : datum.value < 1e9 ? "
            "datum.value / 1e6 + ' million' : datum.value / 1e9 + ' billion'",
        ),
    )
    scale = alt.Scale(domain=tall, nice=False)
    title = theme.upright("\N{UPWARDS ARROW} share of local skill that English explains")
    y, low = (alt.Y(f"{end}:Q", scale=scale, axis=title) for end in ("y", "low"))
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
        base.mark_rule(color=theme.GRID, strokeWidth=2).encode(x=x, y=low, y2="high:Q"),
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
