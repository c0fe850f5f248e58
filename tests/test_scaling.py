"""Laws against statsmodels and scipy, and against what the data must give."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from lib import abilities, budget, resampling, scaling, study


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def laws(ja):
    scores = abilities.fit(ja.scores, ja.anchors).scores[["PC1", "PC2", "PC3"]]
    return {name: scaling.table(scores, budget.draw(ja, np.random.default_rng(1), ranges=name), ja.models["lineage"],
                                np.random.default_rng(2), replicates=2_000) for name in ja.ranges}


@pytest.mark.parametrize(("ranges", "component", "side", "value", "low", "high"), [
    ("default", "PC1", "english", 0.91, 0.89, 0.93), ("wide", "PC1", "english", 0.88, 0.83, 0.92),
    ("default", "PC2", "local", 0.75, 0.66, 0.82), ("default", "PC1", "local", 0.00, -0.10, 0.10),
    ("default", "PC2", "english", 0.15, 0.12, 0.19)])
def test_abilities_follow_the_budget_of_their_language(laws, ranges, component, side, value, low, high):
    """Expected: an independent calculation from the same ranges with 200 draws."""
    row = laws[ranges].loc[("pearson", component, side)]
    assert row["value"] == pytest.approx(value, abs=0.015)
    assert (row["draws_low"], row["draws_high"]) == pytest.approx((low, high), abs=0.02)
    assert row["n"] == 35 and row["lineages"] == 10


def test_the_third_ability_follows_no_budget(laws):
    third = laws["default"].loc["pearson"].loc["PC3"]
    assert (third["value"].abs() < 0.4).all()
    assert ((third["low"] < 0) & (third["high"] > 0)).all()


def test_a_law_is_ordinary_least_squares():
    rng = np.random.default_rng(5)
    compute = pd.DataFrame(10 ** rng.uniform(20, 24, (20, 1)), index=[f"m{i}" for i in range(20)])
    score = pd.Series(np.log10(compute[0]) * 1.5 + rng.normal(size=20), index=compute.index)
    law = scaling.law(score, compute, pd.Series(compute.index, compute.index), rng, replicates=100)["value"]
    theirs = sm.OLS(score, sm.add_constant(np.log10(compute[0]))).fit()
    assert law["slope"] == pytest.approx(theirs.params[0], rel=1e-9)
    assert law["r2"] == pytest.approx(theirs.rsquared, rel=1e-9)
    assert law["pearson"] == pytest.approx(stats.pearsonr(score, np.log10(compute[0])).statistic, rel=1e-9)
    band = scaling.band(score, compute, rng, points=7)
    grid = sm.add_constant(np.log10(band["compute"]))
    expected = theirs.get_prediction(grid).summary_frame(alpha=0.05)
    np.testing.assert_allclose(band["line"], expected["mean"], rtol=1e-9)
    np.testing.assert_allclose(band["low"], expected["obs_ci_lower"], atol=0.02)
    np.testing.assert_allclose(band["high"], expected["obs_ci_upper"], atol=0.02)


def test_a_model_without_a_budget_is_left_out_and_counted():
    compute = pd.DataFrame({0: [1e20, 1e21, 1e22, np.nan, 0, 1e23]}, index=list("abcdef"))
    score = pd.Series([1, 2, 3, 9, 9, 3.5], index=compute.index)
    law = scaling.law(score, compute, pd.Series(compute.index, compute.index), np.random.default_rng(0), replicates=50)
    assert (law["n"] == 4).all()


@pytest.mark.parametrize(("values", "message"), [([1e20, 1e21, np.nan, 0], "at least 3 models with a known budget are "
                                                  "needed, found 2"), ([1e20] * 4, "every model has the same budget")])
def test_no_law_without_budgets_that_differ(values, message):
    compute = pd.DataFrame({0: values}, index=list("abcd"))
    with pytest.raises(scaling.ScalingError, match=message):
        scaling.law(pd.Series([1.0, 2, 3, 4], index=compute.index), compute,
                    pd.Series(compute.index, compute.index), np.random.default_rng(0), replicates=10)


def test_a_contrast_is_the_difference_of_two_correlations_in_every_replicate(ja):
    """Expected: a loop over replicates and draws with numpy's corrcoef, on the same stream of random numbers."""
    score = abilities.fit(ja.scores, ja.anchors).scores["PC1"]
    budgets = budget.draw(ja, np.random.default_rng(1), draws=7)
    first, second, lineages = budgets.compute("english"), budgets.compute("local"), ja.models["lineage"]
    ours = scaling.contrast(score, first, second, lineages, np.random.default_rng(3), replicates=40)

    def difference(models, draw):
        return np.subtract(*(np.corrcoef(score.loc[models], np.log10(side.loc[models, draw]))[0, 1] for side in (first, second)))
    over_draws = [difference(score.index, draw) for draw in range(7)]
    rng = np.random.default_rng(3)
    weights = resampling.weights(35, 40, rng, lineages)
    replicates = [difference(np.repeat(score.index, row.astype(int)), draw)
                  for row, draw in zip(weights, rng.integers(0, 7, 40), strict=True)]
    low, high = resampling.percentiles(np.array(replicates), lineages.nunique())
    assert (ours.value, ours.low, ours.high) == pytest.approx((np.median(over_draws), low, high), abs=1e-9)
    assert (ours.draws_low, ours.draws_high) == pytest.approx(tuple(np.percentile(over_draws, scaling.DRAW_RANGE)), abs=1e-9)
    assert (ours.n, ours.lineages) == (35, 10)


def test_a_contrast_leaves_out_models_without_either_budget_and_wants_as_many_draws():
    models = list("abcdefg")
    score, lineages = pd.Series(np.arange(7.0), models), pd.Series(models, models)
    first = pd.DataFrame({0: [1e20, 1e21, 2e22, np.nan, 3e22, 4e22, 5e22]}, index=models)
    second = pd.DataFrame({0: [2e20, 1e20, 5e20, 1e20, 0, 1e21, 3e20]}, index=models)
    assert scaling.contrast(score, first, second, lineages, np.random.default_rng(0), replicates=50).n == 5
    with pytest.raises(scaling.ScalingError, match="1 draws of one budget but 2 of the other"):
        scaling.contrast(score, first, second.join(second.set_axis([1], axis=1)), lineages, np.random.default_rng(0))


def test_slopes_alone_are_those_among_the_moments():
    rng = np.random.default_rng(6)
    y, x = rng.normal(size=12), rng.normal(size=(40, 12))
    weights = resampling.weights(12, 40, rng)
    np.testing.assert_array_equal(scaling.slopes(weights, y, x), scaling.moments(weights, y, x)[:, 1])
