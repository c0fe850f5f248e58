"""Abilities against training budgets, a mark a model.  What the laws amount to is drawn in `laws`."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from . import theme

SIDES = ("english", "local", "total")


def side_names(language: str) -> dict[str, str]:
    """Side of the budget -> what a figure calls it."""
    return {"english": "English", "local": language, "total": "all"}


def scaling(
    points: pd.DataFrame,
    bands: pd.DataFrame,
    laws: pd.DataFrame,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: int = 300,
) -> alt.ConcatChart:
    """Ability against training compute, a panel an ability and side of the budget.

    A model is a bar from its lowest to its highest possible budget where its makers do not tell, with a mark at the
    median; the line is the fitted law, the band where a further model would fall.

    Parameters
    ----------
    points : DataFrame with a row a panel and model: component, side (english, local, total), name, strategy,
        lowest, median, highest (compute in FLOP), y (ability); lineage, if given, is told on hover.
    bands : DataFrame with columns component, side, compute (FLOP), line, low, high.
    laws : DataFrame with columns component, side, value, low, high of r, in the order to draw.
    names : component -> words, such as `General ability (PC1)`.
    """
    points = points[points["lowest"] > 0].assign(group=lambda table: theme.strategy_column(table["strategy"], language))
    colour, shape = theme.strategy_scales(points["group"], language)
    chosen = theme.chooser("group")
    x_domain = [float(points["lowest"].min()) / 1.5, float(points["highest"].max()) * 1.5]
    drawn = [
        _law_panel(points, bands, law, colour, shape, chosen, x_domain, language, names or {}, size, first=not place)
        for place, law in enumerate(laws.to_dict("records"))
    ]
    columns = len(dict.fromkeys(laws["side"]))
    return theme.finish(
        alt.concat(*drawn, columns=columns),
        title=title,
        subtitle=subtitle,
        fit={"columns": columns, "least": 250, "gap": 64, "margin": 0, "most": 520},
    )


def _law_panel(points, bands, law, colour, shape, chosen, x_domain, language, names, size, first) -> alt.LayerChart:

    def here(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["component"] == law["component"]) & (table["side"] == law["side"])]

    cloud, band = here(points), here(bands)
    row = [table[table["component"] == law["component"]] for table in (points, bands)]
    y_domain = theme.padded(row[0]["y"], row[1]["line"])
    cloud = cloud.assign(
        colour=cloud["group"].map(theme.strategy_colours(language)),
        told=[
            f"{low:.1e} to {high:.1e}" if high > low * 1.001 else f"{high:.1e}"
            for low, high in zip(cloud["lowest"], cloud["highest"], strict=True)
        ],
    )
    side, ability = side_names(language)[law["side"]], names.get(law["component"], law["component"])
    x = alt.X(
        "median:Q",
        scale=alt.Scale(type="log", domain=x_domain, nice=False),
        axis=alt.Axis(title=f"Compute on {side} text (FLOP)", tickCount=4, labelExpr=_powers(), labelOverlap=True),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=y_domain, nice=False), axis=alt.Axis(title=None, tickCount=5))
    color = alt.Color("group:N", scale=colour, legend=theme.strategy_legend())
    under = alt.Chart(band[["compute", "line", "low", "high"]])
    area = under.mark_area(color=theme.GRID, opacity=0.7, clip=True).encode(
        x=alt.X("compute:Q", scale=alt.Scale(type="log", domain=x_domain)), y=alt.Y("low:Q"), y2="high:Q"
    )
    line = under.mark_line(color=theme.QUIET, strokeWidth=2, clip=True).encode(x="compute:Q", y="line:Q")
    base = alt.Chart(
        cloud[
            [
                c
                for c in ("name", "group", "lineage", "lowest", "median", "highest", "y", "told", "colour")
                if c in cloud
            ]
        ]
    )
    tooltip = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("group:N", title="Training"),
        alt.Tooltip("told:N", title="Compute, FLOP"),
        alt.Tooltip("y:Q", title=ability, format=".2f"),
    ]
    bars = base.mark_rule(strokeWidth=2.2).encode(
        x=alt.X("lowest:Q"),
        x2="highest:Q",
        y=y,
        stroke=alt.Stroke("colour:N", scale=None),
        opacity=theme.faded(chosen, 0.4, 0.05),
    )
    marks = base.mark_point(filled=True, size=58, stroke=theme.PAGE, strokeWidth=0.6).encode(
        x=x,
        y=y,
        color=color,
        shape=alt.Shape("group:N", scale=shape, legend=theme.strategy_legend()),
        opacity=theme.faded(chosen),
        tooltip=tooltip,
    )
    if first:  # one selection serves all panels
        marks = marks.add_params(chosen)
    said = f"r {theme.interval(law)}"
    return alt.layer(area, line, bars, marks).properties(
        width=size, height=250, title=alt.TitleParams(theme.lines(ability, 32), subtitle=said, fontSize=13, offset=10)
    )


def _powers() -> str:
    """An expression that writes a power of ten as 10 with a raised exponent."""
    exponent = "format(log(datum.value) / LN10, '.0f')"
    for digit, raised in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"):
        exponent = f"replace({exponent}, /{digit}/g, '{raised}')"
    return f"'10' + {exponent}"
