"""How do results of EleutherAI's lm-evaluation-harness become a study?  Result folders in, the
study's files out.

The harness writes <folder>/<model>/results_<time>.json: `results` (task -> "metric,filter" ->
value, with "metric_stderr,filter" beside it), `group_subtasks`, `n-shot`, `n-samples`,
`higher_is_better`, `config`, `model_name`, `date`. Where a group has a score of its own, its tasks
are not asked for. What the results cannot say is asked through `questions`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from lib import reading
from lib.importers import overlay, questions, writing
from lib.importers.questions import Question
from lib.importers.writing import Built, ImportProblem
from lib.reading import InputError, Problem, documents, forms, shown
from lib.reading.forms import Known, Line, LineOrNothing
from lib.study import schema

RAW = "raw/results.csv"

#: Metrics whose range is known: name -> (minimum, maximum, name for people).
RANGES = {
    "acc": ("0", "1", "accuracy"),
    "acc_norm": ("0", "1", "accuracy, length-normalised"),
    "exact_match": ("0", "1", "exact match"),
    "em": ("0", "1", "exact match"),
    "f1": ("0", "1", "F1"),
    "mcc": ("-1", "1", "MCC"),
    "bleu": ("0", "100", "BLEU"),
    "chrf": ("0", "100", "chrF"),
}


def _or_empty(value: object) -> object:
    """A part that the harness left empty."""
    return {} if value is None else value


#: A mapping from tasks and groups; null is the same as none.
def _by_task(kind):
    return Annotated[dict[Line, kind], BeforeValidator(_or_empty)]


class Samples(Known):
    """How many items of a task were scored."""

    effective: Annotated[int, Field(ge=0)] | None = None


class Config(Known):
    """Which splits a task has."""

    test_split: LineOrNothing | None = None
    validation_split: LineOrNothing | None = None


class RunConfig(Known):
    """What a run was asked for."""

    limit: Any = None
    model_num_parameters: float | None = None


class Results(Known):
    """A results file, as far as it is read. Other parts of it are not looked at."""

    model_name: Line
    #: Seconds since 1970, before the year 5000.
    date: Annotated[float, Field(ge=0, lt=1e11)]
    results: dict[Line, dict[LineOrNothing, Any]]
    group_subtasks: _by_task(list[Line] | None) = Field(default_factory=dict)
    higher_is_better: _by_task(dict[str, bool | None] | None) = Field(default_factory=dict)
    configs: _by_task(Config | None) = Field(default_factory=dict)
    shots: _by_task(int | None) = Field(default_factory=dict, alias="n-shot")
    samples: _by_task(Samples | None) = Field(default_factory=dict, alias="n-samples")
    config: Annotated[RunConfig, BeforeValidator(_or_empty)] = RunConfig()


@dataclass(frozen=True)
class Run:
    """One results file: its model, when it began (seconds since 1970), and its content."""

    file: str
    model: str
    date: float
    content: Results

    def scores(self, task: str) -> dict[str, float]:
        """The task's results by "metric,filter"."""
        return {key: float(value) for key, value in self._measured(task) if _number(value)}

    def no_scores(self, task: str) -> list[str]:
        """What stands in place of scores, in words: lists, truth values, NaN; not text or null."""
        return [
            f"{shown(key)} is {documents.named(value)}"
            for key, value in self._measured(task)
            if not _number(value) and not isinstance(value, str | None)
        ]

    def _measured(self, task: str) -> list[tuple[str, object]]:
        return [
            (key, value)
            for key, value in self.content.results.get(task, {}).items()
            if "," in key and not key.partition(",")[0].endswith("_stderr")
        ]

    def tasks(self) -> list[str]:
        """Tasks and groups with scores, without the tasks of a group that has its own."""
        groups = [group for group in self.content.group_subtasks if self.scores(group)]
        inner = {task for group in groups for task in self.leaves(group)}
        return [task for task in self.content.results if self.scores(task) and task not in inner]

    def leaves(self, group: str) -> list[str]:
        """Everything below a group, groups within it included."""
        found, waiting = [], [group]
        while waiting:
            below = self.content.group_subtasks.get(waiting.pop()) or []
            new = [task for task in dict.fromkeys(below) if task not in found and task != group]
            found += new
            waiting += new
        return found

    def items(self, task: str) -> int | None:
        """How many items were scored: of a group, those of its tasks."""
        samples = [self.content.samples.get(each) for each in (task, *self.leaves(task))]
        found = [each.effective for each in samples if each and each.effective is not None]
        return sum(found) if found else None

    def shots(self, task: str) -> int | None:
        """How many examples were shown; None for a group whose tasks differ."""
        found = {self.content.shots.get(each) for each in (task, *self.leaves(task))} - {None}
        return found.pop() if len(found) == 1 else None

    def split(self, task: str) -> str:
        """The split that was scored: the test split where the task has one."""
        configs = [self.content.configs.get(each) for each in (task, *self.leaves(task))]
        found = {config.test_split or config.validation_split or "" for config in configs if config}
        return found.pop() if len(found) == 1 else ""

    def worse_higher(self, task: str, metric: str) -> bool:
        """Whether the harness says that less of a metric is more."""
        return (self.content.higher_is_better.get(task) or {}).get(metric) is False


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read(folders: Sequence[Path], names: dict[str, str]) -> tuple[list[Run], list[str]]:
    """All runs below the folders, oldest first, and what was left out.

    `names` gives models another id, such as one of a local path. Raises InputError with everything
    in which a file that holds results is not as the harness writes it, or where there is none.
    """
    runs, report, problems = [], [], []
    for folder in folders:
        if not folder.is_dir():
            raise ImportProblem(f"{folder}: no such folder")
        for path in sorted(folder.rglob("*.json")):
            file = f"{path.parent.name}/{path.name}"
            try:
                content = reading.content(path, str(path))
                document = documents.from_json(reading.text(content, file), file)
                if not isinstance(document.value, dict) or "results" not in document.value:
                    report.append(f"{file}: no results of the harness, left out")
                    continue
                runs.append(_run(file, forms.checked(document, Results), names))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    whole = []
    for run in runs:
        if limit := run.content.config.limit:
            report.append(
                f"{run.file}: run on a part of the items only (limit {shown(limit)}), left out"
            )
            continue
        whole.append(run)
        report += [
            f"{run.file}, {shown(task)}: {words}, which is no score, left out"
            for task in run.content.results
            for words in run.no_scores(task)
        ]
    if not whole:
        raise ImportProblem(
            "\n".join(["no results_*.json of the harness in these folders", *report])
        )
    return sorted(whole, key=lambda run: (run.date, run.file)), report


