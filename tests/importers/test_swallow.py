"""The Swallow importer on the real exports: the same bytes each time, nothing lost, nothing in
silence."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

from lib import study
from lib.__main__ import main
from lib.importers import swallow, writing
from lib.study import schema

JA = study.loading.DATA / "ja"
SNAPSHOTS = list(swallow.EXPORTS)


@pytest.fixture(scope="module")
def exports():
    return {
        snapshot: json.loads((JA / file).read_text("utf-8"))["models"]
        for snapshot, file in swallow.EXPORTS.items()
    }


@pytest.fixture(scope="module")
def tables():
    return {
        name: list(csv.DictReader(io.StringIO(content.decode())))
        for name, content in swallow.build(JA).items()
    }


@pytest.fixture
def copy(tmp_path):
    """The study's inputs in a folder of their own."""
    folder = tmp_path / "data" / "ja"
    folder.parent.mkdir()
    shutil.copytree(JA, folder)
    return folder


def test_importing_again_gives_the_same_bytes():
    built = swallow.build(JA)
    assert set(built) == set(schema.FORMS)
    for name, content in built.items():
        assert (JA / name).read_bytes() == content, f"data/ja/{name} is not what the importer makes"


def test_every_score_of_the_exports_is_there_and_none_besides(exports, tables):
    published = {}
    for snapshot, models in exports.items():
        for model in models:
            if "results" in model:
                scores = {
                    swallow.KEYS_2026[group, key]: score
                    for group, part in model["results"].items()
                    for key, score in part.items()
                    if key != "avg"
                }
                name = model["id"]
            else:
                scores = {benchmark: model[key] for key, benchmark in swallow.KEYS_2024.items()}
                name = model["Model"]
            published.update(
                {(name, benchmark, snapshot): score for benchmark, score in scores.items()}
            )
    imported = {
        (row["model_id"], row["benchmark_id"], row["snapshot"]): float(row["score"])
        for row in tables["scores.csv"]
    }
    assert imported == published
    assert len(imported) == 35 * 19 + 63 * 19 + 50 * 20


def test_counts_of_models_in_and_across_snapshots(tables):
    models = [
        {row["model_id"] for row in tables["scores.csv"] if row["snapshot"] == snapshot}
        for snapshot in SNAPSHOTS
    ]
    july, december, later = models
    assert [len(each) for each in models] == [35, 63, 50]
    assert len(july | december | later) == len(tables["models.csv"]) == 95
    assert july < december and len(december & later) == 18
    assert (len(december - july), len(later - july), len((december & later) - july)) == (28, 48, 16)


def test_december_repeats_julys_scores_of_the_35():
    july, december = (study.load("ja").scores_at(snapshot) for snapshot in SNAPSHOTS[:2])
    assert december.loc[july.index].equals(july)


def test_the_changed_evaluation_moves_four_benchmarks_most():
    december, later = (study.load("ja").scores_at(snapshot) for snapshot in SNAPSHOTS[1:])
    both = december.index.intersection(later.index)
    moved = (december.loc[both] - later.loc[both, december.columns]).abs().max()
    for benchmark, most in {
        "squad2": 0.293,
        "jhumaneval": 0.240,
        "humaneval": 0.198,
        "bbh": 0.150,
    }.items():
        assert moved[benchmark] == pytest.approx(most, abs=6e-4)


def test_tokens_of_further_models_name_the_place_where_their_makers_tell_them(tables):
    july = {row["model_id"] for row in tables["scores.csv"] if row["snapshot"] == SNAPSHOTS[0]}
    further = [row for row in tables["training.csv"] if row["model_id"] not in july]
    assert len(further) == 51 and len(tables["training.csv"]) == 86
    for row in further:
        assert float(row["own_tokens_b"]) > 0 and row["confidence"] == "confirmed"
        assert "https://" in row["source"] and ", " in row["source"], "a page, and where on it"
    parents = {row["model_id"]: row["parent_id"] for row in tables["models.csv"]}
    listed = {row["model_id"] for row in tables["training.csv"]}
    assert all(
        not parents[row["model_id"]] or parents[row["model_id"]] in listed for row in further
    )


def test_53_of_the_60_further_models_are_strictly_later(tables):
    july = {row["model_id"] for row in tables["scores.csv"] if row["snapshot"] == SNAPSHOTS[0]}
    released = [row["released"] for row in tables["models.csv"] if row["model_id"] not in july]
    assert len(released) == 60 and all(released)
    # A date without a day counts as the month's last day; that is after the snapshot's first of
    # July.
    assert sum((date if len(date) > 7 else date + "-31") > "2024-07-01" for date in released) == 53


def test_release_dates_do_not_contradict_the_export_that_has_them(exports, tables):
    published = {model["id"]: model["date"] for model in exports[SNAPSHOTS[2]]}
    for row in tables["models.csv"]:
        if row["model_id"] in published:
            assert published[row["model_id"]].startswith(row["released"])


def test_names_fit_a_label_and_name_one_model(tables):
    names = [row["name"] for row in tables["models.csv"]]
    assert len(set(names)) == 95 and max(map(len, names)) <= 27
    assert {"Llama 3 Swallow 70B", "Swallow-MS 7B v0.1", "Command R v0.1"} < set(names)


def test_each_models_organisation_has_a_name(tables):
    known = {
        row["organisation"]
        for row in csv.DictReader((JA / "curated/organisations.csv").open(encoding="utf-8"))
    }
    assert known == {row["model_id"].split("/")[0] for row in tables["models.csv"]}


