"""How do results of EleutherAI's lm-evaluation-harness become a study?  Result folders in, the
study's files out.

The harness writes <folder>/<model>/results_<time>.json: `results` (task -> "metric,filter" ->
value, with "metric_stderr,filter" beside it), `group_subtasks`, `n-shot`, `n-samples`,
`higher_is_better`, `config`, `model_name`, `date`. Files of 2023 and early 2024 lack some of these:
there the model stands in `config.model_args`, the date at best in the file's name, the groups in
how aliases are indented, and results are called "metric" alone. Where a group has a score of its
own for most models, its tasks are not asked for; else the group is not. Which model a file is of is
decided by `_named`; `panels` does the rest.
"""

from __future__ import annotations

import datetime
import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from lib import reading
from lib.importers import harness, panels, writing
from lib.importers.panels import Import, Measure
from lib.importers.questions import Again
from lib.importers.writing import Built, ImportProblem, Origin
from lib.reading import InputError, Problem, documents, forms, shown
from lib.reading.forms import Known, Line, LineOrNothing
from lib.study import schema

#: Keys of a task of 2023 that are no results.
NO_RESULTS = ("alias", "samples", "sample_len", "sample_count")
#: Arguments of a run that name its model, and those that make another model of it.
PRETRAINED = ("pretrained", "model", "engine")
VARIANTS = ("revision", "peft", "delta", "subfolder", "gguf_file")
#: How a file's or folder's name holds the time of a run.
TIME = re.compile(
    r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2})[-:]([0-9]{2})[-:]([0-9]{2}))?(?![0-9])"
)

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

    model_args: Any = None
    num_fewshot: Any = None
    limit: Any = None
    model_num_parameters: float | None = None


class Results(Known):
    """A results file, as far as it is read. Other parts of it are not looked at."""

    model_name: LineOrNothing | None = None
    #: Seconds since 1970, before the year 5000.
    date: Annotated[float, Field(ge=0, lt=1e11)] | None = None
    results: dict[Line, dict[LineOrNothing, Any]]
    group_subtasks: _by_task(list[Line] | None) | None = None
    higher_is_better: _by_task(dict[str, bool | None] | None) = Field(default_factory=dict)
    configs: _by_task(Config | None) = Field(default_factory=dict)
    shots: _by_task(int | None) = Field(default_factory=dict, alias="n-shot")
    samples: _by_task(Samples | None) = Field(default_factory=dict, alias="n-samples")
    config: Annotated[RunConfig, BeforeValidator(_or_empty)] = RunConfig()


