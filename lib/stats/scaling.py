"""Does an ability grow with a training budget?  An ability's scores against log10 compute, with
honest uncertainty.

The law is log-linear: score = a + b log10(C), b per decade of FLOP.  Compute comes as draws (see
`budget`), so every number is a median over draws with the range over draws beside it; the interval
adds the bootstrap over lineages, each replicate with a draw of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from lib import words
from lib.stats.budget import BILLION, FLOP_PER_PARAMETER_AND_TOKEN, SIDES, Budgets
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import LEVEL, Estimate

QUANTITIES = ("pearson", "slope", "r2")
#: Percentiles over draws of undisclosed tokens that are shown.
DRAW_RANGE = (5, 95)


class ScalingError(ValueError):
    """No law can be fitted to these models.

    >>> compute = pd.DataFrame({0: [1e21, 1e22]}, index=["a", "b"])
    >>> band(pd.Series({"a": 0.4, "b": 0.5}), compute, seed=1)
    Traceback (most recent call last):
        ...
    lib.stats.scaling.ScalingError: at least 3 models with a known budget are needed, found 2
    """


def law(
    score: pd.Series, compute: pd.DataFrame, how: Resampling, within: pd.Series | None = None
) -> Estimates:
    """Correlation, slope and R2 of a score on log10 compute: subjects pearson, slope (per decade of
    FLOP) and r2.

    Parameters
    ----------
    score : Series, model -> score.
    compute : DataFrame, models x draws, in FLOP; a model with an unknown or zero budget in any draw
    is left out.
    within : Series, model -> group: scores and budgets are then compared inside groups only (each
        less its group's mean), so that differences between groups, such as strategies of
        training, count for nothing.

    Returns
    -------
    Estimates with draws_low and draws_high; every replicate takes a draw of its own.

    Raises
    ------
    ScalingError
        Fewer than three models have a budget, or all have the same.

    >>> from lib.stats import example
    >>> compute = example.budgets().compute("local")
    >>> str(law(example.scores()["exam-xx"], compute, example.resampling())["pearson"])
    '1.00 [0.98, 1.00]'
    """
    models, y, x = _aligned(score, compute)
    groups = _members(within, models)
    method = "log-linear" if within is None else "log-linear within groups"
    return over_draws(
        how.of(models),
        lambda weights, draws: moments(weights, y, x.T[draws], groups),
        x.shape[1],
        QUANTITIES,
        method,
    )


def over_draws(
    how: Resampling,
    statistic: Callable[[np.ndarray, np.ndarray], np.ndarray],
    count: int,
    index: Sequence,
    method: str,
) -> Estimates:
    """A statistic of (weights, numbers of draws) as its median over draws; each replicate takes one
    draw at random.

    >>> how = Resampling(pd.Series(list("pqr"), index=list("abc")), seed=1, replicates=100)
    >>> y = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]])  # two draws of a value a model
    >>> found = over_draws(how, lambda w, k: (w * y[k]).mean(axis=1)[:, None], 2, ["mean"], "mean")
    >>> found["mean"].value, round(found["mean"].draws_high, 2)
    (2.5, 2.95)
    """
    value = statistic(np.ones((count, len(how.groups))), np.arange(count))
    rng = how.rng("draws")
    draws = how.draws(lambda weights: statistic(weights, rng.integers(0, count, len(weights))))
    table = how.table(
        np.median(value, axis=0),
        draws,
        index,
        f"{method}, median of {count} draws, a draw each replicate",
    )
    low, high = np.percentile(value, DRAW_RANGE, axis=0)
    return Estimates(table.frame.assign(draws_low=low, draws_high=high), table.draws)


def _aligned(score: pd.Series, compute: pd.DataFrame):
    """Models that have a positive budget in every draw, their scores (n) and log10 compute (n x
    draws)."""
    common = score.dropna().index.intersection(compute.index, sort=False)
    compute = compute.loc[common]
    compute = compute[(compute > 0).all(axis=1)]
    if len(compute) < 3:
        raise ScalingError(
            f"at least 3 models with a known budget are needed, found {len(compute)}"
        )
    x = np.log10(compute.to_numpy())
    if (np.ptp(x, axis=0) < 1e-12).any():
        raise ScalingError("every model has the same budget")
    return compute.index, score.loc[compute.index].to_numpy(float), x


def moments(
    weights: np.ndarray, y: np.ndarray, x: np.ndarray, groups: np.ndarray | None = None
) -> np.ndarray:
    """Weighted correlation, slope and R2 of y (n) on each row of x (r x n), array (r x 3); NaN
    without variance.

    `groups` (n x g, one where a model belongs) takes every mean within its group.

    >>> x, y = np.array([[20.0, 22.0, 24.0]]), np.array([1.0, 2.0, 3.0])
    >>> moments(np.ones((1, 3)), y, x).round(6).tolist()
    [[1.0, 0.5, 1.0]]
    """
    share = weights / weights.sum(axis=1, keepdims=True)
    groups = np.ones((len(y), 1)) if groups is None else groups
    dx, dy = (_centred(share, values, groups) for values in (x, np.broadcast_to(y, x.shape)))
    xx, yy, xy = (np.einsum("rn,rn,rn->r", share, a, b) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    with np.errstate(invalid="ignore", divide="ignore"):
        xx, yy = (np.where(v > 1e-12, v, np.nan) for v in (xx, yy))
        r = np.clip(xy / np.sqrt(xx * yy), -1, 1)
        return np.column_stack([r, xy / xx, r**2])


def _centred(share: np.ndarray, values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Values (r x n) less the weighted mean of their group."""
    sizes = share @ groups
    return values - ((share * values) @ groups / np.where(sizes > 0, sizes, 1)) @ groups.T


