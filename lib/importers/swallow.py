"""How do the Swallow project's leaderboards become data/ja/?  Exports and curated files in, the
study's tables out.

Three exports, as published (raw/), and what people know beside them (curated/): lineages, parents,
token counts, numbers of items. `build` is a pure function of these files, so that importing twice
gives the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, create_model

from lib import reading
from lib.importers import sheets, writing
from lib.reading import InputError, Problem, documents, forms, shown
from lib.reading.forms import Date, Known, Line, Part, that
from lib.study import schema

#: The two exports of the first leaderboard and that of its successor, by snapshot, in order of
#: time.
EXPORTS = {
    "2024-07-01": "raw/swallow-evaluation-2024-07-01.json",
    "2024-12-30": "raw/swallow-evaluation-2024-12-30.json",
    "2026-06-24": "raw/swallow-leaderboard-2026-06-24.json",
}

#: The successor's own description of its tasks.
TASKS = "raw/swallow-tasks-2026-06-24.csv"

#: Key in the exports of 2024 -> benchmark id.
KEYS_2024 = {
    "JCom": "jcom",
    "JEMHopQA": "jemhopqa",
    "NIILC": "niilc",
    "JSQuAD": "jsquad",
    "XL-Sum": "xl-sum",
    "MGSM": "mgsm",
    "WMT20 (en-ja)": "wmt20-en-ja",
    "WMT20 (ja-en)": "wmt20-ja-en",
    "JMMLU": "jmmlu",
    "JHumanEval": "jhumaneval",
    "OpenBookQA": "openbookqa",
    "TriviaQA": "triviaqa",
    "HellaSwag": "hellaswag",
    "SQuAD2": "squad2",
    "XWINO": "xwino",
    "MMLU": "mmlu",
    "GSM8K": "gsm8k",
    "BBH": "bbh",
    "HumanEval": "humaneval",
}

#: Keys of the exports of 2024 that are no benchmark of a base model, all others are listed above.
OTHER_KEYS_2024 = {
    "Type",
    "Model",
    "Name",
    "Base name",
    "Size (B)",
    "SortKey",
    "Missing",
    "Ja Avg",
    "En Avg",
    "Ja MT-Bench",
    "Coding",
    "Extraction",
    "Humanities",
    "Math",
    "Reasoning",
    "Roleplay",
    "Stem",
    "Writing",
}

#: (group, key) in the export of 2026 -> benchmark id.
KEYS_2026 = {
    ("ja_pre", "JComQA"): "jcom",
    ("ja_pre", "JEMHopQA"): "jemhopqa",
    ("ja_pre", "NIILC"): "niilc",
    ("ja_pre", "JSQuAD"): "jsquad",
    ("ja_pre", "XLSum"): "xl-sum",
    ("ja_pre", "MGSM"): "mgsm",
    ("ja_pre", "WMT20enja"): "wmt20-en-ja",
    ("ja_pre", "WMT20jaen"): "wmt20-ja-en",
    ("ja_pre", "JMMLU"): "jmmlu",
    ("ja_pre", "JHumanEval"): "jhumaneval",
    ("en_pre", "OpenBookQA"): "openbookqa",
    ("en_pre", "TriviaQA"): "triviaqa",
    ("en_pre", "HellaSwag"): "hellaswag",
    ("en_pre", "SQuAD2"): "squad2",
    ("en_pre", "XWINO"): "xwino",
    ("en_pre", "MMLU"): "mmlu",
    ("en_pre", "GSM8K"): "gsm8k",
    ("en_pre", "MATH"): "math",
    ("en_pre", "BBH"): "bbh",
    ("en_pre", "HumanEval"): "humaneval",
}

#: Keys of the results of 2026 that are no benchmark.
OTHER_KEYS_2026 = {("ja_pre", "avg"), ("en_pre", "avg")}

#: What people know beyond the exports: files in curated/ with their columns, the first names a row.
CURATED = {
    "training": (
        "model_id",
        "lineage",
        "params_total_b",
        "params_active_b",
        "parent_id",
        "parent_note",
        "strategy",
        *(name for name in schema.FORMS["training.csv"].columns if name != "model_id"),
    ),
    "further-models": (
        "model_id",
        "lineage",
        "parent_id",
        "parent_note",
        "strategy",
        "params_active_b",
        "released",
        "note",
    ),
    "further-training": tuple(schema.FORMS["training.csv"].columns),
    "labels": ("model_id", "name", "why"),
    "organisations": ("organisation", "developer"),
    "benchmarks": tuple(schema.FORMS["benchmarks.csv"].columns),
    "items": ("benchmark_id", "items", "confidence", "source"),
    "evaluations-2024": ("benchmark_id", "metric", "setting"),
}

#: A task's setting as the leaderboards write it: "4-shot", "0-shot, 10 trials", "3-shot, CoT".
SETTING = re.compile(r"([0-9]{1,4})-shot(?:, (.+))?")


# --- what an export must look like ---------------------------------------------------------------

ModelId = Annotated[str, that(schema.is_model_id, schema.MODEL_FORM)]
Billions = Annotated[float, Field(ge=0)]


def _form(
    name: str, base: type[Part], needed: Mapping[str, Any], optional: Mapping[str, Any]
) -> type[Part]:
    """A form of which some keys may be absent; they are the leaderboard's, not Python's names."""
    return create_model(
        name,
        __base__=base,
        **{key: (kind, ...) for key, kind in needed.items()},
        **{key: (kind, None) for key, kind in optional.items()},
    )


def _scores_of(keys: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(keys, float | None)


def _export(entry: type[Part]) -> type[Part]:
    return _form("Export", Known, {"models": Annotated[list[entry], Field(min_length=1)]}, {})


#: Every key of an entry, or of its results, is known, so that no benchmark vanishes in silence.
ENTRY_2024 = {"Model": ModelId, "Name": Line, "Size (B)": Billions | None}
EXPORT_2024 = _export(
    _form(
        "Entry2024",
        Part,
        ENTRY_2024,
        _scores_of(KEYS_2024) | dict.fromkeys(sorted(OTHER_KEYS_2024 - set(ENTRY_2024)), Any),
    )
)
RESULTS_2026 = {
    group: _form(
        group,
        Part,
        {},
        _scores_of(key for each, key in [*KEYS_2026, *sorted(OTHER_KEYS_2026)] if each == group),
    )
    for group in ("ja_pre", "en_pre")
}
EXPORT_2026 = _export(
    _form(
        "Entry2026",
        Known,
        {
            "id": ModelId,
            "name": Line,
            "params": Billions | None,
            "active_params": Billions | None,
            "date": Date | None,
            "results": _form("Results", Part, {}, RESULTS_2026),
        },
        {},
    )
)


# --- from files to tables -------------------------------------------------------------------------


def build(folder: Path) -> dict[str, bytes]:
    """The study's tables (file name -> content) from `folder`/raw and `folder`/curated.

    Raises InputError where a file is missing or cannot be read, and for everything in it that is
    not understood: keys of an export that the maps above do not know, values of another kind,
    models of which curated/ says nothing.
    """
    entries = {
        snapshot: (_entries_2026 if snapshot >= "2026" else _entries_2024)(folder, file)
        for snapshot, file in EXPORTS.items()
    }
    curated = {name: _curated(folder, name) for name in CURATED}
    models = _models(entries, curated)
    benchmarks = curated["benchmarks"]
    return {
        "models.csv": writing.table(models, writing.columns("models.csv", without=("url",))),
        "benchmarks.csv": writing.table(benchmarks, writing.columns("benchmarks.csv")),
        "evaluations.csv": writing.table(
            _evaluations(folder, curated), writing.columns("evaluations.csv")
        ),
        "scores.csv": writing.table(
            _scores(
                entries,
                [row["model_id"] for row in models],
                [row["benchmark_id"] for row in benchmarks],
            ),
            writing.columns("scores.csv"),
        ),
        "training.csv": writing.table(
            [*curated["training"], *curated["further-training"]], writing.columns("training.csv")
        ),
    }


def _named(folder: Path, file: str) -> tuple[bytes, str]:
    """A file's bytes, and its name in messages."""
    name = f"{folder.parent.name}/{folder.name}/{file}"
    return reading.content(folder / file, name), name


