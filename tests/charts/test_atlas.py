"""Figures of all languages together: every language and model is on them, at its place."""

import types

import numpy as np
import pandas as pd

from lib import charts
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate
from tests.charts import figures

LANGUAGES = {"xx": "Newspeak", "yy": "Oldspeak", "zz": "Duckspeak"}
ATLAS = types.SimpleNamespace(
    called=lambda subject: LANGUAGES.get(subject, subject.upper()),
    family=pd.Series({"xx": "One", "yy": "One", "zz": "Two"}),
)
SHARES = Estimates.from_rows(
    {"yy": Estimate(0.7, 0.5, 0.8), "xx": Estimate(0.6, 0.4, 0.8), "zz": Estimate(0.9, 0.8, 1.0)}
)
WORDS = pd.Series({"xx": 1e6, "yy": 1e9, "zz": np.nan})


def test_a_language_lies_where_its_text_and_its_share_are_and_is_named():
    figure = charts.atlas.against(SHARES, WORDS, ATLAS, axis="words of web text")
    points = pd.DataFrame(figures.data(figure, {"code", "x", "y"})[0]).set_index("code")
    assert points[["x", "y"]].to_dict("index") == {
        "yy": {"x": 1e9, "y": 0.7},
        "xx": {"x": 1e6, "y": 0.6},
    }
    assert {"Newspeak", "Oldspeak"} <= set(figures.words(figure))
    assert "from Newspeak (0.60) with the least to Oldspeak (0.70)" in figure.description
    figures.check(figure, charts.atlas.against(SHARES, WORDS, ATLAS, axis="words of web text"))


def test_a_cell_a_model_and_language_and_a_dot_where_it_was_built_for_it():
    values = pd.DataFrame({"xx": [0.5, -0.2], "yy": [np.nan, 0.1]}, index=["m", "n"])
    built = pd.DataFrame({"xx": [1.0, 0.0], "yy": [0.0, 1.0]}, index=["m", "n"])
    figure = charts.atlas.matrix(values, built, ATLAS)
    assert figure.data[["model", "code", "value", "home"]].values.tolist() == [
        ["m", "xx", 0.5, True],
        ["n", "xx", -0.2, False],
        ["n", "yy", 0.1, True],
    ]
    assert "was built for +0.30, in the others -0.20" in figure.description
    assert {"M", "N", "Newspeak", "Oldspeak"} <= set(figures.words(figure))
    figures.check(figure, charts.atlas.matrix(values, built, ATLAS))


def test_thirty_languages_fit_a_page():
    codes = [f"l{number}" for number in range(30)]
    values = pd.DataFrame(1.0, index=[f"model-{number}" for number in range(20)], columns=codes)
    chart = charts.atlas.matrix(values, values, ATLAS).chart.to_dict()
    assert chart["usermeta"]["least"] < 900 and chart["height"] < 500
