"""What may stand in a study.yml?  Its form, which `lib.reading.forms` checks documents against."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from lib.reading.forms import Date, Id, Line, LineOrNothing, Part, matching

Strategy = Literal[
    "from_scratch_english",
    "from_scratch_multilingual",
    "from_scratch_local",
    "continual_local",
    "unknown",
]


def _inside(path: str) -> str:
    """A file's path within the study's own folder: names in data never lead out of it."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or "\\" in path or ":" in path or ".." in parts:
        raise ValueError("a path inside the study's folder")
    return path


Path = Annotated[Line, AfterValidator(_inside)]
Code = Annotated[
    str, matching(r"[a-z][a-z0-9-]*", "a word of a-z, 0-9 and -, beginning with a letter")
]


class Snapshot(Part):
    """One state of the scores: its id, what people call it, which of the sources it comes from."""

    id: Id
    date: Date = ""
    label: LineOrNothing = ""
    source: LineOrNothing = ""


class Source(Part):
    """Where data come from, and on which terms."""

    id: Id
    title: Line
    url: Annotated[LineOrNothing, matching(r"(https?://\S+)?", "an http or https address")] = ""
    commit: LineOrNothing = ""
    date: Date = ""
    licence: Line
    file: Path | None = None


class Range(Part):
    """Between which values something undisclosed lies; `of` says what an English share is a share
    of.
    """

    lower: float
    upper: float
    scale: Literal["uniform", "log-uniform"]
    of: Literal["own", "rest"] = "own"

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not 0 <= self.lower <= self.upper or (self.scale == "log-uniform" and self.lower == 0):
            raise ValueError(
                "lower and upper with 0 <= lower <= upper, and lower above 0 where log-uniform"
            )
        return self


class Ranges(Part):
    """One set of ranges, by training strategy."""

    label: LineOrNothing = ""
    own_tokens_b: dict[Strategy, Range] = Field(default_factory=dict)
    local_share: dict[Strategy, Range] = Field(default_factory=dict)
    english_share: dict[Strategy, Range] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares(self) -> Ranges:
        if any(
            share.upper > 1
            for shares in (self.local_share, self.english_share)
            for share in shares.values()
        ):
            raise ValueError("shares as fractions, at most 1")
        return self


class Measure(Part):
    """A number about the language, and where it is from."""

    value: float
    source: Line
    note: LineOrNothing = ""


class About(Part):
    """What is known of the language itself: its own name, its tag (BCP 47), its family and the
    branch of it, its script, and measures by id."""

    autonym: LineOrNothing = ""
    tag: Annotated[LineOrNothing, matching(r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?", "a tag")] = ""
    family: LineOrNothing = ""
    branch: LineOrNothing = ""
    script: LineOrNothing = ""
    measures: dict[Id, Measure] = Field(default_factory=dict)


Component = Annotated[str, matching(r"PC[1-9][0-9]*", "a component, such as PC2")]


class Settings(Part):
    """A whole study.yml."""

    code: Code
    language: Line
    name: LineOrNothing = ""
    title: Line
    about: About = Field(default_factory=About)
    default_snapshot: Id
    snapshots: Annotated[list[Snapshot], Field(min_length=1)]
    anchors: dict[Component, Line] = Field(default_factory=dict)
    citation: list[Line] = Field(default_factory=list)
    sources: list[Source] = Field(default_factory=list)
    ranges: dict[Code, Ranges] = Field(default_factory=dict)
