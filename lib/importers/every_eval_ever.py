"""How do records in the common form become a study?  Records of Every Eval Ever in, the study's
files out.

Many evaluators' results are converted to this form: EuroEval's, the harness's, HELM's, Inspect's.
A record is a JSON file with one model (`model_info.id`) and `evaluation_results`, each with a name,
a data set, a metric and a score. `eval.schema.json` beside this file is the form's own schema, of
evaleval/every_eval_ever (MIT, see eval.schema.LICENSE): records of its version are held to all of
it, older and newer ones to what is read of them. `panels` does the rest.
"""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import jsonschema
from pydantic import Field

from lib import reading
from lib.importers import panels, writing
from lib.importers.panels import Import, Measure
from lib.importers.questions import Again
from lib.importers.writing import Built, ImportProblem, Origin
from lib.reading import InputError, Problem, documents, forms, shown
from lib.reading.documents import Document
from lib.reading.forms import Known, Line, LineOrNothing, that
from lib.study import schema

SCHEMA = Path(__file__).with_name("eval.schema.json")
#: Keys that together say that a JSON file is a record.
MARKS = ("model_info", "evaluation_results")
#: Kinds of the schema's errors in our words; {} is what the schema has there.
WORDS = {
    "required": "a value, this key is needed",
    "additionalProperties": "only the keys that the schema knows",
    "enum": "one of {}",
    "const": "{}",
    "type": "{}",
    "minItems": "at least {} of them",
    "pattern": "text of the form {}",
}
PER_BILLION = "params_billions"


class Data(Known):
    """What was asked."""

    dataset_name: Line
    hf_split: LineOrNothing | None = None


class Metric(Known):
    """How it was scored; ends of a range may be the text Infinity."""

    lower_is_better: bool
    metric_id: LineOrNothing | None = None
    metric_name: LineOrNothing | None = None
    evaluation_description: str | None = None
    min_score: float | str | None = None
    max_score: float | str | None = None


class StandardError(Known):
    """How sure a score is, in its own scale."""

    value: Annotated[float, Field(ge=0)]


class Uncertainty(Known):
    """What is told of a score's error."""

    standard_error: StandardError | None = None
    num_samples: Annotated[int, Field(ge=0)] | None = None


class Score(Known):
    """A score, in its metric's own scale."""

    score: float
    uncertainty: Uncertainty | None = None


class Result(Known):
    """One result of a record."""

    evaluation_name: Line
    source_data: Data
    metric_config: Metric
    score_details: Score
    evaluation_timestamp: LineOrNothing | None = None

    @property
    def task(self) -> str:
        """What the result is called among those of all records: names such as English say little
        without their data set."""
        data, name = self.source_data.dataset_name, self.evaluation_name
        plain = [re.sub(r"[\W_]+", "", text.casefold()) for text in (data, name)]
        return name if plain[0] in plain[1] else f"{data}: {name}"

    @property
    def metric(self) -> str:
        """What the metric is called; one word for those that have no name."""
        metric = self.metric_config
        return metric.metric_name or metric.metric_id or "score"


class Model(Known):
    """Whose results these are."""

    id: Annotated[Line, that(schema.is_model_id, schema.MODEL_FORM)]
    additional_details: dict[str, object] | None = None


class Library(Known):
    """What the evaluation was run with."""

    name: LineOrNothing


class Record(Known):
    """A record, as far as it is read."""

    schema_version: Line
    retrieved_timestamp: LineOrNothing
    evaluation_timestamp: LineOrNothing | None = None
    eval_library: Library | None = None
    model_info: Model
    evaluation_results: list[Result]


@functools.cache
def _validator() -> tuple[jsonschema.Draft7Validator, str]:
    """The schema, ready to check, and its version."""
    form = json.loads(SCHEMA.read_text("utf-8"))
    return jsonschema.Draft7Validator(form), form["version"]


