"""What does continuing on local text change, and does more change more?  Every pair as a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lib import words
from lib.stats import matched_pairs
from lib.stats.estimates import Estimates

from . import rows, theme
from .figure import Figure

SPEC = "+.3f"
#: What a difference of scores is called on an axis.
CHANGE = "Change of score, child minus parent"
#: Where an axis of tokens, in billions, has its labels.
TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]


def changes(
    sets: Mapping[str, tuple[Estimates, pd.DataFrame]], difference: pd.DataFrame, study
) -> Figure:
    """What continuing changed: a small mark a pair, the mean with its interval, counts beside it.

    Parameters
    ----------
    sets : name -> mean differences by benchmark and the pairs that they rest on, as from
        `matched_pairs.find`; a set without pairs is left out.
    difference : pairs x benchmarks.
    """
    sets = {
        f"{len(pairs)} {name}": (table, pairs)
        for name, (table, pairs) in sets.items()
        if len(table)
    }
    # One set alone needs no name.
    sets = sets if len(sets) > 1 else dict(zip([""], sets.values(), strict=False))
    tables = {name: table for name, (table, _) in sets.items()}
    singles = pd.concat(
        [
            _singles(difference.loc[pairs.index, list(table)], pairs, study).assign(set=name)
            for name, (table, pairs) in sets.items()
        ]
    )
    notes = {name: matched_pairs.rose(table) + " up" for name, table in tables.items()}
    figure = rows.dots(
        tables,
        study,
        axis=CHANGE,
        at={0.0: "no change"},
        order="side",
        spec=SPEC,
        note=notes,
        singles=singles,
    )
    return Figure(
        figure.chart,
        singles.rename(columns={"subject": "benchmark", "value": "difference"}),
        figure.description,
    )


def _singles(difference: pd.DataFrame, pairs: pd.DataFrame, study) -> pd.DataFrame:
    """A row a pair and benchmark, both models by name."""
    long = difference.rename_axis("child").reset_index().melt("child", var_name="subject")
    parents = long["child"].map(pairs["parent"])
    long = long.assign(
        **{"Continued from": parents.map(study.called), "Model": long["child"].map(study.called)}
    )
    return long.drop(columns="child")


def doses(
    difference: pd.DataFrame,
    bounds: pd.DataFrame,
    bands: Mapping[str, pd.DataFrame],
    slopes: Estimates,
    study,
) -> Figure:
    """A panel a benchmark: each pair's change over the tokens that the child saw beyond its parent.

    Parameters
    ----------
    difference : pairs x benchmarks.
    bounds : lowest, median and highest further tokens of each pair, in billions.
    bands : benchmark -> line and prediction band, as from `scaling.band`; in the order to draw.
    slopes : by benchmark, per tenfold tokens; said over each panel.
    """
    bounds = bounds[bounds["lowest"] > 0]
    points = {benchmark: _points(difference[benchmark], bounds, study) for benchmark in bands}
    spans = [bounds["lowest"].min() / 1.15, bounds["highest"].max() * 1.15]
    heights = theme.padded(*(each["difference"] for each in points.values()), [0.0])
    panels = [
        _panel(points[each], band, study, spans, heights, _title(each, slopes, study))
        for each, band in bands.items()
    ]
    fit = {"columns": 2, "least": 250, "gap": 64, "margin": 0, "most": 520}
    chart = theme.finish(alt.concat(*panels, columns=min(2, len(panels))), fit=fit)
    data = pd.concat([part.assign(benchmark=each) for each, part in points.items()])
    about = f"Change of score against further {study.language} tokens, per tenfold tokens: "
    return Figure(chart, data, about + slopes.of(bands).written(SPEC, study.called) + ".")


def _points(change: pd.Series, bounds: pd.DataFrame, study) -> pd.DataFrame:
    """A row a pair, the parent unsaid: its range of tokens, and the change."""
    told = [
        words.number(low, ",.0f") if high < low * 1.001 else f"{low:,.0f} to {high:,.0f}"
        for low, high in zip(bounds["lowest"], bounds["highest"], strict=True)
    ]
    change = change.loc[bounds.index]
    return bounds.assign(
        name=[study.called(child) for child in bounds.index],
        difference=change,
        told=told,
        said=[words.number(each, SPEC) for each in change],
    )


def _title(benchmark: str, slopes: Estimates, study) -> alt.TitleParams:
    said = f"per tenfold tokens {slopes[benchmark].written(SPEC)}"
    return alt.TitleParams(study.called(benchmark), subtitle=said, fontSize=13, offset=10)


def _panel(points, band, study, spans: Sequence[float], heights, title) -> alt.LayerChart:
    """The law with its band, the line of no change, then pairs: marks on bars over their range."""
    colour, shape, _ = theme.STRATEGIES["continual_local"]
    across = alt.Scale(type="log", domain=list(spans), nice=False)
    upright = alt.Scale(domain=heights, nice=False)
    tokens = alt.Axis(
        title=f"Further {study.language} tokens (billions)", values=TOKENS, format=theme.PLAIN
    )
    scores = alt.Axis(
        title=None,
        tickCount=5,
        format=".2~f",
        labelExpr="(datum.value > 0 ? '+' : '') + datum.label",
    )
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("said:N", title="Change"),
        alt.Tooltip("told:N", title=f"{study.language} tokens, billions"),
    ]
    law, base = alt.Chart(band), alt.Chart(points)
    y = alt.Y("difference:Q", scale=upright, axis=scores)
    return alt.layer(
        law.mark_area(color=theme.GRID, opacity=0.7, clip=True).encode(
            x=alt.X("compute:Q", scale=across), y=alt.Y("low:Q", scale=upright), y2="high:Q"
        ),
        law.mark_line(color=theme.QUIET, strokeWidth=2, clip=True).encode(
            x="compute:Q", y="line:Q"
        ),
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=theme.INK, strokeWidth=1.2)
        .encode(y=alt.Y("zero:Q", scale=upright)),
        base.mark_rule(strokeWidth=2.2, color=colour, opacity=0.4).encode(
            x=alt.X("lowest:Q"), x2="highest:Q", y=y
        ),
        base.mark_point(
            filled=True,
            size=64,
            shape=shape,
            color=colour,
            opacity=1,
            stroke=theme.PAGE,
            strokeWidth=0.6,
        ).encode(x=alt.X("median:Q", scale=across, axis=tokens), y=y, tooltip=tips),
    ).properties(width=300, height=220, title=title)
