"""The map of models: two abilities, a mark a model, an arrow from each parent to what was continued
from it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from . import labels, theme
from .figure import Figure

#: Ranges of plot width in pixels, each with its own labels: share of them, font size.
TIERS = (
    ((250, 340), 0.25, 11),
    ((340, 460), 0.35, 11),
    ((460, 580), 0.6, 11),
    ((580, 680), 0.75, 12),
    ((680, 800), 1.0, 12),
    ((800, 960), 1.0, 12),
    ((960, 1280), 1.0, 12),
)


def ability_map(
    across: Estimates | pd.Series,
    upwards: Estimates | pd.Series,
    study,
    *,
    x_title: str,
    y_title: str,
    most: int = 26,
    height: int = 480,
) -> Figure:
    """Models as marks on two abilities, each joined by an arrow to the one that it was continued
    from.

    Parameters
    ----------
    across, upwards : one value a model, by model id: Estimates, whose intervals show when a mark is
    pointed at, or
        plain values.  Models that lack one of the two are left out.
    study : names the models and says how they were trained and from which model they were
    continued.
    x_title, y_title : what is measured, in words; the first letter becomes a capital.
    most : labels on a wide page; a narrower one shows fewer.

    Returns
    -------
    Figure; its data has a row a model: name, strategy, lineage, parent_id, x, y and, where known,
    the intervals' ends.

    >>> from lib.study import load
    >>> s = load("ja")
    >>> figure = ability_map(s.scores["mmlu"], s.scores["niilc"], s, x_title="exams", y_title="x")
    >>> figure.description[:52]
    'Map of 35 models: Exams across, X upwards. 15 arrows'
    """
    x_title, y_title = (title[:1].upper() + title[1:] for title in (x_title, y_title))
    data = _placed(across, upwards, study)
    if data.empty:
        raise ValueError("no model has a value on both axes of the map")
    points = _described(data, study.language, x_title, y_title)
    arrows = _joined(points, links(data))
    chart = _drawn(points, arrows, study.language, x_title, y_title, most, height)
    joined = (
        f"{len(arrows)} arrows lead from models to those continued from them. "
        if len(arrows)
        else ""
    )
    return Figure(
        theme.finish(chart, still=900),
        data.rename_axis("model").reset_index(),
        f"Map of {len(data)} models: {x_title} across, {y_title} upwards. {joined}"
        f"Furthest right: {_ends(data, 'x')}. Furthest up: {_ends(data, 'y')}.",
    )


def links(models: pd.DataFrame) -> pd.DataFrame:
    """Parent and child of every model whose parent is among `models` (index model, column
    parent_id)."""
    known = models[models["parent_id"].isin(models.index)]
    return pd.DataFrame({"parent": known["parent_id"].to_numpy(), "child": known.index.to_numpy()})


def _placed(across, upwards, study) -> pd.DataFrame:
    """A row a model that has both values: who it is and where it stands."""
    columns = {}
    for axis, part in (("x", across), ("y", upwards)):
        if isinstance(part, Estimates):
            columns |= {
                axis: part.values,
                f"{axis}_low": part.frame["low"],
                f"{axis}_high": part.frame["high"],
            }
        else:
            columns[axis] = part
    found = pd.DataFrame(columns).astype(float).dropna(subset=["x", "y"])
    return study.registry[["name", "strategy", "lineage", "parent_id"]].join(found, how="inner")


def _described(points: pd.DataFrame, language: str, x_title: str, y_title: str) -> pd.DataFrame:
    """What is drawn and what is said on hover."""
    points = points.rename_axis("model").reset_index()
    points["group"] = theme.strategy_column(points["strategy"], language)
    for axis in ("x", "y"):
        points[f"{axis}_text"] = [
            words.interval(point[axis], point.get(f"{axis}_low"), point.get(f"{axis}_high"))
            for point in points.to_dict("records")
        ]
    called = dict(zip(points["model"], points["name"], strict=True))
    points["parent"] = [called.get(parent, "\N{EN DASH}") for parent in points["parent_id"]]
    return points.drop(columns=["strategy", "parent_id"])


def _joined(points: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Parents and children with the coordinates of both and the strategy of the child."""
    ends = points.set_index("model")[["x", "y", "group"]]
    parent, child = (ends.loc[pairs[side]].reset_index(drop=True) for side in ("parent", "child"))
    return pd.DataFrame(
        {
            "from": pairs["parent"].to_numpy(),
            "to": pairs["child"].to_numpy(),
            "x0": parent["x"],
            "y0": parent["y"],
            "x1": child["x"],
            "y1": child["y"],
            "group": child["group"],
        }
    )