def _run(file: str, content: Results, names: dict[str, str]) -> Run:
    """A run by the id that its model has or is given. Raises InputError where that is none."""
    model = names.get(content.model_name, content.model_name)
    if not schema.is_model_id(model):
        allowed = "a model's id (organisation/name); --name OLD=organisation/name gives it one"
        raise InputError([Problem(file, None, "model_name", shown(model), allowed)])
    return Run(file, model, content.date, content)


def build(
    folders: Sequence[Path],
    *,
    code: str,
    language: str,
    root: Path,
    names: dict[str, str] | None = None,
) -> Built:
    """A study's files from result folders; asks first (questions.Asks) where nothing has been
    answered yet.

    Raises InputError for what cannot be understood.
    """
    writing.check_new(code, language)
    runs, report = read(folders, names or {})
    newest: dict[tuple[str, str], Run] = {}
    for run in runs:
        for task in run.tasks():
            if (older := newest.get((run.model, task))) is not None:
                report.append(
                    f"{run.model}, {task}: {run.file} is newer than {older.file} and taken"
                )
            newest[run.model, task] = run
    models = list(dict.fromkeys(run.model for run in runs))
    writing.enough(len(models), "the result folders")
    tasks = list(dict.fromkeys(task for _, task in newest))
    day = datetime.datetime.fromtimestamp(runs[-1].date, datetime.UTC).date().isoformat()
    folder = root / code
    form = questions.template(
        code,
        language,
        day,
        [
            {
                "id": "evaluation",
                "file": RAW,
                "title": "Own evaluation with EleutherAI's lm-evaluation-harness",
            }
        ],
    )
    given = questions.answers(
        folder,
        [_question(task, newest) for task in tasks],
        form,
        f".venv/bin/python -m lib import lm-eval ... --code {code}",
    )
    known = overlay.read(folder / "curated" / "models.csv", "models.csv")
    if strangers := overlay.strangers(known, set(models), "model_id", "curated/models.csv"):
        raise ImportProblem("\n".join(strangers))
    snapshot = questions.snapshot(folder, day)
    rows = [writing.model(model, _billions(model, runs)) for model in models]
    scores, raw = [], []
    for model, task in sorted(
        newest, key=lambda each: (models.index(each[0]), tasks.index(each[1]))
    ):
        run = newest[model, task]
        for key, value in run.scores(task).items():
            metric, _, kind = key.partition(",")
            error = run.content.results[task].get(f"{metric}_stderr,{kind}")
            cell = {
                "model_id": model,
                "score": writing.number(value),
                "standard_error": writing.number(error) if _number(error) and error >= 0 else "",
            }
            raw.append({**cell, "task": task, "result": key, "date": str(run.date)})
            if task in given and given[task]["score"] == key:
                scores.append(
                    {
                        **cell,
                        "benchmark_id": given[task]["benchmark_id"],
                        "snapshot": snapshot,
                        "split": run.split(task),
                    }
                )
        if task in given and given[task]["score"] not in run.scores(task):
            report.append(
                f"{model}, {task}: no {shown(given[task]['score'])} among "
                f"{', '.join(run.scores(task))}"
            )
    tables = {
        "models.csv": writing.distinct(
            overlay.absent_parents(overlay.apply(rows, known, "models.csv"))
        ),
        "benchmarks.csv": questions.benchmarks(given),
        "scores.csv": scores,
        "evaluations.csv": [
            _evaluation(task, row, newest, snapshot, report) for task, row in given.items()
        ],
    }
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    files[RAW] = writing.table(
        raw, ["model_id", "task", "result", "score", "standard_error", "date"]
    )
    report.insert(
        0,
        f"{len(runs)} runs of {len(models)} models; {len(given)} of {len(tasks)} tasks, "
        f"{len(scores)} scores",
    )
    return Built({**files, "study.yml": form}, report)


