"""Do two benchmarks go together beyond general ability?  Partial correlations, and which pairs stand out from chance.

Good models are good at everything, so most pairs correlate.  Here each pair is compared given *general ability without
the pair*: the first principal component of all other benchmarks.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy import stats

from lib import resampling
from lib.correlation import SEPARATOR, replicate_matrices
from lib.tables import TableError, checked, standardised

#: Power iteration for the first component stops at this change of a unit vector, or after so many steps.
TOLERANCE, STEPS = 1e-8, 200
#: Replicates decomposed at a time: small enough for the vectors of all pairs to stay in the processor's cache.
BATCH = 100
#: A pair needs this many other benchmarks to have a general ability.
FEWEST_OTHERS = 3


def pairs(scores: pd.DataFrame, lineages: pd.Series, rng: Generator, *, replicates: int = resampling.REPLICATES,
          level: float = resampling.LEVEL) -> pd.DataFrame:
    """Every pair's correlation given general ability, with intervals.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; models with a missing score are left out.
    lineages : Series, model -> lineage.

    Returns
    -------
    DataFrame indexed by `A~B` in column order: a, b and the columns of `resampling.table`.

    Raises
    ------
    TableError
        Fewer than five benchmarks, or what `tables.checked` raises.
    """
    z = standardised(checked(scores, complete=True))
    if z.shape[1] < FEWEST_OTHERS + 2:
        raise TableError(f"general ability without a pair needs at least {FEWEST_OTHERS + 2} benchmarks, found "
                         f"{z.shape[1]}")
    labels = lineages.loc[z.index].to_numpy()
    names = list(itertools.combinations(z.columns, 2))
    value = given_general(replicate_matrices(z.to_numpy(), np.ones((1, len(z)))))[0]
    samples = [np.concatenate([given_general(replicate_matrices(z.to_numpy(), weights))
                               for weights in resampling.chunks(len(z), replicates, rng, groups, BATCH)])
               for groups in (labels, None)]
    index = pd.Index([SEPARATOR.join(map(str, pair)) for pair in names], name="pair")
    table = resampling.table(value, *samples, labels, "partial correlation given the first component of the other "
                             "benchmarks, expanded percentile bootstrap over lineages", index=index, level=level)
    return pd.DataFrame({"a": [a for a, _ in names], "b": [b for _, b in names]}, index=index).join(table)


def given_general(correlations: np.ndarray) -> np.ndarray:
    """Partial correlation of every pair given the first component of the others.

    Parameters
    ----------
    correlations : array (r x p x p).

    Returns
    -------
    array (r x pairs): (r_ab - r_ag r_bg) / sqrt((1 - r_ag^2)(1 - r_bg^2)), g the first component of the benchmarks
    other than a and b, found for all pairs at once by power iteration on the matrix without their rows and columns.
    NaN where a benchmark is constant in the replicate.
    """
    p = correlations.shape[1]
    a, b = np.triu_indices(p, 1)
    others = np.ones((p, len(a)))
    others[a, np.arange(len(a))] = others[b, np.arange(len(a))] = 0
    broken = np.isnan(correlations).any(axis=(1, 2))
    matrix = np.where(broken[:, None, None], 1.0, correlations)  # one that the iteration gets along with
    start = np.linalg.eigh(matrix)[1][:, :, -1]
    vector = start[:, :, None] * others
    following, spare = np.empty_like(vector), np.empty_like(vector)  # fresh memory at each step costs more than the step
    for _ in range(STEPS):
        np.matmul(matrix, vector, out=following)
        following *= others
        following /= np.sqrt(np.multiply(following, following, out=spare).sum(axis=1, keepdims=True))
        vector, following = following, vector
        if np.abs(np.subtract(vector, following, out=spare), out=spare).max() < TOLERANCE:
            break
    product = matrix @ vector
    deviation = np.sqrt(np.einsum("rpk,rpk->rk", vector, product))
    with_a, with_b = (product[:, side, np.arange(len(a))] / deviation for side in (a, b))
    rest = np.clip((1 - with_a**2) * (1 - with_b**2), 1e-12, None)
    partial = np.clip((matrix[:, a, b] - with_a * with_b) / np.sqrt(rest), -1, 1)
    return np.where(broken[:, None], np.nan, partial)


def false_discovery(table: pd.DataFrame, method: str = "bh") -> pd.DataFrame:
    """p and false discovery rate of each correlation in a table of `correlation.pairs` or `pairs`.

    The interval's half-widths on Fisher's scale, over Student's t with one degree of freedom less than lineages, give a
    standard error, and that a two-sided p of no correlation: the test that the interval shown inverts, so p < 0.05
    where the interval nearest zero excludes it.  q is Benjamini and Hochberg's (1995, `bh`) or Benjamini and
    Yekutieli's (2001, `by`, under any dependence).

    Returns DataFrame: p, q.
    """
    t = stats.t.ppf((1 + table["level"]) / 2, table["lineages"] - 1)
    value, low, high = (np.arctanh(table[column].clip(-0.999999, 0.999999)) for column in ("value", "low", "high"))
    towards_zero = np.where(value > 0, value - low, high - value)
    error = np.maximum(towards_zero, 1e-9) / t
    p = 2 * stats.t.sf(np.abs(value) / error, table["lineages"] - 1)
    return pd.DataFrame({"p": p, "q": stats.false_discovery_control(p, method=method)}, index=table.index)
