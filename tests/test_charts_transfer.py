"""Figures of what is left given general ability."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts
from lib.charts import transfer

BENCHMARKS = pd.DataFrame({"language": ["local", "local", "local", "english"]}, index=list("abcd"))


def drawn(chart):
    """The picture's text: an error in the specification shows as an exception or an empty picture."""
    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


def pairs(kinds, rng):
    partial = rng.uniform(-0.8, 0.9, len(kinds))
    return pd.DataFrame({"name": [f"<b>{k}</b> ~ other {k}" for k in range(len(kinds))], "kind": kinds, "plain": rng.uniform(-0.3, 1, len(kinds)),
                         "partial": partial, "low": partial - 0.1, "high": np.minimum(partial + 0.1, 1)})


@pytest.mark.parametrize("kinds", [["translation", "similar", "local", "other"], ["other", "other"], ["local"] * 4 + ["other"] * 30])
def test_pairs_called_out_are_numbered_and_named(kinds):
    table = pairs(kinds, np.random.default_rng(len(kinds)))
    svg = drawn(charts.beyond(table, "Newspeak"))
    named = [name.replace("<", "&lt;").replace(">", "&gt;") in svg for name in table["name"]]
    assert named == [kind != "other" for kind in kinds]
    assert "this skill carries over" in svg and "<b>" not in svg


def test_marks_are_filled_where_the_interval_excludes_zero():
    table = pairs(["translation"] * 3, np.random.default_rng(0)).assign(partial=[0.5, 0.1, -0.5], low=[0.3, -0.1, -0.7], high=[0.7, 0.3, -0.2])
    data = charts.beyond(table, "Newspeak").to_dict()["datasets"].values()
    clear = {row["name"]: row["clear"] for rows in data for row in rows if "clear" in row}
    assert [clear[name] for name in table["name"]] == [1, 0, 1]


def test_counterparts_are_called_out_as_such_and_local_pairs_only_where_they_stand_out():
    given = pd.DataFrame({"a": list("aaabbc"), "b": list("bcdcdd"), "value": [0.9, 0.8, 0.1, -0.9, 0.5, 0.9]}, index=["a~b", "a~c", "a~d", "b~c", "b~d", "c~d"])
    q = pd.Series([0.01, 0.2, 0.9, 0.01, 0.01, 0.01], given.index)
    counterparts = pd.DataFrame({"kind": ["translation"]}, index=["a~d"])
    kinds = transfer.called_out(given, q, BENCHMARKS, counterparts)
    assert kinds.to_dict() == {"a~b": "local", "a~c": "other", "a~d": "translation", "b~c": "other", "b~d": "other", "c~d": "other"}
    assert (transfer.called_out(given, q * 0, BENCHMARKS, counterparts.iloc[:0], most=1) == "local").sum() == 1
