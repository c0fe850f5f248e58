"""What every figure must be: looked at once here, for the tests of each."""

import json
import re

import vl_convert

from lib.charts import theme
from lib.report import figures


def data(figure, wanted: set) -> list[list[dict]]:
    """The datasets inside a figure whose rows have these fields."""
    datasets = figure.chart.to_dict()["datasets"].values()
    return [rows for rows in datasets if rows and wanted <= set(rows[0])]


def words(figure) -> list[str]:
    """The words of its still picture."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", figures.still(figure.chart.to_dict()))


def check(figure, again) -> None:
    """It compiles, comes out the same twice, keeps its words, and describes itself."""
    first, second = (json.dumps(each.chart.to_dict(), sort_keys=True) for each in (figure, again))
    assert first == second
    vl_convert.vegalite_to_vega(figure.chart.to_dict())
    said = words(figure)
    assert len(said) >= 4 and not [word for word in said if re.match(r"^[-+]?-\d", word)]
    fonts = set(re.findall(r'font-family="([^"]*)"', figures.still(figure.chart.to_dict())))
    assert fonts and all(font.endswith("sans-serif") for font in fonts)
    assert len(figure.description) > 40 and len(figure.data)


def by_colour(figure) -> bool:
    """Whether it uses the colours that stand for training strategies."""
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(figure.chart.to_dict())))
    return bool(colours & {colour for colour, *_ in theme.STRATEGIES.values()})
