"""The atlas: a row a study, read from what the studies' books recorded; what is not built is said, not guessed."""

import json

import pandas as pd
import pytest

from lib import atlas
from lib.study import StudyError
from tests import small_study


def record(value, low=None, high=None, **more):
    return {key: each for key, each in {"value": value, "low": low, "high": high, **more}.items() if each is not None}


RESULTS = {
    "local/r2_english": record(0.6, 0.4, 0.8, n=3, lineages=2),
    "abilities/retained": record(2),
    "local/lead/knowledge": record(0.3, 0.1, 0.5),
    "local/task/know-xx": record(0.7, 0.5, 0.9, null_low=-0.3, null_high=0.3),
    "local/task/into-xx": record(0.4, 0.1, 0.6, null_low=-0.3, null_high=0.3),
    "local/task/know-en": record(0.1, -0.2, 0.3, null_low=-0.3, null_high=0.3),
    "local/score/org/base": record(-0.5, -0.9, -0.1),
    "local/score/org/child": record(0.5, 0.2, 0.9),
    "transfer/english/know-xx": record(0.2, 0.0, 0.5),
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data").mkdir()
    small_study.write(tmp_path / "data")
    return tmp_path


def built(root, code="xx", results=RESULTS):
    (root / "_build" / code).mkdir(parents=True)
    (root / "_build" / code / "results.json").write_text(json.dumps({"study": code, "snapshot": "s1", "results": results}))


def test_a_study_is_a_row_with_its_share_factors_and_lead(root):
    built(root)
    a = atlas.load(root=root)
    row = a.skill.set_index("study").loc["xx"]
    assert (row["language"], row["value"], row["factors"], row["lead"].low) == ("Newspeak", 0.6, 2, 0.1) and not a.missing


def test_local_tasks_alone_get_a_verdict_against_their_own_band(root):
    built(root)
    tasks = atlas.load(root=root).tasks.set_index("benchmark")
    assert tasks["verdict"].to_dict() == {"know-xx": "supported", "into-xx": "undecided"}
    assert tasks.loc["into-xx", "ability"] == "translation"


def test_following_english_is_judged_by_the_given_threshold(root):
    built(root)
    assert list(atlas.load(root=root).follows["verdict"]) == ["contradicted"]
    assert list(atlas.load(root=root, threshold=-0.5).follows["verdict"]) == ["supported"]


def test_models_are_ranked_within_their_language(root):
    built(root)
    models = atlas.load(root=root).models
    assert list(models["model"]) == ["org/child", "org/base"] and list(models["rank"]) == [1, 2]


def test_another_study_adds_rows_and_an_unbuilt_one_a_sentence(root):
    built(root)
    text = small_study.FILES["study.yml"]
    small_study.write(root / "data", "yy", study_yml=text.replace("code: xx", "code: yy").replace("Newspeak", "Oldspeak"))
    a = atlas.load(root=root)
    assert list(a.languages) == ["Newspeak", "Oldspeak"] and len(a.skill) == 1
    assert a.missing == {"yy": "Oldspeak is not built yet; run: make book STUDY=yy"}
    built(root, "yy")
    a = atlas.load(root=root)
    assert list(a.skill["study"]) == ["xx", "yy"] and len(a.tasks) == 4 and not a.missing
    shared = atlas.travellers(a.models)
    assert list(shared.index) == ["org/child", "org/base"] and (shared["languages"] == 2).all()


def test_a_book_without_local_ability_is_named_too(root):
    built(root, results={"abilities/retained": record(1)})
    a = atlas.load(root=root)
    assert "records no local ability" in a.missing["xx"] and a.skill.empty and a.tasks.empty and a.models.empty


def test_an_unknown_study_is_refused(root):
    with pytest.raises(StudyError, match="no study"):
        atlas.load(["zz"], root=root)


def test_kinds_of_most_languages_come_first():
    tasks = pd.DataFrame({"ability": ["code", "knowledge", "knowledge", "reading", "reading"], "language": ["A", "A", "B", "A", "B"],
                          "value": [0.9, 0.5, 0.7, 0.2, 0.3]})
    assert atlas.by_kind(tasks) == ["knowledge", "reading", "code"]


def test_one_verdict_for_all_languages_is_the_weakest():
    assert atlas.together(["supported", "undecided"]) == "undecided" and atlas.together(["supported", "contradicted"]) == "contradicted"
    assert atlas.together(["supported"]) == "supported" and atlas.together([]) == "undecided"
