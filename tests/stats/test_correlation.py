"""Correlations against pandas, scipy and pingouin, and the source's published values."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib.stats import correlation, resampling
from lib.stats.resampling import Resampling
from lib.stats.tables import TableError, standardised
from tests import tables


def lineages(ja, replicates, seed=0):
    return Resampling(ja.models["lineage"], seed, replicates)


@pytest.mark.parametrize(
    ("a", "b", "published"),
    [("jmmlu", "mmlu", 0.91), ("mgsm", "gsm8k", 0.94), ("jhumaneval", "humaneval", 0.98)],
)
def test_the_source_prints_the_correlations_of_the_translations(ja, a, b, published):
    r = correlation.matrix(ja.scores).loc[a, b]
    assert round(r, 2) == published
    assert r == pytest.approx(stats.pearsonr(ja.scores[a], ja.scores[b]).statistic, abs=1e-12)


def test_every_pair_agrees_with_pingouin(ja):
    how = lineages(ja, 50)
    ours = correlation.pairs(ja.scores, how)
    for method, value in (
        ("pearson", ours.values),
        ("spearman", correlation.pairs(ja.scores, how, "spearman").values),
    ):
        theirs = pingouin.pairwise_corr(ja.scores, method=method)
        theirs.index = theirs["X"] + "~" + theirs["Y"]
        np.testing.assert_allclose(value, theirs.loc[value.index, "r"], atol=6e-5)
    assert ours.count == 19 * 18 / 2
    assert (ours.frame["groups"] == 10).all() and (ours.frame["n"] == 35).all()
    assert all(each.lineages == 10 for _, each in ours.items())


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_both_intervals_are_those_of_a_loop_over_the_drawn_models(ja, method):
    how, scores = lineages(ja, 200), ja.scores[["niilc", "mmlu"]]
    found = correlation.pairs(scores, how, method)["niilc~mmlu"]
    loops = [
        [
            scores.loc[scores.index.repeat(row.astype(int))].corr(method=method).iloc[0, 1]
            for row in np.concatenate(list(how.chunks(ordinary)))
        ]
        for ordinary in (False, True)
    ]
    assert (found.low, found.high) == pytest.approx(resampling.percentiles(np.array(loops[0]), 10))
    assert (found.low_ordinary, found.high_ordinary) == pytest.approx(
        resampling.percentiles(np.array(loops[1]), 35)
    )


def test_two_methods_are_compared_on_the_same_replicates(ja):
    how, scores = lineages(ja, 200), ja.scores[["niilc", "mmlu"]]
    found = correlation.pairs(scores, how).minus(correlation.pairs(scores, how, "spearman"))[
        "niilc~mmlu"
    ]
    drawn = [
        scores.loc[scores.index.repeat(row.astype(int))] for chunk in how.chunks() for row in chunk
    ]
    loop = np.array(
        [each.corr().iloc[0, 1] - each.corr(method="spearman").iloc[0, 1] for each in drawn]
    )
    assert (found.low, found.high) == pytest.approx(resampling.percentiles(loop, 10))


def test_one_more_value_correlates_with_each_as_if_it_were_a_benchmark(ja):
    how, scores = lineages(ja, 100), ja.scores[["niilc", "mmlu", "bbh"]]
    found, pairs = (
        correlation.each(scores[["niilc", "bbh"]], scores["mmlu"], how),
        correlation.pairs(scores, how),
    )
    ends = ["value", "low", "high"]
    np.testing.assert_allclose(
        found.frame[ends], pairs.of(["niilc~mmlu", "mmlu~bbh"]).frame[ends], atol=1e-12
    )
    square = correlation.square(pairs)
    pd.testing.assert_frame_equal(square, scores.corr(), check_names=False)


@given(tables.scores(), st.integers(0, 2**32), st.sampled_from(["pearson", "spearman"]))
def test_a_replicate_is_the_correlation_of_the_models_it_drew(table, seed, method):
    z = standardised(table).to_numpy()
    weights = resampling.weights(len(z), 3, np.random.default_rng(seed))
    upper = np.triu_indices(z.shape[1], 1)
    for row, ours in zip(weights, correlation.replicate_pairs(z, weights, method), strict=True):
        drawn = pd.DataFrame(np.repeat(z, row.astype(int), axis=0))
        expected = drawn.corr(method=method).to_numpy()[upper]
        defined = ~np.isnan(ours) & ~np.isnan(expected)
        np.testing.assert_allclose(ours[defined], expected[defined], atol=1e-7)
        if (row > 0).sum() > 2:
            assert defined.all()


@given(tables.scores())
def test_a_column_correlates_with_itself_at_one_and_order_keeps_every_benchmark(table):
    r = correlation.matrix(table)
    np.testing.assert_allclose(np.diag(r), 1)
    assert sorted(correlation.order(r)) == sorted(table.columns)


@given(tables.scores(), st.randoms(use_true_random=False))
def test_permuting_models_and_benchmarks_only_moves_the_entries(table, random):
    models, benchmarks = list(table.index), list(table.columns)
    random.shuffle(models), random.shuffle(benchmarks)
    moved = correlation.matrix(table.loc[models, benchmarks])
    pd.testing.assert_frame_equal(
        moved.loc[table.columns, table.columns], correlation.matrix(table)
    )


def test_an_incomplete_pair_uses_the_models_that_have_both():
    rng = np.random.default_rng(2)
    table = pd.DataFrame(
        rng.normal(size=(12, 3)), columns=list("abc"), index=[f"m{i}" for i in range(12)]
    )
    table.loc["m0", "a"] = table.loc["m1", "b"] = np.nan
    groups = pd.Series("x", index=table.index).where(lambda s: s.index < "m5", "y")
    found = correlation.pairs(table, Resampling(groups, seed=2, replicates=20))
    assert found["a~b"].n == 10 and found["a~c"].n == 11
    assert found["a~b"].value == pytest.approx(table["a"].corr(table["b"]))


def test_a_pair_that_too_few_models_have_is_named():
    table = pd.DataFrame(
        {"a": [1, 2, 3, np.nan, np.nan], "b": [np.nan, np.nan, 1, 2, 3]}, index=list("vwxyz")
    )
    with pytest.raises(TableError, match="a and b, over the models that have both: at least 3"):
        correlation.pairs(
            table, Resampling(pd.Series(list("vwxyz"), index=table.index), seed=0, replicates=5)
        )


def test_a_constant_column_is_named(ja):
    with pytest.raises(TableError, match="'niilc' has no variance"):
        correlation.matrix(ja.scores.assign(niilc=0.5))


def test_counterparts_follow_the_order_of_the_benchmarks(ja):
    assert ja.pairs("translation") == ["mgsm~gsm8k", "jmmlu~mmlu", "jhumaneval~humaneval"]
    for pair in ja.pairs():
        local, english = pair.split("~")
        assert local in ja.local and english in ja.english
    # So that each is found among all pairs under its id.
    assert list(correlation.pairs(ja.scores, lineages(ja, 5)).of(ja.pairs())) == ja.pairs()


def loop_contrast(scores, first, second, weights):
    """Difference of two correlations over the models that each row of weights drew, one row after
    the other."""
    found = []
    for row in weights:
        drawn = scores.loc[np.repeat(scores.index, row.astype(int))]
        found.append(
            drawn[first[0]].corr(drawn[first[1]]) - drawn[second[0]].corr(drawn[second[1]])
        )
    return np.array(found)


@pytest.mark.parametrize("second", [("niilc", "wmt20-ja-en"), ("mmlu", "gsm8k")])
def test_a_contrast_is_that_of_a_loop_over_the_same_replicates(ja, second):
    first, groups = ("wmt20-en-ja", "niilc"), ja.models["lineage"]
    found = correlation.contrast(ja.scores, first, second, lineages(ja, 400, seed=5))
    (ours,) = (each for _, each in found.items())
    drawn = [
        resampling.weights(len(ja.scores), 400, np.random.default_rng([5, kind]), labels)
        for kind, labels in enumerate((groups.to_numpy(), None))
    ]
    expected = [loop_contrast(ja.scores, first, second, weights) for weights in drawn]
    r = correlation.matrix(ja.scores)
    assert ours.value == pytest.approx(r.loc[first] - r.loc[second])
    assert (ours.low, ours.high) == pytest.approx(resampling.percentiles(expected[0], 10))
    assert (ours.low_ordinary, ours.high_ordinary) == pytest.approx(
        resampling.percentiles(expected[1], 35)
    )
    assert (ours.n, ours.lineages) == (35, 10)


def test_a_contrast_uses_the_models_that_have_all_of_it_and_names_a_pair_that_is_none(ja):
    how = lineages(ja, 20)
    scores = ja.scores.copy()
    scores.iloc[0, scores.columns.get_loc("mmlu")] = np.nan
    for pair, count in ((("niilc", "mmlu"), 34), (("niilc", "jcom"), 35)):
        found = correlation.contrast(scores, pair, ("niilc", "bbh"), how)
        assert found.count == 1 and found.frame["n"].item() == count
    with pytest.raises(TableError, match="niilc and niilc: not two"):
        correlation.contrast(scores, ("niilc", "niilc"), ("niilc", "bbh"), how)
    with pytest.raises(TableError, match="niilc and other: not two"):
        correlation.contrast(scores, ("niilc", "bbh"), ("niilc", "other"), how)
