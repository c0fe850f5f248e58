"""Real, shaky or noise: the rule on made-up checks, and the checks against rotation's own."""

import numpy as np
import pandas as pd
import pytest

from lib import abilities, resampling, rotation, standing, study


def made_up(noise, some, lineages, left_out):
    rows = {("noise", "PC1"): (1.5, noise, some), ("lineages", "PC1"): (0.9, lineages, None), ("without-lineage", "PC1"): (0.9, left_out, None)}
    return pd.DataFrame.from_dict({key: {"value": value, "low": 0.8, "high": 0.99, "passed": passed, "some": any_} for key, (value, passed, any_) in rows.items()},
                                  orient="index").rename_axis(["check", "component"])


@pytest.mark.parametrize(("noise", "some", "lineages", "left_out", "expected"), [
    (True, True, True, True, "real"),
    (True, True, False, True, "shaky"),  # above noise, but not the same in resampled lineages
    (True, True, True, False, "shaky"),
    (True, True, False, False, "shaky"),
    (False, True, True, True, "shaky"),  # one kind of noise leaves it standing
    (False, True, False, False, "shaky"),
    (False, False, True, True, "shaky"),  # always the same, and no stronger than noise
    (False, False, False, True, "noise"),
    (False, False, False, False, "noise"),
])
def test_the_rule(noise, some, lineages, left_out, expected):
    table = made_up(noise, some, lineages, left_out)
    assert standing.status(table)["PC1"] == expected
    assert standing.why(table, "PC1").startswith("PC1 ")


def test_what_cannot_be_left_out_is_no_evidence_of_a_real_component():
    table = made_up(True, True, True, True).drop("without-lineage", level="check")
    assert standing.status(table)["PC1"] == "shaky"


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def checked(ja):
    rng = np.random.default_rng(0)
    fitted = abilities.fit(ja.scores, ja.anchors)
    kinds = {kind: abilities.parallel(ja.scores, rng, kind=kind) for kind in ("normal", "permutation")}
    again = abilities.stability(ja.scores, ja.models["lineage"], rng, anchors=ja.anchors, replicates=1_000).congruence
    return fitted, kinds, again, standing.checks(ja.scores, ja.models["lineage"], fitted, kinds, again)


def test_only_general_ability_is_real_beyond_doubt(checked):
    """The second component is retained and comes out without any one lineage, but not in every resampling of ten."""
    assert standing.status(checked[3]).to_dict() == {"PC1": "real", "PC2": "shaky", "PC3": "noise", "PC4": "noise"}


def test_checks_are_those_of_rotation_and_abilities(ja, checked):
    fitted, kinds, again, table = checked
    low, high = resampling.percentiles(again.to_numpy(), 10)
    assert table.loc["lineages", "low"].tolist() == pytest.approx(low.tolist())
    assert table.loc["lineages", "high"].tolist() == pytest.approx(high.tolist())
    worst = rotation.without_each(ja.scores, ja.models["lineage"], fitted, 4).min()
    assert table.loc["without-lineage", "value"].tolist() == pytest.approx(worst.tolist())
    threshold = np.maximum(kinds["normal"]["threshold"], kinds["permutation"]["threshold"])
    assert table.loc[("noise", "PC2"), "value"] == pytest.approx(fitted.eigenvalues["PC2"] / threshold["PC2"])
    assert set(table.loc["varimax"].index) == {"PC1", "PC2"}


@pytest.mark.parametrize(("benchmarks", "factors"), [(3, 1), (5, 2), (6, 3), (19, 13)])
def test_factors_never_outnumber_what_benchmarks_tell_apart(benchmarks, factors):
    """Ledermann's bound: (p - k)^2 >= p + k."""
    assert standing.most_factors(benchmarks) == factors
    assert (benchmarks - factors) ** 2 >= benchmarks + factors and (benchmarks - factors - 1) ** 2 < benchmarks + factors + 1


@pytest.mark.parametrize(("models", "benchmarks"), [(12, 3), (12, 6), (8, 5)])
def test_small_tables_have_fewer_checks_and_no_error(models, benchmarks):
    rng = np.random.default_rng(models + benchmarks)
    general = rng.normal(size=(models, 1))
    scores = pd.DataFrame(general + rng.normal(size=(models, benchmarks)) / 2, columns=[f"b{k}" for k in range(benchmarks)])
    lineages = pd.Series(np.arange(models) // 2, scores.index)
    fitted = abilities.fit(scores)
    kinds = {kind: abilities.parallel(scores, rng, kind=kind, draws=200) for kind in ("normal", "permutation")}
    again = abilities.stability(scores, lineages, rng, components=3, replicates=200).congruence
    table = standing.checks(scores, lineages, fitted, kinds, again)
    assert set(standing.status(table)) <= set(standing.STATUSES)


def test_one_lineage_that_holds_most_models_is_not_left_out():
    scores = pd.DataFrame(np.random.default_rng(1).normal(size=(6, 4)), columns=list("abcd"))
    lineages = pd.Series(["big"] * 5 + ["small"], scores.index)
    assert standing.left_out(scores, lineages, abilities.fit(scores), 2).empty
