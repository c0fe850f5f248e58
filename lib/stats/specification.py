"""Would other choices have led to the same answer?  The same number under every defensible way of
computing it (a specification curve; Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4).

Nothing here chooses: each function computes a number in all ways that it knows, and returns
Estimates whose subjects name the way, choice by choice, joined by " / ".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from lib.stats import correlation, makers
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import z_scores
from lib.stats.verdicts import Estimate

METHODS = ("pearson", "spearman")
#: What intervals over pairs leave out in turn.
CLUSTERS = {
    "parents and makers": ("parent", "maker"),
    "parents": ("parent",),
    "makers": ("maker",),
    "lineages": ("lineage",),
}
REPLICATES = 500
FEWEST = 3


def correlations(scores: pd.DataFrame, groups: Mapping[str, pd.Series], seed: int) -> Estimates:
    """The correlation of two columns, by method, by what intervals resample, and with and without
    the model that lies farthest from the rest.

    Parameters
    ----------
    scores : models x two columns.    groups : what is resampled -> the group of each model.

    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame(rng.normal(size=(12, 2)), columns=["x", "y"])
    >>> found = correlations(table, {"lineages": pd.Series(list("abcdef") * 2)}, seed=1)
    >>> list(found)[0], found.count
    ('pearson / lineages / all', 4)
    """
    rows = {}
    for way, table, how in _ways(scores, groups, seed):
        for method in METHODS:
            found = correlation.pairs(table, how, method)
            rows[f"{method} / {way}"] = found[found.subjects[0]]
    return Estimates.from_rows(rows)


def contrasts(
    scores: pd.DataFrame,
    first: tuple[str, str],
    second: tuple[str, str],
    groups: Mapping[str, pd.Series],
    seed: int,
) -> Estimates:
    """The difference of two correlations, by what intervals resample, and with and without the
    model that lies farthest from the rest.

    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame(rng.normal(size=(12, 3)), columns=list("xyz"))
    >>> groups = {"lineages": pd.Series(list("abcdef") * 2)}
    >>> contrasts(table, ("x", "y"), ("x", "z"), groups, seed=1).count
    2
    """
    rows = {}
    for way, table, how in _ways(scores, groups, seed):
        found = correlation.contrast(table, first, second, how)
        rows[f"pearson / {way}"] = found[found.subjects[0]]
    return Estimates.from_rows(rows)


def changes(values: pd.Series, sets: Mapping[str, pd.DataFrame]) -> Estimates:
    """The mean of a change in pairs, by set of pairs, by what intervals leave out, and with and
    without the pair that lies farthest from the rest.

    Sets of fewer than three pairs, and what has fewer than two groups in a set, are left out.

    >>> pairs = pd.DataFrame({"parent": list("ppqqr"), "maker": list("mnmnm"), "lineage": "l"})
    >>> found = changes(pd.Series([0.1, 0.2, 0.1, 0.3, 0.2]), {"all pairs": pairs})
    >>> found.count, list(found)[1]
    (6, 'all pairs / parents and makers / without the farthest')
    """
    rows = {}
    for (name, pairs), (cluster, by) in itertools.product(sets.items(), CLUSTERS.items()):
        table = values.reindex(pairs.index).dropna().to_frame("it")
        if len(table) < FEWEST:
            continue
        for left, kept in _with_and_without(table).items():
            design = pairs.loc[kept.index]
            groups = min(design[part].nunique() for part in by)
            if len(kept) >= FEWEST and groups >= 2:
                rows[f"{name} / {cluster} / {left}"] = makers.mean(kept, design, by)["it"]
    return Estimates.from_rows(rows)


def intervals(estimate: Estimate) -> Estimates:
    """One number with both of its intervals: over groups, and over single models.

    >>> one = Estimate(0.5, 0.1, 0.9, low_ordinary=0.3, high_ordinary=0.7)
    >>> str(intervals(one))
    'lineages 0.50 [0.10, 0.90]; single models 0.50 [0.30, 0.70]'
    """
    ends = {estimate.units: (estimate.low, estimate.high)}
    if estimate.low_ordinary is not None:
        ends["single models"] = (estimate.low_ordinary, estimate.high_ordinary)
    return Estimates.from_rows(
        {name: Estimate(estimate.value, low, high) for name, (low, high) in ends.items()}
    )


def _ways(
    scores: pd.DataFrame, groups: Mapping[str, pd.Series], seed: int
) -> Iterator[tuple[str, pd.DataFrame, Resampling]]:
    """Each table with each plan to resample it, and what the two choices are called."""
    for (name, labels), (left, table) in itertools.product(
        groups.items(), _with_and_without(scores).items()
    ):
        how = Resampling(labels.loc[table.index], seed, REPLICATES, units=name)
        yield f"{name} / {left}", table, how


def _with_and_without(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The table as it is, and without the row that lies farthest from the rest: from the line
    between two columns, or from the mean of all of them."""
    z = z_scores(table).to_numpy()
    if z.shape[1] == 2:
        away = np.abs(z[:, 0] - np.sign((z[:, 0] * z[:, 1]).mean()) * z[:, 1])
    else:
        away = (z**2).sum(axis=1)
    return {"all": table, "without the farthest": table.drop(index=table.index[away.argmax()])}
