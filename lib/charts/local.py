"""A map of local ability: the local composite against the English one, and what it holds beyond."""

from __future__ import annotations

import altair as alt
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.local_ability import LocalAbility

from . import maps, theme
from .figure import Figure

#: Where no strategy is known, all models share one quiet mark and no legend is shown.
PLAIN = "circle"


def composites(
    ability: LocalAbility, score: Estimates, study, most: int = 14, height: int = 480
) -> Figure:
    """Each model's local composite against its English one, the smooth curve, and the distance to
    it.

    Named and joined with the curve are the models whose interval excludes zero, the farthest first,
    `most` at most.

    Parameters
    ----------
    score : local ability by model, with intervals.
    """
    clear = score.clear
    far = list(clear.values.abs().sort_values(ascending=False, kind="stable").index)[:most]
    points = _points(ability, score, study)
    curve = ability.curve.rename(columns={"english": "x", "local": "y"})
    domains = (
        theme.padded(points["x"], share=0.07),
        theme.padded(points["y"], curve["y"], share=0.07),
    )
    across = "English composite (mean standardised score) \N{RIGHTWARDS ARROW}"
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=domains[0], nice=False),
        axis=alt.Axis(title=across, tickCount=8),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=domains[1], nice=False),
        axis=theme.upright(f"\N{UPWARDS ARROW} {study.language} composite", tickCount=6),
    )
    chosen = theme.chooser("group")
    line = alt.Chart(curve).mark_line(color=theme.INK, strokeWidth=2).encode(x=x, y=y)
    gaps = (
        alt.Chart(points[points["model"].isin(far)][["x", "y", "fitted"]])
        .mark_rule(color=theme.QUIET, strokeWidth=1.2, strokeDash=[3, 3])
        .encode(x=x, y=y, y2="fitted:Q")
    )
    marks = _marks(points, study.language, chosen).encode(x=x, y=y, tooltip=_tips(study.language))
    chart = alt.layer(line, gaps, marks, *_names(points, curve, far, chosen, domains, most, height))
    said = (
        f"Scatter of {len(points)} models, {study.language} composite against English composite, "
        f"with a smooth curve. Clearly off it: {clear.of(far).written('+.2f', study.called)}."
    )
    data = points[["model", "name", "strategy", "x", "y", "fitted", "value", "low", "high"]]
    return Figure(
        theme.finish(chart.properties(width="container", height=height), still=900),
        data.rename(columns={"x": "english", "y": "local", "value": "local ability"}),
        said,
    )


def _points(ability: LocalAbility, score: Estimates, study) -> pd.DataFrame:
    """A row a model: its place, the curve's at its English composite, local ability in words."""
    table = study.models.loc[ability.score.index, ["name", "strategy"]].assign(
        x=ability.english, y=ability.local, fitted=ability.local - ability.score
    )
    table = table.join(score.frame[["value", "low", "high"]])
    table["group"] = theme.strategy_column(table["strategy"], study.language)
    table["said"] = [score[model].written("+.2f") for model in table.index]
    return table.rename_axis("model").reset_index()


def _marks(points: pd.DataFrame, language: str, chosen: alt.Parameter) -> alt.Chart:
    """Marks by strategy with a legend; plain ones where no strategy is known."""
    base = alt.Chart(points)
    if set(points["group"]) == {theme.strategy_names(language)["unknown"]}:
        return base.mark_point(
            filled=True,
            size=95,
            shape=PLAIN,
            color=theme.QUIET,
            stroke=theme.PAGE,
            strokeWidth=0.8,
            opacity=1,
        ).add_params(chosen)
    colour, shape = theme.strategy_scales(points["group"], language)
    legend = theme.strategy_legend(34)
    return (
        base.mark_point(filled=True, size=95, stroke=theme.PAGE, strokeWidth=0.8)
        .encode(
            color=alt.Color("group:N", scale=colour, legend=legend),
            shape=alt.Shape("group:N", scale=shape, legend=legend),
            opacity=theme.faded(chosen),
        )
        .add_params(chosen)
    )


def _tips(language: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("group:N", title="Training"),
        alt.Tooltip("x:Q", title="English composite", format=".2f"),
        alt.Tooltip("y:Q", title=f"{language} composite", format=".2f"),
        alt.Tooltip("said:N", title="Local ability"),
    ]


def _names(points, curve, far, chosen, domains, most, height) -> list[alt.Chart]:
    """Labels that touch no mark, neither the curve nor the lines to it: these are nameless
    marks."""
    place = {model: row for row, model in enumerate(points["model"])}
    order = [place[model] for model in far]
    bend = curve.iloc[:: max(1, len(curve) // 24)]
    ends = points.iloc[order].assign(y=lambda table: table["fitted"])
    nameless = [extra[["x", "y"]].assign(name="", group="") for extra in (bend, ends)]
    scene = pd.concat([points, *nameless], ignore_index=True)
    count = len(points)
    segments = [(count + k, count + k + 1) for k in range(len(bend) - 1)]
    segments += [(row, count + len(bend) + k) for k, row in enumerate(order)]
    # A segment's own end is a mark of the model it belongs to, so only lines of others and the
    # curve are in the way.
    return maps.names(scene, order, chosen, domains, height, most, segments)
