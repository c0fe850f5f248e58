"""How much of a score is chance, and what can so few models tell?  Sampling error, reliability, power.

A benchmark is a sample of items.  The error of a mean of n item scores between 0 and 1 is at most
sqrt(p (1 - p) / n), p the score, and exactly that where items are right or wrong.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from lib.stats.estimates import LEVEL, Estimates

#: Metrics that are a mean of item scores between 0 and 1; BLEU is of the whole corpus and has no such error.
PER_ITEM = ("accuracy", "exact match", "f1", "pass@1", "rouge")


def per_item(metric: str) -> bool:
    """Whether a metric is a mean over items."""
    return any(word in str(metric).lower() for word in PER_ITEM)


def sampling_error(scores: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Largest standard error of each score from the benchmark's number of items, models x benchmarks.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks, fractions.
    evaluations : DataFrame of one snapshot, with benchmark_id, metric, items; NaN comes out where either is unknown, the
        metric is not a mean over items, or scores are not fractions.
    """
    known = evaluations.set_index("benchmark_id").reindex(scores.columns)
    usable = known["metric"].map(per_item) & ((scores >= 0) & (scores <= 1)).where(scores.notna(), True).all()
    items = known["items"].astype(float).where(usable)
    return np.sqrt(scores.clip(0, 1) * (1 - scores.clip(0, 1)) / items)


def reliability(scores: pd.DataFrame, errors: pd.DataFrame) -> pd.Series:
    """Share of a benchmark's variance between models that is not sampling error: 1 - mean(error^2) / variance."""
    return (1 - (errors**2).mean() / scores.var(ddof=1)).where(errors.notna().any())


def disattenuated(correlation: float, first: float, second: float) -> float:
    """A correlation corrected for the unreliability of both benchmarks (Spearman 1904): r / sqrt(r_aa r_bb).

    It may exceed 1 by chance and is then given as it is; NaN where a reliability is unknown or not positive.
    """
    return correlation / np.sqrt(first * second) if first > 0 and second > 0 else np.nan


def inflation(pairs: Estimates) -> float:
    """How much wider related models make a correlation's standard error: median over pairs, lineages against models.

    `pairs` as from `correlation.pairs`; both intervals are taken on Fisher's scale and freed of their t quantiles.
    """
    frame = pairs.frame

    def error(low: str, high: str, units: pd.Series) -> pd.Series:
        span = np.arctanh(frame[high].clip(-0.999999, 0.999999)) - np.arctanh(frame[low].clip(-0.999999, 0.999999))
        return span / stats.t.ppf((1 + frame["level"]) / 2, units - 1)
    return float((error("low", "high", frame["groups"]) / error("low_ordinary", "high_ordinary", frame["n"])).median())


def power(correlation: float, n: int, units: int | None = None, inflated: float = 1.0,
          level: float = LEVEL) -> float:
    """Chance that n models tell a true correlation from zero, two-sided at 1 - level.

    On Fisher's scale the estimate has standard error inflated / sqrt(n - 3) and is tested with units - 1 degrees of
    freedom; `units` is the number of lineages, by default n.  The alternative is Student's t moved by the true value
    in standard errors, which is the noncentral t to two decimals here and does not break down far from zero.
    """
    degrees = (units or n) - 1
    critical = stats.t.ppf((1 + level) / 2, degrees)
    away = np.arctanh(correlation) * np.sqrt(n - 3) / inflated
    return float(stats.t.sf(critical - away, degrees) + stats.t.cdf(-critical - away, degrees))


def detectable(n: int, units: int | None = None, inflated: float = 1.0, level: float = LEVEL,
               wanted: float = 0.8) -> float:
    """The smallest true correlation that n models tell from zero with the wanted power."""
    return float(optimize.brentq(lambda r: power(r, n, units, inflated, level) - wanted, 1e-6, 0.99999))
