"""How do the Swallow project's leaderboards become data/ja/?  Exports and curated files in, the study's tables out.

Three exports, as published (raw/), and what people know beside them (curated/): lineages, parents, token counts,
numbers of items. `build` is a pure function of these files, so that importing twice gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from lib.importers import writing

#: The two exports of the first leaderboard and that of its successor, by snapshot, in order of time.
EXPORTS = {
    "2024-07-01": "raw/swallow-evaluation-2024-07-01.json",
    "2024-12-30": "raw/swallow-evaluation-2024-12-30.json",
    "2026-06-24": "raw/swallow-leaderboard-2026-06-24.json",
}

#: The successor's own description of its tasks.
TASKS = "raw/swallow-tasks-2026-06-24.csv"

#: Key in the exports of 2024 -> benchmark id.
KEYS_2024 = {
    "JCom": "jcom", "JEMHopQA": "jemhopqa", "NIILC": "niilc", "JSQuAD": "jsquad", "XL-Sum": "xl-sum", "MGSM": "mgsm",
    "WMT20 (en-ja)": "wmt20-en-ja", "WMT20 (ja-en)": "wmt20-ja-en", "JMMLU": "jmmlu", "JHumanEval": "jhumaneval",
    "OpenBookQA": "openbookqa", "TriviaQA": "triviaqa", "HellaSwag": "hellaswag", "SQuAD2": "squad2",
    "XWINO": "xwino", "MMLU": "mmlu", "GSM8K": "gsm8k", "BBH": "bbh", "HumanEval": "humaneval",
}

#: Keys of the exports of 2024 that are no benchmark of a base model, all others are listed above.
OTHER_KEYS_2024 = {
    "Type", "Model", "Name", "Base name", "Size (B)", "SortKey", "Missing", "Ja Avg", "En Avg", "Ja MT-Bench",
    "Coding", "Extraction", "Humanities", "Math", "Reasoning", "Roleplay", "Stem", "Writing",
}

#: (group, key) in the export of 2026 -> benchmark id.
KEYS_2026 = {
    ("ja_pre", "JComQA"): "jcom", ("ja_pre", "JEMHopQA"): "jemhopqa", ("ja_pre", "NIILC"): "niilc",
    ("ja_pre", "JSQuAD"): "jsquad", ("ja_pre", "XLSum"): "xl-sum", ("ja_pre", "MGSM"): "mgsm",
    ("ja_pre", "WMT20enja"): "wmt20-en-ja", ("ja_pre", "WMT20jaen"): "wmt20-ja-en", ("ja_pre", "JMMLU"): "jmmlu",
    ("ja_pre", "JHumanEval"): "jhumaneval", ("en_pre", "OpenBookQA"): "openbookqa",
    ("en_pre", "TriviaQA"): "triviaqa", ("en_pre", "HellaSwag"): "hellaswag", ("en_pre", "SQuAD2"): "squad2",
    ("en_pre", "XWINO"): "xwino", ("en_pre", "MMLU"): "mmlu", ("en_pre", "GSM8K"): "gsm8k", ("en_pre", "MATH"): "math",
    ("en_pre", "BBH"): "bbh", ("en_pre", "HumanEval"): "humaneval",
}

#: Keys of the results of 2026 that are no benchmark.
OTHER_KEYS_2026 = {("ja_pre", "avg"), ("en_pre", "avg")}

#: What people know beyond the exports: files in curated/.
CURATED = ("training", "further-models", "labels", "organisations", "benchmarks", "items", "evaluations-2024")

#: A task's setting as the leaderboards write it: "4-shot", "0-shot, 10 trials", "3-shot, CoT".
SETTING = re.compile(r"(\d+)-shot(?:, (.+))?")


def build(folder: Path) -> dict[str, bytes]:
    """The study's tables (file name -> content) from `folder`/raw and `folder`/curated.

    Raises writing.ImportProblem where a file is missing, an export has a key that the maps above do not know, or one
    that they need is not there.
    """
    try:
        return _tables(folder)
    except KeyError as error:
        raise writing.ImportProblem(f"{folder.name}/raw or {folder.name}/curated: nothing named {error}") from None


def _tables(folder: Path) -> dict[str, bytes]:
    entries = {snapshot: (_entries_2026 if snapshot >= "2026" else _entries_2024)(folder / file)
               for snapshot, file in EXPORTS.items()}
    curated = {name: _rows(folder / "curated" / f"{name}.csv") for name in CURATED}
    models = _models(entries, curated)
    benchmarks = curated["benchmarks"]
    return {
        "models.csv": writing.table(models, writing.columns("models.csv", without=("url",))),
        "benchmarks.csv": writing.table(benchmarks, writing.columns("benchmarks.csv")),
        "evaluations.csv": writing.table(_evaluations(folder / TASKS, curated), writing.columns("evaluations.csv")),
        "scores.csv": writing.table(_scores(entries, [row["model_id"] for row in models],
                                            [row["benchmark_id"] for row in benchmarks]),
                                    writing.columns("scores.csv")),
        "training.csv": writing.table(curated["training"], writing.columns("training.csv")),
    }


def _entries_2024(path: Path) -> dict[str, dict]:
    """model_id -> name, sizes, date and scores of one export of the first leaderboard."""
    entries = {}
    for model in writing.read_json(path)["models"]:
        writing.no_unknown_keys(path, model["Model"], set(model) - OTHER_KEYS_2024, KEYS_2024)
        entries[model["Model"]] = {
            "name": model["Name"], "total": model["Size (B)"], "active": None, "released": "",
            "scores": {benchmark: model.get(key) for key, benchmark in KEYS_2024.items()},
        }
    return entries


def _entries_2026(path: Path) -> dict[str, dict]:
    """The same of the successor's export."""
    entries = {}
    for model in writing.read_json(path)["models"]:
        results = {(group, key): score for group, part in model["results"].items() for key, score in part.items()}
        writing.no_unknown_keys(path, model["id"], set(results) - OTHER_KEYS_2026, KEYS_2026)
        entries[model["id"]] = {
            "name": model["name"], "total": model["params"], "active": model["active_params"],
            "released": model["date"], "scores": {benchmark: results.get(key) for key, benchmark in KEYS_2026.items()},
        }
    return entries


