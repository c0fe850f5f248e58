"""What leads to what, where finished models are compared: a drawing of assumptions, not of data."""

from __future__ import annotations

import altair as alt
import pandas as pd

from . import theme
from .figure import Figure

#: Each thing: where it stands, what it is called, what it is for the question.
THINGS = {
    "text": (0.0, 0.5, "Text in {language}", "what is asked"),
    "maker": (0.95, 1.0, "Maker: data, craft", "confounder"),
    "root": (2.05, 1.0, "Size, earlier training", "confounder"),
    "english": (1.5, 0.0, "English after training", "mediator"),
    "score": (3.0, 0.5, "Score on the task", "what is measured"),
}
#: Each arrow, from what to what.
ARROWS = (
    ("text", "score"),
    ("maker", "text"),
    ("maker", "score"),
    ("root", "text"),
    ("root", "score"),
    ("root", "english"),
    ("text", "english"),
    ("english", "score"),
)
#: Share of an arrow's way that is left free at either end for words.
FREE = 0.23


def causes(language: str, height: int = 230) -> Figure:
    """What may lead from text in the language to a score, and what may lead to both.

    A *confounder* leads to both the text that was chosen and the score; a *mediator* lies on the
    way from one to the other, so that holding it fixed takes out part of what the text does.
    """
    things = pd.DataFrame.from_dict(THINGS, orient="index", columns=["x", "y", "name", "role"])
    things["name"] = things["name"].str.replace("{language}", language, regex=False)
    arrows = pd.DataFrame([_arrow(things, *each) for each in ARROWS])
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.45, 3.45], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.25, 1.25], nice=False), axis=None)
    words = alt.Chart(things).encode(x=x, y=y)
    chart = alt.layer(
        *_drawn(arrows, x, y),
        words.mark_text(fontSize=13, dy=-7, color=theme.INK).encode(text="name:N"),
        words.mark_text(fontSize=12, dy=9, color=theme.QUIET, fontStyle="italic").encode(
            text="role:N"
        ),
    )
    names = things["name"].to_dict()
    data = pd.DataFrame(ARROWS, columns=["from", "to"])
    data = data.assign(role=data["from"].map(things["role"])).replace({"from": names, "to": names})
    said = (
        f"Arrows: {names['maker']} and {names['root']} lead to {names['text']} and to "
        f"{names['score']}, as confounders; {names['text']} leads to {names['score']} directly and "
        f"through {names['english']}, a mediator."
    )
    still = theme.finish(chart.properties(width="container", height=height), still=720, least=560)
    return Figure(still, data, said)


def _arrow(things: pd.DataFrame, one: str, other: str) -> dict[str, float]:
    """Both ends of an arrow, short of the words there."""
    ends = {}
    for axis in ("x", "y"):
        a, b = things.loc[one, axis], things.loc[other, axis]
        ends |= {axis: a + FREE * (b - a), f"{axis}1": b - FREE * (b - a)}
    return ends


def _drawn(arrows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A line for each arrow and a head at its end, turned by the scales."""
    across, down = (
        f"(scale('{axis}', datum.{axis}1) - scale('{axis}', datum.{axis}))" for axis in "xy"
    )
    base = alt.Chart(arrows)
    line = base.mark_rule(strokeWidth=1.4, color=theme.QUIET).encode(x=x, y=y, x2="x1:Q", y2="y1:Q")
    head = base.mark_point(
        filled=True,
        shape="triangle",
        size=60,
        color=theme.QUIET,
        opacity=1,
        angle=alt.ExprRef(f"atan2({down}, {across}) * 180 / PI + 90"),
    ).encode(x=alt.X("x1:Q", axis=None), y=alt.Y("y1:Q", axis=None))
    return [line, head]
