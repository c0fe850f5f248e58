"""Figures of the atlas: every language and task is on them, at its place."""

import types

import pandas as pd

from lib import charts
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate
from tests.charts import figures

LANGUAGES = {"xx": "Newspeak", "yy": "Oldspeak", "zz": "Duckspeak"}


def facts(subjects):
    rows = {
        each: {
            "language": LANGUAGES[each[:2]],
            "name": each[3:],
            "ability": "knowledge",
            "side": "local",
        }
        for each in subjects
    }
    return pd.DataFrame.from_dict(rows, orient="index")


ATLAS = types.SimpleNamespace(facts=facts)
TASKS = {
    "yy/A": Estimate(0.7, 0.5, 0.8),
    "xx/B": Estimate(0.6, 0.4, 0.8),
    "xx/C": Estimate(0.2, 0.0, 0.5),
}


def kinds(tasks):
    return charts.atlas.kinds(Estimates.from_rows(tasks).judged(above=0.1), ATLAS)


def test_the_atlas_has_a_row_a_language_in_each_panel():
    figure = kinds(TASKS)
    rows = pd.DataFrame(figures.data(figure, {"row", "verdict"})[0]).set_index("name")["row"]
    assert rows["A"] == 0 and rows["B"] < 1 < rows["C"] and abs(rows["B"] - 1) < 0.5
    tall = [
        each.chart.to_dict()["spec"]["height"]
        for each in (figure, kinds(TASKS | {"zz/A": TASKS["yy/A"]}))
    ]
    assert tall[1] > tall[0]
    figures.check(figure, kinds(TASKS))
