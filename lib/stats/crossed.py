"""Pairs have a parent and a maker, and the two cross: what can be said exactly of such a table.

The change of pair i on one benchmark is its mean, plus what is peculiar to the maker, plus what is
peculiar to the parent, plus a rest of the pair's own, all normal (a crossed random-effects model;
Searle, Casella and McCulloch 1992, Variance Components, chapter 6).  For each way to divide the
variance among the three the model is one of generalised least squares, so a lattice over all ways
replaces a search that may not converge, and a sampler.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from lib.stats.resampling import codes

#: Steps of the lattice from no share to all of the variance.
STEPS = 12
PARTS = ("maker", "parent", "rest")


@dataclasses.dataclass(frozen=True)
class Crossed:
    """The model at every point of the lattice, for one table of pairs.

    shares : array (points x 3), the parts of maker, parent and rest, which add up to 1.
    inverse : array (points x pairs x pairs), inverse of the pairs' correlation.
    log_determinant : array (points,), of that correlation.
    freedom : array (points,), degrees of freedom of the mean's variance, which is a sum of three
        that few makers, parents and pairs tell (Satterthwaite 1946, Biometrics Bulletin 2:6).

    >>> model = lattice(pd.DataFrame({"parent": list("ppqq"), "maker": list("mnmn")}), steps=2)
    >>> model.centre(np.array([[1.0], [2.0], [3.0], [4.0]])).round(9).ravel().tolist()
    [2.5, 2.5, 2.5, 2.5]
    """

    shares: np.ndarray
    inverse: np.ndarray
    log_determinant: np.ndarray
    freedom: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """Information on the mean, in units of one pair's variance, array (points,)."""
        return self.inverse.sum(axis=(1, 2))

    def centre(self, values: np.ndarray) -> np.ndarray:
        """The generalised least-squares mean of each column, array (points x columns)."""
        return self.inverse.sum(axis=1) @ values / self.precision[:, None]

    def squares(self, values: np.ndarray) -> np.ndarray:
        """Generalised squares about that mean, array (points x columns)."""
        total = ((self.inverse @ values) * values).sum(axis=1)
        return total - self.precision[:, None] * self.centre(values) ** 2

    def restricted(self, values: np.ndarray) -> np.ndarray:
        """Restricted log likelihood, the variance profiled out, but for a constant (points x
        columns; Patterson and Thompson 1971)."""
        fixed = -(self.log_determinant + np.log(self.precision)) / 2
        return fixed[:, None] - (len(values) - 1) / 2 * np.log(self.squares(values))


def lattice(pairs: pd.DataFrame, steps: int = STEPS) -> Crossed:
    """The model for these pairs, at `steps` squared divisions of the variance.

    Parameters
    ----------
    pairs : a row a pair: parent and maker.

    >>> pairs = pd.DataFrame({"parent": ["p", "p", "q", "r"], "maker": ["m", "n", "m", "n"]})
    >>> model = lattice(pairs, steps=4)
    >>> len(model.shares), model.shares.sum(axis=1).round(9).tolist() == [1] * 16
    (16, True)
    """
    shares = _simplex(steps)
    same = [_same(pairs[part]) for part in PARTS[:2]]
    correlation = np.einsum("kp,pij->kij", shares, np.stack([*same, np.eye(len(pairs))]))
    inverse = np.linalg.inv(correlation)
    freedom = _freedom(pairs, shares, inverse)
    return Crossed(shares, inverse, np.linalg.slogdet(correlation)[1], freedom)


def _freedom(pairs: pd.DataFrame, shares: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """Satterthwaite's degrees of freedom: the square of the sum of the three parts of the mean's
    variance over the sum of their squares, each over its groups less one."""
    weight = inverse.sum(axis=1) / inverse.sum(axis=(1, 2))[:, None]
    groups = [np.eye(len(np.unique(numbers)))[numbers] for numbers in _numbers(pairs)]
    parts = [((weight @ group) ** 2).sum(axis=1) for group in groups]
    variance = shares * np.stack(parts, axis=1)
    fewer = np.array([max(group.shape[1] - 1, 1) for group in groups])
    return variance.sum(axis=1) ** 2 / (variance**2 / fewer).sum(axis=1)


def _numbers(pairs: pd.DataFrame) -> list[np.ndarray]:
    """The number of each pair's maker, of its parent, and of itself."""
    return [*(codes(pairs[part]) for part in PARTS[:2]), np.arange(len(pairs))]


def _simplex(steps: int) -> np.ndarray:
    """Centres of the equal triangles into which a triangle with so many steps a side falls: every
    division of the variance has one no farther off than two thirds of a step."""
    corners = np.arange(steps)
    thirds = [(a + third, b + third) for third in (1 / 3, 2 / 3) for a in corners for b in corners]
    two = np.array([each for each in thirds if sum(each) < steps]) / steps
    return np.column_stack([two, 1 - two.sum(axis=1)])


def _same(labels: pd.Series) -> np.ndarray:
    """Which pairs have the same label, array (pairs x pairs) of 0 and 1."""
    numbers = codes(labels)
    return (numbers[:, None] == numbers).astype(float)
