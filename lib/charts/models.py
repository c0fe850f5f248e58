"""Figures of models: the map of abilities, when and how large models are, and what their makers tell."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from . import labels, theme

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


def links(models: pd.DataFrame) -> pd.DataFrame:
    """Parent and child of every model whose parent is among `models` (index model, column parent_id)."""
    known = models[models["parent_id"].isin(models.index)]
    return pd.DataFrame({"parent": known["parent_id"].to_numpy(), "child": known.index.to_numpy()})


def ability_map(
    points: pd.DataFrame,
    links: pd.DataFrame | None = None,
    *,
    x_title: str,
    y_title: str,
    language: str,
    label: Sequence | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    most: int = 26,
    height: int = 480,
) -> alt.LayerChart:
    """Models as points on two abilities, children joined to their parents by an arrow.

    Parameters
    ----------
    points : DataFrame, index model; columns name, x, y, strategy, and where known x_low, x_high, y_low, y_high (shown
        on hover), lineage.
    links : DataFrame with columns parent and child (indices of points); see `links`.
    label : models to label, the most important first; by default those that stand out.
    most : labels on a wide page; a narrower one shows fewer.
    """
    points = _described(points, language, x_title, y_title)
    links = _joined(points, links)
    domain_x, domain_y = theme.padded(points["x"], share=0.07), theme.padded(points["y"], share=0.07)
    colour, shape = theme.strategy_scales(points["group"], language)
    chosen, near = (
        theme.chooser("group"),
        alt.selection_point(name="near", on="pointerover", clear="pointerout", fields=["model"], empty=False),
    )
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=domain_x, nice=False),
        axis=alt.Axis(title=theme.lines(f"{x_title} \N{RIGHTWARDS ARROW}", 42), tickCount=8),
    )
    above = f"\N{UPWARDS ARROW} {y_title}"
    legend = theme.strategy_legend(36 + theme.LINE * (len(theme.lines(above, 34)) - 1 if len(above) > 34 else 0))
    y = alt.Y("y:Q", scale=alt.Scale(domain=domain_y, nice=False), axis=theme.upright(above, tickCount=6))
    base = alt.Chart(points).encode(x=x, y=y)
    color = alt.Color("group:N", scale=colour, legend=legend)
    marks = (
        base.mark_point(filled=True, size=95, stroke=theme.PAGE, strokeWidth=0.8)
        .encode(
            color=color,
            shape=alt.Shape("group:N", scale=shape, legend=legend),
            opacity=theme.faded(chosen),
            tooltip=_tooltips(points, x_title, y_title),
        )
        .add_params(chosen, near)
    )
    layers = [
        *_crosses(base, points, near),
        *_arrows(links, language, chosen),
        marks,
        *_texts(points, links, label, chosen, domain_x, domain_y, most, height),
    ]
    return theme.finish(
        alt.layer(*layers).properties(width="container", height=height), title=title, subtitle=subtitle, still=900
    )


def _described(points: pd.DataFrame, language: str, x_title: str, y_title: str) -> pd.DataFrame:
    points = points.rename_axis("model").reset_index()
    points["group"] = theme.strategy_column(points["strategy"], language)
    for axis in ("x", "y"):
        row = {"value": axis, "low": f"{axis}_low", "high": f"{axis}_high"}
        points[f"{axis}_text"] = [
            theme.interval({key: point.get(column) for key, column in row.items()})
            for point in points.to_dict("records")
        ]
    keep = [
        "model",
        "name",
        "group",
        "lineage",
        "parent",
        "x",
        "y",
        "x_low",
        "x_high",
        "y_low",
        "y_high",
        "x_text",
        "y_text",
    ]
    names = dict(zip(points["model"], points["name"], strict=True))
    if "parent_id" in points:
        points["parent"] = [names.get(parent, "\N{EN DASH}") for parent in points["parent_id"]]
    return points[[column for column in keep if column in points]]


def _tooltips(points: pd.DataFrame, x_title: str, y_title: str) -> list[alt.Tooltip]:
    shown = [
        ("name:N", "Model"),
        ("group:N", "Training"),
        ("lineage:N", "Lineage"),
        ("parent:N", "Continued from"),
        ("x_text:N", x_title),
        ("y_text:N", y_title),
    ]
    return [alt.Tooltip(field, title=title) for field, title in shown if field[:-2] in points]


def _joined(points: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """Links with the coordinates and strategy of their ends; links to unknown models are left out."""
    if links is None:
        links = pd.DataFrame({"parent": [], "child": []})
    ends = points.set_index("model")[["x", "y", "group"]]
    links = links[links["parent"].isin(ends.index) & links["child"].isin(ends.index)]
    parent, child = ends.loc[links["parent"]].reset_index(drop=True), ends.loc[links["child"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "from": links["parent"].to_numpy(),
            "to": links["child"].to_numpy(),
            "x0": parent["x"],
            "y0": parent["y"],
            "x1": child["x"],
            "y1": child["y"],
            "group": child["group"],
        }
    )


def _arrows(links: pd.DataFrame, language: str, chosen: alt.Parameter) -> list[alt.Chart]:
    """A line from each parent and a head that touches its child, whatever the width: both follow the scales."""
    if links.empty:
        return []
    colours = theme.strategy_colours(language)
    across, down = "(scale('x', datum.x1) - scale('x', datum.x0))", "(scale('y', datum.y1) - scale('y', datum.y0))"
    length = f"max(1, sqrt({across} * {across} + {down} * {down}))"
    base = alt.Chart(links.assign(colour=[colours[group] for group in links["group"]]))
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
    ).encode(x="x1:Q", y="y1:Q", fill=alt.Fill("colour:N", scale=None), opacity=theme.faded(chosen, 0.85, 0.06))
    return [line, head]


def _crosses(base: alt.Chart, points: pd.DataFrame, near: alt.Parameter) -> list[alt.Chart]:
    """The intervals of the model under the pointer, in both directions."""
    opacity = alt.condition(near, alt.value(0.9), alt.value(0))
    rules = []
    for axis, ends in (("x", ["x_low", "x_high"]), ("y", ["y_low", "y_high"])):
        if set(ends) <= set(points):
            shown = {
                axis: alt.X(f"{axis}_low:Q") if axis == "x" else alt.Y(f"{axis}_low:Q"),
                f"{axis}2": f"{axis}_high:Q",
            }
            rules.append(base.mark_rule(color=theme.QUIET, strokeWidth=1.5, clip=True).encode(opacity=opacity, **shown))
    return rules


def _texts(points, links, label, chosen, domain_x, domain_y, most, height) -> list[alt.Chart]:
    index = {model: position for position, model in enumerate(points["model"])}
    order = [index[model] for model in (_standing_out(points, links) if label is None else label) if model in index]
    segments = [(index[a], index[b]) for a, b in zip(links["from"], links["to"], strict=True)]
    return _tiers(points, points["x"], points["y"], order, chosen, domain_x, domain_y, height, most, segments)


def _tiers(points, x, y, order, chosen, domain_x, domain_y, height, most, segments=(), **fields) -> list[alt.Chart]:
    """One layer of labels for each range of widths, shown only there."""
    layers = []
    for (least, widest), share, size in TIERS:
        texts = labels.place(
            x,
            y,
            list(points["name"]),
            order,
            domain_x=domain_x,
            domain_y=domain_y,
            widths=range(least, widest + 1, 20),
            height=height,
            size=size,
            segments=segments,
            most=max(3, round(most * share)),
        )
        last = "" if widest == TIERS[-1][0][1] else f" && width < {widest}"
        layers.append(_text_layer(points, texts, f"width >= {least}{last}", size, chosen, **fields))
    return layers


def _text_layer(
    points: pd.DataFrame,
    texts: pd.DataFrame,
    shown: str,
    size: float,
    chosen: alt.Parameter,
    x_field: str = "x:Q",
    y_field: str = "y:Q",
) -> alt.Chart:
    data = (
        points.iloc[texts["position"]][[x_field[:-2], y_field[:-2], "group"]]
        .reset_index(drop=True)
        .join(texts[["text", "dx", "dy", "align"]])
    )
    return (
        alt.Chart(data)
        .mark_text(
            fontSize=size,
            baseline="middle",
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            color=theme.INK,
            fillOpacity=alt.ExprRef(f"({shown}) ? 1 : 0"),
        )
        .encode(x=x_field, y=y_field, text="text:N", opacity=theme.faded(chosen, 1, 0.25))
    )


def _standing_out(points: pd.DataFrame, links: pd.DataFrame) -> list:
    """Models by how far they lie from the middle, parents and children of long arrows first among equals."""
    place = points.set_index("model")[["x", "y"]]
    away = np.sqrt((((place - place.median()) / (place.max() - place.min())) ** 2).sum(axis=1))
    moved = pd.Series(
        np.hypot(links["x1"] - links["x0"], links["y1"] - links["y0"]).to_numpy(), index=links["to"], dtype=float
    )
    bonus = moved / (place["y"].max() - place["y"].min())
    return list((away + 0.35 * bonus.reindex(away.index).fillna(0)).sort_values(ascending=False, kind="stable").index)


def named(names: Sequence[str]) -> str:
    """An expression that turns a row's number into its name."""
    import json

    return f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]"


