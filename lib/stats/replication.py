"""Does it hold for other models?  Everything is frozen on one set of models and tested on another.

The further models share makers and lineages with the first ones, and many came later: agreement is
replication on new models, not on independent ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from lib.stats.correlation import contrast, pairs
from lib.stats.estimates import PAIR, Estimates
from lib.stats.projection import congruence, held_out, projections, ranks, refitted
from lib.stats.resampling import Resampling
from lib.stats.tables import FEWEST_MODELS
from lib.stats.verdicts import Estimate

__all__ = [  # what the page on replication asks for, of here and of `projection`
    "across",
    "congruence",
    "contrasts",
    "held",
    "held_out",
    "most_moved",
    "projections",
    "ranks",
    "refitted",
    "released_after",
    "without_weightiest",
]


def held(
    kinds: Mapping[str, tuple[Estimates, Estimates]], at: float | None = None
) -> tuple[Estimates, Estimates]:
    """What was found on one set of models, and the same on another.

    A finding is an estimate whose whole interval lies on one side of its threshold.  On the other
    models it is judged on that side of that threshold: supported where it holds, contradicted where
    the whole interval lies on the other side.

    Parameters
    ----------
    kinds : what was found -> (estimates of the first models, estimates of the others), by the same
        subjects.
    at : the threshold; by default the one that each of the first estimates was judged by.

    Returns
    -------
    (the findings as they were, the same on the other models), both by `kind/subject`, the highest
    of a kind first.

    >>> clear, open_one = Estimate(0.9, 0.8, 1, groups=9), Estimate(0.5, 0.2, 0.8, groups=9)
    >>> first = Estimates.from_rows({"a": clear, "b": open_one})
    >>> again = Estimates.from_rows({"a": Estimate(0.5, 0.4, 0.6, groups=9), "b": clear})
    >>> before, now = held({"high": (first, again)}, at=0.7)
    >>> str(before), str(now), str(now.weakest)
    ('high/a 0.90 [0.80, 1.00]', 'high/a 0.50 [0.40, 0.60]', 'contradicted')
    """
    before, now = [], []
    for kind, (first, again) in kinds.items():
        found = {
            each: way
            for each, estimate in first.items()
            if each in again and (way := _side(estimate, at))
        }
        some = first.of(found).sorted()
        before.append(some.under(kind))
        now.append(_judged_as(again.of(some), found).under(kind))
    return Estimates.stacked(*before), Estimates.stacked(*now)


def _side(estimate: Estimate, at: float | None) -> tuple[str, float] | None:
    """On which side of its threshold all of an interval lies; None where it holds the threshold."""
    if at is None:
        at = estimate.above if estimate.above is not None else estimate.below
    if at is None or estimate.low is None or estimate.high is None:
        return None
    return ("above", at) if estimate.low > at else ("below", at) if estimate.high < at else None


def _judged_as(again: Estimates, found: Mapping[str, tuple[str, float]]) -> Estimates:
    sides = {
        side: pd.Series({each: at for each, (way, at) in found.items() if way == side}, dtype=float)
        for side in ("above", "below")
    }
    return again.judged(**sides)


def released_after(models: pd.DataFrame, date: str) -> pd.Series:
    """Whether each model came out after a date (YYYY-MM-DD); a month alone counts as its last day,
    unknown as no.

    >>> models = pd.DataFrame({"released": ["2024-07", "2025-01-02", ""]}, index=list("abc"))
    >>> released_after(models, "2024-07-31").tolist()
    [False, True, False]
    """
    released = models["released"].fillna("").astype(str)
    day = pd.to_datetime(released.where(released.str.len() != 7, released + "-01"), errors="coerce")
    return day.where(released.str.len() != 7, day + pd.offsets.MonthEnd(0)) > pd.Timestamp(date)


def without_weightiest(scores: pd.DataFrame, groups: pd.Series, how: Resampling) -> Estimates:
    """The correlation of two benchmarks without the group of models whose absence moves it most,
    under the group's name.

    Parameters
    ----------
    scores : DataFrame, models x two benchmarks.
    groups : Series, model -> group; a group of one model each asks for the model that weighs most.

    >>> x, y = [1.0, 2, 3, 4, 9], [1.0, 2, 3, 4, -9]
    >>> scores = pd.DataFrame({"x": x, "y": y}, index=list("abcde"))
    >>> how = Resampling(pd.Series(scores.index, scores.index), seed=1, replicates=100)
    >>> str(without_weightiest(scores, how.groups, how).subjects)
    'e'
    """
    groups = groups.loc[scores.index]
    rest = {group: scores[groups != group] for group in groups.unique()}
    r = {
        group: table.iloc[:, 0].corr(table.iloc[:, 1])
        for group, table in rest.items()
        if len(table) >= FEWEST_MODELS and table.std().min() > 0
    }
    all_of_them = scores.iloc[:, 0].corr(scores.iloc[:, 1])
    most = max(r, key=lambda group: abs(r[group] - all_of_them), default=None)
    return (
        Estimates.from_rows({})
        if most is None
        else Estimates(pairs(rest[most], how).frame.set_axis([most]))
    )


def most_moved(before: Estimates, now: Estimates) -> Estimates:
    """The row of `now` whose value differs most from that in `before`; empty where they share
    none.

    >>> before = Estimates.from_rows({"x": {"value": 0.5}, "y": {"value": 0.5}})
    >>> str(most_moved(before, Estimates.from_rows({"x": {"value": 0.6}, "y": {"value": 0.1}})))
    'y 0.10'
    """
    moved = (now.values - before.values.reindex(now.frame.index)).abs().astype(float).dropna()
    return now.of(list(moved.nlargest(1).index))


def across(one: Sequence, other: Sequence, order: Iterable) -> list[str]:
    """Ids `A~B` of all pairs of a benchmark of `one` with one of `other`, named as in a table with
    columns `order`.

    >>> across(["c"], ["a", "b"], ["a", "b", "c"])
    ['a~c', 'b~c']
    """
    place = {each: position for position, each in enumerate(order)}
    pairs_of = {tuple(sorted((a, b), key=place.__getitem__)) for a in one for b in other if a != b}
    return [
        PAIR.join(pair)
        for pair in sorted(pairs_of, key=lambda pair: (place[pair[0]], place[pair[1]]))
    ]


def contrasts(
    scores: pd.DataFrame, ones: Sequence, first: Sequence, second: Sequence, how: Resampling
) -> Estimates:
    """For each of `ones`, how much closer it goes with one of `first` than with one of `second`: r
    minus r.

    Returns
    -------
    Estimates by `A~B@A~C`, pairs named in the order of the columns of `scores`.

    >>> from lib.stats import example
    >>> first, second = ["know-xx"], ["know-en"]
    >>> found = contrasts(example.scores(), ["exam-xx"], first, second, example.resampling())
    >>> list(found)
    ['know-xx~exam-xx@know-en~exam-xx']
    """
    found = []
    for one in ones:
        for a, b in itertools.product(first, second):
            table = contrast(scores, (one, a), (one, b), how)
            found.append(
                table.renamed(
                    {
                        table.subjects[0]: "@".join(
                            across([one], [each], scores)[0] for each in (a, b)
                        )
                    }
                )
            )
    return Estimates.stacked(*found) if found else Estimates.from_rows({})
