"""What makers tell of how their models were trained."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from . import theme
from .figure import Figure
from .labels import text_width
from .rows import row_axis

#: What is told -> how it is said.
STATES = {"told": "told", "own": "own stage only", "hidden": "not told"}


def disclosure(known: pd.DataFrame, study, headings: Mapping[str, str]) -> Figure:
    """A row a model, a column a fact: full mark where it is told, hollow for the own stage alone,
    dot for nothing.

    Parameters
    ----------
    known : DataFrame, models x facts: told, own or hidden (see `stats.budget.disclosed`).
    headings : fact -> its column's heading, in the order to draw.
    """
    names = theme.strategy_names(study.language)
    models = study.models.loc[known.index, ["name", "strategy"]]
    models["group"] = theme.strategy_column(models["strategy"], study.language)
    rank = models["group"].map(list(names.values()).index)
    models = models.assign(rank=rank, low=models["name"].str.lower()).sort_values(["rank", "low"])
    rows = dict(enumerate(models["name"]))
    facts = pd.concat(
        [
            models[["name", "group"]].assign(
                row=range(len(models)), fact=heading, state=known[fact].reindex(models.index)
            )
            for fact, heading in headings.items()
        ]
    )
    facts["said"] = facts["state"].map(STATES)
    chart = _marks(facts, list(headings.values()), rows, study.language)
    chart = chart.properties(width="container", height=19 * len(rows))
    inset = max(text_width(name, 12) for name in rows.values())
    told = "; ".join(
        f"{heading} of {(known[fact] == 'told').sum()}" for fact, heading in headings.items()
    )
    return Figure(
        theme.finish(chart, still=800, least=420, inset=inset),
        facts[["name", "fact", "said"]],
        f"{len(rows)} models and what their makers tell in full: {told}.",
    )


def _marks(
    facts: pd.DataFrame, columns: list[str], rows: Mapping[int, str], language: str
) -> alt.LayerChart:
    colour, shape = theme.strategy_scales(facts["group"], language)
    chosen, legend = theme.chooser("group"), theme.strategy_legend(36)
    broken = any(" " in column for column in columns)
    x = alt.X(
        "fact:N",
        sort=columns,
        axis=alt.Axis(
            title=None,
            orient="top",
            labelAngle=0,
            labelExpr="split(datum.label, ' ')",
            grid=False,
            labelPadding=22 if broken else 6,
            labelLineHeight=14,
            labelColor=theme.INK,
        ),
    )
    y = row_axis("row:Q", rows)
    tips = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("fact:N", title="Fact"),
        alt.Tooltip("said:N", title="Told?"),
    ]

    def drawn(state: str, **mark) -> alt.Chart:
        base = alt.Chart(facts).transform_filter(f"datum.state === '{state}'")
        return base.mark_point(**mark).encode(x=x, y=y, tooltip=tips)

    def by_training(state: str, **mark) -> alt.Chart:
        return drawn(state, **mark).encode(
            color=alt.Color("group:N", scale=colour, legend=legend),
            shape=alt.Shape("group:N", scale=shape, legend=legend),
            opacity=theme.faded(chosen),
        )

    hidden = drawn("hidden", filled=True, shape="circle", size=12, color=theme.QUIET, opacity=1)
    # The first layer with a colour brings the legend.
    own = by_training("own", filled=False, size=80, strokeWidth=1.8).add_params(chosen)
    return alt.layer(hidden, own, by_training("told", filled=True, size=90))
