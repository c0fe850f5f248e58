"""What is known of one number, and what becomes of a claim about it?  The one rule that judges.

A verdict compares an interval with a threshold; the answer to a question is the same in other
words.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from lib import words

LEVEL = 0.95
#: Fewer groups, or fewer models, than this settle nothing.  Five independent groups all lie on one
#: side of a threshold by chance in 2 of 2^5 cases, more often than an interval of 95% may miss; six
#: do in 2 of 2^6.  And five groups can be drawn in 126 ways only, so the ends of their interval are
#: single draws.
FEWEST = 6
#: What may be resampled, as the column of a record that counts it; lineages last, since a record
#: may tell them besides.
UNITS = ("parents", "makers", "families", "lineages")
#: Units whose intervals leave out each in turn, on Student's t: they are wide by themselves where
#: there are few (see `jackknife`).
LEFT_OUT = ("makers",)
#: What a method adds that takes the outermost ends of both intervals.
OUTERMOST = "; outermost ends with that over models"


class Answer(StrEnum):
    """What a page answers to its own question.

    >>> Answer("yes"), str(Answer.OPEN)
    (<Answer.YES: 'yes'>, 'open')
    """

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Verdict(StrEnum):
    """What becomes of a claim.

    >>> Verdict("contradicted").answer, Verdict.SUPPORTED == "supported"
    (<Answer.NO: 'no'>, True)
    """

    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    CONTRADICTED = "contradicted"

    @property
    def answer(self) -> Answer:
        """The same as the answer to a question."""
        return dict(zip(Verdict, (Answer.YES, Answer.OPEN, Answer.NO), strict=True))[self]

    @property
    def turned(self) -> Verdict:
        """What becomes of a claim that says the opposite.

        >>> str(Verdict.CONTRADICTED.turned), str(Verdict.UNDECIDED.turned)
        ('supported', 'undecided')
        """
        return dict(zip(Verdict, reversed(Verdict), strict=True))[self]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number with its uncertainty.

    `low` and `high` bound the interval that resamples `groups` of `units` (lineages, say);
    `low_ordinary` and `high_ordinary` the one that resamples single models, of which there are `n`.
    `draws_low` and `draws_high` are the 5th and 95th percentile over draws of what is undisclosed
    (`value` is then the median over draws).  Once judged it has a verdict and the threshold it was
    judged by.

    >>> str(Estimate(0.9093, 0.8331, 0.9587))
    '0.91 [0.83, 0.96]'
    """

    value: float
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    n: int | None = None
    groups: int | None = None
    units: str = "lineages"
    method: str = ""
    low_ordinary: float | None = None
    high_ordinary: float | None = None
    draws_low: float | None = None
    draws_high: float | None = None
    verdict: Verdict | None = None
    above: float | None = None
    below: float | None = None

    @classmethod
    def of(cls, row: Mapping | pd.Series) -> Estimate:
        """The estimate in a row of a table or in a record; what it does not know is left out."""
        row = {key: _plain(value) for key, value in dict(row).items()}
        for units in UNITS:
            if "groups" not in row and row.get(units) is not None:
                row |= {"groups": row[units], "units": units}
        known: dict[str, Any] = {
            field.name: row[field.name]
            for field in dataclasses.fields(cls)
            if row.get(field.name) is not None
        }
        if "verdict" in known:
            known["verdict"] = Verdict(known["verdict"])
        return cls(**known)

    @property
    def lineages(self) -> int | None:
        """How many lineages were resampled."""
        return self.groups if self.units == "lineages" else None

    def as_dict(self) -> dict:
        """What is known, as plain Python values, the groups counted under the name of their
        units."""
        known = {
            key: value
            for key, value in dataclasses.asdict(self).items()
            if value is not None and value != ""
        }
        units, groups = known.pop("units"), known.pop("groups", None)
        return known | ({units: groups} if groups is not None else {})

    def judged(self, above: float | None = None, below: float | None = None) -> Estimate:
        """The same with its verdict (see `verdict`)."""
        return dataclasses.replace(
            self, verdict=verdict(self, above, below), above=above, below=below
        )

    @property
    def answer(self) -> Answer | None:
        """The verdict as the answer to a question."""
        return self.verdict.answer if self.verdict else None

    @property
    def too_few(self) -> str:
        """Why no verdict is given whatever the interval says; empty where one is.

        >>> Estimate(0.9, 0.9, 0.95, n=20, groups=5).too_few
        'five lineages are too few for a verdict'
        >>> Estimate(0.9, 0.9, 0.95, n=20, groups=6).too_few
        ''
        """
        resampled = {} if self.units in LEFT_OUT else {self.units: self.groups}
        return too_few(**resampled, cases=self.n)

    @property
    def widest(self) -> Estimate:
        """With the outermost ends of both intervals: few groups have few distinct replicates, and
        may look too sure."""

        def outermost(end: Callable[..., float], *known: float | None) -> float | None:
            there = [each for each in known if each is not None]
            return end(there) if there else None

        return dataclasses.replace(
            self,
            low=outermost(min, self.low, self.low_ordinary),
            high=outermost(max, self.high, self.high_ordinary),
            method=self.method + OUTERMOST,
        )

    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        """`0.91 [0.83, 0.96]`; `spec` as in `words.number`."""
        return words.interval(self.value, self.low, self.high, spec)

    def format(self, digits: int = 2, sign: bool = False) -> str:
        """`written` by number of decimals."""
        return self.written(f"{'+' if sign else ''}.{digits}f")

    def __str__(self) -> str:
        return self.written()

    def __format__(self, spec: str) -> str:
        return self.written(spec)