def _entries(folder: Path, file: str, form: type[Part], key: str) -> list[dict]:
    """An export's models as it has them, checked; `key` holds their ids, each once."""
    content, file = _named(folder, file)
    document = documents.from_json(reading.text(content, file), file)
    forms.checked(document, form)
    models = document.value["models"]
    often = Counter(model[key] for model in models)
    if again := [
        f"{file}: {shown(model)} is there {count} times"
        for model, count in often.items()
        if count > 1
    ]:
        raise writing.ImportProblem("\n".join(again))
    return models


def _entries_2024(folder: Path, file: str) -> dict[str, dict]:
    """model_id -> name, sizes, date and scores of one export of the first leaderboard."""
    return {
        model["Model"]: {
            "name": model["Name"],
            "total": model["Size (B)"],
            "active": None,
            "released": "",
            "scores": {benchmark: model.get(key) for key, benchmark in KEYS_2024.items()},
        }
        for model in _entries(folder, file, EXPORT_2024, "Model")
    }


def _entries_2026(folder: Path, file: str) -> dict[str, dict]:
    """The same of the successor's export."""
    return {
        model["id"]: {
            "name": model["name"],
            "total": model["params"],
            "active": model["active_params"],
            "released": model["date"] or "",
            "scores": {
                benchmark: (model["results"].get(group) or {}).get(key)
                for (group, key), benchmark in KEYS_2026.items()
            },
        }
        for model in _entries(folder, file, EXPORT_2026, "id")
    }


