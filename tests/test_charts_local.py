"""Figures of the atlas: every language and task is on them, at its place."""

import pandas as pd

from lib import charts


def data(chart, wanted: set) -> list[pd.DataFrame]:
    """The datasets of a chart that have these columns."""
    tables = [pd.DataFrame(rows) for rows in chart.to_dict()["datasets"].values()]
    return [table for table in tables if wanted <= set(table)]


def test_the_atlas_has_a_row_a_language_in_each_panel():
    table = pd.DataFrame({"language": ["Oldspeak", "Newspeak", "Newspeak"], "ability": ["knowledge", "knowledge", "knowledge"], "name": ["A", "B", "C"],
                          "value": [0.7, 0.6, 0.2], "low": [0.5, 0.4, 0.0], "high": [0.8, 0.8, 0.5], "verdict": ["supported", "supported", "undecided"]})
    rows = data(charts.atlas.kinds(table, ["knowledge"]), {"row", "verdict"})[0].set_index("name")["row"]
    assert rows["A"] == 0 and rows["B"] < 1 < rows["C"] and abs(rows["B"] - 1) < 0.5
    grown = pd.concat([table, table.iloc[[0]].assign(language="Duckspeak")])
    tall = [charts.atlas.kinds(each, ["knowledge"]).to_dict()["spec"]["height"] for each in (table, grown)]
    assert tall[1] > tall[0]
