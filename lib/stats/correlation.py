"""Which benchmarks rank models alike?  Scores in (models x benchmarks), correlations with intervals
out.

Pearson's r measures a common line, Spearman's rank correlation a common order.  Each pair of
benchmarks uses the models that have both scores.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from lib.stats.estimates import PAIR, Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import Labels, TableError, checked, standardised

Method = Literal["pearson", "spearman"]


def matrix(scores: pd.DataFrame, method: Method = "pearson") -> pd.DataFrame:
    """Correlations of all columns, benchmarks x benchmarks; `method` is pearson or spearman.

    Raises TableError for a column without variance.

    >>> matrix(pd.DataFrame({"x": [1, 2, 3], "y": [2, 1, 3]})).loc["x", "y"].item()
    0.5
    """
    return checked(scores).corr(method=method)


def pairs(scores: pd.DataFrame, how: Resampling, method: Method = "pearson") -> Estimates:
    """Every pair of benchmarks with its correlation, `A~B` in column order.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; incomplete tables are correlated pair by pair.
    method : pearson or spearman.

    >>> scores = pd.DataFrame({"x": [1, 2, 3, 5.0], "y": [2, 4, 5, 9.0]}, index=list("abcd"))
    >>> lineages = Resampling(pd.Series(list("ppqr"), index=list("abcd")), seed=1, replicates=200)
    >>> round(pairs(scores, lineages)["x~y"].value, 4)
    0.9945
    """
    z = standardised(scores)
    if z.notna().all(axis=None):
        values = z.to_numpy()
        return how.of(z.index).estimates(
            lambda weights: replicate_pairs(values, weights, method), pair_names(z.columns), method
        )
    parts = [
        _both(z[[a, b]].dropna(), how, method) for a, b in itertools.combinations(z.columns, 2)
    ]
    return Estimates(pd.concat([part.frame for part in parts]))


def _both(scores: pd.DataFrame, how: Resampling, method: Method) -> Estimates:
    """One pair that not every model has."""
    try:
        return pairs(scores, how, method)
    except TableError as error:
        raise TableError(
            f"{' and '.join(map(str, scores.columns))}, over the models that have both: {error}"
        ) from None


def each(
    scores: pd.DataFrame, other: pd.Series, how: Resampling, method: Method = "pearson"
) -> Estimates:
    """Correlation of each column with one more value a model; `method` is pearson or spearman.

    Replicates are kept where no value is missing.

    >>> scores = pd.DataFrame({"x": [1, 2, 3, 5.0], "y": [2, 4, 5, 9.0]}, index=list("abcd"))
    >>> lineages = Resampling(pd.Series(list("ppqr"), index=list("abcd")), seed=1, replicates=200)
    >>> round(each(scores[["x"]], scores["y"], lineages)["x"].value, 4)
    0.9945
    """
    tables = {column: scores[[column]].assign(**{"": other}) for column in scores}
    parts = [_both(table.dropna(), how, method) for table in tables.values()]
    frame = pd.concat([part.frame for part in parts]).set_axis(list(tables))
    draws = [part.draws for part in parts if part.draws]
    if len(draws) < len(parts) or any(table.isna().any(axis=None) for table in tables.values()):
        return Estimates(frame)
    groups, single = (np.hstack(side) for side in zip(*draws, strict=True))
    return Estimates(frame, (groups, single))


def contrast(scores: pd.DataFrame, first: Sequence, second: Sequence, how: Resampling) -> Estimates:
    """How much closer one pair of benchmarks goes together than another: one row, `A~B-C~D`.

    Both correlations come from the same models and the same replicates, so what moves both drops
    out.

    Raises
    ------
    TableError
        What `tables.checked` raises, or a pair is not two different benchmarks of the table.

    >>> from lib.stats import example
    >>> within, across = ("know-xx", "code-xx"), ("know-xx", "know-en")
    >>> str(contrast(example.scores(), within, across, example.resampling()))
    'know-xx~code-xx-know-xx~know-en 0.09 [0.00, 0.65]'
    """
    wrong = [
        pair
        for pair in (first, second)
        if len(set(pair)) != 2 or not set(pair) <= set(scores.columns)
    ]
    if wrong:
        raise TableError(
            "\n".join(
                f"{' and '.join(map(str, pair))}: not two benchmarks of the table" for pair in wrong
            )
        )
    table = checked(scores[list(dict.fromkeys([*first, *second]))], complete=True)
    r = pairs(table, how)
    ids = [
        next(each for each in r if set(each.split(PAIR)) == set(pair)) for pair in (first, second)
    ]
    name = "-".join(ids)
    return r.of(ids[:1]).renamed({ids[0]: name}).minus(r.of(ids[1:]).renamed({ids[1]: name}))


def pair_names(columns: Labels) -> pd.Index:
    """`A~B` for all pairs of columns in their order.

    >>> pair_names(["x", "y", "z"]).tolist()
    ['x~y', 'x~z', 'y~z']
    """
    return pd.Index(
        [PAIR.join(map(str, pair)) for pair in itertools.combinations(columns, 2)], name="pair"
    )


def replicate_pairs(z: np.ndarray, weights: np.ndarray, method: Method = "pearson") -> np.ndarray:
    """Correlations of all pairs of columns in all bootstrap replicates, array (replicates x pairs),
    in column order.

    Weighted moments about the origin, E[xy] - E[x]E[y], come from one matrix product of the weights
    with the precomputed products of columns; `z` (n x p, no NaN) is standardised so that nothing
    cancels badly.  A pair with a column that is constant in a replicate is NaN there.

    >>> z = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 5.0]])
    >>> replicate_pairs(z, np.array([[1, 1, 1], [2, 1, 0]])).round(3).tolist()
    [[0.982], [1.0]]
    """
    if method == "spearman":
        return _rank_pairs(z, weights)
    if method != "pearson":
        raise ValueError(f"method {method!r} is not one of pearson, spearman")
    # Replicates run along the last axis inside, so that picking rows copies whole stretches of
    # memory.
    a, b = np.triu_indices(z.shape[1], 1)
    share = (weights / weights.sum(axis=1, keepdims=True)).T
    means = z.T @ share
    pairs = (z[:, a] * z[:, b]).T @ share
    pairs -= means[a] * means[b]
    return _scaled(pairs, (z**2).T @ share - means**2, a, b).T


def _rank_pairs(z: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """As `replicate_pairs` on midranks, which each replicate ranks anew (a model drawn twice ties
    with itself)."""
    a, b = np.triu_indices(z.shape[1], 1)
    smaller = (z[:, None, :] > z[None, :, :]) + 0.5 * (z[:, None, :] == z[None, :, :])
    ranks = np.einsum("rj,ijp->rip", weights, smaller, optimize=True)
    share = weights / weights.sum(axis=1, keepdims=True)
    ranks -= np.einsum("rn,rnp->rp", share, ranks)[:, None, :]
    covariance = np.swapaxes(ranks * share[:, :, None], 1, 2) @ ranks
    return _scaled(covariance[:, a, b].T, np.einsum("rpp->pr", covariance), a, b).T


def _scaled(pairs: np.ndarray, variance: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Covariances (pairs x replicates) over the deviations of both columns."""
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = 1 / np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    pairs *= precision[a]
    pairs *= precision[b]
    return np.clip(pairs, -1, 1, out=pairs)


