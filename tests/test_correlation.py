"""Correlations against pandas, scipy and pingouin, and the source's published values."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib import correlation, resampling, study
from lib.tables import TableError
from tests import tables


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.mark.parametrize(("a", "b", "published"), [("jmmlu", "mmlu", 0.91), ("mgsm", "gsm8k", 0.94),
                                                    ("jhumaneval", "humaneval", 0.98)])
def test_the_source_prints_the_correlations_of_the_translations(ja, a, b, published):
    r = correlation.matrix(ja.scores).loc[a, b]
    assert round(r, 2) == published
    assert r == pytest.approx(stats.pearsonr(ja.scores[a], ja.scores[b]).statistic, abs=1e-12)


def test_every_pair_agrees_with_pingouin(ja):
    ours = correlation.pairs(ja.scores, ja.models["lineage"], np.random.default_rng(0), replicates=50)
    for method, value in (("pearson", ours["value"]), ("spearman", correlation.pairs(
            ja.scores, ja.models["lineage"], np.random.default_rng(0), method="spearman", replicates=50)["value"])):
        theirs = pingouin.pairwise_corr(ja.scores, method=method)
        theirs.index = theirs["X"] + "~" + theirs["Y"]
        np.testing.assert_allclose(value, theirs.loc[value.index, "r"], atol=6e-5)
    assert len(ours) == 19 * 18 / 2
    assert (ours["lineages"] == 10).all() and (ours["n"] == 35).all()


@given(tables.scores(), st.integers(0, 2**32), st.sampled_from(["pearson", "spearman"]))
def test_a_replicate_is_the_correlation_of_the_models_it_drew(table, seed, method):
    z = correlation.standardised(table).to_numpy()
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
    pd.testing.assert_frame_equal(moved.loc[table.columns, table.columns], correlation.matrix(table))


def test_an_incomplete_pair_uses_the_models_that_have_both():
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.normal(size=(12, 3)), columns=list("abc"), index=[f"m{i}" for i in range(12)])
    table.loc["m0", "a"] = table.loc["m1", "b"] = np.nan
    rows = correlation.pairs(table, pd.Series("x", index=table.index).where(lambda s: s.index < "m5", "y"), rng,
                             replicates=20)
    assert rows.loc["a~b", "n"] == 10 and rows.loc["a~c", "n"] == 11
    assert rows.loc["a~b", "value"] == pytest.approx(table["a"].corr(table["b"]))


def test_a_pair_that_too_few_models_have_is_named():
    table = pd.DataFrame({"a": [1, 2, 3, np.nan, np.nan], "b": [np.nan, np.nan, 1, 2, 3]}, index=list("vwxyz"))
    with pytest.raises(TableError, match="a and b, over the models that have both: at least 3"):
        correlation.pairs(table, pd.Series(list("vwxyz"), index=table.index), np.random.default_rng(0), replicates=5)


def test_a_constant_column_is_named(ja):
    with pytest.raises(TableError, match="'niilc' has no variance"):
        correlation.matrix(ja.scores.assign(niilc=0.5))


def test_counterparts_follow_the_order_of_the_benchmarks(ja):
    found = correlation.counterparts(ja.benchmarks)
    assert set(found.index[found["kind"] == "translation"]) == {"mgsm~gsm8k", "jmmlu~mmlu", "jhumaneval~humaneval"}
    assert found.loc["jmmlu~mmlu", ["local", "english"]].tolist() == ["jmmlu", "mmlu"]


def loop_contrast(scores, first, second, weights):
    """Difference of two correlations over the models that each row of weights drew, one row after the other."""
    found = []
    for row in weights:
        drawn = scores.loc[np.repeat(scores.index, row.astype(int))]
        found.append(drawn[first[0]].corr(drawn[first[1]]) - drawn[second[0]].corr(drawn[second[1]]))
    return np.array(found)


@pytest.mark.parametrize("second", [("niilc", "wmt20-ja-en"), ("mmlu", "gsm8k")])
def test_a_contrast_is_that_of_a_loop_over_the_same_replicates(ja, second):
    first, lineages = ("wmt20-en-ja", "niilc"), ja.models["lineage"]
    ours = correlation.contrast(ja.scores, first, second, lineages, np.random.default_rng(5), replicates=400)
    rng = np.random.default_rng(5)
    expected = [loop_contrast(ja.scores, first, second, resampling.weights(len(ja.scores), 400, rng, groups))
                for groups in (lineages.to_numpy(), None)]
    r = correlation.matrix(ja.scores)
    assert ours.value == pytest.approx(r.loc[first] - r.loc[second])
    assert (ours.low, ours.high) == pytest.approx(resampling.percentiles(expected[0], 10))
    assert (ours.low_ordinary, ours.high_ordinary) == pytest.approx(resampling.percentiles(expected[1], 35))
    assert (ours.n, ours.lineages) == (35, 10)


def test_a_contrast_uses_the_models_that_have_all_of_it_and_names_a_pair_that_is_none(ja):
    options = {"lineages": ja.models["lineage"], "rng": np.random.default_rng(0), "replicates": 20}
    scores = ja.scores.copy()
    scores.iloc[0, scores.columns.get_loc("mmlu")] = np.nan
    assert correlation.contrast(scores, ("niilc", "mmlu"), ("niilc", "bbh"), **options).n == 34
    assert correlation.contrast(scores, ("niilc", "jcom"), ("niilc", "bbh"), **options).n == 35
    with pytest.raises(TableError, match="niilc and niilc: not two"):
        correlation.contrast(scores, ("niilc", "niilc"), ("niilc", "bbh"), **options)
    with pytest.raises(TableError, match="niilc and other: not two"):
        correlation.contrast(scores, ("niilc", "bbh"), ("niilc", "other"), **options)
