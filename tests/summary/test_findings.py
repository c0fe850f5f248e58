"""What the first page says is chosen by rule from judged results, and never judged again."""

import pytest

from lib.report.results import Results
from lib.study import load
from lib.summary import SummaryError, findings

STUDY = load("ja")


def judged(value, low, high, verdict, above=0.0):
    return {"value": value, "low": low, "high": high, "verdict": verdict, "above": above}


RECORDS = {
    "transfer/carries/jmmlu~mmlu": judged(0.9, 0.8, 0.95, "supported", 0.7),
    "transfer/carries/mgsm~gsm8k": judged(0.7, 0.5, 0.9, "undecided", 0.7),
    "transfer/partial/jmmlu~mmlu": judged(0.1, -0.5, 0.5, "undecided"),
    "transfer/partial/mgsm~gsm8k": judged(0.7, 0.3, 0.9, "supported"),
    "transfer/partial/jcom~mmlu": judged(0.0, -0.3, 0.3, "undecided"),
    "transfer/english/niilc": judged(-0.1, -0.6, 0.3, "contradicted", 0.7),
    "transfer/english/jcom": judged(0.8, 0.6, 0.9, "undecided", 0.7),
    "pairs/difference-all/niilc": judged(0.16, 0.1, 0.2, "supported"),
    "pairs/difference-all/jcom": judged(0.09, 0.04, 0.15, "supported"),
    "pairs/difference-all/jemhopqa": judged(0.02, -0.01, 0.05, "undecided"),
    "pairs/difference-all/wmt20-en-ja": judged(0.05, 0.01, 0.09, "supported"),
    "pairs/difference-all/humaneval": judged(-0.05, -0.08, 0.01, "undecided"),
    "pairs/difference/humaneval": judged(-0.07, -0.09, -0.04, "contradicted"),
    "pairs/difference/niilc": judged(0.15, 0.1, 0.2, "supported"),
    "pairs/difference-further/humaneval": judged(0.05, 0.01, 0.1, "supported"),
    "pairs/difference-others/niilc": judged(0.11, -0.01, 0.2, "undecided"),
    "pairs/difference-others/jcom": judged(0.07, 0.01, 0.12, "supported"),
    "scaling/pearson/PC1/english": judged(0.9, 0.8, 0.95, "supported"),
    "abilities/name/PC1": {"value": "general ability"},
}


def of(records):
    return findings.of(STUDY, Results(records))


def test_every_changed_benchmark_is_on_one_card_and_on_one_only():
    front = of(RECORDS)
    assert list(front.gains) == [
        "niilc",
        "jcom",
        "wmt20-en-ja",
        "jemhopqa",
    ]  # the largest first, whatever kind of task, open or not
    assert list(front.losses) == ["humaneval"]
    assert len(front.gains) + len(front.losses) == len(front.change)


def test_the_case_for_local_text_rests_on_what_is_the_languages_own_over_all_pairs():
    front = of(RECORDS)
    assert list(front.taught) == ["niilc", "wmt20-en-ja", "jemhopqa"]
    assert front.verdict == "supported"
    assert findings.abilities(STUDY, front.taught.supported) == [
        "knowledge in Japanese",
        "translation into Japanese",
    ]


def test_what_counts_against_it_is_found_by_rule():
    front = of(RECORDS)
    assert list(front.moved) == ["humaneval"] and list(front.just_good) == ["jmmlu~mmlu"]
    assert list(front.elsewhere) == ["jcom"] and list(front.faded) == ["niilc"]


def test_where_first_and_further_pairs_contradict_each_other_all_three_numbers_are_told():
    shown = of(RECORDS).shown
    told = [shown[each]["humaneval"].value for each in ("turned", "turned-further", "turned-all")]
    assert told == [-0.07, 0.05, -0.05]


def test_verdicts_are_read_even_where_the_number_would_say_otherwise():
    front = of(
        RECORDS
        | {
            f"pairs/difference-all/{each}": judged(0.16, 0.1, 0.2, "contradicted")
            for each in ("niilc", "jemhopqa")
        }
    )
    assert front.verdict == "contradicted"