def _models(entries: dict[str, dict], curated: dict[str, list[dict]]) -> list[dict]:
    """One row a model, in the order in which the exports first name it. Names are the latest export's."""
    known = {row["model_id"]: row for row in [*curated["training"], *curated["further-models"]]}
    labels = {row["model_id"]: row["name"] for row in curated["labels"]}
    developers = {row["organisation"]: row["developer"] for row in curated["organisations"]}
    latest = {model: entry for export in entries.values() for model, entry in export.items()}
    rows = []
    for model, entry in latest.items():
        if model not in known:
            raise writing.ImportProblem(f"{model} is in an export but in neither training.csv nor further-models.csv")
        row = known[model]
        organisation = model.split("/")[0]
        total = row.get("params_total_b") or writing.number(entry["total"])
        rows.append({
            "model_id": model, "name": labels.get(model, entry["name"]),
            "developer": developers.get(organisation, organisation), "lineage": row["lineage"],
            "parent_id": row["parent_id"], "parent_note": row.get("parent_note", ""), "strategy": row["strategy"],
            "params_total_b": total,
            "params_active_b": row["params_active_b"] or writing.number(entry["active"]) or total,
            "released": row.get("released") or entry["released"],
            # The notes of training.csv speak of tokens and stay there.
            "note": row["note"] if "params_total_b" not in row else "",
        })
    return rows


def _evaluations(tasks: Path, curated: dict[str, list[dict]]) -> list[dict]:
    """How each benchmark was run in each snapshot: metric and shots as the leaderboards describe their tasks.

    Numbers of items are of the evaluation of 2024; that its successor scores the same ones is an assumption.
    """
    items = {row["benchmark_id"]: row for row in curated["items"]}
    runs_2024 = {row["benchmark_id"]: row for row in curated["evaluations-2024"]}
    runs_2026 = {KEYS_2026[row["group"], row["key_2026"]]: row for row in _rows(tasks)}
    rows = []
    for snapshot in EXPORTS:
        runs, same_items = (runs_2026, "assumed") if snapshot >= "2026" else (runs_2024, None)
        for benchmark in (row["benchmark_id"] for row in curated["benchmarks"]):
            if benchmark not in runs:
                continue
            setting = SETTING.fullmatch(runs[benchmark]["setting"])
            if setting is None:
                raise writing.ImportProblem(f"{benchmark}: setting {runs[benchmark]['setting']!r}, not like '4-shot'")
            shots, note = setting.groups()
            known = items.get(benchmark)
            rows.append({
                "benchmark_id": benchmark, "snapshot": snapshot, "metric": runs[benchmark]["metric"],
                "shots": shots, "shots_confidence": "confirmed", "items": known["items"] if known else "",
                "items_confidence": (same_items or known["confidence"]) if known else "", "note": note or "",
            })
    return rows


def _scores(entries: dict[str, dict], models: list[str], benchmarks: list[str]) -> list[dict]:
    """Long form: by snapshot, models and benchmarks in the order of their tables; absent scores have no row."""
    return [{"model_id": model, "benchmark_id": benchmark, "snapshot": snapshot, "split": "test",
             "score": writing.number(score), "standard_error": ""}
            for snapshot, export in entries.items()
            for model in models if model in export
            for benchmark in benchmarks if (score := export[model]["scores"].get(benchmark)) is not None]


def _rows(path: Path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(writing.read(path), newline="")))
