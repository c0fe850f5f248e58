"""What the Japanese study's book must find: the published numbers, and those computed elsewhere from the same data."""

import json
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parents[1] / "_build" / "ja" / "results.json"


@pytest.fixture(scope="module")
def results():
    """Everything the chapters recorded; `make test` builds the book first."""
    assert RESULTS.is_file(), "there are no results yet; run: make book"
    return json.loads(RESULTS.read_text(encoding="utf-8"))["results"]


def value(results, name):
    return results[name]["value"]


# --- transfer

@pytest.mark.parametrize("pair, r, printed", [
    ("jmmlu~mmlu", 0.909, 0.91),
    ("mgsm~gsm8k", 0.939, 0.94),
    ("jhumaneval~humaneval", 0.980, 0.98),
])
def test_translated_pairs_correlate_as_published(results, pair, r, printed):
    assert round(value(results, f"transfer/pearson/{pair}"), 3) == r
    assert round(value(results, f"transfer/pearson/{pair}"), 2) == printed


@pytest.mark.parametrize("pair, r", [("niilc~wmt20-en-ja", 0.927), ("niilc~mmlu", -0.160), ("niilc~triviaqa", -0.008)])
def test_local_knowledge_goes_with_translation_and_not_with_english_knowledge(results, pair, r):
    assert round(value(results, f"transfer/pearson/{pair}"), 3) == r


def test_every_translated_pair_lies_above_the_threshold_with_its_whole_interval(results):
    for pair in ("jmmlu~mmlu", "mgsm~gsm8k", "jhumaneval~humaneval"):
        assert results[f"transfer/pearson/{pair}"]["low"] > 0.7


@pytest.mark.parametrize("quantity", ["pearson", "spearman", "partial"])
def test_all_171_pairs_are_recorded_with_both_intervals(results, quantity):
    rows = {name: row for name, row in results.items() if name.startswith(f"transfer/{quantity}/")}
    assert len(rows) == 19 * 18 // 2
    for row in rows.values():
        assert -1 <= row["low"] <= row["high"] <= 1 and -1 <= row["low_ordinary"] <= row["high_ordinary"] <= 1
        assert (row["n"], row["lineages"], row["level"]) == (35, 10, 0.95)


def test_exactly_local_knowledge_and_translation_into_the_language_lie_below_the_threshold(results):
    prefix = "transfer/english/"
    below = {name.removeprefix(prefix) for name, row in results.items() if name.startswith(prefix) and row["high"] < 0.7}
    assert below == {"niilc", "jemhopqa", "wmt20-en-ja"}


# --- abilities

@pytest.mark.parametrize("component, share", [("PC1", 0.652), ("PC2", 0.154), ("PC3", 0.070), ("PC4", 0.032)])
def test_components_explain_what_was_computed_elsewhere(results, component, share):
    assert round(value(results, f"abilities/explained/{component}"), 3) == share
    assert value(results, f"abilities/eigenvalue/{component}") == pytest.approx(19 * value(results, f"abilities/explained/{component}"))


def test_the_second_component_is_local_knowledge_and_translation(results):
    loading = {name.rsplit("/", 1)[1]: row["value"] for name, row in results.items() if name.startswith("abilities/loading/PC2/")}
    leading = sorted(loading, key=lambda benchmark: -abs(loading[benchmark]))[:3]
    assert {benchmark: round(loading[benchmark], 2) for benchmark in leading} == {"niilc": 0.57, "wmt20-en-ja": 0.54, "jemhopqa": 0.42}
    assert sum(weight**2 for weight in loading.values()) == pytest.approx(1)


def test_two_components_survive_parallel_analysis(results):
    assert value(results, "abilities/retained") == 2
    above = {name.rsplit("/", 1)[1] for name, row in results.items()
             if name.startswith("abilities/eigenvalue/") and row["value"] > row["threshold"]}
    assert above == {"PC1", "PC2"}


def test_every_model_has_a_score_on_each_component(results):
    for component in ("PC1", "PC2", "PC3", "PC4"):
        assert sum(name.startswith(f"abilities/score/{component}/") for name in results) == 35


# --- scaling: medians over draws of undisclosed tokens, to the decimals that draws settle

@pytest.mark.parametrize("name, median, low, high", [
    ("scaling/pearson/PC1/english", 0.91, 0.89, 0.93),
    ("scaling/pearson-wide/PC1/english", 0.88, 0.83, 0.92),
    ("scaling/pearson/PC2/local", 0.75, 0.66, 0.82),
])
def test_abilities_follow_the_compute_of_their_own_language(results, name, median, low, high):
    row = results[name]
    assert row["value"] == pytest.approx(median, abs=0.01)
    assert row["draws_low"] == pytest.approx(low, abs=0.01)
    assert row["draws_high"] == pytest.approx(high, abs=0.01)
    assert row["low"] > 0


@pytest.mark.parametrize("name, median, within", [("scaling/pearson/PC1/local", 0.0, 0.05), ("scaling/pearson/PC2/english", 0.15, 0.02)])
def test_abilities_hardly_follow_the_compute_of_the_other_language(results, name, median, within):
    assert value(results, name) == pytest.approx(median, abs=within)
    assert results[name]["low"] < 0 < results[name]["high"]


@pytest.mark.parametrize("side", ["english", "local", "total"])
def test_the_third_component_follows_no_budget(results, side):
    row = results[f"scaling/pearson/PC3/{side}"]
    assert abs(row["value"]) < 0.35 and row["low"] < 0 < row["high"]


def test_slopes_and_shares_agree_with_correlations(results):
    for component in ("PC1", "PC2", "PC3"):
        for side in ("english", "local", "total"):
            r, slope, share = (results[f"scaling/{quantity}/{component}/{side}"] for quantity in ("pearson", "slope", "r2"))
            assert r["value"] * slope["value"] >= 0 and 0 <= share["value"] <= 1
            if r["low"] > 0:
                assert slope["low"] > 0 and share["value"] == pytest.approx(r["value"] ** 2, abs=0.01)


@pytest.mark.parametrize("name", ["scaling/difference/PC1/english-local", "scaling/difference/PC2/local-english"])
def test_laws_are_specific_to_a_language(results, name):
    assert results[name]["low"] > 0
