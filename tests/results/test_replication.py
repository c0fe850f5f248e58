"""What the Japanese study's book must find on models that it did not use, and between two
evaluations."""

import pytest

from lib import study


def value(results, name):
    return results[name]["value"]


PAIRS = ["jmmlu~mmlu", "jhumaneval~humaneval", "mgsm~gsm8k", "niilc~wmt20-en-ja"]


@pytest.mark.parametrize(
    "suffix, n, expected, congruence",
    [
        ("", 60, [0.894, 0.939, 0.822, 0.960], 0.882),
        ("-2024-12-30", 28, [0.897, 0.956, 0.792, 0.946], 0.908),
        ("-2026-06-24", 48, [0.916, 0.941, 0.840, 0.967], 0.875),
    ],
)
def test_further_models_tell_what_was_computed_elsewhere(results, suffix, n, expected, congruence):
    rows = [results[f"replication/pearson{suffix}/{pair}"] for pair in PAIRS]
    assert [round(row["value"], 3) for row in rows] == expected and {row["n"] for row in rows} == {
        n
    }
    assert round(value(results, f"replication/congruence{suffix}/PC2"), 3) == congruence


@pytest.mark.parametrize("suffix, n", [("", 60), ("-later", 53), ("-new-lineages", 24)])
def test_all_171_pairs_are_recorded_for_each_set_of_models(results, suffix, n):
    rows = [
        row for name, row in results.items() if name.startswith(f"replication/pearson{suffix}/")
    ]
    assert len(rows) == 171 and all(
        row["n"] == n and -1 <= row["low"] <= row["high"] <= 1 for row in rows
    )


def test_what_the_page_counts_is_what_its_table_shows_and_records(results):
    holds = {
        name.removeprefix("replication/holds/"): row
        for name, row in results.items()
        if name.startswith("replication/holds/")
    }
    counted = {
        word: sum(row["verdict"] == word for row in holds.values())
        for word in ("supported", "undecided", "contradicted")
    }
    text = str(results["answer/replication"])
    assert counted["contradicted"] == 0
    assert f"None of {len(holds)} findings fails, and {counted['supported']} hold" in text
    changes = {
        name: row for name, row in holds.items() if name.split("-on/")[0] in ("gain", "loss")
    }
    assert {row["verdict"] for row in changes.values()} == {"undecided"}  # two makers tell nothing
    assert {row["makers"] for row in changes.values()} == {2}


def test_a_finding_is_judged_by_the_threshold_of_the_chapter_that_found_it(results):
    for name in (name for name in results if name.startswith("replication/holds/agreement-of/")):
        assert (
            results[name]["above"] == results[f"transfer/carries/{name.rsplit('/', 1)[1]}"]["above"]
        )
    for name in (
        name for name in results if name.startswith("replication/holds/distance-from-English-of/")
    ):
        found = results[f"transfer/english/{name.rsplit('/', 1)[1]}"]
        assert found["verdict"] == "contradicted" and results[name]["below"] == found["above"]
    for name in (name for name in results if name.startswith("replication/holds/loss-on/")):
        benchmark = name.rsplit("/", 1)[1]
        assert results[f"pairs/difference/{benchmark}"]["high"] < 0
        assert results[name]["value"] == results[f"pairs/difference-further/{benchmark}"]["value"]


def test_local_knowledge_no_longer_stands_at_zero_beside_english_knowledge(results):
    assert value(results, "transfer/pearson/niilc~triviaqa") == pytest.approx(-0.008, abs=5e-4)
    assert value(results, "replication/pearson/niilc~triviaqa") == pytest.approx(0.450, abs=5e-4)


@pytest.mark.parametrize("models", ["snapshot", "further"])
def test_within_a_strategy_both_kinds_of_knowledge_always_went_together(models):
    s = study.load("ja", models=models)
    centred = s.scores - s.scores.groupby(s.models["strategy"]).transform("mean")
    assert centred["niilc"].corr(centred["triviaqa"]) > 0.55


def test_among_further_models_of_the_studys_sizes_most_of_the_change_is_gone():
    s, f = study.load("ja"), study.load("ja", models="further")
    sized = f.models["params_total_b"] >= s.models["params_total_b"].min()
    assert sized.sum() == 37
    assert f.scores.loc[sized, "niilc"].corr(f.scores.loc[sized, "triviaqa"]) == pytest.approx(
        0.136, abs=5e-4
    )


def test_arithmetic_falls_with_english_centred_models_and_recovers_without_them():
    f = study.load("ja", models="further")
    kept = f.models["strategy"] != "from_scratch_english"
    assert f.scores.loc[kept, "mgsm"].corr(f.scores.loc[kept, "gsm8k"]) == pytest.approx(
        0.919, abs=5e-4
    )


@pytest.mark.parametrize("models, topic", [("snapshot", "transfer"), ("further", "replication")])
def test_the_contrast_of_directions_is_the_difference_of_its_correlations(results, models, topic):
    scores = study.load("ja", models=models).scores
    row = results[f"{topic}/contrast/niilc~wmt20-en-ja@niilc~wmt20-ja-en"]
    assert row["value"] == pytest.approx(
        scores["niilc"].corr(scores["wmt20-en-ja"]) - scores["niilc"].corr(scores["wmt20-ja-en"])
    )
    assert row["low"] > 0


def test_squad2_alone_cannot_be_predicted_across_the_change_of_its_evaluation(results):
    rows = {
        name.rsplit("/", 1)[1]: row
        for name, row in results.items()
        if name.startswith("replication/held-out/")
    }
    assert len(rows) == 19
    assert {benchmark for benchmark, row in rows.items() if row["value"] < 0.7} == {"squad2"}
    assert rows["squad2"]["error"] > 3


def test_ranks_on_the_second_component_improve_as_the_change_of_the_evaluation_is_taken_out(
    results,
):
    ways = ("as-they-are", "without-changed-benchmarks", "within-snapshot")
    ranks = [value(results, f"replication/rank/PC2@{way}") for way in ways]
    assert ranks == sorted(ranks) and ranks[0] > 0.6 and ranks[-1] > 0.8


def test_the_evaluation_moved_four_benchmarks(results):
    largest = {
        name.rsplit("/", 1)[1]: row["value"]
        for name, row in results.items()
        if name.startswith("drift/max/")
    }
    assert {name: round(shift, 2) for name, shift in largest.items() if shift > 0.05} == {
        "squad2": 0.29,
        "jhumaneval": 0.24,
        "humaneval": 0.20,
        "bbh": 0.15,
    }
    assert results["drift/mean/squad2"]["deviations"] == pytest.approx(4.5, abs=0.05)
    assert results["drift/mean/squad2"]["n"] == 18


def test_the_change_lifts_the_first_component_and_lowers_the_second_of_the_same_models(results):
    assert [round(value(results, f"drift/component/{pc}"), 1) for pc in ("PC1", "PC2")] == [
        1.2,
        -0.8,
    ]
