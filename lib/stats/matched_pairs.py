"""What does continuing on local text change?  Each continued model against its own parent, within one snapshot.

The nearest thing to an experiment here: the parent holds size, architecture and earlier training constant.  Pairs that
share a parent share its noise, so intervals resample parents, and sign-flip tests flip all pairs of a parent (or of a
lineage) together.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling, codes, mean, percentiles

#: Flips are enumerated up to this many clusters (2^16 sign patterns).
MOST_CLUSTERS = 16
#: Differences are told apart beyond the rounding of published scores.
TIE = 1e-9


class PairsError(ValueError):
    """There are no pairs, or too many clusters to enumerate."""


def find(study, snapshots: Sequence[str] | None = None, *, without: Sequence[str] = ()) -> pd.DataFrame:
    """Continued models whose parent was scored in the same snapshot.

    Parameters
    ----------
    study : Study.
    snapshots : where to look, in order; by default the study's default snapshot alone.  A pair is taken from the first
        that has both its models.
    without : values of parent_note whose pairs are left out, e.g. `("instruct",)`.

    Returns
    -------
    DataFrame indexed by child: parent, lineage (of the child), note, snapshot; empty where the study knows no parents.
    """
    registry = study.registry
    children = registry[(registry["strategy"] == "continual_local") & registry["parent_id"].fillna("").ne("")]
    children = children[~children["parent_note"].fillna("").isin(list(without))]
    rows = {}
    for snapshot in snapshots or (study.default_snapshot,):
        scored = study.scores_at(snapshot).index
        for child, row in children.iterrows():
            if child not in rows and child in scored and row["parent_id"] in scored:
                rows[child] = {"parent": row["parent_id"], "lineage": row["lineage"], "note": row["parent_note"],
                               "snapshot": snapshot}
    columns = ["parent", "lineage", "note", "snapshot"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("child")


def differences(study, pairs: pd.DataFrame) -> pd.DataFrame:
    """Score of the child minus its parent's, pairs x benchmarks, both from the pair's snapshot."""
    parts = []
    for snapshot, rows in pairs.groupby("snapshot", sort=False):
        scores = study.scores_at(snapshot)
        parts.append(scores.loc[rows.index] - scores.loc[rows["parent"]].to_numpy())
    table = pd.concat(parts).loc[pairs.index] if parts else pd.DataFrame(columns=study.scores.columns, dtype=float)
    return table[[benchmark for benchmark in study.benchmarks.index if benchmark in table]].rename_axis("child")


def summary(difference: pd.DataFrame, pairs: pd.DataFrame, how: Resampling) -> Estimates:
    """Mean difference of each benchmark with what it rests on.

    Parameters
    ----------
    difference : DataFrame, pairs x benchmarks.     pairs : as from `find`.
    how : resamples parents: `Resampling(pairs["parent"], seed, units="parents")`.

    Returns
    -------
    Estimates of the mean, by benchmark (n counts pairs), with columns lineages, median, median_low and median_high, up,
    ties, down, and the two-sided sign-flip p by parent (p_parent) and by lineage (p_lineage).

    Raises
    ------
    PairsError
        There are no pairs.
    """
    if not len(difference):
        raise PairsError("no continued model was scored together with its parent")
    how, values = how.of(difference.index), difference.to_numpy(float)
    pairs = pairs.loc[difference.index]
    table = mean(difference, how, "mean difference")
    medians = np.concatenate([_medians(weights, values) for weights in how.chunks()])
    low, high = percentiles(medians, how.count, how.level)
    up, down = (values > TIE).sum(axis=0), (values < -TIE).sum(axis=0)
    flips = {f"p_{unit}": sign_flip(values, pairs[unit], how.rng(unit)) for unit in ("parent", "lineage")}
    return Estimates(table.frame.assign(lineages=pairs["lineage"].nunique(), median=np.median(values, axis=0), median_low=low,
                                        median_high=high, up=up, down=down, ties=len(values) - up - down, **flips), table.draws)


def _medians(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted medians of each column, (replicates x columns): the mean of the middle two drawn values."""
    order = np.argsort(values, axis=0)
    columns = []
    for place, rank in enumerate(order.T):
        reached = np.cumsum(weights[:, rank], axis=1)
        half = reached[:, -1:] / 2
        low, high = (reached < half).sum(axis=1), (reached <= half).sum(axis=1)
        ranked = values[rank, place]
        columns.append((ranked[low] + ranked[np.minimum(high, len(ranked) - 1)]) / 2)
    return np.column_stack(columns)


def sign_flip(values: np.ndarray, clusters: Sequence, rng: np.random.Generator | None = None) -> np.ndarray:
    """Two-sided p of no difference: the share of sign patterns, one sign a cluster, at least as far from zero.

    All differences of a cluster flip together; a tie stays a tie whichever way it flips.  With m clusters the smallest
    p is 2 / 2^m (the randomisation test of Fisher 1935, section 21, on cluster totals).  Up to 16 clusters the test is
    exact; beyond, as many patterns are drawn as 16 clusters have, the observed one among them.

    Parameters
    ----------
    values : array (pairs x columns).     clusters : the cluster of each pair.

    Raises
    ------
    PairsError
        More than 16 clusters and no generator to draw patterns with.
    """
    labels = codes(clusters)
    count = int(labels.max()) + 1
    if count > MOST_CLUSTERS and rng is None:
        raise PairsError(f"{count} clusters are too many to enumerate every sign pattern (at most {MOST_CLUSTERS}); "
                         "pass a generator to draw patterns")
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, labels, values)
    if count > MOST_CLUSTERS:
        signs = rng.choice((-1, 1), (2**MOST_CLUSTERS, count))
        signs[0] = 1
    else:
        signs = np.array(list(itertools.product((1, -1), repeat=count)))
    return (np.abs(signs @ totals) >= np.abs(totals.sum(axis=0)) - TIE).mean(axis=0)


def smallest_p(clusters: int) -> float:
    """The smallest two-sided p that a sign-flip test of this many clusters can give."""
    return 2.0 ** (1 - clusters)


def dose(budgets, pairs: pd.DataFrame, side: str = "local") -> pd.DataFrame:
    """Tokens of a side, in billions, that the child has beyond its parent: pairs x draws."""
    tokens = budgets.tokens[side]
    return (tokens.loc[pairs.index] - tokens.loc[pairs["parent"]].to_numpy()).rename_axis("child")
