"""Intervals against scipy's bootstrap and by counting; what a plan draws; how a table of estimates
judges itself."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lib.stats import resampling
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import Estimate, Verdict, mostly, verdict, weakest


def test_the_ordinary_bootstrap_is_scipys():
    x, y = np.random.default_rng(3).normal(size=(2, 35))
    weights = resampling.weights(35, 500, np.random.default_rng(11))
    share = weights / 35
    ours = (share @ (x * y) - (share @ x) * (share @ y)) / np.sqrt(
        (share @ x**2 - (share @ x) ** 2) * (share @ y**2 - (share @ y) ** 2)
    )
    theirs = stats.bootstrap(
        (x, y),
        lambda a, b, axis: stats.pearsonr(a, b, axis=axis).statistic,
        paired=True,
        n_resamples=500,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(11),
    )
    np.testing.assert_allclose(np.sort(ours), np.sort(theirs.bootstrap_distribution), atol=1e-12)
    # Of very many units the expanded interval is the plain percentile interval.
    np.testing.assert_allclose(
        resampling.percentiles(ours, 10**9), theirs.confidence_interval, atol=1e-6
    )


def test_chunks_are_the_same_stream_as_one_batch():
    whole = resampling.weights(7, 50, np.random.default_rng(5), list("aabbccc"))
    parts = np.concatenate(
        list(resampling.chunks(7, 50, np.random.default_rng(5), list("aabbccc"), size=13))
    )
    np.testing.assert_array_equal(whole, parts)


@given(
    st.lists(st.sampled_from(["Llama", "Qwen", "Yi", None]), min_size=1, max_size=20),
    st.integers(0, 2**32),
)
def test_a_lineage_is_drawn_whole_and_as_many_as_there_are(labels, seed):
    weights = resampling.weights(len(labels), 20, np.random.default_rng(seed), labels)
    codes = resampling.codes(labels)
    first = [int(np.flatnonzero(codes == code)[0]) for code in range(codes.max() + 1)]
    np.testing.assert_array_equal(weights, weights[:, first][:, codes])
    np.testing.assert_array_equal(weights[:, first].sum(axis=1), len(first))


def test_an_unknown_lineage_stands_alone():
    assert resampling.codes(["a", None, "a", None]).tolist() == [0, 1, 0, 2]


def test_lineage_labels_must_match_the_models():
    with pytest.raises(ValueError, match="3 models but 2 group labels"):
        resampling.weights(3, 1, np.random.default_rng(0), ["a", "b"])


def test_related_models_widen_the_interval():
    """Ten copies of three values tell no more than three: a bootstrap over models cannot see it,
    lineages do."""
    values = np.repeat([0.1, 0.5, 0.6], 10)
    labels = np.repeat(["a", "b", "c"], 10)
    means = [
        resampling.weights(30, 2_000, np.random.default_rng(1), groups) @ values / 30
        for groups in (None, labels)
    ]
    assert np.ptp(resampling.percentiles(means[1], 3)) > 2 * np.ptp(
        resampling.percentiles(means[0], 30)
    )


@pytest.mark.parametrize("units", [4, 10, 35])
def test_the_expanded_interval_of_a_normal_mean_is_students(units):
    """Normal replicates with the plug-in deviation s sqrt((m - 1) / m) / sqrt(m) give mean +- t s /
    sqrt(m)."""
    replicates = stats.norm.ppf((np.arange(400_000) + 0.5) / 400_000) * np.sqrt((units - 1) / units)
    low, high = resampling.percentiles(replicates, units)
    assert (low, high) == pytest.approx(
        (-stats.t.ppf(0.975, units - 1), stats.t.ppf(0.975, units - 1)), rel=2e-3
    )


@given(
    st.integers(1, 3_000), st.floats(0, 0.4), st.integers(0, 2**32), st.booleans(), st.booleans()
)
def test_tails_are_numpys_quantiles(count, share, seed, ties, gaps):
    values = np.random.default_rng(seed).normal(size=(count, 2, 2))
    values = values.round(1) if ties else values
    values[np.random.default_rng(seed).random(values.shape) < 0.2 * gaps] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.nanquantile(values, [share, 1 - share], axis=0)
    np.testing.assert_allclose(resampling.tails(values, share), expected, atol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 499, resampling.FEW, resampling.FEW + 1])
def test_sorting_and_searching_find_the_same_tails_to_the_last_bit(count, monkeypatch):
    values, shares = np.random.default_rng(count).normal(size=(count, 7)), [0.003, 0.025, 0.2]
    found = []
    for few in (0, count):
        monkeypatch.setattr(resampling, "FEW", few)
        found.append(resampling.several_tails(values, shares))
    np.testing.assert_array_equal(*found)


def test_one_lineage_gives_no_interval():
    assert np.isnan(resampling.percentiles(np.arange(9.0), 1)).all()


def test_an_estimate_prints_itself_with_its_interval_and_a_true_minus():
    assert str(Estimate(0.909, 0.83, 0.951)) == "0.91 [0.83, 0.95]"
    assert str(Estimate(-0.16, -0.52, 0.21)) == "−0.16 [−0.52, 0.21]"
    assert Estimate(0.161, 0.1, 0.2).format(sign=True) == "+0.16 [+0.10, +0.20]"
    assert str(Estimate(-0.0)) == str(Estimate(-0.004)) == "0.00"
    assert Estimate(0.5, n=3).as_dict() == {"value": 0.5, "level": 0.95, "n": 3}


def test_an_estimate_reads_its_row():
    row = pd.Series({"a": "x", "value": np.float64(0.5), "low": np.nan, "n": np.int64(3)})
    assert Estimate.of(row) == Estimate(0.5, n=3)


@pytest.mark.parametrize("units", ["lineages", "parents"])
def test_an_estimate_survives_its_record(units):
    estimate = Estimate(0.5, 0.4, 0.6, n=9, groups=6, units=units).judged(above=0.3)
    record = estimate.as_dict()
    assert record[units] == 6 and record["verdict"] == "supported" and "groups" not in record
    assert Estimate.of(record) == estimate and Estimates.from_rows({"a": record})["a"] == estimate
    assert estimate.lineages == (6 if units == "lineages" else None)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.71, 0.9, "supported"),
        (0.6, 0.9, "undecided"),
        (0.1, 0.69, "contradicted"),
        (None, None, "undecided"),
    ],
)
def test_a_verdict_follows_from_the_interval_alone(low, high, expected):
    assert verdict(Estimate(0.8, low, high), above=0.7) == expected
    turned = Estimate(-0.8, None if high is None else -high, None if low is None else -low)
    assert verdict(turned, below=-0.7) == expected


def test_a_verdict_needs_one_threshold():
    with pytest.raises(ValueError, match="one threshold"):
        verdict(Estimate(1), above=0, below=1)


GROUPS = pd.Series([*"aabbbcdde", None, "f", "f"], index=[f"m{i}" for i in range(12)])


@pytest.fixture(scope="module")
def two():
    """Two tables of the same models and benchmarks that have much in common."""
    rng = np.random.default_rng(4)
    shared = rng.normal(size=(12, 3))
    return [
        pd.DataFrame(shared + 0.1 * rng.normal(size=(12, 3)), GROUPS.index, list("xyz"))
        for _ in range(2)
    ]


def plan(seed=6, replicates=400):
    return Resampling(GROUPS, seed=seed, replicates=replicates)


@pytest.mark.parametrize("size", [1, 13, 399, 400, 5_000])
@pytest.mark.parametrize("ordinary", [False, True])
def test_one_seed_gives_the_same_replicates_whatever_the_size_of_a_chunk(size, ordinary):
    chunks = list(plan().chunks(ordinary, size))
    labels = None if ordinary else GROUPS.to_numpy()
    whole = resampling.weights(12, 400, np.random.default_rng([6, int(ordinary)]), labels)
    assert all(len(chunk) <= size for chunk in chunks)
    np.testing.assert_array_equal(np.concatenate(chunks), whole)
    assert not np.array_equal(np.concatenate(list(plan(seed=7).chunks(ordinary, size))), whole)


@pytest.mark.parametrize("size", [7, 400])
def test_estimates_do_not_depend_on_the_size_of_a_chunk_nor_on_what_was_computed_before(two, size):
    values, how = two[0].to_numpy(), plan()
    first = resampling.mean(two[0], plan())
    resampling.mean(two[1], how), how.rng("something else").normal(size=9)
    again = how.estimates(
        lambda weights: weights @ values / weights.sum(axis=1, keepdims=True),
        two[0].columns,
        "mean",
        size=size,
    )
    pd.testing.assert_frame_equal(again.frame, first.frame)
    for ours, theirs in zip(again.draws, first.draws, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)


def test_a_mean_and_both_intervals_are_those_of_a_loop_over_the_drawn_models(two):
    table, how = two[0], plan()
    found = resampling.mean(table, how)
    for ordinary, ends, units in (
        (False, ["low", "high"], 7),
        (True, ["low_ordinary", "high_ordinary"], 12),
    ):
        drawn = np.concatenate(list(how.chunks(ordinary)))
        means = np.array([table.loc[table.index.repeat(row.astype(int))].mean() for row in drawn])
        np.testing.assert_allclose(
            found.frame[ends].T, resampling.percentiles(means, units), atol=1e-12
        )
    np.testing.assert_allclose(found.values, table.mean())
    assert how.count == 7 and (found.frame["groups"] == 7).all() and (found.frame["n"] == 12).all()
    assert found["x"].lineages == 7 and found.count == 3


def test_some_units_in_another_order_keep_their_groups():
    some = ["m9", "m4", "m0", "m1", "m3"]
    part = plan().of(pd.Index(some))
    assert part.labels.tolist() == [0, 1, 2, 2, 1] and part.count == 3 and part.seed == 6
    assert plan().of(GROUPS.index).labels.tolist() == resampling.codes(GROUPS).tolist()


def test_each_purpose_has_its_own_generator():
    one, same, other = (plan().rng(purpose).normal(size=5) for purpose in ("a", "a", "b"))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_two_tables_of_one_plan_are_compared_on_the_same_replicates(two):
    how = plan()
    one, other = (resampling.mean(table, how) for table in two)
    ours, directly = one.minus(other), resampling.mean(two[0] - two[1], how)
    numbers = ["value", "low", "high", "low_ordinary", "high_ordinary"]
    np.testing.assert_allclose(ours.frame[numbers], directly.frame[numbers], atol=1e-12)
    for mine, theirs in zip(ours.draws, directly.draws, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-12)
    # What the tables share drops out: much narrower than either, and than with replicates of their
    # own.
    width = [
        each.frame["high"] - each.frame["low"]
        for each in (ours, one, one.minus(resampling.mean(two[1], plan(seed=7))))
    ]
    assert (width[0] < width[1] / 3).all() and (width[0] < width[2] / 3).all()


def test_what_differs_by_a_constant_differs_surely(two):
    how = plan()
    found = resampling.mean(two[0] + 0.5, how).minus(resampling.mean(two[0][["z", "x"]], how))
    assert list(found) == ["x", "z"]
    np.testing.assert_allclose(found.frame[["value", "low", "high"]], 0.5, atol=1e-12)


def test_a_mean_over_subjects_is_on_the_same_replicates(two):
    how = plan()
    ours = resampling.mean(two[0], how).mean("all")["all"]
    directly = resampling.mean(two[0].mean(axis=1).to_frame("all"), how)["all"]
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (directly.value, directly.low, directly.high)
    )


def test_a_table_selects_with_the_replicates_of_what_it_selects(two):
    table = resampling.mean(two[0] - two[0].mean() + [0.0, 9.0, -9.0], plan())
    for chosen, subjects in (
        (table.of(["z", "absent", "x"]), "zx"),
        (table.without(["y"]), "xz"),
        (table.sorted(), "yxz"),
        (table.highest, "y"),
        (table.lowest, "z"),
        (table.clear, "yz"),
        (table.head(2), "xy"),
        (table.tail(2), "zy"),
        (table.where(table.values > -1), "xy"),
        (table.where(pd.Series({"z": True})), "z"),
        (table.of([]), ""),
    ):
        places = [list(table).index(subject) for subject in subjects]
        assert list(chosen) == list(subjects) and chosen.count == len(chosen) == len(subjects)
        pd.testing.assert_frame_equal(chosen.frame, table.frame.iloc[places])
        for mine, whole in zip(chosen.draws, table.draws, strict=True):
            np.testing.assert_array_equal(mine, whole[:, places])
    assert "x" in table and "absent" not in table


def test_a_table_judges_each_by_the_rule_for_one():
    table = Estimates.from_rows(
        {
            "a": Estimate(0.9, 0.8, 0.95),
            "b": Estimate(0.5, -0.1, 0.75),
            "c": Estimate(0.1, 0, 0.2),
            "d": Estimate(0.99),
        }
    )
    judged = table.judged(above=0.7)
    assert judged.verdicts.to_dict() == {
        subject: verdict(each, above=0.7) for subject, each in table.items()
    }
    assert list(judged.verdicts) == ["supported", "undecided", "contradicted", "undecided"]
    parts = (judged.supported, judged.undecided, judged.contradicted)
    assert [list(part) for part in parts] == [["a"], ["b", "d"], ["c"]]
    assert judged.answers.tolist() == ["yes", "open", "no", "open"]
    assert judged.threshold == judged["a"].above == 0.7 and judged["a"].verdict == Verdict.SUPPORTED
    assert list(judged.differs_from(table.judged(above=0.1))) == ["c"]
    assert (judged.weakest, judged.mostly) == ("contradicted", "undecided")
    assert list(table.judged(below=0.7).verdicts) == [each.turned for each in judged.verdicts]


def test_each_may_be_judged_by_its_own_threshold():
    table = Estimates.from_rows(dict.fromkeys("ab", Estimate(0.5, 0.4, 0.6)))
    judged = table.judged(above=pd.Series({"a": 0.3, "b": 0.7}))
    assert list(judged.verdicts) == ["supported", "contradicted"] and judged.threshold is None


@given(st.lists(st.sampled_from(list(Verdict)), max_size=7))
def test_all_must_support_or_more_than_half(verdicts):
    supported, contradicted = (
        sum(each == word for each in verdicts) for word in ("supported", "contradicted")
    )
    assert (weakest(verdicts) == "contradicted") == (contradicted > 0)
    assert (weakest(verdicts) == "supported") == (0 < len(verdicts) == supported)
    assert (mostly(verdicts) == "supported") == (supported > len(verdicts) / 2)
    assert (mostly(verdicts) == "contradicted") == (contradicted > len(verdicts) / 2)


def test_every_draw_of_ten_groups_is_there_once_and_as_likely_as_it_is():
    ways, chances = resampling.every_draw(10)
    assert len(ways) == len({tuple(way) for way in ways}) == 92_378
    assert (ways.sum(axis=1) == 10).all() and chances.sum() == pytest.approx(1)
    apart = (ways == 1).all(axis=1)
    assert chances[apart] == pytest.approx([math.factorial(10) / 10**10])


def test_an_interval_over_every_draw_is_what_ever_more_draws_tend_to():
    groups = pd.Series(list("aabbcddde"), index=range(9))
    table = pd.DataFrame({"score": [1.0, 3.0, 2.0, 5.0, 8.0, 1.0, 2.0, 2.5, 4.0]}, index=range(9))
    every = resampling.mean(table, resampling.steady(groups, 1))["score"]
    many = resampling.mean(table, Resampling(groups, 1, 200_000))["score"]
    assert (every.low, every.high) == pytest.approx((many.low, many.high), abs=0.03)
    assert every.value == many.value and "every draw of lineages" in every.method


def test_an_interval_over_every_draw_knows_no_seed():
    groups = pd.Series(list("abcdef"), index=range(6))
    table = pd.DataFrame({"score": np.arange(6.0) ** 2}, index=range(6))
    found = {
        (each.low, each.high)
        for seed in range(5)
        for each in [resampling.mean(table, resampling.steady(groups, seed))["score"]]
    }
    assert len(found) == 1


def test_a_gap_in_a_replicate_is_left_out_with_its_chance():
    plan = resampling.steady(pd.Series(list("ab"), index=[0, 1]), 1)
    assert plan.chances.tolist() == [0.25, 0.5, 0.25]
    values = np.array([[np.nan], [2.0], [3.0]])
    assert plan.middle(values)[0] == 2.0
