"""Invented studies are as they were asked for, and the chance of a verdict is what theory says."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lib.stats import attainable, components
from lib.study import load

TRUTH = pd.DataFrame(
    [[1, 0.9, 0.3], [0.9, 1, 0.2], [0.3, 0.2, 1]], index=list("abc"), columns=list("abc")
)


def test_the_chance_of_telling_a_correlation_from_zero_is_its_power():
    """Against Fisher's z for independent models."""
    n, r = 60, 0.4
    truth = pd.DataFrame([[1, r], [r, 1]], list("ab"), list("ab"))
    rng = np.random.default_rng(1)
    ends = attainable.models(truth, range(n), ["a~b"], rng, tables=1500)["a~b"]
    power = 1 - stats.norm.cdf(1.96 - np.arctanh(r) * np.sqrt(n - 3))
    assert (ends[:, 0] > 0).mean() == pytest.approx(power, abs=0.06)


def test_intervals_of_invented_models_hold_the_true_values():
    rng = np.random.default_rng(2)
    asked = ["a~b", "a~b@a~c", "c"]
    found = attainable.models(TRUTH, range(80), asked, rng, english=["a", "b"], tables=400)
    composite = (TRUTH.loc["c", "a"] + TRUTH.loc["c", "b"]) / np.sqrt(2 + 2 * 0.9)
    for name, true in zip(asked, (0.9, 0.6, composite), strict=True):
        low, high = found[name].T
        assert 0.9 < ((low <= true) & (true <= high)).mean() <= 0.99, name


def test_a_loading_is_that_of_the_true_components_with_the_signs_of_the_claim():
    scores = load("ja").scores
    fitted = components.fit(scores, {"PC3": "humaneval"})
    found = attainable.models(
        scores.corr(),
        range(2000),
        ["PC1", "PC2/niilc", "PC3/humaneval", "congruence/PC2"],
        np.random.default_rng(3),
        loadings=fitted.loadings.iloc[:, :3],
        tables=3,
    )
    assert found["PC1"].mean() == pytest.approx(fitted.explained["PC1"], abs=0.02)
    for name in ("PC2/niilc", "PC3/humaneval"):
        component, benchmark = name.split("/")
        true = fitted.loadings.at[benchmark, component]
        assert found[name].mean() == pytest.approx(true, abs=0.05), name
    assert found["congruence/PC2"].mean() > 0.97


def test_relatives_make_a_true_claim_harder_to_support():
    lineages = np.repeat(range(10), 4)
    chance = {
        shared: (
            attainable.models(
                TRUTH, lineages, ["a~b"], np.random.default_rng(4), tables=300, shared=shared
            )["a~b"][:, 0]
            > 0.75
        ).mean()
        for shared in (0.0, 0.6)
    }
    assert chance[0.0] > chance[0.6] + 0.1


def test_pairs_without_makers_or_parents_are_a_t_test():
    """Each pair its own parent and maker, nothing shared: the interval is wider than Student's, and
    the invented changes scatter as those that were seen."""
    rng = np.random.default_rng(5)
    design = pd.DataFrame({"parent": range(20), "maker": range(20)})
    seen = pd.DataFrame({"x": rng.normal(0, 0.3, 20)})
    ends = attainable.pairs(seen, design, {"x": 0.2}, rng, by=("parent",), tables=4000)["x"]
    centre, half = ends.mean(axis=1), (ends[:, 1] - ends[:, 0]) / 2
    assert centre.mean() == pytest.approx(0.2, abs=0.01)
    assert centre.std() == pytest.approx(seen["x"].std() / np.sqrt(20), rel=0.15)
    student = stats.t.ppf(0.975, 19) * seen["x"].std() / np.sqrt(20)
    assert half.mean() == pytest.approx(student, rel=0.15)
