"""Matched pairs: which there are, what they differ by, and exact tests against enumeration and scipy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib import pairs, resampling, study


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def default(ja):
    found = pairs.find(ja)
    return found, pairs.differences(ja, found)


def further(ja):
    found = pairs.find(ja, ja.snapshots)
    return found[~found.index.isin(ja.scores.index)]


def test_fifteen_pairs_have_seven_parents_and_three_lineages(default):
    found, _ = default
    assert (len(found), found["parent"].nunique(), found["lineage"].nunique()) == (15, 7, 3)


def test_local_knowledge_and_translation_rise_in_nearly_every_pair(ja, default):
    found, difference = default
    table = pairs.summary(difference, found, np.random.default_rng(0), replicates=500)
    for benchmark, mean, up in (("niilc", 0.161, 15), ("jcom", 0.086, 15), ("wmt20-en-ja", 0.053, 14)):
        assert (round(table.loc[benchmark, "value"], 3), table.loc[benchmark, "up"]) == (mean, up)
    for benchmark, down, ties in (("hellaswag", 15, 0), ("jhumaneval", 15, 0), ("openbookqa", 14, 1)):
        assert table.loc[benchmark, ["down", "ties"]].tolist() == [down, ties]


def test_without_the_child_of_an_instruct_model_the_gains_stay(ja):
    found = pairs.find(ja, without=("instruct",))
    mean = pairs.differences(ja, found).mean().round(3)
    assert len(found) == 14 and (mean["niilc"], mean["wmt20-en-ja"]) == (0.158, 0.051)


def test_nine_further_pairs_repeat_the_gains_but_not_the_loss_in_code(ja):
    found = further(ja)
    difference = pairs.differences(ja, found)
    assert len(found) == 9 and found["snapshot"].value_counts().to_dict() == {"2024-12-30": 5, "2026-06-24": 4}
    assert difference.mean().round(3)[["niilc", "wmt20-en-ja", "jhumaneval"]].tolist() == [0.153, 0.047, 0.047]
    assert (difference > 0).sum()[["niilc", "wmt20-en-ja", "jhumaneval"]].tolist() == [9, 9, 6]


def test_unanimous_pairs_reach_only_the_smallest_p_their_clusters_allow(default):
    found, difference = default
    values = difference[["niilc"]].to_numpy()
    assert pairs.sign_flip(values, found["parent"])[0] == pytest.approx(2 / 2**7) == pairs.smallest_p(7)
    assert pairs.sign_flip(values, found["lineage"])[0] == pytest.approx(2 / 2**3) == pairs.smallest_p(3)


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=9))
def test_with_a_cluster_a_pair_it_is_scipys_permutation_test(values):
    ours = pairs.sign_flip(np.array(values, float)[:, None], range(len(values)))[0]
    theirs = stats.permutation_test((np.array(values, float),), lambda x, axis: np.abs(x.sum(axis=axis)), vectorized=True,
                                    permutation_type="samples", n_resamples=np.inf, alternative="greater")
    assert ours == pytest.approx(theirs.pvalue)


def test_only_ties_are_no_evidence():
    assert pairs.sign_flip(np.zeros((4, 1)), range(4))[0] == 1


@given(st.integers(2, 12), st.integers(0, 2**32))
def test_weighted_medians_are_medians_of_the_drawn_values(n, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 2)).round(1)
    weights = resampling.weights(n, 10, rng, rng.integers(0, 3, n))
    expected = [np.median(np.repeat(values, row.astype(int), axis=0), axis=0) for row in weights]
    np.testing.assert_allclose(pairs._medians(weights, values), expected, atol=1e-12)


def test_a_pair_is_compared_within_one_snapshot(ja):
    found = further(ja)
    child = "tokyotech-llm/Gemma-2-Llama-Swallow-9b-pt-v0.1"
    scores = ja.scores_at(found.loc[child, "snapshot"])
    assert pairs.differences(ja, found).loc[child, "niilc"] == pytest.approx(
        scores.loc[child, "niilc"] - scores.loc["google/gemma-2-9b", "niilc"])


def test_no_pairs_is_said():
    with pytest.raises(pairs.PairsError, match="no continued model"):
        pairs.summary(pd.DataFrame(columns=["a"], dtype=float), pd.DataFrame({"parent": [], "lineage": []}),
                      np.random.default_rng(0))


def test_many_clusters_are_drawn_and_agree_with_a_normal_approximation():
    values = np.random.default_rng(2).normal(0.25, 1, (60, 1))
    drawn = pairs.sign_flip(values, range(60), np.random.default_rng(3))[0]
    z = values.sum() / np.sqrt((values**2).sum())
    assert drawn == pytest.approx(2 * stats.norm.sf(abs(z)), abs=0.01)
    with pytest.raises(pairs.PairsError, match="17 clusters"):
        pairs.sign_flip(np.ones((17, 1)), range(17))