@dataclass(frozen=True)
class Run:
    """One results file: the folder that holds it, as people gave it and as it stands on disk, its
    model ("" until it is decided), when it began (seconds since 1970; None: nobody knows), and its
    content."""

    file: str
    folder: str
    place: Path
    model: str
    date: float | None
    content: Results

    @functools.cached_property
    def arguments(self) -> dict[str, str]:
        """What the run's model was made from: `pretrained=org/name,dtype=float16` or a mapping."""
        told = self.content.config.model_args
        if isinstance(told, str):
            pairs = [part.partition("=") for part in told.split(",")]
            told = {key: value for key, _, value in pairs}
        if not isinstance(told, dict):
            return {}
        return {key.strip(): value for key, value in told.items() if isinstance(value, str)}

    @property
    def told(self) -> str:
        """The model's name in the file; "" where there is none."""
        names = [self.arguments.get(key, "").strip() for key in PRETRAINED]
        return self.content.model_name or next(filter(None, names), "")

    @property
    def variant(self) -> tuple[str, ...]:
        """What makes another model of the one that is named: a revision, an adapter."""
        return tuple(self.arguments.get(key, "") for key in VARIANTS)

    @functools.cached_property
    def subtasks(self) -> dict[str, list[str]]:
        """Group -> what is directly below it; old files say so by how far aliases are indented."""
        if self.content.group_subtasks is not None:
            return {group: below or [] for group, below in self.content.group_subtasks.items()}
        found: dict[str, list[str]] = {}
        above: list[tuple[int, str]] = []
        for task, values in self.content.results.items():
            alias = values.get("alias")
            text = alias if isinstance(alias, str) else ""
            depth = len(text) - len(text.lstrip()) if text.lstrip().startswith("- ") else 0
            above = [each for each in above if each[0] < depth]
            if above:
                found.setdefault(above[-1][1], []).append(task)
            above.append((depth, task))
        return found

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
            for key, value in self.values(task).items()
            if "," in key and not key.partition(",")[0].endswith("_stderr")
        ]

    @functools.cached_property
    def _filters(self) -> bool:
        return any("," in key for values in self.content.results.values() for key in values)

    def values(self, task: str) -> dict[str, object]:
        """What stands beside a task, by "metric,filter"; files of 2023 know no filters."""
        found = self.content.results.get(task, {})
        if self._filters:
            return found
        return {key if key in NO_RESULTS else f"{key},none": value for key, value in found.items()}

    def error(self, task: str, key: str) -> float | None:
        """The standard error of a result; None where there is none."""
        metric, _, kind = key.partition(",")
        value = self.values(task).get(f"{metric}_stderr,{kind}")
        return float(value) if _number(value) and value >= 0 else None  # pyright: ignore

    def tasks(self) -> list[str]:
        """Tasks and groups with scores."""
        return [task for task in self.content.results if self.scores(task)]

    def leaves(self, group: str) -> list[str]:
        """Everything below a group, groups within it included."""
        found, waiting = [], [group]
        while waiting:
            below = self.subtasks.get(waiting.pop(), [])
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
        asked = self.content.config.num_fewshot
        if not found and isinstance(asked, int) and not isinstance(asked, bool) and asked >= 0:
            return asked
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


def read(
    folders: Sequence[Path], names: Mapping[str, str], by_folder: bool = False, date: str = ""
) -> tuple[list[Run], list[str]]:
    """All runs below the folders, oldest first, and what was left out.

    Parameters
    ----------
    names : a file, a folder or a model's name -> the id that its runs get.
    by_folder : whether all others are called by the folder that holds them.
    date : of the runs that do not tell theirs; "" where nobody knows it.

    Raises
    ------
    InputError
        Everything in which a file that holds results is not as the harness writes it; runs whose
        model nobody can tell, or several models under one name; no run at all.
    """
    runs, report, problems = [], [], []
    for file, folder, path in panels.files(folders):
        try:
            content = reading.content(path, str(path))
            document = documents.from_json(reading.text(content, file), file)
            if not isinstance(document.value, dict) or "results" not in document.value:
                report.append(f"{file}: no results of the harness, left out")
                continue
            content = forms.checked(document, Results)
            when = content.date if content.date is not None else _when(path, date)
            runs.append(Run(file, folder, path.parent.resolve(), "", when, content))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    whole, said = _whole(runs)
    report += said
    if not whole:
        raise ImportProblem(
            "\n".join(["no results_*.json of the harness in these folders", *report])
        )
    whole = _named(whole, names, by_folder)
    if undated := sum(run.date is None for run in whole):
        report.append(
            f"{undated} of {len(whole)} runs say nowhere when they were made; --date YYYY-MM-DD "
            "does, where you know it"
        )
    return sorted(whole, key=lambda run: (run.date or 0, run.file)), report + _halves(whole)


def _when(path: Path, date: str) -> float | None:
    """When a run was made, by its file's or folder's name, or else by what people say."""
    for name in (path.name, path.parent.name, date):
        day, *time = TIME.search(name).groups() if TIME.search(name) else ("",)
        try:
            moment = datetime.datetime.fromisoformat(
                f"{day}T{':'.join(time) if all(time) and time else '00:00:00'}+00:00"
            )
        except ValueError:
            continue
        return moment.timestamp()
    return None


