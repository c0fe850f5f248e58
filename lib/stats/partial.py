"""Do two benchmarks go together beyond general ability?  Partial correlations of every pair.

Good models are good at everything, so most pairs correlate.  Here each pair is compared given
*general ability without the pair*: the first principal component of all other benchmarks.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from lib.stats.correlation import pair_names, replicate_matrices
from lib.stats.estimates import PAIR, Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import TableError, checked, standardised

#: Power iteration for the first component stops at this change of a unit vector, or after so many
#: steps.
TOLERANCE, STEPS = 1e-8, 200
#: Replicates decomposed at a time: small enough for the vectors of all pairs to stay in the
#: processor's cache.
BATCH = 100
#: A pair needs this many other benchmarks to have a general ability.
FEWEST_OTHERS = 3


def pairs(scores: pd.DataFrame, how: Resampling) -> Estimates:
    """Every pair's correlation given general ability, `A~B` in column order.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; models with a missing score are left out.

    Raises
    ------
    TableError
        Fewer than five benchmarks, or what `tables.checked` raises.

    >>> from lib.stats import example
    >>> str(pairs(example.scores(), example.resampling())["know-xx~exam-xx"])
    '0.79 [0.40, 1.00]'
    """
    z = standardised(checked(scores, complete=True))
    if z.shape[1] < FEWEST_OTHERS + 2:
        raise TableError(
            f"general ability without a pair needs at least {FEWEST_OTHERS + 2} benchmarks, found "
            f"{z.shape[1]}"
        )
    values = z.to_numpy()
    return how.of(z.index).estimates(
        lambda weights: given_general(replicate_matrices(values, weights)),
        pair_names(z.columns),
        "partial correlation given the first component of the other benchmarks",
        size=BATCH,
    )


def given_general(correlations: np.ndarray) -> np.ndarray:
    """Partial correlation of every pair given the first component of the others.

    Parameters
    ----------
    correlations : array (r x p x p).

    Returns
    -------
    array (r x pairs): (r_ab - r_ag r_bg) / sqrt((1 - r_ag^2)(1 - r_bg^2)), g the first component of
        the benchmarks
    other than a and b, found for all pairs at once by power iteration on the matrix without their
        rows and columns.
    NaN where a benchmark is constant in the replicate.

    >>> r = np.full((1, 5, 5), 0.5) + 0.5 * np.eye(5)
    >>> given_general(r).shape, given_general(r).round(2)[0, 0].item()
    ((1, 10), 0.2)
    """
    p = correlations.shape[1]
    a, b = np.triu_indices(p, 1)
    others = np.ones((p, len(a)))
    others[a, np.arange(len(a))] = others[b, np.arange(len(a))] = 0
    broken = np.any(np.isnan(correlations), axis=(1, 2))
    # Where one is broken, a matrix that the iteration gets along with.
    matrix = np.where(broken[:, None, None], 1.0, correlations)
    start = np.linalg.eigh(matrix)[1][:, :, -1]
    vector = start[:, :, None] * others
    # Fresh memory at each step would cost more than the step.
    following, spare = np.empty_like(vector), np.empty_like(vector)
    for _ in range(STEPS):
        np.matmul(matrix, vector, out=following)
        following *= others
        following /= np.sqrt(
            np.multiply(following, following, out=spare).sum(axis=1, keepdims=True)
        )
        vector, following = following, vector
        if np.abs(np.subtract(vector, following, out=spare), out=spare).max() < TOLERANCE:
            break
    product = matrix @ vector
    deviation = np.sqrt(np.einsum("rpk,rpk->rk", vector, product))
    with_a, with_b = (product[:, side, np.arange(len(a))] / deviation for side in (a, b))
    rest = np.clip((1 - with_a**2) * (1 - with_b**2), 1e-12, None)
    partial = np.clip((matrix[:, a, b] - with_a * with_b) / np.sqrt(rest), -1, 1)
    return np.where(broken[:, None], np.nan, partial)


def given_components(
    scores: pd.DataFrame, subjects: Iterable[str], how: Resampling, components: int = 2
) -> Estimates:
    """Some pairs' correlations given the first so many components of all other benchmarks.

    How much of a pair is general ability depends on how many components count as such; where the
    answers differ, it is not known.

    Parameters
    ----------
    subjects : pairs `A~B`.

    >>> from lib.stats import example
    >>> str(given_components(example.scores(), ["know-xx~exam-xx"], example.resampling(), 1))
    'know-xx~exam-xx 0.79 [0.40, 1.00]'
    """
    z = standardised(checked(scores, complete=True))
    chosen = [subject for subject in subjects if set(subject.split(PAIR)) <= set(z.columns)]
    order = list(z.columns)
    places = [tuple(map(order.index, subject.split(PAIR))) for subject in chosen]
    values = z.to_numpy()
    if z.shape[1] < components + FEWEST_OTHERS + 1:
        raise TableError(
            f"{components} components without a pair need at least "
            f"{components + FEWEST_OTHERS + 1} benchmarks, found {z.shape[1]}"
        )

    def statistic(weights: np.ndarray) -> np.ndarray:
        matrices = replicate_matrices(values, weights)
        return np.column_stack([_given(matrices, a, b, components) for a, b in places])

    method = f"partial correlation given the first {components} components of the others"
    return how.of(z.index).estimates(statistic, chosen, method)


def _given(correlations: np.ndarray, a: int, b: int, components: int) -> np.ndarray:
    """One pair's partial correlation in each correlation matrix; NaN where a matrix has a gap."""
    others = [k for k in range(correlations.shape[1]) if k not in (a, b)]
    broken = np.any(np.isnan(correlations), axis=(1, 2))
    matrix = np.where(broken[:, None, None], np.eye(correlations.shape[1]), correlations)
    inner = matrix[:, others][:, :, others]
    values, vectors = np.linalg.eigh(inner)
    # Components of a replicate of few models may be fewer than asked for.
    size = np.where(values[:, -components:] > 1e-9, values[:, -components:], np.inf)
    with_a, with_b = (
        np.einsum("rp,rpk->rk", matrix[:, each][:, others], vectors[:, :, -components:])
        for each in (a, b)
    )
    together = matrix[:, a, b] - (with_a * with_b / size).sum(axis=1)
    left = np.prod([1 - (each**2 / size).sum(axis=1) for each in (with_a, with_b)], axis=0)
    found = np.clip(together / np.sqrt(np.clip(left, 1e-12, None)), -1, 1)
    return np.where(broken, np.nan, found)
