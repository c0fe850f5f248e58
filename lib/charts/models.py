"""What the makers of each model tell of its training."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from . import labels, theme

#: What a disclosure figure tells of a fact, and how it is drawn.
DISCLOSED = {"told": "told", "own": "own stage only", "hidden": "not told"}


def disclosure(
    facts: pd.DataFrame, language: str, *, title: str | None = None, subtitle: str | None = None
) -> alt.LayerChart:
    """Which training facts the makers of each model tell.

    Parameters
    ----------
    facts : DataFrame with a row a model and fact: name, strategy, fact (heading of the column, in order of
        appearance), state (told, own, hidden), and detail (shown on hover).  `own`: told for the model's own stage,
        but not for what it was continued from.
    """
    facts = facts.assign(group=theme.strategy_column(facts["strategy"], language), said=facts["state"].map(DISCLOSED))
    rank = {name: place for place, name in enumerate(theme.strategy_names(language).values())}
    models = facts.drop_duplicates("name").assign(rank=lambda table: table["group"].map(rank))
    models = models.sort_values(
        ["rank", "name"], key=lambda column: column.str.lower() if column.name == "name" else column
    )
    rows = list(models["name"])
    facts = facts.assign(row=facts["name"].map({name: place for place, name in enumerate(rows)}))
    colour, shape = theme.strategy_scales(facts["group"], language)
    chosen = theme.chooser("group")
    columns = list(dict.fromkeys(facts["fact"]))
    x = alt.X(
        "fact:N",
        sort=columns,
        axis=alt.Axis(
            title=None,
            orient="top",
            labelAngle=0,
            labelExpr="split(datum.label, ' ')",
            labelPadding=22 if any(" " in column for column in columns) else 6,
            labelLineHeight=14,
            grid=False,
            labelColor=theme.INK,
            labelLimit=0,
        ),
    )
    y = alt.Y(
        "row:O",
        sort=list(range(len(rows))),
        axis=alt.Axis(title=None, labelExpr=named(rows), grid=True, labelColor=theme.INK),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("fact:N", title="Fact"),
        alt.Tooltip("said:N", title="Told?"),
        *([alt.Tooltip("detail:N", title="Detail")] if "detail" in facts else []),
    ]

    def drawn(state: str, **mark) -> alt.Chart:
        return (
            alt.Chart(facts)
            .transform_filter(f"datum.state === '{state}'")
            .mark_point(**mark)
            .encode(
                x=x,
                y=y,
                color=alt.Color("group:N", scale=colour, legend=theme.strategy_legend(36)),
                tooltip=tooltip,
                shape=alt.Shape("group:N", scale=shape, legend=theme.strategy_legend(36)),
                opacity=theme.faded(chosen),
            )
        )

    told = drawn("told", filled=True, size=90)
    own = drawn("own", filled=False, size=80, strokeWidth=1.8).add_params(chosen)  # the first layer brings the legend
    hidden = (
        alt.Chart(facts)
        .transform_filter("datum.state === 'hidden'")
        .mark_point(filled=True, shape="circle", size=12, color=theme.QUIET, opacity=1)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    chart = alt.layer(hidden, own, told).properties(width="container", height=19 * len(rows))
    return theme.finish(
        chart,
        title=title,
        subtitle=subtitle,
        still=800,
        least=420,
        inset=max(labels.text_width(name, 12) for name in rows),
    )


def named(names: Sequence[str]) -> str:
    """An expression that turns a row's number into its name."""
    import json

    return f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]"
