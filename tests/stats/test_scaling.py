"""Laws against statsmodels and scipy, and against what the data must give."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from lib.stats import budget, components, resampling, scaling
from lib.stats.resampling import Resampling


@pytest.fixture(scope="module")
def laws(ja):
    scores = components.fit(ja.scores, ja.anchors).scores[["PC1", "PC2", "PC3"]]
    how = Resampling(ja.models["lineage"], 2, 2_000)
    return {name: scaling.table(scores, budget.draw(ja, 1, ranges=name), how) for name in ja.ranges}


def alone(models, seed=0, replicates=50):
    """Every model its own lineage."""
    return Resampling(pd.Series(list(models), list(models)), seed, replicates)


@pytest.mark.parametrize(
    ("ranges", "component", "side", "value", "low", "high"),
    [
        ("default", "PC1", "english", 0.91, 0.89, 0.93),
        ("wide", "PC1", "english", 0.88, 0.83, 0.92),
        ("default", "PC2", "local", 0.75, 0.66, 0.82),
        ("default", "PC1", "local", 0.00, -0.10, 0.10),
        ("default", "PC2", "english", 0.15, 0.12, 0.19),
    ],
)
def test_abilities_follow_the_budget_of_their_language(
    laws, ranges, component, side, value, low, high
):
    """Expected: an independent calculation from the same ranges with 200 draws."""
    law = laws[ranges][f"pearson/{component}/{side}"]
    assert law.value == pytest.approx(value, abs=0.015)
    assert (law.draws_low, law.draws_high) == pytest.approx((low, high), abs=0.02)
    assert (law.n, law.lineages) == (35, 10)


def test_the_third_ability_follows_no_budget(laws):
    third = laws["default"].within("pearson").within("PC3")
    assert third.count == 3 and (third.values.abs() < 0.4).all() and not third.clear.count


def test_a_law_is_ordinary_least_squares():
    rng = np.random.default_rng(5)
    compute = pd.DataFrame(10 ** rng.uniform(20, 24, (20, 1)), index=[f"m{i}" for i in range(20)])
    score = pd.Series(np.log10(compute[0]) * 1.5 + rng.normal(size=20), index=compute.index)
    law = scaling.law(score, compute, alone(compute.index)).values
    theirs = sm.OLS(score, sm.add_constant(np.log10(compute[0]))).fit()
    assert law["slope"] == pytest.approx(theirs.params[0], rel=1e-9)
    assert law["r2"] == pytest.approx(theirs.rsquared, rel=1e-9)
    assert law["pearson"] == pytest.approx(
        stats.pearsonr(score, np.log10(compute[0])).statistic, rel=1e-9
    )
    band = scaling.band(score, compute, 5, points=7)
    grid = sm.add_constant(np.log10(band["compute"]))
    expected = theirs.get_prediction(grid).summary_frame(alpha=0.05)
    np.testing.assert_allclose(band["line"], expected["mean"], rtol=1e-9)
    np.testing.assert_allclose(band["low"], expected["obs_ci_lower"], atol=0.02)
    np.testing.assert_allclose(band["high"], expected["obs_ci_upper"], atol=0.02)


def test_a_model_without_a_budget_is_left_out_and_counted():
    compute = pd.DataFrame({0: [1e20, 1e21, 1e22, np.nan, 0, 1e23]}, index=list("abcdef"))
    score = pd.Series([1, 2, 3, 9, 9, 3.5], index=compute.index)
    law = scaling.law(score, compute, alone(compute.index))
    assert (law.frame["n"] == 4).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1e20, 1e21, np.nan, 0], "at least 3 models with a known budget are needed, found 2"),
        ([1e20] * 4, "every model has the same budget"),
    ],
)
def test_no_law_without_budgets_that_differ(values, message):
    compute = pd.DataFrame({0: values}, index=list("abcd"))
    with pytest.raises(scaling.ScalingError, match=message):
        scaling.law(pd.Series([1.0, 2, 3, 4], index=compute.index), compute, alone(compute.index))


def test_a_contrast_is_the_difference_of_two_correlations_in_every_replicate(ja):
    """Expected: a loop over replicates with numpy's corrcoef, on the same weights and draws."""
    score = components.fit(ja.scores, ja.anchors).scores["PC1"]
    budgets = budget.draw(ja, 1, draws=7)
    first, second, lineages = (
        budgets.compute("english"),
        budgets.compute("local"),
        ja.models["lineage"],
    )
    how = Resampling(lineages, 3, 40)
    ours = scaling.contrast(score, first, second, how)

    def difference(models, draw):
        return np.subtract(
            *(
                np.corrcoef(score.loc[models], np.log10(side.loc[models, draw]))[0, 1]
                for side in (first, second)
            )
        )

    over_draws = [difference(score.index, draw) for draw in range(7)]
    weights, drawn = next(how.chunks()), how.rng("draws").integers(0, 7, 40)
    replicates = [
        difference(np.repeat(score.index, row.astype(int)), draw)
        for row, draw in zip(weights, drawn, strict=True)
    ]
    low, high = resampling.percentiles(np.array(replicates), lineages.nunique())
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (np.median(over_draws), low, high), abs=1e-9
    )
    assert (ours.draws_low, ours.draws_high) == pytest.approx(
        tuple(np.percentile(over_draws, scaling.DRAW_RANGE)), abs=1e-9
    )
    assert (ours.n, ours.lineages) == (35, 10)


