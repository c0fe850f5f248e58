"""Does more local text change more?  Differences of pairs against the tokens that the child had beyond its parent."""

from __future__ import annotations

import altair as alt
import pandas as pd

from . import theme


def doses(
    points: pd.DataFrame,
    bands: pd.DataFrame,
    panels: pd.DataFrame,
    language: str,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    size: int = 300,
) -> alt.ConcatChart:
    """A panel a benchmark: each pair a bar over what its undisclosed tokens allow and a mark at the median.

    Parameters
    ----------
    points : DataFrame with a row a panel and pair: panel, child, parent (names), lowest, median, highest (billions of
        tokens), difference.
    bands : DataFrame with columns panel, tokens (billions), line, low, high.
    panels : DataFrame in the order to draw: panel (heading), said (under it).
    """
    points = points[points["lowest"] > 0]
    points = points.assign(
        told=[
            f"{low:,.0f}" if high < low * 1.001 else f"{low:,.0f} to {high:,.0f}"
            for low, high in zip(points["lowest"], points["highest"], strict=True)
        ],
        said=[theme.signed(value, 3, plus=True) for value in points["difference"]],
    )
    x_domain = [float(points["lowest"].min()) / 1.15, float(points["highest"].max()) * 1.15]
    y_domain = theme.padded(points["difference"], [0.0])
    drawn = [
        _panel(
            points[points["panel"] == row["panel"]],
            bands[bands["panel"] == row["panel"]],
            row,
            x_domain,
            y_domain,
            language,
            size,
        )
        for row in panels.to_dict("records")
    ]
    columns = min(2, len(drawn))
    return theme.finish(
        alt.concat(*drawn, columns=columns),
        title=title,
        subtitle=subtitle,
        fit={"columns": columns, "least": 250, "gap": 64, "margin": 0, "most": 520},
    )


def _panel(
    points: pd.DataFrame, band: pd.DataFrame, row: dict, x_domain: list, y_domain: list, language: str, size: int
) -> alt.LayerChart:
    colour, shape, _ = theme.STRATEGIES["continual_local"]
    x_scale, y_scale = alt.Scale(type="log", domain=x_domain, nice=False), alt.Scale(domain=y_domain, nice=False)
    x = alt.X(
        "median:Q",
        scale=x_scale,
        axis=alt.Axis(
            title=f"Further {language} tokens (billions)",
            values=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
            format="~g",
        ),
    )
    y = alt.Y(
        "difference:Q",
        scale=y_scale,
        axis=alt.Axis(title=None, tickCount=5, format=".2~f", labelExpr="(datum.value > 0 ? '+' : '') + datum.label"),
    )
    under = alt.Chart(band[["tokens", "line", "low", "high"]])
    area = under.mark_area(color=theme.GRID, opacity=0.7, clip=True).encode(
        x=alt.X("tokens:Q", scale=x_scale), y=alt.Y("low:Q", scale=y_scale), y2="high:Q"
    )
    line = under.mark_line(color=theme.QUIET, strokeWidth=2, clip=True).encode(x="tokens:Q", y="line:Q")
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=theme.INK, strokeWidth=1.2)
        .encode(y=alt.Y("zero:Q", scale=y_scale))
    )
    base = alt.Chart(points[["child", "parent", "lowest", "median", "highest", "difference", "told", "said"]])
    bars = base.mark_rule(strokeWidth=2.2, color=colour, opacity=0.4).encode(x=alt.X("lowest:Q"), x2="highest:Q", y=y)
    marks = base.mark_point(
        filled=True, size=64, shape=shape, color=colour, opacity=1, stroke=theme.PAGE, strokeWidth=0.6
    ).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("child:N", title="Model"),
            alt.Tooltip("parent:N", title="Continued from"),
            alt.Tooltip("told:N", title=f"{language} tokens, billions"),
            alt.Tooltip("said:N", title="Difference"),
        ],
    )
    return alt.layer(area, line, zero, bars, marks).properties(
        width=size, height=220, title=alt.TitleParams(row["panel"], subtitle=row["said"], fontSize=13, offset=10)
    )
