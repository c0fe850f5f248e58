"""How sure is a number that rests on few groups of unequal size?  Leave each group out in turn.

A bootstrap over groups is too sure where one group holds most of the units; the jackknife notices,
since leaving that group out moves the number far (MacKinnon, Nielsen and Webb 2023, Journal of
Econometrics 232:2).  Student's t with one degree of freedom less than groups makes up for few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from lib.stats.resampling import codes
from lib.stats.verdicts import LEVEL


def left_out(
    statistic: Callable[[np.ndarray], np.ndarray], labels: Sequence
) -> tuple[np.ndarray, np.ndarray]:
    """A statistic of all units, array (k,), and without each group in turn, array (groups x k).

    Parameters
    ----------
    statistic : boolean array (units,), which to keep -> array (k,).
    labels : the group of each unit; a missing label is a group of its own.

    >>> values = np.array([1.0, 2.0, 6.0])
    >>> whole, without = left_out(lambda kept: values[kept].mean(keepdims=True), ["a", "a", "b"])
    >>> whole.tolist(), without.tolist()
    ([3.0], [[6.0], [1.5]])
    """
    numbers = codes(labels)
    without = [statistic(numbers != group) for group in range(numbers.max() + 1)]
    return statistic(np.ones(len(numbers), bool)), np.array(without)


def variance(whole: np.ndarray, without: np.ndarray) -> np.ndarray:
    """(G - 1) / G times the squares about the value of the whole, summed over the G groups left
    out: the cluster jackknife CV3 of Bell and McCaffrey (2002, Survey Methodology 28:2).

    `whole` has any shape, `without` one more axis in front; one group gives NaN.

    >>> float(variance(np.array(2.0), np.array([2.5, 2.0, 1.5])))  # of 1, 2, 3: s^2 / n
    0.3333333333333333
    """
    groups = len(without)
    if groups < 2:
        return np.full(np.shape(whole), np.nan)
    return (groups - 1) / groups * ((without - whole) ** 2).sum(axis=0)


def half_width(variance: np.ndarray, groups: int, level: float = LEVEL) -> np.ndarray:
    """Half an interval from a variance that rests on so many groups: Student's t on groups - 1.

    >>> float(half_width(np.array(4.0), 11).round(2))
    4.46
    """
    if groups < 2:
        return np.full(np.shape(variance), np.nan)
    return stats.t.ppf((1 + level) / 2, groups - 1) * np.sqrt(variance)