def verdict(estimate: Estimate, above: float | None = None, below: float | None = None) -> Verdict:
    """Compare an interval with a threshold, by the same rule everywhere.

    *supported* where the whole interval lies on the claimed side, *contradicted* where all of it
    lies on the other side, *undecided* where it holds the threshold, where there is no interval, or
    where it rests on too few (`Estimate.too_few`).

    >>> verdict(Estimate(0.9, 0.8, 0.95), above=0.7), verdict(Estimate(0.1, -0.2, 0.3), below=0)
    (<Verdict.SUPPORTED: 'supported'>, <Verdict.UNDECIDED: 'undecided'>)
    >>> str(verdict(Estimate(0.9, 0.8, 0.95, groups=5), above=0.7))
    'undecided'

    Raises
    ------
    ValueError
        Not exactly one threshold.
    """
    if (above is None) == (below is None):
        raise ValueError("give one threshold, above or below")
    low, high = estimate.low, estimate.high
    if low is None or high is None or estimate.too_few:
        return Verdict.UNDECIDED
    inside = (above is not None and low > above) or (below is not None and high < below)
    outside = (above is not None and high < above) or (below is not None and low > below)
    return Verdict.SUPPORTED if inside else Verdict.CONTRADICTED if outside else Verdict.UNDECIDED


def too_few(**counts: int | None) -> str:
    """Why so few of something settle nothing, in words; empty where there are enough of all.

    >>> too_few(lineages=1, models=3), too_few(lineages=6, models=5), too_few(lineages=None)
    ('one lineage is too few for a verdict', 'five models are too few for a verdict', '')
    """
    few = ((what, count) for what, count in counts.items() if count is not None)
    what, count = next((each for each in few if each[1] < FEWEST), ("", FEWEST))
    verb = "is" if count == 1 else "are"
    return f"{words.counted(int(count), what)} {verb} too few for a verdict" if what else ""


def weakest(verdicts: Iterable[str]) -> Verdict:
    """One verdict for a claim that rests on several numbers: all must support it, one is enough to
    contradict it.

    >>> str(weakest(["supported", "undecided"])), str(weakest(["contradicted", "undecided"]))
    ('undecided', 'contradicted')
    """
    found = set(map(Verdict, verdicts)) or {Verdict.UNDECIDED}
    return next(
        word
        for word in (Verdict.CONTRADICTED, Verdict.UNDECIDED, Verdict.SUPPORTED)
        if word in found
    )


def mostly(verdicts: Iterable[str]) -> Verdict:
    """One verdict for a claim about a kind: more than half of its numbers support it (or contradict
    it).

    >>> str(mostly(["supported", "supported", "undecided"]))
    'supported'
    >>> str(mostly(["supported", "undecided"]))
    'undecided'
    """
    found = list(map(Verdict, verdicts))
    ends = (Verdict.SUPPORTED, Verdict.CONTRADICTED)
    return next((word for word in ends if 2 * found.count(word) > len(found)), Verdict.UNDECIDED)


def _plain(value):
    """None for a missing value, otherwise a plain Python scalar."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
