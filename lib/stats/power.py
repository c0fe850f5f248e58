"""How much of a score is chance, and what can so few models tell?  Sampling error, reliability,
power.

A benchmark is a sample of items.  The error of a mean of n item scores between 0 and 1 is at most
sqrt(p (1 - p) / n), p the score, and exactly that where items are right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import optimize, stats

from lib.stats.estimates import PAIR, Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import standardised
from lib.stats.verdicts import LEVEL

#: Metrics that are a mean of item scores between 0 and 1; BLEU is of the whole corpus and has no
#: such error.
PER_ITEM = ("accuracy", "exact match", "f1", "pass@1", "rouge")

#: Share of the models from which a benchmark that cannot tell them apart is called saturated.
CROWDED = 0.2


def per_item(metric: str) -> bool:
    """Whether a metric is a mean over items.

    >>> per_item("exact match (5 shots)"), per_item("BLEU")
    (True, False)
    """
    return any(word in str(metric).lower() for word in PER_ITEM)


def sampling_error(scores: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Largest standard error of each score from the benchmark's number of items, models x
    benchmarks.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks, fractions.
    evaluations : DataFrame by benchmark with metric and items; NaN comes out where either is
        unknown, the metric is not a mean over items, or scores are not fractions.

    >>> items = pd.DataFrame({"metric": ["accuracy"], "items": [100]}, index=["know"])
    >>> sampling_error(pd.DataFrame({"know": [0.5, 0.9]}, ["a", "b"]), items)["know"].to_dict()
    {'a': 0.05, 'b': 0.03}
    """
    known = evaluations.reindex(scores.columns)
    usable = (
        known["metric"].map(per_item)
        & ((scores >= 0) & (scores <= 1)).where(scores.notna(), True).all()
    )
    items = known["items"].astype(float).where(usable)
    variance = scores.clip(0, 1) * (1 - scores.clip(0, 1)) / items
    return pd.DataFrame(np.sqrt(variance), scores.index, scores.columns)


def known_errors(
    scores: pd.DataFrame, evaluations: pd.DataFrame, published: pd.DataFrame
) -> pd.DataFrame:
    """Standard errors of scores, models x benchmarks: as published, else the largest that the items
    allow.

    >>> items = pd.DataFrame({"metric": ["accuracy"], "items": [100]}, index=["know"])
    >>> published = pd.DataFrame({"know": [0.02, np.nan]}, ["a", "b"])
    >>> scores = pd.DataFrame({"know": [0.5, 0.5]}, ["a", "b"])
    >>> known_errors(scores, items, published)["know"].tolist()
    [0.02, 0.05]
    """
    return published.reindex_like(scores).combine_first(sampling_error(scores, evaluations))[
        scores.columns
    ]


def told_apart(
    scores: pd.DataFrame, errors: pd.DataFrame, chance: pd.Series, level: float = LEVEL
) -> pd.DataFrame:
    """Where a benchmark is too easy or too hard for its models, by benchmark.

    Parameters
    ----------
    scores, errors : DataFrames, models x benchmarks: scores and their standard errors.
    chance : Series, benchmark -> what guessing scores, NaN where that is unknown.

    Returns
    -------
    DataFrame by benchmark: `best`, models that its items cannot tell from the best one, that one
    among them; `guessing`, models that they cannot tell from guessing. NaN where an error, or what
    guessing scores, is unknown.

    >>> scores = pd.DataFrame({"know": [0.26, 0.90, 0.91]})
    >>> told_apart(scores, 0 * scores + 0.02, pd.Series({"know": 0.25})).loc["know"].tolist()
    [2.0, 1.0]
    """
    z = stats.norm.ppf((1 + level) / 2)
    top = scores.idxmax()
    best_error = pd.Series({each: errors.at[model, each] for each, model in top.items()})
    near_best = scores.max() - scores <= z * np.sqrt(errors**2 + best_error**2)
    near_chance = scores - chance.reindex(scores.columns) <= z * errors
    known = errors.notna().any()
    return pd.DataFrame(
        {
            "best": near_best.sum().where(known).astype(float),
            "guessing": near_chance.sum().where(known & chance.notna()).astype(float),
        }
    ).loc[scores.columns]


