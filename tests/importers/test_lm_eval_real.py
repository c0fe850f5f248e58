"""Results that people published become studies: files of 2023, 2024 and 2025, and eighteen variants
under one name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lib import study
from lib.__main__ import main
from lib.importers import lm_eval, questions

EXCERPTS = Path(__file__).parent / "excerpts"
LATXA = EXCERPTS / "latxa/results"
INSTRUCT = EXCERPTS / "latxa-instruct/results"
BLOOM = LATXA / "bloom/bloom-7b1"

#: What has to be typed for the older panel: ids in place of paths on its authors' machines.
NAMES = {
    "latxa/latxa-7b-v1": "HiTZ/latxa-7b-v1",
    "latxa/latxa-7b-v1.1": "HiTZ/latxa-7b-v1.1",
    "Llama-2-7b-hf": "meta-llama/Llama-2-7b-hf",
    "Mistral-7B-v0.1": "mistralai/Mistral-7B-v0.1",
}
BASQUE = ("belebele_eus_Latn", "eus_trivia", "xstorycloze_eu", "xstory_cloze_eu")


def run(folder: Path, *more: str) -> int:
    words = ["import", "lm-eval", str(folder), "--code", "eu", "--language", "Basque"]
    return main([*words, *more])


def named(names: dict[str, str]) -> list[str]:
    return [word for old, new in names.items() for word in ("--name", f"{old}={new}")]


def answer(data: Path, sides: dict[str, str], metric: str = "acc,none") -> None:
    """Fill in the questions as a person would, all others left out."""
    file = data / "eu/curated/columns.csv"
    _, *rows = [row for row in file.read_text().splitlines() if not row.startswith("#")]
    names = [row.split(",")[0] for row in rows]
    header = ",".join(questions.COLUMNS)
    assert set(sides) <= set(names)
    lines = [
        f'{name},{name.lower().replace("_", "-")},,{sides[name]},"{metric}",reading,accuracy,0,1'
        ",,,,,"
        if name in sides
        else f"{name},x,,-,,,,,,,,,,"
        for name in names
    ]
    file.write_text("\n".join([header, *lines]) + "\n")
    settings = data / "eu/study.yml"
    settings.write_text(settings.read_text().replace('licence: ""', "licence: MIT"))


# --- files of 2023 and 2024 -----------------------------------------------------------------------


def test_paths_on_other_peoples_machines_are_told_a_line_a_folder(data, capsys):
    assert run(LATXA) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(NAMES) and not data.exists()
    assert "--name latxa/latxa-7b-v1=ORGANISATION/NAME gives it one" in "".join(lines)
    # Where another file of the folder has an id, that is the one to give.
    assert "--name llama-2/Llama-2-7b-hf=meta-llama/Llama-2-7b-hf gives it one" in "".join(lines)


def test_files_without_name_date_and_filters_become_a_study(data, capsys):
    more = [*named(NAMES), "--date", "2024-06-11"]
    assert run(LATXA, *more) == 1
    answer(data, dict.fromkeys(BASQUE[:3], "local"))
    capsys.readouterr()
    assert run(LATXA, *more) == 0
    assert "no benchmark is English, so nothing" in capsys.readouterr().out
    loaded = study.load("eu")
    assert loaded.scores.shape == (6, 3) and loaded.snapshot == "2024-06-11"
    told = json.loads((BLOOM / "bloom-7b1_belebele_eus_Latn_5-shot.json").read_text())
    assert loaded.scores.loc["bigscience/bloom-7b1", "belebele-eus-latn"] == pytest.approx(
        told["results"]["belebele_eus_Latn"]["acc,none"]
    )


def test_a_file_of_2023_has_its_shots_in_its_settings(data):
    more = named(NAMES)
    assert run(LATXA, *more) == 1
    rows = (data / "eu/curated/columns.csv").read_text()
    assert 'xstory_cloze_eu,xstory-cloze-eu,xstory_cloze_eu,,"acc,none",,accuracy,0,1' in rows
    runs, _ = lm_eval.read([LATXA], NAMES)
    old = next(run for run in runs if "xstory_cloze_eu" in run.tasks())
    assert old.model == "meta-llama/Llama-2-7b-hf" and old.shots("xstory_cloze_eu") == 0
    assert old.scores("xstory_cloze_eu") == {"acc,none": 0.5043017868960953}
    assert old.error("xstory_cloze_eu", "acc,none") == 0.012866649085718846
    assert old.date is None


def test_tasks_of_an_old_group_are_found_by_how_aliases_are_indented(data):
    assert run(LATXA, *named(NAMES)) == 1
    rows = (data / "eu/curated/columns.csv").read_text()
    assert "\neus_exams_eu,eus-exams-eu," in rows and "eus_exams_eu_ejadministrari" not in rows


def test_without_any_date_that_is_said_and_the_snapshot_is_undated(data, capsys):
    assert run(LATXA, *named(NAMES)) == 1
    out = capsys.readouterr().out
    count = len(list(LATXA.rglob("*.json")))
    assert f"{count} of {count} runs say nowhere when they were made; --date" in out
    assert 'default_snapshot: "undated"' in (data / "eu/study.yml").read_text()


def test_two_undated_results_of_one_task_are_no_guess(data, tmp_path, capsys):
    shutil.copytree(LATXA, tmp_path / "results")
    file = "bloom/bloom-7b1/bloom-7b1_eus_trivia_5-shot.json"
    again = tmp_path / "results/bloom/bloom-7b1/again.json"
    shutil.copy(LATXA / file, again)
    assert run(tmp_path / "results", *named(NAMES)) == 1  # the same scores, told again
    assert "fill in" in capsys.readouterr().err
    shutil.rmtree(data)
    again.write_text(again.read_text().replace('"acc,none": 0.', '"acc,none": 0.1'))
    assert run(tmp_path / "results", *named(NAMES)) == 1
    err = capsys.readouterr().err
    assert "'eus_trivia' of 'bigscience/bloom-7b1', and other scores of them in" in err
    assert "one result, or dates that tell which is newer" in err
    assert not data.exists()


@pytest.mark.parametrize(
    "name", ["results_2024-05-02T10-11-12.5.json", "2024-05-02_trivia.json", "x_2024-05-02.json"]
)
def test_a_date_in_a_files_name_is_its_date(data, tmp_path, name):
    shutil.copytree(LATXA, tmp_path / "results")
    folder = tmp_path / "results/bloom/bloom-7b1"
    (folder / "bloom-7b1_eus_trivia_5-shot.json").rename(folder / name)
    assert run(tmp_path / "results", *named(NAMES)) == 1
    assert 'default_snapshot: "2024-05-02"' in (data / "eu/study.yml").read_text()


# --- one name, many models ------------------------------------------------------------------------


def test_one_name_in_several_folders_is_an_error_with_a_way_out(data, capsys):
    assert run(INSTRUCT) == 1
    err = capsys.readouterr().err
    assert "found 'HiTZ/Latxa-Llama-3.1-8B-Instruct' in 5 folders" in err
    assert "--names-from folder" in err and "--name FOLDER=ORGANISATION/NAME" in err
    assert not data.exists()


def test_named_by_their_folders_all_variants_stay_apart(data, capsys):
    assert run(INSTRUCT, "--names-from", "folder") == 1
    sides = {"belebele_eus_Latn": "local", "belebele_eng_Latn": "english", "eus_trivia": "local"}
    answer(data, sides)
    assert run(INSTRUCT, "--names-from", "folder") == 0, capsys.readouterr().err
    loaded = study.load("eu")
    assert loaded.scores.shape == (6, 3) and not loaded.scores.isna().any(axis=None)
    variants = [model for model in loaded.models.index if "__exp_0_" in model]
    assert len(variants) == 5 and all(model.startswith("HiTZ/Latxa") for model in variants)
    assert loaded.scores.loc[variants].drop_duplicates().shape[0] == 5


def test_folders_may_be_named_one_by_one_and_said_to_be_one_model(data, capsys):
    folders = sorted(path.name for path in INSTRUCT.iterdir() if "exp" in path.name)
    names = {folder: f"me/variant-{number}" for number, folder in enumerate(folders)}
    assert run(INSTRUCT, *named(names)) == 1
    assert "fill in" in capsys.readouterr().err
    same = dict.fromkeys(folders, "me/one")
    shutil.rmtree(data)
    assert run(INSTRUCT, *named(same)) == 1
    assert "2 models; at least 5 are needed" in capsys.readouterr().err


def test_two_revisions_in_one_folder_are_two_models(data, tmp_path, capsys):
    shutil.copytree(LATXA, tmp_path / "results")
    for number, file in enumerate(sorted((tmp_path / "results/bloom/bloom-7b1").glob("*.json"))):
        content = json.loads(file.read_text())
        content["config"]["model_args"] += f",revision=step{number % 2}"
        file.write_text(json.dumps(content))
    assert run(tmp_path / "results", *named(NAMES)) == 1
    assert "found 'bigscience/bloom-7b1' with 2 revisions or adapters" in capsys.readouterr().err


def test_a_folder_that_may_hold_one_model_under_two_names_is_told(data, tmp_path, capsys):
    shutil.copytree(INSTRUCT, tmp_path / "results")
    file = sorted((tmp_path / "results/meta-llama__Llama-3.1-8B-Instruct").glob("*.json"))[0]
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "model_name": "meta-llama/Llama-3.1-8B-Instruct"}))
    names = {path.name: f"me/{path.name}" for path in INSTRUCT.iterdir() if "exp" in path.name}
    assert run(tmp_path / "results", *named(names)) == 1
    assert "no task was run under two of the names" in capsys.readouterr().out


def test_a_name_for_nothing_is_told(data, capsys):
    assert run(LATXA, *named(NAMES), "--name", "elsewhere=me/x") == 1
    assert "--name: found 'elsewhere'; allowed: a folder, a file or a" in capsys.readouterr().err
