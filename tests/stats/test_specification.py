"""Every specification is the number that its choices name."""

import numpy as np
import pandas as pd
import pytest

from lib.stats import makers, specification
from lib.stats.verdicts import Estimate

RNG = np.random.default_rng(1)
SCORES = pd.DataFrame(RNG.normal(size=(20, 2)), columns=["x", "y"]).assign(
    y=lambda table: table["x"] + 0.3 * table["y"]
)
SCORES.loc[7, "y"] = SCORES["x"][7] - 4
GROUPS = {"lineages": pd.Series(np.arange(20) // 2), "makers": pd.Series(np.arange(20) // 4)}
PAIRS = pd.DataFrame(
    {"parent": list("ppqqrrss"), "maker": list("mnmnomno"), "lineage": list("aaaabbbb")},
    index=list("abcdefgh"),
)


def test_a_specification_of_a_correlation_is_that_correlation():
    found = specification.correlations(SCORES, GROUPS, seed=1)
    assert found.count == 8
    assert found["spearman / makers / all"].value == pytest.approx(
        SCORES["x"].corr(SCORES["y"], method="spearman")
    )
    rest = SCORES.drop(index=7)  # the model that lies off the line
    assert found["pearson / lineages / without the farthest"].value == pytest.approx(
        rest["x"].corr(rest["y"])
    )
    assert found["pearson / makers / all"].groups == 5


def test_a_specification_of_pairs_is_the_mean_with_what_it_leaves_out():
    values = pd.Series([0.1, 0.2, 0.3, 0.1, 0.2, 0.9, 0.1, 0.2], PAIRS.index)
    sets = {"8 pairs": PAIRS, "2 pairs": PAIRS.iloc[:2], "4 pairs": PAIRS.iloc[:4]}
    found = specification.changes(values, sets)
    both = makers.mean(values.to_frame("it"), PAIRS)["it"]
    same = found["8 pairs / parents and makers / all"]
    assert (same.value, same.low, same.high) == (both.value, both.low, both.high)
    without = values.drop("f")  # by far the largest
    assert found["8 pairs / makers / without the farthest"].value == pytest.approx(without.mean())
    assert not [each for each in found if each.startswith(("2 pairs", "4 pairs / lineages"))]


def test_both_intervals_of_a_number_are_taken():
    one = Estimate(0.5, 0.1, 0.9, low_ordinary=0.3, high_ordinary=0.7)
    assert specification.intervals(one)["single models"].low == 0.3
    assert specification.intervals(Estimate(0.5, 0.1, 0.9)).count == 1
