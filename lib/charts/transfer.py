"""Does a skill carry over, or are good models just good?  Every pair's correlation, before and given general ability."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme

#: Kind of a pair that is called out -> (shape, words of the legend).
KINDS = {
    "translation": ("diamond", "same items, translated"),
    "similar": ("square", "same kind of task"),
    "local": ("triangle-up", "two {language} benchmarks"),
    "other": ("circle", "any other pair"),
}
HEIGHT = 470
#: Widths of the plot in pixels at which labels must be free: from a telephone's to a wide page's.
WIDTHS = (290, 330, 400, 520, 640, 780)


def called_out(
    given: pd.DataFrame, q: pd.Series, benchmarks: pd.DataFrame, counterparts: pd.DataFrame, most: int = 4
) -> pd.Series:
    """Which pairs a figure calls out, and as what: pair -> translation, similar, local or other.

    Counterparts are called out as what they are; of two benchmarks in the study's language, at most so many pairs, the
    highest of those whose rate of false discoveries q is below 0.05.  All else is other.
    """
    kinds = pd.Series("other", index=given.index, dtype=object)
    side = benchmarks["language"]
    local = (given["a"].map(side) == "local") & (given["b"].map(side) == "local") & (q < 0.05) & (given["value"] > 0)
    kinds[given["value"][local].nlargest(most).index] = "local"
    known = counterparts.index.intersection(given.index)
    kinds[known] = counterparts.loc[known, "kind"].where(lambda kind: kind.isin(KINDS), "other")
    return kinds


def beyond(
    pairs: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Each pair's correlation across, and upwards what is left of it given general ability.

    Parameters
    ----------
    pairs : DataFrame, a row a pair: name, kind (see `called_out`), plain, partial, and low and high of the partial one,
        plain_low and plain_high of the plain one.  A mark is filled where the interval of the partial one excludes
        zero; pairs called out carry their intervals and name.
    """
    table = pairs.reset_index(drop=True)
    words = {kind: said.replace("{language}", language) for kind, (_, said) in KINDS.items()}
    table["group"] = table["kind"].map(words)
    table["clear"] = (table["low"] > 0) | (table["high"] < 0)
    for what, ends in (("plain", ("plain_low", "plain_high")), ("partial", ("low", "high"))):
        table[f"{what}_said"] = [
            theme.interval({"value": row[what], "low": row[ends[0]], "high": row[ends[1]]})
            for row in table.to_dict("records")
        ]
    out = table["kind"] != "other"
    lowest = min(float(table["plain"].min()), float(table.loc[out, "plain_low"].min()) if out.any() else 1.0, 0.0)
    x_domain, y_domain = [max(-1.0, lowest) - 0.04, 1.04], [-1.06, 1.1]
    x_scale, y_scale = (alt.Scale(domain=domain, nice=False) for domain in (x_domain, y_domain))
    x = alt.X("plain:Q", scale=x_scale, axis=alt.Axis(title="How well the two go together, r", tickCount=5, grid=False))
    y = alt.Y(
        "partial:Q",
        scale=y_scale,
        axis=theme.upright("What is left given general ability", values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
    )
    tips = [
        alt.Tooltip("name:N", title="Pair"),
        alt.Tooltip("group:N", title="Kind"),
        alt.Tooltip("plain_said:N", title="r"),
        alt.Tooltip("partial_said:N", title="Given general ability"),
    ]
    shown = [kind for kind in KINDS if (table["kind"] == kind).any()]
    shape = alt.Shape(
        "group:N",
        scale=alt.Scale(domain=[words[kind] for kind in shown], range=[KINDS[kind][0] for kind in shown]),
        legend=alt.Legend(
            title=None, orient="top", direction="horizontal", columns=4, symbolStrokeColor=theme.INK, symbolSize=80,
            symbolFillColor=theme.PAGE, labelLimit=0, columnPadding=14, offset=14,
        ),
    )
    fill = alt.condition("datum.clear", alt.value(theme.INK), alt.value(theme.PAGE))

    def marks(rows: pd.DataFrame, **look):
        return alt.Chart(rows).mark_point(**look).encode(x=x, y=y, shape=shape, fill=fill, tooltip=tips)
    called = table[out]
    bars = [
        alt.Chart(called)
        .mark_rule(color=theme.INK, strokeWidth=1.4, opacity=0.55)
        .encode(**ends)
        for ends in (
            {"x": x, "y": alt.Y("low:Q", scale=y_scale), "y2": "high:Q"},
        )
        if len(called)
    ]
    faint = marks(table[~out], size=26, stroke=theme.QUIET, strokeWidth=1, opacity=0.55)
    chart = alt.layer(
        *_regions(x_domain, x_scale, y_scale),
        faint,
        *bars,
        marks(called, size=120, stroke=theme.INK, strokeWidth=1.8, opacity=1),
        *_names(called, x_domain, y_domain, height, x_scale, y_scale),
    )
    return theme.finish(chart.properties(width="container", height=height), title=title, subtitle=subtitle)


def _regions(x_domain: list[float], x_scale: alt.Scale, y_scale: alt.Scale) -> list[alt.Chart]:
    """What the places of the figure mean: above, at and below nothing left, and the line where all is left."""
    zero = pd.DataFrame({"zero": [0.0]})
    diagonal = pd.DataFrame({"plain": [max(x_domain[0], -1.0), 1.0], "partial": [max(x_domain[0], -1.0), 1.0]})
    x, y = alt.X("plain:Q", scale=x_scale), alt.Y("partial:Q", scale=y_scale)
    said = pd.DataFrame(
        [
            (1.03, "THIS SKILL CARRIES OVER"),
            (0.0, "GOOD MODELS ARE GOOD AT BOTH"),
            (-1.03, "ONE AT THE OTHER'S EXPENSE"),
        ],
        columns=["partial", "said"],
    ).assign(plain=x_domain[0] + 0.01)
    words = alt.Chart(said).encode(x=x, y=y, text="said:N")
    return [
        alt.Chart(zero).mark_rule(color=theme.QUIET, strokeWidth=1.4).encode(y=alt.Y("zero:Q", scale=y_scale)),
        alt.Chart(diagonal).mark_line(color=theme.QUIET, strokeDash=[4, 4], strokeWidth=1.2).encode(x=x, y=y),
        words.mark_text(
            align="left", baseline="bottom", dy=-3, fontSize=11, fontWeight=600, color=theme.QUIET
        ).transform_filter("datum.partial <= 0"),
        words.mark_text(align="left", baseline="middle", fontSize=11, fontWeight=600, color=theme.QUIET).transform_filter(
            "datum.partial > 0"
        ),
    ]


def _names(called, x_domain, y_domain, height, x_scale, y_scale) -> list[alt.Chart]:
    """Names beside the marks that are called out, the most telling first, none touching another."""
    if called.empty:
        return []
    ends = called[["low", "high"]].to_numpy()
    xs = np.concatenate([called["plain"], called["plain"], called["plain"]])
    ys = np.concatenate([called["partial"], ends[:, 0], ends[:, 1]])
    count = len(called)
    order = called["kind"].map(list(KINDS).index).argsort(kind="stable")
    placed = labels.place(
        xs, ys, [*called["name"], *[""] * 2 * count], list(order), domain_x=x_domain, domain_y=y_domain, widths=WIDTHS,
        height=height, size=12, radius=6, segments=[(count + k, 2 * count + k) for k in range(count)],
    )
    marks = []
    for (align, dx, dy), rows in placed.groupby(["align", "dx", "dy"]):
        part = called.iloc[list(rows["position"])][["plain", "partial", "name"]]
        base = alt.Chart(part).encode(
            x=alt.X("plain:Q", scale=x_scale), y=alt.Y("partial:Q", scale=y_scale), text="name:N"
        )
        look = {"align": align, "dx": dx, "dy": dy, "baseline": "middle"}
        marks += [
            base.mark_text(stroke=theme.PAGE, strokeWidth=3, strokeOpacity=0.9, **look),
            base.mark_text(color=theme.INK, **look),
        ]
    return marks
