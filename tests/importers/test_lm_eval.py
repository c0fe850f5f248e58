"""Result folders of the evaluation harness become a study: runs, groups, results to choose from,
and bad input."""

from __future__ import annotations

import copy
import json

import pytest

from lib import study
from lib.__main__ import main

MODELS = {f"lab/m{n}": 0.3 + 0.1 * n for n in range(5)}


def content(model: str, score: float, date: float = 1_700_000_000.5) -> dict:
    """What the harness writes: a task, a group with its own score, a group without one, a measure
    where less is more."""

    def acc(value, **more):
        return {"acc,none": value, "acc_stderr,none": 0.01, **more}

    return {
        "results": {
            "arc_xx": acc(
                score,
                alias="arc_xx",
                **{"acc_norm,none": score + 0.05, "acc_norm_stderr,none": 0.012},
            ),
            "mmlu": acc(score / 2, alias="mmlu", sample_len=30),
            "mmlu_law": acc(score / 2, alias=" - law"),
            "mmlu_art": acc(score / 3, alias=" - art"),
            "suite": {" ": " ", "alias": "suite"},
            "gsm_xx": {
                "alias": " - gsm_xx",
                "exact_match,strict-match": score / 4,
                "exact_match_stderr,strict-match": "N/A",
            },
            "text": {
                "alias": "text",
                "word_perplexity,none": 30.5,
                "word_perplexity_stderr,none": "N/A",
            },
        },
        "groups": {"mmlu": acc(score / 2, alias="mmlu")},
        "group_subtasks": {
            "mmlu": ["mmlu_law", "mmlu_art"],
            "suite": ["gsm_xx"],
            "arc_xx": [],
            "text": [],
        },
        "configs": {
            "arc_xx": {"test_split": "test"},
            "gsm_xx": {"validation_split": "dev"},
            "mmlu_law": {"test_split": "test"},
            "mmlu_art": {"test_split": "test"},
        },
        "n-shot": {"arc_xx": 25, "mmlu_law": 5, "mmlu_art": 5, "gsm_xx": 8, "text": 0},
        "higher_is_better": {
            "arc_xx": {"acc": True, "acc_norm": True},
            "text": {"word_perplexity": False},
        },
        "n-samples": {
            "arc_xx": {"original": 100, "effective": 100},
            "mmlu_law": {"original": 10, "effective": 10},
            "mmlu_art": {"original": 20, "effective": 20},
        },
        "config": {
            "model": "hf",
            "model_args": f"pretrained={model}",
            "model_num_parameters": 7_000_000_000,
            "limit": None,
        },
        "date": date,
        "model_source": "hf",
        "model_name": model,
        "model_name_sanitized": model.replace("/", "__"),
    }


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    for model, score in MODELS.items():
        put(tmp_path, content(model, score))
    (tmp_path / "out/lab__m0/samples_arc_xx_2023.jsonl").write_text("{}")
    return tmp_path


def put(root, what: dict, name: str = "results_2023-11-14T22-13-20.500000.json"):
    folder = root / "out" / what["model_name_sanitized"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(what))


def run(root, *more):
    return main(
        ["import", "lm-eval", str(root / "out"), "--code", "xx", "--language", "Newspeak", *more]
    )


def answer(root):
    """Ask, then answer as a person would."""
    assert run(root) == 1
    folder = root / "data/xx"
    text = (folder / "curated/columns.csv").read_text()
    for before, after in {
        "arc_xx,arc-xx,arc_xx,,,,,0,1": (
            'arc_xx,arc-xx,ARC (xx),local,"acc_norm,none",commonsense,accuracy,0,1'
        ),
        'gsm_xx,gsm-xx,gsm_xx,,"exact_match,strict-match",,': (
            'gsm_xx,gsm-xx,GSM (xx),local,"exact_match,strict-match",arithmetic,'
        ),
        "mmlu,mmlu,mmlu,english": "mmlu,mmlu,MMLU,english",
    }.items():
        assert before in text, text
        text = text.replace(before, after)
    (folder / "curated/columns.csv").write_text(text)
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(text.replace('licence: ""', "licence: own"))
    return folder


