"""The built Japanese book: which tests could have been passed, how the choices were made, and how
many of them agree."""

import pandas as pd
import pytest

from lib.report.results import Results
from lib.stats.estimates import Estimates
from lib.study import load
from lib.summary import chance, history, specifications

STUDY = load("ja")


@pytest.fixture(scope="module")
def possible(board, results):
    return chance.chances(board, results, STUDY, seed=1)


def test_every_test_of_the_board_has_a_chance(board, possible):
    assert set(possible) == set(board.verdicts.index)


def test_some_tests_could_not_have_been_passed_and_others_could_hardly_fail(possible):
    """As an independent simulation found for version 0.1.0: the loadings of the third factor never,
    nothing within half a correlation of zero seldom; exams that carry over nearly always."""
    value = {name: each.value for name, each in possible.items()}
    assert value["pc3-arithmetic-code/source"] < 0.05
    assert value["pc3-arithmetic-code/further"] < 0.1
    assert value["pc2-local/source"] < 0.5 and value["scaling-third/source"] < 0.4
    assert value["transfer-code/source"] > 0.95 and value["translation-direction/source"] > 0.9


def test_what_the_board_says_of_them_is_not_moved_by_the_seed(board, results, possible):
    small = set(chance.too_small(board, possible).verdicts.index)
    again = chance.chances(board, results, STUDY, seed=2)
    sure = {name for name in small if possible[name].value < 0.35 or possible[name].value > 0.65}
    assert sure <= set(chance.too_small(board, again).verdicts.index)
    for name in small:
        assert board.verdicts[name] == "undecided"


def test_only_what_surely_lies_under_one_half_is_called_too_small(board):
    name = board.verdicts.index[(board.verdicts == "undecided").to_numpy()][0]
    for high, count in ((0.49, 1), (0.51, 0)):
        told = Estimates.from_rows({name: {"value": 0.4, "low": 0.3, "high": high}})
        assert chance.too_small(board, told).count == count


# --- specifications


def test_the_boards_own_choices_are_among_the_specifications_and_agree(board, results):
    table = specifications.curve(board, results, STUDY, seed=1)
    ours = table[
        (table["claim"] == "transfer-code")
        & (table["panel"] == "source")
        & (table["specification"] == "pearson / lineages / all / above 0.7")
    ]
    assert ours["verdict"].astype(str).tolist() == ["supported"]
    counts = specifications.agreeing(table)
    assert (counts["agree"] <= counts["of"]).all() and len(counts) == board.count
    said = counts[["supported", "undecided", "contradicted"]].sum(axis=1)
    assert (said == counts["of"]).all()
    sums = specifications.by_claim(counts)
    assert {name: results[f"claims/specifications/{name}"] for name in sums}.keys() == sums.keys()


def test_agreement_is_counted_by_hand():
    rows = [
        ["c", "C", "source", "supported", str(k), v]
        for k, v in enumerate(["supported", "supported", "undecided"])
    ]
    counts = specifications.agreeing(pd.DataFrame(rows, columns=specifications.COLUMNS))
    assert counts.loc[0, ["agree", "of", "supported", "undecided", "contradicted"]].tolist() == [
        2,
        3,
        2,
        1,
        0,
    ]


# --- history


def test_no_threshold_is_said_to_have_been_set_before_results_were_seen():
    assert STUDY.history and not history.blind(STUDY.history)
    assert len(history.changed_after_results(STUDY.history)) == 10
    for choice in STUDY.history:
        assert choice["first_known"] in ("published", "computed")
        if "changed" in choice:
            assert choice["changed_known"] == "computed" and choice["changed"] >= choice["first"]


def test_verdicts_stand_under_the_former_and_the_present_rule():
    results = Results(
        {
            "pairs/difference/a": {
                "value": 0.02,
                "low": 0.01,
                "high": 0.05,
                "low_parents": 0.04,
                "high_parents": 0.05,
            },
            "pairs/difference/b": {"value": -0.06, "low": -0.09, "high": -0.04},
        }
    )
    both = ["pairs/difference/a", "pairs/difference/b"]

    def rule(**given):
        return {"words": "w", "results": both, **given}

    choices = [
        {
            "question": "helps?",
            "first": "2026-11-23",
            "first_known": "computed",
            "changed": "2026-11-24",
            "changed_known": "computed",
            "reason": "r",
            "was": rule(above=0.03),
            "now": rule(above=0.0),
        },
        {
            "question": "unneeded?",
            "first": "2026-11-23",
            "first_known": "computed",
            "changed": "2026-11-24",
            "changed_known": "computed",
            "reason": "r",
            "was": rule(below=0.03),
            "now": rule(within=[-0.03, 0.03], gain=True),
        },
    ]
    told = history.told(choices, results)
    assert told["Verdict then"].tolist() == [
        "1 undecided, 1 contradicted",
        "1 undecided, 1 supported",
    ]
    assert told["Verdict now"].tolist() == ["1 supported, 1 contradicted", "2 undecided"]
    moved = history.moved(choices, results)
    assert moved["now"].tolist() == ["supported", "undecided"]
    parents = {"words": "w", "results": both[:1], "above": 0.03, "interval": "parents"}
    assert history.said(parents, results) == "supported"
    assert history.said({"words": "w", "results": ["gone/a/b"], "above": 0.0}, results) == ""
