"""The atlas: a row a study, read from what the studies' books recorded; what is not built has no
row and is not guessed."""

import json

import pandas as pd
import pytest

from lib import charts
from lib.stats.verdicts import Verdict, weakest
from lib.study import StudyError
from lib.summary.atlas import Atlas, travellers
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


def test_a_study_is_a_row_with_its_share_factors_and_lead(root):
    built(root)
    a = Atlas(root=root)
    share, lead = a.each("local/r2/english"), a.each("local/lead/knowledge")
    assert (
        list(share) == list(lead) == ["xx"]
        and a.called("xx") == a.language == "Newspeak"
        and a.snapshot == "s1"
    )
    assert (share["xx"].value, share["xx"].n, share["xx"].lineages, lead["xx"].low) == (
        0.6,
        3,
        2,
        0.1,
    )
    assert a.count("abilities/retained").to_dict() == {"xx": 2}
    assert a.kind(share) == "Language" and a.kind(a.topic("local/task")) == "What"


def test_local_tasks_alone_keep_the_verdict_against_their_own_band(root):
    built(root)
    a = Atlas(root=root)
    tasks = a.spoken(a.topic("local/task"))
    assert tasks.verdicts.to_dict() == {"xx/know-xx": "supported", "xx/into-xx": "undecided"}
    assert tasks.frame.loc["xx/know-xx", ["null_low", "null_high"]].tolist() == [-0.3, 0.3]
    facts = a.facts(tasks)
    assert facts.loc["xx/into-xx"].to_dict() == {
        "language": "Newspeak",
        "name": "Into xx",
        "ability": "translation",
        "side": "local",
    }
    assert a.called("xx/into-xx") == "Into xx (Newspeak)"
    assert list(a.asking(a.topic("local/task"), "knowledge")) == ["xx/know-xx", "xx/know-en"]


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


def test_models_are_ranked_within_their_language(root):
    built(root)
    a = Atlas(root=root)
    ends = a.ends(a.topic("local/score"), 1)
    assert {head: part.to_dict() for head, part in ends.items()} == {
        "Highest 1": {"xx": "Child +0.50"},
        "Lowest 1": {"xx": "Base \N{MINUS SIGN}0.50"},
    }
    both = a.ends(a.topic("local/score"), 2)
    assert both["Highest 2"]["xx"] == "Child +0.50, Base \N{MINUS SIGN}0.50"
    assert both["Lowest 2"]["xx"] == "Base \N{MINUS SIGN}0.50, Child +0.50"


def test_another_study_adds_rows_and_an_unbuilt_one_none(root):
    built(root)
    another(root)
    a = Atlas(root=root)
    assert list(a.languages) == ["xx", "yy"] and a.language == "Newspeak and Oldspeak"
    assert list(a.results) == ["xx"] and list(a.each("local/r2/english")) == ["xx"]
    assert travellers(a.topic("local/score")).empty and list(
        travellers(a.topic("local/score"), 1).index
    ) == ["org/child", "org/base"]
    built(root, "yy")
    a = Atlas(root=root)
    assert (
        list(a.each("local/r2/english"))
        == list(a.count("abilities/retained").index)
        == ["xx", "yy"]
    )
    assert a.spoken(a.topic("local/task")).count == 4
    shared = travellers(a.topic("local/score"))
    assert list(shared.index) == ["org/child", "org/base"] and (shared["studies"] == 2).all()
    assert shared.loc["org/base", ["mean", "lowest", "highest"]].tolist() == [-0.5] * 3
    assert list(Atlas(["yy"], root=root).languages) == ["yy"]


def test_a_book_without_local_ability_has_no_row(root):
    built(root, results={"abilities/retained": record(1)})
    a = Atlas(root=root)
    tables = [
        a.each("local/r2/english"),
        a.topic("local/task"),
        a.topic("local/score"),
        a.spoken(a.topic("local/task")),
        a.translated(a.topic("transfer/pearson")),
    ]
    assert [table.count for table in tables] == [0] * 5 and a.count(
        "abilities/retained"
    ).to_dict() == {"xx": 1}
    assert all(part.empty for part in a.ends(a.topic("local/score"), 2).values())


def test_an_unknown_study_is_refused(root):
    with pytest.raises(StudyError, match="no study"):
        Atlas(["zz"], root=root)


def test_kinds_of_most_languages_come_first():
    tasks = pd.DataFrame(
        {
            "ability": ["code", "knowledge", "knowledge", "reading", "reading"],
            "language": ["A", "A", "B", "A", "B"],
            "value": [0.9, 0.5, 0.7, 0.2, 0.3],
        }
    )
    assert charts.atlas._by_kind(tasks) == ["knowledge", "reading", "code"]


def test_one_verdict_for_all_languages_is_the_weakest(root):
    built(root)
    another(root)
    built(
        root,
        "yy",
        RESULTS | {"local/task/into-xx": record(0.1, 0.0, 0.2, verdict="contradicted", above=0.3)},
    )
    a = Atlas(root=root)
    assert (
        a.topic("local/task").weakest == "contradicted"
        and a.topic("local/task").of(["xx/into-xx", "yy/know-xx"]).weakest == "undecided"
    )
    assert (
        weakest(["supported"]) == Verdict.SUPPORTED
        and a.topic("local/nothing").count == 0
        and weakest([]) == Verdict.UNDECIDED
    )


def test_the_figure_has_a_row_a_language_and_fills_what_is_supported(root):
    built(root)
    another(root)
    built(root, "yy")
    a = Atlas(root=root)
    figure = charts.atlas.kinds(a.spoken(a.topic("local/task")), a, marked="translation")
    assert figure.data.groupby("ability")["language"].apply(list).to_dict() == {
        "knowledge": ["Newspeak", "Oldspeak"],
        "translation": ["Newspeak", "Oldspeak"],
    }
    assert "in Newspeak Know (xx) (knowledge) 0.70 [0.50, 0.90]" in figure.description
    spec = figure.chart.to_dict()
    assert (
        spec["facet"]["sort"] == ["translation", "knowledge"]
        and spec["spec"]["height"] == 2 * charts.atlas.ROW
    )
    rows = next(
        pd.DataFrame(each) for each in spec["datasets"].values() if each and "row" in each[0]
    )
    assert rows.set_index(["language", "name"])["row"].to_dict() == {
        (language, name): place
        for place, language in enumerate(["Newspeak", "Oldspeak"])
        for name in ("Know (xx)", "Into xx")
    }
