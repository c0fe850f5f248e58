"""Are the abilities an artefact of the method?  Other rotations, another factor model, one piece
left out at a time.

Every check gives loadings that are compared with the unrotated principal components by Tucker's
congruence.
"""

from __future__ import annotations

import dataclasses
import functools
import warnings
from typing import Literal

import numpy as np
import pandas as pd

from lib.stats.components import SPARE, Abilities, aligned, fit
from lib.stats.tables import checked

ROTATIONS = ("varimax", "oblimin")
#: Unique variance below which a factor solution counts as improper.
BOUNDARY = 0.005


def weighted(fitted: Abilities, retained: int) -> pd.DataFrame:
    """Unrotated loadings of the first components as correlations with the benchmarks (rows).

    >>> from lib.stats import example
    >>> weighted(fit(example.scores()), 1).gt(0.9).all().item()
    True
    """
    names = fitted.loadings.columns[:retained]
    return fitted.loadings[names] * np.sqrt(fitted.eigenvalues[names])


def rotated(fitted: Abilities, retained: int, method: str) -> pd.DataFrame:
    """Loadings of the first components after rotation, benchmarks x factors, as correlations with
    the benchmarks.

    Parameters
    ----------
    method : varimax of rows scaled to unit length (Kaiser 1958; uncorrelated factors), or oblimin
        of the rows as they are (direct quartimin, Jennrich & Sampson 1966; correlated factors,
        pattern loadings), both by statsmodels.

    Raises
    ------
    ValueError
        Fewer than two components, or a method that is neither.

    >>> from lib.stats import example
    >>> turned = rotated(fit(example.scores()), 2, "varimax")
    >>> turned.columns.tolist(), turned.abs().le(1).all(axis=None).item()
    (['PC1', 'PC2'], True)
    """
    if method not in ROTATIONS:
        raise ValueError(f"method {method!r} is not one of {', '.join(ROTATIONS)}")
    if retained < 2:
        raise ValueError("rotation needs at least two components")
    unrotated = weighted(fitted, retained)
    values = unrotated.to_numpy()
    order = "C" if values.flags.c_contiguous else "F"  # of which the last digits depend
    turned = _rotated(values.tobytes(order), values.shape, order, method)
    return _matched(turned, unrotated)


@functools.lru_cache(maxsize=16)
def _rotated(
    loadings: bytes, shape: tuple[int, int], order: Literal["C", "F"], method: str
) -> np.ndarray:
    """The rotation itself: seconds of small steps, and a page asks twice for the same one."""
    from statsmodels.multivariate.factor_rotation import rotate_factors

    unrotated = np.frombuffer(loadings).reshape(shape, order=order).copy(order)
    how = {"tol": 1e-10, "max_tries": 5_000}
    if method == "oblimin":
        return rotate_factors(unrotated, "oblimin", 0, "oblique", **how)[0]
    lengths = np.linalg.norm(unrotated, axis=1, keepdims=True)
    return rotate_factors(unrotated / lengths, "varimax", **how)[0] * lengths


@dataclasses.dataclass(frozen=True)
class Factors:
    """A fitted factor model: loadings (benchmarks x factors) and each benchmark's unique variance
    (Series).

    >>> loadings = pd.DataFrame({"PC1": [0.9, 1.0]}, index=["know", "code"])
    >>> Factors(loadings, 1 - loadings["PC1"] ** 2).improper
    ['code']
    """

    loadings: pd.DataFrame
    unique: pd.Series

    @property
    def improper(self) -> list:
        """Benchmarks that the factors explain all but whole (a Heywood case): the solution sits on
        its boundary."""
        return list(self.unique.index[self.unique < BOUNDARY])


