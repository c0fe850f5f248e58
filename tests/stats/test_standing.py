"""Real, shaky or noise: the rule on made-up checks, and the checks against rotation's own."""

import numpy as np
import pandas as pd
import pytest

from lib.stats import components, resampling, retention, rotation, standing
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling


def made_up(noise, some, lineages, left_out, left=None):
    rows = {
        "noise": (1.5, noise, some),
        "lineages": (0.9, lineages, None),
        "without-lineage": (0.9, left_out, None),
    }
    if left is not None:
        rows["conditional"] = (1.5, left, None)
    return Estimates(
        pd.DataFrame.from_dict(
            {
                standing.CHECKS[check].format("PC1"): {
                    "check": check,
                    "component": "PC1",
                    "value": value,
                    "passed": passed,
                    "some": any_,
                }
                for check, (value, passed, any_) in rows.items()
            },
            orient="index",
        )
    )


@pytest.mark.parametrize(
    ("noise", "some", "lineages", "left_out", "expected"),
    [
        (True, True, True, True, "real"),
        (True, True, False, True, "shaky"),  # above noise, but not the same in resampled lineages
        (True, True, True, False, "shaky"),
        (True, True, False, False, "shaky"),
        (False, True, True, True, "shaky"),  # one kind of noise leaves it standing
        (False, True, False, False, "shaky"),
        (False, False, True, True, "shaky"),  # always the same, and no stronger than noise
        (False, False, False, True, "noise"),
        (False, False, False, False, "noise"),
    ],
)
def test_the_rule(noise, some, lineages, left_out, expected):
    assert standing.status(made_up(noise, some, lineages, left_out))["PC1"] == expected


def test_what_cannot_be_left_out_is_no_evidence_of_a_real_component():
    table = made_up(True, True, True, True).without(["without-lineage/PC1"])
    assert standing.status(table)["PC1"] == "shaky"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["real", "real"], "yes"),
        (["real", "shaky"], "open"),
        (["shaky", "shaky"], "open"),
        (["real", "noise"], "no"),
        (["shaky", "noise"], "no"),
        (["noise", "noise"], "no"),
    ],
)
def test_there_are_several_abilities_only_where_a_second_one_is_real(words, answer):
    assert standing.several(pd.Series(words)).answer == answer


@pytest.mark.parametrize(
    ("noise", "again", "left", "expected"),
    [
        (False, False, True, "weak"),  # more than what those before leave, and no more than that
        (False, False, False, "noise"),
        (False, True, True, "shaky"),  # always the same: what is left decides nothing
        (True, True, False, "real"),
        (True, False, False, "shaky"),
    ],
)
def test_what_those_before_leave_parts_weak_from_noise(noise, again, left, expected):
    table = made_up(noise, noise, again, again, left)
    assert standing.status(table)["PC1"] == expected


@pytest.fixture(scope="module")
def checked(ja):
    how = Resampling(ja.models["lineage"], 0, 1_000)
    fitted = components.fit(ja.scores, ja.anchors)
    kinds = {
        kind: components.parallel(ja.scores, 0, kind=kind) for kind in ("normal", "permutation")
    }
    again = components.stability(ja.scores, how, anchors=ja.anchors).congruence
    after = {
        "left": retention.conditional(ja.scores, 0),
        "partials": retention.squared_partials(ja.scores),
    }
    return fitted, kinds, again, standing.checks(ja.scores, how, fitted, kinds, again, **after)


def test_only_general_ability_is_real_beyond_doubt(checked):
    """The second comes out without any one lineage, but not in every resampling of ten."""
    status = standing.status(checked[3])
    assert status.to_dict() == {"PC1": "real", "PC2": "shaky", "PC3": "weak", "PC4": "noise"}
    assert standing.sorted_out(status) == {
        "real": ["PC1"],
        "shaky": ["PC2"],
        "weak": ["PC3"],
        "noise": ["PC4"],
    }


def test_checks_are_those_of_rotation_and_components(ja, checked):
    fitted, kinds, again, table = checked
    low, high = resampling.percentiles(again.to_numpy(), 10)
    resampled = table.where(table.frame["check"] == "lineages").frame
    assert resampled["low"].tolist() == pytest.approx(low.tolist()) and resampled[
        "high"
    ].tolist() == pytest.approx(high.tolist())
    worst = rotation.without_each(ja.scores, ja.models["lineage"], fitted, 4).min()
    assert standing.least(table, "without-lineage").values.to_dict() == pytest.approx(
        worst.to_dict()
    )
    threshold = np.maximum(kinds["normal"]["threshold"], kinds["permutation"]["threshold"])
    assert table["noise/PC2"].value == pytest.approx(fitted.eigenvalues["PC2"] / threshold["PC2"])
    assert list(standing.least(table, "varimax", "oblimin")) == ["PC1", "PC2"]
    assert standing.least(table, "varimax", "oblimin")["PC2"].value == min(
        table[f"rotation/PC2@{how}"].value for how in rotation.ROTATIONS
    )
    assert (table["noise/PC1"].n, table["congruence/PC1"].lineages) == (35, 10)


def test_a_component_comes_out_again_in_a_share_of_the_replicates():
    replicates = pd.DataFrame({"PC1": [0.9, 0.99, 0.8, 0.95], "PC2": [0.1, 0.2, 0.9, 0.3]})
    assert standing.again(replicates, 0.85).values.to_dict() == {"PC1": 0.75, "PC2": 0.25}


def test_two_components_stand_above_noise_whichever_lineage_is_left_out(ja):
    assert set(standing.retained_without(ja.scores, ja.models["lineage"], 0)) == {2}


@pytest.mark.parametrize(("benchmarks", "factors"), [(3, 1), (5, 2), (6, 3), (19, 13)])
def test_factors_never_outnumber_what_benchmarks_tell_apart(benchmarks, factors):
    """Ledermann's bound: (p - k)^2 >= p + k."""
    assert standing.most_factors(benchmarks) == factors
    assert (benchmarks - factors) ** 2 >= benchmarks + factors and (
        benchmarks - factors - 1
    ) ** 2 < benchmarks + factors + 1


@pytest.mark.parametrize(("models", "benchmarks"), [(12, 3), (12, 6), (8, 5)])
def test_small_tables_have_fewer_checks_and_no_error(models, benchmarks):
    rng = np.random.default_rng(models + benchmarks)
    general = rng.normal(size=(models, 1))
    scores = pd.DataFrame(
        general + rng.normal(size=(models, benchmarks)) / 2,
        columns=[f"b{k}" for k in range(benchmarks)],
    )
    how = Resampling(pd.Series(np.arange(models) // 2, scores.index), 1, 200)
    fitted = components.fit(scores)
    kinds = {
        kind: components.parallel(scores, 1, kind=kind, draws=200)
        for kind in ("normal", "permutation")
    }
    again = components.stability(scores, how, components=3).congruence
    table = standing.checks(scores, how, fitted, kinds, again)
    assert set(standing.status(table)) <= set(standing.STATUSES)


def test_one_lineage_that_holds_most_models_is_not_left_out():
    scores = pd.DataFrame(np.random.default_rng(1).normal(size=(6, 4)), columns=list("abcd"))
    lineages = pd.Series(["big"] * 5 + ["small"], scores.index)
    assert standing.left_out(scores, lineages, components.fit(scores), 2).empty
    assert list(standing.retained_without(scores, lineages, 0).index) == ["small"]
