"""What the laws of scaling amount to: how closely, how steeply and how well, a line a law.

Each law's name and number stand above its line, so that the line has the page's whole width, on a telephone, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from . import theme
from .budgets import SIDES, side_names

#: Height in pixels of a law (name above line), and its line's place below the middle.
ROW, LOWER = 38, 8
#: The two panels of a joint law: quantity -> (heading, axis).
JOINT = {
    "slope": ("What ten times the compute goes with", "Slope, points of ability"),
    "partial_r2": ("What it explains that the other cannot", "Partial R²: share of what the other leaves"),
}


def scaling_summary(
    table: pd.DataFrame,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    sides: Sequence[str] = SIDES,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """How closely each ability follows each budget: r with its interval (thin) and the range over draws (thick).

    Parameters
    ----------
    table : DataFrame with columns component, side, value, low, high and, where known, draws_low, draws_high.
    """
    rows = _rows(table[table["side"].isin(sides)], "side", _budgets(language), list(sides), names or {})
    domain = [min(-0.25, float(rows["low"].min()) - 0.05), 1.02]
    chart = _lines(rows, domain, "Correlation of ability with log compute, r", zero=True)
    return theme.finish(chart.properties(width="container"), title=title, subtitle=subtitle)


def joint(
    table: pd.DataFrame,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.ConcatChart:
    """English and local compute in one law: slopes and partial R2, with intervals (thin) and ranges over draws (thick).

    Parameters
    ----------
    table : DataFrame with columns component, quantity (`slope`, `partial_r2`), side (english, local), value, low, high
        and, where known, draws_low, draws_high.
    """
    panels = []
    for quantity, (heading, axis) in JOINT.items():
        part = table[table["quantity"] == quantity]
        rows = _rows(part, "side", _budgets(language), ["english", "local"], names or {})
        domain = [-0.02, 1.02] if quantity == "partial_r2" else theme.padded(rows["low"], rows["high"], [0.0])
        panels.append(
            _lines(rows, domain, axis, zero=True).properties(
                width=320, title=alt.TitleParams(heading, fontSize=13, offset=10)
            )
        )
    fit = {"columns": 2, "least": 260, "gap": 28, "margin": 0, "most": 520}
    return theme.finish(alt.concat(*panels, columns=2), title=title, subtitle=subtitle, fit=fit)


def rival_laws(
    table: pd.DataFrame,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    baseline: str = "mean alone",
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.ConcatChart:
    """How far each law misses lineages that it has not seen, against the mean alone; a panel an ability.

    Parameters
    ----------
    table : DataFrame with columns component, law, error, low, high (over draws); the law called `baseline` is drawn as a
        line that the others must beat.
    """
    top = 1.05 * float(table[["error", "high"]].max(axis=None))
    panels = []
    for component in dict.fromkeys(table["component"]):
        part = table[table["component"] == component]
        mark = float(part.loc[part["law"] == baseline, "error"].iloc[0])
        rivals = part[part["law"] != baseline].sort_values("error")
        rows = pd.DataFrame(
            {
                "label": [law_name(law, language) for law in rivals["law"]],
                "head": False,
                "value": rivals["error"].to_numpy(),
                "draws_low": rivals["low"].to_numpy(),
                "draws_high": rivals["high"].to_numpy(),
                "low": float("nan"),
                "high": float("nan"),
                "said": [theme.signed(value) for value in rivals["error"]],
            }
        )
        chart = _lines(rows, [0, top], "Error on unseen lineages (smaller is better)", baseline=mark)
        heading = alt.TitleParams((names or {}).get(component, component), fontSize=13, offset=10)
        panels.append(chart.properties(width=320, title=heading))
    fit = {"columns": 2, "least": 260, "gap": 28, "margin": 0, "most": 520}
    return theme.finish(alt.concat(*panels, columns=2), title=title, subtitle=subtitle, fit=fit)


def law_name(law: str, language: str) -> str:
    """A law as a figure calls it: the study's language for `local`, first letter capital."""
    said = " ".join(language if word == "local" else word for word in law.split(" "))
    return said[:1].upper() + said[1:]


def _budgets(language: str) -> dict[str, str]:
    return {
        side: "Total compute" if side == "total" else f"{name} compute" for side, name in side_names(language).items()
    }


