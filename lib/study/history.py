"""What may stand in a history.yml?  How thresholds and other choices were set: when, knowing what,
and what they were before.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lib.reading.forms import Date, Line, Part

FILE = "history.yml"
#: What was known when a choice was made: nothing, the published numbers, or this book's own.
Known = Literal["nothing", "published", "computed"]


class Rule(Part):
    """A rule as it was or is: in words, and, where it can be put again, on which recorded results
    and against which threshold.

    `interval` names another interval of the result: `parents` for low_parents and high_parents.
    """

    words: Line
    results: list[Line] = Field(default_factory=list)
    above: float | None = None
    below: float | None = None
    within: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    gain: bool | None = None
    interval: Line | None = None

    @model_validator(mode="after")
    def _judging(self) -> Rule:
        given = self.above is not None or self.below is not None or self.within is not None
        if bool(self.results) != given:
            raise ValueError("results with above, below or within, or none of them")
        return self


class Choice(Part):
    """One choice: the question it answers, what was known, and both rules."""

    question: Line
    first: Date
    first_known: Known
    changed: Date | None = None
    changed_known: Known | None = None
    was: Rule
    now: Rule | None = None
    reason: Line

    @model_validator(mode="after")
    def _whole(self) -> Choice:
        if len({self.changed is None, self.changed_known is None, self.now is None}) > 1:
            raise ValueError("changed, changed_known and now together, or none of them")
        return self


class History(Part):
    """A whole history.yml."""

    choices: Annotated[list[Choice], Field(min_length=1)]
