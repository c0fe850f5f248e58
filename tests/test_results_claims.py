"""The board of the Japanese study: every claim is tested, every verdict follows from recorded numbers."""

import json
from pathlib import Path

import pytest

from lib import claims, study

RESULTS = Path(__file__).resolve().parents[1] / "_build" / "ja" / "results.json"


@pytest.fixture(scope="module")
def results():
    """Everything the chapters recorded; `make test` builds the book first."""
    assert RESULTS.is_file(), "there are no results yet; run: make book"
    return json.loads(RESULTS.read_text(encoding="utf-8"))["results"]


@pytest.fixture(scope="module")
def board(results):
    return claims.board(study.load("ja").claims, results)


def test_every_claim_is_tested_on_every_panel_that_it_names(results, board):
    named = {(claim["id"], panel) for claim in study.load("ja").claims for panel in claim["tests"]}
    recorded = {tuple(name.split("/")[1:]) for name in results if name.startswith("claims/") and not name.startswith("claims/count/")}
    assert recorded == named == set(zip(board["claim"], board["panel"], strict=True))


def test_recorded_verdicts_follow_from_recorded_numbers_by_the_rule(results, board):
    for row in board.itertuples():
        assert results[f"claims/{row.claim}/{row.panel}"]["value"] == row.verdict


def test_counts_add_up(results, board):
    for panel in claims.PANELS:
        for word in claims.VERDICTS:
            expected = ((board["panel"] == panel) & (board["verdict"] == word)).sum()
            assert results[f"claims/count/{panel}/{word}"]["value"] == expected


@pytest.mark.parametrize("claim, panel, verdict", [
    ("transfer-code", "source", "supported"), ("transfer-code", "further", "supported"),
    ("transfer-arithmetic", "further", "undecided"), ("translation-direction", "source", "supported"),
    ("translation-direction", "further", "supported"), ("pc1-general", "further", "supported"),
    ("pc2-local", "further", "undecided"), ("commonsense-without-local", "pairs", "contradicted"),
    ("continual-pretraining", "pairs", "supported")])
def test_verdicts_far_from_their_thresholds(results, claim, panel, verdict):
    assert results[f"claims/{claim}/{panel}"]["value"] == verdict


def test_every_piece_of_evidence_says_which_chapter_recorded_it(results, board):
    chapters = {path.stem for path in (RESULTS.parents[2] / "chapters").glob("*.md")}
    assert {results[name]["chapter"] for evidence in board["evidence"] for name in evidence} <= chapters
