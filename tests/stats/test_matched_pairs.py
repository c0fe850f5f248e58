"""Matched pairs: which there are, what they differ by, and exact tests against enumeration."""

import types

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib.stats import matched_pairs, resampling
from lib.stats.resampling import Resampling


@pytest.fixture(scope="module")
def found(ja, every):
    return every[every["snapshot"] == ja.default_snapshot]


def parents(pairs, replicates=200):
    return Resampling(pairs["parent"], 0, replicates, units="parents")


def invented(groups, seed=0, benchmarks=3):
    """Pairs with any differences, one group a label."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"c{k}" for k in range(len(groups))], name="child")
    pairs = pd.DataFrame({"parent": list(groups), "lineage": list(groups)}, index)
    columns = [f"b{k}" for k in range(benchmarks)]
    return pairs, pd.DataFrame(rng.normal(size=(len(groups), benchmarks)), index, columns)


# --- the pairs of the Japanese study


def test_fifteen_pairs_have_seven_parents_three_lineages_and_six_makers(found):
    counts = [found[each].nunique() for each in ("parent", "lineage", "maker")]
    assert (len(found), counts) == (15, [7, 3, 6])


def test_local_knowledge_and_translation_rise_in_nearly_every_pair(difference, found):
    table = matched_pairs.summary(difference, found, parents(found))
    for benchmark, mean, up in (
        ("niilc", 0.161, 15),
        ("jcom", 0.086, 15),
        ("wmt20-en-ja", 0.053, 14),
    ):
        row = table.frame.loc[benchmark]
        assert (round(row["value"], 3), row["up"]) == (mean, up)
    for benchmark, down, ties in (
        ("hellaswag", 15, 0),
        ("jhumaneval", 15, 0),
        ("openbookqa", 14, 1),
    ):
        assert table.frame.loc[benchmark, ["down", "ties"]].tolist() == [down, ties]
    assert matched_pairs.rose(table)["wmt20-en-ja"].split() == ["14", "of", "15"]


def test_without_the_child_of_an_instruct_model_the_gains_stay(ja):
    pure = matched_pairs.find(ja, without=("instruct",))
    mean = matched_pairs.differences(ja, pure).mean().round(3)
    assert len(pure) == 14 and (mean["niilc"], mean["wmt20-en-ja"]) == (0.158, 0.051)


def test_nine_further_pairs_repeat_the_gains_but_not_the_loss_in_code(difference, every, found):
    further = every.drop(found.index)
    assert further["snapshot"].value_counts().to_dict() == {"2024-12-30": 5, "2026-06-24": 4}
    rows, wanted = difference.loc[further.index], ["niilc", "wmt20-en-ja", "jhumaneval"]
    assert rows.mean().round(3)[wanted].tolist() == [0.153, 0.047, 0.047]
    assert (rows > 0).sum()[wanted].tolist() == [9, 9, 6]


def test_a_pair_is_compared_within_one_snapshot(ja, every, difference):
    child = "tokyotech-llm/Gemma-2-Llama-Swallow-9b-pt-v0.1"
    scores = ja.scores_at(every.loc[child, "snapshot"])["niilc"]
    expected = scores[child] - scores["google/gemma-2-9b"]
    assert difference.loc[child, "niilc"] == pytest.approx(expected)


def test_unanimous_pairs_reach_only_the_smallest_p_their_clusters_allow(difference, found):
    table = matched_pairs.summary(difference, found, parents(found)).frame.loc["niilc"]
    assert table["p_parent"] == pytest.approx(2 / 2**7) == matched_pairs.smallest_p(7)
    assert table["p_lineage"] == pytest.approx(2 / 2**3) == matched_pairs.smallest_p(3)


# --- summaries of any pairs


def test_no_pairs_have_an_empty_summary_that_can_be_judged():
    pairs, difference = invented("aab")
    nothing = matched_pairs.summary(difference, pairs.iloc[:0], parents(pairs)).judged(above=0)
    assert (nothing.count, nothing.supported.count, str(nothing.weakest)) == (0, 0, "undecided")


def test_a_benchmark_that_a_pair_lacks_is_left_out_of_that_sets_summary_alone():
    pairs, difference = invented("aabc")
    difference.iloc[3, 0] = np.nan
    how = parents(pairs)
    assert list(matched_pairs.summary(difference, pairs, how)) == ["b1", "b2"]
    assert list(matched_pairs.summary(difference, pairs.iloc[:3], how)) == ["b0", "b1", "b2"]


def test_the_false_discovery_rate_is_that_of_the_exact_tests():
    pairs, difference = invented("abcdefgh", benchmarks=6)
    frame = matched_pairs.summary(difference + 0.5, pairs, parents(pairs)).frame
    np.testing.assert_allclose(frame["q"], stats.false_discovery_control(frame["p_parent"]))


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=9))
def test_with_a_cluster_a_pair_it_is_scipys_permutation_test(values):
    column = np.array(values, float)
    ours = matched_pairs.sign_flip(column[:, None], range(len(values)))[0]
    theirs = stats.permutation_test(
        (column,),
        lambda x, axis: np.abs(x.sum(axis=axis)),
        vectorized=True,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative="greater",
    )
    assert ours == pytest.approx(theirs.pvalue)


def test_only_ties_are_no_evidence():
    assert matched_pairs.sign_flip(np.zeros((4, 1)), range(4))[0] == 1


@given(st.integers(2, 12), st.integers(0, 2**32))
def test_weighted_medians_are_medians_of_the_drawn_values(n, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 2)).round(1)
    weights = resampling.weights(n, 10, rng, rng.integers(0, 3, n))
    expected = [np.median(np.repeat(values, row.astype(int), axis=0), axis=0) for row in weights]
    np.testing.assert_allclose(matched_pairs._medians(weights, values), expected, atol=1e-12)


def test_many_clusters_are_drawn_and_agree_with_a_normal_approximation():
    values = np.random.default_rng(2).normal(0.25, 1, (60, 1))
    drawn = matched_pairs.sign_flip(values, range(60), np.random.default_rng(3))[0]
    z = values.sum() / np.sqrt((values**2).sum())
    assert drawn == pytest.approx(2 * stats.norm.sf(abs(z)), abs=0.01)
    with pytest.raises(matched_pairs.PairsError, match="17 clusters"):
        matched_pairs.sign_flip(np.ones((17, 1)), range(17))


# --- sets of pairs, parts of them, doses


def test_leaving_out_a_parent_leaves_out_all_its_children():
    pairs, difference = invented("aabbc")
    means = matched_pairs.without_each(difference, pairs["parent"])
    np.testing.assert_allclose(means.loc["a"], difference.iloc[2:].mean())
    assert list(means.index) == ["a", "b", "c"]


def test_gaps_are_taken_within_each_pair_and_for_every_combination_there_is():
    _, difference = invented("abc")
    gaps = matched_pairs.gaps(difference, ["b0", "gone"], ["b1", "b2"])
    assert list(gaps) == ["b0@b1", "b0@b2"]
    np.testing.assert_allclose(gaps["b0@b2"], difference["b0"] - difference["b2"])


def test_a_dose_is_what_the_child_saw_beyond_its_parent_and_unknown_where_either_is():
    index = ["p", "q", "c", "d", "e"]
    tokens = pd.DataFrame([[1.0, 1], [np.nan, np.nan], [11, 21], [50, 50], [6, 6]], index)
    ends = (
        pd.DataFrame({"local": [1.0, 1, 5, 50, 6]}, index),
        pd.DataFrame({"local": [1.0, 3, 31, 50, 6]}, index),
    )
    budgets = types.SimpleNamespace(tokens={"local": tokens}, lowest=ends[0], highest=ends[1])
    pairs = pd.DataFrame({"parent": ["p", "q", "p", "p"]}, ["c", "d", "e", "elsewhere"])
    assert matched_pairs.dose(budgets, pairs).to_numpy().tolist() == [[10, 20], [5, 5]]
    bounds = matched_pairs.dose_bounds(budgets, pairs)
    assert bounds.to_dict("index") == {
        "c": {"lowest": 4, "median": 15, "highest": 30},
        "e": {"lowest": 5, "median": 5, "highest": 5},
    }