def crowded(alike: pd.DataFrame, models: int, share: float = CROWDED) -> dict[str, Estimates]:
    """Benchmarks that saturate: where their items cannot tell so large a share of the models from
    the best one, or from guessing.

    Parameters
    ----------
    alike : as from `told_apart`.     models : how many there are.

    Returns
    -------
    dict, a column of `alike` -> Estimates of the number of such models, the largest first.

    >>> alike = pd.DataFrame({"best": [2.0, 9.0], "guessing": [np.nan, 1]}, index=["know", "code"])
    >>> [found.written(".0f") for found in crowded(alike, models=20).values()]
    ['code 9', 'none']
    """
    counts = {end: alike[end].dropna().astype(float) for end in map(str, alike)}
    many = {end: count[count >= share * models] for end, count in counts.items()}
    return {end: Estimates(found.to_frame("value")).sorted() for end, found in many.items()}


def reliability(scores: pd.DataFrame, errors: pd.DataFrame) -> pd.Series:
    """Share of a benchmark's variance between models that is not sampling error: 1 - mean(error^2)
    / variance.

    >>> scores, errors = pd.DataFrame({"know": [0.2, 0.4, 0.6]}), pd.DataFrame({"know": [0.1] * 3})
    >>> reliability(scores, errors).round(2).to_dict()
    {'know': 0.75}
    """
    return (1 - (errors**2).mean() / scores.var(ddof=1)).where(errors.notna().any())


def reliabilities(scores: pd.DataFrame, errors: pd.DataFrame, how: Resampling) -> Estimates:
    """`reliability` with intervals, for the benchmarks of which an error is known, with columns
    error (the mean).

    Parameters
    ----------
    scores, errors : DataFrames, models x benchmarks; a score or error that is missing counts as the
        mean.

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> str(reliabilities(scores, 0 * scores + 0.05, example.resampling()))
    'exam-xx 0.90 [0.41, 0.94]'
    """
    known = [each for each in scores.columns if errors[each].notna().any()]
    table, squared = scores[known].fillna(scores[known].mean()), errors[known] ** 2
    x, chance = table.to_numpy(float), squared.fillna(squared.mean()).to_numpy(float)

    def share_left(weights: np.ndarray) -> np.ndarray:
        share = weights / weights.sum(axis=1, keepdims=True)
        variance = (share @ x**2 - (share @ x) ** 2) * len(x) / (len(x) - 1)
        return 1 - share @ chance / np.where(variance > 1e-12, variance, np.nan)

    found = how.of(table.index).estimates(
        share_left,
        known,
        "1 - mean squared sampling error / variance",
        reliability(scores, errors)[known].to_numpy(),
    )
    return Estimates(found.frame.assign(error=errors[known].mean()))


def corrected(pairs: Estimates, known: Mapping[str, float], fully: bool = True) -> Estimates:
    """Correlations and their intervals corrected for unreliability (see `disattenuated`), taken as
    known.

    Parameters
    ----------
    pairs : correlations by `A~B`.
    known : benchmark -> reliability, those above zero.
    fully : only pairs of which both are known; otherwise one is enough, and the other counts as
        without error.

    >>> known = {"level": 0.95, "n": 9, "groups": 9, "units": "lineages"}
    >>> r = Estimates.from_rows({"x~y": {"value": 0.6, "low": 0.4, "high": 0.7} | known})
    >>> str(corrected(r, {"x": 0.8, "y": 0.8}))
    'x~y 0.75 [0.50, 0.88]'
    """
    wanted = all if fully else any
    some = pairs.of(
        [pair for pair in pairs if wanted(known.get(each, 0) > 0 for each in pair.split(PAIR))]
    )
    scale = [
        1 / np.sqrt(np.prod([known.get(each, 1.0) for each in pair.split(PAIR)])) for pair in some
    ]
    ends = some.frame[["value", "low", "high"]].mul(scale, axis=0)
    method = "corrected for unreliability, reliabilities taken as known"
    return Estimates(some.frame[["level", "n", "groups", "units"]].assign(method=method).join(ends))


def kinship(scores: pd.DataFrame, groups: pd.Series) -> pd.Series:
    """Share of each benchmark's variance that is common to a group of models, 0 to 1.

    The intraclass correlation from the one-way analysis of variance (Fisher 1925), with groups of
    unequal size.

    >>> scores = pd.DataFrame({"x": [1.0, 1, 5, 5], "y": [1.0, 5, 1, 5]}, index=list("abcd"))
    >>> kinship(scores, pd.Series(list("ppqq"), index=list("abcd"))).tolist()
    [1.0, 0.0]
    """
    z, groups = standardised(scores), groups.loc[scores.index]
    size, means = groups.value_counts(), z.groupby(groups.to_numpy()).mean()
    across = (means - z.mean()).pow(2).mul(size, axis=0).sum() / (len(size) - 1)
    inside = (z - means.loc[groups].to_numpy()).pow(2).sum() / (len(z) - len(size))
    typical = (len(z) - (size**2).sum() / len(z)) / (len(size) - 1)
    return ((across - inside) / (across + (typical - 1) * inside)).clip(0, 1)


