"""The source's patterns on models it did not use, against values computed elsewhere."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from lib import abilities, correlation, replication, study

KNOWN = ["jmmlu~mmlu", "jhumaneval~humaneval", "mgsm~gsm8k", "niilc~wmt20-en-ja"]


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def frozen(ja):
    return abilities.fit(ja.scores, ja.anchors)


@pytest.fixture(scope="module")
def further():
    return study.load("ja", models="further", prefer="earliest").complete()


def known(scores):
    r = correlation.matrix(scores)
    return [round(r.loc[tuple(pair.split("~"))], 3) for pair in KNOWN]


def test_sixty_further_models_of_which_fifty_three_are_later(further):
    assert further.scores.shape == (60, 19)
    assert replication.released_after(further.models, "2024-07-01").sum() == 53


def test_a_month_counts_as_its_last_day_and_an_unknown_date_as_not_later():
    models = pd.DataFrame({"released": ["2024-06", "2024-07", "2024-07-01", "2024-07-02", "", None]})
    assert replication.released_after(models, "2024-07-01").tolist() == [False, True, False, True, False, False]


def test_transfer_holds_on_further_models_but_arithmetic_weakens(further):
    assert known(further.scores) == [0.894, 0.939, 0.822, 0.960]
    assert further.scores["niilc"].corr(further.scores["triviaqa"]) == pytest.approx(0.45, abs=0.005)


@pytest.mark.parametrize(("snapshot", "n", "expected", "pc2"), [
    ("2024-12-30", 28, [0.897, 0.956, 0.792, 0.946], 0.908), ("2026-06-24", 48, [0.916, 0.941, 0.840, 0.967], 0.875)])
def test_each_snapshot_alone_tells_the_same(ja, frozen, snapshot, n, expected, pc2):
    scores = ja.scores_at(snapshot)[ja.scores.columns]
    scores = scores[~scores.index.isin(ja.scores.index)]
    assert len(scores) == n and known(scores) == expected
    table = replication.congruence(frozen, scores, ja.registry["lineage"], np.random.default_rng(0), replicates=50)
    assert table.loc["PC2", "value"] == pytest.approx(pc2, abs=5e-4)


def test_congruence_is_the_cosine_with_scikit_learns_refitted_component(frozen, further):
    table = replication.congruence(frozen, further.scores, further.models["lineage"], np.random.default_rng(0),
                                   replicates=200)
    z = stats.zscore(further.scores.to_numpy())
    cosine = np.abs(PCA(2).fit(z).components_ @ frozen.loadings[["PC1", "PC2"]].to_numpy())
    np.testing.assert_allclose(table["value"][:2], np.diag(cosine), atol=1e-8)
    assert round(table.loc["PC2", "value"], 2) == 0.88


def test_congruence_with_itself_is_one(ja, frozen):
    table = replication.congruence(frozen, ja.scores, ja.models["lineage"], np.random.default_rng(0), replicates=20)
    np.testing.assert_allclose(table["value"], 1)


def test_projection_breaks_on_squad2_and_standardising_within_snapshots_mends_it(ja, frozen, further):
    ways = replication.projections(frozen, ja.scores, further.scores, further.model_snapshots, ["squad2"])
    means = ways.groupby(further.model_snapshots).mean()
    jump = (means.loc["2026-06-24"] - means.loc["2024-12-30"]).unstack("way").loc["PC1"]
    assert jump["as they are"] > 1 > 0.3 > abs(jump["without changed benchmarks"])
    assert jump["within snapshot"] == pytest.approx(0, abs=1e-9)


def test_the_changed_evaluation_lifts_pc1_and_lowers_pc2_of_the_same_models(ja, frozen):
    twice = ja.scores_at("2024-12-30").index.intersection(ja.scores_at("2026-06-24").index)
    before, after = (frozen.project(ja.scores_at(snapshot).loc[twice]).mean() for snapshot in ("2024-12-30", "2026-06-24"))
    assert (after - before)[["PC1", "PC2"]].round(1).tolist() == [1.2, -0.8]


def test_a_held_out_benchmark_is_predicted_as_scikit_learn_predicts_it(ja, further):
    table = replication.held_out(ja.scores, further.scores, further.models["lineage"], np.random.default_rng(0),
                                 replicates=100)
    others = ja.scores.columns.drop("niilc")
    mean, scale = ja.scores[others].mean(), ja.scores[others].std(ddof=0)
    pca = PCA(2).fit(((ja.scores[others] - mean) / scale).to_numpy())
    line = LinearRegression().fit(pca.transform(((ja.scores[others] - mean) / scale).to_numpy()), ja.scores["niilc"])
    predicted = line.predict(pca.transform(((further.scores[others] - mean) / scale).to_numpy()))
    assert table.loc["niilc", "value"] == pytest.approx(stats.spearmanr(predicted, further.scores["niilc"]).statistic)
    assert table.loc["niilc", "low"] > 0.5
