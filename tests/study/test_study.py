"""What a loaded study promises, on the Japanese one and on a small one with gaps."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from lib import study
from tests import small_study

PAPER_ORDER = [
    "jcom",
    "jemhopqa",
    "niilc",
    "jsquad",
    "xl-sum",
    "mgsm",
    "wmt20-en-ja",
    "wmt20-ja-en",
    "jmmlu",
    "jhumaneval",
    "openbookqa",
    "triviaqa",
    "hellaswag",
    "squad2",
    "xwino",
    "mmlu",
    "gsm8k",
    "bbh",
    "humaneval",
]


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


def test_the_default_snapshot_is_the_papers_35_by_19_without_a_gap(ja):
    assert ja.snapshot == "2024-07-01" and ja.snapshots == (
        "2024-07-01",
        "2024-12-30",
        "2026-06-24",
    )
    assert ja.scores.shape == (35, 19)
    assert list(ja.scores.columns) == PAPER_ORDER
    assert ja.scores.dtypes.eq(float).all() and ja.scores.notna().all().all()
    assert ja.scores.to_numpy().min() >= 0 and ja.scores.to_numpy().max() <= 1


def test_tables_are_aligned(ja):
    assert ja.models.index.equals(ja.scores.index) and ja.benchmarks.index.equals(ja.scores.columns)
    assert list(ja.standard_errors.columns) == list(ja.splits.columns) == PAPER_ORDER
    assert ja.model_snapshots.index.equals(ja.scores.index)
    assert len(ja.registry) == 95 and list(ja.registry.columns) == list(ja.models.columns)


def test_published_correlations_come_out(ja):
    published = {
        ("jmmlu", "mmlu"): 0.909,
        ("mgsm", "gsm8k"): 0.939,
        ("jhumaneval", "humaneval"): 0.980,
        ("niilc", "wmt20-en-ja"): 0.927,
        ("niilc", "mmlu"): -0.160,
        ("niilc", "triviaqa"): -0.008,
    }
    for (one, other), value in published.items():
        assert np.corrcoef(ja.scores[one], ja.scores[other])[0, 1] == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(
    "choice, models, benchmarks, correlation",
    [
        ({"models": "further"}, 60, 20, 0.894),
        ({"models": "further", "snapshot": "2024-12-30"}, 28, 19, 0.897),
        ({"models": "further", "snapshot": "2026-06-24"}, 48, 20, 0.916),
        ({"models": "further", "prefer": "latest"}, 60, 20, None),
        ({"models": "all"}, 95, 20, None),
        ({"snapshot": "2024-12-30"}, 63, 19, None),
        ({"snapshot": "2026-06-24"}, 50, 20, None),
    ],
)
def test_choices_of_models_and_snapshots(choice, models, benchmarks, correlation):
    chosen = study.load("ja", **choice)
    assert chosen.scores.shape == (models, benchmarks)
    assert chosen.scores[PAPER_ORDER].notna().all().all()
    if correlation is not None:
        assert chosen.scores["jmmlu"].corr(chosen.scores["mmlu"]) == pytest.approx(
            correlation, abs=5e-4
        )


def test_a_model_in_two_snapshots_gives_one_whole_row_of_the_preferred_one():
    earliest, latest = (
        study.load("ja", models="further", prefer=prefer) for prefer in ("earliest", "latest")
    )
    both = earliest.model_snapshots[earliest.model_snapshots != latest.model_snapshots].index
    assert len(both) == 16
    for chosen, snapshot in ((earliest, "2024-12-30"), (latest, "2026-06-24")):
        assert set(chosen.model_snapshots[both]) == {snapshot}
        published = chosen.scores_at(snapshot).loc[both]
        pd.testing.assert_frame_equal(chosen.scores.loc[both, published.columns], published)
    assert earliest.snapshot == "2024-12-30 + 2026-06-24"
    assert list(earliest.complete().scores.columns) == PAPER_ORDER


def test_ten_lineages_and_fifteen_pairs_among_the_35(ja):
    counts = ja.models["lineage"].value_counts()
    assert len(counts) == 10 and counts["Llama 2"] == 11 and counts["Mistral"] == 7
    assert not ja.models["lineage_is_proxy"].any()
    children = ja.models[ja.models["parent_id"] != ""]
    assert len(children) == 15 and children["parent_id"].isin(ja.models.index).all()
    assert (children["parent_note"] == "instruct").sum() == 1


def test_nine_further_pairs_within_a_snapshot(ja):
    children = ja.registry[
        (ja.registry["parent_id"] != "") & ~ja.registry.index.isin(ja.models.index)
    ]
    for snapshot, others, pairs in (("2024-12-30", (), 5), ("2026-06-24", ("2024-12-30",), 4)):
        here = ja.scores_at(snapshot).index
        seen = {model for other in others for model in ja.scores_at(other).index}
        new = [
            child
            for child, parent in children["parent_id"].items()
            if child in here and parent in here and child not in seen
        ]
        assert len(new) == pairs


def test_counterparts_follow_the_order_of_benchmarks(ja):
    translations, similar = (ja.pairs_of_counterparts(kind) for kind in ("translation", "similar"))
    assert translations == [("mgsm", "gsm8k"), ("jmmlu", "mmlu"), ("jhumaneval", "humaneval")]
    assert similar == [("jcom", "hellaswag"), ("niilc", "triviaqa"), ("jsquad", "squad2")]
    assert len(ja.pairs_of_counterparts()) == 6


def test_disclosure_is_as_the_notes_on_training_say(ja):
    training = ja.training.reindex(ja.models.index)
    assert len(training) == 35 and ja.models.index.isin(ja.training.index).all()
    assert training["own_tokens_b"].isna().sum() == 4
    assert training[["own_local_tokens_b", "own_english_tokens_b"]].notna().all(axis=1).sum() == 9
    assert (training.loc[training["own_tokens_b"].notna(), "confidence"] == "confirmed").sum() == 27


def test_ranges_are_those_of_the_notes_on_training(ja):
    assert list(ja.ranges) == ["default", "wide"]
    default, wide = ja.ranges["default"], ja.ranges["wide"]
    assert default["own_tokens_b"]["from_scratch_english"] == {
        "lower": 2000,
        "upper": 8000,
        "scale": "log-uniform",
        "of": "own",
    }
    assert default["local_share"]["from_scratch_english"]["lower"] == 0.0002
    assert (
        wide["english_share"]["from_scratch_multilingual"]["lower"],
        wide["english_share"]["from_scratch_multilingual"]["upper"],
    ) == (0.1, 0.9)
    assert (
        wide["local_share"] == default["local_share"]
        and wide["own_tokens_b"] == default["own_tokens_b"]
    )
    strategies = set(ja.models["strategy"])
    for side in ("local_share", "english_share"):
        assert set(default[side]) == set(wide[side]) == strategies


def test_every_citation_is_in_the_bibliography(ja):
    from pybtex.database import parse_file

    known = set(parse_file(study.loading.DATA.parent / "references.bib").entries)
    assert known.issuperset(ja.citation)
    assert known.issuperset(ja._all_benchmarks["citation"])


def test_loading_takes_less_than_three_tenths_of_a_second():
    def seconds() -> float:
        start = time.process_time()
        study.load("ja")
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.3


def test_a_study_is_found_from_any_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert study.load("ja").code == "ja" and "ja" in study.available()


# --- a small study with gaps


def test_a_missing_score_is_nan_and_an_unknown_lineage_is_the_organisation(tmp_path):
    small = study.load("xx", root=small_study.write(tmp_path))
    assert small.scores.loc["lab/other"].isna().tolist() == [False, False, True]
    assert small.splits.loc["lab/other"].tolist() == ["val", "val", ""]
    assert small.models.loc["lab/other", ["lineage", "lineage_is_proxy"]].tolist() == ["lab", True]
    assert small.models.loc["org/child", "lineage_is_proxy"] == False  # noqa: E712
    assert np.isnan(small.standard_errors.loc["org/base", "into-xx"])
    assert list(small.complete().scores.columns) == ["know-xx", "into-xx"]
    further = study.load("xx", models="further", root=tmp_path)
    assert list(further.scores.index) == ["lab/late"] and list(further.scores.columns) == [
        "know-xx"
    ]


def test_parts_that_a_study_does_not_have_are_empty(tmp_path):
    bare = small_study.FILES["study.yml"].split("anchors")[0]
    small = study.load(
        "xx",
        root=small_study.write(tmp_path, training_csv=None, evaluations_csv=None, study_yml=bare),
    )
    assert (
        small.training.empty
        and "own_tokens_b" in small.training
        and small.training.index.name == "model_id"
    )
    assert small.evaluations.empty and "items" in small.evaluations
    assert small.ranges == {} and small.anchors == {} and small.sources == ()
    assert "no training.csv" in study.summary("xx", root=tmp_path)


def test_a_snapshot_or_choice_that_does_not_exist_is_named_with_those_that_do(tmp_path):
    small_study.write(tmp_path)
    small = study.load("xx", root=tmp_path)
    for call, message in (
        (
            lambda: study.load("xx", snapshot="s3", root=tmp_path),
            "xx has no snapshot 's3'; allowed: s1, s2",
        ),
        (lambda: small.scores_at("s3"), "xx has no snapshot 's3'; allowed: s1, s2"),
        (
            lambda: study.load("xx", models="some", root=tmp_path),
            "models='some', prefer='earliest'; allowed: models snapshot, further or all, prefer "
            "earliest or latest",
        ),
        (
            lambda: study.load("xx", models="further", snapshot="s1", root=tmp_path),
            "xx has no models outside its default snapshot s1 in s1",
        ),
    ):
        with pytest.raises(study.StudyError) as caught:
            call()
        assert str(caught.value) == message


@pytest.mark.parametrize("code", ["nope", "../xx", "xx/../xx", "/etc", "", "XX", "xx\n", "."])
def test_an_unknown_study_is_named_with_those_there_are(tmp_path, code):
    small_study.write(tmp_path / "data")
    small_study.write(tmp_path, code="zz")
    with pytest.raises(study.StudyError) as caught:
        study.load(code, root=tmp_path / "data")
    assert str(caught.value) == f"no study {code!r}; there is: xx"


def test_html_in_a_name_is_a_name(tmp_path):
    name = "<b onclick=alert(1)>Base</b>"
    root = small_study.write(
        tmp_path, **small_study.spoilt("models.csv", ",Base,Org", f",{name},Org")
    )
    assert study.load("xx", root=root).models.loc["org/base", "name"] == name


def test_nobody_can_change_a_study(ja):
    with pytest.raises(AttributeError):
        ja.scores = None
