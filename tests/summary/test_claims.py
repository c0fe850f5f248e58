"""Verdicts on claims are read where a chapter gave them, follow from the rule elsewhere, and what
is missing is said."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lib.claims import Claims
from lib.reading import InputError, documents, forms
from lib.report.results import Results
from lib.stats.verdicts import Estimate, Verdict
from lib.study import load
from lib.summary import SummaryError, claims

HIGH, MIDDLE = {"value": 0.9, "low": 0.85, "high": 0.95}, {"value": 0.5, "low": 0.2, "high": 0.7}
RESULTS = Results(
    {
        "transfer/pearson/a~b": HIGH,
        "transfer/pearson/a~c": MIDDLE,
        "transfer/pearson/a~d": {"value": 0.9},
        "transfer/carries/a~b": HIGH | {"verdict": "supported", "above": 0.7},
        "transfer/carries/a~c": MIDDLE | {"verdict": "contradicted", "above": 0.7},
        **{
            f"pairs/effect/{name}": {
                "value": (low + high) / 2,
                "low": low,
                "high": high,
                "above": -0.2,
                "below": 0.2,
                "verdict": word,
                "n": 24,
            }
            for name, low, high, word in (
                ("fell", -0.6, -0.3, "contradicted"),
                ("still", -0.1, 0.15, "supported"),
                ("rose", 0.3, 0.7, "contradicted"),
                ("unsure", -0.1, 0.5, "undecided"),
            )
        },
    }
)


def interval(result, **threshold):
    return {"test": "interval", "result": f"transfer/pearson/{result}", **threshold}


def each(*results, **threshold):
    return {
        "test": "each",
        "results": [f"transfer/pearson/{result}" for result in results],
        **threshold,
    }


def read(*results, **opposite):
    return {
        "test": "verdict",
        "results": [f"transfer/carries/{result}" for result in results],
        **opposite,
    }


def without(benchmark):
    return {"test": "no-gain", "results": [f"pairs/effect/{benchmark}"]}


def claim(test, name="c", panel="source"):
    return {"id": name, "sentence": "A carries over.", "where": "section 4", "tests": {panel: test}}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (interval("a~b", above=0.8), "supported"),
        (interval("a~b", above=0.9), "undecided"),
        (interval("a~c", above=0.8), "contradicted"),
        (interval("a~c", below=0.8), "supported"),
        (interval("a~c", within=[0, 1]), "supported"),
        (interval("a~c", within=[0.3, 1]), "undecided"),
        (interval("a~c", within=[0.8, 1]), "contradicted"),
        (interval("a~d", above=0), "undecided"),
        (each("a~b", "a~c", above=0.1), "supported"),
        (each("a~b", "a~c", above=0.5), "undecided"),
        (each("a~b", "a~c", above=0.8), "contradicted"),
    ],
)
def test_a_claim_with_a_threshold_of_its_own_is_judged_by_the_rule(test, expected):
    board = claims.board([claim(test)], RESULTS)
    assert list(board.verdicts) == [expected] and list(board.frame["owner"]) == [claims.OWN]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (read("a~b"), "supported"),
        (read("a~c"), "contradicted"),
        (read("a~b", "a~c"), "contradicted"),
        (read("a~c", opposite=True), "supported"),
        (read("a~b", opposite=True), "contradicted"),
    ],
)
def test_a_claim_that_asks_what_a_chapter_asks_has_that_chapters_verdict(test, expected):
    board = claims.board([claim(test)], RESULTS)
    assert list(board.verdicts) == [expected] and list(board.frame["owner"]) == ["transfer"]


def test_a_verdict_is_read_even_where_the_number_would_say_otherwise():
    overruled = Results({"a/b/c": HIGH | {"verdict": "undecided", "above": 0.7}})
    board = claims.board([claim({"test": "verdict", "results": ["a/b/c"]})], overruled)
    assert list(board.verdicts) == ["undecided"]


def test_a_threshold_that_is_taken_over_is_its_owners():
    board = claims.board([claim(interval("a~c", above="transfer/carries/a~b"))], RESULTS)
    assert str(board.frame["regions"][0][0]) == "above 0.7" and list(board.frame["owner"]) == [
        "transfer"
    ]
    assert list(board.verdicts) == ["undecided"]  # its interval ends at 0.7
    moved = Results(
        RESULTS.records | {"transfer/carries/a~b": HIGH | {"verdict": "undecided", "above": 0.1}}
    )
    assert list(
        claims.board([claim(interval("a~c", above="transfer/carries/a~b"))], moved).verdicts
    ) == ["supported"]


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        ("still", "supported"),
        ("rose", "contradicted"),
        ("fell", "undecided"),
        ("unsure", "undecided"),
    ],
)
def test_a_loss_is_no_sign_that_nothing_was_needed(benchmark, expected):
    assert list(claims.board([claim(without(benchmark))], RESULTS).verdicts) == [expected]


def test_where_the_models_are_too_few_the_board_says_so_in_place_of_undecided():
    board = claims.board([claim(without("unsure"))], RESULTS)
    assert board.worded(board).to_numpy().tolist() == [[claims.TOO_SMALL]]
    assert board.worded(board.where([False])).to_numpy().tolist() == [["undecided"]]
    assert list(board.verdicts) == ["undecided"]


def judged(verdict):
    return {"value": 0.1, "low": 0.0, "high": 0.2, "verdict": verdict, "above": 0.0, "n": 9}


def test_the_same_claim_is_read_on_every_set_of_pairs_that_a_chapter_asks():
    found = Results(
        {
            "pairs/difference-all/know": judged("supported"),
            "pairs/difference-others/know": judged("undecided"),
            "pairs/difference/know": judged("contradicted"),
        }
    )
    tests = [claim({"test": "verdict", "results": ["pairs/difference-all/know"]}, panel="pairs")]
    board, expected = (
        claims.board(tests, found),
        {
            "All pairs": "supported",
            "Without the largest maker": "undecided",
            "First pairs": "contradicted",
            "Further pairs": None,
        },
    )
    none = board.where([False])
    assert claims.by_pairs(tests, found, none).loc["A carries over."].to_dict() == expected
    hopeless = claims.by_pairs(tests, found, board).loc["A carries over."].to_dict()
    assert hopeless == expected | {"All pairs": claims.TOO_SMALL}
    assert claims.used(claims.board(tests, found), found) == {"c": 9}


def test_notes_stand_under_what_a_claim_is_called_and_only_where_there_are_some():
    listed = [claim(read("a~b")) | {"note": "Weak.", "short": "A"}, claim(read("a~b"), "d")]
    assert claims.notes(listed).to_dict() == {"A": "Weak."}


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1))
def test_a_claim_is_no_better_than_its_worst_result(verdicts):
    results = Results(
        {
            f"t/q/{place}": {"value": 0.5, "verdict": str(word), "above": 0.0}
            for place, word in enumerate(verdicts)
        }
    )
    board = claims.board([claim({"test": "verdict", "results": list(results)})], results)
    rank = [Verdict.CONTRADICTED, Verdict.UNDECIDED, Verdict.SUPPORTED].index
    assert rank(board.verdicts.iloc[0]) == min(map(rank, verdicts))


def test_verdicts_and_thresholds_that_nobody_recorded_are_all_listed_at_once():
    bare = {"test": "verdict", "results": ["transfer/pearson/a~b"]}
    with pytest.raises(SummaryError) as error:
        claims.board(
            [claim(bare), claim(interval("a~b", above="transfer/pearson/a~c"), "d")], RESULTS
        )
    lines = str(error.value).splitlines()
    assert (
        len(lines) == 2
        and "claim c, panel source: transfer/pearson/a~b was recorded without a verdict" in lines[0]
    )
    assert "claim d" in lines[1] and "without one" in lines[1]


def test_a_test_waits_for_results_that_nobody_recorded():
    waiting = [
        claim(interval("x~y", above=0)),
        claim(interval("a~b", above="transfer/carries/x~y"), "d"),
        claim(read("a~b"), "e"),
    ]
    assert claims.board(waiting, RESULTS).claims == ["e"]
    assert claims.absent(waiting, RESULTS) == ["transfer/carries/x~y", "transfer/pearson/x~y"]
    assert len(claims.board([], RESULTS)) == 0 and claims.board([], RESULTS).tally == {}


def test_counts_and_grid_hold_every_test_once():
    board = claims.board(
        [claim(read("a~b")), claim(without("rose"), "d", "pairs") | {"sentence": "B."}], RESULTS
    )
    assert board.counts.loc["source", "supported"] == 1 and board.tally["pairs/contradicted"] == 1
    assert board.counts.to_numpy().sum() == board.count == 2
    assert list(board.grid.columns) == ["The study's models", "Against parents"]
    assert (
        board.grid.loc["B.", "Against parents"] == "contradicted"
        and str(board.contradicted) == "“B”"
    )


def test_what_was_recorded_of_a_board_is_read_again():
    every = [claim(read("a~b")), claim(without("rose"), "d", "pairs")]
    board = claims.board(every, RESULTS)
    again = claims.recorded(
        every,
        Results({f"claims/{name}": {"value": str(word)} for name, word in board.verdicts.items()}),
    )
    assert again.verdicts.to_dict() == board.verdicts.to_dict() and again.tally == board.tally


def problems_of(listed):
    """What is wrong with claims.yml, as its check tells it."""
    with pytest.raises(InputError) as caught:
        forms.checked(documents.from_yaml(yaml.safe_dump({"claims": listed}), "claims.yml"), Claims)
    return caught.value.problems


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"tests": {"source": {"test": "guess", "result": "a/b/c", "above": 0.0}}},
            "'verdict', 'interval', 'each' or 'no-gain'",
        ),
        ({"tests": {"later": interval("a~b", above=0.0)}}, "'source', 'further' or 'pairs'"),
        ({"tests": {"source": {"test": "interval", "above": 0.0}}}, "result with test interval"),
        (
            {"tests": {"source": {"test": "interval", "result": "a/b/c"}}},
            "exactly one of above, below, within",
        ),
        (
            {
                "tests": {
                    "source": {"test": "interval", "result": "a/b/c", "above": 0.0, "below": 1.0}
                }
            },
            "exactly one of",
        ),
        (
            {"tests": {"source": {"test": "interval", "result": "a/b/c", "above": "much"}}},
            "a result's id of three parts",
        ),
        (
            {"tests": {"source": {"test": "interval", "result": "a/b/c", "within": [1.0]}}},
            "at least 2 items",
        ),
        ({"tests": {"source": {"test": "each", "results": "a/b/c", "above": 0.0}}}, "a valid list"),
        (
            {"tests": {"source": {"test": "verdict", "results": ["a/b/c"], "above": 0.7}}},
            "no threshold with test verdict",
        ),
        (
            {
                "tests": {
                    "source": {"test": "each", "results": ["a/b/c"], "above": 0.7, "opposite": True}
                }
            },
            "opposite with test verdict",
        ),
        (
            {"tests": {"source": {"test": "no-gain", "results": ["a/b/c"], "below": 0.03}}},
            "no threshold with test no-gain",
        ),
        ({"tests": {}}, "at least 1 item"),
        ({"sentence": ""}, "printable text on one line"),
        ({"verdict": "supported"}, "only the keys"),
    ],
)
def test_a_malformed_claim_says_what_is_wrong(change, message):
    problems = problems_of([claim(interval("a~b", above=0.8)) | change])
    assert any(message in problem.allowed for problem in problems), problems


def test_the_same_claim_twice_is_an_error():
    problems = problems_of([claim(interval("a~b", above=0.8))] * 2)
    assert "each id once (c is there again)" in problems[0].allowed


def test_the_study_has_its_claims_and_every_claim_a_test_on_its_own_models_or_pairs():
    found = load("ja").claims
    assert len(found) >= 14 and all({"source", "pairs"} & set(each["tests"]) for each in found)


def test_results_are_called_by_what_they_are_about():
    study = load("ja")
    assert claims.subject("transfer/carries/mgsm~gsm8k", study) == "GSM8K and MGSM"
    assert claims.subject("pairs/contrast/niilc@jcom", study) == "NIILC less JCom"
    assert claims.subject("pairs/twin/mmlu~jmmlu", study) == "JMMLU less MMLU"
    assert claims.subject("scaling/pearson/PC2/local", study) == "PC2, Japanese compute"


def test_numbers_stand_beside_the_region_in_which_the_claim_holds():
    board = claims.board([claim(read("a~b", opposite=True))], RESULTS)
    row = claims.numbers(board, RESULTS, load("ja")).iloc[0]
    assert (row["value"], row["below"], row["asked"]) == (0.9, 0.7, "below 0.7") and row[
        "above"
    ] != row["above"]
    assert row["estimate"] == RESULTS["transfer/carries/a~b"] and isinstance(
        row["estimate"], Estimate
    )