def test_active_parameters_of_mixtures_of_experts(tables):
    sparse = {
        row["model_id"]: (row["params_total_b"], row["params_active_b"])
        for row in tables["models.csv"]
        if row["params_active_b"] != row["params_total_b"]
    }
    assert sparse == {
        "mistralai/Mixtral-8x7B-v0.1": ("46.7", "12.9"),
        "tokyotech-llm/Swallow-MX-8x7b-NVE-v0.1": ("46.7", "12.9"),
        "mistralai/Mixtral-8x22B-v0.1": ("141", "39"),
        "meta-llama/Llama-4-Scout-17B-16E": ("109", "17"),
        "Qwen/Qwen3-30B-A3B-Base": ("31", "3.3"),
    }


def test_metric_and_shots_stand_for_each_benchmark_and_snapshot(tables):
    rows = {(row["benchmark_id"], row["snapshot"]): row for row in tables["evaluations.csv"]}
    assert set(rows) == {(row["benchmark_id"], row["snapshot"]) for row in tables["scores.csv"]}
    assert {rows["xl-sum", snapshot]["shots"] for snapshot in SNAPSHOTS} == {"1"}
    assert (
        rows["humaneval", SNAPSHOTS[0]]["note"] == "10 trials"
        and rows["bbh", SNAPSHOTS[2]]["note"] == "CoT"
    )
    for (benchmark, snapshot), row in rows.items():
        expected = {SNAPSHOTS[2]: "assumed" if benchmark != "math" else ""}.get(
            snapshot, "confirmed"
        )
        assert row["items_confidence"] == expected and bool(row["items"]) == (benchmark != "math")


def test_the_import_command_says_what_changed_and_puts_back_what_was_spoilt(
    copy, capsys, monkeypatch
):
    monkeypatch.setattr(study.loading, "DATA", copy.parent)
    before = {path.name: path.read_bytes() for path in copy.glob("*.*")}
    assert main(["import", "swallow"]) == 0
    assert capsys.readouterr().out == "data/ja: nothing changed\n"
    (copy / "scores.csv").unlink()
    (copy / "models.csv").write_text("spoilt")
    assert main(["import", "swallow"]) == 0
    assert capsys.readouterr().out == "data/ja: models.csv, scores.csv changed\n"
    assert {path.name: path.read_bytes() for path in copy.glob("*.*")} == before


def _change(path, change):
    content = json.loads(path.read_text("utf-8"))
    change(content["models"])
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    "spoil, message",
    [
        (
            lambda ja: _change(
                ja / swallow.EXPORTS["2024-07-01"], lambda models: models[0].update({"JTruth": 0.5})
            ),
            "data/ja/raw/swallow-evaluation-2024-07-01.json, column models.0.JTruth: found an "
            "unknown key",
        ),
        (
            lambda ja: _change(
                ja / swallow.EXPORTS["2026-06-24"],
                lambda models: models[0]["results"]["en_pre"].update(GPQA=0.5),
            ),
            "raw/swallow-leaderboard-2026-06-24.json, column models.0.results.en_pre.GPQA: found "
            "an unknown key",
        ),
        (
            lambda ja: _change(
                ja / swallow.EXPORTS["2024-07-01"],
                lambda models: models[0].update(Model="new/model"),
            ),
            "new/model is in an export of raw/ but in neither curated/training.csv nor "
            "curated/further-models.csv",
        ),
        (
            lambda ja: (ja / swallow.EXPORTS["2024-07-01"]).unlink(),
            "raw/swallow-evaluation-2024-07-01.json: found no such file",
        ),
        (
            lambda ja: (ja / swallow.EXPORTS["2024-07-01"]).write_text("{"),
            "raw/swallow-evaluation-2024-07-01.json, line 1: found no JSON (",
        ),
        (
            lambda ja: (ja / swallow.EXPORTS["2024-07-01"]).write_text("{}"),
            "raw/swallow-evaluation-2024-07-01.json, column models: found nothing; allowed: a "
            "value, this key is needed",
        ),
        (
            lambda ja: (ja / "curated/training.csv").write_bytes(b"\xff"),
            "curated/training.csv, line 1: found the byte 0xff; allowed: UTF-8",
        ),
        (
            lambda ja: _change(
                ja / swallow.EXPORTS["2024-07-01"], lambda models: models[0].update(JCom=92.94)
            ),
            "data/ja/scores.csv, line 2, column score: found '92.94'; allowed: 0 to 1, the range "
            "of jcom",
        ),
    ],
)
def test_an_export_that_is_not_understood_changes_nothing(
    copy, capsys, monkeypatch, spoil, message
):
    monkeypatch.setattr(study.loading, "DATA", copy.parent)
    before = {path.name: path.read_bytes() for path in copy.glob("*.csv")}
    spoil(copy)
    assert main(["import", "swallow"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and message in err and "Traceback" not in err
    assert {path.name: path.read_bytes() for path in copy.glob("*.csv")} == before
    assert not list(copy.glob(".*"))


def test_a_failure_while_writing_leaves_no_half_file(copy, monkeypatch):
    (copy / "scores.csv").unlink()
    monkeypatch.setattr(
        writing.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full"))
    )
    with pytest.raises(OSError, match="disk full"):
        writing.put(copy, swallow.build(copy))
    assert not (copy / "scores.csv").exists() and not list(copy.glob(".*"))


@pytest.mark.parametrize(
    "value, text",
    [
        (None, ""),
        ("", ""),
        (7, "7"),
        (7.0, "7"),
        ("8.0", "8"),
        (0.9294, "0.9294"),
        (0.0, "0"),
        (1e-7, "1e-07"),
    ],
)
def test_numbers_are_written_the_shortest_way_that_reads_back(value, text):
    assert writing.number(value) == text
