"""The intervals hold known truths about as often as they say."""

import numpy as np
import pandas as pd
import pytest

from lib import study
from lib.stats import components, coverage
from lib.stats.resampling import Resampling


@pytest.fixture(scope="module")
def fitted():
    s = study.load("ja")
    return components.fit(s.scores, s.anchors)


@pytest.fixture(scope="module")
def truth(fitted):
    return coverage.population(fitted)


@pytest.fixture(scope="module")
def lineages():
    return study.load("ja").models["lineage"]


def test_the_populations_correlations_and_slope_are_those_of_many_models(truth):
    rng = np.random.default_rng(0)
    scores = coverage.draw(truth, np.arange(200_000), 0.0, rng)
    np.testing.assert_allclose(np.corrcoef(scores, rowvar=False), truth.correlations, atol=0.015)
    ability, compute = coverage.draw_budgets(truth, np.arange(200_000), 0.0, rng, 1)
    assert np.polyfit(compute[:, 0], ability[:, 0], 1)[0] == pytest.approx(truth.slope, abs=0.01)


def test_a_lineage_shares_the_stated_part_of_the_variance(truth):
    labels, rng = np.repeat(np.arange(20_000), 2), np.random.default_rng(1)
    for values in (
        coverage.draw(truth, labels, 0.5, rng),
        *coverage.draw_budgets(truth, labels, 0.5, rng, 1),
    ):
        assert np.corrcoef(values[::2, 0], values[1::2, 0])[0, 1] == pytest.approx(0.5, abs=0.02)


def test_the_interval_shown_covers_where_the_ordinary_one_fails(truth, lineages):
    table = coverage.simulate(
        truth, lineages, np.random.default_rng(2), shared=0.5, datasets=60, replicates=400
    )
    covered = table["coverage"].unstack("interval")
    assert (covered["shown"] > 0.92).all() and (covered["shown"] > covered["plain"]).all()
    assert covered.loc["correlation", "models"] < 0.91


def test_a_slope_looked_at_alone_is_the_one_looked_at_with_the_rest(truth, lineages):
    options = {"shared": 0.5, "datasets": 3, "replicates": 200}
    whole = coverage.simulate(truth, lineages, np.random.default_rng(3), **options)
    alone = coverage.simulate(
        truth, lineages, np.random.default_rng(3), statistics=["slope"], **options
    )
    assert list(alone.index.get_level_values("statistic").unique()) == ["slope"]
    pd.testing.assert_frame_equal(alone, whole.loc[["slope"]])


def test_slopes_of_many_tables_are_those_of_each_alone():
    rng = np.random.default_rng(3)
    x, y, weights = (
        rng.standard_normal((12, 4)),
        rng.standard_normal((12, 4)),
        rng.integers(0, 3, (5, 12)).astype(float),
    )
    found = coverage._slopes(weights, y, x)
    for table in range(4):
        for replicate in range(5):
            drawn = np.repeat(np.arange(12), weights[replicate].astype(int))
            assert found[replicate, table] == pytest.approx(
                np.polyfit(x[drawn, table], y[drawn, table], 1)[0]
            )


def test_worlds_have_an_estimate_for_each_number_interval_and_share(fitted, lineages):
    how = Resampling(lineages, seed=4, replicates=10)
    few = {"loading": 3, "correlation": 3, "slope": 4}
    covered = coverage.worlds(fitted, how, [0.0, 0.5], few, dict.fromkeys(few, 60))
    assert covered.count == 2 * 3 * 4 and "loading-PC2/shown@0.5" in covered
    assert all(0 <= each.low <= each.value <= each.high <= 1 for _, each in covered.items())
    assert (
        coverage.of(covered, "models").subjects[0] == "loadings on PC1 of models with 0% in common"
    )
    assert list(coverage.by_world(covered)) == ["0% in common", "50% in common"]
    assert "slopes/as in this book" in coverage.by_world(covered)["50% in common"]
