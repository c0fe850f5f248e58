"""Strategy means by hand, and differences against a loop over resampled lineages."""

import numpy as np
import pandas as pd
import pytest

from lib.stats import differences
from lib.stats.resampling import Resampling, percentiles

CHILDREN, ROOTS = "continual_local", "from_scratch_english"


@pytest.fixture(scope="module")
def lineages(ja):
    return Resampling(ja.models["lineage"], seed=9, replicates=300)


def test_means_are_the_means_of_each_strategys_models(ja, lineages):
    table = differences.means(ja.scores, ja.models["strategy"], lineages)
    expected = ja.scores.groupby(ja.models["strategy"]).mean()
    for subject, each in table.items():
        name, benchmark = subject.split("/")
        assert each.value == pytest.approx(expected.loc[name, benchmark])
    counts = {name: table.within(name)["niilc"].n for name in expected.index}
    assert sum(counts.values()) == len(ja.scores) and counts[CHILDREN] == 15


def test_one_value_a_model_gives_one_mean_a_strategy(ja, lineages):
    table = differences.means(ja.scores["niilc"], ja.models["strategy"], lineages)
    assert set(table) == set(ja.models["strategy"])
    assert table[CHILDREN].value == pytest.approx(
        ja.scores["niilc"][ja.models["strategy"] == CHILDREN].mean()
    )


def test_a_difference_is_the_loop_over_drawn_models(ja, lineages):
    chosen = ja.models.index[ja.models["strategy"].isin([CHILDREN, ROOTS])]
    table = differences.differences(ja.scores, ja.models["strategy"], lineages, CHILDREN, ROOTS)
    replicates = []
    for weights in lineages.of(chosen).chunks():
        for row in weights:
            drawn = ja.scores.loc[chosen, "niilc"].repeat(row.astype(int))
            by = drawn.groupby(ja.models["strategy"].loc[drawn.index].to_numpy()).mean()
            replicates.append(by.get(CHILDREN, np.nan) - by.get(ROOTS, np.nan))
    low, high = percentiles(np.array(replicates), ja.models.loc[chosen, "lineage"].nunique())
    assert [table["niilc"].low, table["niilc"].high] == pytest.approx([low, high])


def test_several_strategies_make_a_side(ja, lineages):
    strategy, score = ja.models["strategy"], ja.scores["niilc"]
    of, over = differences.contrast(strategy)
    found = differences.differences(score, strategy, lineages, of, over)["niilc"].value
    trained = strategy.isin(["from_scratch_local", "continual_local"])
    assert found == pytest.approx(score[trained].mean() - score[~trained].mean())


def test_a_difference_in_standard_deviations_gets_the_same_verdict(ja, lineages):
    from lib.stats.tables import standardised

    raw, scaled = (
        differences.differences(table, ja.models["strategy"], lineages, CHILDREN, ROOTS)
        for table in (ja.scores, standardised(ja.scores))
    )
    sigma = ja.scores.std(ddof=0)
    pd.testing.assert_series_equal(scaled.values * sigma, raw.values, check_names=False)
    assert (raw.judged(above=0).verdicts == scaled.judged(above=0).verdicts).all()


def test_leaving_out_a_lineage_is_the_difference_of_the_rest(ja):
    strategy, lineage, score = ja.models["strategy"], ja.models["lineage"], ja.scores["niilc"]
    found = differences.leaving_out(score, strategy, lineage, CHILDREN, ROOTS)
    assert set(found) == {"Llama 2", "Llama 3", "Mistral"}
    by = score[lineage != "Mistral"].groupby(strategy).mean()
    assert found["Mistral"].value == pytest.approx(by[CHILDREN] - by[ROOTS])


def test_a_lineage_that_is_a_whole_side_cannot_be_left_out():
    score = pd.Series([1.0, 2.0, 4.0], index=list("abc"))
    strategy = pd.Series([ROOTS, CHILDREN, CHILDREN], index=list("abc"))
    lineage = pd.Series(["x", "x", "y"], index=list("abc"))
    found = differences.leaving_out(score, strategy, lineage, CHILDREN, ROOTS)
    assert {group: each.value for group, each in found.items()} == {"y": 1.0}


def test_a_strategy_without_models_is_named(ja, lineages):
    with pytest.raises(ValueError, match="no model has strategy 'unknown'"):
        differences.differences(ja.scores, ja.models["strategy"], lineages, "unknown", CHILDREN)


@pytest.mark.parametrize(
    "strategies, contrast",
    [
        (
            ["from_scratch_multilingual", "from_scratch_english", "unknown"],
            [["from_scratch_multilingual"], ["from_scratch_english"]],
        ),
        (["continual_local", "unknown"], None),
    ],
)
def test_what_can_be_told_apart_depends_on_what_is_there(strategies, contrast):
    assert differences.contrast(pd.Series(strategies)) == contrast


def test_one_lineage_has_a_mean_but_no_interval_over_lineages():
    scores = pd.DataFrame({"a": [1.0, 2, 3, 4]}, index=list("wxyz"))
    one = Resampling(pd.Series("one", scores.index), seed=0, replicates=50)
    each = differences.means(scores, pd.Series("unknown", scores.index), one)["unknown/a"]
    assert each.value == 2.5 and each.low is None and each.low_ordinary < 2.5
