"""How far does the same model's score move when the evaluation changes?  Models scored in two snapshots.

A shift that all models share is a change of the evaluation, not of the models; what is left after it is noise.
"""

from __future__ import annotations

import pandas as pd
from numpy.random import Generator

from lib import resampling


def shifts(study, earlier: str, later: str) -> pd.DataFrame:
    """Later score minus earlier, models x benchmarks, for the models and benchmarks that both snapshots have."""
    before, after = study.scores_at(earlier), study.scores_at(later)
    models = before.index.intersection(after.index, sort=False)
    benchmarks = before.columns.intersection(after.columns, sort=False)
    return after.loc[models, benchmarks] - before.loc[models, benchmarks]


def summary(study, earlier: str, later: str, rng: Generator, *, replicates: int = resampling.REPLICATES,
            level: float = resampling.LEVEL) -> pd.DataFrame:
    """How each benchmark moved.

    Returns
    -------
    DataFrame, one row a benchmark: the columns of `resampling.table` for the mean shift; largest (absolute shift) and
    model (whose it is); deviations, the mean shift in standard deviations of the study's own models; agreement, the
    correlation of the two scores over models (a test-retest reliability).  Empty where no model was scored twice.
    """
    shift = shifts(study, earlier, later)
    if not len(shift):
        return pd.DataFrame(columns=["value", "low", "high", "n", "largest", "model", "deviations", "agreement"])
    labels = study.registry.loc[shift.index, "lineage"].to_numpy()
    samples = [weights @ shift.to_numpy() / weights.sum(axis=1, keepdims=True) for weights in (
        resampling.weights(len(shift), replicates, rng, groups) for groups in (labels, None))]
    table = resampling.table(shift.mean(), *samples, labels, "mean shift, expanded percentile bootstrap over lineages",
                             index=pd.Index(shift.columns, name="benchmark"), level=level)
    table["largest"], table["model"] = shift.abs().max(), shift.abs().idxmax()
    table["deviations"] = shift.mean() / study.scores.std(ddof=0).reindex(shift.columns)
    before, after = (study.scores_at(snapshot).loc[shift.index, shift.columns] for snapshot in (earlier, later))
    table["agreement"] = before.corrwith(after)
    return table


def changed(table: pd.DataFrame, deviations: float = 1.0) -> list:
    """Benchmarks whose mean moved by more than so many standard deviations: their evaluation changed, not the models."""
    return list(table.index[table["deviations"].abs() > deviations])
