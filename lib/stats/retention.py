"""How many components are more than noise?  Two rules that hold after a dominant first one.

Parallel analysis asks whether the k-th component is stronger than in tables of *unrelated*
benchmarks.  Where the first takes most of the variance, little is left for the others, and that
question is no longer fair to them.  `conditional` asks instead whether the k-th is stronger than in
tables that the k - 1 before it would give.  `squared_partials` takes one component after the other
out, and looks how related the benchmarks still are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.tables import checked, standardised

#: Tables drawn at a time: bounds the memory.
BATCH = 250


def conditional(
    scores: pd.DataFrame,
    seed: int,
    *,
    components: int = 4,
    draws: int = 2_000,
    percentile: float = 95,
    groups: pd.Series | None = None,
    shared: float = 0.0,
) -> pd.DataFrame:
    """Revised parallel analysis (Turner 1998; Green et al. 2012): the k-th eigenvalue against those
    of tables drawn from a model of the first k - 1 components.

    A drawn table has as many models and benchmarks, the loadings of the first k - 1 components as
    correlations, and for the rest of each benchmark normal noise of its own.  In tables with one or
    two true components and the size of the Japanese study it kept one too many in 0 to 4 of a
    hundred, with three in 10.

    Parameters
    ----------
    components : how many to look at.
    groups, shared : Series, model -> lineage; that part of the variance of all that is drawn comes
        from the lineage, the rest from the model.  Without it models are independent.

    Returns
    -------
    DataFrame, a row a PC: eigenvalue, threshold (percentile of the draws), p (share of draws at
    least as strong, itself counted), retained (whether this and every earlier one exceed theirs).

    >>> from lib.stats import example
    >>> conditional(example.scores(), seed=1, components=3, draws=200)["retained"].tolist()
    [True, False, False]
    """
    z = standardised(checked(scores, complete=True))
    eigenvalues, loadings = _components(z)
    count = min(components, len(eigenvalues), len(z) - 1)
    member = np.eye(len(z)) if groups is None else _members(groups.loc[z.index])
    rng, rows = np.random.default_rng(seed), []
    for k in range(count):
        random = _drawn(rng, loadings[:, :k], member, shared, draws, k)
        p = (1 + (random >= eigenvalues[k]).sum()) / (draws + 1)
        rows.append((eigenvalues[k], np.percentile(random, percentile), p))
    names = pd.Index([f"PC{k}" for k in range(1, count + 1)], name="component")
    table = pd.DataFrame(rows, index=names, columns=["eigenvalue", "threshold", "p"])
    return table.assign(retained=(table["eigenvalue"] > table["threshold"]).cumprod().astype(bool))


def _components(z: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues of the correlations, and loadings as correlations with the components."""
    values, vectors = np.linalg.eigh(np.corrcoef(z.to_numpy(), rowvar=False))
    values, vectors = np.clip(values[::-1], 0, None), vectors[:, ::-1]
    return values, vectors * np.sqrt(values)


def _members(groups: pd.Series) -> np.ndarray:
    return pd.get_dummies(groups).to_numpy(float)


def _drawn(
    rng: np.random.Generator,
    loadings: np.ndarray,
    member: np.ndarray,
    shared: float,
    draws: int,
    k: int,
) -> np.ndarray:
    """The eigenvalue at place k of so many tables of the model with these loadings."""
    benchmarks, factors = loadings.shape
    own = np.sqrt(np.clip(1 - (loadings**2).sum(axis=1), 0, None))

    def normal(tables: int, columns: int) -> np.ndarray:
        alone = rng.standard_normal((tables, len(member), columns))
        if not shared:
            return alone
        common = member @ rng.standard_normal((tables, member.shape[1], columns))
        return np.sqrt(shared) * common + np.sqrt(1 - shared) * alone

    found = []
    for start in range(0, draws, BATCH):
        tables = min(BATCH, draws - start)
        x = normal(tables, factors) @ loadings.T + normal(tables, benchmarks) * own
        x = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
        correlations = np.swapaxes(x, 1, 2) @ x / len(member)
        found.append(np.linalg.eigvalsh(correlations)[:, -1 - k])
    return np.concatenate(found)


def squared_partials(scores: pd.DataFrame) -> Estimates:
    """The minimum average partial test (MAP, Velicer 1976): the mean squared correlation between
    benchmarks that is left when the first 0, 1, 2, ... components are taken out.

    It falls while what components take out is common to several benchmarks, and rises once it is
    particular to one.  So the number with the smallest value is how many to keep.

    >>> from lib.stats import example
    >>> left = squared_partials(example.scores())
    >>> list(left.lowest), left.frame["kept"].iloc[0].item()
    (['2'], 2)
    """
    z = standardised(checked(scores, complete=True))
    correlations, (eigenvalues, loadings) = np.corrcoef(z.to_numpy(), rowvar=False), _components(z)
    p, rank = len(correlations), int((eigenvalues > 1e-9).sum())
    left = {}
    for count in range(min(p, rank) - 1):
        rest = correlations - loadings[:, :count] @ loadings[:, :count].T
        scale = np.sqrt(np.diag(rest))
        partial = rest / np.outer(scale, scale)
        left[str(count)] = ((partial**2).sum() - p) / (p * (p - 1))
    frame = pd.DataFrame({"value": pd.Series(left)})
    kept = int(frame["value"].to_numpy().argmin())
    return Estimates(
        frame.assign(kept=kept, n=len(z), method="mean squared partial correlation (MAP)")
    )
