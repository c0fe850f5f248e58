"""The chapter on pairs: what it finds in the Japanese study."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "_build" / "ja" / "results.json"


@pytest.fixture(scope="module")
def results():
    """Everything the chapters recorded; `make test` builds the book first."""
    assert RESULTS.is_file(), "there are no results yet; run: make book"
    return json.loads(RESULTS.read_text(encoding="utf-8"))["results"]


# --- pairs


def test_fifteen_pairs_of_seven_parents_and_three_lineages_and_nine_further(results):
    counts = {
        each: results[f"pairs/count/{each}"]["value"]
        for each in ("count", "parents", "families", "further", "all")
    }
    assert counts == {"count": 15, "parents": 7, "families": 3, "further": 9, "all": 24}


@pytest.mark.parametrize(
    "name, mean, up, pairs",
    [
        ("pairs/difference/niilc", 0.161, 15, 15),
        ("pairs/difference/jcom", 0.086, 15, 15),
        ("pairs/difference/wmt20-en-ja", 0.053, 14, 15),
        ("pairs/difference-base/niilc", 0.158, 14, 14),
        ("pairs/difference-base/wmt20-en-ja", 0.051, 13, 14),
        ("pairs/difference-further/niilc", 0.153, 9, 9),
        ("pairs/difference-further/wmt20-en-ja", 0.047, 9, 9),
        ("pairs/difference-further/jhumaneval", 0.047, 6, 9),
        ("pairs/difference-further-base/jhumaneval", 0.032, 5, 8),
        ("pairs/difference-all/jhumaneval", -0.023, 6, 24),
    ],
)
def test_mean_differences_and_counts_are_those_computed_elsewhere(results, name, mean, up, pairs):
    row = results[name]
    assert (round(row["value"], 3), row["up"], row["n"]) == (mean, up, pairs)


@pytest.mark.parametrize(
    "benchmark, down, ties", [("hellaswag", 15, 0), ("jhumaneval", 15, 0), ("openbookqa", 14, 1)]
)
def test_what_continued_training_costs(results, benchmark, down, ties):
    row = results[f"pairs/difference/{benchmark}"]
    assert (row["down"], row["ties"]) == (down, ties) and row["high"] < 0


def test_unanimity_of_pairs_is_not_read_as_fifteen_independent_witnesses(results):
    smallest = {
        which: min(
            row[f"p_{which}"]
            for name, row in results.items()
            if name.startswith("pairs/difference/")
        )
        for which in ("parent", "lineage")
    }
    assert smallest == {"parent": pytest.approx(2 / 2**7), "lineage": pytest.approx(2 / 2**3)}


def test_commonsense_in_the_language_gains_within_pairs(results):
    assert results["pairs/difference/jcom"]["low"] > 0.03


def test_the_gain_in_translation_is_into_the_language(results):
    contrast = results["pairs/contrast/wmt20-en-ja@wmt20-ja-en"]
    parts = [
        results[f"pairs/difference/{each}"]["value"] for each in ("wmt20-en-ja", "wmt20-ja-en")
    ]
    assert contrast["value"] == pytest.approx(parts[0] - parts[1]) and contrast["low"] > 0


def test_pairs_move_along_the_second_component(results):
    assert results["pairs/ability/PC2"]["low"] > 0 > results["pairs/ability/PC1"]["high"]


def test_the_loss_in_code_is_gone_in_further_pairs_and_a_gain_only_with_a_tuned_parent(results):
    """What the page says before anything else, beside the verdict of the first snapshot."""
    verdicts = [
        results[f"pairs/{each}/jhumaneval"]["verdict"]
        for each in (
            "difference",
            "difference-all",
            "difference-further",
            "difference-further-base",
            "shift",
        )
    ]
    assert verdicts == ["contradicted", "undecided", "supported", "undecided", "supported"]


def test_the_shift_compares_pairs_whose_parents_were_not_tuned(results):
    """15 pairs less one, 9 less one."""
    shift = results["pairs/shift/jhumaneval"]
    parts = [
        results[f"pairs/{each}/jhumaneval"]["value"]
        for each in ("difference-further-base", "difference-base")
    ]
    assert shift["n"] == 22 and shift["value"] == pytest.approx(parts[0] - parts[1])


@pytest.mark.parametrize(
    "topic",
    [
        "difference",
        "difference-all",
        "difference-further",
        "difference-base",
        "difference-makers",
        "shift",
        "contrast",
        "dose",
        "ability",
    ],
)
def test_every_number_of_the_pairs_travels_with_its_verdict(results, topic):
    rows = [row for name, row in results.items() if name.startswith(f"pairs/{topic}/")]
    assert rows and all(row["above"] == 0 for row in rows)
    signs = {
        "supported": lambda row: row["low"] > 0,
        "contradicted": lambda row: row["high"] < 0,
        "undecided": lambda row: row["low"] <= 0 <= row["high"],
    }
    assert all(signs[row["verdict"]](row) for row in rows)


def test_intervals_of_doses_say_that_parents_were_drawn(results):
    rows = [row for name, row in results.items() if name.startswith("pairs/dose/")]
    assert {(row["parents"], "over parents" in row["method"]) for row in rows} == {(7, True)}


def test_with_makers_as_witnesses_only_arithmetic_is_no_longer_clear(results):
    verdicts = {
        which: {
            name.rsplit("/", 1)[1]: row["verdict"]
            for name, row in results.items()
            if name.startswith(f"pairs/{which}/")
        }
        for which in ("difference", "difference-makers")
    }
    assert {
        row["makers"]
        for name, row in results.items()
        if name.startswith("pairs/difference-makers/")
    } == {6}
    plain, by_maker = verdicts["difference"], verdicts["difference-makers"]
    assert {each for each, word in plain.items() if by_maker[each] != word} == {"mgsm"}


def test_every_benchmark_has_a_dose_with_its_range_over_draws(results):
    doses = {name: row for name, row in results.items() if name.startswith("pairs/dose/")}
    assert len(doses) == 19
    assert all(
        row["draws_low"] <= row["value"] <= row["draws_high"] and row["n"] == 15
        for row in doses.values()
    )
