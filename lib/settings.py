"""What may stand in a study.yml and a claims.yml?  Their forms, which `lib.forms` checks documents
against.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from lib.forms import Date, Id, Line, LineOrNothing, Part, matching

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
#: A result's id, of which a claim needs all three parts; `lib.testable` knows which there are.
Result = Annotated[
    str,
    matching(
        r"[a-z0-9_-]+/[A-Za-z0-9._-]+/[^\s/][^\s]*",
        "a result's id of three parts, such as transfer/pearson/a~b",
    ),
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


Component = Annotated[str, matching(r"PC[1-9][0-9]*", "a component, such as PC2")]


class Settings(Part):
    """A whole study.yml."""

    code: Code
    language: Line
    name: LineOrNothing = ""
    title: Line
    default_snapshot: Id
    snapshots: Annotated[list[Snapshot], Field(min_length=1)]
    anchors: dict[Component, Line] = Field(default_factory=dict)
    citation: list[Line] = Field(default_factory=list)
    sources: list[Source] = Field(default_factory=list)
    ranges: dict[Code, Ranges] = Field(default_factory=dict)


#: A threshold: a number, or the id of a judged result whose threshold it is.
Threshold = float | Annotated[str, Field(pattern=r"^[a-z0-9-]+/\S+$")]


class Test(Part):
    """How a claim is tested on one panel: recorded results, judged by their chapter or by a
    threshold (see `summary.claims`)."""

    test: Literal["verdict", "interval", "each", "no-gain"]
    result: Result | None = None
    results: Annotated[list[Result], Field(min_length=1)] | None = None
    above: Threshold | None = None
    below: Threshold | None = None
    within: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    opposite: bool | None = None

    @model_validator(mode="after")
    def _whole(self) -> Test:
        if (self.result is None) == (self.test == "interval") or (self.results is None) != (
            self.test == "interval"
        ):
            raise ValueError("result with test interval, results with any other test")
        given = sum(threshold is not None for threshold in (self.above, self.below, self.within))
        if self.test == "verdict" and given:
            raise ValueError(
                "no threshold with test verdict: the chapter that recorded the result has it"
            )
        if self.test == "no-gain" and (self.within is None or given != 1):
            raise ValueError("within, and no other threshold, with test no-gain")
        if self.test in ("interval", "each") and given != 1:
            raise ValueError("exactly one of above, below, within")
        if self.opposite is not None and self.test != "verdict":
            raise ValueError("opposite with test verdict only")
        return self


class Claim(Part):
    """A claim of the study that is reproduced: in our words, and in few of them, where it is made,
    which question of the conclusions it belongs to, how each panel of models tests it.
    """

    id: Id
    sentence: Line
    short: Line | None = None
    where: Line
    group: Literal["carries", "needs", "factors", "scales"] | None = None
    tests: Annotated[dict[Literal["source", "further", "pairs"], Test], Field(min_length=1)]


class Claims(Part):
    """A whole claims.yml."""

    claims: list[Claim]

    @model_validator(mode="after")
    def _once(self) -> Claims:
        often = Counter(claim.id for claim in self.claims)
        again = sorted(each for each in often if often[each] > 1)
        if again:
            raise ValueError(f"each id once ({', '.join(again)} is there again)")
        return self
