"""A forecast is a distribution; it is scored as the theory has it, and holds what it promises in
worlds that are as it assumes."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from lib.stats import effects, forecast, foresight
from lib.stats.resampling import Resampling
from lib.study import load

PAIRS = pd.DataFrame(
    {"parent": list("pqrstupqrstu"), "maker": list("aabbccddeeff")},
    index=[f"child{k}" for k in range(12)],
)


def normal(mean, deviation):
    return stats.norm.ppf(forecast.SHARES, mean, deviation)


@pytest.mark.parametrize("came", [-1.0, 0.3, 2.5])
def test_the_score_is_the_integral_that_defines_it(came):
    """Against the closed form for a normal forecast (Gneiting and Raftery 2007, equation 21)."""
    z = (came - 0.5) / 2
    exact = 2 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    found = forecast.crps(normal(0.5, 2)[None], np.array([came]))[0]
    by_hand = integrate.quad(
        lambda x: (stats.norm.cdf(x, 0.5, 2) - (x >= came)) ** 2, -20, 20, points=[came]
    )[0]
    assert found == pytest.approx(exact, abs=0.02) and by_hand == pytest.approx(exact, abs=1e-6)


def test_no_forecaster_gains_by_saying_something_else_than_it_believes():
    rng = np.random.default_rng(1)
    came = rng.normal(0, 1, 20_000)

    def score(mean, deviation):
        return forecast.crps(np.tile(normal(mean, deviation), (len(came), 1)), came).mean()

    assert score(0, 1) < min(score(0.3, 1), score(0, 0.6), score(0, 1.6))


def test_the_rule_of_the_mean_has_the_textbooks_interval_for_the_next_value():
    values = np.array([0.2, 0.5, 0.1, 0.4])
    low, high = forecast.student(values)[[4, 194]]
    half = stats.t.ppf(0.975, 3) * values.std(ddof=1) * np.sqrt(1.25)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half))


def test_a_new_makers_pair_lies_in_its_interval_as_often_as_promised():
    """Invented pairs with a maker's share of 0.4 and a parent's of 0.2: one more is foreseen."""
    rng, inside = np.random.default_rng(2), []
    makers, parents = (pd.factorize(PAIRS[part])[0] for part in ("maker", "parent"))
    for _ in range(60):
        parts = np.sqrt(0.4) * rng.normal(size=(7, 4)), np.sqrt(0.2) * rng.normal(size=(7, 4))
        rest = np.sqrt(0.4) * rng.normal(size=(13, 4))
        seen = 0.5 + parts[0][makers] + parts[1][parents] + rest[:12]
        table = pd.DataFrame(seen, PAIRS.index, list("wxyz"))
        foreseen = forecast.changes(table, PAIRS, pd.Series("local", table.columns))
        ends = forecast.interval(foreseen)
        came = 0.5 + parts[0][6] + parts[1][6] + rest[12]
        inside += list((ends["low"] <= came) & (came <= ends["high"]))
    assert 0.92 <= np.mean(inside) <= 0.99


def test_the_next_change_is_that_of_simulated_pairs_of_the_posterior():
    """Quantiles against draws of effect, division and pair, one by one."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.normal(0.4, 0.5, 12)}, PAIRS.index)
    found = effects.fit(table, PAIRS, pd.Series({"x": "local"}), steps=8)
    weight = (found.division[:, 0] * found.density.to_numpy()[0]).ravel()
    drawn = rng.choice(len(weight), 100_000, p=weight / weight.sum())
    next_one = found.grid[drawn % len(found.grid)] + found.spread[:, 0].ravel()[
        drawn
    ] * stats.t.rvs(found.freedom, size=len(drawn), random_state=rng)
    ours = found.next_change(np.array([0.1, 0.5, 0.9])).loc["x"]
    assert ours.to_numpy() == pytest.approx(np.quantile(next_one, [0.1, 0.5, 0.9]), abs=0.03)


