"""Tasks of the harness that the list knows are answered before anybody is asked; others stay
empty."""

from __future__ import annotations

import csv

from lib.importers import harness, questions
from lib.study import schema

TAKEN = ["acc,none", "acc_norm,none"]


def test_tasks_are_local_by_the_languages_code_of_two_or_three_letters():
    tasks = dict.fromkeys(["belebele_eus_Latn", "belebele_spa_Latn", "xstorycloze_eu"], TAKEN)
    basque = harness.known(tasks, "Basque")
    assert [basque[each]["language"] for each in tasks] == ["local", "-", "local"]
    spanish = harness.known(tasks, "Spanish")
    assert [spanish[each]["language"] for each in tasks] == ["-", "local", "-"]


def test_a_language_that_nobody_knows_has_no_local_task():
    found = harness.known({"belebele_eus_Latn": TAKEN, "belebele_eng_Latn": TAKEN}, "Newspeak")
    assert found["belebele_eus_Latn"]["language"] == ""
    assert found["belebele_eng_Latn"]["language"] == "english"


def test_a_translation_and_its_original_name_each_other_and_take_the_same_result():
    found = harness.known({"arc_challenge": TAKEN, "arc_eu_challenge": TAKEN}, "Basque")
    local, english = found["arc_eu_challenge"], found["arc_challenge"]
    assert local["counterpart_id"] == "arc-challenge"
    assert english["counterpart_id"] == "arc-eu-challenge"
    assert local["score"] == english["score"] == "acc,none"
    assert local["counterpart_kind"] == english["counterpart_kind"] == "translation"


def test_an_original_that_was_not_measured_is_nobodys_counterpart():
    assert "counterpart_id" not in harness.known({"piqa_eu": TAKEN}, "Basque")["piqa_eu"]


def test_a_result_that_no_model_has_is_not_chosen():
    assert "score" not in harness.known({"piqa_eu": ["exact_match,none"]}, "Basque")["piqa_eu"]


def test_tasks_that_the_list_does_not_know_stay_open():
    assert harness.known({"hitz_secret": TAKEN, "arc_eu_hardest": TAKEN}, "Basque") == {}


def test_every_row_of_the_list_is_sound_and_has_a_source():
    with harness.LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["task"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source"].startswith("https://") and row["ability"] and row["score"], row
        assert row["kind"] in ("", *schema.COUNTERPARTS) and bool(row["kind"]) == bool(
            row["english"]
        )
        assert row["origin"] in ("", *schema.ORIGINS), row
        assert ("{}" in row["task"]) != bool(row["language"]), row


def test_what_is_known_stands_in_the_questions_for_people_to_change():
    known = harness.known({"eus_trivia": TAKEN}, "Basque")["eus_trivia"]
    sheet = questions.sheet([questions.Question("eus_trivia", known)]).decode()
    assert "local" in sheet and "native,https://arxiv.org/abs/2403.20266" in sheet