def test_it_asks_for_tasks_and_groups_with_a_score(root):
    assert run(root) == 1
    text = (root / "data/xx/curated/columns.csv").read_text()
    rows = [line.split(",")[0] for line in text.splitlines() if not line.startswith("#")]
    assert rows == ["column", "arc_xx", "mmlu", "gsm_xx", "text"]
    assert "5 models; results: acc,none; acc_norm,none" in text
    assert "text,text,text,-," in text and "lower is better: word_perplexity,none" in text


def test_answers_make_a_sound_study(root, capsys):
    folder = answer(root)
    assert run(root) == 0, capsys.readouterr().err
    loaded = study.load("xx")
    assert loaded.snapshot == "2023-11-14" and loaded.scores.shape == (5, 3)
    assert loaded.scores.loc["lab/m1"].tolist() == pytest.approx([0.45, 0.1, 0.2])
    assert (
        loaded.standard_errors.loc["lab/m1", "arc-xx"] == 0.012
        and loaded.standard_errors["gsm-xx"].isna().all()
    )
    assert loaded.splits.iloc[0].tolist() == ["test", "dev", "test"]
    assert (loaded.models["params_total_b"] == 7).all()
    evaluations = loaded.evaluations.set_index("benchmark_id")
    assert (
        evaluations.loc["mmlu", ["shots", "items"]].tolist() == [5, 30]
        and evaluations.loc["arc-xx", "shots"] == 25
    )
    # What is kept of the results holds no machine's details.
    assert {path.name for path in (folder / "raw").iterdir()} == {"results.csv"}


def test_the_newest_of_several_runs_wins_and_is_named(root, capsys):
    newer = content("lab/m0", 0.9, 1_800_000_000)
    del newer["results"]["gsm_xx"]
    put(root, newer, "results_2027.json")
    answer(root)
    capsys.readouterr()
    assert run(root) == 0
    out = capsys.readouterr().out
    assert "lab/m0, arc_xx: lab__m0/results_2027.json is newer than lab__m0/results_2023" in out
    scores = study.load("xx").scores.loc["lab/m0"]
    assert scores["arc-xx"] == pytest.approx(0.95) and scores["gsm-xx"] == pytest.approx(0.075)


def test_shots_that_differ_and_a_result_that_is_absent_are_said(root, capsys):
    other = content("lab/m4", 0.7)
    other["n-shot"]["arc_xx"] = 0
    del other["results"]["arc_xx"]["acc_norm,none"]
    put(root, other)
    answer(root)
    capsys.readouterr()
    assert run(root) == 0
    out = capsys.readouterr().out
    assert (
        "arc_xx: shots differ between models" in out
        and "lab/m4, arc_xx: no 'acc_norm,none' among acc,none" in out
    )
    loaded = study.load("xx")
    assert loaded.scores["arc-xx"].isna().sum() == 1
    assert loaded.evaluations.set_index("benchmark_id")["shots"].isna()["arc-xx"]


def test_a_run_on_a_part_and_other_json_are_left_out(root, capsys):
    part = content("lab/m9", 0.5)
    part["config"]["limit"] = 10
    put(root, part)
    (root / "out/notes.json").write_text("[1]")
    answer(root)
    capsys.readouterr()
    assert run(root) == 0
    out = capsys.readouterr().out
    assert "run on a part of the items only (limit '10'), left out" in out
    assert "out/notes.json: no results of the harness, left out" in out
    assert "lab/m9" not in study.load("xx").scores.index


def test_a_local_path_gets_a_name(root, capsys):
    put(root, {**content("/models/mine", 0.5), "model_name_sanitized": "__models__mine"})
    assert run(root) == 1
    assert (
        "column model_name: found '/models/mine'; allowed: a model's id (organisation/name); "
        "--name __models__mine=ORGANISATION/NAME"
        in capsys.readouterr().err
        and not (root / "data").exists()
    )
    assert run(root, "--name", "/models/mine=me/mine") == 1
    assert "fill in" in capsys.readouterr().err


def spoil(change):
    what = copy.deepcopy(content("lab/m0", 0.5))
    change(what)
    return what


