"""No verdict of the chapters on transfer and abilities hangs on the seed."""

import numpy as np
import pandas as pd
import pytest

from lib.stats import components, composite, correlation, partial, retention, standing
from lib.stats.estimates import Estimates
from lib.stats.resampling import steady

SEEDS = (20241220, 1, 2, 3, 4)


def transfer(study, seed, threshold=0.7):
    """What chapters/transfer.md judges."""
    how = steady(study.models["lineage"], seed, 200)  # how often single models are drawn
    pairs = study.pairs("translation")
    english = composite.mean(study.scores, study.english)
    return {
        "carries": correlation.pairs(study.scores, how).of(pairs).judged(above=threshold),
        "by-rank": correlation.pairs(study.scores[_of(pairs)], how, method="spearman")
        .of(pairs)
        .judged(above=threshold),
        "english": correlation.each(study.scores[study.local], english, how).judged(
            above=threshold
        ),
    }


def _of(pairs):
    return [each for pair in pairs for each in pair.split("~")]


def abilities(study, seed):
    """What chapters/abilities.md records and data/ja/claims.yml judges, and each check."""
    how = steady(study.models["lineage"], seed, 200)
    fitted = components.fit(study.scores, study.anchors)
    stable = components.stability(study.scores, how, 4, study.anchors)
    kinds = {
        kind: components.parallel(study.scores, seed, kind=kind)
        for kind in ("normal", "permutation")
    }
    after = {
        "left": retention.conditional(study.scores, seed),
        "partials": retention.squared_partials(study.scores),
    }
    checks = standing.checks(study.scores, how, fitted, kinds, stable.congruence, **after)
    return {
        "explained": stable.explained.judged(above=0.5),
        "loadings": stable.loadings.judged(above=0.25),
        "directions": stable.loadings.judged(above=0),
        "places": stable.scores.judged(above=0),
        "checks": checks.frame["passed"],
        "status": standing.status(checks),
    }


def told(found):
    """Every verdict by its name."""
    return {
        f"{kind}/{subject}": str(value)
        for kind, table in found.items()
        for subject, value in (
            table.frame["verdict"] if isinstance(table, Estimates) else table
        ).items()
    }


@pytest.mark.parametrize("page", [transfer, abilities])
def test_five_seeds_give_the_same_verdicts(ja, page):
    each = pd.DataFrame({seed: told(page(ja, seed)) for seed in SEEDS})
    moved = each.index[each.nunique(axis=1) > 1]
    assert len(each) > 10 and not list(moved)


def test_pairs_given_general_ability_are_judged_over_every_draw(ja):
    """The whole table takes half a minute a seed; what makes it independent of the seed is that
    the replicates are the same, so these are compared."""
    plans = [steady(ja.models["lineage"], seed, 50) for seed in SEEDS[:2]]
    one, two = (np.concatenate(list(plan.chunks())) for plan in plans)
    assert np.array_equal(one, two) and len(one) == len(plans[0].chances)
    few = ja.scores[["mmlu", "jmmlu", "gsm8k", "mgsm", "niilc", "triviaqa"]]
    low = {partial.pairs(few, plan).frame["low"].sum() for plan in plans}
    assert len(low) == 1


def test_the_loading_that_lay_on_the_threshold_lies_below_it(ja):
    """Ten thousand draws gave 0.243 to 0.254, by seed; all 92,378 give 0.248."""
    how = steady(ja.models["lineage"], 1, 50)
    loadings = components.stability(ja.scores, how, 4, ja.anchors).loadings
    assert loadings["PC2/jemhopqa"].low == pytest.approx(0.2477, abs=2e-4)