def replicate_matrices(z: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Pearson correlation matrices of all bootstrap replicates, array (replicates x p x p); see
    `replicate_pairs`.

    >>> z = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 5.0]])
    >>> replicate_matrices(z, np.ones((1, 3))).round(3).tolist()
    [[[1.0, 0.982], [0.982, 1.0]]]
    """
    p = z.shape[1]
    a, b = np.triu_indices(p, 1)
    matrices = np.empty((len(weights), p, p))
    matrices[:, range(p), range(p)] = 1
    matrices[:, a, b] = matrices[:, b, a] = replicate_pairs(z, weights)
    return matrices


def square(pairs: Estimates) -> pd.DataFrame:
    """Correlations of pairs `A~B` as a matrix, benchmarks x benchmarks.

    >>> square(Estimates.from_rows({"x~y": {"value": 0.5}})).to_numpy().tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    names = list(dict.fromkeys(name for pair in pairs for name in pair.split(PAIR)))
    matrix = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    for pair, value in zip(pairs, pairs.values, strict=True):
        a, b = pair.split(PAIR)
        matrix.loc[a, b] = matrix.loc[b, a] = value
    return matrix


def order(correlation: pd.DataFrame) -> list:
    """Benchmarks in the leaf order of average-linkage clustering with distance 1 - r, so that alike
    ones are neighbours.

    >>> r = pd.DataFrame([[1, 0.1, 0.9], [0.1, 1, 0.2], [0.9, 0.2, 1]], list("xyz"), list("xyz"))
    >>> order(r).index("y") in (0, 2)
    True
    """
    if len(correlation) < 3:
        return list(correlation.columns)
    distance = np.clip(1 - correlation.to_numpy(), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return [correlation.columns[leaf] for leaf in leaves_list(tree)]