def timeline(
    models: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    most: int = 12,
    height: int = 380,
) -> alt.LayerChart:
    """Models by date of release and size.

    Parameters
    ----------
    models : DataFrame, index model; columns name, strategy, released (ISO date or month), params_total_b.
        Models without either are left out.
    """
    models = models.rename_axis("model").reset_index()
    models["date"] = pd.to_datetime(models["released"].astype("string"), format="mixed", errors="coerce")
    models["group"] = theme.strategy_column(models["strategy"], language)
    models = models.dropna(subset=["date", "params_total_b"]).reset_index(drop=True)
    if models.empty:
        raise ValueError("no model has both a date of release and a number of parameters")
    months = (models["date"] - models["date"].min()).dt.days.astype(float)
    size = np.log10(models["params_total_b"])
    span, domain_y = theme.padded(months), theme.padded(size, share=0.1)
    start = models["date"].min()
    domain_x = [(start + pd.Timedelta(days=day)).strftime("%Y-%m-%d") for day in span]
    colour, shape = theme.strategy_scales(models["group"], language)
    chosen = theme.chooser("group")
    models["when"] = models["date"].dt.strftime("%Y-%m")
    models["size"] = [f"{value:g} billion" for value in models["params_total_b"]]
    models["day"] = models["date"].dt.strftime("%Y-%m-%d")
    x = alt.X(
        "day:T",
        scale=alt.Scale(domain=[alt.DateTime(**_date(day)) for day in domain_x]),
        axis=alt.Axis(title="Released", format="%b %Y", tickCount=6, labelOverlap=True),
    )
    y = alt.Y(
        "params_total_b:Q",
        scale=alt.Scale(type="log", domain=[10**value for value in domain_y]),
        axis=theme.upright("Parameters, billions", values=[0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500], format="~g"),
    )
    marks = (
        alt.Chart(models[["model", "name", "group", "day", "when", "size", "params_total_b"]])
        .mark_point(filled=True, size=90, stroke=theme.PAGE, strokeWidth=0.8)
        .encode(
            x=x,
            y=y,
            color=alt.Color("group:N", scale=colour, legend=theme.strategy_legend(36)),
            shape=alt.Shape("group:N", scale=shape, legend=theme.strategy_legend(36)),
            opacity=theme.faded(chosen),
            tooltip=[
                alt.Tooltip("name:N", title="Model"),
                alt.Tooltip("group:N", title="Training"),
                alt.Tooltip("when:N", title="Released"),
                alt.Tooltip("size:N", title="Parameters"),
            ],
        )
        .add_params(chosen)
    )
    order = list(size_order(months, size))
    texts = _tiers(
        models, months, size, order, chosen, span, domain_y, height, most, x_field="day:T", y_field="params_total_b:Q"
    )
    return theme.finish(
        alt.layer(marks, *texts).properties(width="container", height=height), title=title, subtitle=subtitle
    )


def size_order(when: pd.Series, size: pd.Series) -> pd.Index:
    """Positions of the models at the edges first: the latest, the earliest, the largest, the smallest."""
    spread = [((column - column.median()) / ((column.max() - column.min()) or 1)) ** 2 for column in (when, size)]
    return (spread[0] + spread[1]).sort_values(ascending=False, kind="stable").index


def _date(day: str) -> dict:
    year, month, date = (int(part) for part in day.split("-"))
    return {"year": year, "month": month, "date": date}