def _question(task: str, newest: dict[tuple[str, str], Run]) -> Question:
    """What is known of a task: its result where there is only one, and that result's range."""
    runs = [run for (_, each), run in newest.items() if each == task]
    keys = list(dict.fromkeys(key for run in runs for key in run.scores(task)))
    lower = [key for key in keys for run in runs if run.worse_higher(task, key.partition(",")[0])]
    usable = [key for key in keys if key not in lower]
    known = {"score": usable[0] if len(usable) == 1 else ""}
    metrics = {key.partition(",")[0] for key in usable}
    if len({RANGES.get(metric, (metric,))[:2] for metric in metrics}) == 1 and metrics <= set(
        RANGES
    ):
        known["minimum"], known["maximum"], name = RANGES[min(metrics)]
        if len(metrics) == 1:
            known["metric"] = name
    if not usable:
        known["language"] = questions.LEFT_OUT
    found = f"{len(runs)} models; results: {'; '.join(keys)}"
    return Question(
        task,
        known,
        found + (f"; lower is better: {'; '.join(dict.fromkeys(lower))}" if lower else ""),
    )


def _evaluation(
    task: str,
    row: dict[str, str],
    newest: dict[tuple[str, str], Run],
    snapshot: str,
    report: list[str],
) -> dict[str, str]:
    """How a benchmark was run; shots or items that differ between models are left empty, and
    said."""
    runs = [run for (_, each), run in newest.items() if each == task]
    cells = {
        "benchmark_id": row["benchmark_id"],
        "snapshot": snapshot,
        "metric": row["metric"],
        "note": "",
    }
    for name, values in (
        ("shots", {run.shots(task) for run in runs}),
        ("items", {run.items(task) for run in runs}),
    ):
        value = values.pop() if len(values) == 1 else None
        cells[name] = "" if value is None else str(value)
        cells[f"{name}_confidence"] = "" if value is None else "confirmed"
        if values:
            report.append(
                f"{task}: {name} differ between models; their scores may not be comparable"
            )
            cells["note"] = f"{name} differ between models"
    return cells


def _billions(model: str, runs: list[Run]) -> float | None:
    """Parameters in billions, as the newest run that counted them says."""
    counts = [run.content.config.model_num_parameters for run in runs if run.model == model]
    known = [count for count in counts if count is not None and count > 0]
    return known[-1] / 1e9 if known else None