def _rows(table: pd.DataFrame, key: str, labels: Mapping, order: Sequence, names: Mapping) -> pd.DataFrame:
    """Rows to draw: each component's heading, then its laws in the order given."""
    rows = []
    for component in dict.fromkeys(table["component"]):
        rows.append({"label": str(names.get(component, component)), "head": True})
        part = table[table["component"] == component].set_index(key)
        for each in (each for each in order if each in part.index):
            row = part.loc[each].to_dict()
            rows.append({**row, "label": labels[each], "head": False, "said": theme.interval(row)})
    columns = ["label", "head", "value", "low", "high", "draws_low", "draws_high", "said"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _lines(rows: pd.DataFrame, domain, title: str, *, zero: bool = False, baseline: float | None = None):
    """Dots with lines, one law below another, names above the lines and numbers at the right end."""
    rows = rows.assign(row=range(len(rows)), end=domain[1], start=domain[0])
    rows["over"] = [
        f"{theme.signed(low)} to {theme.signed(high)}" if pd.notna(low) else ""
        for low, high in zip(rows["draws_low"], rows["draws_high"], strict=True)
    ]
    laws, heads = rows[~rows["head"].astype(bool)], rows[rows["head"].astype(bool)]
    scale, top = alt.Scale(domain=list(domain), nice=False), -0.6 if baseline is None else -1.1
    y = alt.Y("row:Q", scale=alt.Scale(domain=[len(rows) - 0.4, top], nice=False, zero=False), axis=None)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=theme.lines(title, 44), tickCount=5, format=".2~f"))
    tips = [alt.Tooltip("label:N", title="Law"), alt.Tooltip("said:N", title="Value")]
    tips += [alt.Tooltip("over:N", title="Over what is undisclosed")] if laws["over"].any() else []
    base = alt.Chart(laws.drop(columns="head"))

    def ruled(start: str, end: str, **look):
        look = {"color": theme.INK, "strokeWidth": 1.8, "yOffset": LOWER, **look}
        shown = base.transform_filter(f"isValid(datum.{start})")
        return shown.mark_rule(**look).encode(x=alt.X(f"{start}:Q", scale=scale), x2=f"{end}:Q", y=y, tooltip=tips)

    def words(chart, column: str, **look):
        look = {"baseline": "middle", **look}
        halo = {"color": theme.PAGE, "stroke": theme.PAGE, "strokeWidth": 3, "strokeJoin": "round"}
        place = "end" if look["align"] == "right" else "start"
        encoded = chart.encode(x=alt.X(f"{place}:Q", scale=scale), y=y, text=f"{column}:N")
        return [encoded.mark_text(**{**look, **halo}), encoded.mark_text(**look)]

    layers = []
    if baseline is not None:
        edge = pd.DataFrame({"baseline": [baseline], "end": [domain[1]], "said": ["no better than the mean alone"]})
        right = alt.Chart(edge)
        layers += [
            right.mark_rect(color=theme.GRID, opacity=0.6).encode(x=alt.X("baseline:Q", scale=scale), x2="end:Q"),
            right.mark_rule(color=theme.QUIET, strokeDash=[5, 4]).encode(x=alt.X("baseline:Q", scale=scale)),
        ]
    if zero:
        layers.append(
            alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=theme.QUIET).encode(x=alt.X("zero:Q", scale=scale))
        )
    layers += [
        ruled("draws_low", "draws_high", color=theme.QUIET, strokeWidth=9, opacity=0.45),
        ruled("low", "high"),
        base.mark_point(filled=True, size=80, color=theme.INK, opacity=1, yOffset=LOWER).encode(x=x, y=y, tooltip=tips),
        *words(base, "label", align="left", color=theme.INK, dy=-7),
        *words(base, "said", align="right", color=theme.QUIET, dy=-7),
    ]
    if len(heads):
        named = alt.Chart(heads[["label", "row", "start", "end"]])
        layers += words(named, "label", align="left", color=theme.INK, dy=4, fontWeight=600, fontSize=13)
    if baseline is not None:
        over = alt.Chart(edge.assign(row=-0.8))
        layers += words(over, "said", align="right", color=theme.QUIET, fontStyle="italic")
    return alt.layer(*layers).properties(height=round(ROW * (len(rows) - 0.4 - top)))
