"""Abilities against training budgets, a mark a model, a panel an ability and language."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from lib.stats.budget import Budgets
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate

from . import theme
from .figure import Figure
from .rows import dots

#: The laws of `lib.stats.rivals`, in words; {own} is the local language.
LAWS = {
    "mean-alone": "the mean alone",
    "parameters": "parameters",
    "total-compute": "total compute",
    "english-compute": "English compute",
    "local-compute": "{own} compute",
    "english-and-local-compute": "English and {own} compute",
    "parameters-and-english-tokens": "parameters and English tokens",
    "parameters-and-local-tokens": "parameters and {own} tokens",
    "local-stage": "any {own} stage",
    "parameters-and-local-stage": "parameters and any {own} stage",
    "english-compute-sigmoid": "English compute, levelling off",
    "local-compute-sigmoid": "{own} compute, levelling off",
}


def compute_names(language: str) -> dict[str, str]:
    """Side of the budget -> what it is called.

    >>> compute_names("Icelandic")["local"]
    'Icelandic compute'
    """
    return {"english": "English compute", "local": f"{language} compute", "total": "total compute"}


def law_names(language: str) -> dict[str, str]:
    """Law -> what it is called."""
    return {law: name.replace("{own}", language) for law, name in LAWS.items()}


def by_budget(
    table: Estimates, study, titles: Mapping[str, str], axis: str, what: str = ""
) -> Figure:
    """How each ability goes with each budget: a panel an ability, a row a budget.

    Parameters
    ----------
    table : by `PC1/english`, or by `PC1/slope-english` with `what` being `slope-`.
    titles : component -> heading of its panel.
    """
    budgets = {f"{what}{side}": name for side, name in compute_names(study.language).items()}
    panels = {title: table.within(k).of(budgets).renamed(budgets) for k, title in titles.items()}
    return dots(panels, study, panels=True, order=list(budgets.values()), axis=axis)


def rivals(table: Estimates, study, titles: Mapping[str, str], axis: str) -> Figure:
    """How far each law misses, a panel an ability, the law that misses the first ability least on
    top.

    Parameters
    ----------
    table : errors by `PC1/english-compute`; the mean alone is drawn as a line that the others must
    beat.
    """
    names = law_names(study.language)
    first = table.within(next(iter(titles))).without(["mean-alone"]).sorted(ascending=True)
    panels = {
        title: table.within(k).of(first.subjects).renamed(names) for k, title in titles.items()
    }
    mean = {
        title: {table[f"{k}/mean-alone"].value: names["mean-alone"]} for k, title in titles.items()
    }
    return dots(panels, study, panels=True, at=mean, order=[names[law] for law in first], axis=axis)


def scaling(
    laws: Estimates,
    abilities: pd.DataFrame,
    budgets: Budgets,
    bands: Mapping[str, pd.DataFrame],
    study,
    names: Mapping[str, str],
) -> Figure:
    """Ability against training compute, a panel an ability and side of the budget.

    A model is a bar from its lowest to its highest possible budget where its makers do not tell,
    with a mark at the median; the line is the law, the band where a further model would fall.

    Parameters
    ----------
    laws : correlations by `PC1/english`, in the order to draw: two sides of an ability are a row of
    panels.
    abilities : DataFrame, models x components.     budgets : their compute.
    bands : by the same subjects, DataFrames with compute (FLOP), line, low, high.
    names : component -> words, such as `general ability (PC1)`.
    """
    points = _points(laws, abilities, budgets, study)
    scales = theme.strategy_scales(points["group"], study.language)
    chosen = theme.chooser("group")
    domain = [float(points["lowest"].min()) / 1.5, float(points["highest"].max()) * 1.5]
    panels = []
    for subject, each in laws.items():
        component, side = subject.split("/")
        title = f"{names[component][:1].upper()}{names[component][1:]}"
        y = theme.padded(
            *[
                points.loc[points["component"] == component, "y"],
                *[band["line"] for one, band in bands.items() if one.startswith(f"{component}/")],
            ]
        )
        scale = alt.Scale(type="log", domain=domain, nice=False)
        axes = _axes(scale, y, compute_names(study.language)[side])
        here = points[(points["component"] == component) & (points["side"] == side)]
        layers = [
            *_law(bands[subject], scale),
            *_models(here, axes, scales, chosen, title, first=not panels),
        ]
        panels.append(_panel(layers, title, each))
    fit = {"columns": 2, "least": 250, "gap": 64, "margin": 0, "most": 520}
    compute = compute_names(study.language)
    said = "; ".join(
        f"{names[component]} and {compute[side]} r = {laws[f'{component}/{side}']}"
        for component, side in (subject.split("/") for subject in laws)
    )
    columns = ["model", "name", "component", "side", "lowest", "median", "highest", "y"]
    return Figure(
        theme.finish(alt.concat(*panels, columns=2), fit=fit),
        points[columns],
        f"Ability against compute, a panel an ability and language: {said}.",
    )


def _points(laws: Estimates, abilities: pd.DataFrame, budgets: Budgets, study) -> pd.DataFrame:
    """A row a panel and model: where it stands, and what is said of it."""
    parts = []
    for component, side in (subject.split("/") for subject in laws):
        part = (
            budgets.bounds(side)
            .join(abilities[component].rename("y"), how="inner")
            .assign(component=component, side=side)
        )
        parts.append(part[part["lowest"] > 0].dropna().join(study.models[["name", "strategy"]]))
    points = pd.concat(parts).rename_axis("model").reset_index()
    points["group"] = theme.strategy_column(points["strategy"], study.language)
    points["told"] = [
        f"{low:.1e} to {high:.1e}" if high > low * 1.001 else f"{high:.1e}"
        for low, high in zip(points["lowest"], points["highest"], strict=True)
    ]
    return points.assign(colour=points["group"].map(theme.strategy_colours(study.language)))


def _axes(scale: alt.Scale, y: list[float], compute: str) -> tuple[alt.X, alt.Y]:
    axis = alt.Axis(
        title=f"{compute[:1].upper()}{compute[1:]} (FLOP)",
        tickCount=4,
        labelExpr=_powers(),
        labelOverlap=True,
    )
    return (
        alt.X("median:Q", scale=scale, axis=axis),
        alt.Y("y:Q", scale=alt.Scale(domain=y, nice=False), axis=alt.Axis(title=None, tickCount=5)),
    )


def _law(band: pd.DataFrame, scale: alt.Scale) -> list[alt.Chart]:
    """The fitted line on the band where a further model would fall."""
    x = alt.X("compute:Q", scale=scale)
    under = alt.Chart(band[["compute", "line", "low", "high"]])
    return [
        under.mark_area(color=theme.GRID, opacity=0.7, clip=True).encode(
            x=x, y="low:Q", y2="high:Q"
        ),
        under.mark_line(color=theme.QUIET, strokeWidth=2, clip=True).encode(x=x, y="line:Q"),
    ]


def _models(
    points: pd.DataFrame, axes, scales, chosen, ability: str, first: bool
) -> list[alt.Chart]:
    """A bar over each model's possible budgets, and a mark at the median."""
    x, y = axes
    legend = theme.strategy_legend()
    base = alt.Chart(
        points[["name", "group", "lowest", "median", "highest", "y", "told", "colour"]]
    )
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("group:N", title="Training"),
        alt.Tooltip("told:N", title="Compute, FLOP"),
        alt.Tooltip("y:Q", title=ability, format=".2f"),
    ]
    bars = base.mark_rule(strokeWidth=2.2).encode(
        x="lowest:Q",
        x2="highest:Q",
        y=y,
        stroke=alt.Stroke("colour:N", scale=None),
        opacity=theme.faded(chosen, 0.4, 0.05),
    )
    marks = base.mark_point(filled=True, size=58, stroke=theme.PAGE, strokeWidth=0.6).encode(
        x=x,
        y=y,
        color=alt.Color("group:N", scale=scales[0], legend=legend),
        shape=alt.Shape("group:N", scale=scales[1], legend=legend),
        opacity=theme.faded(chosen),
        tooltip=tips,
    )
    return [bars, marks.add_params(chosen) if first else marks]  # one selection serves all panels


def _panel(layers: list[alt.Chart], title: str, law: Estimate) -> alt.LayerChart:
    heading = alt.TitleParams(theme.lines(title, 32), subtitle=f"r {law}", fontSize=13, offset=10)
    return alt.layer(*layers).properties(width=300, height=250, title=heading)


def _powers() -> str:
    """An expression that writes a power of ten as 10 with a raised exponent."""
    exponent = "format(log(datum.value) / LN10, '.0f')"
    for digit, raised in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"):
        exponent = f"replace({exponent}, /{digit}/g, '{raised}')"
    return f"'10' + {exponent}"
