"""What did an analysis find, subject by subject?  A table of numbers with their uncertainty.

An analysis returns `Estimates`: a row a subject (a benchmark, a pair of benchmarks, a component),
with the value, the interval that resamples groups of models, the ordinary one that resamples single
models, and what both rest on.  The table selects, names, compares and judges itself; the verdict
and its threshold then travel with the numbers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Self, cast

import numpy as np
import pandas as pd
from scipy import stats

from lib import words
from lib.stats.verdicts import OUTERMOST, UNITS, Estimate, Verdict, mostly, verdict, weakest
from lib.words import Subjects

#: A subject that is a pair of two others.
PAIR = "~"
#: Replicates x subjects, over groups and over single models.
Draws = tuple[np.ndarray, np.ndarray]


class Judged:
    """A table whose rows have verdicts: `frame` has them, `where` keeps rows.

    >>> found = {"a": Estimate(0.9, 0.8, 0.95), "b": Estimate(0.2, -0.1, 0.5)}
    >>> list(Estimates.from_rows(found).judged(above=0.7).supported)
    ['a']
    """

    frame: pd.DataFrame

    def where(self, mask) -> Self:
        """Those of which it is true."""
        raise NotImplementedError

    @property
    def supported(self) -> Self:
        """Those with this verdict."""
        return self.where(self.frame["verdict"].map(Verdict) == Verdict.SUPPORTED)

    @property
    def undecided(self) -> Self:
        """Those with this verdict."""
        return self.where(self.frame["verdict"].map(Verdict) == Verdict.UNDECIDED)

    @property
    def contradicted(self) -> Self:
        """Those with this verdict."""
        return self.where(self.frame["verdict"].map(Verdict) == Verdict.CONTRADICTED)


class Estimates(Judged):
    """A table of estimates, subjects x (value, low, high, ...), that selects, names, compares and
    judges itself.

    Parameters
    ----------
    frame : DataFrame indexed by subject with at least `value`; the other fields of `Estimate`, and
        whatever else belongs to a subject (counts, p), are columns as well.
    draws : (by group, ordinary), arrays (replicates x subjects), where two tables are to be
        compared.

    >>> r = Estimates.from_rows({"a": Estimate(0.9, 0.8, 0.95), "b": Estimate(0.2, -0.1, 0.5)})
    >>> r = r.judged(above=0.7)
    >>> str(r.supported), str(r.weakest), r.count, r["b"].answer
    ('a 0.90 [0.80, 0.95]', 'contradicted', 2, <Answer.NO: 'no'>)
    """

    def __init__(self, frame: pd.DataFrame, draws: Draws | None = None):
        self.frame, self.draws = frame, draws

    @classmethod
    def from_rows(cls, rows: Mapping[str, Estimate | Mapping]) -> Estimates:
        """A table of single estimates or records, subject -> estimate."""
        plain = {
            subject: dataclasses.asdict(row) if isinstance(row, Estimate) else _unified(row)
            for subject, row in rows.items()
        }
        frame = pd.DataFrame.from_dict(plain, orient="index")
        if len(frame):  # numbers without an interval are estimates, too
            frame = frame.assign(**{end: np.nan for end in ("low", "high") if end not in frame})
        return cls(
            frame
            if len(frame)
            else pd.DataFrame(columns=[field.name for field in dataclasses.fields(Estimate)])
        )

    # ---- what is there

    @property
    def subjects(self) -> Subjects:
        """Ids of the rows, written as names."""
        return Subjects(self.frame.index)

    names = subjects

    @property
    def count(self) -> int:
        """How many subjects."""
        return len(self.frame)

    @property
    def values(self) -> pd.Series:
        """The numbers alone, subject -> value."""
        return self.frame["value"]

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[str]:
        return iter(self.frame.index)

    def __contains__(self, subject: object) -> bool:
        return subject in self.frame.index

    def __getitem__(self, subject: str) -> Estimate:
        return Estimate.of(cast(pd.Series, self.frame.loc[subject]))  # a subject has one row

    def items(self) -> Iterator[tuple[str, Estimate]]:
        """(subject, estimate), in order."""
        rows = (Estimate.of(row) for _, row in self.frame.iterrows())
        return zip(self, rows, strict=True)

    # ---- some of it

    def of(self, subjects: Iterable[str]) -> Estimates:
        """Those of `subjects` that are there, in that order."""
        return self._at(
            [self.frame.index.get_loc(each) for each in subjects if each in self.frame.index]
        )

    def within(self, prefix: str) -> Estimates:
        """Of a table by `PC1/niilc`, those of `PC1`, by the rest of their id."""
        inside = [each for each in self if each.startswith(f"{prefix}/")]
        return self.of(inside).renamed({each: each[len(prefix) + 1 :] for each in inside})

    @property
    def wide(self) -> pd.DataFrame:
        """Of a table by `PC1/niilc`, the values as a table with a column a prefix: niilc x PC1."""
        pairs = [tuple(each.split("/", 1)) for each in self]
        parts = pd.MultiIndex.from_tuples(pairs, names=["column", "subject"])
        return self.values.set_axis(parts).unstack("column", sort=False)

    def under(self, prefix: str) -> Estimates:
        """The same by ids under a prefix, `PC1/niilc`, for tables that are put together."""
        return self.renamed({each: f"{prefix}/{each}" for each in self})

    @classmethod
    def stacked(cls, *tables: Estimates) -> Estimates:
        """Several tables as one, row below row."""
        return cls(pd.concat([table.frame for table in tables if table.count] or [tables[0].frame]))

    def without(self, subjects: Iterable[str]) -> Estimates:
        """All others."""
        return self.where(~self.frame.index.isin(list(subjects)))

    def where(self, mask) -> Estimates:
        """Those for which `mask` (boolean, in order or by subject) holds."""
        mask = (
            mask.reindex(self.frame.index, fill_value=False)
            if isinstance(mask, pd.Series)
            else mask
        )
        return self._at(np.flatnonzero(np.asarray(mask, bool)))

    def sorted(self, by: str = "value", ascending: bool = False) -> Estimates:
        """In the order of a column, the largest first."""
        return self._at(
            np.argsort(self.frame[by].to_numpy(float) * (1 if ascending else -1), kind="stable")
        )

    def _at(self, places: slice | np.ndarray | list) -> Estimates:
        draws = None
        if self.draws:
            groups, ordinary = self.draws
            draws = groups[:, places], ordinary[:, places]
        return Estimates(self.frame.iloc[places], draws)

    def _replicates(self) -> Draws:
        if self.draws is None:
            raise ValueError(f"no replicates were kept of {', '.join(map(str, self)) or 'nothing'}")
        return self.draws

    def head(self, count: int) -> Estimates:
        """The first few."""
        return self._at(slice(0, count))

    def tail(self, count: int) -> Estimates:
        """The last few, the last one first."""
        return self._at(slice(None, -count - 1, -1))

    @property
    def highest(self) -> Estimates:
        """The one with the largest value."""
        return self.sorted()._at(slice(0, 1))

    @property
    def lowest(self) -> Estimates:
        """The one with the smallest value."""
        return self.sorted(ascending=True)._at(slice(0, 1))

    @property
    def clear(self) -> Estimates:
        """Those whose interval excludes zero, and rests on enough to say so."""
        outside = (self.frame["low"] > 0) | (self.frame["high"] < 0)
        return self.where(outside & ~self._few)

    @property
    def _few(self) -> np.ndarray:
        """Which rest on too few for a verdict (see `Estimate.too_few`)."""
        return np.array([bool(each.too_few) for _, each in self.items()], bool)

    # ---- other intervals

    @property
    def ordinary(self) -> Estimates:
        """The same with the interval over single models in the other's place."""
        return Estimates(
            self.frame.assign(low=self.frame["low_ordinary"], high=self.frame["high_ordinary"])
        )

    @property
    def over_draws(self) -> Estimates:
        """The same with the range over draws of what is undisclosed in the interval's place."""
        ends = {"low": self.frame["draws_low"], "high": self.frame["draws_high"]}
        return Estimates(self.frame.assign(**ends))

    @property
    def widest(self) -> Estimates:
        """The same with the outermost ends of both intervals."""
        ends = {
            "low": self.frame[["low", "low_ordinary"]].astype(float).min(axis=1),
            "high": self.frame[["high", "high_ordinary"]].astype(float).max(axis=1),
        }
        if "method" in self.frame:
            ends["method"] = self.frame["method"].astype(str) + OUTERMOST
        return Estimates(self.frame.assign(**ends), self.draws)

    @property
    def widening(self) -> float:
        """How many times as wide as the ordinary interval the one shown is, in the median."""
        width = self.frame["high"] - self.frame["low"]
        return float((width / (self.frame["high_ordinary"] - self.frame["low_ordinary"])).median())

    def minus(self, other: Estimates) -> Estimates:
        """Differences, subject by subject, on the same replicates, so that what moves both drops
        out.

        Raises ValueError where a table has none (`draws`).
        """
        from lib.stats.resampling import bounds  # which makes tables of this kind

        subjects = [each for each in self if each in other]
        one, two = self.of(subjects), other.of(subjects)
        groups, ordinary = (
            mine - theirs for mine, theirs in zip(one._replicates(), two._replicates(), strict=True)
        )
        draws = groups, ordinary
        frame = one.frame.assign(value=one.values - two.values)
        return Estimates(frame.assign(**bounds(draws, frame)), draws)

    def mean(self, subject: str) -> Estimates:
        """The mean over all subjects, on the same replicates, as one subject of this name.

        Raises ValueError where the table has none (`draws`).
        """
        from lib.stats.resampling import bounds

        groups, ordinary = (part.mean(axis=1, keepdims=True) for part in self._replicates())
        draws = groups, ordinary
        kept = [
            each
            for each in ("value", "level", "n", "groups", "units", "method")
            if each in self.frame
        ]
        frame = self.frame[kept].iloc[:1].set_axis([subject]).assign(value=self.values.mean())
        return Estimates(frame.assign(**bounds(draws, frame)), draws)

    def beside(self, columns: pd.DataFrame) -> Estimates:
        """The same with more columns, by subject, which go into the record."""
        return Estimates(self.frame.join(columns), self.draws)

    # ---- judgement

    def judged(
        self, above: float | pd.Series | None = None, below: float | pd.Series | None = None
    ) -> Estimates:
        """The same with a verdict on each by one threshold (see `verdict`), or by one that goes
        with the subject."""

        def at(threshold: float | pd.Series | None, subject: str) -> float | None:
            return threshold.get(subject) if isinstance(threshold, pd.Series) else threshold

        frame = self.frame.assign(
            above=pd.Series([at(above, each) for each in self], self.frame.index),
            below=pd.Series([at(below, each) for each in self], self.frame.index),
        )
        found = [
            verdict(each, at(above, subject), at(below, subject)) for subject, each in self.items()
        ]
        return Estimates(frame.assign(verdict=found), self.draws)

    @property
    def threshold(self) -> float | None:
        """The one threshold that all were judged by; None where there is none, or several."""
        known = {
            float(each)
            for side in ("above", "below")
            if side in self.frame
            for each in self.frame[side].dropna()
        }
        return known.pop() if len(known) == 1 else None

    @property
    def verdicts(self) -> pd.Series:
        """Subject -> verdict, for claims."""
        return self.frame["verdict"].map(Verdict)

    @property
    def answers(self) -> pd.Series:
        """Subject -> yes, no or open, for questions."""
        return self.frame["verdict"].map(lambda each: Verdict(each).answer)

    @property
    def weakest(self) -> Verdict:
        """One verdict where all must hold."""
        return weakest(self.verdicts)

    @property
    def mostly(self) -> Verdict:
        """One verdict where most must hold."""
        return mostly(self.verdicts)

    def differs_from(self, other: Estimates) -> Estimates:
        """Those that have another verdict than in `other`."""
        return self.where(
            pd.Series(
                {
                    each: self.verdicts[each] != other.verdicts[each]
                    for each in self
                    if each in other
                },
                dtype=bool,
            )
        )

    def discovered(self, rate: float, any_dependence: bool = False) -> Estimates:
        """Those that stand out from zero at a false discovery rate over the whole table (see
        `discovery`)."""
        return self.where(discovery(self, any_dependence)["q"] < rate)

    # ---- pairs

    def closest(self, subjects: Iterable[str]) -> pd.Series:
        """Of a table of pairs `A~B`: for each subject the estimate of the pair it goes with most,
        named by the other."""
        found = {}
        for subject in subjects:
            partners = {pair: _other(pair, subject) for pair in self if subject in pair.split(PAIR)}
            best = max(partners, key=lambda pair: self.values[pair], default=None)
            found[subject] = best and self.of([best]).renamed(partners)
        return pd.Series(found, dtype=object)

    def renamed(self, subjects: Mapping[str, str]) -> Estimates:
        """The same under other ids."""
        return Estimates(self.frame.rename(index=subjects), self.draws)

    # ---- words

    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        """Each subject's name with its estimate, in a sentence."""
        return (
            "; ".join(f"{name(subject)} {each.written(spec)}" for subject, each in self.items())
            or words.NONE
        )

    def __str__(self) -> str:
        return self.written()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.frame.to_html()


