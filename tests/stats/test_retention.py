"""The revised parallel analysis and the MAP test, against computations of another kind."""

import numpy as np
import pandas as pd
import pytest

from lib.stats import components, retention


def test_the_third_component_stands_above_what_the_first_two_leave(ja):
    table = retention.conditional(ja.scores, 1)
    third = table.loc["PC3"]
    assert third["eigenvalue"] == pytest.approx(1.324, abs=1e-3)
    assert third["threshold"] == pytest.approx(0.84, abs=0.03)
    assert third["p"] < 0.002 and table["retained"][:3].all()
    # Against unrelated benchmarks it does not: so much does the first component take.
    assert components.parallel(ja.scores, 1).loc["PC3", "threshold"] > 1.9


def test_what_models_of_a_lineage_share_may_account_for_the_third(ja):
    lineage = ja.models["lineage"]
    shared = retention.conditional(ja.scores, 1, components=3, groups=lineage, shared=0.6)
    assert 0.02 < shared.loc["PC3", "p"] < 0.15 and shared.loc["PC2", "p"] < 0.05


def test_thresholds_are_those_of_tables_drawn_from_the_models_covariance(ja):
    """Drawn as a whole from a covariance, and decomposed by singular values."""
    z = (ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)
    _, sizes, axes = np.linalg.svd(z.to_numpy() / np.sqrt(len(z)), full_matrices=False)
    loadings = axes[:2].T * sizes[:2]
    covariance = loadings @ loadings.T
    np.fill_diagonal(covariance, 1)
    rng, found = np.random.default_rng(7), []
    for _ in range(600):
        table = rng.multivariate_normal(np.zeros(19), covariance, size=35)
        table = (table - table.mean(axis=0)) / table.std(axis=0)
        found.append(np.linalg.svd(table / np.sqrt(35), compute_uv=False)[2] ** 2)
    ours = retention.conditional(ja.scores, 3, components=3).loc["PC3", "threshold"]
    assert ours == pytest.approx(np.percentile(found, 95), abs=0.03)


def test_the_first_component_is_compared_with_unrelated_benchmarks(ja):
    ours = retention.conditional(ja.scores, 5, components=1).loc["PC1"]
    horn = components.parallel(ja.scores, 5).loc["PC1"]
    assert ours["threshold"] == pytest.approx(horn["threshold"], abs=0.06)


def test_a_planted_second_component_is_kept_and_a_third_is_not():
    rng, kept = np.random.default_rng(2), []
    loadings = np.zeros((12, 2))
    loadings[:, 0], loadings[6:, 1] = 0.8, 0.5
    own = np.sqrt(1 - (loadings**2).sum(axis=1))
    for seed in range(20):
        table = rng.normal(size=(60, 2)) @ loadings.T + rng.normal(size=(60, 12)) * own
        found = retention.conditional(pd.DataFrame(table), seed, components=3, draws=200)
        kept.append(int(found["retained"].sum()))
    assert kept.count(2) >= 17


def test_map_is_the_correlation_of_residuals_of_regressions(ja):
    """Each benchmark regressed on the scores of the first components; residuals correlated."""
    z = ((ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)).to_numpy()
    left, sizes, _ = np.linalg.svd(z, full_matrices=False)
    found = retention.squared_partials(ja.scores)
    for count in (0, 1, 2, 3, 6):
        x = left[:, :count] * sizes[:count]
        residual = z - x @ np.linalg.lstsq(x, z, rcond=None)[0] if count else z
        partial = np.corrcoef(residual, rowvar=False)[np.triu_indices(19, 1)]
        assert found[str(count)].value == pytest.approx((partial**2).mean(), rel=1e-8)
    assert found.lowest.subjects == ["3"] and found.frame["kept"].iloc[0] == 3


def test_map_by_hand():
    """Three benchmarks that correlate 0.5: the mean square is 0.25 before, and 1 after, where two
    benchmarks' rest can only be each other's."""
    whitened = np.linalg.qr(np.random.default_rng(0).normal(size=(10, 4)))[0]
    whitened = whitened - whitened.mean(axis=0)
    whitened = whitened @ np.linalg.inv(np.linalg.cholesky(whitened.T @ whitened)).T
    wanted = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    table = pd.DataFrame(whitened[:, :3] @ np.linalg.cholesky(wanted).T)
    found = retention.squared_partials(table)
    # The rest after the first: 1/3 on the diagonal, -1/6 beside it, so -1/2 throughout.
    assert found["0"].value == pytest.approx(0.25) and found["1"].value == pytest.approx(0.25)