def _members(within: pd.Series | None, models: pd.Index) -> np.ndarray | None:
    return None if within is None else pd.get_dummies(within.loc[models]).to_numpy(float)


def table(
    scores: pd.DataFrame, budgets: Budgets, how: Resampling, within: pd.Series | None = None
) -> Estimates:
    """`law` for every component and side: subjects `pearson/PC1/english`, ...

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> list(table(scores, example.budgets(), example.resampling()))[:2]
    ['pearson/exam-xx/english', 'slope/exam-xx/english']
    """
    parts = {
        (component, side): law(scores[component], budgets.compute(side), how, within).frame
        for component in scores
        for side in SIDES
    }
    return Estimates(
        pd.concat(
            [
                part.set_axis([f"{quantity}/{component}/{side}" for quantity in part.index])
                for (component, side), part in parts.items()
            ]
        )
    )


def contrast(
    score: pd.Series,
    first: pd.DataFrame,
    second: pd.DataFrame,
    how: Resampling,
    within: pd.Series | None = None,
) -> Estimate:
    """How much closer a score follows one budget than another: r with `first` minus r with
    `second`.

    Both correlations come from the same models, replicates and draws, so what moves both drops out.

    Parameters
    ----------
    first, second : DataFrames of compute, models x draws in FLOP, column k of both from the same
        draw; models without a positive budget on either side in any draw are left out.
    within : as in `law`.

    Raises
    ------
    ScalingError
        As `law`, or the numbers of draws differ.

    >>> from lib.stats import example
    >>> exam, budgets = example.scores()["exam-xx"], example.budgets()
    >>> by = budgets.compute("local"), budgets.compute("english")
    >>> str(contrast(exam, *by, example.resampling()))
    '0.04 [0.02, 0.26]'
    """
    if first.shape[1] != second.shape[1]:
        raise ScalingError(
            f"{first.shape[1]} draws of one budget but {second.shape[1]} of the other"
        )
    both = first.index[(first > 0).all(axis=1)].intersection(
        second.index[(second > 0).all(axis=1)], sort=False
    )
    (models, y, x), (_, _, z) = (
        _aligned(score, compute.reindex(both)) for compute in (first, second)
    )
    groups = _members(within, models)

    def difference(weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
        return np.subtract(*(moments(weights, y, part.T[draws], groups)[:, :1] for part in (x, z)))

    return over_draws(
        how.of(models), difference, x.shape[1], ["contrast"], "difference of two correlations"
    )["contrast"]


def contrasts(
    scores: pd.DataFrame,
    budgets: Budgets,
    pairs: Mapping[str, tuple[str, str]],
    how: Resampling,
    within: pd.Series | None = None,
) -> Estimates:
    """`contrast` of each component's own budget with another: subjects `PC2/local-english`.

    Parameters
    ----------
    pairs : component -> (side, other side).

    All are compared over the models that have every budget.

    >>> from lib.stats import example
    >>> scores, pairs = example.scores(), {"exam-xx": ("local", "english")}
    >>> list(contrasts(scores, example.budgets(), pairs, example.resampling()))
    ['exam-xx/local-english']
    """
    known = np.logical_and.reduce(
        [(budgets.compute(side) > 0).all(axis=1) for side in budgets.tokens]
    )
    compute = {side: budgets.compute(side)[known] for side in budgets.tokens}
    return Estimates.from_rows(
        {
            f"{component}/{one}-{other}": contrast(
                scores[component], compute[one], compute[other], how, within
            )
            for component, (one, other) in pairs.items()
        }
    )


def band(
    score: pd.Series,
    compute: pd.DataFrame,
    seed: int,
    points: int = 60,
    level: float = LEVEL,
    at: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Line and prediction band of a law over the draws.

    Each draw gives an ordinary least-squares line and Student-t predictions for a further model
    (Draper and Smith, Applied Regression Analysis, section 1.4); the line is their median, the band
    the percentiles of one prediction from every draw at each point, repeated until there are
    enough.

    Parameters
    ----------
    at : budgets in FLOP; by default so many `points` from the smallest to the largest budget.

    Returns DataFrame: compute (FLOP), line, low, high.

    >>> from lib.stats import example
    >>> compute = example.budgets().compute("local")
    >>> line = band(example.scores()["exam-xx"], compute, seed=1, points=5)
    >>> line["line"].is_monotonic_increasing, line["low"].lt(line["high"]).all().item()
    (True, True)
    """
    _, y, x = _aligned(score, compute)
    n, draws = x.shape
    grid = np.linspace(x.min(), x.max(), points) if at is None else np.log10(np.asarray(at, float))
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
    shuffled = np.random.default_rng(seed).permutation(t)[:, None]
    predictions = np.tile(fitted, (repeats, 1)) + shuffled * np.tile(spread, (repeats, 1))
    low, high = np.percentile(predictions, [50 * (1 - level), 100 - 50 * (1 - level)], axis=0)
    return pd.DataFrame(
        {"compute": 10**grid, "line": np.median(fitted, axis=0), "low": low, "high": high}
    )


def bands(
    scores: pd.DataFrame, budgets: Budgets, subjects: Iterable[str], seed: int
) -> dict[str, pd.DataFrame]:
    """`band` of each component and side, by `PC1/english`.

    >>> from lib.stats import example
    >>> list(bands(example.scores(), example.budgets(), ["exam-xx/local"], seed=1))
    ['exam-xx/local']
    """
    parts = {subject: subject.split("/") for subject in subjects}
    return {
        subject: band(scores[k], budgets.compute(side), seed)
        for subject, (k, side) in parts.items()
    }


def expected(
    score: pd.Series, compute: pd.DataFrame, tokens: Sequence[float], parameters: float, seed: int
) -> Estimates:
    """Where a further model of so many parameters would stand after so many tokens, by its law: the
    share of the models here that score lower, with the ends of the prediction band.

    Parameters
    ----------
    tokens, parameters : in billions; compute is 6 N D.

    Returns
    -------
    Estimates by number of tokens, with columns compute (FLOP) and seen (whether it lies among the
    budgets of models here).

    >>> from lib.stats import example
    >>> compute = example.budgets().compute("total")
    >>> found = expected(example.scores()["exam-xx"], compute, [10, 1000], parameters=7, seed=1)
    >>> found.values.is_monotonic_increasing, found.frame["seen"].tolist()
    (True, [False, True])
    """
    found = band(
        score,
        compute,
        seed,
        at=[FLOP_PER_PARAMETER_AND_TOKEN * parameters * each * BILLION**2 for each in tokens],
    )
    models, y, x = _aligned(score, compute)
    below = {
        column: [float((y < value).mean()) for value in found[end]]
        for column, end in (("value", "line"), ("low", "low"), ("high", "high"))
    }
    frame = pd.DataFrame(
        below,
        index=[
            words.number(each, ",g").replace(",", "\N{NARROW NO-BREAK SPACE}") for each in tokens
        ],
    )
    least, most = 10 ** np.quantile(np.median(x, axis=1), [0, 1])
    seen = [bool(least <= each <= most) for each in found["compute"]]
    return Estimates(
        frame.assign(
            compute=found["compute"].to_numpy(),
            seen=pd.Series(seen, frame.index, dtype=object),
            level=LEVEL,
            n=len(models),
            method="prediction band of a log-linear law",
        )
    )
