"""Strategy means by hand and against a loop over resampled lineages."""

import numpy as np
import pandas as pd
import pytest

from lib import resampling, strategies, study


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


def test_means_are_the_means_of_each_strategys_models(ja):
    table = strategies.means(ja.scores, ja.models["strategy"], ja.models["lineage"], np.random.default_rng(0),
                             replicates=200)
    expected = ja.scores.groupby(ja.models["strategy"]).mean()
    for (benchmark, name), row in table.iterrows():
        assert row["value"] == pytest.approx(expected.loc[name, benchmark])
    counts = table.loc["niilc", "n"]
    assert counts.sum() == len(ja.scores) and counts["continual_local"] == 15


def test_a_difference_is_the_loop_over_drawn_models(ja):
    chosen = ja.models["strategy"].isin(["continual_local", "from_scratch_english"])
    labels = ja.models["lineage"][chosen]
    table = strategies.differences(ja.scores, ja.models["strategy"], ja.models["lineage"], np.random.default_rng(9),
                                   of="continual_local", over="from_scratch_english", replicates=300)
    replicates = []
    for row in resampling.weights(len(labels), 300, np.random.default_rng(9), labels):
        drawn = ja.scores["niilc"][chosen].repeat(row.astype(int))
        by = drawn.groupby(ja.models["strategy"].loc[drawn.index].to_numpy()).mean()
        replicates.append(by.get("continual_local", np.nan) - by.get("from_scratch_english", np.nan))
    low, high = resampling.percentiles(np.array(replicates), labels.nunique())
    assert table.loc["niilc", ["low", "high"]].tolist() == pytest.approx([low, high])


def test_a_strategy_without_models_is_named(ja):
    with pytest.raises(ValueError, match="no model has strategy 'unknown'"):
        strategies.differences(ja.scores, ja.models["strategy"], ja.models["lineage"], np.random.default_rng(0),
                               of="unknown", over="continual_local")


def test_one_lineage_has_a_mean_but_no_interval_over_lineages():
    scores = pd.DataFrame({"a": [1.0, 2, 3, 4]}, index=list("wxyz"))
    table = strategies.means(scores, pd.Series("unknown", scores.index), pd.Series("one", scores.index),
                             np.random.default_rng(0), replicates=50)
    assert table["value"].item() == 2.5 and np.isnan(table["low"].item()) and table["low_ordinary"].item() < 2.5
