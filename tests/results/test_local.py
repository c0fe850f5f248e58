"""What the chapters on data, strategies and local skill must find: values computed elsewhere from
the same data."""

import numpy as np
import pytest

from lib import study
from lib.stats import local_ability


@pytest.mark.parametrize(
    "name, value",
    [
        ("local/r2_english", 0.67),
        ("local/r2/into-english-counted", 0.70),
        ("local/r2/without-translation", 0.74),
        ("local/task/wmt20-en-ja", 0.84),
        ("local/task/niilc", 0.79),
        ("local/task/jsquad", 0.73),
        ("local/task/jhumaneval", -0.32),
    ],
)
def test_the_japanese_book_records_what_was_computed_elsewhere(results, name, value):
    row = results[name]
    assert round(row["value"], 2) == value and row["low"] < value < row["high"]
    assert (row["n"], row["lineages"]) == (35, 10)


def test_all_tasks_and_models_are_recorded_with_their_intervals(results):
    tasks = {name: row for name, row in results.items() if name.startswith("local/task/")}
    models = {name: row for name, row in results.items() if name.startswith("local/score/")}
    assert (len(tasks), len(models)) == (19, 35)
    assert all(row["low"] <= row["value"] <= row["high"] for row in models.values())
    assert all(row["null_low"] < 0 < row["null_high"] < 0.4 for row in tasks.values())


def test_local_tasks_are_judged_by_their_own_band_and_english_ones_are_not(results):
    sides = study.load("ja").benchmarks["language"]
    for benchmark, side in sides.items():
        row = results[f"local/task/{benchmark}"]
        assert ("verdict" in row) == (side == "local")
        assert side == "english" or row["above"] == row["null_high"]


def test_how_local_models_differ_from_general_ones_is_not_settled(results):
    gap = results["local/trained/gap"]
    assert gap["verdict"] == "undecided" and gap["low"] < 0 < gap["value"] < gap["high"]
    assert gap["low"] <= gap["low_ordinary"] and gap["high"] >= gap["high_ordinary"]


def test_knowledge_carries_beyond_chance_and_code_does_not(results):
    for benchmark in ("niilc", "jemhopqa"):
        row = results[f"local/task/{benchmark}"]
        assert row["low"] > row["null_high"]
    assert results["local/task/jhumaneval"]["high"] < results["local/task/jhumaneval"]["null_high"]
    assert results["local/lead/knowledge"]["low"] > 0


def test_training_from_scratch_alone_does_not_lift_a_model(results):
    ranked = sorted(
        (name for name in results if name.startswith("local/score/")),
        key=lambda name: -results[name]["value"],
    )
    assert ranked.index("local/score/cyberagent/calm2-7b") + 1 == 31
    assert ranked.index("local/score/llm-jp/llm-jp-13b-v2.0") + 1 == 23


@pytest.mark.parametrize(
    "code, r2, carries",
    [
        ("is", 0.74, {"icelandic-knowledge": 0.73, "winogrande-is": 0.52}),
        (
            "et",
            0.74,
            {"winogrande-et": 0.68, "estner": 0.67, "grammar-et": 0.66, "trivia-et": 0.64},
        ),
    ],
)
def test_the_other_languages_tell_what_was_computed_elsewhere(code, r2, carries):
    s = study.load(code)
    fit = local_ability.fit(s.scores, s.benchmarks["language"])
    assert round(fit.r2, 2) == r2 and fit.carries[list(carries)].round(2).to_dict() == carries


@pytest.mark.parametrize(
    "benchmark, value, low, high, verdict",
    [
        ("niilc", 1.57, 1.12, 2.02, "supported"),
        ("wmt20-en-ja", 1.40, 0.91, 1.90, "supported"),
        ("jemhopqa", 0.86, 0.41, 1.31, "supported"),
        ("jsquad", 0.64, -0.11, 1.39, "undecided"),
        ("jcom", 0.42, -0.16, 0.99, "undecided"),
        ("jhumaneval", -0.14, -0.80, 0.52, "undecided"),
    ],
)
def test_at_equal_english_models_trained_on_the_text_lead_where_it_was_computed_elsewhere(
    results, benchmark, value, low, high, verdict
):
    row = results[f"local/equal-english/{benchmark}"]
    assert [round(row[each], 2) for each in ("value", "low", "high")] == [value, low, high]
    assert (row["verdict"], row["n"], row["trained"]) == (verdict, 95, 45)


def test_a_correlation_over_a_mixture_has_another_sign_within(results):
    assert round(results["transfer/pearson/niilc~mmlu"]["value"], 2) == -0.16
    assert round(results["local/within/niilc~mmlu"]["value"], 2) == 0.52


def test_ten_lineages_weigh_as_five_and_a_half_of_equal_size(results):
    assert round(results["data/count/effective-lineages"]["value"], 1) == 5.5


# --- data and strategies


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.mark.parametrize(
    "benchmark, side",
    [("niilc", 1), ("wmt20-en-ja", 1), ("triviaqa", -1), ("jmmlu", 0), ("jemhopqa", 0)],
)
def test_groups_differ_but_three_lineages_are_too_few_for_a_verdict(results, ja, benchmark, side):
    row = results[f"strategies/difference/{benchmark}"]
    by = ja.scores[benchmark].groupby(ja.models["strategy"]).mean()
    assert row["value"] == pytest.approx(by["continual_local"] - by["from_scratch_english"])
    assert (row["low"] > 0) - (row["high"] < 0) == side
    assert (row["verdict"], row["above"], row["lineages"]) == ("undecided", 0, 3)


def test_a_difference_is_judged_by_the_outermost_ends_which_it_records(results):
    rows = {name: row for name, row in results.items() if name.startswith("strategies/difference/")}
    assert len(rows) == 19 + 4
    for row in rows.values():
        assert row["low"] == min(row["low_lineages"], row["low_ordinary"])
        assert row["high"] == max(row["high_lineages"], row["high_ordinary"])


def test_the_difference_is_there_among_models_of_like_size(results):
    row = results["strategies/same-size/local-targets"]
    assert row["low"] > 0 and row["verdict"] == "undecided" and row["lineages"] == 3


def test_english_explains_less_of_what_was_not_translated(results):
    assert results["local/r2/untranslated"]["value"] < results["local/r2_english"]["value"]
    mean = {
        each: results[f"transfer/english-mean/{each}"] for each in ("translated", "untranslated")
    }
    assert mean["translated"]["low"] > mean["untranslated"]["value"]


def test_makers_tell_the_local_tokens_of_a_third_of_the_models(results):
    assert {
        side: results[f"data/known/{side}"]["value"] for side in ("total", "local", "english")
    } == {"total": 27, "local": 12, "english": 9}


def test_a_score_on_few_items_is_uncertain(results, ja):
    errors = {
        name.removeprefix("data/error/"): row["value"]
        for name, row in results.items()
        if name.startswith("data/error/")
    }
    p = ja.scores["niilc"]
    assert errors["niilc"] == pytest.approx(np.sqrt(p * (1 - p) / 198).median())
    assert errors["niilc"] == pytest.approx(0.034, abs=0.002)
    assert not {"wmt20-en-ja", "wmt20-ja-en"} & set(errors)  # BLEU is no mean over items
