"""Components against numpy and factor_analyzer, their properties, and the source's factors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import PCA

from lib.stats import components, resampling
from lib.stats.correlation import replicate_matrices
from lib.stats.resampling import Resampling
from lib.stats.tables import TableError
from tests import tables


def test_four_components_explain_what_the_source_data_give(fit):
    assert fit.explained[:4].round(3).tolist() == [0.652, 0.154, 0.070, 0.032]


def test_the_second_ability_is_local_knowledge_and_translation_into_the_language(fit):
    assert fit.loadings["PC2"].nlargest(3).round(2).to_dict() == {
        "niilc": 0.57,
        "wmt20-en-ja": 0.54,
        "jemhopqa": 0.42,
    }


def test_two_factors_survive_parallel_analysis(ja):
    for kind in ("normal", "permutation"):
        assert components.parallel(ja.scores, 0, kind=kind)["retained"].sum() == 2


def test_loadings_are_eigenvectors_of_numpys_correlation_matrix(ja, fit):
    values, vectors = np.linalg.eigh(np.corrcoef(ja.scores.to_numpy(), rowvar=False))
    np.testing.assert_allclose(fit.eigenvalues, values[::-1], atol=1e-10)
    np.testing.assert_allclose(np.abs(fit.loadings), np.abs(vectors[:, ::-1]), atol=1e-8)


def test_the_anchor_turns_a_component(ja, fit):
    assert fit.loadings.loc["humaneval", "PC3"] > 0
    turned = components.fit(ja.scores, {"PC1": "mmlu", "PC2": "humaneval"})
    np.testing.assert_allclose(turned.loadings["PC2"], -fit.loadings["PC2"])


@pytest.mark.parametrize(
    ("anchors", "message"), [({"PC1": "nope"}, "anchor 'nope' of PC1 is not a benchmark")]
)
def test_an_anchor_that_is_no_benchmark_is_named(ja, anchors, message):
    with pytest.raises(TableError, match=message):
        components.fit(ja.scores, anchors)


@settings(deadline=None)  # how fast the machine is says nothing of components
@given(tables.scores())
def test_loadings_are_orthonormal_signed_and_rebuild_the_scores(table):
    fit = components.fit(table)
    np.testing.assert_allclose(
        fit.loadings.T @ fit.loadings, np.eye(fit.loadings.shape[1]), atol=1e-8
    )
    assert (fit.loadings.max() >= fit.loadings.abs().max() - 1e-9).all()
    assert fit.explained.is_monotonic_decreasing and fit.explained.sum() <= 1 + 1e-9
    z = (table - fit.mean) / fit.scale
    np.testing.assert_allclose(fit.scores, z @ fit.loadings, atol=1e-8)
    np.testing.assert_allclose(fit.project(table), fit.scores, atol=1e-8)
    np.testing.assert_allclose((fit.scores**2).mean(), fit.eigenvalues, atol=1e-8)


@settings(deadline=None)  # how fast the machine is says nothing of components
@given(
    tables.scores(models=st.integers(12, 30), benchmarks=st.integers(2, 5)),
    st.randoms(use_true_random=False),
)
def test_permuting_models_and_benchmarks_only_moves_loadings_and_scores(table, random):
    fit = components.fit(table)
    gaps = -np.diff(fit.eigenvalues)
    runner_up = np.sort(fit.loadings.abs(), axis=0)
    assume(gaps.min() > 1e-3 and (runner_up[-1] - runner_up[-2]).min() > 1e-6)
    models, benchmarks = list(table.index), list(table.columns)
    random.shuffle(models), random.shuffle(benchmarks)
    moved = components.fit(table.loc[models, benchmarks])
    np.testing.assert_allclose(moved.loadings.loc[table.columns], fit.loadings, atol=1e-6)
    np.testing.assert_allclose(moved.scores.loc[table.index], fit.scores, atol=1e-6)


def test_any_plain_table_will_do_complete_or_not():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(6, 3)))
    table.iloc[2, 1] = np.nan
    fit = components.fit(table)
    assert fit.dropped == (2,) and len(fit.scores) == 5


def test_a_projection_names_what_it_lacks(ja, fit):
    with pytest.raises(TableError, match="benchmarks missing for the projection: niilc"):
        fit.project(ja.scores.drop(columns="niilc"))


def test_replicates_agree_with_a_loop_over_scikit_learn(ja):
    """The batch of all replicates equals resampling rows and fitting one by one, up to sign."""
    z = ((ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)).to_numpy()
    weights = resampling.weights(35, 20, np.random.default_rng(4), ja.models["lineage"])
    values, vectors = components.leading(replicate_matrices(z, weights), 3)
    for row, value, vector in zip(weights, values, vectors, strict=True):
        drawn = np.repeat(z, row.astype(int), axis=0)
        drawn = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
        model = PCA(3, svd_solver="full").fit(drawn)
        np.testing.assert_allclose(value, model.singular_values_**2 / len(drawn), atol=1e-9)
        np.testing.assert_allclose(np.abs(vector), np.abs(model.components_.T), atol=1e-6)


def test_alignment_undoes_shuffled_and_turned_components(fit):
    target = fit.loadings.to_numpy()[:, :3]
    shuffled = (fit.loadings.to_numpy()[:, [3, 2, 0, 1]] * [1, -1, -1, 1])[None]
    np.testing.assert_allclose(components.aligned(shuffled, target)[0], target.T, atol=1e-12)


def test_alignment_takes_the_best_assignment_of_all():
    rng = np.random.default_rng(1)
    target = np.linalg.qr(rng.normal(size=(6, 3)))[0]
    vectors = np.linalg.qr(rng.normal(size=(200, 6, 5)))[0]
    for matched, own in zip(components.aligned(vectors, target), vectors, strict=True):
        size = np.abs(target.T @ own)
        rows, columns = linear_sum_assignment(-size)
        assert np.einsum("kp,pk->", matched, target) == pytest.approx(size[rows, columns].sum())


def test_stability_brackets_the_sample_and_says_what_it_rests_on(ja, fit):
    stable = components.stability(
        ja.scores, Resampling(ja.models["lineage"], 0, 400), anchors=ja.anchors
    )
    each = stable.loadings["PC2/niilc"]
    assert (
        each.value == pytest.approx(fit.loadings.loc["niilc", "PC2"])
        and each.low < each.value < each.high
    )
    assert (each.n, each.lineages) == (35, 10)
    np.testing.assert_allclose(stable.scores.within("PC1").values, fit.scores["PC1"])
    assert stable.congruence["PC1"].median() > 0.98 > stable.congruence["PC4"].median()


def test_congruence_of_a_solution_with_itself_is_the_identity(fit):
    np.testing.assert_allclose(
        components.congruence(fit.loadings, fit.loadings), np.eye(19), atol=1e-9
    )


def test_unrelated_columns_keep_no_factor_and_one_strong_ability_keeps_one():
    rng = np.random.default_rng(6)
    noise = pd.DataFrame(rng.normal(size=(40, 8)))
    assert components.parallel(noise, 6, draws=300, percentile=99)["retained"].sum() == 0
    assert (
        components.parallel(noise + 3 * rng.normal(size=(40, 1)), 6, draws=300)["retained"].sum()
        == 1
    )


def test_strength_is_the_share_of_variance_in_benchmarks_beside_what_noise_reaches(ja, fit):
    explained = components.stability(
        ja.scores, Resampling(ja.models["lineage"], 0, 200), 2, ja.anchors
    ).explained
    noise = components.parallel(ja.scores, 0, draws=100)
    strength = components.strength(noise, explained, 19)
    assert strength.count == 19 and strength["PC2"].value == pytest.approx(fit.eigenvalues["PC2"])
    assert (
        strength["PC2"].low == pytest.approx(19 * explained["PC2"].low)
        and strength["PC3"].low is None
    )
    assert (strength["PC3"].n, strength["PC3"].lineages) == (35, 10)
    assert strength.frame["threshold"].tolist() == noise["threshold"].tolist()
