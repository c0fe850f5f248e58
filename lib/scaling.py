"""Does an ability grow with a training budget?  An ability's scores against log10 compute, with honest uncertainty.

The law is log-linear: score = a + b log10(C), b per decade of FLOP.  Compute comes as draws (see `budget`), so every
number is a median over draws with the range over draws beside it; the interval adds the bootstrap over lineages, each
replicate with a draw of its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy import stats

from lib import resampling
from lib.budget import Budgets

QUANTITIES = ("pearson", "slope", "r2")
#: Percentiles over draws of undisclosed tokens that are shown.
DRAW_RANGE = (5, 95)


class ScalingError(ValueError):
    """No law can be fitted to these models."""


def law(score: pd.Series, compute: pd.DataFrame, lineages: pd.Series, rng: Generator, *,
        replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> pd.DataFrame:
    """Correlation, slope and R2 of a score on log10 compute.

    Parameters
    ----------
    score : Series, model -> score.       lineages : Series, model -> lineage.
    compute : DataFrame, models x draws, in FLOP; a model with an unknown or zero budget in any draw is left out.

    Returns
    -------
    DataFrame with rows pearson, slope (per decade of FLOP) and r2 and the columns of `resampling.table`, plus
    draws_low and draws_high.

    Raises
    ------
    ScalingError
        Fewer than three models have a budget, or all have the same.
    """
    y, x, labels = _aligned(score, compute, lineages)
    value = moments(np.ones((x.shape[1], len(y))), y, x.T)
    samples = []
    for groups in (labels, None):
        parts = []
        for weights in resampling.chunks(len(y), replicates, rng, groups):
            parts.append(moments(weights, y, x.T[rng.integers(0, x.shape[1], len(weights))]))
        samples.append(np.concatenate(parts))
    table = resampling.table(np.median(value, axis=0), *samples, labels,
                             f"log-linear, median of {x.shape[1]} draws, expanded percentile bootstrap over lineages with a draw each",
                             index=pd.Index(QUANTITIES, name="quantity"), level=level)
    table["draws_low"], table["draws_high"] = np.percentile(value, DRAW_RANGE, axis=0)
    return table


def _aligned(score: pd.Series, compute: pd.DataFrame, lineages: pd.Series):
    """Scores (n), log10 compute (n x draws) and lineages (n) of the models that have a positive budget in every draw."""
    common = score.dropna().index.intersection(compute.index, sort=False)
    compute = compute.loc[common]
    compute = compute[(compute > 0).all(axis=1)]
    if len(compute) < 3:
        raise ScalingError(f"at least 3 models with a known budget are needed, found {len(compute)}")
    x = np.log10(compute.to_numpy())
    if (np.ptp(x, axis=0) < 1e-12).any():
        raise ScalingError("every model has the same budget")
    return score.loc[compute.index].to_numpy(float), x, lineages.loc[compute.index].to_numpy()


def moments(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Weighted correlation, slope and R2 of y (n) on each row of x (r x n), array (r x 3); NaN without variance."""
    share, dx, dy = _centred(weights, y, x)
    xx, yy, xy = _products(share, (dx, dx), (dy, dy), (dx, dy))
    with np.errstate(invalid="ignore", divide="ignore"):
        xx, yy = (np.where(v > 1e-12, v, np.nan) for v in (xx, yy))
        r = np.clip(xy / np.sqrt(xx * yy), -1, 1)
        return np.column_stack([r, xy / xx, r**2])


