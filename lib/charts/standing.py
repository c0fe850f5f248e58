"""Which components are real?  A column a component, a row a check, the verdict on top."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates
from lib.stats.standing import CHECKS, DECIDE

from . import theme
from .figure import Figure

#: Check -> what a reader is told was asked.
ASKED = {
    "noise": "Stronger than unrelated benchmarks?",
    "conditional": "Stronger than what those before leave?",
    "lineages": "The same in resampled lineages?",
    "without-lineage": "The same without any one lineage?",
    "without-benchmark": "The same without any one benchmark?",
    "varimax": "The same when turned (varimax)?",
    "oblimin": "The same when turned and leaning (oblimin)?",
    "scikit-learn": "The same as a factor (scikit-learn)?",
    "statsmodels": "The same as a factor (statsmodels)?",
}
ROW, HEAD, PART = 50, 62, 30  #: heights in pixels: a check, the verdicts, a heading


def standing(checks: Estimates, status: Mapping[str, str] | pd.Series) -> Figure:
    """Real, shaky, weak or noise: what each check says of each component, a filled disc where it is
    passed.

    Parameters
    ----------
    checks : as `lib.stats.standing.checks` gives them.
    status : component -> real, shaky, weak, noise.
    """
    status = dict(status)
    components = list(status)
    shown = [check for check in CHECKS if (checks.frame["check"] == check).any()]
    tops, heads, height = _places(shown)
    table = _cells(checks.frame, components, tops)
    scale = alt.Scale(domain=[-0.5, len(components) - 0.5], nice=False)
    y = alt.Y("down:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    layers = [
        *_rows(shown, tops, heads, scale, y),
        *_verdicts(components, status, scale, y),
        *_marks(table, scale, y),
    ]
    chart = alt.layer(*layers).properties(width="container", height=height)
    said = "; ".join(
        f"{row['component']}: {row['asked']} {row['answer']}, {row['said']}"
        for row in table.to_dict("records")
        if row["check"] in DECIDE
    )
    verdicts = ", ".join(f"{component} is {word}" for component, word in status.items())
    return Figure(
        theme.finish(chart),
        checks.frame[["check", "component", "value", "low", "high", "passed"]],
        f"Checks of each component: {verdicts}. {said}.",
    )


def _cells(frame: pd.DataFrame, components: list[str], tops: Mapping[str, float]) -> pd.DataFrame:
    """A row a check and component: where it stands and what it says."""
    table = frame[frame["component"].isin(components)].reset_index(drop=True)
    times = [
        f"{words.number(value, '.1f')}\N{MULTIPLICATION SIGN}"
        if check in ("noise", "conditional")
        else words.number(value, words.DECIMALS)
        for check, value in zip(table["check"], table["value"], strict=True)
    ]
    table = table.assign(
        place=table["component"].map(components.index),
        down=table["check"].map(tops),
        asked=table["check"].map(ASKED),
        said=times,
        between=[_between(row) for row in table.to_dict("records")],
        answer=[("no", "yes")[bool(passed)] for passed in table["passed"]],
    )
    return table[["check", "component", "place", "down", "asked", "said", "between", "answer"]]


def _marks(table: pd.DataFrame, scale: alt.Scale, y: alt.Y) -> list[alt.Chart]:
    """A disc a check, its number beside it and its interval below."""
    x = alt.X("place:Q", scale=scale, axis=None)
    shown = {
        "component": "Component",
        "asked": "Asked",
        "answer": "Passed",
        "said": "Value",
        "between": "Interval",
    }
    tips = [alt.Tooltip(f"{field}:N", title=title) for field, title in shown.items()]
    fill = alt.condition("datum.answer === 'yes'", alt.value(theme.INK), alt.value(theme.PAGE))
    cells = alt.Chart(table)
    disc = cells.mark_point(
        size=95, stroke=theme.INK, strokeWidth=1.8, opacity=1, xOffset=-22, yOffset=7
    )
    return [
        disc.encode(x=x, y=y, tooltip=tips, fill=fill),
        cells.mark_text(align="left", dx=-10, dy=7, fontSize=13, color=theme.INK).encode(
            x=x, y=y, text="said:N"
        ),
        cells.mark_text(dx=2, dy=22, fontSize=10, color=theme.QUIET).encode(
            x=x, y=y, text="between:N"
        ),
    ]


def _rows(shown: list[str], tops, heads, scale: alt.Scale, y: alt.Y) -> list[alt.Chart]:
    """A line and a question a check, and the two headings."""
    left = alt.X("start:Q", scale=scale, axis=None)
    rows = pd.DataFrame(
        [{"down": tops[check], "start": -0.5, "asked": ASKED[check]} for check in shown]
    )
    parts = pd.DataFrame(
        [{"down": down, "start": -0.5, "said": said} for said, down in heads.items()]
    )
    head = alt.Chart(parts).mark_text(
        align="left", fontWeight=600, color=theme.INK, baseline="middle"
    )
    return [
        alt.Chart(rows).mark_rule(color=theme.GRID, yOffset=-22).encode(y=y),
        alt.Chart(rows)
        .mark_text(align="left", dy=-11, color=theme.QUIET)
        .encode(x=left, y=y, text="asked:N"),
        head.encode(x=left, y=y, text="said:N"),
    ]


def _places(shown: list[str]) -> tuple[dict[str, float], dict[str, float], int]:
    """Middle of each check's row and of each heading, in pixels from the top, and the height of
    all."""
    tops, heads, down = {}, {}, HEAD
    for said, checks in (
        ("These decide", [check for check in shown if check in DECIDE]),
        ("These look further", [check for check in shown if check not in DECIDE]),
    ):
        if checks:
            heads[said] = down + PART / 2
            down += PART
        for check in checks:
            tops[check] = down + ROW / 2
            down += ROW
    return tops, heads, down


def _verdicts(
    components: list[str], status: Mapping[str, str], scale: alt.Scale, y: alt.Y
) -> list[alt.Chart]:
    """Each component's name and its verdict: dark for real, dashed for shaky, dotted for weak, bare
    for noise."""
    table = pd.DataFrame(
        [
            {
                "component": each,
                "place": k,
                "left": k - 0.44,
                "right": k + 0.44,
                "down": 34,
                "status": status[each],
            }
            for k, each in enumerate(components)
        ]
    ).assign(top=20, bottom=52)
    x = alt.X("place:Q", scale=scale, axis=None)
    looks = {
        "real": ({"fill": theme.INK, "stroke": theme.INK}, theme.PAGE),
        "shaky": ({"fill": theme.PAGE, "stroke": theme.INK, "strokeDash": [5, 4]}, theme.INK),
        "weak": ({"fill": theme.PAGE, "stroke": theme.QUIET, "strokeDash": [1, 4]}, theme.QUIET),
        "noise": ({"fill": theme.GRID, "stroke": theme.GRID}, theme.QUIET),
    }
    marks = [
        alt.Chart(table)
        .mark_text(fontSize=13, fontWeight=600, color=theme.INK, dy=-26)
        .encode(x=x, y=y, text="component:N")
    ]
    for word, (look, ink) in looks.items():
        part = alt.Chart(table[table["status"] == word])
        if len(part.data):
            marks += [
                part.mark_rect(cornerRadius=6, strokeWidth=1.6, **look).encode(
                    x=alt.X("left:Q", scale=scale, axis=None),
                    x2="right:Q",
                    y=alt.Y("top:Q", axis=None),
                    y2="bottom:Q",
                ),
                part.mark_text(fontSize=15, fontWeight=600, color=ink, dy=2).encode(
                    x=x, y=y, text="status:N"
                ),
            ]
    return marks


def _between(row: Mapping) -> str:
    if pd.isna(row.get("low")) or pd.isna(row.get("high")):
        return ""
    return words.interval("", row["low"], row["high"]).strip()
