"""Figures of how far numbers can be trusted: resampled lineages, and what so few models can
tell."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import theme
from .figure import Figure
from .rows import dots, row_axis

#: Legends of this page.
LEGEND = {
    "title": None,
    "orient": "top",
    "direction": "horizontal",
    "symbolStrokeColor": theme.INK,
    "labelLimit": 0,
}


def lineage_draws(samples: pd.DataFrame, study) -> Figure:
    """The models by lineage, and some samples in which whole lineages appear twice or not at all.

    Parameters
    ----------
    samples : DataFrame, models x samples: how often each model is in the sample.
    """
    models = study.models
    order = list(
        models["lineage"].value_counts(sort=False).sort_values(ascending=False, kind="stable").index
    )
    heads = ["This study", *samples.columns]
    times = samples.assign(**{"This study": 1})[heads].melt(
        ignore_index=False, var_name="panel", value_name="times"
    )
    data = times.join(models[["name", "lineage"]]).assign(
        place=models.groupby("lineage").cumcount()[times.index].to_numpy()
    )
    last = data["place"] == data.groupby(["panel", "lineage"])["place"].transform("max")
    data = data.assign(
        row=data["lineage"].map(order.index),
        mark=np.where(data["times"] > 0, "taken", "left out"),
        more=[
            f"\N{MULTIPLICATION SIGN}{count:.0f}" if count > 1 and end else ""
            for count, end in zip(data["times"], last, strict=True)
        ],
    )
    chart = _draws(data, order).facet(
        column=alt.Column(
            "panel:N", sort=heads, title=None, header=alt.Header(labelAnchor="start")
        ),
        spacing=18,
    )
    fit = {"columns": len(heads), "fixed": True, "least": 84, "gap": 18, "margin": 110, "most": 210}
    counted = samples.groupby(models["lineage"]).first().rename_axis("lineage").reset_index()
    largest = int(models["lineage"].value_counts().max())
    return Figure(
        theme.finish(chart, least=110 + 100 * len(heads), fit=fit),
        counted,
        f"{len(models)} models in {len(order)} lineages, the largest of {largest}, "
        f"and {samples.shape[1]} samples "
        "in which whole lineages appear several times or not at all.",
    )


def _draws(data: pd.DataFrame, order: list) -> alt.LayerChart:
    """One sample: a row a lineage, filled where it was taken, with how often."""
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[-0.7, int(data["place"].max()) + 2.6], nice=False),
        axis=None,
    )
    y = row_axis("row:Q", {at: str(lineage) for at, lineage in enumerate(order)})
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("lineage:N", title="Lineage"),
        alt.Tooltip("times:Q", title="Times in the sample"),
    ]
    fill = alt.Fill(
        "mark:N",
        scale=alt.Scale(domain=["taken", "left out"], range=[theme.INK, theme.PAGE]),
        legend=alt.Legend(
            **LEGEND, symbolType="circle", symbolStrokeWidth=1, symbolSize=50, offset=14
        ),
    )
    base = alt.Chart(data.reset_index(drop=True))
    dots = base.mark_point(filled=True, size=34, stroke=theme.INK, strokeWidth=1, opacity=1).encode(
        x=x,
        y=y,
        tooltip=tips,
        fill=fill,
        strokeOpacity=alt.condition("datum.times > 0", alt.value(1), alt.value(0.35)),
    )
    more = base.mark_text(align="left", dx=7, fontSize=12, fontWeight=600, color=theme.INK).encode(
        x=x, y=y, text="more:N"
    )
    return alt.layer(dots, more).properties(width=120, height=19 * len(order))


def reliability(reliable: Estimates, study) -> Figure:
    """How much of the differences between models other items would confirm; the margin has each
    score's error.

    Parameters
    ----------
    reliable : reliabilities by benchmark with a column error, the typical standard error of a
        score.
    """
    items = study.evaluations_now["items"].astype(float)
    note = {
        each: f"\N{PLUS-MINUS SIGN}{words.number(error, '.3f')}"
        + ("" if pd.isna(items[each]) else f", {words.number(int(items[each]))} items")
        for each, error in reliable.frame["error"].items()
    }
    return dots(
        reliable,
        study,
        axis="share of the differences between models that other items would confirm",
        spec=".1%",
        zero=False,
        at={1: "all"},
        note=note,
    )


#: Below zero per cent lie the rows of the study's own pairs.
ROWS = {True: (-0.1, "told"), False: (-0.18, "not told")}
CHANCE = alt.Scale(domain=[-0.23, 1.02], nice=False)


def power(
    curves: Mapping[str, pd.Series],
    limits: Mapping[str, float],
    pairs: Estimates,
    told: Estimates,
    study,
    wanted: float,
) -> Figure:
    """Chance to tell a correlation from zero against its true size; ticks below are the study's own
    pairs.

    Parameters
    ----------
    curves : name of a line -> Series, true correlation -> chance.
    limits : name of a line -> where it reaches the wanted power.
    pairs, told : the study's correlations, and those told from zero.
    """
    lines = pd.DataFrame(
        [
            {"kind": kind, "r": r, "power": chance}
            for kind, curve in curves.items()
            for r, chance in curve.items()
        ]
    )
    ends = pd.DataFrame(
        [
            {"kind": kind, "r": r, "power": wanted, "said": words.number(r)}
            for kind, r in limits.items()
        ]
    )
    seen = pd.DataFrame(
        [
            {
                "pair": study.called(pair),
                "r": abs(each.value),
                "told": words.number(pair in told),
                "said": str(each),
                "y": ROWS[pair in told][0],
            }
            for pair, each in pairs.items()
        ]
    )
    chart = alt.layer(*_curves(lines, ends, wanted), _ticks(seen)).properties(
        width="container", height=340
    )
    reached = "; ".join(f"{row.said} {row.kind}" for row in ends.itertuples())
    return Figure(
        theme.finish(chart, least=420),
        lines,
        "Power against the size of the true correlation. "
        f"Power of {wanted:.0%} is reached at {reached}.",
    )


def _axes() -> tuple[alt.X, alt.Y]:
    x = alt.X(
        "r:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(title="Size of the true correlation, |r|", tickCount=6, format=".1f"),
    )
    (_, yes), (low, no) = ROWS[True], ROWS[False]
    y = alt.Y(
        "power:Q",
        scale=CHANCE,
        axis=theme.upright(
            "Chance to tell it from zero",
            values=[*(place for place, _ in ROWS.values()), 0, 0.2, 0.4, 0.6, 0.8, 1],
            labelExpr=f"datum.value < {low + 0.04} ? '{no}' : datum.value < 0 ? '{yes}'"
            " : format(datum.value, '.0%')",
        ),
    )
    return x, y


def _curves(lines: pd.DataFrame, ends: pd.DataFrame, wanted: float) -> list[alt.Chart]:
    x, y = _axes()
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=list(ends["kind"]), range=[[1, 0], [6, 4], [2, 3]][: len(ends)]),
        legend=alt.Legend(
            **LEGEND, symbolType="stroke", symbolStrokeWidth=2, symbolSize=300, offset=34
        ),
    )
    enough = alt.Chart(pd.DataFrame({"power": [wanted]})).encode(y=y)
    at = alt.Chart(ends).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("kind:N", title="If"),
            alt.Tooltip("said:N", title="Smallest |r| told from zero"),
        ],
    )
    return [
        enough.mark_rule(color=theme.QUIET, strokeWidth=1, strokeDash=[3, 3]),
        alt.Chart(lines)
        .mark_line(color=theme.INK, strokeWidth=2.2)
        .encode(x=x, y=y, strokeDash=dash),
        at.mark_point(filled=True, size=90, color=theme.INK, opacity=1),
        at.mark_text(
            align="right", dx=-9, dy=-9, fontSize=13, fontWeight=600, color=theme.INK
        ).encode(text="said:N"),
    ]


def _ticks(seen: pd.DataFrame) -> alt.Chart:
    tips = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("said:N", title="r"),
        alt.Tooltip("told:N", title="Told from zero"),
    ]
    return (
        alt.Chart(seen)
        .mark_tick(thickness=1.6, size=13, color=theme.INK, opacity=0.5)
        .encode(x=_axes()[0], y=alt.Y("y:Q", scale=CHANCE), tooltip=tips)
    )