def test_models_are_foreseen_by_least_squares_and_by_what_it_misses_of_a_new_maker():
    """Against a loop that leaves each maker out by hand, with a straight line."""
    rng, n = np.random.default_rng(4), 24
    english, trained = pd.Series(rng.normal(size=n)), pd.Series(np.arange(n) % 2)
    makers = pd.Series(np.arange(n) // 4)
    scores = pd.DataFrame({"know": english + 2 * trained + rng.normal(0, 0.3, n)})
    at = pd.DataFrame({"english": [0.5], "trained": [1.0]})
    ends = forecast.interval(
        forecast.at_equal_english(scores, english, trained, makers, at, freedom=1)["know"]
    )
    design = np.column_stack([np.ones(n), trained, english])

    def line(kept):
        return np.linalg.lstsq(design[kept], scores["know"].to_numpy()[kept], rcond=None)[0]

    missed = [
        scores["know"][i] - design[i] @ line((makers != makers[i]).to_numpy()) for i in range(n)
    ]
    middle = np.array([1, 1, 0.5]) @ line(np.ones(n, bool))
    half = stats.t.ppf(0.975, 5) * np.sqrt(np.mean(np.square(missed)))
    assert ends.loc[0].tolist() == pytest.approx([middle, middle - half, middle + half], rel=1e-6)


def test_the_share_that_english_explains_is_that_of_a_quadratic_fit():
    rng = np.random.default_rng(5)
    x = rng.normal(size=50)
    y = x + x**2 + rng.normal(size=50)
    rest = y - np.polyval(np.polyfit(x, y, 2), x)
    assert forecast.share(x, y[:, None])[0] == pytest.approx(1 - rest.var() / y.var())


def test_new_data_sets_are_foreseen_less_surely_than_the_old_ones_are_known():
    study = load("is")
    how = Resampling(study.models["lineage"], seed=1, replicates=300)
    ends = forecast.interval(
        forecast.explained(study.scores, study.benchmarks["language"], how)
    ).loc["composite"]
    z = (study.scores - study.scores.mean()) / study.scores.std(ddof=0)
    now = forecast.share(
        z[study.english].mean(axis=1).to_numpy(), z[study.local].mean(axis=1).to_numpy()[:, None]
    )
    assert ends["low"] < now[0] < ends["high"] and ends["high"] - ends["low"] > 0.2


# --- the study


def test_nothing_of_later_snapshots_is_used_to_foresee_them():
    """With the later scores changed, what was foreseen stays as it was."""
    study = load("ja")
    trials = foresight.models_backwards(study)
    known = set(study.scores.index)
    assert not known & set(trials["unit"]) and len(trials) == 3 * 10 * trials["unit"].nunique()
    pairs = foresight.pairs_backwards(study)
    assert set(pairs["snapshot"]) == set(study.snapshots) - {study.default_snapshot}
    widths = pairs[pairs["forecaster"] == foresight.PAIRS[0]].groupby("benchmark")["width"]
    assert (widths.nunique() == 1).all()


def test_what_came_settles_what_was_foreseen():
    """Had the record been made before the last snapshot, that snapshot would settle it."""
    study = load("ja")
    earlier = [
        batch | {"settled_from": "2026-01-01"} for batch in foresight.batches(study, "2026-11-24")
    ]
    found = foresight.settled(study, earlier)
    counts = found.groupby("batch")["unit"].nunique()
    assert counts["change-2026-11-24"] == 4 and counts["model-2026-11-24"] > 15
    row = found[(found["batch"] == "change-2026-11-24") & (found["benchmark"] == "niilc")].iloc[0]
    scores = study.scores_at("2026-06-24")["niilc"]
    parent = study.registry.at[row["unit"], "parent_id"]
    assert row["observed"] == pytest.approx(scores[row["unit"]] - scores[parent])
    beyond = max(row["low"] - row["observed"], row["observed"] - row["high"], 0)
    assert row["interval_score"] == pytest.approx(row["high"] - row["low"] + 40 * beyond)
    assert foresight.settled(study, study.forecasts).empty
