"""Means over pairs whose parents and makers repeat: against loops, peers, and invented truths."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.mixed_linear_model import MixedLM

from lib.stats import crossed, jackknife, makers, matched_pairs
from lib.stats.resampling import Resampling


@pytest.fixture(scope="module")
def first(ja, every):
    return every[every["snapshot"] == ja.default_snapshot]


def loop(values, labels):
    """The jackknife over groups as it is written in the textbook."""
    groups = sorted(set(labels))
    without = [
        np.mean([v for v, own in zip(values, labels, strict=True) if own != g]) for g in groups
    ]
    return (len(groups) - 1) / len(groups) * sum((each - np.mean(values)) ** 2 for each in without)


# --- the interval


def test_the_interval_adds_the_jackknife_of_parents_and_that_of_makers(difference, every):
    table = makers.mean(difference, every)
    for benchmark in ("niilc", "mgsm"):
        values = difference[benchmark].to_list()
        variance = loop(values, every["parent"]) + loop(values, every["maker"])
        half = stats.t.ppf(0.975, 5) * np.sqrt(variance)
        row = table[benchmark]
        assert (row.low, row.high) == pytest.approx(
            (np.mean(values) - half, np.mean(values) + half)
        )
    assert (row.n, row.groups, row.units, table.frame["parents"].iloc[0]) == (24, 6, "makers", 12)


def test_with_groups_of_one_size_the_jackknife_is_the_cluster_robust_variance_of_statsmodels():
    rng = np.random.default_rng(3)
    groups, values = np.repeat(np.arange(7), 4), rng.normal(size=28)
    peer = OLS(values, np.ones(28)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    pairs = pd.DataFrame({"parent": groups})
    row = makers.mean(pd.DataFrame({"b": values}), pairs, ("parent",))["b"]
    assert row.high - row.value == pytest.approx(stats.t.ppf(0.975, 6) * peer.bse[0])


def test_without_repetition_it_is_students_interval_with_twice_the_variance():
    values = np.array([0.1, 0.4, -0.2, 0.3, 0.5])
    pairs = pd.DataFrame({"parent": list("abcde"), "maker": list("vwxyz")})
    row = makers.mean(pd.DataFrame({"b": values}), pairs)["b"]
    alone = stats.t.ppf(0.975, 4) * stats.sem(values)
    assert row.high - row.value == pytest.approx(np.sqrt(2) * alone)
    assert row.high_ordinary - row.value == pytest.approx(alone)


def test_any_statistic_can_leave_groups_out(difference, every):
    values = difference["niilc"].to_numpy()
    whole, without = jackknife.left_out(
        lambda kept: values[kept].mean(keepdims=True), every["maker"]
    )
    assert jackknife.variance(whole, without)[0] == pytest.approx(loop(values, every["maker"]))


def test_pairs_of_one_maker_say_nothing_of_makers():
    pairs = pd.DataFrame({"parent": list("abc"), "maker": list("mmm")})
    table = makers.mean(pd.DataFrame({"b": [0.1, 0.2, 0.4]}), pairs)
    assert table["b"].low is None and str(table.judged(above=0).weakest) == "undecided"
    assert (
        makers.mean(pd.DataFrame({"b": [0.1, 0.2, 0.4]}), pairs, ("parent",))["b"].low is not None
    )
    assert makers.mean(pd.DataFrame({"b": []}), pairs.iloc[:0]).count == 0


def test_a_summary_has_this_interval_in_place_of_that_over_parents(difference, every):
    how = Resampling(every["parent"], 1, 200, units="parents")
    table, before = (each.summary(difference, every, how) for each in (makers, matched_pairs))
    ours = makers.mean(difference, every)
    assert (table["niilc"].low, table["niilc"].method) == (ours["niilc"].low, ours["niilc"].method)
    frame = table.frame.loc["niilc"]
    assert frame["low_parents"] == before["niilc"].low and frame["up"] == 24
    assert makers.summary(difference, every.iloc[:0], how).count == 0


# --- other statistics of pairs: parts of them, doses


def jackknifed(statistic, pairs):
    """Half an interval by two loops: each parent, then each maker left out."""
    every, total = statistic(pairs.index), 0.0
    for part in ("parent", "maker"):
        without = [statistic(pairs.index[pairs[part] != one]) for one in pairs[part].unique()]
        total += (len(without) - 1) / len(without) * sum((each - every) ** 2 for each in without)
    fewest = min(pairs["parent"].nunique(), pairs["maker"].nunique())
    return every, stats.t.ppf(0.975, fewest - 1) * np.sqrt(total)


def test_a_shift_leaves_a_parent_and_a_maker_out_of_both_sides_at_once(difference, every, first):
    values, later = difference["mgsm"], every.index.difference(first.index)
    value, half = jackknifed(
        lambda kept: (
            values[kept.intersection(later)].mean() - values[kept.intersection(first.index)].mean()
        ),
        every,
    )
    row = makers.shift(difference, every, later)["mgsm"]
    assert (row.value, row.low, row.high) == pytest.approx((value, value - half, value + half))
    assert (row.units, row.groups, row.n) == ("makers", 6, 24)


def test_a_slope_leaves_them_out_too_and_adds_what_draws_leave_open(difference, first):
    dose = pd.DataFrame({"one": np.geomspace(1, 300, len(first))}, first.index)
    x, y = np.log10(dose["one"]), difference["niilc"]
    value, half = jackknifed(lambda kept: np.polyfit(x[kept], y[kept], 1)[0], first)
    row = makers.slopes(difference.loc[first.index], dose, first)["niilc"]
    assert (row.value, row.high - row.value) == pytest.approx((value, half))
    both = dose.assign(two=dose["one"] ** 2)
    wider = makers.slopes(difference.loc[first.index], both, first)["niilc"]
    spread = np.var([value, value / 2])
    expected = [
        jackknifed(lambda kept: 0.75 * np.polyfit(x[kept], y[kept], 1)[0], first)[1],
        stats.t.ppf(0.975, 5) * np.sqrt(spread),
    ]
    assert wider.high - wider.value == pytest.approx(np.hypot(*expected))
    assert (wider.draws_low, wider.draws_high) == pytest.approx(
        np.percentile([value, value / 2], (5, 95))
    )


def test_what_there_is_too_little_of_has_no_shift_and_no_slope(difference, every):
    assert makers.shift(difference, every, []).count == 0
    assert makers.shift(difference, every, every.index).count == 0
    two = pd.DataFrame({"one": [1.0, 10.0]}, every.index[:2])
    assert makers.slopes(difference, two, every).count == 0


def test_a_single_maker_leaves_parents_and_the_table_says_so(difference, every):
    how = Resampling(every["parent"], 1, 200, units="parents")
    one = every[every["maker"] == makers.largest(every)]
    assert makers.witnessed(difference, one, how)["niilc"].units == "parents"
    assert makers.witnessed(difference, every, how)["niilc"].units == "makers"
    alone = makers.interval(lambda kept: kept.sum(keepdims=True), one, ["count"], "count")
    assert (alone["count"].units, alone["count"].groups) == ("parents", one["parent"].nunique())


# --- does it hold the truth as often as it says?


@pytest.mark.parametrize("maker, parent", [(0, 0), (0.3, 0.2), (0.6, 0), (0.6, 0.2)])
def test_parts_of_the_pairs_and_slopes_are_covered_too(every, first, maker, parent):
    """The further pairs have two makers: over their parents alone two thirds of the tables."""
    rng, later = np.random.default_rng(7), ~every.index.isin(first.index)
    labels = {part: pd.factorize(every[part])[0] for part in ("parent", "maker")}
    drawn = makers.invented(labels, {"maker": maker, "parent": parent}, 2000, rng)
    table = pd.DataFrame(drawn.T, every.index)
    dose = pd.DataFrame({"one": rng.permutation(np.geomspace(1, 300, len(first)))}, first.index)
    found = {
        "further": makers.mean(table, every[later]),
        "shift": makers.shift(table, every, every.index[later]),
        "slope": makers.slopes(table.loc[first.index], dose, first),
    }
    for each in found.values():
        assert ((each.frame["low"] < 0) & (each.frame["high"] > 0)).mean() >= 0.93
    if maker == 0.6:
        alone = makers.mean(table, every[later], ("parent",)).frame
        assert ((alone["low"] < 0) & (alone["high"] > 0)).mean() < 0.75


@pytest.mark.parametrize("which", ["every", "first"])
def test_the_interval_covers_for_these_very_pairs_whatever_the_makers_share(which, request):
    found = makers.coverage(request.getfixturevalue(which), seed=11)
    assert found["parent and maker"].min() >= 0.93


def test_makers_of_another_shape_than_normal_are_covered_too(every):
    rng = np.random.default_rng(5)
    labels = {part: pd.factorize(every[part])[0] for part in ("parent", "maker")}
    for draw in (
        lambda size: rng.standard_t(4, size) / np.sqrt(2),
        lambda size: rng.exponential(size=size) - 1,
    ):
        values = np.sqrt(0.4) * draw((4000, 24)) + sum(
            np.sqrt(0.3) * draw((4000, numbers.max() + 1))[:, numbers]
            for numbers in labels.values()
        )
        half = makers.half(values, list(labels.values()), 0.95)
        assert (np.abs(values.mean(axis=1)) <= half).mean() >= 0.92


def test_an_interval_over_parents_alone_does_not(every, first):
    found = makers.coverage(first, seed=11)["parent alone"]
    assert found[0, 0] > 0.93 and found[0.3, 0] < 0.85 and found[0.6, 0] < 0.75
    assert makers.coverage(every, seed=11)["parent alone"][0.6, 0] < 0.6


# --- what makers do to the numbers of the Japanese study


def test_arithmetic_rose_with_one_maker_alone(difference, every):
    table = {name: part.frame for name, part in makers.split(difference, every).items()}
    assert list(table) == ["Swallow project", "others"]
    found = [
        [round(part.loc[each, "value"], 3) for part in table.values()] for each in ("mgsm", "jmmlu")
    ]
    assert found == [[0.083, -0.016], [0.040, 0.004]]
    assert table["Swallow project"].loc["mgsm", "units"] == "parents"


def test_knowledge_and_translation_stay_clear_with_makers_counted_but_arithmetic_does_not(
    difference, every
):
    table = makers.mean(difference, every)
    assert {"niilc", "wmt20-en-ja", "jcom"} <= set(table.clear)
    assert {"mgsm", "jmmlu", "jemhopqa"}.isdisjoint(table.clear)


def test_without_the_largest_maker_no_local_task_is_clear(difference, every):
    without = makers.leaving_out(difference, every)
    assert set(without) == set(every["maker"])
    assert "niilc" not in without["Swallow project"].clear
    pd.testing.assert_frame_equal(
        without["Swallow project"].frame, makers.split(difference, every)["others"].frame
    )


def test_most_of_what_differs_between_pairs_in_arithmetic_and_exams_is_the_maker(difference, first):
    found = makers.shares(difference.loc[first.index], first)["maker"]
    assert found["jmmlu"] == pytest.approx(0.94, abs=0.03)
    assert found["mgsm"] == pytest.approx(0.88, abs=0.03)
    assert found["jemhopqa"] == pytest.approx(0.62, abs=0.03)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("benchmark", ["niilc", "mgsm", "gsm8k"])
def test_shares_are_those_of_a_mixed_model_fitted_by_search(benchmark, difference, every):
    data = every.assign(y=difference[benchmark] * 10, one=1)
    parts = {"maker": "0 + C(maker)", "parent": "0 + C(parent)"}
    peer = MixedLM.from_formula("y ~ 1", data, groups="one", vc_formula=parts, re_formula="0").fit()
    total = peer.vcomp.sum() + peer.scale
    ours = makers.shares(difference, every, steps=60).loc[benchmark, ["maker", "parent"]]
    assert ours.to_list() == pytest.approx(list(peer.vcomp / total), abs=0.04)


def test_squares_and_centre_are_those_of_generalised_least_squares(difference, every):
    model, y = crossed.lattice(every, steps=4), difference["niilc"].to_numpy()
    for point, (maker, parent, rest) in enumerate(model.shares):
        same = {
            part: np.equal.outer(every[part].to_numpy(), every[part].to_numpy())
            for part in ("maker", "parent")
        }
        correlation = maker * same["maker"] + parent * same["parent"] + rest * np.eye(24)
        inverse = np.linalg.inv(correlation)
        centre = inverse.sum(axis=0) @ y / inverse.sum()
        assert model.centre(y[:, None])[point, 0] == pytest.approx(centre)
        assert model.squares(y[:, None])[point, 0] == pytest.approx(
            (y - centre) @ inverse @ (y - centre)
        )
