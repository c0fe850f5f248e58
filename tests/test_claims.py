"""Verdicts follow from the rule alone, and a claim that cannot be tested says why."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lib import claims, documents, forms, settings, study
from lib.reading import InputError
from lib.resampling import Estimate

CLAIM = {"id": "c", "sentence": "A carries over.", "where": "section 4",
         "tests": {"source": {"test": "interval", "result": "transfer/pearson/a~b", "above": 0.8}}}
RESULTS = {"transfer/pearson/a~b": {"value": 0.9, "low": 0.85, "high": 0.95},
           "transfer/pearson/a~c": {"value": 0.5, "low": 0.2, "high": 0.7},
           "transfer/pearson/a~d": {"value": 0.9}}


@pytest.mark.parametrize(("test", "expected"), [
    ({"test": "interval", "result": "transfer/pearson/a~b", "above": 0.8}, "supported"),
    ({"test": "interval", "result": "transfer/pearson/a~b", "above": 0.9}, "undecided"),
    ({"test": "interval", "result": "transfer/pearson/a~c", "above": 0.8}, "contradicted"),
    ({"test": "interval", "result": "transfer/pearson/a~c", "below": 0.8}, "supported"),
    ({"test": "interval", "result": "transfer/pearson/a~c", "within": [0, 1]}, "supported"),
    ({"test": "interval", "result": "transfer/pearson/a~c", "within": [0.3, 1]}, "undecided"),
    ({"test": "interval", "result": "transfer/pearson/a~c", "within": [0.8, 1]}, "contradicted"),
    ({"test": "interval", "result": "transfer/pearson/a~d", "above": 0}, "undecided"),
    ({"test": "each", "results": ["transfer/pearson/a~b", "transfer/pearson/a~c"], "above": 0.1}, "supported"),
    ({"test": "each", "results": ["transfer/pearson/a~b", "transfer/pearson/a~c"], "above": 0.5}, "undecided"),
    ({"test": "each", "results": ["transfer/pearson/a~b", "transfer/pearson/a~c"], "above": 0.8}, "contradicted")])
def test_a_verdict_follows_from_intervals_and_threshold(test, expected):
    row = claims.board([CLAIM | {"tests": {"source": test}}], RESULTS).iloc[0]
    assert row["verdict"] == expected and set(row["evidence"]) <= set(RESULTS)


@given(st.lists(st.sampled_from(claims.VERDICTS), min_size=1))
def test_every_is_no_better_than_its_worst_part(verdicts):
    rank = ["contradicted", "undecided", "supported"].index
    assert rank(claims.every(verdicts)) == min(map(rank, verdicts))


def test_a_panel_without_a_test_has_no_row():
    assert claims.board([CLAIM], RESULTS)["panel"].tolist() == ["source"]


def problems_of(content):
    with pytest.raises(InputError) as caught:
        forms.checked(documents.from_yaml(yaml.safe_dump(content), "claims.yml"), settings.Claims)
    return caught.value.problems


@pytest.mark.parametrize(("change", "message"), [
    ({"tests": {"source": {"test": "guess", "result": "a/b/c", "above": 0.0}}}, "'interval' or 'each'"),
    ({"tests": {"later": CLAIM["tests"]["source"]}}, "'source', 'further' or 'pairs'"),
    ({"tests": {"source": {"test": "interval", "above": 0.0}}}, "result with test interval"),
    ({"tests": {"source": {"test": "interval", "result": "a/b/c"}}}, "exactly one of above, below, within"),
    ({"tests": {"source": {"test": "interval", "result": "a/b/c", "above": 0.0, "below": 1.0}}}, "exactly one of"),
    ({"tests": {"source": {"test": "interval", "result": "x", "above": "much"}}}, "a valid number"),
    ({"tests": {"source": {"test": "interval", "result": "x", "within": [1.0]}}}, "at least 2 items"),
    ({"tests": {"source": {"test": "each", "results": "x", "above": 0.0}}}, "a valid list"),
    ({"tests": {}}, "at least 1 item"), ({"sentence": ""}, "printable text on one line"),
    ({"sentence": "Clear \x1b[2J"}, "printable text on one line"), ({"where": "a\0b"}, "printable text on one line"),
    ({"tests": {"source": {"test": "interval", "result": "a/b/c", "within": [1.0, -1.0]}}}, "the lower one first"),
    ({"tests": {"source": {"test": "interval", "result": "a/b/c", "above": float("inf")}}}, "a finite number"),
    ({"tests": {"source": {"test": "interval", "result": "transfer/pearson", "above": 0}}}, "a result's id of three parts"),
    ({"verdict": "supported"}, "only the keys")])
def test_a_malformed_claim_says_what_is_wrong(change, message):
    problems = problems_of({"claims": [CLAIM | change]})
    assert any(message in problem.allowed for problem in problems), problems


def test_the_same_claim_twice_is_an_error():
    assert "each id once (c is there again)" in problems_of({"claims": [CLAIM, CLAIM]})[0].allowed


def test_the_study_has_its_claims_and_every_claim_a_test_on_its_own_models_or_pairs():
    found = study.load("ja").claims
    assert len(found) >= 14 and all({"source", "pairs"} & set(claim["tests"]) for claim in found)


def test_all_missing_evidence_is_listed_at_once():
    other = CLAIM | {"id": "d", "tests": {"pairs": {"test": "each", "results": ["p/q/r", "p/q/s"], "above": 0}}}
    with pytest.raises(claims.ClaimError) as error:
        claims.board([CLAIM, other], {})
    assert str(error.value).count("no chapter recorded") == 3


def test_an_interval_needs_its_ends():
    assert claims.interval(Estimate(0.9), {"above": 0}) == "undecided"