def test_a_contrast_leaves_out_models_without_either_budget_and_wants_as_many_draws():
    models = list("abcdefg")
    score = pd.Series(np.arange(7.0), models)
    first = pd.DataFrame({0: [1e20, 1e21, 2e22, np.nan, 3e22, 4e22, 5e22]}, index=models)
    second = pd.DataFrame({0: [2e20, 1e20, 5e20, 1e20, 0, 1e21, 3e20]}, index=models)
    assert scaling.contrast(score, first, second, alone(models)).n == 5
    with pytest.raises(scaling.ScalingError, match="1 draws of one budget but 2 of the other"):
        scaling.contrast(score, first, second.join(second.set_axis([1], axis=1)), alone(models))


def test_within_groups_a_law_is_the_correlation_of_distances_from_group_means(ja):
    """Expected: columns centred by pandas; statsmodels' slope with a dummy for each group."""
    score = components.fit(ja.scores, ja.anchors).scores["PC2"]
    compute, strategy = budget.draw(ja, 1, draws=1).compute("local"), ja.models["strategy"]
    law = scaling.law(score, compute, Resampling(ja.models["lineage"], 1, 20), within=strategy)
    x = np.log10(compute[0])
    dx, dy = (each - each.groupby(strategy).transform("mean") for each in (x, score))
    assert law["pearson"].value == pytest.approx(np.corrcoef(dx, dy)[0, 1], rel=1e-9)
    design = pd.get_dummies(strategy).astype(float).assign(x=x)
    assert law["slope"].value == pytest.approx(sm.OLS(score, design).fit().params["x"], rel=1e-9)


def test_inside_ways_of_training_no_budget_is_told_from_the_other(ja, laws):
    scores, strategy = components.fit(ja.scores, ja.anchors).scores, ja.models["strategy"]
    budgets, how = budget.draw(ja, 1, draws=200), Resampling(ja.models["lineage"], 2, 2_000)
    pairs = {"PC1": ("english", "local"), "PC2": ("local", "english")}
    over_all = scaling.contrasts(scores, budgets, pairs, how).judged(above=0)
    inside = scaling.contrasts(scores, budgets, pairs, how, within=strategy).judged(above=0)
    assert list(over_all) == ["PC1/english-local", "PC2/local-english"]
    assert over_all.supported.count == 2 and inside.undecided.count == 2


def test_a_plan_is_ranked_among_the_models_and_says_whether_it_was_seen():
    rng = np.random.default_rng(2)
    models = [f"m{k}" for k in range(20)]
    compute = pd.DataFrame({0: 10 ** np.linspace(20, 23, 20)}, models)
    score = np.log10(compute[0]) + 0.1 * rng.normal(size=20)
    tokens = [0.01, 1, 1_000_000]  # 6 x 10 billion parameters x tokens: 6e17, 6e19, ... FLOP
    found = scaling.expected(score, compute, [10 * each for each in tokens], 10, seed=1)
    np.testing.assert_allclose(found.frame["compute"], [6e18, 6e20, 6e26])
    assert found.frame["seen"].tolist() == [False, True, False]
    assert found.values.tolist()[0] == 0 and found.values.tolist()[2] == 1
    assert (
        0.1 < found.values.iloc[1] < 0.4
        and found.frame["low"].iloc[1] <= found.values.iloc[1] <= found.frame["high"].iloc[1]
    )
