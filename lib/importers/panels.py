"""How do single scores become a study?  Measures of models on tasks in, the study's files out.

An importer reads somebody's files into `Measure`s and says how it was called (`Import`); the rest
is the same for all of them: of two runs the newest is taken, what no score can say is asked through
`questions`, and scores are compared with the ranges that were answered. Messages name what people
gave, never a table that is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lib.importers import overlay, questions, writing
from lib.importers.questions import Again, Question
from lib.importers.writing import Built, ImportProblem, Origin
from lib.reading import InputError, Problem, shown

#: The table of what was measured, of importers whose files are too many or too private to keep.
RAW = "raw/results.csv"


class Measure(NamedTuple):
    """One score: of which model on which task, and what else is known of it.

    `result` says which of a task's several results it is ("" where there is one only); `low`,
    `high` and `metric` are what its metric is known to be; `date` is in seconds since 1970; `items`
    and `shots` are counts.
    """

    model: str
    task: str
    score: float
    origin: Origin
    result: str = ""
    error: float | None = None
    low: str = ""
    high: str = ""
    metric: str = ""
    lower: bool = False
    split: str = ""
    shots: int | None = None
    items: int | None = None
    date: float | None = None


@dataclass(frozen=True)
class Import:
    """What an importer was called with: the study's code and language, the data folder, its source,
    and how to call it again; `day` is the scores' date or "undated"."""

    code: str
    language: str
    root: Path
    again: Again
    source: Mapping[str, str]
    day: str
    #: What stands in the input, for messages about all of it.
    where: str
    #: Model -> name for people, billions of parameters.
    names: Mapping[str, str] = field(default_factory=dict)
    billions: Mapping[str, float] = field(default_factory=dict)
    #: Task -> what is known of it, as `questions.COLUMNS` call it.
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The study's folder."""
        return self.root / self.code


def build(measures: Sequence[Measure], called: Import, report: Sequence[str] = ()) -> Built:
    """A study's files; asks first (questions.Asks) where nothing has been answered yet.

    Raises InputError for what cannot be understood.
    """
    newest, older = _newest(measures)
    report = [*report, *older]
    models = list(dict.fromkeys(each.model for each in measures))
    writing.enough(len(models), called.where)
    of_task: dict[str, list[Measure]] = {}
    for each in newest:
        of_task.setdefault(each.task, []).append(each)
    form = questions.template(called.code, called.language, called.day, [called.source])
    asked = [_question(task, found, called.known.get(task, {})) for task, found in of_task.items()]
    try:
        given = questions.answers(called.folder, asked, form, called.again)
    except questions.Asks as asks:
        asks.report += report
        raise
    known = overlay.read(called.folder / "curated" / "models.csv", "models.csv")
    if strangers := overlay.strangers(known, set(models), "model_id", "curated/models.csv"):
        raise ImportProblem("\n".join(strangers))
    taken = [
        each
        for each in newest
        if each.task in given and given[each.task]["score"] in ("", each.result)
    ]
    report += _absent(of_task, given)
    report += _in_range(taken, given)
    rows = [_model(model, called) for model in models]
    snapshot = questions.snapshot(called.folder, called.day)
    tables = {
        "models.csv": writing.distinct(
            overlay.absent_parents(overlay.apply(rows, known, "models.csv"))
        ),
        "benchmarks.csv": questions.benchmarks(given),
        "scores.csv": [
            {**_cell(each), "benchmark_id": given[each.task]["benchmark_id"], "snapshot": snapshot}
            for each in taken
        ],
    }
    run, said = _runs(of_task, given, snapshot)
    if any(row["shots"] or row["items"] for row in run):
        tables["evaluations.csv"] = run
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    count = f"{len(given)} of {len(of_task)} benchmarks, {len(taken)} scores"
    report = [f"{len(models)} models; {count}", *questions.narrow(given), *report, *said]
    return Built({**files, "study.yml": form}, report, _origins(models, known, tables, taken))


