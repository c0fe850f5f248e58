"""The atlas: a row a study, read from what the studies' books recorded; what is not built has no
row and is not guessed."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from lib.study import StudyError
from lib.summary.atlas import Atlas, at_home, models_by_language
from tests import small_study


def record(value, low=None, high=None, **more):
    return {
        key: each
        for key, each in {"value": value, "low": low, "high": high, **more}.items()
        if each is not None
    }


RESULTS = {
    "local/r2/english": record(0.6, 0.4, 0.8, n=3, lineages=2),
    "abilities/retained": record(2),
    "local/lead/knowledge": record(0.3, 0.1, 0.5),
    "local/task/know-xx": record(
        0.7, 0.5, 0.9, null_low=-0.3, null_high=0.3, verdict="supported", above=0.3
    ),
    "local/task/into-xx": record(
        0.4, 0.1, 0.6, null_low=-0.3, null_high=0.3, verdict="undecided", above=0.3
    ),
    "local/task/know-en": record(
        0.1, -0.2, 0.3, null_low=-0.3, null_high=0.3, verdict="undecided", above=0.3
    ),
    "local/score/org/base": record(-0.5, -0.9, -0.1),
    "local/score/org/child": record(0.5, 0.2, 0.9),
    "transfer/english/know-xx": record(0.2, 0.0, 0.5, verdict="contradicted", above=0.7),
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data").mkdir()
    small_study.write(tmp_path / "data")
    return tmp_path


def built(root, code="xx", results=RESULTS):
    (root / "_build" / code).mkdir(parents=True)
    (root / "_build" / code / "results.json").write_text(
        json.dumps({"study": code, "snapshot": "s1", "results": results})
    )


def another(root, code="yy", language="Oldspeak"):
    text = (
        small_study.FILES["study.yml"]
        .replace("code: xx", f"code: {code}")
        .replace("Newspeak", language)
    )
    small_study.write(root / "data", code, study_yml=text)


def test_a_study_is_a_row_with_its_share_and_lead(root):
    built(root)
    a = Atlas(root=root)
    share, lead = a.each("local/r2/english"), a.each("local/lead/knowledge")
    assert list(share) == list(lead) == ["xx"]
    assert a.called("xx") == a.language == "Newspeak" and a.snapshot == "s1"
    assert (share["xx"].value, share["xx"].n, share["xx"].lineages, lead["xx"].low) == (
        0.6,
        3,
        2,
        0.1,
    )
    assert a.kind(share) == "Language" and a.kind(a.topic("local/task")) == "What"
    assert a.called("xx/into-xx") == "Into xx (Newspeak)"


def test_verdicts_and_thresholds_are_those_that_were_recorded(root):
    built(root)
    follows = Atlas(root=root).topic("transfer/english")
    assert list(follows.verdicts) == ["contradicted"] and follows.threshold == 0.7
    another(root)
    moved = record(0.2, 0.0, 0.5, verdict="supported", above=-0.5)
    built(root, "yy", RESULTS | {"transfer/english/know-xx": moved})
    follows = Atlas(root=root).topic("transfer/english")
    assert follows.verdicts.to_dict() == {"xx/know-xx": "contradicted", "yy/know-xx": "supported"}
    assert follows["yy/know-xx"].above == -0.5


def test_another_study_adds_rows_and_an_unbuilt_one_none(root):
    built(root)
    another(root)
    a = Atlas(root=root)
    assert list(a.languages) == ["xx", "yy"] and a.language == "Newspeak and Oldspeak"
    assert list(a.results) == ["xx"] and list(a.each("local/r2/english")) == ["xx"]
    built(root, "yy")
    assert list(Atlas(root=root).each("local/r2/english")) == ["xx", "yy"]
    assert list(Atlas(["yy"], root=root).languages) == ["yy"]


def test_a_book_without_local_ability_has_no_row(root):
    built(root, results={"abilities/retained": record(1)})
    a = Atlas(root=root)
    tables = [a.each("local/r2/english"), a.topic("local/task"), a.topic("local/score")]
    assert [table.count for table in tables] == [0] * 3


def test_an_unknown_study_is_refused(root):
    with pytest.raises(StudyError, match="no study"):
        Atlas(["zz"], root=root)


# --- all languages together -----------------------------------------------------------------------


def test_a_panel_takes_the_kinds_models_and_origins_that_are_asked_for(root):
    origin = small_study.FILES["benchmarks.csv"].replace("citation", "citation,origin")
    lines = origin.splitlines()
    told = [lines[0], lines[1] + ",adapted", lines[2] + ",native", lines[3] + ",native"]
    shutil.rmtree(root / "data/xx")
    small_study.write(root / "data", benchmarks_csv="\n".join(told) + "\n")
    another(root)
    a = Atlas(root=root)
    assert list(a.comparable) == ["xx", "yy"] and list(a.translated_tests) == ["know-xx"]
    panels = a.panels()
    assert list(panels) == ["xx", "yy"]
    assert list(panels["yy"]) == ["know-xx", "into-xx", "know-en"]
    assert a.panels(untranslated=True) == {}  # one own test of the language is too few
    assert a.panels(kinds=["knowledge"]) == {}
    assert list(a.panels(models=["org/child", "nobody/is"])["xx"].index) == ["org/child"]
    assert list(a.everywhere()) == ["org/base", "org/child", "lab/other"]


def test_studies_of_another_leaderboard_are_not_compared(root):
    for code, language in (("yy", "Oldspeak"), ("zz", "Duckspeak")):
        another(root, code, language)
    apart = {
        name.replace(".", "_"): small_study.FILES[name].replace("know-en", "quiz-en")
        for name in ("benchmarks.csv", "scores.csv")
    }
    text = small_study.FILES["study.yml"].replace("code: xx", "code: ww")
    small_study.write(root / "data", "ww", study_yml=text, **apart)
    a = Atlas(root=root)
    assert list(a.languages) == ["ww", "xx", "yy", "zz"]
    assert list(a.comparable) == ["xx", "yy", "zz"]


def test_a_family_is_the_branch_and_a_language_without_one_stands_alone(root):
    about = (
        "about: {family: Made up, branch: Party, measures: {web-words: {value: 5, source: x}}}\n"
    )
    shutil.rmtree(root / "data/xx")
    small_study.write(root / "data", study_yml=small_study.FILES["study.yml"] + about)
    another(root)
    a = Atlas(root=root)
    assert a.family.to_dict() == {"xx": "Party", "yy": "Oldspeak"}
    assert a.measures["web-words"].dropna().to_dict() == {"xx": 5.0}


def test_what_a_model_gains_at_home_is_its_mean_there_less_that_elsewhere(root):
    values = pd.DataFrame(
        {"xx": [0.5, 0.1, 0.3], "yy": [0.1, np.nan, 0.2], "zz": [0.3, 0.4, 0.1]},
        index=["m", "n", "o"],
    )
    built_for = pd.DataFrame(
        {"xx": [1.0, 1, 0], "yy": [0.0, 1, 0], "zz": [0.0, 1, 0]}, index=["m", "n", "o"]
    )
    found = at_home(values, built_for)
    assert list(found.index) == ["m"]  # n has no language but home, o no home
    assert found.loc["m"].round(9).to_dict() == {
        "home": 0.5,
        "elsewhere": 0.2,
        "gain": 0.3,
        "languages": 1,
    }
    built(root)
    table = models_by_language(Atlas(root=root).topic("local/score"))
    assert table["xx"].to_dict() == {"org/base": -0.5, "org/child": 0.5}


def test_a_model_is_built_for_a_language_that_it_was_trained_on(root):
    built_for = Atlas(root=root).built_for()
    assert built_for["xx"].dropna().to_dict() == {
        "org/base": 0.0,
        "org/child": 1.0,
        "lab/other": 1.0,
    }
