"""Sampling error, reliability and power against simulation, statsmodels and pingouin."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib import correlation, noise, study


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def errors(ja):
    return noise.sampling_error(ja.scores, ja.evaluations[ja.evaluations["snapshot"] == ja.snapshot])


def test_the_error_of_an_accuracy_is_the_binomials(ja, errors):
    rng = np.random.default_rng(0)
    p = ja.scores.loc["Qwen/Qwen2-7B", "mgsm"]
    assert errors.loc["Qwen/Qwen2-7B", "mgsm"] == pytest.approx(rng.binomial(250, p, 200_000).std() / 250, rel=0.01)


def test_no_mean_of_item_scores_errs_more():
    rng = np.random.default_rng(1)
    items = rng.beta(0.5, 1, (4_000, 120))
    bound = np.sqrt(items.mean() * (1 - items.mean()) / 120)
    assert items.mean(axis=1).std() < bound


def test_corpus_metrics_have_no_such_error(errors):
    assert errors[["wmt20-en-ja", "wmt20-ja-en"]].isna().all(axis=None)
    assert errors.drop(columns=["wmt20-en-ja", "wmt20-ja-en"]).notna().all(axis=None)


def test_scores_that_are_not_fractions_have_no_such_error():
    evaluations = pd.DataFrame({"benchmark_id": ["a"], "metric": ["accuracy"], "items": [100]})
    assert noise.sampling_error(pd.DataFrame({"a": [58.8, 70.1, -3.0]}), evaluations).isna().all(axis=None)


def test_small_benchmarks_are_the_noisiest_and_large_ones_reliable(ja, errors):
    reliability = noise.reliability(ja.scores, errors)
    assert reliability["mmlu"] > 0.99 and reliability.dropna().between(0.5, 1).all()
    assert errors.mean().idxmax() in {"jemhopqa", "jhumaneval", "humaneval", "niilc"}


def test_correcting_for_unreliability_recovers_a_known_correlation():
    rng = np.random.default_rng(3)
    true = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 100_000)
    seen = true + rng.normal(0, 0.5, true.shape)
    corrected = noise.disattenuated(np.corrcoef(seen.T)[0, 1], 1 / 1.25, 1 / 1.25)
    assert corrected == pytest.approx(0.8, abs=0.01)
    assert np.isnan(noise.disattenuated(0.5, np.nan, 0.9)) and np.isnan(noise.disattenuated(0.5, -0.1, 0.9))


def test_power_is_how_often_the_test_rejects():
    rng = np.random.default_rng(4)
    for r in (0.3, 0.5):
        sample = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], (20_000, 35))
        sample -= sample.mean(axis=1, keepdims=True)
        seen = (sample[..., 0] * sample[..., 1]).sum(axis=1) / np.sqrt((sample**2).sum(axis=1).prod(axis=1))
        rejected = np.abs(np.arctanh(seen)) * np.sqrt(32) > stats.t.ppf(0.975, 34)
        assert noise.power(r, 35) == pytest.approx(rejected.mean(), abs=0.025)


def test_the_detectable_correlation_is_near_pingouins_for_independent_models():
    assert noise.detectable(35) == pytest.approx(pingouin.power_corr(n=35, power=0.8, alternative="two-sided"), abs=0.02)


@given(st.floats(0.05, 0.95), st.integers(10, 200), st.floats(1, 3))
def test_relatives_never_add_power(r, n, inflated):
    assert noise.power(r, n, max(3, n // 4), inflated) <= noise.power(r, n) + 1e-9


def test_related_models_tell_less(ja):
    pairs = correlation.pairs(ja.scores, ja.models["lineage"], np.random.default_rng(0), replicates=1_000)
    inflated = noise.inflation(pairs)
    assert 0.9 < inflated < 2
    assert noise.detectable(35, 10, inflated) > noise.detectable(35)
