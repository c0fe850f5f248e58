"""Figures of what is left given general ability."""

import json
import types

import numpy as np
import pytest
import vl_convert

from lib import charts
from lib.charts import transfer
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate
from lib.words import Subjects


def study(kinds):
    """A study whose counterparts, and whose pairs of local benchmarks, are those of `kinds` (pair
    -> kind)."""
    return types.SimpleNamespace(
        language="Newspeak",
        called=lambda subject: f"<b>{subject}</b>",
        local=[each for pair, kind in kinds.items() if kind == "local" for each in pair.split("~")],
        pairs=lambda kind: Subjects(pair for pair, found in kinds.items() if found == kind),
    )


def drawn(figure):
    """The picture's text: an error in the specification shows as an exception or an empty
    picture."""
    return vl_convert.vegalite_to_svg(json.dumps(figure.chart.to_dict()))


def table(pairs, values, low=None, high=None):
    low, high = (
        (values - 0.1 if low is None else low),
        (np.minimum(values + 0.1, 1) if high is None else high),
    )
    return Estimates.from_rows(
        {pair: Estimate(*each) for pair, *each in zip(pairs, values, low, high, strict=True)}
    )


@pytest.mark.parametrize(
    "kinds",
    [
        ["translation", "similar", "local", "other"],
        ["other", "other"],
        ["local"] * 4 + ["other"] * 30,
    ],
)
def test_pairs_called_out_are_numbered_and_named(kinds):
    rng = np.random.default_rng(len(kinds))
    named = {f"one{k}~other{k}": kind for k, kind in enumerate(kinds)}
    plain, left = (
        table(named, rng.uniform(-0.3, 1, len(kinds))),
        table(named, rng.uniform(0.1, 0.9, len(kinds))),
    )
    found = left.of([pair for pair, kind in named.items() if kind == "local"])
    figure = charts.beyond(plain, left, found, study(named))
    svg = drawn(figure)
    shown = [
        f"&lt;b&gt;one{k}&lt;/b&gt; ~ &lt;b&gt;other{k}&lt;/b&gt;" in svg for k in range(len(kinds))
    ]
    assert shown == [kind != "other" for kind in kinds]
    assert "this skill carries over" in svg and "<b>" not in svg and len(figure.data) == len(kinds)
    assert [f"<b>one{k}</b>" in figure.description for k in range(len(kinds))] == shown


def test_marks_are_filled_where_the_interval_excludes_zero():
    pairs = ["a~b", "c~d", "e~f"]
    left = table(pairs, np.array([0.5, 0.1, -0.5]), [0.3, -0.1, -0.7], [0.7, 0.3, -0.2])
    figure = charts.beyond(left, left, left.of([]), study(dict.fromkeys(pairs, "translation")))
    data = figure.chart.to_dict()["datasets"].values()
    clear = {row["plain"]: row["clear"] for rows in data for row in rows if "clear" in row}
    assert clear == {0.5: 1, 0.1: 0, -0.5: 1}


def test_counterparts_are_called_out_as_such_and_local_pairs_only_where_they_stand_out():
    given = table(
        ["a~b", "a~c", "a~d", "b~c", "b~d", "c~d"], np.array([0.9, 0.8, 0.1, -0.9, 0.5, 0.9])
    )
    s = study({"a~d": "translation"})
    s.local = list("abc")
    found = given.of(["a~b", "b~c", "b~d", "c~d"])
    kinds = transfer._called_out(given, found, s, 4)
    assert kinds == {
        "a~b": "local",
        "a~c": "other",
        "a~d": "translation",
        "b~c": "other",
        "b~d": "other",
        "c~d": "other",
    }
    assert list(transfer._called_out(given, given, s, 1).values()).count("local") == 1
