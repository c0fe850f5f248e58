"""How every figure looks: inks, the colour and shape of each training strategy, axes, and the
finishing of a chart.

One drawing serves light and dark pages: grey inks are swapped by CSS (`charts.css`), strategy
colours reach 3:1 on both.  Colour stands for training strategy and nothing else; languages are told
apart by filled and hollow marks.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

import altair as alt
import pandas as pd

INK = "#1f2933"  #: words and the marks that carry the message
QUIET = "#5b6674"  #: second thoughts: axis labels, subtitles, intervals
GRID = "#e4e7eb"  #: grid lines and bands
PAGE = "#ffffff"  #: the page behind, for halos and hollow marks
#: Drawn inside coloured cells, so not swapped in the dark; both inks of a heatmap.
CELL_DARK, CELL_LIGHT = (
    "#010203",
    "#fffffe",
)  # as far apart as can be: 4.5:1 on every colour between needs it
#: The last family must be generic: a still picture loses its text where no family of the list is
#: installed.
FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'

#: Strategy -> (colour, shape, name), in the order of every legend.
STRATEGIES = {
    "from_scratch_english": ("#0072B2", "circle", "English-centred"),
    "from_scratch_multilingual": ("#AA4499", "square", "multilingual"),
    "from_scratch_local": ("#D55E00", "triangle-up", "{language} from scratch"),
    "continual_local": ("#009E73", "diamond", "continued on {language}"),
    "unknown": ("#6b7785", "cross", "strategy unknown"),
}
#: Numbers on an axis, as few digits as tell ticks apart; `g` would write 20 as 2e+1.
PLAIN = "~r"
LINE = 16  #: height of a line of an axis title, in pixels


def strategy_names(language: str) -> dict[str, str]:
    """Strategy -> what a legend calls it, with the study's language in it."""
    return {key: name.replace("{language}", language) for key, (_, _, name) in STRATEGIES.items()}


def strategy_column(strategies: Iterable, language: str) -> list[str]:
    """The legend's name for each strategy; what is not known counts as unknown."""
    names = strategy_names(language)
    return [
        names.get(key, names["unknown"]) if isinstance(key, str) else names["unknown"]
        for key in strategies
    ]


def strategy_scales(shown: Iterable[str], language: str) -> tuple[alt.Scale, alt.Scale]:
    """Colour and shape scales over the strategies (legend's names) that are shown, in the common
    order."""
    shown = set(shown)
    kept = [
        (name, *STRATEGIES[key][:2])
        for key, name in strategy_names(language).items()
        if name in shown
    ]
    domain = [name for name, _, _ in kept]
    return (
        alt.Scale(domain=domain, range=[colour for _, colour, _ in kept]),
        alt.Scale(domain=domain, range=[shape for _, _, shape in kept]),
    )


def strategy_colours(language: str) -> dict[str, str]:
    """The legend's name of each strategy -> its colour."""
    return {name: STRATEGIES[key][0] for key, name in strategy_names(language).items()}


def strategy_legend(offset: int = 14) -> alt.Legend:
    """A legend above the figure; where the page is narrow, charts.js gives it fewer columns."""
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolStrokeWidth=0,
        symbolSize=90,
        symbolOpacity=1,
        columns=len(STRATEGIES),
        labelLimit=0,
        columnPadding=14,
        offset=offset,
    )


def padded(*values: Iterable[float], share: float = 0.06) -> list[float]:
    """A domain that holds all values with a margin on both sides."""
    every = pd.concat([pd.Series(list(part), dtype=float) for part in values]).dropna()
    low, high = float(every.min()), float(every.max())
    margin = (high - low) * share or 0.5
    return [low - margin, high + margin]


def lines(text: str, most: int) -> str | list[str]:
    """A title as lines of at most so many characters, so that it fits a narrow page."""
    return textwrap.wrap(text, most, break_long_words=False) if len(text) > most else text


def upright(title: str, **settings) -> alt.Axis:
    """A vertical axis whose title stands upright above it, where it needs no width and no turned
    head."""
    title = lines(title, 34)
    down = -10 - LINE * (len(title) - 1 if isinstance(title, list) else 0)
    return alt.Axis(
        title=title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=down,
        titleLineHeight=LINE,
        titleBaseline="bottom",
        **settings,
    )


def chooser(field: str, name: str = "chosen") -> alt.Parameter:
    """A selection made by clicking the legend (shift adds); the rest of the marks fades."""
    return alt.selection_point(name=name, fields=[field], bind="legend")


def faded(chosen: alt.Parameter, full: float = 1.0, faint: float = 0.12):
    """Full opacity for what the legend highlights, faint for the rest."""
    return alt.condition(chosen, alt.value(full), alt.value(faint))


def heading(title: str | None, subtitle: str | None = None) -> dict:
    """The chart's title, as properties; on a page it becomes text above the figure, in a saved
    picture it is drawn."""
    if not title:
        return {}
    return {
        "title": alt.TitleParams(title, subtitle=subtitle) if subtitle else alt.TitleParams(title)
    }


def finish(
    chart,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    still: int = 700,
    least: int | None = None,
    inset: float = 0,
    fit: Mapping | None = None,
):
    """Dress a chart for the page.

    Parameters
    ----------
    still : width in pixels of the picture made for readers without JavaScript.
    least : narrower than this the figure scrolls in its own box.
    inset : width in pixels of a wide axis on the left, where no legend can be.
    fit : for small multiples, how panels follow the page's width: `columns` at most, `least` panel
        width, `gap` between panels (with their axes), `margin` for the whole; see charts.js.
    """
    meta = {
        "still": still,
        **({"least": least} if least else {}),
        **({"fit": dict(fit)} if fit else {}),
        **({"inset": round(inset)} if inset else {}),
    }
    return chart.properties(usermeta=meta, **heading(title, subtitle)).configure(**settings())


def settings() -> dict:
    """The configuration that all figures share."""
    words = {"font": FONT, "labelFont": FONT, "titleFont": FONT}
    axis = {
        "domain": False,
        "ticks": False,
        "grid": True,
        "gridColor": GRID,
        "gridWidth": 1,
        "labelColor": QUIET,
        "labelFontSize": 12,
        "labelPadding": 6,
        "titleColor": INK,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "labelFont": FONT,
        "titleFont": FONT,
        "labelLimit": 0,
        "titleLimit": 0,
    }
    return {
        "font": FONT,
        "background": "transparent",
        "aria": False,
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": INK,
            "labelFontSize": 12,
            "titleColor": QUIET,
            "titleFontSize": 12,
            "labelFont": FONT,
            "titleFont": FONT,
            "titleFontWeight": "normal",
            "labelLimit": 0,
            "padding": 0,
            "offset": 12,
        },
        "title": {
            "anchor": "start",
            "color": INK,
            "subtitleColor": QUIET,
            "fontSize": 15,
            "subtitleFontSize": 12,
            "font": words["font"],
            "subtitleFont": FONT,
            "offset": 12,
            "fontWeight": 600,
        },
        "header": {
            "labelColor": INK,
            "labelFontSize": 12,
            "labelFont": FONT,
            "titleFont": FONT,
            "labelFontWeight": 600,
            "labelAnchor": "start",
            "labelLimit": 0,
            "labelPadding": 4,
        },
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        "concat": {"spacing": 28},
        "facet": {"spacing": 24},
    }
