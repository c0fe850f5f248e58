"""Does a skill carry over, or are good models just good?  Every pair's correlation, before and
given general ability."""

from __future__ import annotations

import altair as alt
import pandas as pd

from lib import words
from lib.stats.estimates import PAIR, Estimates

from . import labels, theme
from .figure import Figure

#: Kind of a pair that is called out -> (shape, words of the legend).
KINDS = {
    "translation": ("diamond", "a test and its translation"),
    "similar": ("square", "same kind of task"),
    "local": ("triangle-up", "two {language} benchmarks"),
    "other": ("circle", "any other pair"),
}
HEIGHT = 430
#: Behind words that cross lines and marks.
HALO = {"stroke": theme.PAGE, "strokeWidth": 3, "strokeJoin": "round"}
#: Widths of the plot in pixels at which labels must be free: from a telephone's to a wide page's.
WIDTHS = (290, 330, 400, 520, 640, 780)


def beyond(
    pearson: Estimates,
    given: Estimates,
    found: Estimates,
    study,
    most: int = 4,
    height: int = HEIGHT,
) -> Figure:
    """Each pair's correlation across and what is left of it given general ability upwards; pairs
    called out as a list.

    Called out are counterparts as what they are, and of two benchmarks in the study's language at
    most so many pairs, the highest of those `found` beyond chance.  A mark is filled where its
    interval excludes zero.  Pairs called out are numbered in the scatter and stand with name and
    interval beside it, below it on a narrow page.
    """
    groups = {kind: said.replace("{language}", study.language) for kind, (_, said) in KINDS.items()}
    kinds, clear = _called_out(given, found, study, most), set(given.clear)
    table = pd.DataFrame(
        [
            {
                "pair": pair,
                "name": " ~ ".join(map(study.called, pair.split(PAIR))),
                "kind": kinds[pair],
                "group": groups[kinds[pair]],
                "plain": pearson[pair].value,
                "partial": left.value,
                "low": left.low,
                "high": left.high,
                "clear": int(pair in clear),
                "plain_said": words.number(pearson[pair].value),
                "said": str(left),
            }
            for pair, left in given.items()
        ]
    )
    table = table.assign(rank=table["kind"].map(list(KINDS).index)).sort_values(
        ["rank", "partial"], ascending=[True, False], kind="stable", ignore_index=True
    )
    called = table[table["kind"] != "other"].assign(
        number=lambda rows: [str(k) for k in range(1, len(rows) + 1)]
    )
    shown = [kind for kind in KINDS if (table["kind"] == kind).any()]
    shape = alt.Shape(
        "group:N",
        scale=alt.Scale(
            domain=[groups[kind] for kind in shown], range=[KINDS[kind][0] for kind in shown]
        ),
        legend=alt.Legend(
            title=None,
            orient="top",
            direction="horizontal",
            columns=4,
            symbolStrokeWidth=0,
            symbolFillColor=theme.INK,
            symbolSize=80,
            symbolOpacity=1,
            labelLimit=0,
            columnPadding=14,
            offset=16,
        ),
    )
    tips = [
        alt.Tooltip("name:N", title="Pair"),
        alt.Tooltip("group:N", title="Kind"),
        alt.Tooltip("plain_said:N", title="r"),
        alt.Tooltip("said:N", title="Given general ability"),
    ]
    columns = ["name", "group", "plain", "partial", "low", "high", "clear", "plain_said", "said"]
    panels = [_scatter(table[["kind", *columns]], called, shape, tips, height)]
    if len(called):
        panels.append(_list(called[["number", *columns]], shape, tips))
    fit = {"columns": 2, "least": 250, "gap": 64, "margin": 0, "most": 520}
    said = "; ".join(
        f"{row.name} {row.plain_said}, given general ability {row.said}"
        for row in called.itertuples(index=False)
    )
    return Figure(
        theme.finish(alt.concat(*panels, columns=2), fit=fit),
        table[["name", "kind", "plain", "partial", "low", "high"]],
        f"Scatter of {given.count} pairs, correlation against partial correlation given general "
        f"ability. Called out: {said}.",
    )


def _called_out(given: Estimates, found: Estimates, study, most: int) -> dict[str, str]:
    """Pair -> translation, similar, local or other."""
    local = [
        pair
        for pair in found.sorted()
        if given[pair].value > 0 and set(pair.split(PAIR)) <= set(study.local)
    ]
    kinds = dict.fromkeys(given, "other") | dict.fromkeys(local[:most], "local")
    return kinds | {
        pair: kind
        for kind in ("translation", "similar")
        for pair in study.pairs(kind)
        if pair in given
    }


def _filled():
    # The legend takes its fill from the value without a condition, so that must be the one that can
    # be seen.
    return alt.condition("datum.clear === 0", alt.value(theme.PAGE), alt.value(theme.INK))


