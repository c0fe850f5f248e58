"""What may stand in a forecasts.yml?  Predictions on the record: dated, never changed, never taken
back.

Each batch carries the SHA-256 of its canonical text (JSON with sorted keys, without spaces, without
the hash itself) and names the hash of the batch before it, so that a prediction that was changed,
a batch that was left out and one that was put in between are all noticed.  New batches are appended
by `python -m lib forecast`, which is the only writer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

import yaml
from pydantic import Field, model_validator

from lib.reading import Problem
from lib.reading.documents import Document
from lib.reading.forms import Date, Id, Line, Part, matching

FILE = "forecasts.yml"
HEAD = """\
# Predictions on the record, written by `python -m lib forecast CODE`: append-only, hashed.
# `python -m lib check CODE` refuses a batch that differs from what was recorded.
"""
Hash = Annotated[str, matching(r"[0-9a-f]{64}", "a SHA-256 in hexadecimal digits")]
Kind = Literal["change", "child", "model", "share"]


class Prediction(Part):
    """One number that is yet to come, with its interval; what it is given, where it is given
    something."""

    benchmark: Id
    value: float
    low: float
    high: float
    parent: Line | None = None
    parent_score: float | None = None
    english: float | None = None
    trained: bool | None = None
    ability: Id | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Prediction:
        if not self.low <= self.value <= self.high:
            raise ValueError("low, value and high in this order")
        return self


class Batch(Part):
    """Predictions that were made together: when, from what, by which function, and what settles
    them."""

    id: Id
    made: Date
    kind: Kind
    what: Line
    settled: Line
    settled_from: Date
    fitted: Annotated[list[Id], Field(min_length=1)]
    function: Line
    level: float
    scale: dict[Id, list[float]] = Field(default_factory=dict)
    predictions: Annotated[list[Prediction], Field(min_length=1)]
    after: Hash | None = None
    sha256: Hash


class Forecasts(Part):
    """A whole forecasts.yml."""

    batches: Annotated[list[Batch], Field(min_length=1)]


def plain(batch: Batch) -> dict:
    """A batch as plain values, without what it does not say."""
    return batch.model_dump(exclude_none=True, exclude_defaults=True)


def canonical(batch: Mapping) -> str:
    """The text of a batch that is hashed."""
    said = {key: value for key, value in batch.items() if key != "sha256"}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed(batch: Mapping, before: Sequence[Mapping]) -> dict:
    """A new batch with the hash of the last one before it, and its own."""
    chained = dict(batch) | ({"after": before[-1]["sha256"]} if before else {})
    return chained | {"sha256": hashlib.sha256(canonical(chained).encode()).hexdigest()}


def problems(record: Forecasts, document: Document) -> Iterator[Problem]:
    """Every batch that is not what was recorded."""
    before, seen = None, set()
    for place, batch in enumerate(record.batches):
        values, line = plain(batch), document.line(["batches", place])
        where = f"batches.{batch.id}"
        if batch.id in seen:
            yield Problem(document.file, line, where, "the batch a second time", "each batch once")
        seen.add(batch.id)
        if hashlib.sha256(canonical(values).encode()).hexdigest() != batch.sha256:
            yield Problem(
                document.file,
                line,
                where,
                "another text than was recorded: its hash does not fit",
                f"the batch as it was on {batch.made}; what you foresee now is a new batch "
                "(python -m lib forecast)",
            )
        if batch.after != before:
            yield Problem(
                document.file,
                line,
                where,
                "another batch before it than when it was recorded",
                "every batch, in the order in which they were recorded",
            )
        before = batch.sha256


def written(batch: Mapping) -> str:
    """A sealed batch as YAML, a line a prediction."""

    def line(value: object) -> str:
        text = yaml.safe_dump(
            value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
        )
        return text.removesuffix("\n").removesuffix("\n...")

    rows = []
    for key, value in batch.items():
        if key == "predictions":
            rows += ["  predictions:", *(f"  - {line(each)}" for each in value)]
        else:
            rows.append(f"  {key}: {line(value)}")
    return "-" + "\n".join(rows)[1:] + "\n"
