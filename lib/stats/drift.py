"""How far does the same model's score move when the evaluation changes?  Models scored in two snapshots.

A shift that all models share is a change of the evaluation, not of the models; what is left after it is noise.
"""

from __future__ import annotations

import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling, mean


def shifts(study, earlier: str, later: str) -> pd.DataFrame:
    """Later score minus earlier, models x benchmarks, for the models and benchmarks that both snapshots have."""
    before, after = study.scores_at(earlier), study.scores_at(later)
    models = before.index.intersection(after.index, sort=False)
    benchmarks = before.columns.intersection(after.columns, sort=False)
    return after.loc[models, benchmarks] - before.loc[models, benchmarks]


def summary(study, earlier: str, later: str, how: Resampling) -> Estimates:
    """Mean shift of each benchmark, later minus earlier.

    Returns
    -------
    Estimates by benchmark with columns largest (absolute shift) and model (whose it is); deviations, the mean shift in
    standard deviations of the study's own models; agreement, the correlation of the two scores over models (a
    test-retest reliability).  Empty where no model was scored twice.
    """
    shift = shifts(study, earlier, later)
    if not len(shift):
        return Estimates.from_rows({})
    before, after = (study.scores_at(snapshot).loc[shift.index, shift.columns] for snapshot in (earlier, later))
    table = mean(shift, how, "mean shift")
    return Estimates(table.frame.assign(largest=shift.abs().max(), model=shift.abs().idxmax(), agreement=before.corrwith(after),
                                        deviations=shift.mean() / study.scores.std(ddof=0).reindex(shift.columns)), table.draws)


def changed(table: Estimates, deviations: float = 1.0) -> list:
    """Benchmarks whose mean moved by more than so many standard deviations: their evaluation changed, not the models."""
    return [] if not table.count else table.where(table.frame["deviations"].abs() > deviations).subjects