def slopes(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The second column of `moments` alone, array (r): half the work."""
    share, dx, dy = _centred(weights, y, x)
    xx, xy = _products(share, (dx, dx), (dx, dy))
    with np.errstate(invalid="ignore", divide="ignore"):
        return xy / np.where(xx > 1e-12, xx, np.nan)


def _centred(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    share = weights / weights.sum(axis=1, keepdims=True)
    return share, x - (share * x).sum(axis=1, keepdims=True), y - share @ y[:, None]


def _products(share: np.ndarray, *pairs: tuple[np.ndarray, np.ndarray]) -> list[np.ndarray]:
    return [np.einsum("rn,rn,rn->r", share, a, b) for a, b in pairs]


def table(scores: pd.DataFrame, budgets: Budgets, lineages: pd.Series, rng: Generator, **options) -> pd.DataFrame:
    """`law` for every component and side: rows (quantity, component, side)."""
    parts = {(component, side): law(scores[component], budgets.compute(side), lineages, rng, **options)
             for component in scores for side in budgets.tokens}
    joined = pd.concat(parts, names=["component", "side"])
    return joined.reorder_levels(["quantity", "component", "side"]).sort_index(level=0, sort_remaining=False)


def contrast(score: pd.Series, first: pd.DataFrame, second: pd.DataFrame, lineages: pd.Series, rng: Generator, *,
             replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> resampling.Estimate:
    """How much closer a score follows one budget than another: r with `first` minus r with `second`.

    Both correlations come from the same models, replicates and draws, so what moves both drops out.

    Parameters
    ----------
    first, second : DataFrames of compute, models x draws in FLOP, column k of both from the same draw; models without a
        positive budget on either side in any draw are left out.

    Raises
    ------
    ScalingError
        As `law`, or the numbers of draws differ.
    """
    if first.shape[1] != second.shape[1]:
        raise ScalingError(f"{first.shape[1]} draws of one budget but {second.shape[1]} of the other")
    both = first.index[(first > 0).all(axis=1)].intersection(second.index[(second > 0).all(axis=1)], sort=False)
    aligned = [_aligned(score, compute.reindex(both), lineages) for compute in (first, second)]
    y, _, labels = aligned[0]
    xs = [x.T for _, x, _ in aligned]

    def difference(weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
        return np.subtract(*(moments(weights, y, x[draws])[:, :1] for x in xs))
    draws = len(xs[0])
    value = difference(np.ones((draws, len(y))), np.arange(draws))
    samples = [np.concatenate([difference(weights, rng.integers(0, draws, len(weights)))
                               for weights in resampling.chunks(len(y), replicates, rng, groups)])
               for groups in (labels, None)]
    table = resampling.table(np.median(value, axis=0), *samples, labels, f"difference of two correlations, median of {draws} "
                             "draws, expanded percentile bootstrap over lineages with a draw each",
                             index=pd.RangeIndex(1), level=level)
    low, high = np.percentile(value, DRAW_RANGE)
    return resampling.Estimate.of({**table.iloc[0], "draws_low": low, "draws_high": high})


def band(score: pd.Series, compute: pd.DataFrame, rng: Generator, *, points: int = 60,
         level: float = resampling.LEVEL) -> pd.DataFrame:
    """Line and prediction band of a law over the draws.

    Each draw gives an ordinary least-squares line and Student-t predictions for a further model (Draper and Smith,
    Applied Regression Analysis, section 1.4); the line is their median, the band the percentiles of one prediction
    from every draw at each point, repeated until there are enough.

    Returns DataFrame: compute (FLOP), line, low, high.
    """
    y, x, _ = _aligned(score, compute, pd.Series("", index=score.index))
    n, draws = x.shape
    grid = np.linspace(x.min(), x.max(), points)
    mean = x.mean(axis=0)
    xx = ((x - mean) ** 2).sum(axis=0)
    slope = ((x - mean) * (y - y.mean())[:, None]).sum(axis=0) / xx
    fitted = y.mean() + slope[:, None] * (grid - mean[:, None])
    residual = y[:, None] - y.mean() - slope * (x - mean)
    if n < 4:
        raise ScalingError(f"a prediction band needs at least 4 models, found {n}")
    error = np.sqrt((residual**2).sum(axis=0) / (n - 2))
    spread = error[:, None] * np.sqrt(1 + 1 / n + (grid - mean[:, None]) ** 2 / xx[:, None])
    repeats = -(-5_000 // draws)
    t = stats.t.ppf((np.arange(repeats * draws) + 0.5) / (repeats * draws), n - 2)
    predictions = np.tile(fitted, (repeats, 1)) + rng.permutation(t)[:, None] * np.tile(spread, (repeats, 1))
    low, high = np.percentile(predictions, [50 * (1 - level), 100 - 50 * (1 - level)], axis=0)
    return pd.DataFrame({"compute": 10**grid, "line": np.median(fitted, axis=0), "low": low, "high": high})
