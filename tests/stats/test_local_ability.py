"""Local ability against numpy and statsmodels by hand, and against values computed elsewhere."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from lib.stats import local_ability
from lib.stats.resampling import Resampling
from lib.stats.resampling import weights as drawn_weights
from lib.stats.tables import TableError
from tests import tables


@pytest.fixture(scope="module")
def ability(ja):
    return local_ability.fit(ja.scores, ja.benchmarks["language"])


def test_english_explains_two_thirds_of_japanese_skill(ja, ability):
    assert ability.r2 == pytest.approx(0.67, abs=0.005)
    language = ja.benchmarks["language"].copy()
    language["wmt20-ja-en"] = "english"
    assert local_ability.fit(ja.scores, language).r2 == pytest.approx(0.70, abs=0.005)
    without = ja.scores.drop(columns=["wmt20-en-ja", "wmt20-ja-en"])
    assert local_ability.fit(without, ja.benchmarks["language"]).r2 == pytest.approx(
        0.74, abs=0.005
    )


def test_knowledge_and_translation_carry_japanese_ability_and_code_does_not(ability):
    expected = {"wmt20-en-ja": 0.84, "niilc": 0.79, "jsquad": 0.73, "jhumaneval": -0.32}
    assert ability.carries[list(expected)].round(2).to_dict() == expected


def test_local_from_scratch_does_not_put_a_model_on_top(ability):
    rank = ability.score.rank(ascending=False)
    assert rank["cyberagent/calm2-7b"] == 31 and rank["llm-jp/llm-jp-13b-v2.0"] == 23


def test_r2_and_remainders_are_those_of_ordinary_least_squares(ja, ability):
    z = (ja.scores - ja.scores.mean()) / ja.scores.std(ddof=0)
    side = ja.benchmarks["language"]
    english, mine = z.loc[:, side == "english"].mean(axis=1), z.loc[:, side == "local"].mean(axis=1)
    design = sm.add_constant(np.column_stack([english, english**2]))
    theirs = sm.OLS(mine.to_numpy(), design).fit()
    assert ability.r2 == pytest.approx(theirs.rsquared)
    np.testing.assert_allclose(ability.score, theirs.resid, atol=1e-9)
    left = {name: sm.OLS(z[name].to_numpy(), design).fit().resid for name in z}
    others = np.mean(
        [left[name] for name in z if side[name] == "local" and name != "niilc"], axis=0
    )
    assert ability.carries["niilc"] == pytest.approx(np.corrcoef(left["niilc"], others)[0, 1])


@given(
    tables.scores(models=st.integers(8, 20), benchmarks=st.integers(4, 8)), st.integers(0, 2**32)
)
def test_a_replicate_is_a_fit_to_the_drawn_models(table, seed):
    language = pd.Series(
        ["local", "local"] + ["english"] * (table.shape[1] - 2), index=table.columns
    )
    z = ((table - table.mean()) / table.std(ddof=0)).to_numpy()
    weights = drawn_weights(len(table), 1, np.random.default_rng(seed))
    drawn = table.loc[table.index.repeat(weights[0].astype(int))].reset_index(drop=True)
    if (weights[0] > 0).sum() < 6:
        return
    ours = local_ability._parts(z, (language == "local").to_numpy(), weights, 2)
    theirs = local_ability.fit(drawn, language)
    assert ours["r2"][0, 0] == pytest.approx(theirs.r2, abs=1e-6)
    np.testing.assert_allclose(ours["carries"][0], theirs.carries, atol=1e-5)


@given(tables.scores(models=st.integers(8, 20), benchmarks=st.integers(4, 8)))
def test_english_remainders_cancel_by_construction(table):
    language = pd.Series(
        ["local", "local"] + ["english"] * (table.shape[1] - 2), index=table.columns
    )
    fit = local_ability.fit(table, language)
    np.testing.assert_allclose(
        fit.remainders.loc[:, language == "english"].sum(axis=1), 0, atol=1e-7
    )
    np.testing.assert_allclose(fit.score.mean(), 0, atol=1e-9)
    assert -1e-9 <= fit.r2 <= 1 + 1e-9


@pytest.fixture(scope="module")
def split(ja):
    how = Resampling(ja.models["lineage"], seed=0, replicates=400)
    return local_ability.stability(ja.scores, ja.benchmarks["language"], how)


def test_intervals_bracket_and_the_null_is_narrower_than_what_carries(ja, ability, split):
    assert split.r2.low < 0.67 < split.r2.high
    assert split.carries["niilc"].low > 0 and split.score.count == 35
    band = local_ability.null(ability, ja.benchmarks["language"], seed=1, permutations=500)
    assert band.loc["niilc", "high"] < ability.carries["niilc"]
    assert band["low"].max() < 0 < band["high"].min()


def test_a_lead_is_compared_on_the_same_replicates(split):
    ours, rest = ["niilc", "jemhopqa"], ["jcom", "jhumaneval"]
    lead = split.carries.of(ours).mean("lead").minus(split.carries.of(rest).mean("lead"))["lead"]
    draws = split.carries.draws[0]
    place = [list(split.carries).index(each) for each in ours + rest]
    mine = draws[:, place[:2]].mean(axis=1) - draws[:, place[2:]].mean(axis=1)
    assert lead.value == pytest.approx(
        split.carries.values[ours].mean() - split.carries.values[rest].mean()
    )
    assert np.nanmin(mine) <= lead.low < np.nanmedian(mine) < lead.high <= np.nanmax(mine)
    assert lead.lineages == 10


def test_other_smooth_functions_tell_the_same(ability):
    table = local_ability.smoothers(ability)
    assert (
        table.loc["quadratic", "r2"] == pytest.approx(ability.r2)
        and (table["agreement"] > 0.8).all()
    )


def test_what_is_missing_is_counted(ja):
    with pytest.raises(TableError, match="found 1 and 1"):
        local_ability.fit(ja.scores[["niilc", "mmlu"]], ja.benchmarks["language"])
    with pytest.raises(TableError, match="at least 5 complete models, found 4"):
        local_ability.fit(ja.scores.iloc[:4], ja.benchmarks["language"])