def _whole(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """The runs on all items, and what else was left out."""
    whole, report = [], []
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
    return whole, report


# --- which model is it? ---------------------------------------------------------------------------


def _named(runs: Sequence[Run], names: Mapping[str, str], by_folder: bool) -> list[Run]:
    """The runs with their model's id: the one that people give a file, its folder or its name, or
    else its folder's or the name in the file.

    Raises InputError with every name that is no id, that several folders or variants share, or that
    `names` gives to nothing.
    """
    used, named, apart = set(), [], {}
    for run in runs:
        keys = (run.file, run.folder, run.place.name, run.told)
        given = next((key for key in keys if key in names), None)
        used |= {key for key in keys if key in names}
        model = names[given] if given is not None else _of_folder(run) if by_folder else run.told
        named.append(replace(run, model=model))
        if given is None or given == run.told:
            apart.setdefault(model, {}).setdefault((run.place, run.variant), run)
    problems = _no_ids(named, by_folder)
    where = str(runs[0].place.parent)
    for model, places in apart.items():
        if len(places) > 1 and schema.is_model_id(model):
            problems.append(_shared(model, list(places.values()), where))
    for name in names:
        if name not in used:
            allowed = "a folder, a file or a model's name that is there"
            problems.append(Problem("--name", None, None, shown(name), allowed))
    if problems:
        raise InputError(problems)
    return named


def _of_folder(run: Run) -> str:
    """A model's id from its folder's name: org__name as the harness writes it, or org/name."""
    return run.folder if "/" in run.folder else run.folder.replace("__", "/", 1)


def _no_ids(runs: Sequence[Run], by_folder: bool) -> list[Problem]:
    """A line for each folder with files whose model has no id, and how to give it one."""
    found: dict[Path, list[Run]] = {}
    ids: dict[Path, set[str]] = {}
    for run in runs:
        if schema.is_model_id(run.model):
            ids.setdefault(run.place, set()).add(run.model)
        else:
            found.setdefault(run.place, []).append(run)
    problems = []
    for place, group in found.items():
        first, names = group[0], list(dict.fromkeys(run.model for run in group))
        column = "model_name" if first.content.model_name else "config.model_args"
        what = shown(names[0]) if names[0] else "no model's name"
        what += f" and {len(names) - 1} other names" if len(names) > 1 else ""
        what += f" in {len(group)} files of this folder" if len(group) > 1 else ""
        known = ids.get(place, set())
        name = next(iter(known)) if len(known) == 1 else "ORGANISATION/NAME"
        way = f"--name {first.folder}={name} gives it one"
        way += "" if by_folder else ", --names-from folder takes the folders' names"
        allowed = f"a model's id (organisation/name); {way}"
        problems.append(Problem(first.file, None, "folder" if by_folder else column, what, allowed))
    return problems


def _shared(model: str, runs: Sequence[Run], where: str) -> Problem:
    """What to say of one name in several folders, or of several variants under one name."""
    folders = list(dict.fromkeys(run.folder for run in runs))
    if len({run.place for run in runs}) == 1:
        files = writing.some([run.file for run in runs])
        what = f"{shown(model)} with {len(runs)} revisions or adapters ({files})"
        way = "--name FILE=ORGANISATION/NAME tells them apart"
    else:
        what = f"{shown(model)} in {len(runs)} folders ({writing.some(folders)})"
        way = (
            "--names-from folder calls each model by its folder, --name FOLDER=ORGANISATION/NAME "
            "one by one (the same name where folders are of one model)"
        )
    return Problem(where, None, "model_name", what, f"one folder a model; {way}")


def _halves(runs: Sequence[Run]) -> list[str]:
    """A line for each folder in which no task was run under two of its names: they may be one
    model, half of it under either name."""
    places: dict[Path, dict[str, set[str]]] = {}
    for run in runs:
        places.setdefault(run.place, {}).setdefault(run.model, set()).update(run.tasks())
    said = []
    for place, models in places.items():
        tasks = [task for each in models.values() for task in each]
        if len(models) > 1 and len(tasks) == len(set(tasks)):
            said.append(
                f"{place.name}: no task was run under two of the names {', '.join(models)}; if "
                f"they are one model, say so: --name {place.name}=ORGANISATION/NAME"
            )
    return said


def build(
    folders: Sequence[Path],
    *,
    code: str,
    language: str,
    root: Path,
    names: dict[str, str] | None = None,
    by_folder: bool = False,
    date: str = "",
    replace: bool = False,
) -> Built:
    """A study's files from result folders; asks first (questions.Asks) where nothing has been
    answered yet.

    Raises InputError for what cannot be understood.
    """
    writing.check_new(code, language)
    runs, report = read(folders, names or {}, by_folder, date)
    tasks, said = _asked(runs)
    measures = [each for run in runs for task in run.tasks() for each in _measures(run, task)]
    asked = [each for each in measures if each.task in tasks]
    dates = [run.date for run in runs if run.date is not None]
    last = datetime.datetime.fromtimestamp(max(dates), datetime.UTC) if dates else None
    models = list(dict.fromkeys(run.model for run in runs))
    billions = {model: _billions(model, runs) for model in models}
    called = Import(
        code,
        language,
        root,
        Again(f".venv/bin/python -m lib import lm-eval ... --code {code}", replace),
        {
            "id": "evaluation",
            "file": panels.RAW,
            "title": "Own evaluation with EleutherAI's lm-evaluation-harness",
        },
        "undated" if last is None else last.date().isoformat(),
        "the result folders",
        billions={model: count for model, count in billions.items() if count is not None},
        known=_known(asked, language),
    )
    built = panels.build(asked, called, [f"{len(runs)} runs", *report, *said])
    built.files[panels.RAW] = panels.raw(measures)
    return built


def _known(asked: Sequence[Measure], language: str) -> dict[str, dict[str, str]]:
    """What the list of the harness's tasks knows of these, with the range of the result to take."""
    results: dict[str, list[str]] = {}
    for each in asked:
        results.setdefault(each.task, []).append(each.result)
    found = harness.known(results, language)
    for row in found.values():
        metric = row.get("score", "").partition(",")[0]
        if metric in RANGES:
            row |= dict(zip(("minimum", "maximum", "metric"), RANGES[metric], strict=True))
    return found


def _asked(runs: Sequence[Run]) -> tuple[list[str], list[str]]:
    """The tasks and groups to ask for, and which models lose scores by that: of a group and its
    tasks whichever more models have."""
    models: dict[str, set[str]] = {}
    leaves: dict[str, set[str]] = {}
    for run in runs:
        for task in run.tasks():
            models.setdefault(task, set()).add(run.model)
        for group in run.subtasks:
            leaves.setdefault(group, set()).update(run.leaves(group))
    left, report = set(), []
    for group in sorted(leaves, key=lambda group: -len(leaves[group])):
        inner = leaves[group] & set(models)
        if group in left or group not in models or not inner:
            continue
        below = set().union(*(models[task] for task in inner))
        most = 2 * len(models[group]) > len(models[group] | below)
        left |= inner if most else {group}
        without = sorted(below - models[group] if most else models[group] - below)
        if without and most:
            report.append(
                f"{group}: {writing.some(without)} have only some of its tasks, left out; the "
                f"others have a score of all"
            )
        elif not most:
            report.append(
                f"{group}: only {len(models[group])} models have a score of all its tasks, so each "
                "task is asked for"
            )
    return [task for task in models if task not in left], report


def _measures(run: Run, task: str) -> list[Measure]:
    """The scores of a run on a task: every result of it."""
    shared = {
        "split": run.split(task),
        "shots": run.shots(task),
        "items": run.items(task),
        "date": run.date,
    }
    found = []
    for key, value in run.scores(task).items():
        metric = key.partition(",")[0]
        low, high, name = RANGES.get(metric, ("", "", ""))
        known = {"low": low, "high": high, "metric": name, "lower": run.worse_higher(task, metric)}
        error = run.error(task, key)
        found.append(
            Measure(run.model, task, value, Origin(run.file), key, error, **known, **shared)
        )
    return found


def _billions(model: str, runs: list[Run]) -> float | None:
    """Parameters in billions, as the newest run that counted them says."""
    counts = [run.content.config.model_num_parameters for run in runs if run.model == model]
    known = [count for count in counts if count is not None and count > 0]
    return known[-1] / 1e9 if known else None