def _scatter(table: pd.DataFrame, called: pd.DataFrame, shape, tips, height: int) -> alt.LayerChart:
    """All pairs, the places of the figure named, those called out numbered."""
    x_domain, y_domain = [min(0.0, float(table["plain"].min())) - 0.06, 1.06], [-1.08, 1.12]
    x = alt.X(
        "plain:Q",
        scale=alt.Scale(domain=x_domain, nice=False),
        axis=alt.Axis(title="Correlation of the pair, r", tickCount=5, grid=False),
    )
    y = alt.Y(
        "partial:Q",
        scale=alt.Scale(domain=y_domain, nice=False),
        axis=alt.Axis(title=None, values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
    )
    said = pd.DataFrame(
        [
            (1.06, "much left: this skill carries over"),
            (0.06, "nothing left: just good models"),
            (-1.02, "less than nothing: one at the other's expense"),
        ],
        columns=["partial", "said"],
    ).assign(plain=x_domain[0] + 0.01)
    zero = (
        alt.Chart(pd.DataFrame({"partial": [0.0]}))
        .mark_rule(color=theme.QUIET, strokeWidth=1.4)
        .encode(y=y)
    )
    ends = [x_domain[0], 1.0]
    diagonal = alt.Chart(pd.DataFrame({"plain": ends, "partial": ends})).encode(x=x, y=y)
    words = alt.Chart(said).encode(x=x, y=y, text="said:N")
    look = {"align": "left", "fontSize": 12, "fontStyle": "italic", "fontWeight": 600}
    dots = alt.Chart(table).encode(x=x, y=y, shape=shape, fill=_filled(), tooltip=tips)
    return alt.layer(
        zero,
        diagonal.mark_line(color=theme.QUIET, strokeDash=[4, 4], strokeWidth=1.2),
        dots.transform_filter("datum.kind === 'other'").mark_point(
            size=24, stroke=theme.QUIET, strokeWidth=1, opacity=0.55
        ),
        words.mark_text(color=theme.PAGE, **HALO, **look),
        words.mark_text(color=theme.QUIET, **look),
        dots.transform_filter("datum.kind !== 'other'").mark_point(
            size=120, stroke=theme.INK, strokeWidth=1.8, opacity=1
        ),
        *_numbers(called, x, y, x_domain, y_domain, height),
    ).properties(
        width=360,
        height=height,
        title=alt.TitleParams("What is left given general ability", fontSize=13, offset=8),
    )


def _numbers(
    called: pd.DataFrame, x: alt.X, y: alt.Y, x_domain, y_domain, height: int
) -> list[alt.Chart]:
    """Numbers beside the marks that are called out, none touching another."""
    if called.empty:
        return []
    placed = labels.place(
        called["plain"],
        called["partial"],
        list(called["number"]),
        range(len(called)),
        domain_x=x_domain,
        domain_y=y_domain,
        widths=WIDTHS,
        height=height,
        radius=6,
    )
    marks = []
    for row in placed.itertuples():
        base = alt.Chart(called.iloc[[row.position]][["plain", "partial", "number"]]).encode(
            x=x, y=y, text="number:N"
        )
        look = {
            "align": row.align,
            "dx": row.dx,
            "dy": row.dy,
            "baseline": "middle",
            "fontWeight": 600,
        }
        marks += [
            base.mark_text(color=theme.PAGE, **HALO, **look),
            base.mark_text(color=theme.INK, **look),
        ]
    return marks


def _list(called: pd.DataFrame, shape, tips) -> alt.LayerChart:
    """The pairs called out, one below another: a tick at the plain correlation, a mark with its
    interval at what is left."""
    rows = called.assign(
        row=range(len(called)),
        start=-1.02,
        end=1.02,
        label=called["number"] + "  " + called["name"],
    )
    scale = alt.Scale(domain=[-1.02, 1.02], nice=False)
    y = alt.Y(
        "row:Q", scale=alt.Scale(domain=[len(rows) - 0.4, -0.6], nice=False, zero=False), axis=None
    )
    x = alt.X(
        "partial:Q",
        scale=scale,
        axis=alt.Axis(
            title=["Bar: r.  Mark with line: what is left"],
            values=[-1, -0.5, 0, 0.5, 1],
            format=".1f",
        ),
    )
    base = alt.Chart(rows)
    look = {"baseline": "middle", "dy": -9}
    words = [
        ("start", "label", {"align": "left", "color": theme.INK}),
        ("end", "said", {"align": "right", "color": theme.QUIET}),
    ]
    return alt.layer(
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=theme.QUIET)
        .encode(x=alt.X("zero:Q", scale=scale)),
        *[
            base.mark_text(**look, **{**more, **halo}).encode(
                x=alt.X(f"{place}:Q", scale=scale), y=y, text=f"{text}:N"
            )
            for place, text, more in words
            for halo in ({"color": theme.PAGE, **HALO}, {})
        ],
        base.mark_tick(color=theme.QUIET, thickness=3, size=14, yOffset=8, opacity=0.8).encode(
            x=alt.X("plain:Q", scale=scale), y=y, tooltip=tips
        ),
        base.mark_rule(color=theme.INK, strokeWidth=1.6, yOffset=8).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, tooltip=tips
        ),
        base.mark_point(size=90, stroke=theme.INK, strokeWidth=1.8, opacity=1, yOffset=8).encode(
            x=x, y=y, shape=shape, fill=_filled(), tooltip=tips
        ),
    ).properties(
        width=360,
        height=38 * len(rows),
        title=alt.TitleParams("Pairs called out", fontSize=13, offset=8),
    )
