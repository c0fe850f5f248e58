"""The built Japanese book: one question has one threshold, and whoever moves it moves every page
that tells of it."""

import pytest

from lib.report.results import Results
from lib.stats.verdicts import Verdict, mostly, weakest
from lib.study import load
from lib.summary import chance, claims, findings

STUDY = load("ja")


@pytest.fixture(scope="module")
def stricter(results):
    """What would be recorded had the chapter on transfer run with threshold = 0.95."""
    records = dict(results.records)
    for topic in ("transfer/carries", "transfer/english"):
        for subject, each in results.topic(topic).judged(above=0.95).items():
            records[f"{topic}/{subject}"] = each.as_dict()
    return Results(records)


# --- the board


def test_every_claim_is_tested_on_every_panel_that_it_names(results, board):
    named = {f"{claim['id']}/{panel}" for claim in STUDY.claims for panel in claim["tests"]}
    recorded = {
        name.removeprefix("claims/")
        for name in results
        if name.startswith("claims/")
        and name.split("/")[1] not in ("count", "chance", "specifications")
    }
    assert recorded == named == set(board.verdicts.index)


def test_recorded_verdicts_and_counts_are_the_boards(results, board):
    assert {
        name: results[f"claims/{name}"] for name in board.verdicts.index
    } == board.verdicts.to_dict()
    assert {name: results[f"claims/count/{name}"] for name in board.tally} == board.tally
    again = claims.recorded(STUDY.claims, results)
    assert again.verdicts.to_dict() == board.verdicts.to_dict() and again.tally == board.tally


@pytest.mark.parametrize(
    "claim, panel, verdict",
    [
        ("transfer-code", "source", "supported"),
        ("transfer-code", "further", "supported"),
        ("transfer-arithmetic", "further", "undecided"),
        ("translation-direction", "source", "supported"),
        ("translation-direction", "further", "supported"),
        ("pc1-general", "further", "supported"),
        ("pc2-local", "further", "undecided"),
        ("commonsense-without-local", "pairs", "undecided"),
        ("code-without-local", "pairs", "undecided"),
        ("continual-pretraining", "pairs", "supported"),
    ],
)
def test_verdicts_far_from_their_thresholds(results, claim, panel, verdict):
    assert results[f"claims/{claim}/{panel}"] == verdict


def test_every_verdict_is_in_the_counts(results):
    tested = claims.recorded(STUDY.claims, results)
    found = {"supported": tested.supported, "undecided": tested.undecided}
    assert {name: board.count for name, board in found.items()} == {
        name: tested.counts[name].sum() for name in found
    }
    assert tested.contradicted.count == tested.counts["contradicted"].sum() == 0


def test_each_claim_against_parents_says_on_how_many_pairs_it_rests(results):
    prefix = "claims/count/pairs-of/"
    found = {
        name.removeprefix(prefix): results[name] for name in results if name.startswith(prefix)
    }
    fewer = {"continual-pretraining"}
    assert set(found) == {each["id"] for each in STUDY.claims if "pairs" in each["tests"]}
    assert {name for name, pairs in found.items() if pairs != 24} == fewer
    assert found["continual-pretraining"] == 15


def test_no_number_has_two_verdicts(results, board):
    """Where a test reads a chapter, its verdict is the chapter's; where one brings a threshold, no
    chapter has judged."""
    for claim in STUDY.claims:
        for panel, test in claim["tests"].items():
            judged = [results[name].verdict for name in claims.evidence(test)]
            if test["test"] == "verdict":
                found = [each.turned if test.get("opposite") else each for each in judged]
                assert board.verdicts[f"{claim['id']}/{panel}"] == weakest(found)
            elif test["test"] in ("interval", "each") and "within" not in test:
                assert not any(judged), (claim["id"], panel)


def test_every_page_counts_apart_what_these_models_could_not_have_supported(results, board):
    """Pages read the chances that the chapter on claims recorded, and tell what it tells."""
    here = claims.recorded(STUDY.claims, results)
    small = chance.too_small(here, results.topic("claims/chance"))
    counted = here.counted(small)
    assert small.count and (counted.sum(axis=1) == here.counts.sum(axis=1)).all()
    assert counted[claims.TOO_SMALL].sum() == small.count
    assert (here.worded(small) == claims.TOO_SMALL).sum(axis=None) == small.count
    recorded = results.words("claims/count")
    for name, count in here.apart(small).items():
        assert recorded[name] == count
        panel = name.split("/")[0]
        parts = [recorded[f"{panel}/{each}"] for each in ("open", "unsupportable")]
        assert sum(parts) == recorded[f"{panel}/undecided"]


def test_the_first_page_shows_what_the_chapters_recorded(results):
    front = findings.of(STUDY, results)
    assert results["index/verdict"] == front.verdict
    for name, table in front.shown.items():
        recorded = results.topic(f"index/{name}")
        assert set(recorded) == set(table) and all(
            recorded[each].value == table[each].value for each in table
        )


def test_every_local_benchmark_that_rose_is_among_the_gains_with_its_answer(results):
    front = findings.of(STUDY, results)
    assert (
        "jcom" in front.gains.supported and "jemhopqa" in front.gains
    )  # chosen by what happened, not by kind of task
    assert set(front.gains.verdicts) | set(front.losses.verdicts) <= set(Verdict)


# --- one parameter changed


def test_a_stricter_threshold_of_transfer_reaches_the_claims(results, stricter, board):
    moved = claims.board(STUDY.claims, stricter)
    for claim in ("transfer-academic", "transfer-arithmetic", "transfer-code"):
        assert board.verdicts[f"{claim}/source"] == "supported"
        for panel in ("source", "further"):
            assert moved.verdicts[f"{claim}/{panel}"] != "supported", (claim, panel)
    changed = moved.where(moved.verdicts.to_numpy() != board.verdicts.to_numpy())
    assert set(changed.frame["owner"]) == {"transfer"}  # and no other claim moves
    assert set(moved.frame.loc[moved.frame["owner"] == "transfer", "regions"].sum()) <= {
        claims.Region(0.95),
        claims.Region(below=0.95),
    }


def test_a_stricter_threshold_of_transfer_reaches_the_first_page_and_the_conclusions(
    results, stricter
):
    before, after = findings.of(STUDY, results), findings.of(STUDY, stricter)
    assert before.carries.supported.count == 3 and after.carries.supported.count == 0
    assert after.carries.threshold == after.follows.threshold == 0.95
    assert after.follows.contradicted.count > before.follows.contradicted.count
    assert before.verdict == after.verdict == "supported"  # it rests on pairs alone


def test_a_stricter_threshold_of_transfer_reaches_the_counts(stricter, board):
    moved = claims.board(STUDY.claims, stricter)
    recorded = Results(
        stricter.records
        | {f"claims/{name}": {"value": str(word)} for name, word in moved.verdicts.items()}
    )
    tested = claims.recorded(STUDY.claims, recorded)
    assert tested.tally == moved.tally != board.tally
    assert mostly(tested.verdicts) == mostly(moved.verdicts)
    assert not {"transfer-academic", "transfer-code"} & set(tested.firm.claims)