def _drawn(points, arrows, language, x_title, y_title, most, height) -> alt.LayerChart:
    """Crosses of intervals, arrows, marks and labels, from the back to the front."""
    domains = [theme.padded(points[axis], share=0.07) for axis in ("x", "y")]
    chosen = theme.chooser("group")
    near = alt.selection_point(
        name="near", on="pointerover", clear="pointerout", fields=["model"], empty=False
    )
    above = f"\N{UPWARDS ARROW} {y_title}"
    rows = theme.lines(above, 34)
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=domains[0], nice=False),
        axis=alt.Axis(title=theme.lines(f"{x_title} \N{RIGHTWARDS ARROW}", 42), tickCount=8),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=domains[1], nice=False),
        axis=theme.upright(above, tickCount=6),
    )
    base = alt.Chart(points).encode(x=x, y=y)
    marks = _marks(
        base, points, language, chosen, x_title, y_title, len(rows) if isinstance(rows, list) else 1
    )
    layers = [
        *_crosses(base, points, near),
        *_arrows(arrows, language, chosen),
        marks.add_params(chosen, near),
        *_texts(points, arrows, chosen, domains, most, height),
    ]
    return alt.layer(*layers).properties(width="container", height=height)


def _marks(base, points, language, chosen, x_title, y_title, title_lines) -> alt.Chart:
    """A mark a model in its strategy's colour and shape."""
    colour, shape = theme.strategy_scales(points["group"], language)
    legend = theme.strategy_legend(36 + theme.LINE * (title_lines - 1))
    shown = {
        "name": "Model",
        "group": "Training",
        "lineage": "Lineage",
        "parent": "Continued from",
        "x_text": x_title,
        "y_text": y_title,
    }
    return base.mark_point(filled=True, size=95, stroke=theme.PAGE, strokeWidth=0.8).encode(
        color=alt.Color("group:N", scale=colour, legend=legend),
        shape=alt.Shape("group:N", scale=shape, legend=legend),
        opacity=theme.faded(chosen),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in shown.items()],
    )


def _arrows(arrows: pd.DataFrame, language: str, chosen: alt.Parameter) -> list[alt.Chart]:
    """A line from each parent and a head that touches its child, whatever the width: both follow
    the scales."""
    if arrows.empty:
        return []
    colours = theme.strategy_colours(language)
    across, down = (
        f"(scale('{axis}', datum.{axis}1) - scale('{axis}', datum.{axis}0))" for axis in "xy"
    )
    length = f"max(1, sqrt({across} * {across} + {down} * {down}))"
    base = alt.Chart(arrows.assign(colour=[colours[group] for group in arrows["group"]]))
    line = base.mark_rule(strokeWidth=1.4).encode(
        x="x0:Q",
        y="y0:Q",
        x2="x1:Q",
        y2="y1:Q",
        stroke=alt.Stroke("colour:N", scale=None),
        opacity=theme.faded(chosen, 0.55, 0.06),
    )
    head = base.mark_point(
        filled=True,
        shape="triangle",
        size=52,
        angle=alt.ExprRef(f"atan2({down}, {across}) * 180 / PI + 90"),
        xOffset=alt.ExprRef(f"-10 * {across} / {length}"),
        yOffset=alt.ExprRef(f"-10 * {down} / {length}"),
    ).encode(
        x="x1:Q",
        y="y1:Q",
        fill=alt.Fill("colour:N", scale=None),
        opacity=theme.faded(chosen, 0.85, 0.06),
    )
    return [line, head]


