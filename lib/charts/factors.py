"""Figures of abilities: how many there are, and which benchmarks carry them."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from . import theme
from .labels import text_width
from .rows import row_axis

#: Components beyond these say the same as the last ones.
SHOWN = 8
#: Pixels that a benchmark's name may take beside a panel.
LABEL = 170


def scree(
    parallel: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    shown: int = SHOWN,
    height: int = 340,
) -> alt.LayerChart:
    """Eigenvalues against what unrelated benchmarks would give, with the words *real*, *shaky* and *noise* on it.

    Parameters
    ----------
    parallel : DataFrame, a row a component (index PC1, PC2, ...): eigenvalue, threshold, retained; optional low and
        high (interval of the eigenvalue) and status.  Without a status a component retained is shaky where `low` lies
        below `threshold`, else real; one not retained is noise.
    """
    table = parallel.head(shown).rename_axis("component").reset_index()
    table["place"] = range(1, len(table) + 1)
    known = {"low", "high"} <= set(table)
    if "status" not in table:
        doubtful = table["low"] < table["threshold"] if known else False
        table["status"] = np.where(table["retained"], np.where(doubtful, "shaky", "real"), "noise")
    table["said"] = [
        theme.interval({"value": row["eigenvalue"], "low": row.get("low"), "high": row.get("high")})
        for row in table.to_dict("records")
    ]
    table["limit"] = [theme.signed(value) for value in table["threshold"]]
    values = pd.concat([table["eigenvalue"], table["threshold"], *([table["low"], table["high"]] if known else [])])
    domain = [float(values[values > 0].min()) * 0.7, float(values.max()) * 1.35]
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[0.5, len(table) + 0.75], nice=False),
        axis=alt.Axis(title="Component", values=list(table["place"]), labelExpr="'PC' + datum.label", grid=False),
    )
    y = alt.Y(
        "eigenvalue:Q",
        scale=alt.Scale(type="log", domain=domain, nice=False),
        axis=theme.upright(
            "Strength (eigenvalue, in benchmarks)", values=[0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], format="~g"
        ),
    )
    base = alt.Chart(table)
    ends = pd.concat([table.iloc[[0]].assign(place=0.5), table, table.iloc[[-1]].assign(place=len(table) + 0.75)])
    band = (
        alt.Chart(ends[["place", "threshold"]].assign(floor=domain[0]))
        .mark_area(
            color=theme.GRID, opacity=0.75, line={"color": theme.QUIET, "strokeDash": [5, 4], "strokeWidth": 1.4}
        )
        .encode(x=x, y=alt.Y("threshold:Q", scale=alt.Scale(type="log", domain=domain)), y2="floor:Q")
    )
    tooltip = [
        alt.Tooltip("component:N", title="Component"),
        alt.Tooltip("said:N", title="Strength"),
        alt.Tooltip("limit:N", title="Unrelated benchmarks reach"),
        alt.Tooltip("status:N", title="So it is"),
    ]
    rules = [base.mark_rule(color=theme.INK, strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q")] if known else []
    dots = base.mark_point(size=110, filled=True, opacity=1, strokeWidth=2, stroke=theme.INK).encode(
        x=x, y=y, tooltip=tooltip, fill=alt.condition("datum.status === 'real'", alt.value(theme.INK), alt.value(theme.PAGE))
    )
    line = base.mark_line(color=theme.INK, strokeWidth=1.2, opacity=0.5).encode(x=x, y=y)
    words = (
        base.transform_filter("datum.status !== 'noise'")
        .mark_text(align="left", dx=12, dy=-2, baseline="bottom", fontSize=14, fontWeight=600, color=theme.INK)
        .encode(x=x, y=y, text="status:N")
    )
    # Below the threshold of the first components lies nothing but noise: room for the words.
    corner = pd.DataFrame({"word": ["noise", "as far as unrelated benchmarks reach"]})
    noise, said = (
        alt.Chart(corner.iloc[[place]])
        .mark_text(
            align="left", baseline="bottom", x=10, y=height - down, fontSize=size, fontWeight=weight, color=theme.QUIET
        )
        .encode(text="word:N")
        for place, (down, size, weight) in enumerate(((28, 14, 600), (12, 12, 400)))
    )
    chart = alt.layer(band, line, *rules, dots, words, noise, said).properties(width="container", height=height)
    return theme.finish(chart, title=title, subtitle=subtitle)


def loadings(
    table: pd.DataFrame,
    benchmarks: pd.DataFrame,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.ConcatChart | alt.LayerChart:
    """How much each benchmark weighs in each component: dots with intervals, benchmarks grouped by ability.

    Filled dots are benchmarks in the study's language, hollow ones English.

    Parameters
    ----------
    table : DataFrame with the index (component, benchmark) or columns of these names; value, and where known low
        and high.
    benchmarks : DataFrame, index benchmark; columns name, ability, language (local, english).
    names : component -> heading of its panel.
    """
    rows, labels, heads = grouped(benchmarks)
    data = table.reset_index() if not {"component", "benchmark"} <= set(table.columns) else table.copy()
    data.columns = ["component", "benchmark", *data.columns[2:]]
    data = data[data["benchmark"].isin(rows)]
    headings = {component: (names or {}).get(component, component) for component in dict.fromkeys(data["component"])}
    data = data.assign(
        row=data["benchmark"].map(rows),
        panel=data["component"].map(headings),
        name=data["benchmark"].map(benchmarks["name"]),
        ability=data["benchmark"].map(benchmarks["ability"]),
        side=np.where(data["benchmark"].map(benchmarks["language"]) == "local", language, "English"),
        said=[theme.interval(row) for row in data.to_dict("records")],
    )
    known = {"low", "high"} <= set(data)
    domain = theme.padded(*(data[c] for c in ("value", "low", "high") if c in data), [0])
    scale = alt.Scale(domain=domain, nice=False)
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=None, tickCount=4, format=".1f"))
    y = row_axis("row:Q", labels, heads, labelLimit=LABEL)
    tooltip = [
        alt.Tooltip("name:N", title="Benchmark"),
        alt.Tooltip("ability:N", title="Ability"),
        alt.Tooltip("side:N", title="Language"),
        alt.Tooltip("said:N", title="Weight"),
    ]
    base = alt.Chart(
        data[["panel", "name", "ability", "side", "value", "row", "said", *(["low", "high"] if known else [])]]
    )
    line = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=theme.QUIET, strokeWidth=1)
    panels = []
    for heading in headings.values():
        here = base.transform_filter(alt.datum.panel == heading)
        rule = here.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75)
        dots = here.mark_point(size=70, filled=True, opacity=1, stroke=theme.INK, strokeWidth=1.8)
        layers = [
            line.encode(x=alt.X("zero:Q", scale=scale)),
            *([rule.encode(x=alt.X("low:Q"), x2="high:Q", y=y)] if known else []),
            dots.encode(x=x, y=y, tooltip=tooltip, fill=side_fill(language)),
        ]
        panels.append(
            alt.layer(*layers).properties(
                width=150,
                height=17 * (max(labels) + 1),
                title=alt.TitleParams(str(heading), fontSize=13, offset=8),
            )
        )
    if len(panels) == 1:
        return theme.finish(panels[0].properties(width="container"), title=title, subtitle=subtitle)
    # Every panel carries its labels: on a narrow page panels stand one below another.
    gap = min(LABEL, round(max(text_width(label, 12) for label in labels.values()))) + 32
    fit = {"columns": len(panels), "least": 110, "gap": gap, "margin": 0, "most": 480}
    return theme.finish(alt.concat(*panels, columns=len(panels)), title=title, subtitle=subtitle, fit=fit)


def side_fill(language: str) -> alt.Fill:
    """Filled for the study's language, hollow for English."""
    return alt.Fill(
        "side:N",
        scale=alt.Scale(domain=[language, "English"], range=[theme.INK, theme.PAGE]),
        legend=alt.Legend(
            title=None,
            orient="top",
            direction="horizontal",
            symbolType="circle",
            symbolStrokeColor=theme.INK,
            symbolStrokeWidth=1.8,
            symbolSize=70,
            labelExpr="datum.label + ' benchmark'",
            offset=14,
        ),
    )


def grouped(benchmarks: pd.DataFrame) -> tuple[dict, dict[int, str], list[int]]:
    """Rows of benchmarks under the name of their ability: benchmark -> row, row -> label, rows that are headings."""
    rows, labels, heads = {}, {}, []
    for ability in dict.fromkeys(benchmarks["ability"]):
        place = len(labels)
        heads.append(place)
        labels[place] = str(ability)
        for benchmark in benchmarks.index[benchmarks["ability"] == ability]:
            rows[benchmark] = len(labels)
            labels[len(labels)] = str(benchmarks.loc[benchmark, "name"])
    return rows, labels, heads
