"""A verdict needs six of what it rests on; the rule stands once, and every table follows it."""

import dataclasses

import pytest

from lib import words
from lib.stats.estimates import Estimates
from lib.stats.verdicts import FEWEST, Estimate, Verdict, too_few

SURE = Estimate(0.92, 0.92, 0.92, n=40, groups=FEWEST)


def test_five_groups_that_agree_do_so_by_chance_too_often_and_six_do_not():
    """The exact sign-flip test: all on one side, in 2 of 2^groups ways."""
    assert 2 / 2 ** (FEWEST - 1) > 0.05 > 2 / 2**FEWEST


@pytest.mark.parametrize("units", ["lineages", "parents", "families"])
def test_an_interval_over_five_groups_settles_nothing_however_short(units):
    few = dataclasses.replace(SURE, groups=5, units=units)
    assert few.judged(above=0.5).verdict == few.judged(below=0.5).verdict == Verdict.UNDECIDED
    assert few.too_few == f"five {units} are too few for a verdict"
    assert SURE.judged(above=0.5).verdict == Verdict.SUPPORTED and not SURE.too_few


def test_five_models_settle_nothing_whatever_their_groups():
    few = dataclasses.replace(SURE, n=5)
    assert few.judged(above=0.5).verdict == Verdict.UNDECIDED


def test_makers_left_out_in_turn_are_wide_by_themselves():
    assert (
        dataclasses.replace(SURE, groups=5, units="makers").judged(above=0.5).verdict == "supported"
    )


def test_a_table_judges_clears_and_discovers_by_the_same_rule():
    table = Estimates.from_rows(
        {"few": dataclasses.replace(SURE, low=0.9, groups=5), "enough": SURE}
    )
    assert list(table.judged(above=0.5).undecided) == ["few"]
    assert list(table.clear) == ["enough"]
    assert list(table.discovered(rate=0.05)) == ["enough"]


def test_the_reason_is_a_sentence_for_one_and_for_several():
    assert too_few(lineages=1) == "one lineage is too few for a verdict"
    assert too_few(lineages=9, models=0) == "no models are too few for a verdict"


@pytest.mark.parametrize("value, said", [(20.0, "20"), (123.0, "120"), (0.023, "0.023")])
def test_significant_digits_never_become_powers_of_ten(value, said):
    assert words.number(value, ".2g") == said
