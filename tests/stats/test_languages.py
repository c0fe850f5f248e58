"""Numbers of many languages: against values by hand, by statsmodels, and by simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as draw
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from lib.stats import languages, local_ability

FAMILIES = pd.Series(dict(zip("abcdefghijkl", "ssssrrrrggbb", strict=True)))


def found(value, without=None):
    value = pd.Series(value)
    rows = [value] * 4 if without is None else without
    return languages.Measured(value, pd.DataFrame(rows, columns=value.index), value)


def test_leaving_a_lineage_out_is_fitting_without_its_models():
    rng = np.random.default_rng(1)
    models = [f"m{number}" for number in range(14)]
    table = pd.DataFrame(rng.normal(size=(14, 5)), models, list("uvwxy"))
    table += rng.normal(size=(14, 1))
    side = pd.Series(dict(zip("uvwxy", ["local"] * 3 + ["english"] * 2, strict=True)))
    lineages = pd.Series([f"l{number // 3}" for number in range(14)], models)
    known = pd.Series({"u": True, "v": False, "w": False, "x": False, "y": True})
    share = languages.measured(
        {"xx": table}, lineages, lambda t, w: local_ability.share(t, w, side)
    )
    assert share.value["xx"] == pytest.approx(local_ability.fit(table, side).r2, abs=1e-12)
    for name in lineages.unique():
        rest = table[lineages != name]
        fitted = local_ability.fit(rest, side)
        assert share.without.at[name, "xx"] == pytest.approx(fitted.r2, abs=1e-9)
        ones = np.ones((1, len(rest)))
        weights = (lineages != name).to_numpy(float)[None]
        lead = local_ability.lead(table, weights, side, known)[0]
        assert lead == pytest.approx(local_ability.lead(rest, ones, side, known)[0], abs=1e-9)
        assert lead == pytest.approx(
            fitted.carries["u"] - fitted.carries[["v", "w"]].mean(), abs=1e-9
        )
        follows = local_ability.follows(table, weights, side, known)[0]
        assert follows == pytest.approx(rest["u"].corr(fitted.english), abs=1e-9)


def test_a_lineage_of_other_languages_models_changes_nothing_here():
    tables = {
        "xx": pd.DataFrame({"a": [1.0, 2.0]}, index=["m", "n"]),
        "yy": pd.DataFrame({"a": [3.0, 5.0]}, index=["n", "o"]),
    }
    lineages = pd.Series({"m": "l", "n": "k", "o": "j"})
    got = languages.measured(tables, lineages, lambda t, w: w @ t["a"].to_numpy() / w.sum(axis=1))
    assert got.value.to_dict() == {"xx": 1.5, "yy": 4.0} and list(got.without.index) == list("lkj")
    assert got.without["xx"].tolist() == [2.0, 1.0, 1.5]
    assert got.without["yy"].tolist() == [4.0, 5.0, 3.0]


def test_the_interval_of_a_mean_adds_what_lineages_and_families_show():
    value = pd.Series({"a": 0.2, "b": 0.4, "e": 0.9, "i": 0.5})
    without = [value + 0.1, value - 0.1, value]
    (row,) = [languages.mean(found(value, without), FAMILIES)["mean"]]
    by_family = np.array([(0.9 + 0.5) / 2, (0.2 + 0.4 + 0.5) / 3, (0.2 + 0.4 + 0.9) / 3])
    total = 2 / 3 * 2 * 0.1**2 + 2 / 3 * ((by_family - 0.5) ** 2).sum()
    half = stats.t.ppf(0.975, 2) * np.sqrt(total)
    assert (row.value, row.low, row.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half))


def test_tau_is_that_of_statsmodels_where_errors_are_independent():
    """Hedges' moment estimator, there as one step of the iteration by Cochran's ANOVA: with equal
    error variances every estimator of tau that uses moments agrees."""
    rng = np.random.default_rng(2)
    values = pd.Series(rng.normal(0.5, 0.2, 12), list(FAMILIES.index))
    size, groups = 0.05, 12
    # Each language errs by itself: leaving lineage k out moves language k alone.
    step = size * np.sqrt(groups / (groups - 1))
    measured = found(values, values.to_numpy() + step * np.eye(groups))
    assert np.allclose(measured.errors, size**2 * np.eye(groups))
    theirs = combine_effects(values.to_numpy(), np.full(groups, size**2), method_re="iterated")
    assert languages.spread(measured, FAMILIES).tau ** 2 == pytest.approx(theirs.tau2, rel=1e-3)


def test_errors_that_all_languages_share_are_no_difference_between_them():
    values = pd.Series([0.50, 0.52, 0.48, 0.50], list("aeik"))
    shared = found(values, [values + 0.3, values - 0.3, values])
    alone = found(values)
    assert languages.spread(shared, FAMILIES).tau == pytest.approx(
        languages.spread(alone, FAMILIES).tau
    )
    wide, narrow = (languages.mean(each, FAMILIES)["mean"] for each in (shared, alone))
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


def test_the_interval_of_the_mean_covers_it_with_shared_models_and_related_languages():
    """Twelve languages of four families, measured with the same ten lineages: at nominal 95%."""
    rng, inside, rounds = np.random.default_rng(3), [], 1500
    labels = FAMILIES.to_numpy()
    for _ in range(rounds):
        family = dict(zip("srgb", rng.normal(0, 0.5, 4), strict=True))
        truth = np.array([family[each] for each in labels]) + rng.normal(0, 0.3, 12)
        lineage = rng.normal(0, 1, (10, 1)) + rng.normal(0, 0.7, (10, 12))
        values = truth + lineage.mean(axis=0)
        without = truth + (lineage.sum(axis=0) - lineage) / 9
        row = languages.mean(found(pd.Series(values, FAMILIES.index), without), FAMILIES)["mean"]
        inside.append(row.low <= 0 <= row.high)
    assert np.mean(inside) >= 0.93


@given(draw.lists(draw.floats(0, 1), min_size=12, max_size=12), draw.randoms(use_true_random=False))
def test_the_order_of_languages_changes_nothing(numbers, random):
    value = pd.Series(numbers, list(FAMILIES.index))
    shuffled = value.sample(frac=1, random_state=random.randrange(1000))
    for one, other in zip(
        languages.mean(found(value), FAMILIES).frame.iloc[0][["value", "low", "high"]],
        languages.mean(found(shuffled), FAMILIES).frame.iloc[0][["value", "low", "high"]],
        strict=True,
    ):
        assert one == pytest.approx(other, abs=1e-9)


def test_a_rank_correlation_is_scipys_and_its_interval_stays_within_one():
    rng = np.random.default_rng(4)
    value = pd.Series(rng.normal(size=12), list(FAMILIES.index))
    known = pd.DataFrame({"near": value + 0.01, "far": rng.normal(size=12)}, value.index)
    known.loc["a", "far"] = np.nan
    without = value.to_numpy() + rng.normal(0, 0.1, (6, 12))
    got = languages.along(found(value, without), known, FAMILIES)
    assert got["near"].value == pytest.approx(1) and got["near"].high <= 1 and got["far"].low >= -1
    assert got["far"].n == 11
    assert got["far"].value == pytest.approx(stats.spearmanr(value[1:], known["far"][1:])[0])


def test_a_language_is_foretold_without_its_whole_family():
    value = pd.Series(np.arange(12.0), FAMILIES.index)
    told = languages.foretold(value, pd.DataFrame({"x": value}), FAMILIES)
    assert np.allclose(told["line"], value)  # the line is the same wherever it is fitted
    assert told.loc["a", "mean"] == value[FAMILIES != "s"].mean()
    assert list(languages.foretold(value, pd.DataFrame({"x": value[:8]}), FAMILIES).index) == list(
        "abcdefgh"
    )


def test_a_difference_between_languages_leaves_out_families_that_can_be():
    value = pd.Series({"a": 0.2, "b": 0.4, "e": 0.9, "i": 0.5})
    row = languages.difference(found(value), ["e"], FAMILIES)["difference"]
    assert row.value == pytest.approx(0.9 - (0.2 + 0.4 + 0.5) / 3) and row.groups == 2
