"""Figures of what the laws amount to."""

import json

import pandas as pd
import pytest
import vl_convert

from lib import charts


def drawn(chart):
    """The picture's text: an error in the specification shows as an exception or an empty picture."""
    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


def laws(components, sides, draws=True):
    rows = [{"component": c, "side": side, "value": 0.5, "low": -0.2, "high": 0.8, **({"draws_low": 0.4, "draws_high": 0.6} if draws else {})}
            for c in components for side in sides]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("draws", [True, False])
@pytest.mark.parametrize("components", [["PC1"], ["PC1", "PC2", "PC3"]])
def test_the_summary_names_each_ability_and_budget(components, draws):
    svg = drawn(charts.scaling_summary(laws(components, ["english", "local", "total"], draws), "Newspeak", names={"PC1": "General <i>"}))
    assert all(word in svg for word in ("General &lt;i&gt;", "English compute", "Newspeak compute", "Total compute", "0.50 [\N{MINUS SIGN}0.20, 0.80]"))


def test_two_budgets_stand_in_two_panels():
    table = pd.concat([laws(["PC1", "PC2"], ["english", "local"]).assign(quantity=quantity) for quantity in ("slope", "partial_r2")])
    chart = charts.joint(table, "Newspeak")
    assert len(chart.to_dict()["concat"]) == 2
    assert "Newspeak compute" in drawn(chart) and "PC2" in drawn(chart)


def test_rival_laws_are_ranked_and_the_mean_is_a_line_not_a_law():
    table = pd.DataFrame({"component": "PC1", "law": ["mean alone", "local compute", "English and local compute"], "error": [1.0, 1.2, 0.5],
                          "low": [1.0, 1.1, 0.4], "high": [1.0, 1.3, 0.6]})
    chart = charts.rival_laws(table, "Newspeak")
    svg = drawn(chart)
    rows = next(rows for rows in chart.to_dict()["datasets"].values() if "label" in rows[0])
    assert [row["label"] for row in rows] == ["English and Newspeak compute", "Newspeak compute"]
    assert "no better than the mean alone" in svg and "local" not in svg
