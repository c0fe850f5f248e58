"""How far does the same model's score move when the evaluation changes?  Models scored in two
snapshots.

A shift that all models share is a change of the evaluation, not of the models; what is left after
it is noise.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling, mean
from lib.stats.tables import FEWEST_MODELS
from lib.words import Subjects

#: A score that moved by more, beyond what all models' did, did not come out the same.
MOVED = 0.05
#: Standard deviations between models, beyond which a mean shift is a change of the evaluation.
CHANGED = 1.0


def shifts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Later score minus earlier, models x benchmarks, for the models and benchmarks that both
    tables have.

    >>> before = pd.DataFrame({"x": [0.1, 0.2]}, index=["a", "b"])
    >>> shifts(before, pd.DataFrame({"x": [0.3], "y": [0.5]}, index=["b"])).round(3).to_dict()
    {'x': {'b': 0.1}}
    """
    models = before.index.intersection(after.index, sort=False)
    benchmarks = before.columns.intersection(after.columns, sort=False)
    return after.loc[models, benchmarks] - before.loc[models, benchmarks]


def span(
    snapshots: Mapping[str, pd.DataFrame], benchmarks: Sequence = ()
) -> tuple[str, str] | None:
    """The two snapshots between which most models got another score; None where fewer than three
    did.

    Parameters
    ----------
    snapshots : id -> scores, models x benchmarks, in the order in which they were made.
    benchmarks : those that a snapshot must have.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3]}, index=list("abc"))
    >>> span({"may": before, "june": before + 0.1, "july": before + 0.1})
    ('may', 'june')
    """
    snapshots = {
        each: scores for each, scores in snapshots.items() if set(benchmarks) <= set(scores.columns)
    }
    rescored = {
        pair: int((shifts(snapshots[pair[0]], snapshots[pair[1]]).abs() > 0).any(axis=1).sum())
        for pair in itertools.combinations(snapshots, 2)
    }
    most = max(rescored, key=rescored.__getitem__, default=None)
    return most if most and rescored[most] >= FEWEST_MODELS else None


def summary(
    before: pd.DataFrame, after: pd.DataFrame, how: Resampling, scale: pd.Series
) -> Estimates:
    """Mean shift of each benchmark, later minus earlier.

    Parameters
    ----------
    scale : Series, benchmark -> standard deviation of a score between models.

    Returns
    -------
    Estimates by benchmark with columns largest (absolute shift) and model (whose it is);
    deviations, the mean shift in units of `scale`; agreement, the correlation of the two scores
    over models (a test-retest reliability).  Empty where no model was scored twice.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3]}, index=list("abc"))
    >>> how = Resampling(pd.Series(list("pqr"), index=list("abc")), seed=1, replicates=100)
    >>> str(summary(before, before + 0.05, how, before.std()))
    'x 0.05 [0.05, 0.05]'
    """
    shift = shifts(before, after)
    if not len(shift):
        return Estimates.from_rows({})
    before, after = (table.loc[shift.index, shift.columns] for table in (before, after))
    table = mean(shift, how, "mean shift")
    return Estimates(
        table.frame.assign(
            largest=shift.abs().max(),
            model=shift.abs().idxmax(),
            agreement=before.corrwith(after),
            deviations=shift.mean() / scale.reindex(shift.columns),
        ),
        table.draws,
    )


def changed(table: Estimates, deviations: float = CHANGED) -> Estimates:
    """Those whose mean moved by more than so many standard deviations: their evaluation changed,
    not the models.

    >>> table = Estimates(pd.DataFrame({"value": [0.3, 0.1], "deviations": [1.5, 0.5]}, ["x", "y"]))
    >>> str(changed(table).subjects)
    'x'
    """
    return table.where(table.frame["deviations"].abs() > deviations) if table.count else table