def test_without_a_comparison_of_training_the_question_is_what_english_does_not_explain():
    records = {name: row for name, row in RECORDS.items() if not name.startswith("pairs/")}
    front = of(
        records
        | {
            "local/task/niilc": judged(0.8, 0.5, 0.9, "supported", 0.3),
            "local/task/mmlu": {"value": 0.1, "low": -0.3, "high": 0.4},
        }
    )  # of English nobody asks it
    assert (
        list(front.beyond) == ["niilc"] and front.verdict == "supported"
    )  # of local benchmarks only
    assert not len(front.gains) and set(front.shown) >= {"beyond"} and front.answered.count == 3


def test_a_study_of_which_nothing_is_recorded_has_empty_findings_and_no_verdict():
    front = of({})
    assert front.verdict == "undecided" and front.answered.count == 0
    assert str(front.gains) == str(front.taught.names) == "none"


def test_a_table_that_its_chapter_did_not_judge_is_named():
    with pytest.raises(
        SummaryError, match="pairs/difference-all/niilc was recorded without a verdict"
    ):
        of(RECORDS | {"pairs/difference-all/niilc": {"value": 0.16, "low": 0.1, "high": 0.2}})


def test_the_map_shows_two_components_only_where_two_were_kept():
    scores = {
        f"{topic}/org/m": {"value": 1.0}
        for topic in ("abilities/score/PC1", "abilities/score/PC2", "local/english", "local/score")
    }
    names = {
        "abilities/name/PC1": {"value": "general ability"},
        "abilities/name/PC2": {"value": "Japanese knowledge"},
    }
    known = scores | names | {"local/r2_english": {"value": 0.7}}
    two = findings.plane(STUDY, Results(known | {"abilities/retained": {"value": 2}}))
    one = findings.plane(STUDY, Results(known | {"abilities/retained": {"value": 1}}))
    assert (two.across_called, two.upwards_called) == ("general ability", "Japanese knowledge")
    assert (
        list(two.across) == list(one.upwards) == ["org/m"]
        and "beyond English" in one.upwards_called
    )


def test_the_map_shows_averages_where_local_ability_is_not_known():
    plane = findings.plane(STUDY, Results({"abilities/retained": {"value": 1}}))
    assert (plane.across_called, plane.upwards_called) == (
        "English on average",
        "Japanese on average",
    )
    z = (STUDY.scores - STUDY.scores.mean()) / STUDY.scores.std(ddof=0)
    side = STUDY.benchmarks["language"]
    for found, name in ((plane.across, "english"), (plane.upwards, "local")):
        assert list(found.index) == list(STUDY.scores.index)
        expected = z.loc[:, (side == name).to_numpy()].mean(axis=1)
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.02)


def test_abilities_are_called_by_what_is_asked_and_in_which_language():
    asked = findings.abilities(
        STUDY, ["wmt20-en-ja", "wmt20-ja-en", "niilc", "jemhopqa", "triviaqa"]
    )
    assert asked == [
        "translation into Japanese",
        "translation out of Japanese",
        "knowledge in Japanese",
        "knowledge in English",
    ]


def test_laws_are_called_by_ability_and_budget():
    assert list(of(RECORDS).grows) == ["General ability with English compute"]


def test_a_benchmark_saturates_where_a_fifth_of_the_models_cannot_be_told_apart():
    count = len(STUDY.models)
    at_least, under = -(-count // 5), (count - 1) // 5
    records = {"data/alike-best/niilc": {"value": float(at_least)}}
    records |= {"data/alike-best/jcom": {"value": float(under)}}
    records |= {"data/alike-guessing/mmlu": {"value": float(count)}}
    found = findings.crowded(STUDY, Results(records), ["niilc", "jcom", "jmmlu~mmlu"])
    assert list(found["best"]) == ["niilc"] and list(found["guessing"]) == ["mmlu"]
    assert not findings.crowded(STUDY, Results(records), ["jcom"])["best"].count
