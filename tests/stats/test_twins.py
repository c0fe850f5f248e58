"""A translated task against its original, within the pair; equivalence by the whole interval."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import ttost_paired

from lib.stats import makers, matched_pairs, twins


@pytest.fixture(scope="module")
def translated(ja):
    """`original~translation`."""
    pairs = ja.pairs_of_counterparts("translation")
    local = set(ja.local)
    return ["~".join(sorted(pair, key=local.__contains__)) for pair in pairs]


def gained(ja, every, ids, scale=None):
    return makers.mean(twins.gains(matched_pairs.differences(ja, every), ids, scale), every)


def test_what_changes_alike_drops_out_on_either_scale():
    difference = pd.DataFrame({"en": [0.1, -0.2], "ja": [0.1, -0.2]})
    for scale in (None, pd.Series({"en": 0.1, "ja": 0.3})):
        assert twins.gains(difference, ["en~ja"], scale).to_numpy() == pytest.approx(0)
    scaled = twins.gains(difference.assign(ja=0.0), ["en~ja"], pd.Series({"en": 0.1, "ja": 0.7}))
    assert scaled["en~ja"].to_list() == pytest.approx([-0.2, 0.4])


def test_with_independent_pairs_equivalence_is_two_one_sided_tests():
    rng, pairs = np.random.default_rng(1), pd.DataFrame({"parent": range(30)})
    for shift in (0.0, 0.1, 0.2):
        one, other = rng.normal(0, 0.3, (2, 30))
        difference = pd.DataFrame({"en": one, "ja": other + shift})
        table = makers.mean(twins.gains(difference, ["en~ja"]), pairs, ("parent",))
        p = ttost_paired(other + shift, one, -0.2, 0.2)[0]
        assert (str(twins.equivalent(table).weakest) == "supported") == (p < 0.025)


def test_exams_gained_in_japanese_beyond_their_english_originals(ja, every, translated):
    table = gained(ja, every, translated)
    assert round(table["mmlu~jmmlu"].value, 3) == 0.057 and "mmlu~jmmlu" in table.clear


def test_a_loss_in_code_is_no_sign_that_it_needs_no_japanese_but_its_twin_is_weighed(
    ja, every, translated
):
    raw = gained(ja, every, translated)
    assert round(raw["humaneval~jhumaneval"].value, 3) == -0.008
    judged = twins.equivalent(gained(ja, every, translated, ja.scores.std(ddof=0)))
    assert judged.frame["below"].eq(0.2).all() and set(judged) == set(raw)


def test_what_is_missing_is_left_out():
    difference = pd.DataFrame({"en": [0.1]})
    assert twins.gains(difference, ["en~ja"]).shape == (1, 0)
