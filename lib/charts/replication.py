"""Figures of replication: how far the evaluation itself moved the scores of the same models."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import labels, theme
from .figure import Figure
from .rows import row_axis, side_fill

#: Benchmarks on which no model moved by this share of a standard deviation are left to the data
#: file.
SEEN = 0.1
#: The two panels: what a shift is counted in.
SCORE, DEVIATIONS = "Change in score", "In standard deviations"


def drift(shifts: pd.DataFrame, moved: Estimates, scale: pd.Series, study) -> Figure:
    """How far the same models' scores moved: dots are models, the bar their mean with its interval.

    The left panel is in points of the score, the right one in standard deviations of the study's
    own models. Benchmarks that hardly moved are left out, unless none moved more.

    Parameters
    ----------
    shifts : DataFrame, models x benchmarks.
    moved : mean shift by benchmark, with its column `largest`.
    scale : Series, benchmark -> standard deviation.
    """
    table = moved.where(moved.frame.index.isin(scale.index)).sorted(by="largest")
    clearly = table.frame["largest"] > SEEN * scale.reindex(table.frame.index)
    shown = table.where(clearly) if clearly.any() else table.head(5)
    names = {place: study.called(benchmark) for place, benchmark in enumerate(shown)}
    units = {SCORE: pd.Series(1.0, scale.index), DEVIATIONS: scale}
    data = pd.concat(
        [_panel(shifts, shown, unit, study).assign(panel=panel) for panel, unit in units.items()]
    )
    chart = _chart(data, names, study.language)
    fit = {"columns": 2, "fixed": True, "least": 130, "gap": 18, "margin": 130, "most": 330}
    said = "; ".join(
        f"{study.called(each)} mean {estimate:+.3f}, largest "
        + words.number(shown.frame.at[each, "largest"], ".3f")
        for each, estimate in shown.items()
    )
    return Figure(
        theme.finish(chart, least=480, fit=fit),
        moved.frame.rename_axis("benchmark").reset_index(),
        f"Change of score of {len(shifts)} models between two evaluations. "
        f"{said}; the others less.",
    )


def _panel(shifts: pd.DataFrame, shown: Estimates, unit: pd.Series, study) -> pd.DataFrame:
    """Dots of models and bars of means in one unit."""
    step = 0.006 * float(np.nanmax((shifts[list(shown)] / unit).abs().to_numpy())) or 1
    rows = []
    for place, (benchmark, mean) in enumerate(shown.items()):
        side = study.language if benchmark in study.local else "English"
        common = {"benchmark": study.called(benchmark), "side": side}
        values = (shifts[benchmark] / unit[benchmark]).dropna()
        for model, value, apart in zip(
            values.index, values, labels.spread(list(values), step), strict=True
        ):
            rows.append(
                {
                    **common,
                    "kind": "model",
                    "name": study.called(model),
                    "value": value,
                    "y": place + 0.16 + 0.13 * apart,
                    "said": words.number(value, "+.2f"),
                }
            )
        ends = [each / unit[benchmark] for each in (mean.value, mean.low, mean.high)]
        rows.append(
            {
                **common,
                "kind": "mean",
                "name": "mean of all",
                "y": place - 0.22,
                **dict(zip(("value", "low", "high"), ends, strict=True)),
                "said": words.interval(*ends, "+.2f"),
            }
        )
    return pd.DataFrame(rows)


def _chart(data: pd.DataFrame, names: dict[int, str], language: str) -> alt.FacetChart:
    x = alt.X(
        "value:Q",
        axis=alt.Axis(
            title=None,
            tickCount=5,
            labelExpr="(datum.value > 0 ? '+' : '') + datum.label",
            format=".2~f",
        ),
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
    fill = side_fill(
        data,
        {"title": None, "orient": "top", "direction": "horizontal", "symbolStrokeColor": theme.INK},
    )
    layers = [
        mean.mark_rule(color=theme.QUIET, strokeWidth=1.2).encode(x=alt.datum(0.0)),
        models.mark_point(
            size=26, filled=True, stroke=theme.INK, strokeWidth=1, opacity=0.55
        ).encode(x=x, y=y, fill=fill, tooltip=tooltip),
        mean.mark_rule(color=theme.INK, strokeWidth=2.2).encode(
            x=alt.X("low:Q"), x2="high:Q", y=y, tooltip=tooltip
        ),
        mean.mark_tick(orient="vertical", thickness=3.5, size=12, color=theme.INK).encode(
            x=x, y=y, tooltip=tooltip
        ),
    ]
    heads = alt.Column(
        "panel:N", sort=[SCORE, DEVIATIONS], title=None, header=alt.Header(labelAnchor="start")
    )
    return (
        alt.layer(*layers)
        .properties(width=260, height=25 * len(names))
        .facet(column=heads, spacing=18)
        .resolve_scale(x="independent")
    )