@pytest.mark.parametrize(
    "what, message",
    [
        (
            spoil(lambda each: each.update(model_name="../../etc")),
            "lab__m0/results_2023-11-14T22-13-20.500000.json, column model_name: found "
            "'../../etc'; allowed: a model's id",
        ),
        (
            spoil(lambda each: each.update(model_name="<b>x</b>")),
            "found '<b>x</b>'; allowed: a model's id",
        ),
        (
            spoil(lambda each: [each.pop("model_name"), each["config"].pop("model_args")]),
            "column config.model_args: found no model's name; allowed: a model's id (organisation/"
            "name); --name lab__m0=ORGANISATION/NAME gives it one",
        ),
        (
            spoil(lambda each: each.update(date="yesterday")),
            "column date: found 'yesterday'; allowed: a valid number",
        ),
        (
            spoil(lambda each: each.update(date=float("nan"))),
            "column date: found nan; allowed: a finite number",
        ),
    ],
)
def test_results_that_cannot_be_understood_write_nothing(root, capsys, what, message):
    what["model_name_sanitized"] = "lab__m0"
    put(root, what)
    assert run(root) == 1
    out, err = capsys.readouterr()
    assert message in err and out == "" and "Traceback" not in err and not (root / "data").exists()


def test_parts_that_a_run_left_empty_are_no_fault(root):
    put(
        root,
        {
            **content("lab/m0", 0.5),
            "results": {"arc_xx": {"acc,none": None, "acc_norm,none": 0.5}, "suite": {}},
            "group_subtasks": {"a": ["b"], "b": ["a"], "c": None},
            "n-shot": None,
            "n-samples": None,
            "configs": {},
            "config": None,
            "higher_is_better": None,
        },
    )
    assert run(root) == 1
    assert (root / "data/xx/curated/columns.csv").is_file()


def test_a_part_of_another_kind_is_named_and_all_of_them_are(root, capsys):
    put(
        root,
        {
            **content("lab/m0", 0.5),
            "higher_is_better": {"arc_xx": [True]},
            "n-shot": {"arc_xx": "many"},
            "n-samples": [],
            "configs": {"arc_xx": {"test_split": 3}},
            "group_subtasks": {"mmlu": {"mmlu_law": 1}},
        },
    )
    assert run(root) == 1
    file = "lab__m0/results_2023-11-14T22-13-20.500000.json"
    assert capsys.readouterr().err.splitlines() == [
        f"{file}, column group_subtasks.mmlu: found a mapping; allowed: a valid list",
        f"{file}, column higher_is_better.arc_xx: found a list; allowed: keys with values",
        f"{file}, column configs.arc_xx.test_split: found 3; allowed: a valid string",
        f"{file}, column n-shot.arc_xx: found 'many'; allowed: a valid integer",
        f"{file}, column n-samples: found a list; allowed: keys with values",
    ]
    assert not (root / "data").exists()


@pytest.mark.parametrize(
    "value, words",
    [
        (True, "True"),
        ([0.5], "a list"),
        ({"mean": 0.5}, "a mapping"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_what_is_no_score_is_left_out_and_said(root, capsys, value, words):
    folder = answer(root)
    what = content("lab/m0", 0.5)
    what["results"]["arc_xx"]["acc_norm,none"] = value
    put(root, what)
    capsys.readouterr()
    assert run(root) == 0
    assert (
        f", 'arc_xx': 'acc_norm,none' is {words}, which is no score, left out"
        in capsys.readouterr().out
    )
    assert "lab/m0,arc-xx" not in (folder / "scores.csv").read_text()


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda root: (root / "out/lab__m0/results_x.json").write_text("{"),
            "lab__m0/results_x.json, line 1: found no JSON (",
        ),
        (
            lambda root: (root / "out/lab__m0/results_x.json").write_bytes(b"\xff"),
            "lab__m0/results_x.json, line 1: found the byte 0xff; allowed: UTF-8",
        ),
        (
            lambda root: [path.unlink() for path in root.glob("out/*/*.json")],
            "no results_*.json of the harness",
        ),
        (
            lambda root: [path.unlink() for path in root.glob("out/lab__m[12]/*.json")],
            "3 models; at least 5 are needed",
        ),
        (lambda root: (root / "out").rename(root / "elsewhere"), "no such folder"),
    ],
)
def test_folders_without_usable_results_write_nothing(root, capsys, make, message):
    make(root)
    assert run(root) == 1
    assert message in capsys.readouterr().err and not (root / "data").exists()
