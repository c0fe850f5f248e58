"""The chapter on uncertainty: what it finds in the Japanese study."""

import pytest


def test_the_interval_shown_is_never_clearly_too_short_and_the_ordinary_one_is(results):
    shown = [
        row
        for name, row in results.items()
        if name.startswith("uncertainty/coverage/") and "/shown@" in name
    ]
    assert len(shown) == 12 and all(row["high"] > 0.93 and row["value"] > 0.92 for row in shown)
    assert results["uncertainty/coverage/correlation/models@0.8"]["high"] < 0.75
    assert results["uncertainty/coverage/correlation/models@0.8"]["verdict"] == "contradicted"


def test_related_models_need_a_larger_correlation_to_be_noticed(results):
    alone, related = (
        results[f"uncertainty/detectable/{each}"]["value"] for each in ("independent", "lineages")
    )
    assert alone == pytest.approx(0.47, abs=0.01) and related > alone + 0.1


def test_what_is_corrected_is_the_correlation_of_the_transfer_chapter(results):
    pair = "mgsm~gsm8k"
    corrected, plain = results[f"uncertainty/corrected/{pair}"], results[f"transfer/pearson/{pair}"]
    factor = corrected["value"] / plain["value"]
    assert factor > 1 and corrected["low"] == pytest.approx(factor * plain["low"])


def test_small_benchmarks_are_unreliable_and_corpus_metrics_have_no_error(results):
    values = {
        name.rsplit("/", 1)[1]: row["value"]
        for name, row in results.items()
        if name.startswith("uncertainty/reliability/")
    }
    assert min(values, key=values.get) == "jemhopqa" and values["mmlu"] > 0.99
    assert not {"wmt20-en-ja", "wmt20-ja-en"} & set(values)


def test_code_runs_in_families_more_than_local_knowledge(results):
    kinship = {
        name.rsplit("/", 1)[1]: row["value"]
        for name, row in results.items()
        if name.startswith("uncertainty/kinship/")
    }
    assert len(kinship) == 19 and kinship["humaneval"] > 0.6 > kinship["niilc"]