def wilson(
    share: np.ndarray, count: np.ndarray, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval for a share seen in so many independent trials (Wilson 1927).

    >>> [round(float(end), 3) for end in wilson(0.95, 200)]
    [0.91, 0.973]
    """
    z = stats.norm.ppf((1 + level) / 2)
    middle = (share + z**2 / 2 / count) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / 4 / count**2)
    return middle - half, middle + half


def disattenuated(correlation: float, first: float, second: float) -> float:
    """A correlation corrected for the unreliability of both benchmarks (Spearman 1904): r /
    sqrt(r_aa r_bb).

    It may exceed 1 by chance and is then given as it is; NaN where a reliability is unknown or not
    positive.

    >>> round(float(disattenuated(0.6, 0.8, 0.8)), 2)
    0.75
    """
    return correlation / np.sqrt(first * second) if first > 0 and second > 0 else np.nan


def inflation(pairs: Estimates) -> float:
    """How much wider related models make a correlation's standard error: median over pairs,
    lineages against models.

    `pairs` as from `correlation.pairs`; both intervals are taken on Fisher's scale and freed of
    their t quantiles.

    >>> from lib.stats import example
    >>> from lib.stats import correlation
    >>> inflation(correlation.pairs(example.scores(), example.resampling())) > 1
    True
    """
    frame = pairs.frame

    def error(low: str, high: str, units: pd.Series) -> pd.Series:
        span = np.arctanh(frame[high].clip(-0.999999, 0.999999)) - np.arctanh(
            frame[low].clip(-0.999999, 0.999999)
        )
        return pd.Series(span / stats.t.ppf((1 + frame["level"]) / 2, units - 1), frame.index)

    return float(
        (
            error("low", "high", frame["groups"])
            / error("low_ordinary", "high_ordinary", frame["n"])
        ).median()
    )


def power(
    correlation: float,
    n: int,
    units: int | None = None,
    inflated: float = 1.0,
    level: float = LEVEL,
) -> float:
    """Chance that n models tell a true correlation from zero, two-sided at 1 - level.

    On Fisher's scale the estimate has standard error inflated / sqrt(n - 3) and is tested with
    units - 1 degrees of freedom; `units` is the number of lineages, by default n.  The alternative
    is Student's t moved by the true value in standard errors, which is the noncentral t to two
    decimals here and does not break down far from zero.

    >>> round(power(0.5, n=35), 2), round(power(0.5, n=35, units=8), 2)
    (0.86, 0.76)
    """
    degrees = (units or n) - 1
    critical = stats.t.ppf((1 + level) / 2, degrees)
    away = np.arctanh(correlation) * np.sqrt(n - 3) / inflated
    return float(stats.t.sf(critical - away, degrees) + stats.t.cdf(-critical - away, degrees))


def curve(
    n: int, units: int | None = None, inflated: float = 1.0, level: float = LEVEL
) -> pd.Series:
    """`power` by the size of the true correlation, 0 to 0.99.

    >>> float(curve(35).round(2)[0.5])
    0.86
    """
    return pd.Series(
        {r: power(r, n, units, inflated, level) for r in np.linspace(0, 0.99, 100).round(2)}
    )


def detectable(
    n: int,
    units: int | None = None,
    inflated: float = 1.0,
    level: float = LEVEL,
    wanted: float = 0.8,
) -> float:
    """The smallest true correlation that n models tell from zero with the wanted power.

    >>> round(detectable(35), 2)
    0.47
    """
    return optimize.root_scalar(
        lambda r: power(r, n, units, inflated, level) - wanted, bracket=(1e-6, 0.99999)
    ).root


def largest(pairs: Estimates) -> Estimates:
    """The one whose value lies farthest from zero.

    >>> str(largest(Estimates.from_rows({"x": {"value": -0.9}, "y": {"value": 0.4}})))
    'x −0.90'
    """
    return pairs.of(list(pairs.values.abs().nlargest(1).index))


def smallest(pairs: Estimates) -> Estimates:
    """The one whose value lies nearest to zero.

    >>> str(smallest(Estimates.from_rows({"x": {"value": -0.9}, "y": {"value": 0.4}})))
    'y 0.40'
    """
    return pairs.of(list(pairs.values.abs().nsmallest(1).index))
