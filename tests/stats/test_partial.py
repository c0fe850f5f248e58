"""Partial correlations against pingouin and scikit-learn, one pair at a time."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from statsmodels.stats.multitest import multipletests

from lib.stats import correlation, partial, resampling
from lib.stats.estimates import Estimates, discovery
from lib.stats.resampling import Resampling, steady
from lib.stats.tables import TableError, standardised
from lib.stats.verdicts import Estimate
from tests import tables


@pytest.fixture(scope="module")
def table(ja):
    return partial.pairs(ja.scores, Resampling(ja.models["lineage"], seed=0, replicates=300))


@pytest.mark.parametrize(
    "pair", ["jhumaneval~humaneval", "niilc~wmt20-en-ja", "jmmlu~mmlu", "niilc~triviaqa"]
)
def test_a_pair_agrees_with_pingouin_on_scikit_learns_component(ja, table, pair):
    a, b = pair.split("~")
    z = (ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)
    general = PCA(1).fit_transform(z.drop(columns=[a, b]))[:, 0]
    theirs = pingouin.partial_corr(z.assign(general=general), x=a, y=b, covar="general")["r"].item()
    assert table[pair].value == pytest.approx(theirs, abs=1e-8)


def test_replicates_are_the_partial_correlations_of_the_drawn_models(ja):
    z = standardised(ja.scores).to_numpy()
    weights = resampling.weights(35, 4, np.random.default_rng(8), ja.models["lineage"])
    ours = partial.given_general(correlation.replicate_matrices(z, weights))
    for row, values in zip(weights, ours, strict=True):
        drawn = np.repeat(z, row.astype(int), axis=0)
        drawn = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
        general = PCA(1).fit_transform(drawn[:, 2:])[:, 0]
        residuals = [
            drawn[:, k] - np.polyval(np.polyfit(general, drawn[:, k], 1), general) for k in (0, 1)
        ]
        assert values[0] == pytest.approx(np.corrcoef(residuals)[0, 1], abs=1e-6)


def test_code_carries_over_beyond_general_ability(table):
    code = table["jhumaneval~humaneval"]
    assert code.value > 0.8 and code.low > 0.5
    assert (code.n, code.lineages, table.count) == (35, 10, 19 * 18 / 2)


@given(tables.scores(models=tables.st.integers(8, 20), benchmarks=tables.st.integers(5, 8)))
def test_partial_correlations_are_correlations(table):
    r = correlation.matrix(table).to_numpy()[None]
    values = partial.given_general(r)
    assert (
        values.shape == (1, table.shape[1] * (table.shape[1] - 1) // 2)
        and (np.abs(values) <= 1).all()
    )


def test_too_few_benchmarks_are_counted(ja):
    with pytest.raises(TableError, match="at least 5 benchmarks, found 4"):
        partial.pairs(ja.scores.iloc[:, :4], Resampling(ja.models["lineage"], seed=0, replicates=5))


def test_p_agrees_with_the_interval_and_q_with_statsmodels(ja):
    table = correlation.pairs(ja.scores, Resampling(ja.models["lineage"], seed=0, replicates=500))
    tested = discovery(table)
    excludes = (table.frame["low"] > 0) | (table.frame["high"] < 0)
    assert 0 < excludes.sum() < table.count
    pd.testing.assert_series_equal(tested["p"] < 0.05, excludes, check_names=False)
    np.testing.assert_allclose(tested["q"], multipletests(tested["p"], method="fdr_bh")[1])
    dependent = discovery(table, any_dependence=True)
    np.testing.assert_allclose(dependent["q"], multipletests(tested["p"], method="fdr_by")[1])


@pytest.mark.parametrize(
    ("rate", "any_dependence", "method"),
    [(0.05, False, "fdr_bh"), (0.05, True, "fdr_by"), (0.2, False, "fdr_bh")],
)
def test_discovered_are_those_that_statsmodels_rejects(table, rate, any_dependence, method):
    rejected = multipletests(discovery(table)["p"], alpha=rate, method=method)[0]
    assert list(table.discovered(rate, any_dependence)) == list(table.frame.index[rejected])
    assert rejected.any() and not rejected.all()


def test_fishers_scale_gives_back_a_known_standard_error():
    error, degrees = 0.2, 9
    t = stats.t.ppf(0.975, degrees)
    one = Estimate(
        np.tanh(0.5),
        np.tanh(0.5 - t * error),
        np.tanh(0.5 + t * error),
        level=0.95,
        groups=degrees + 1,
    )
    p = discovery(Estimates.from_rows({"a~b": one}))["p"].item()
    assert p == pytest.approx(2 * stats.t.sf(0.5 / error, degrees))


def test_a_replicate_without_variance_is_unknown_and_leaves_the_others_alone(ja, recwarn):
    z = standardised(ja.scores).to_numpy()
    weights = resampling.weights(len(z), 5, np.random.default_rng(2))
    weights[3] = np.eye(len(z))[0] * len(z)
    found = partial.given_general(correlation.replicate_matrices(z, weights))
    assert np.isnan(found[3]).all() and np.isfinite(np.delete(found, 3, axis=0)).all()
    for row in (0, 1, 2, 4):
        alone = partial.given_general(correlation.replicate_matrices(z, weights[row : row + 1]))
        np.testing.assert_allclose(found[row], alone[0], atol=1e-6)
    assert not recwarn.list


def test_given_two_components_is_the_correlation_of_what_regressions_on_them_leave(ja):
    """By scikit-learn's components and least squares; and one component is `pairs`."""
    how = Resampling(ja.models["lineage"], 0, 50)
    pairs = ["jmmlu~mmlu", "mgsm~gsm8k"]
    z = (ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)
    for pair in pairs:
        others = z.drop(columns=pair.split("~"))
        x = PCA(2, svd_solver="full").fit_transform(others)
        left = z[pair.split("~")] - LinearRegression().fit(x, z[pair.split("~")]).predict(x)
        two = partial.given_components(ja.scores, pairs, how)
        assert two[pair].value == pytest.approx(left.corr().iloc[0, 1], abs=1e-8)
    one = partial.given_components(ja.scores, pairs, how, 1)
    np.testing.assert_allclose(
        one.values, partial.pairs(ja.scores, how).of(pairs).values, atol=1e-6
    )


def test_how_much_of_the_exams_is_general_ability_is_not_known(ja):
    how = steady(ja.models["lineage"], 0, 50)
    two = partial.given_components(ja.scores, ["jmmlu~mmlu"], how)["jmmlu~mmlu"]
    assert two.value == pytest.approx(0.63, abs=0.01) and two.low < 0 < two.high
