"""Figures of which components stand."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts
from lib.charts.standing import ASKED
from lib.stats import standing
from lib.stats.estimates import Estimates


def drawn(figure):
    return vl_convert.vegalite_to_svg(json.dumps(figure.chart.to_dict()))


def checks(status, kinds=tuple(standing.CHECKS)):
    rows = {
        standing.CHECKS[check].format(k): {
            "check": check,
            "component": k,
            "value": 0.9,
            "low": 0.8,
            "high": 0.95,
            "passed": k == "PC1",
        }
        for k in status
        for check in kinds
    }
    return Estimates(pd.DataFrame.from_dict(rows, orient="index"))


@pytest.mark.parametrize(
    "status", [{"PC1": "real", "PC2": "shaky", "PC3": "weak", "PC4": "noise"}, {"PC1": "noise"}]
)
def test_standing_shows_a_verdict_for_each_component_and_every_check(status):
    figure = charts.standing(checks(status), pd.Series(status))
    svg = drawn(figure)
    assert all(word in svg for word in (*status, *status.values())) and all(
        asked in svg for asked in ASKED.values()
    )
    assert all(f"{k} is {word}" in figure.description for k, word in status.items())
    assert "These look further" not in drawn(charts.standing(checks(status, ["noise"]), status))


def test_every_check_is_asked_in_words():
    assert set(ASKED) == set(standing.CHECKS)


@pytest.mark.parametrize(
    "status", [{"PC1": "real", "PC2": "noise"}, {"PC1": "shaky", "PC2": "noise"}, {}]
)
def test_the_scree_says_what_each_component_is(status):
    table = pd.DataFrame(
        {
            "value": [3.0, 0.5],
            "threshold": [1.5, 1.2],
            "retained": [True, False],
            "low": [2.0, np.nan],
            "high": [4.0, np.nan],
        },
        index=["PC1", "PC2"],
    )
    figure = charts.scree(Estimates(table), status)
    word = status.get("PC1", "shaky")
    assert (
        f">{word}<" in drawn(figure) and "PC1 3.00 [2.00, 4.00] against 1.50" in figure.description
    )
    assert figure.data["status"].tolist() == [word, "noise"]