def factors(scores: pd.DataFrame, fitted: Abilities, retained: int) -> dict[str, Factors]:
    """Maximum-likelihood factors by two libraries, turned to the components' axes (orthogonal
    Procrustes).

    A factor model leaves each benchmark its own noise, which principal components do not.  Returns
    {"scikit-learn": ..., "statsmodels": ...}.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> found = factors(scores, fit(scores), 1)
    >>> {library: each.loadings["PC1"].gt(0.8).all().item() for library, each in found.items()}
    {'scikit-learn': True, 'statsmodels': True}
    """
    from sklearn.decomposition import FactorAnalysis
    from statsmodels.multivariate.factor import Factor

    z = ((checked(scores, complete=True) - fitted.mean) / fitted.scale).to_numpy()
    target = weighted(fitted, retained)
    with warnings.catch_warnings():
        # Near the boundary the optimisers stop short of their own tolerance; `improper` says so,
        # tests compare both.
        warnings.simplefilter("ignore")
        by_sklearn = FactorAnalysis(retained, tol=1e-6, max_iter=5_000, svd_method="lapack").fit(z)
        # Started at the components: left to itself it draws its start afresh each time.
        start = (target.to_numpy(), np.clip(1 - (target**2).sum(axis=1).to_numpy(), 0.05, None))
        by_statsmodels = Factor(z, n_factor=retained, method="ml").fit(
            maxiter=5_000, tol=1e-8, start=start, opt={"gtol": 1e-6}
        )
    found = {
        "scikit-learn": (by_sklearn.components_.T, by_sklearn.noise_variance_),
        "statsmodels": (by_statsmodels.loadings, by_statsmodels.uniqueness),
    }
    return {
        name: Factors(_turned(loadings, target), pd.Series(unique, index=target.index))
        for name, (loadings, unique) in found.items()
    }


def _turned(loadings: np.ndarray, target: pd.DataFrame) -> pd.DataFrame:
    """Loadings turned as close to the target as a rotation can (Schoenemann 1966)."""
    left, _, right = np.linalg.svd(loadings.T @ target.to_numpy())
    return pd.DataFrame(loadings @ left @ right, index=target.index, columns=target.columns)


def _matched(loadings: np.ndarray, target: pd.DataFrame) -> pd.DataFrame:
    """Loadings in the order and with the signs that match the target best."""
    unit = loadings / np.linalg.norm(loadings, axis=0)
    ours = aligned(unit[None], (target / np.linalg.norm(target, axis=0)).to_numpy())[0]
    places = np.abs(unit.T @ ours.T).argmax(axis=0)
    signs = np.sign(np.einsum("pk,kp->k", unit[:, places], ours))
    return pd.DataFrame(loadings[:, places] * signs, index=target.index, columns=target.columns)


def without_each(
    scores: pd.DataFrame, groups: pd.Series | None, fitted: Abilities, components: int
) -> pd.DataFrame:
    """Congruence of the components with those fitted without one lineage, or without one benchmark,
    at a time.

    Parameters
    ----------
    groups : Series, model -> lineage, to leave out lineages; None to leave out benchmarks.

    Returns
    -------
    DataFrame, what was left out x PCs.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> without_each(scores, example.lineages(), fit(scores), 1)["PC1"].gt(0.99).to_dict()
    {'a': True, 'b': True, 'c': True, 'd': True, 'e': True, 'f': True}
    """
    table = checked(scores, complete=True)
    names = fitted.loadings.columns[:components]
    if groups is None:
        reduced = {name: table.drop(columns=name) for name in table}
    else:
        groups = groups.loc[table.index]
        reduced = {name: table[groups != name] for name in groups.unique()}
    rows = {}
    for name, part in reduced.items():
        if len(part) < 3:
            continue
        loadings = fit(part).loadings
        target = fitted.loadings.loc[loadings.index, names].to_numpy()
        target = target / np.linalg.norm(target, axis=0)
        matched = aligned(loadings.to_numpy()[None, :, : components + SPARE], target)[0]
        rows[name] = np.einsum("kp,pk->k", matched, target)
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)
