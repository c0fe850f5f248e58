"""Figures of replication: what moved from one panel of models to another, and what the evaluation itself moved."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme
from .factors import row_axis, side_fill

#: A move shorter than this share of the axis has no room for an arrowhead between its two dots.
HEAD = 0.045


def rows_under_headings(groups: Sequence[str], names: Sequence[str]) -> tuple[list[int], dict[int, str], list[int]]:
    """Rows under the heading of their group: the row of each item, row -> label, rows that are headings."""
    places, said, heads, before = [], {}, [], None
    for group, name in zip(groups, names, strict=True):
        if group != before:
            heads.append(len(said))
            said[len(said)] = str(group)
            before = group
        places.append(len(said))
        said[len(said)] = str(name)
    return places, said, heads


def _panels(first: str, further: str) -> alt.Fill:
    """Hollow for the panel on which everything was frozen, filled for the one that tests it."""
    return alt.Fill(
        "panel:N",
        scale=alt.Scale(domain=[first, further], range=[theme.PAGE, theme.INK]),
        legend=alt.Legend(
            title=None,
            orient="top",
            direction="horizontal",
            symbolType="circle",
            symbolSize=80,
            symbolStrokeColor=theme.INK,
            symbolStrokeWidth=1.8,
            offset=14,
        ),
    )


def arrows(
    table: pd.DataFrame,
    *,
    first: str,
    further: str,
    threshold: float | None = None,
    x_title: str = "Correlation r",
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """From the value on one panel of models (hollow) to that on another (filled), each with its interval.

    Parameters
    ----------
    table : DataFrame, a row a subject in the order to draw: group (heading), name, value, low, high on the first panel
        and value_further, low_further, high_further on the other.  Rows of a group stand together.
    first, further : what the legend calls the two panels.
    threshold : where the dashed line stands.
    """
    places, said, heads = rows_under_headings(table["group"], table["name"])
    columns = ["value", "low", "high"]
    later = table[[f"{column}_further" for column in columns]].set_axis(columns, axis=1)
    data = pd.concat(
        [
            part.assign(
                panel=panel,
                y=np.array(places) + step,
                row=places,
                name=list(table["name"].astype(str)),
                said=[theme.interval(item) for item in part.to_dict("records")],
            )
            for part, panel, step in ((table[columns], first, -0.17), (later, further, 0.17))
        ],
        ignore_index=True,
    )
    domain = theme.padded(
        *(data[column] for column in columns), [threshold] if threshold is not None else [], share=0.03
    )
    move = pd.DataFrame({"start": list(table["value"]), "end": list(later["value"]), "row": places})
    move["y"], move["y2"] = move["row"] - 0.17, move["row"] + 0.17
    move["middle"], move["way"] = (
        (move["start"] + move["end"]) / 2,
        np.where(move["end"] > move["start"], "right", "left"),
    )
    x = alt.X(
        "value:Q", scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(title=x_title, tickCount=6, format=".1f")
    )
    y = row_axis("y:Q", said, heads)
    base, moved = alt.Chart(data), alt.Chart(move)
    tooltip = [
        alt.Tooltip("name:N", title="What"),
        alt.Tooltip("panel:N", title="Models"),
        alt.Tooltip("said:N", title=x_title),
    ]
    rules = base.mark_rule(color=theme.QUIET, strokeWidth=1.6).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tooltip
    )
    shafts = moved.mark_rule(color=theme.INK, strokeWidth=2.4).encode(
        x=alt.X("start:Q"), x2="end:Q", y=row_axis("y:Q", said, heads), y2="y2:Q"
    )
    least = HEAD * (domain[1] - domain[0])
    tips = [
        moved.transform_filter(f"datum.way === '{way}' && abs(datum.end - datum.start) > {least}")
        .mark_point(shape=f"triangle-{way}", filled=True, size=70, color=theme.INK, opacity=1)
        .encode(x=alt.X("middle:Q"), y=row_axis("row:Q", said, heads))
        for way in ("right", "left")
    ]
    dots = base.mark_point(filled=True, size=85, opacity=1, stroke=theme.INK, strokeWidth=1.8).encode(
        x=x, y=y, fill=_panels(first, further), tooltip=tooltip
    )
    margin = (
        alt.Chart(pd.DataFrame({"row": places}))
        .mark_point(opacity=0)
        .encode(
            y=row_axis(
                "row:Q",
                {
                    place: f"{theme.signed(a)} \N{RIGHTWARDS ARROW} {theme.signed(b)}"
                    for place, a, b in zip(places, move["start"], move["end"], strict=True)
                },
                orient="right",
                grid=False,
            )
        )
    )
    left = alt.layer(*_line(threshold), rules, shafts, *tips, dots)
    chart = (
        alt.layer(left, margin.encode(y=_same_domain(margin, len(said))))
        .resolve_axis(y="independent")
        .properties(width="container", height=33 * len(said))
    )
    return theme.finish(chart, title=title, subtitle=subtitle, still=820, least=560)


def _same_domain(margin: alt.Chart, count: int) -> alt.Y:
    """The right-hand axis of a row chart, over as many rows as the left one has."""
    y = margin.encoding.y.copy()
    y.scale = alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False)
    return y


def _line(threshold: float | None) -> list[alt.Chart]:
    if threshold is None:
        return []
    return [
        alt.Chart(pd.DataFrame({"threshold": [threshold]}))
        .mark_rule(color=theme.QUIET, strokeDash=[5, 4], strokeWidth=1.4)
        .encode(x=alt.X("threshold:Q"))
    ]


def congruence(
    table: pd.DataFrame,
    *,
    threshold: float | None = None,
    x_title: str = "Congruence",
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """Dots with intervals in rows under headings, with a dashed threshold.

    Parameters
    ----------
    table : DataFrame, a row a dot in the order to draw: group (heading), name, value, low, high.
    """
    places, said, heads = rows_under_headings(table["group"], table["name"])
    data = table[["group", "name", "value", "low", "high"]].assign(
        y=places, said=[theme.interval(item) for item in table.to_dict("records")]
    )
    domain = theme.padded(
        data["value"], data["low"], data["high"], [threshold] if threshold is not None else [], share=0.03
    )
    x = alt.X(
        "value:Q", scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(title=x_title, tickCount=6, format=".1f")
    )
    y = row_axis("y:Q", said, heads)
    tooltip = [
        alt.Tooltip("group:N", title="What"),
        alt.Tooltip("name:N", title="Models"),
        alt.Tooltip("said:N", title="Value"),
    ]
    base = alt.Chart(data)
    rules = base.mark_rule(color=theme.INK, strokeWidth=1.8, opacity=0.75).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tooltip
    )
    dots = base.mark_point(size=75, filled=True, opacity=1, color=theme.INK).encode(x=x, y=y, tooltip=tooltip)
    chart = alt.layer(*_line(threshold), rules, dots).properties(width="container", height=23 * len(said))
    return theme.finish(chart, title=title, subtitle=subtitle, still=700)


def drift(
    shifts: pd.DataFrame,
    summary: pd.DataFrame,
    benchmarks: pd.DataFrame,
    scale: pd.Series,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
) -> alt.FacetChart:
    """How far the same models' scores moved: dots are models, the bar their mean with its interval.

    The left panel is in points of the score, the right one in standard deviations of the study's own models.

    Parameters
    ----------
    shifts : DataFrame, models (index, shown names) x benchmarks.
    summary : DataFrame, index benchmark in the order to draw: value, low, high.
    benchmarks : DataFrame, index benchmark; columns name, language.
    scale : Series, benchmark -> standard deviation.
    """
    row = {benchmark: place for place, benchmark in enumerate(summary.index)}
    names = {place: str(benchmarks["name"].get(benchmark, benchmark)) for benchmark, place in row.items()}
    heads = {"Change in score": pd.Series(1.0, summary.index), "In standard deviations": scale.reindex(summary.index)}
    parts = []
    for panel, unit in heads.items():
        for benchmark, place in row.items():
            moved = (shifts[benchmark] / unit[benchmark]).dropna()
            step = 0.006 * float(np.nanmax((shifts[summary.index] / unit).abs().to_numpy())) or 1
            spread = np.array(labels.spread(list(moved), step))
            parts.append(
                pd.DataFrame(
                    {
                        "kind": "model",
                        "name": moved.index.astype(str),
                        "value": moved.to_numpy(),
                        "y": place + 0.16 + 0.13 * spread,
                        "panel": panel,
                        "benchmark": names[place],
                    }
                )
            )
            mean = {part: summary.at[benchmark, part] / unit[benchmark] for part in ("value", "low", "high")}
            parts.append(
                pd.DataFrame(
                    [
                        {
                            "kind": "mean",
                            "name": "mean of all",
                            **mean,
                            "y": place - 0.22,
                            "panel": panel,
                            "benchmark": names[place],
                        }
                    ]
                )
            )
    data = pd.concat(parts, ignore_index=True)
    data["side"] = data["benchmark"].map(
        {names[place]: language if benchmarks["language"].get(b) == "local" else "English" for b, place in row.items()}
    )
    data["said"] = [theme.interval(item, plus=True) for item in data.to_dict("records")]
    x = alt.X(
        "value:Q",
        axis=alt.Axis(title=None, tickCount=5, labelExpr="(datum.value > 0 ? '+' : '') + datum.label", format=".2~f"),
        scale=alt.Scale(nice=False, padding=8),
    )
    y = row_axis("y:Q", names)
    tooltip = [
        alt.Tooltip("benchmark:N", title="Benchmark"),
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("said:N", title="Change"),
    ]
    base = alt.Chart(data)
    models, mean = (base.transform_filter(f"datum.kind === '{kind}'") for kind in ("model", "mean"))
    zero = (
        base.transform_filter(f"datum.kind === 'mean' && datum.benchmark === {names[0]!r}")
        .mark_rule(color=theme.QUIET, strokeWidth=1.2)
        .encode(x=alt.datum(0.0))
    )
    dots = models.mark_point(size=26, filled=True, stroke=theme.INK, strokeWidth=1, opacity=0.55).encode(
        x=x, y=y, fill=side_fill(language), tooltip=tooltip
    )
    rule = mean.mark_rule(color=theme.INK, strokeWidth=2.2).encode(x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tooltip)
    tick = mean.mark_tick(orient="vertical", thickness=3.5, size=12, color=theme.INK).encode(x=x, y=y, tooltip=tooltip)
    chart = (
        alt.layer(zero, dots, rule, tick)
        .properties(width=260, height=25 * len(row))
        .facet(
            column=alt.Column("panel:N", sort=list(heads), title=None, header=alt.Header(labelAnchor="start")),
            spacing=18,
        )
        .resolve_scale(x="independent")
    )
    return theme.finish(
        chart,
        title=title,
        subtitle=subtitle,
        least=480,
        fit={"columns": 2, "fixed": True, "least": 130, "gap": 18, "margin": 130, "most": 330},
    )