def discovery(table: Estimates, any_dependence: bool = False) -> pd.DataFrame:
    """p of no correlation and false discovery rate q of each in a table of correlations.

    The interval's half-widths on Fisher's scale, over Student's t with one degree of freedom less
    than groups, give a standard error, and that a two-sided p of no correlation: the test that the
    interval shown inverts, so p < 0.05 where the interval nearest zero excludes it.  q is Benjamini
    and Hochberg's (1995), or Benjamini and Yekutieli's (2001), which allows any dependence.  What
    rests on too few for a verdict has neither, nor has a number without an interval.

    >>> high, none = Estimate(0.9, 0.8, 0.95, groups=10), Estimate(0.2, -0.1, 0.5, groups=10)
    >>> r = Estimates.from_rows({"a": high, "b": none})
    >>> discovery(r)["q"].lt(0.05).tolist()
    [True, False]
    """
    frame = table.frame
    free = frame["groups"].astype(float) - 1
    value, low, high = (
        np.arctanh(frame[column].astype(float).clip(-0.999999, 0.999999))
        for column in ("value", "low", "high")
    )
    error = np.maximum(np.where(value > 0, value - low, high - value), 1e-9) / stats.t.ppf(
        (1 + frame["level"].astype(float)) / 2, free
    )
    p = np.where(table._few, np.nan, 2 * stats.t.sf(np.abs(value) / error, free))
    method = "by" if any_dependence else "bh"
    known, q = ~np.isnan(p), np.full(len(p), np.nan)
    if known.any():
        q[known] = stats.false_discovery_control(p[known], method=method)
    return pd.DataFrame({"p": p, "q": q}, index=frame.index)


def _other(pair: str, subject: str) -> str:
    one, other = pair.split(PAIR)
    return other if one == subject else one


def _unified(row: Mapping) -> dict:
    """A record with its groups under one name."""
    units = next((each for each in UNITS if each in row), None)
    return dict(row) | (
        {"groups": row[units], "units": units} if units and "groups" not in row else {}
    )
