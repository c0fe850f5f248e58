"""Does an ability grow with a training budget?  An ability's scores against log10 compute, with honest uncertainty.

The law is log-linear: score = a + b log10(C), b per decade of FLOP.  Compute comes as draws (see `budget`), so every
number is a median over draws with the range over draws beside it; the interval adds the bootstrap over lineages, each
replicate with a draw of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from lib.stats.budget import Budgets
from lib.stats.estimates import LEVEL, Estimate, Estimates
from lib.stats.resampling import Resampling

QUANTITIES = ("pearson", "slope", "r2")
#: Percentiles over draws of undisclosed tokens that are shown.
DRAW_RANGE = (5, 95)


class ScalingError(ValueError):
    """No law can be fitted to these models."""


def law(score: pd.Series, compute: pd.DataFrame, how: Resampling) -> Estimates:
    """Correlation, slope and R2 of a score on log10 compute: subjects pearson, slope (per decade of FLOP) and r2.

    Parameters
    ----------
    score : Series, model -> score.
    compute : DataFrame, models x draws, in FLOP; a model with an unknown or zero budget in any draw is left out.

    Returns
    -------
    Estimates with draws_low and draws_high; every replicate takes a draw of its own.

    Raises
    ------
    ScalingError
        Fewer than three models have a budget, or all have the same.
    """
    models, y, x = _aligned(score, compute)
    return over_draws(how.of(models), lambda weights, draws: moments(weights, y, x.T[draws]), x.shape[1], QUANTITIES, "log-linear")


def over_draws(how: Resampling, statistic: Callable[[np.ndarray, np.ndarray], np.ndarray], count: int, index: Sequence,
               method: str) -> Estimates:
    """A statistic of (weights, numbers of draws) as its median over draws; each replicate takes one draw at random."""
    value = statistic(np.ones((count, len(how.groups))), np.arange(count))
    rng = how.rng("draws")
    draws = how.draws(lambda weights: statistic(weights, rng.integers(0, count, len(weights))))
    table = how.table(np.median(value, axis=0), draws, index, f"{method}, median of {count} draws, a draw each replicate")
    low, high = np.percentile(value, DRAW_RANGE, axis=0)
    return Estimates(table.frame.assign(draws_low=low, draws_high=high), table.draws)


def _aligned(score: pd.Series, compute: pd.DataFrame):
    """Models that have a positive budget in every draw, their scores (n) and log10 compute (n x draws)."""
    common = score.dropna().index.intersection(compute.index, sort=False)
    compute = compute.loc[common]
    compute = compute[(compute > 0).all(axis=1)]
    if len(compute) < 3:
        raise ScalingError(f"at least 3 models with a known budget are needed, found {len(compute)}")
    x = np.log10(compute.to_numpy())
    if (np.ptp(x, axis=0) < 1e-12).any():
        raise ScalingError("every model has the same budget")
    return compute.index, score.loc[compute.index].to_numpy(float), x


def moments(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Weighted correlation, slope and R2 of y (n) on each row of x (r x n), array (r x 3); NaN without variance."""
    share = weights / weights.sum(axis=1, keepdims=True)
    dx = x - (share * x).sum(axis=1, keepdims=True)
    dy = y - share @ y[:, None]
    xx, yy, xy = (np.einsum("rn,rn,rn->r", share, a, b) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    with np.errstate(invalid="ignore", divide="ignore"):
        xx, yy = (np.where(v > 1e-12, v, np.nan) for v in (xx, yy))
        r = np.clip(xy / np.sqrt(xx * yy), -1, 1)
        return np.column_stack([r, xy / xx, r**2])


def table(scores: pd.DataFrame, budgets: Budgets, how: Resampling) -> Estimates:
    """`law` for every component and side: subjects `pearson/PC1/english`, ..."""
    parts = {(component, side): law(scores[component], budgets.compute(side), how).frame
             for component in scores for side in budgets.tokens}
    return Estimates(pd.concat([part.set_axis([f"{quantity}/{component}/{side}" for quantity in part.index])
                                for (component, side), part in parts.items()]))


def contrast(score: pd.Series, first: pd.DataFrame, second: pd.DataFrame, how: Resampling) -> Estimate:
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
    (models, y, x), (_, _, z) = (_aligned(score, compute.reindex(both)) for compute in (first, second))

    def difference(weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
        return moments(weights, y, x.T[draws])[:, :1] - moments(weights, y, z.T[draws])[:, :1]
    return over_draws(how.of(models), difference, x.shape[1], ["contrast"], "difference of two correlations")["contrast"]


def band(score: pd.Series, compute: pd.DataFrame, seed: int, points: int = 60, level: float = LEVEL) -> pd.DataFrame:
    """Line and prediction band of a law over the draws.

    Each draw gives an ordinary least-squares line and Student-t predictions for a further model (Draper and Smith,
    Applied Regression Analysis, section 1.4); the line is their median, the band the percentiles of one prediction
    from every draw at each point, repeated until there are enough.

    Returns DataFrame: compute (FLOP), line, low, high.
    """
    _, y, x = _aligned(score, compute)
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
    predictions = np.tile(fitted, (repeats, 1)) + np.random.default_rng(seed).permutation(t)[:, None] * np.tile(spread, (repeats, 1))
    low, high = np.percentile(predictions, [50 * (1 - level), 100 - 50 * (1 - level)], axis=0)
    return pd.DataFrame({"compute": 10**grid, "line": np.median(fitted, axis=0), "low": low, "high": high})
