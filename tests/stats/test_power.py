"""Sampling error, reliability and power against simulation, SciPy and pingouin."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib.stats import correlation, power
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import Estimate


@pytest.fixture(scope="module")
def errors(ja):
    return power.known_errors(ja.scores, ja.evaluations_now, ja.standard_errors)


def test_the_error_of_an_accuracy_is_the_binomials(ja, errors):
    rng = np.random.default_rng(0)
    p = ja.scores.loc["Qwen/Qwen2-7B", "mgsm"]
    assert errors.loc["Qwen/Qwen2-7B", "mgsm"] == pytest.approx(
        rng.binomial(250, p, 200_000).std() / 250, rel=0.01
    )


def test_no_mean_of_item_scores_errs_more():
    rng = np.random.default_rng(1)
    items = rng.beta(0.5, 1, (4_000, 120))
    bound = np.sqrt(items.mean() * (1 - items.mean()) / 120)
    assert items.mean(axis=1).std() < bound


def test_corpus_metrics_have_no_such_error(errors):
    assert errors[["wmt20-en-ja", "wmt20-ja-en"]].isna().all(axis=None)
    assert errors.drop(columns=["wmt20-en-ja", "wmt20-ja-en"]).notna().all(axis=None)


def test_scores_that_are_not_fractions_have_no_such_error():
    evaluations = pd.DataFrame({"metric": ["accuracy"], "items": [100]}, index=["a"])
    assert (
        power.sampling_error(pd.DataFrame({"a": [58.8, 70.1, -3.0]}), evaluations)
        .isna()
        .all(axis=None)
    )


def test_small_benchmarks_are_the_noisiest_and_large_ones_reliable(ja, errors):
    reliability = power.reliability(ja.scores, errors)
    assert reliability["mmlu"] > 0.99 and reliability.dropna().between(0.5, 1).all()
    assert errors.mean().idxmax() in {"jemhopqa", "jhumaneval", "humaneval", "niilc"}


def test_correcting_for_unreliability_recovers_a_known_correlation():
    rng = np.random.default_rng(3)
    true = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 100_000)
    seen = true + rng.normal(0, 0.5, true.shape)
    corrected = power.disattenuated(np.corrcoef(seen.T)[0, 1], 1 / 1.25, 1 / 1.25)
    assert corrected == pytest.approx(0.8, abs=0.01)
    assert np.isnan(power.disattenuated(0.5, np.nan, 0.9)) and np.isnan(
        power.disattenuated(0.5, -0.1, 0.9)
    )


def test_power_is_how_often_the_test_rejects():
    rng = np.random.default_rng(4)
    for r in (0.3, 0.5):
        sample = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], (20_000, 35))
        sample -= sample.mean(axis=1, keepdims=True)
        seen = (sample[..., 0] * sample[..., 1]).sum(axis=1) / np.sqrt(
            (sample**2).sum(axis=1).prod(axis=1)
        )
        rejected = np.abs(np.arctanh(seen)) * np.sqrt(32) > stats.t.ppf(0.975, 34)
        assert power.power(r, 35) == pytest.approx(rejected.mean(), abs=0.025)


def test_the_detectable_correlation_is_near_pingouins_for_independent_models():
    assert power.detectable(35) == pytest.approx(
        pingouin.power_corr(n=35, power=0.8, alternative="two-sided"), abs=0.02
    )


@given(st.floats(0.05, 0.95), st.integers(10, 200), st.floats(1, 3))
def test_relatives_never_add_power(r, n, inflated):
    assert power.power(r, n, max(3, n // 4), inflated) <= power.power(r, n) + 1e-9


def test_related_models_tell_less(ja):
    pairs = correlation.pairs(ja.scores, Resampling(ja.models["lineage"], seed=0, replicates=1_000))
    inflated = power.inflation(pairs)
    assert 0.9 < inflated < 2
    assert power.detectable(35, 10, inflated) > power.detectable(35)


def test_reliabilities_are_those_of_the_sample_with_intervals(ja, errors):
    found = power.reliabilities(
        ja.scores, errors, Resampling(ja.models["lineage"], seed=0, replicates=300)
    )
    expected = power.reliability(ja.scores, errors).dropna()
    np.testing.assert_allclose(found.values, expected[found.subjects])
    assert set(found) == set(expected.index) and (found.frame["low"] <= found.values).all()
    np.testing.assert_allclose(found.frame["error"], errors[found.subjects].mean())


def test_a_published_error_replaces_the_bound(ja, errors):
    published = ja.standard_errors.copy()
    published.iloc[0, 0] = 0.123
    known = power.known_errors(ja.scores, ja.evaluations_now, published)
    assert known.iloc[0, 0] == 0.123 and known.iloc[1, 0] == errors.iloc[1, 0]


def test_a_pair_is_corrected_by_the_reliabilities_that_are_known():
    pairs = Estimates.from_rows(
        {pair: Estimate(0.4, 0.2, 0.6, n=9, groups=5) for pair in ("a~b", "a~c", "c~d")}
    )
    known = {"a": 0.64, "b": 1.0, "c": -0.2}
    assert str(power.corrected(pairs, known)) == "a~b 0.50 [0.25, 0.75]"
    assert power.corrected(pairs, known | {"c": 0.25}, fully=False).values.round(2).to_dict() == {
        "a~b": 0.5,
        "a~c": 1.0,
        "c~d": 0.8,
    }


def test_relatives_that_are_copies_share_everything_and_strangers_nothing():
    rng = np.random.default_rng(5)
    values = rng.standard_normal((400, 1))
    labels = pd.Series(np.repeat(np.arange(400), 3))
    half = np.sqrt(0.5) * np.repeat(values, 3, axis=0) + np.sqrt(0.5) * rng.standard_normal(
        (1200, 1)
    )
    table = pd.DataFrame(
        np.hstack([np.repeat(values, 3, axis=0), half, rng.standard_normal((1200, 1))]),
        columns=list("abc"),
    )
    found = power.kinship(table, labels)
    assert (
        found["a"] == pytest.approx(1)
        and found["b"] == pytest.approx(0.5, abs=0.06)
        and found["c"] < 0.06
    )


@given(st.integers(1, 200), st.integers(0, 200))
def test_wilsons_interval_is_scipys(count, held):
    held = min(held, count)
    low, high = power.wilson(held / count, count)
    expected = stats.binomtest(held, count).proportion_ci(method="wilson")
    assert (low, high) == (
        pytest.approx(expected.low, abs=1e-9),
        pytest.approx(expected.high, abs=1e-9),
    )


def test_the_curve_of_power_crosses_what_is_wanted_where_it_can_be_detected():
    curve = power.curve(35, 10, 1.3)
    limit = power.detectable(35, 10, 1.3)
    assert curve.is_monotonic_increasing and curve[:limit].iloc[-1] < 0.8 <= curve[limit:].iloc[0]


def test_models_within_two_errors_of_the_best_or_of_guessing_are_not_told_apart():
    scores = pd.DataFrame({"easy": [0.97, 0.98, 0.60], "hard": [0.26, 0.24, 0.70]})
    errors = np.sqrt(scores * (1 - scores) / 400)
    found = power.told_apart(scores, errors, pd.Series({"easy": 0.5, "hard": 0.25}))
    assert found["best"].tolist() == [2, 1]  # 0.97 and 0.98 differ by 0.9 of their errors
    assert found["guessing"].tolist() == [0, 2]
    unknown = power.told_apart(scores, errors * np.nan, pd.Series({"easy": 0.5}))
    assert unknown.isna().all(axis=None)
