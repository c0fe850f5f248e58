"""Rotations and factor models against the libraries' own criteria and against each other."""

import numpy as np
import pandas as pd
import pytest
from factor_analyzer.rotator import Rotator

from lib.stats import components, rotation


def congruences(fit, loadings):
    return np.diag(components.congruence(fit.loadings[loadings.columns], loadings))


def test_varimax_is_a_rotation_of_the_weighted_loadings_at_the_criterions_maximum(fit):
    turned = rotation.rotated(fit, 2, "varimax")
    weighted = fit.loadings[["PC1", "PC2"]] * np.sqrt(fit.eigenvalues[["PC1", "PC2"]])
    np.testing.assert_allclose((turned**2).sum(axis=1), (weighted**2).sum(axis=1), atol=1e-8)

    def criterion(angle):
        plane = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        normed = (weighted.to_numpy() / np.linalg.norm(weighted, axis=1)[:, None]) @ plane
        return (normed**4).mean(axis=0).sum() - ((normed**2).mean(axis=0) ** 2).sum()

    best = max(criterion(angle) for angle in np.linspace(0, np.pi / 2, 2_001))
    normed = turned.to_numpy() / np.linalg.norm(turned, axis=1)[:, None]
    assert (normed**4).mean(axis=0).sum() - ((normed**2).mean(axis=0) ** 2).sum() == pytest.approx(
        best, abs=1e-6
    )


def weighted_loadings(fit, retained):
    names = fit.loadings.columns[:retained]
    return fit.loadings[names] * np.sqrt(fit.eigenvalues[names])


def rotated_by_peer(fit, retained, method):
    theirs = Rotator(
        method=method, max_iter=2_000, **({"tol": 1e-10} if method == "varimax" else {})
    )
    weighted = weighted_loadings(fit, retained)
    return rotation._matched(theirs.fit_transform(weighted.to_numpy()), weighted)


@pytest.mark.parametrize("retained", [2, 3])
@pytest.mark.parametrize("method", rotation.ROTATIONS)
def test_rotations_are_the_peer_librarys(fit, retained, method):
    np.testing.assert_allclose(
        rotation.rotated(fit, retained, method), rotated_by_peer(fit, retained, method), atol=4e-6
    )


def test_oblimin_of_unscaled_rows_reaches_the_peer_librarys_criterion(fit):
    def crossed(loadings):
        squares = loadings.to_numpy() ** 2
        return (np.sum(squares.T @ squares) - np.sum(squares**2)) / 4

    assert (
        crossed(rotation.rotated(fit, 2, "oblimin"))
        <= crossed(rotated_by_peer(fit, 2, "oblimin")) + 1e-9
    )


def test_every_rotation_keeps_local_knowledge_and_translation_on_one_factor(fit):
    for method in rotation.ROTATIONS:
        assert set(rotation.rotated(fit, 2, method)["PC2"].nlargest(3).index) == {
            "niilc",
            "wmt20-en-ja",
            "jemhopqa",
        }


def test_two_libraries_find_the_same_factors_and_they_are_the_components(ja, fit):
    found = rotation.factors(ja.scores, fit, 3)
    np.testing.assert_allclose(
        found["scikit-learn"].loadings, found["statsmodels"].loadings, atol=0.01
    )
    for each in found.values():
        assert (congruences(fit, each.loadings) > 0.98).all() and not each.improper


def test_two_factors_are_an_improper_solution_with_the_same_directions(ja, fit):
    found = rotation.factors(ja.scores, fit, 2)
    assert all((congruences(fit, each.loadings) > 0.99).all() for each in found.values())
    assert found["scikit-learn"].improper == ["mmlu"] == [found["statsmodels"].unique.idxmin()]


def test_the_same_table_gives_the_same_factors(ja, fit):
    once, again = (rotation.factors(ja.scores, fit, 4)["statsmodels"].loadings for _ in range(2))
    pd.testing.assert_frame_equal(once, again, check_exact=True)


def test_no_lineage_and_no_benchmark_carries_the_first_two_components_alone(ja, fit):
    by_lineage = rotation.without_each(ja.scores, ja.models["lineage"], fit, 4)
    by_benchmark = rotation.without_each(ja.scores, None, fit, 4)
    assert by_lineage.shape == (10, 4) and by_benchmark.shape == (19, 4)
    assert (by_lineage[["PC1", "PC2"]] > 0.95).all(axis=None) and (
        by_benchmark[["PC1", "PC2"]] > 0.95
    ).all(axis=None)
    assert by_benchmark["PC4"].min() < 0.85


def test_one_left_out_is_a_fit_to_the_rest(ja, fit):
    rest = ja.scores[ja.models["lineage"] != "Llama 2"]
    loadings = components.fit(rest, {"PC2": "niilc"}).loadings["PC2"]
    expected = loadings @ fit.loadings.loc[loadings.index, "PC2"]
    assert rotation.without_each(ja.scores, ja.models["lineage"], fit, 2).loc[
        "Llama 2", "PC2"
    ] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("retained", "method", "message"), [(1, "varimax", "at least two"), (2, "quartimax", "not one")]
)
def test_what_cannot_be_rotated_is_said(fit, retained, method, message):
    with pytest.raises(ValueError, match=message):
        rotation.rotated(fit, retained, method)