def unsteady(snapshots: Mapping[str, pd.DataFrame], by: float = MOVED) -> pd.DataFrame:
    """Which models' scores did not come out the same when the same model was scored again.

    Parameters
    ----------
    snapshots : id -> scores, models x benchmarks.
    by : a score that moved by more than this, beyond the median shift of its benchmark (which a
        changed evaluation gives to all models), did not.

    Returns
    -------
    DataFrame of bool, models x benchmarks of all snapshots; a model that was scored once is False,
    since nobody knows.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3]}, index=list("abc"))
    >>> after = pd.DataFrame({"x": [0.2, 0.3, 0.6]}, index=list("abc"))
    >>> unsteady({"may": before, "june": after})["x"].tolist()
    [False, False, True]
    """
    models = list(dict.fromkeys(model for table in snapshots.values() for model in table.index))
    benchmarks = list(dict.fromkeys(each for table in snapshots.values() for each in table))
    found = pd.DataFrame(False, index=models, columns=benchmarks)
    for before, after in itertools.combinations(snapshots.values(), 2):
        shift = shifts(before, after)
        moved = (shift - shift.median()).abs() > by
        if len(shift) >= FEWEST_MODELS:
            found.loc[shift.index, shift.columns] |= moved
    return found


def in_doubt(snapshots: Mapping[str, pd.DataFrame], scores: pd.DataFrame) -> Subjects:
    """Benchmarks of `scores` on which a score of one of its models did not come out the same, by
    the rule of `unsteady`.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3], "y": [0.1, 0.2, 0.4]}, index=list("abc"))
    >>> after = before + [0.1, 0.0]
    >>> after.loc["c", "x"] += 0.2
    >>> str(in_doubt({"may": before, "june": after}, before))
    'x'
    """
    doubted = unsteady(snapshots).reindex(scores.index)[scores.columns]
    return Subjects(doubted.columns[doubted.fillna(False).any()])


def changed_between(
    snapshots: Mapping[str, pd.DataFrame], scores: pd.DataFrame, deviations: float = CHANGED
) -> list:
    """Benchmarks of `scores` whose evaluation changed, by the rule of `changed`, between the two
    snapshots that share most rescored models; none where no models were scored twice.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3], "y": [0.1, 0.2, 0.4]}, index=list("abc"))
    >>> changed_between({"may": before, "june": before + [0.5, 0]}, before)
    ['x']
    """
    ends = span(snapshots, list(scores.columns))
    if ends is None:
        return []
    shift = shifts(*(snapshots[each][scores.columns] for each in ends)).mean()
    moved = (shift / scores.std(ddof=0)).abs() > deviations
    return list(shift.index[moved])


def repeated(
    before: pd.DataFrame,
    after: pd.DataFrame,
    by: float = 0.005,
    share: float = 0.25,
    fewest: int = 10,
) -> list:
    """Benchmarks that were really run again, since many models moved; the scores of others were
    copied.

    More than `share` of at least `fewest` models moved by `by` or more.

    >>> before = pd.DataFrame({"x": [0.1, 0.2], "y": [0.3, 0.4]})
    >>> repeated(before, before + [0.1, 0], fewest=2)
    ['x']
    """
    shift = shifts(before, after)
    return [
        each for each in shift if len(shift) >= fewest and (shift[each].abs() >= by).mean() > share
    ]


def runs(snapshots: Mapping[str, pd.DataFrame], **rule) -> tuple[str, str] | None:
    """The two snapshots between which most benchmarks were run again (see `repeated`); None where
    none was.

    >>> before = pd.DataFrame({"x": [0.1, 0.2, 0.3]}, index=list("abc"))
    >>> runs({"may": before, "june": before, "july": before + 0.1}, fewest=3)
    ('may', 'july')
    """
    again = {
        pair: len(repeated(snapshots[pair[0]], snapshots[pair[1]], **rule))
        for pair in itertools.combinations(snapshots, 2)
    }
    most = max(again, key=again.__getitem__, default=None)
    return most if most and again[most] else None