def read(folders: Sequence[Path]) -> tuple[list[tuple[str, Record]], list[str]]:
    """(file, record) of all records below the folders, and what was left out.

    Raises InputError with everything in which a record is not as its form has it, or where there is
    none.
    """
    records, report, problems, others = [], [], [], {}
    for file, _, path in panels.files(folders):
        try:
            content = reading.content(path, str(path))
            document = documents.from_json(reading.text(content, file), file)
            value = document.value
            if not isinstance(value, dict) or not any(mark in value for mark in MARKS):
                report.append(f"{file}: no record of an evaluation, left out")
                continue
            version = value.get("schema_version")
            if version == _validator()[1]:
                problems += _against_schema(document)
            elif isinstance(version, str):
                others[version] = others.get(version, 0) + 1
            records.append((file, forms.checked(document, Record)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    if not records:
        raise ImportProblem("\n".join(["no records of evaluations in these folders", *report]))
    for version, count in others.items():
        report.append(
            f"{count} records follow version {shown(version)} of the schema, not "
            f"{_validator()[1]}: what is read of them is checked, the rest is not"
        )
    return records, report


def _against_schema(document: Document) -> list[Problem]:
    """All in which a record is not as the schema has it, but for what `Record` will say."""
    found = []
    for error in _validator()[0].iter_errors(document.value):
        error = _likeliest(error)
        place = [str(part) for part in error.absolute_path]
        kind, value = str(error.validator), error.validator_value
        if kind == "required" and isinstance(error.instance, dict):
            place += [key for key in value if key not in error.instance][:1]
            said = "nothing"
        elif kind == "additionalProperties" and isinstance(error.instance, dict):
            said = "an unknown key" if value is False else documents.named(error.instance)
        else:
            said = documents.named(error.instance)
        named = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        words = WORDS.get(kind, "what the schema has here").format(named)
        found.append(Problem(document.file, None, ".".join(place) or None, said, words))
    return found


def _likeliest(error: jsonschema.ValidationError) -> jsonschema.ValidationError:
    """Where one of several forms is allowed, what keeps the one that was meant from fitting."""
    while error.context:
        branches: dict[object, list[jsonschema.ValidationError]] = {}
        for each in error.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        error = min(
            branches.values(),
            key=lambda errors: (any(each.validator == "const" for each in errors), len(errors)),
        )[0]
    return error


def _moment(text: str | None) -> float | None:
    """Seconds since 1970 of a time as records have it, such seconds or a date; None for neither."""
    try:
        moment = float(text or "")
        return moment if 0 <= moment < 1e11 else None
    except ValueError:
        pass
    try:
        found = datetime.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    zone = found.tzinfo or datetime.UTC
    try:
        return found.replace(tzinfo=zone).timestamp()
    except (OverflowError, OSError, ValueError):
        return None


def build(
    folders: Sequence[Path], *, code: str, language: str, root: Path, replace: bool = False
) -> Built:
    """A study's files from records; asks first (questions.Asks) where nothing has been answered
    yet.

    Raises InputError for what cannot be understood.
    """
    writing.check_new(code, language)
    records, report = read(folders)
    measures = [each for file, record in records for each in _measures(file, record)]
    measures = _apart(measures)
    if not measures:
        raise ImportProblem("no record of these folders has a result")
    dates = [each.date for each in measures if each.date is not None] or [
        moment for _, record in records if (moment := _moment(record.retrieved_timestamp))
    ]
    day = datetime.datetime.fromtimestamp(max(dates), datetime.UTC).date() if dates else "undated"
    called = Import(
        code,
        language,
        root,
        Again(f".venv/bin/python -m lib import every-eval-ever ... --code {code}", replace),
        {"id": "records", "file": panels.RAW, "title": "Records of Every Eval Ever"},
        str(day),
        "the records",
        billions=_billions(records),
    )
    report = [f"{len(records)} records", *report, *_libraries(records)]
    built = panels.build(measures, called, report)
    built.files[panels.RAW] = panels.raw(measures)
    return built


def _measures(file: str, record: Record) -> list[Measure]:
    """The results of a record."""
    return [
        Measure(
            record.model_info.id,
            result.task,
            result.score_details.score,
            Origin(file),
            result=result.metric,
            error=None if error is None else error.value,
            low=_end(result.metric_config.min_score),
            high=_end(result.metric_config.max_score),
            metric=result.metric_config.metric_name or "",
            lower=result.metric_config.lower_is_better,
            split=result.source_data.hf_split or "",
            items=told.num_samples,
            date=_moment(result.evaluation_timestamp) or _moment(record.evaluation_timestamp),
        )
        for result in record.evaluation_results
        for told in [result.score_details.uncertainty or Uncertainty()]
        for error in [told.standard_error]
    ]


def _end(value: float | str | None) -> str:
    """An end of a metric's range, "" where it has none."""
    return "" if value is None or isinstance(value, str) else writing.number(value)


def _apart(measures: Sequence[Measure]) -> list[Measure]:
    """The measures, once each; raises InputError where a record has one result twice, with
    different scores."""
    found: dict[tuple, Measure] = {}
    problems = []
    for each in measures:
        first = found.setdefault((each.origin, each.model, each.task, each.result), each)
        if first.score != each.score:
            what = (
                f"{shown(each.result)} of {shown(each.task)} as {first.score:g} and {each.score:g}"
            )
            allowed = "each result once; a name for each"
            problems.append(Problem(each.origin.file, None, "evaluation_results", what, allowed))
    if problems:
        raise InputError(problems)
    return list(found.values())


def _billions(records: Sequence[tuple[str, Record]]) -> dict[str, float]:
    """Model -> parameters in billions, where records tell."""
    found = {}
    for _, record in records:
        value = (record.model_info.additional_details or {}).get(PER_BILLION)
        try:
            number = float(str(value))
        except ValueError:
            continue
        if 0 < number < 1e6:
            found[record.model_info.id] = number
    return found


def _libraries(records: Sequence[tuple[str, Record]]) -> list[str]:
    """A line for each task that was run with several programs, since their scores may differ."""
    programs: dict[str, set[str]] = {}
    for _, record in records:
        name = record.eval_library.name if record.eval_library else ""
        for result in record.evaluation_results:
            if name and name != "unknown":
                programs.setdefault(result.task, set()).add(name)
    return [
        f"{task}: run with {', '.join(sorted(names))}; their scores may not be comparable"
        for task, names in programs.items()
        if len(names) > 1
    ]