def files(folders: Sequence[Path]) -> list[tuple[str, str, Path]]:
    """(name in messages, its folder below the one that was given, path) of each JSON file below the
    folders, each once. Raises ImportProblem where there is no such folder."""
    found: dict[Path, str] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ImportProblem(f"{folder}: no such folder")
        for path in sorted(folder.rglob("*.json")):
            below = path.parent.relative_to(folder).as_posix()
            found.setdefault(path, folder.resolve().name if below == "." else below)
    short = ["/".join(path.parts[-2:]) for path in found]
    return [
        (name if short.count(name) == 1 else path.as_posix(), below, path)
        for name, (path, below) in zip(short, found.items(), strict=True)
    ]


def raw(measures: Sequence[Measure]) -> bytes:
    """All measures as a table, which holds nothing of the machines that they were made on."""
    rows = [
        {
            **_cell(each),
            "task": each.task,
            "result": each.result,
            "date": "" if each.date is None else str(each.date),
        }
        for each in measures
    ]
    return writing.table(rows, ["model_id", "task", "result", "score", "standard_error", "date"])


def _newest(measures: Sequence[Measure]) -> tuple[list[Measure], list[str]]:
    """Of each model and task the measures of its newest file, where they differ; models and tasks
    in the order in which they first appear, and a line for each that was passed over.

    Raises InputError where files differ in a task of a model and no date tells which is newer, with
    all of them.
    """
    files: dict[tuple[str, str], dict[str, list[Measure]]] = {}
    for each in measures:
        files.setdefault((each.model, each.task), {}).setdefault(each.origin.file, []).append(each)
    found, report = {}, []
    unclear: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (model, task), runs in files.items():
        dates = {file: rows[0].date for file, rows in runs.items()}
        told = {frozenset((each.result, each.score) for each in rows) for rows in runs.values()}
        if len(told) == 1:  # the same result, told again
            found[model, task] = next(iter(runs.values()))
            continue
        if None in dates.values() or len(set(dates.values())) < len(dates):
            unclear.setdefault((model, tuple(runs)), []).append(task)
            continue
        *passed, last = sorted(runs, key=lambda file: dates[file] or 0)
        report += [f"{model}, {task}: {last} is newer than {file} and taken" for file in passed]
        found[model, task] = runs[last]
    if unclear:
        raise InputError(
            [
                Problem(
                    names[0],
                    None,
                    None,
                    f"{writing.some([shown(task) for task in tasks])} of {shown(model)}, and other "
                    f"scores of them in {writing.some(names[1:])}",
                    "one result, or dates that tell which is newer; leave the other files out",
                )
                for (model, names), tasks in unclear.items()
            ]
        )
    models = list(dict.fromkeys(each.model for each in measures))
    tasks = list(dict.fromkeys(each.task for each in measures))
    order = sorted(found, key=lambda each: (models.index(each[0]), tasks.index(each[1])))
    return [each for key in order for each in found[key]], report


def _question(task: str, found: Sequence[Measure], told: Mapping[str, str]) -> Question:
    """What is known of a task: its result where there is only one, and that result's range."""
    usable = [each for each in found if not each.lower]
    results = list(dict.fromkeys(each.result for each in usable))
    known = {} if results == [""] else {"score": results[0] if len(results) == 1 else ""}
    for column, field_ in (("minimum", "low"), ("maximum", "high"), ("metric", "metric")):
        values = {getattr(each, field_) for each in usable}
        if len(values) == 1:
            known[column] = values.pop()
    if not usable:
        known["language"] = questions.LEFT_OUT
    lower = list(dict.fromkeys(each.result for each in found if each.lower))
    scores = [each.score for each in found]
    words = f"{len(scores)} scores, {min(scores):g} to {max(scores):g}"
    if results != [""]:
        every = "; ".join(dict.fromkeys(each.result for each in found))
        words = f"{len({each.model for each in found})} models; results: {every}"
    words += f"; lower is better: {'; '.join(lower)}" if lower else ""
    return Question(task, {**known, **told}, words)


def _model(model: str, called: Import) -> dict[str, str]:
    row = writing.model(model, called.billions.get(model))
    return {**row, "name": called.names.get(model, row["name"])}