def _crosses(base: alt.Chart, points: pd.DataFrame, near: alt.Parameter) -> list[alt.Chart]:
    """The intervals of the model under the pointer, in both directions."""
    opacity = alt.condition(near, alt.value(0.9), alt.value(0))
    rule = base.mark_rule(color=theme.QUIET, strokeWidth=1.5, clip=True)
    ends = {
        "x": {"x": alt.X("x_low:Q"), "x2": "x_high:Q"},
        "y": {"y": alt.Y("y_low:Q"), "y2": "y_high:Q"},
    }
    return [
        rule.encode(opacity=opacity, **shown)
        for axis, shown in ends.items()
        if f"{axis}_low" in points
    ]


def _texts(points, arrows, chosen, domains, most, height) -> list[alt.Chart]:
    index = {model: position for position, model in enumerate(points["model"])}
    order = [index[model] for model in _standing_out(points, arrows)]
    segments = [(index[a], index[b]) for a, b in zip(arrows["from"], arrows["to"], strict=True)]
    return names(points, order, chosen, domains, height, most, segments)


def names(
    points: pd.DataFrame, order, chosen, domains, height: int, most: int, segments=()
) -> list[alt.Chart]:
    """Names beside marks, none touching another: one layer for each range of widths, shown only
    there.

    Parameters
    ----------
    points : DataFrame with x, y, name and group; names of some of them are drawn, all are in the
    way.
    order : positions of those to name, the most important first; `most` of them on a wide page.
    segments : pairs of positions joined by a line that no name may cross.
    """
    layers = []
    for (least, widest), share, size in TIERS:
        texts = labels.place(
            points["x"],
            points["y"],
            list(points["name"]),
            order,
            domain_x=domains[0],
            domain_y=domains[1],
            widths=range(least, widest + 1, 20),
            height=height,
            size=size,
            segments=segments,
            most=max(3, round(most * share)),
        )
        last = "" if widest == TIERS[-1][0][1] else f" && width < {widest}"
        layers.append(_text_layer(points, texts, f"width >= {least}{last}", size, chosen))
    return layers


def _text_layer(
    points: pd.DataFrame, texts: pd.DataFrame, shown: str, size: float, chosen
) -> alt.Chart:
    data = points.iloc[texts["position"]][["x", "y", "group"]].reset_index(drop=True)
    return (
        alt.Chart(data.join(texts[["text", "dx", "dy", "align"]]))
        .mark_text(
            fontSize=size,
            baseline="middle",
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            color=theme.INK,
            fillOpacity=alt.ExprRef(f"({shown}) ? 1 : 0"),
        )
        .encode(x="x:Q", y="y:Q", text="text:N", opacity=theme.faded(chosen, 1, 0.25))
    )


def _standing_out(points: pd.DataFrame, arrows: pd.DataFrame) -> Sequence:
    """Models by how far they lie from the middle, children of long arrows first among equals."""
    place = points.set_index("model")[["x", "y"]]
    spread = (place.max() - place.min()).replace(0, 1)
    away = np.sqrt((((place - place.median()) / spread) ** 2).sum(axis=1))
    length = np.hypot(arrows["x1"] - arrows["x0"], arrows["y1"] - arrows["y0"]) / spread["y"]
    moved = pd.Series(length.to_numpy(dtype=float), index=arrows["to"])
    return list(
        (away + 0.35 * moved.reindex(away.index).fillna(0))
        .sort_values(ascending=False, kind="stable")
        .index
    )


def _ends(data: pd.DataFrame, axis: str) -> str:
    """The three models with the largest values."""
    return ", ".join(data.sort_values(axis, ascending=False, kind="stable")["name"].head(3))
