"""Intervals against scipy's bootstrap and by counting."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib import resampling
from lib.resampling import Estimate, verdict


def test_the_ordinary_bootstrap_is_scipys():
    x, y = np.random.default_rng(3).normal(size=(2, 35))
    weights = resampling.weights(35, 500, np.random.default_rng(11))
    share = weights / 35
    ours = (share @ (x * y) - (share @ x) * (share @ y)) / np.sqrt(
        (share @ x**2 - (share @ x) ** 2) * (share @ y**2 - (share @ y) ** 2))
    theirs = stats.bootstrap((x, y), lambda a, b, axis: stats.pearsonr(a, b, axis=axis).statistic, paired=True,
                             n_resamples=500, vectorized=True, method="percentile", rng=np.random.default_rng(11))
    np.testing.assert_allclose(np.sort(ours), np.sort(theirs.bootstrap_distribution), atol=1e-12)
    # Of very many units the expanded interval is the plain percentile interval.
    np.testing.assert_allclose(resampling.percentiles(ours, 10**9), theirs.confidence_interval, atol=1e-6)


def test_chunks_are_the_same_stream_as_one_batch():
    whole = resampling.weights(7, 50, np.random.default_rng(5), list("aabbccc"))
    parts = np.concatenate(list(resampling.chunks(7, 50, np.random.default_rng(5), list("aabbccc"), size=13)))
    np.testing.assert_array_equal(whole, parts)


@given(st.lists(st.sampled_from(["Llama", "Qwen", "Yi", None]), min_size=1, max_size=20), st.integers(0, 2**32))
def test_a_lineage_is_drawn_whole_and_as_many_as_there_are(labels, seed):
    weights = resampling.weights(len(labels), 20, np.random.default_rng(seed), labels)
    codes = resampling.codes(labels)
    first = [int(np.flatnonzero(codes == code)[0]) for code in range(codes.max() + 1)]
    np.testing.assert_array_equal(weights, weights[:, first][:, codes])
    np.testing.assert_array_equal(weights[:, first].sum(axis=1), len(first))


def test_an_unknown_lineage_stands_alone():
    assert resampling.codes(["a", None, "a", None]).tolist() == [0, 1, 0, 2]


def test_lineage_labels_must_match_the_models():
    with pytest.raises(ValueError, match="3 models but 2 lineage labels"):
        resampling.weights(3, 1, np.random.default_rng(0), ["a", "b"])


def test_related_models_widen_the_interval():
    """Ten copies of three values tell no more than three: a bootstrap over models cannot see it, lineages do."""
    values = np.repeat([0.1, 0.5, 0.6], 10)
    labels = np.repeat(["a", "b", "c"], 10)
    means = [resampling.weights(30, 2_000, np.random.default_rng(1), groups) @ values / 30 for groups in (None, labels)]
    assert np.ptp(resampling.percentiles(means[1], 3)) > 2 * np.ptp(resampling.percentiles(means[0], 30))


@pytest.mark.parametrize("units", [4, 10, 35])
def test_the_expanded_interval_of_a_normal_mean_is_students(units):
    """Normal replicates with the plug-in deviation s sqrt((m - 1) / m) / sqrt(m) give mean +- t s / sqrt(m)."""
    replicates = stats.norm.ppf((np.arange(400_000) + 0.5) / 400_000) * np.sqrt((units - 1) / units)
    low, high = resampling.percentiles(replicates, units)
    assert (low, high) == pytest.approx((-stats.t.ppf(0.975, units - 1), stats.t.ppf(0.975, units - 1)), rel=2e-3)


@given(st.integers(1, 3_000), st.floats(0, 0.4), st.integers(0, 2**32), st.booleans(), st.booleans())
def test_tails_are_numpys_quantiles(count, share, seed, ties, gaps):
    values = np.random.default_rng(seed).normal(size=(count, 2, 2))
    values = values.round(1) if ties else values
    values[np.random.default_rng(seed).random(values.shape) < 0.2 * gaps] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.nanquantile(values, [share, 1 - share], axis=0)
    np.testing.assert_allclose(resampling.tails(values, share), expected, atol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 499, resampling.FEW, resampling.FEW + 1])
def test_sorting_and_searching_find_the_same_tails_to_the_last_bit(count, monkeypatch):
    values, shares = np.random.default_rng(count).normal(size=(count, 7)), [0.003, 0.025, 0.2]
    for few in (0, count):
        monkeypatch.setattr(resampling, "FEW", few)
        found = resampling.several_tails(values, shares)
        if few:
            np.testing.assert_array_equal(found, before)
        before = found


def test_one_lineage_gives_no_interval():
    assert np.isnan(resampling.percentiles(np.arange(9.0), 1)).all()


def test_an_estimate_prints_itself_with_its_interval_and_a_true_minus():
    assert str(Estimate(0.909, 0.83, 0.951)) == "0.91 [0.83, 0.95]"
    assert str(Estimate(-0.16, -0.52, 0.21)) == "−0.16 [−0.52, 0.21]"
    assert Estimate(0.161, 0.1, 0.2).format(sign=True) == "+0.16 [+0.10, +0.20]"
    assert str(Estimate(-0.0)) == str(Estimate(-0.004)) == "0.00"
    assert Estimate(0.5, n=3).as_dict() == {"value": 0.5, "level": 0.95, "n": 3}


def test_an_estimate_reads_its_row():
    row = pd.Series({"a": "x", "value": np.float64(0.5), "low": np.nan, "n": np.int64(3)})
    assert Estimate.of(row) == Estimate(0.5, n=3)


@pytest.mark.parametrize(("low", "high", "expected"), [
    (0.71, 0.9, "supported"), (0.6, 0.9, "undecided"), (0.1, 0.69, "contradicted"), (None, None, "undecided")])
def test_a_verdict_follows_from_the_interval_alone(low, high, expected):
    assert verdict(Estimate(0.8, low, high), above=0.7) == expected
    turned = Estimate(-0.8, None if high is None else -high, None if low is None else -low)
    assert verdict(turned, below=-0.7) == expected


def test_a_verdict_needs_one_threshold():
    with pytest.raises(ValueError, match="one threshold"):
        verdict(Estimate(1), above=0, below=1)