def _cell(each: Measure) -> dict[str, str]:
    error = "" if each.error is None else writing.number(each.error)
    score = writing.number(each.score)
    return {"model_id": each.model, "split": each.split, "score": score, "standard_error": error}


def _absent(
    of_task: Mapping[str, Sequence[Measure]], given: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """A line for each model that has other results of a task than the one that was asked for."""
    said = []
    for task, row in given.items():
        results: dict[str, list[str]] = {}
        for each in of_task.get(task, ()):
            results.setdefault(each.model, []).append(each.result)
        said += [
            f"{model}, {task}: no {shown(row['score'])} among {', '.join(found)}"
            for model, found in results.items()
            if row["score"] and row["score"] not in found
        ]
    return said


def _in_range(taken: Sequence[Measure], given: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is odd about ranges that were answered; raises InputError with each that has scores
    outside, one line a benchmark."""
    problems, odd = [], []
    for task, row in given.items():
        try:
            low, high = float(row["minimum"]), float(row["maximum"])
        except ValueError:
            continue  # the check of the study says so
        found = [each for each in taken if each.task == task]
        outside = [each for each in found if not low <= each.score <= high]
        line, span = int(row["line"]), f"{row['minimum']} to {row['maximum']}"
        if outside:
            first = outside[0]
            what = (
                f"{span} for {shown(task)}, where {len(outside)} of {len(found)} scores are "
                f"outside, such as {first.score:g} ({_told(first.origin)})"
            )
            allowed = "the range that the metric can take, such as 0 to 1, or 0 to 100"
            problems.append(Problem(questions.FILE, line, "minimum, maximum", what, allowed))
        elif found and high - low >= 100 and max(abs(each.score) for each in found) <= 1:
            odd.append(
                f"{questions.FILE}, line {line}: no score of {shown(task)} is above 1; is its "
                f"range 0 to 1, rather than {span}?"
            )
    if problems:
        raise InputError(problems)
    return odd


def _told(origin: Origin) -> str:
    return origin.file if origin.line is None else f"{origin.file}, line {origin.line}"


def _runs(
    of_task: Mapping[str, Sequence[Measure]], given: Mapping[str, Mapping[str, str]], snapshot: str
) -> tuple[list[dict[str, str]], list[str]]:
    """How each benchmark was run; shots or items that differ between models are left empty, and
    said."""
    rows, said = [], []
    for task, row in given.items():
        cells = {
            "benchmark_id": row["benchmark_id"],
            "snapshot": snapshot,
            "metric": row["metric"],
            "note": "",
        }
        for name in ("shots", "items"):
            values = {getattr(each, name) for each in of_task.get(task, ())}
            value = values.pop() if len(values) == 1 else None
            cells[name] = "" if value is None else str(value)
            cells[f"{name}_confidence"] = "" if value is None else "confirmed"
            if values:
                said.append(
                    f"{task}: {name} differ between models; their scores may not be comparable"
                )
                cells["note"] = f"{name} differ between models"
        rows.append(cells)
    return rows, said


def _origins(
    models: Sequence[str],
    known: Sequence[Mapping],
    tables: Mapping[str, Sequence[Mapping]],
    taken: Sequence[Measure],
) -> dict[str, list[Origin]]:
    """Table -> for each of its rows, what people gave that it was made from."""
    first = {each.model: each.origin for each in reversed(taken)}
    curated = {row["model_id"]: Origin("curated/models.csv", row["line"]) for row in known}
    answers = [Origin(questions.FILE, row["line"]) for row in tables["benchmarks.csv"]]
    nowhere = Origin(questions.FILE)
    lines = {row["benchmark_id"]: row["line"] for row in tables["benchmarks.csv"]}
    return {
        "models.csv": [curated.get(model) or first.get(model, nowhere) for model in models],
        "benchmarks.csv": answers,
        "scores.csv": [each.origin for each in taken],
        "evaluations.csv": [
            Origin(questions.FILE, lines[row["benchmark_id"]])
            for row in tables.get("evaluations.csv", ())
        ],
    }