def _curated(folder: Path, name: str) -> list[dict]:
    """Rows of a curated file, which has all of its columns and names each row once."""
    (content, file), columns = _named(folder, f"curated/{name}.csv"), CURATED[name]
    rows = sheets.notes(content, file, columns, columns, columns[0])
    if name == "benchmarks":
        there = {row["benchmark_id"] for row in rows}
        if lost := sorted({*KEYS_2024.values(), *KEYS_2026.values()} - there):
            raise writing.ImportProblem(
                f"{file}: no row for {', '.join(lost)}, of which the exports have scores"
            )
    return rows


def _models(entries: dict[str, dict], curated: dict[str, list[dict]]) -> list[dict]:
    """One row a model, in the order in which the exports first name it. Names are the latest
    export's."""
    known = {row["model_id"]: row for row in [*curated["training"], *curated["further-models"]]}
    labels = {row["model_id"]: row["name"] for row in curated["labels"]}
    developers = {row["organisation"]: row["developer"] for row in curated["organisations"]}
    latest = {model: entry for export in entries.values() for model, entry in export.items()}
    if strangers := [model for model in latest if model not in known]:
        raise writing.ImportProblem(
            "\n".join(
                f"{model} is in an export of raw/ but in neither curated/training.csv nor "
                "curated/further-models.csv"
                for model in strangers
            )
        )
    rows = []
    for model, entry in latest.items():
        row = known[model]
        organisation = model.split("/")[0]
        total = row.get("params_total_b") or writing.number(entry["total"])
        rows.append(
            {
                "model_id": model,
                "name": labels.get(model, entry["name"]),
                "developer": developers.get(organisation, organisation),
                "lineage": row["lineage"],
                "parent_id": row["parent_id"],
                "parent_note": row.get("parent_note", ""),
                "strategy": row["strategy"],
                "params_total_b": total,
                "params_active_b": row["params_active_b"]
                or writing.number(entry["active"])
                or total,
                "released": row.get("released") or entry["released"],
                # The notes of training.csv speak of tokens and stay there.
                "note": row["note"] if "params_total_b" not in row else "",
            }
        )
    return rows


def _evaluations(folder: Path, curated: dict[str, list[dict]]) -> list[dict]:
    """How each benchmark was run in each snapshot: metric and shots as the leaderboards describe
    their tasks.

    Numbers of items are of the evaluation of 2024; that its successor scores the same ones is an
    assumption.
    """
    items = {row["benchmark_id"]: row for row in curated["items"]}
    runs_2024 = {row["benchmark_id"]: row for row in curated["evaluations-2024"]}
    content, file = _named(folder, TASKS)
    tasks = sheets.records(
        reading.rows(reading.text(content, file), file),
        file,
        ("group", "key_2026", "metric", "setting"),
    )
    runs_2026 = {KEYS_2026.get((row["group"], row["key_2026"])): row for row in tasks}
    problems = [
        Problem(
            file,
            row["line"],
            "group + key_2026",
            shown(f"{row['group']}, {row['key_2026']}"),
            "a task of the leaderboard's export",
        )
        for row in tasks
        if (row["group"], row["key_2026"]) not in KEYS_2026
    ]
    problems += [
        *_settings(tasks, file),
        *_settings(
            curated["evaluations-2024"], file.replace(TASKS, "curated/evaluations-2024.csv")
        ),
    ]
    if problems:
        raise InputError(problems)
    rows = []
    for snapshot in EXPORTS:
        runs, same_items = (runs_2026, "assumed") if snapshot >= "2026" else (runs_2024, None)
        for benchmark in (row["benchmark_id"] for row in curated["benchmarks"]):
            if benchmark not in runs:
                continue
            shots, note = SETTING.fullmatch(runs[benchmark]["setting"]).groups()
            known = items.get(benchmark)
            rows.append(
                {
                    "benchmark_id": benchmark,
                    "snapshot": snapshot,
                    "metric": runs[benchmark]["metric"],
                    "shots": shots,
                    "shots_confidence": "confirmed",
                    "items": known["items"] if known else "",
                    "items_confidence": (same_items or known["confidence"]) if known else "",
                    "note": note or "",
                }
            )
    return rows


def _settings(rows: list[dict], file: str) -> list[Problem]:
    """Settings that are not as the leaderboards write them."""
    allowed = "a setting such as '4-shot'"
    return [
        Problem(file, row["line"], "setting", shown(row["setting"]), allowed)
        for row in rows
        if not SETTING.fullmatch(row["setting"])
    ]


def _scores(entries: dict[str, dict], models: list[str], benchmarks: list[str]) -> list[dict]:
    """Long form: by snapshot, models and benchmarks in the order of their tables; absent scores
    have no row."""
    return [
        {
            "model_id": model,
            "benchmark_id": benchmark,
            "snapshot": snapshot,
            "split": "test",
            "score": writing.number(score),
            "standard_error": "",
        }
        for snapshot, export in entries.items()
        for model in models
        if model in export
        for benchmark in benchmarks
        if (score := export[model]["scores"].get(benchmark)) is not None
    ]
