"""What was found on one set of models, asked of another, against values computed elsewhere."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from lib import study
from lib.stats import components, correlation, projection, replication
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import Estimate, Verdict

KNOWN = ["jmmlu~mmlu", "jhumaneval~humaneval", "mgsm~gsm8k", "niilc~wmt20-en-ja"]


@pytest.fixture(scope="module")
def both():
    return study.common(study.load("ja"), study.load("ja", models="further"))


@pytest.fixture(scope="module")
def frozen(both):
    return components.fit(both[0].scores, both[0].anchors)


def plan(models, replicates=100):
    return Resampling(models["lineage"], seed=0, replicates=replicates)


def one(low, high, groups=9, **more):
    return Estimates.from_rows({"x": Estimate((low + high) / 2, low, high, groups=groups, **more)})


# --- what a finding is, and when it holds


@pytest.mark.parametrize(
    "first, again, verdict",
    [
        ((0.8, 0.9), (0.75, 0.95), "supported"),
        ((0.8, 0.9), (0.6, 0.9), "undecided"),
        ((0.8, 0.9), (0.1, 0.6), "contradicted"),
        ((0.1, 0.3), (0.2, 0.6), "supported"),
        ((0.1, 0.3), (0.2, 0.8), "undecided"),
        ((0.1, 0.3), (0.8, 0.9), "contradicted"),
    ],
)
def test_a_finding_holds_on_the_side_of_the_threshold_where_it_was_found(first, again, verdict):
    before, now = replication.held({"kind": (one(*first).judged(above=0.7), one(*again))})
    assert before.subjects == now.subjects == ["kind/x"] and now.weakest == verdict


def test_a_verdict_that_was_asked_the_other_way_round_is_judged_by_the_same_side():
    _, now = replication.held({"low": (one(0.1, 0.3).judged(below=0.7), one(0.8, 0.9))})
    assert now.weakest == Verdict.CONTRADICTED and now.threshold == 0.7


def test_what_was_undecided_or_is_not_there_again_is_no_finding():
    elsewhere = one(0.8, 0.9).judged(above=0.7).renamed({"x": "y"})
    before, now = replication.held(
        {"a": (one(0.6, 0.8).judged(above=0.7), one(0.8, 0.9)), "b": (elsewhere, one(0.8, 0.9))}
    )
    assert before.count == now.count == 0


def test_fewer_than_six_lineages_or_parents_settle_nothing_but_few_makers_may():
    first = one(0.8, 0.9).judged(above=0.7)
    few = replication.held({"a": (first, one(0.8, 0.9, groups=5))})[1]
    parents = replication.held({"a": (first, one(0.8, 0.9, groups=5, units="parents"))})[1]
    makers = replication.held({"a": (first, one(0.8, 0.9, groups=5, units="makers"))})[1]
    assert {few.weakest, parents.weakest} == {Verdict.UNDECIDED}
    assert makers.weakest == Verdict.SUPPORTED  # left out in turn, on Student's t


@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(0.01, 1), st.floats(-1, 1), st.floats(0.01, 1)),
        min_size=1,
        max_size=9,
    )
)
def test_every_finding_holds_fails_or_stays_open(numbers):
    rows = [
        [Estimate(value, value - half, value + half, groups=9) for value, half in ((a, b), (c, d))]
        for a, b, c, d in numbers
    ]
    first, again = (
        Estimates.from_rows({f"s{k}": row[side] for k, row in enumerate(rows)}) for side in (0, 1)
    )
    before, now = replication.held({"kind": (first, again)}, at=0)
    assert set(before) == set(now) == {f"kind/{each}" for each in first.clear}
    assert sum(part.count for part in (now.supported, now.undecided, now.contradicted)) == now.count
    assert all(before[each].value * now[each].value > 0 for each in now.supported)


# --- the Japanese study's further models


def test_sixty_further_models_of_which_fifty_three_are_later(both):
    assert both[1].scores.shape == (60, 19)
    assert replication.released_after(both[1].models, "2024-07-01").sum() == 53


def test_a_month_counts_as_its_last_day_and_an_unknown_date_as_not_later():
    models = pd.DataFrame(
        {"released": ["2024-06", "2024-07", "2024-07-01", "2024-07-02", "", None]}
    )
    assert replication.released_after(models, "2024-07-01").tolist() == [
        False,
        True,
        False,
        True,
        False,
        False,
    ]


def known(scores):
    r = correlation.matrix(scores)
    return [round(r.loc[tuple(pair.split("~"))], 3) for pair in KNOWN]


def test_transfer_holds_on_further_models_but_arithmetic_weakens(both):
    scores = both[1].scores
    assert known(scores) == [0.894, 0.939, 0.822, 0.960]
    assert scores["niilc"].corr(scores["triviaqa"]) == pytest.approx(0.45, abs=0.005)


@pytest.mark.parametrize(
    ("snapshot", "n", "expected", "pc2"),
    [
        ("2024-12-30", 28, [0.897, 0.956, 0.792, 0.946], 0.908),
        ("2026-06-24", 48, [0.916, 0.941, 0.840, 0.967], 0.875),
    ],
)
def test_each_snapshot_alone_tells_the_same(both, frozen, snapshot, n, expected, pc2):
    scores = both[1].measured(snapshot)
    assert len(scores) == n and known(scores) == expected
    table = projection.congruence(frozen, scores, plan(both[1].models, 50))
    assert table["PC2"].value == pytest.approx(pc2, abs=5e-4)


def test_congruence_is_the_cosine_with_scikit_learns_refitted_component(both, frozen):
    table = projection.congruence(frozen, both[1].scores, plan(both[1].models))
    z = stats.zscore(both[1].scores.to_numpy())
    cosine = np.abs(PCA(2).fit(z).components_ @ frozen.loadings[["PC1", "PC2"]].to_numpy())
    np.testing.assert_allclose(table.values[:2], np.diag(cosine), atol=1e-8)
    assert round(table["PC2"].value, 2) == 0.88
    itself = projection.congruence(frozen, both[0].scores, plan(both[0].models, 20))
    np.testing.assert_allclose(itself.values, 1)


def test_projection_breaks_on_squad2_and_standardising_within_snapshots_mends_it(both, frozen):
    s, f = both
    ways = projection.projections(frozen, s.scores, f.scores, f.model_snapshots, ["squad2"])
    means = ways.groupby(f.model_snapshots).mean()
    jump = means.loc["2026-06-24"] - means.loc["2024-12-30"]
    assert jump["PC1@as-they-are"] > 1 > 0.3 > abs(jump["PC1@without-changed-benchmarks"])
    assert jump["PC1@within-snapshot"] == pytest.approx(0, abs=1e-9)
    ranks = projection.ranks(
        ways, projection.refitted(frozen, f.scores, f.model_snapshots), plan(f.models)
    )
    assert ranks["PC1@within-snapshot"].value > 0.99 and list(ranks) == list(ways)


def test_the_changed_evaluation_lifts_pc1_and_lowers_pc2_of_the_same_models(both, frozen):
    before, after = (both[0].scores_at(snapshot) for snapshot in ("2024-12-30", "2026-06-24"))
    twice = before.index.intersection(after.index)
    was, now = (
        frozen.project(scores.loc[twice, frozen.loadings.index]).mean()
        for scores in (before, after)
    )
    assert (now - was)[["PC1", "PC2"]].round(1).tolist() == [1.2, -0.8]


def test_a_held_out_benchmark_is_predicted_as_scikit_learn_predicts_it(both):
    s, f = both
    table = projection.held_out(s.scores, f.scores, plan(f.models))
    others = s.scores.columns.drop("niilc")
    mean, scale = s.scores[others].mean(), s.scores[others].std(ddof=0)
    pca = PCA(2).fit(((s.scores[others] - mean) / scale).to_numpy())
    line = LinearRegression().fit(
        pca.transform(((s.scores[others] - mean) / scale).to_numpy()), s.scores["niilc"]
    )
    predicted = line.predict(pca.transform(((f.scores[others] - mean) / scale).to_numpy()))
    assert table["niilc"].value == pytest.approx(
        stats.spearmanr(predicted, f.scores["niilc"]).statistic
    )
    error = np.sqrt(np.mean((predicted - f.scores["niilc"]) ** 2)) / s.scores["niilc"].std(ddof=0)
    assert table.frame.at["niilc", "error"] == pytest.approx(error) and table["niilc"].low > 0.5
    assert list(table) == list(s.scores)


def test_arithmetic_recovers_without_the_english_centred_models(both):
    f = both[1]
    without = replication.without_weightiest(
        f.scores[["mgsm", "gsm8k"]], f.models["strategy"], plan(f.models)
    )
    assert without.subjects == ["from_scratch_english"]
    assert without["from_scratch_english"].value == pytest.approx(0.919, abs=5e-4)


def test_a_contrast_is_the_difference_of_its_correlations_for_every_choice(both):
    scores = both[0].scores
    found = replication.contrasts(
        scores, ["jemhopqa", "niilc"], ["wmt20-en-ja"], ["wmt20-ja-en"], plan(both[0].models)
    )
    assert list(found) == [
        f"{each}~wmt20-en-ja@{each}~wmt20-ja-en" for each in ("jemhopqa", "niilc")
    ]
    expected = scores["niilc"].corr(scores["wmt20-en-ja"]) - scores["niilc"].corr(
        scores["wmt20-ja-en"]
    )
    assert found["niilc~wmt20-en-ja@niilc~wmt20-ja-en"].value == pytest.approx(expected)
    assert (
        replication.contrasts(
            scores, [], ["wmt20-en-ja"], ["wmt20-ja-en"], plan(both[0].models)
        ).count
        == 0
    )


def test_pairs_across_two_lists_are_named_as_in_the_table():
    assert replication.across(["c", "a"], ["b", "a"], list("abc")) == ["a~b", "a~c", "b~c"]


def test_what_moved_most_is_found_among_what_both_have():
    before = Estimates.from_rows({"a": Estimate(0.9), "b": Estimate(0.1), "c": Estimate(0.0)})
    now = Estimates.from_rows({"b": Estimate(0.5), "a": Estimate(0.8)})
    assert replication.most_moved(before, now).subjects == ["b"]
    assert replication.most_moved(before, Estimates.from_rows({})).count == 0
