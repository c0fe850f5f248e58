"""The intervals hold known truths about as often as they say."""

import numpy as np
import pandas as pd
import pytest

from lib import abilities, coverage, study


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def truth(ja):
    return coverage.population(abilities.fit(ja.scores, ja.anchors))


def test_the_populations_correlations_are_those_of_many_models(truth):
    scores, ability, compute = coverage.draw(truth, np.arange(200_000), 0.0, np.random.default_rng(0))
    np.testing.assert_allclose(np.corrcoef(scores, rowvar=False), truth.correlations, atol=0.015)
    assert np.polyfit(compute, ability, 1)[0] == pytest.approx(truth.slope, abs=0.01)


def test_a_lineage_shares_the_stated_part_of_the_variance(truth):
    labels = np.repeat(np.arange(20_000), 2)
    scores, *_ = coverage.draw(truth, labels, 0.5, np.random.default_rng(1))
    assert np.corrcoef(scores[::2, 0], scores[1::2, 0])[0, 1] == pytest.approx(0.5, abs=0.02)


def test_the_interval_shown_covers_where_the_ordinary_one_fails(ja, truth):
    table = coverage.simulate(truth, ja.models["lineage"], np.random.default_rng(2), shared=0.5, datasets=60,
                              replicates=400)["coverage"].unstack("interval")
    assert (table["shown"] > 0.92).all() and (table["shown"] > table["plain"]).all()
    assert table.loc["correlation", "models"] < 0.91


def test_a_slope_looked_at_alone_is_the_one_looked_at_with_the_rest(ja, truth):
    options = {"shared": 0.5, "datasets": 3, "replicates": 200}
    whole = coverage.simulate(truth, ja.models["lineage"], np.random.default_rng(3), **options)
    alone = coverage.simulate(truth, ja.models["lineage"], np.random.default_rng(3), statistics=["slope"], **options)
    assert list(alone.index.get_level_values("statistic").unique()) == ["slope"]
    pd.testing.assert_frame_equal(alone, whole.loc[["slope"]])
