"""The hierarchical model of what continuing does: calibrated, and the same by brute force."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lib.stats import crossed, effects, makers, matched_pairs

#: A prior without far tails, so that invented tables fit on a coarse grid.
TAME = effects.Prior(variance=(4, 1.5))


@pytest.fixture(scope="module")
def changes(ja, every):
    return matched_pairs.differences(ja, every) / ja.scores.std(ddof=0)


@pytest.fixture(scope="module")
def kinds(ja):
    return effects.kinds(ja.benchmarks["language"], ja.local_targets)


def drawn(pairs, rng, prior=TAME, benchmarks=4, steps=4):
    """A true table from the prior: effects, changes of pairs, and whether a new pair gains."""
    shares = crossed.lattice(pairs, steps).shares
    shares = shares[rng.integers(len(shares), size=benchmarks)]
    mean = np.clip(rng.normal(0, prior.mean), -2.5, 2.5)
    theta = rng.normal(mean, abs(rng.normal(0, prior.spread)), benchmarks)
    deviation = np.sqrt(
        stats.invgamma.rvs(
            prior.variance[0], scale=prior.variance[1], size=benchmarks, random_state=rng
        )
    )
    values = rng.normal(size=(len(pairs), benchmarks)) * np.sqrt(shares[:, 2])
    for place, part in enumerate(("maker", "parent")):
        labels = pd.factorize(pairs[part])[0]
        values += rng.normal(size=(labels.max() + 1, benchmarks))[labels] * np.sqrt(
            shares[:, place]
        )
    gains = theta + deviation * rng.normal(size=benchmarks) > 0
    return theta, pd.DataFrame(theta + deviation * values, pairs.index), gains


@pytest.fixture(scope="module")
def calibration(every):
    """Ranks of true effects in their posteriors, chances of a new gain, and what came of it."""
    rng, ranks, chances, gains = np.random.default_rng(20), [], [], []
    for _ in range(160):
        theta, table, gained = drawn(every, rng)
        kinds = pd.Series("one", table.columns)
        found = effects.fit(table, every, kinds, TAME, steps=4, points=161)
        density = found.density.to_numpy()
        ranks += [
            np.interp(t, found.grid, np.cumsum(row) - row / 2)
            for t, row in zip(theta, density, strict=True)
        ]
        chances += found.table().frame["new"].to_list()
        gains += gained.tolist()
    return np.array(ranks), np.array(chances), np.array(gains)


# --- is it calibrated? (Talts et al. 2018, arXiv 1804.06788)


def test_true_effects_rank_evenly_in_their_posteriors(calibration):
    ranks = calibration[0].reshape(-1, 4)  # of one table they depend on each other
    assert min(stats.kstest(ranks[:, place], "uniform").pvalue for place in range(4)) > 0.01
    inside = (np.abs(calibration[0] - 0.5) < 0.475).mean()
    assert inside == pytest.approx(0.95, abs=0.02)


def test_chances_that_a_new_maker_gains_come_true_as_often_as_they_say(calibration):
    _, chances, gains = calibration
    for low, high in ((0, 0.3), (0.3, 0.7), (0.7, 1.01)):
        some = (chances >= low) & (chances < high)
        assert gains[some].mean() == pytest.approx(chances[some].mean(), abs=0.07)


def covered(every, maker, parent, tables=1000, **prior):
    """How often the interval of a fixed effect holds it, and how wide it is on average."""
    rng = np.random.default_rng(4)
    labels = {part: pd.factorize(every[part])[0] for part in ("parent", "maker")}
    values = makers.invented(labels, {"maker": maker, "parent": parent}, tables, rng).T
    table = pd.DataFrame(0.5 + 0.5 * values, every.index)
    parts = [table.iloc[:, start : start + 250] for start in range(0, tables, 250)]
    prior = effects.Prior(pooled=False, **prior)
    frame = pd.concat(
        effects.fit(part, every, pd.Series("one", part.columns), prior, steps=6, points=121)
        .table()
        .frame
        for part in parts
    )
    held = (frame["low"] < 0.5) & (frame["high"] > 0.5)
    return held.mean(), (frame["high"] - frame["low"]).mean()


@pytest.mark.parametrize(
    "maker, parent", [(0, 0), (0.3, 0.2), (0.45, 0.4), (0.6, 0), (0.6, 0.2)], ids=str
)
def test_credible_intervals_hold_a_fixed_truth_as_often_whatever_the_makers_share(
    every, maker, parent
):
    assert covered(every, maker, parent)[0] >= 0.93


def test_that_is_what_degrees_of_freedom_of_few_makers_are_for_and_it_costs_little(every):
    plain, ours = covered(every, 0.6, 0, few=False), covered(every, 0.6, 0)
    assert plain[0] < 0.925 < ours[0] and 1 < ours[1] / plain[1] < 1.15


def test_degrees_of_freedom_are_those_of_the_only_part_that_varies():
    """One pair a maker and a parent: the mean of n values has n - 1, whichever part it is."""
    pairs = pd.DataFrame({"parent": list("pqrst"), "maker": list("abcde")})
    model = crossed.lattice(pairs, steps=3)
    parts = 1 / (model.shares**2).sum(axis=1)  # Satterthwaite's, of three parts with 4 each
    np.testing.assert_allclose(model.freedom, 4 * parts)


# --- is it the same computed another way?


def brute_force(y, pairs, prior, rng, draws=120_000):
    """Posterior mean, deviation and chances by importance sampling of the whole model, divisions of
    the variance drawn without a lattice, the likelihood that of a multivariate normal."""
    shares = rng.dirichlet(prior.shares, draws)
    variance = stats.invgamma.rvs(
        prior.variance[0], scale=prior.variance[1], size=draws, random_state=rng
    )
    wide = stats.t(4, y.mean(), 0.25)
    theta = wide.rvs(draws, random_state=rng)
    log = -wide.logpdf(theta)
    parts = [
        np.equal.outer(pairs[each].to_numpy(), pairs[each].to_numpy())
        for each in ("maker", "parent")
    ]
    for batch in np.array_split(np.arange(draws), 40):
        correlation = np.einsum(
            "kp,pij->kij", shares[batch], np.array([*parts, np.eye(len(y))], float)
        )
        root = np.linalg.cholesky(correlation * variance[batch, None, None])
        left = np.linalg.solve(root, (y - theta[batch, None])[:, :, None])[:, :, 0]
        log[batch] -= np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1) + (left**2).sum(1) / 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = weight @ theta
    gains = weight @ stats.norm.cdf(theta / np.sqrt(variance))
    return mean, np.sqrt(weight @ (theta - mean) ** 2), weight @ (np.abs(theta) < 0.2), gains


@pytest.mark.parametrize("benchmark", ["niilc", "jcom"])
def test_effects_are_those_of_importance_sampling(benchmark, changes, every, kinds):
    prior = effects.Prior(pooled=False, few=False)  # the plain model, before any correction
    found = effects.fit(changes[[benchmark]], every, kinds, prior)
    row = found.table().frame.loc[benchmark]
    spread = np.sqrt(found.density.loc[benchmark] @ (found.grid - row["value"]) ** 2)
    ours = [row["value"], spread, row["nothing"], row["new"]]
    peer = brute_force(changes[benchmark].to_numpy(), every, prior, np.random.default_rng(0))
    assert ours == pytest.approx(list(peer), abs=0.02)


def test_a_finer_grid_says_the_same(changes, every, kinds):
    some = ["niilc", "wmt20-en-ja", "jemhopqa", "mgsm"]
    columns = ["value", "low", "high", "nothing", "new"]
    coarse, fine = (
        effects.fit(changes[some], every, kinds, **grid).table().frame[columns]
        for grid in ({}, {"steps": 20, "points": 501})
    )
    np.testing.assert_allclose(coarse, fine, atol=0.02)


def test_alike_benchmarks_lend_each_other_strength_and_unlike_ones_do_not(changes, every, kinds):
    some = list(kinds.index[kinds == "english"])
    widths = {}
    for pooled in (True, False):
        frame = effects.fit(changes[some], every, kinds, effects.Prior(pooled=pooled)).table().frame
        widths[pooled] = frame["high"] - frame["low"]
    assert (widths[True] < widths[False]).mean() > 0.8
    alone = effects.fit(changes[["niilc"]], every, kinds, effects.Prior(pooled=False)).table()
    beside = effects.fit(changes, every, kinds, effects.Prior(pooled=False)).table()
    assert alone["niilc"].value == pytest.approx(beside["niilc"].value, abs=0.01)


# --- what it says of the Japanese study


def test_a_planner_may_expect_knowledge_and_translation_and_no_arithmetic(changes, every, kinds):
    table = effects.fit(changes, every, kinds).table()
    assert {"niilc", "wmt20-en-ja"} <= set(table.clear)
    frame = table.frame
    assert (frame.loc[["niilc", "wmt20-en-ja"], "new"] > 0.75).all()
    assert frame.loc["mgsm", "nothing"] > 0.8 and 0.4 < frame.loc["mgsm", "new"] < 0.6
    assert frame[["maker", "parent"]].sum(axis=1).lt(1).all() and (frame["n"] == 24).all()


def test_makers_who_differ_more_leave_more_open(changes, every, kinds):
    more, less = (
        effects.fit(changes, every, kinds, effects.PRIORS[f"makers differ {each}"]).table().frame
        for each in ("more", "less")
    )
    assert more.loc["niilc", "nothing"] > less.loc["niilc", "nothing"]
    assert more.loc["niilc", "new"] < less.loc["niilc", "new"]


def test_one_maker_tells_no_makers_apart(changes, every, kinds):
    one = every[every["maker"] == "Swallow project"]
    with pytest.raises(ValueError, match="14 pairs of 1 makers tell no makers apart"):
        effects.fit(changes.loc[one.index], one, kinds)
