"""What will the next models score?  Predictions with intervals, and how good such predictions were.

Three questions are asked ahead of the data: how a continued model will differ from its parent, what
a model of given English will score in the local language, and how much of local skill English will
explain once the data sets are others.  A prediction is a whole distribution, held as its quantiles
at SHARES, and is judged by three numbers (Gneiting and Raftery 2007, Journal of the American
Statistical Association 102:477):

coverage    how often the interval holds what came,
width       how wide it is,
crps        the continuous ranked probability score, lower is better: the distance of the prediction
            from what came, in the unit of the scores; for a prediction without spread it is the
            absolute error.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from lib.stats import effects, jackknife
from lib.stats.equal_english import FREEDOM, spline
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import standardised
from lib.stats.verdicts import LEVEL

#: Shares below the quantiles that stand for a predicted distribution.
SHARES = np.arange(1, 200) / 200
#: Degree of the function of English whose share is predicted, as the page on local ability has it.
DEGREE = 2
MEASURES = ("coverage", "width", "crps")


# --- what is predicted ----------------------------------------------------------------------------


def changes(
    changes: pd.DataFrame, pairs: pd.DataFrame, kinds: pd.Series, steps: int = effects.ROUGH
) -> pd.DataFrame:
    """The change of the next pair, of a new maker with a new parent: benchmarks x SHARES.

    Parameters
    ----------
    changes, pairs, kinds : as `effects.fit` takes them, in standard deviations of the benchmark.

    >>> pairs = pd.DataFrame({"parent": list("pqpqrs"), "maker": list("mmnnoo")})
    >>> seen = pd.DataFrame({"a": [0.9, 1.1, 1.0, 0.8, 1.2, 1.0]})
    >>> interval(changes(seen, pairs, pd.Series({"a": "local"}))).round(1).loc["a"].to_dict()
    {'value': 1.0, 'low': 0.4, 'high': 1.6}
    """
    return effects.fit(changes, pairs, kinds, steps=steps).next_change(SHARES)


def at_equal_english(
    scores: pd.DataFrame,
    english: pd.Series,
    trained: pd.Series,
    makers: pd.Series,
    at: pd.DataFrame,
    freedom: int = FREEDOM,
) -> dict[str, pd.DataFrame]:
    """Scores of new models given their English and whether they were trained on local text.

    As in `equal_english`, a score is a natural spline of the English composite plus a step for
    training on local text.  How far a new maker's model may lie from it is taken from the models
    themselves: the root mean square of what is missed where each maker in turn is left out, with
    Student's t on one degree of freedom less than there are makers.

    Parameters
    ----------
    scores : models x local benchmarks.  english, trained, makers : by model.
    at : new cases, with columns english and trained.

    Returns
    -------
    benchmark -> DataFrame, cases x SHARES.

    >>> x = pd.Series(np.arange(8.0))
    >>> scores, makers = pd.DataFrame({"know": x / 10 + [0, 0.1] * 4}), pd.Series(list("abcdabcd"))
    >>> at = pd.DataFrame({"english": [2.0], "trained": [1.0]}, index=["new"])
    >>> found = at_equal_english(scores, x, pd.Series([0, 1] * 4), makers, at, freedom=1)
    >>> interval(found["know"]).round(3).loc["new"].to_dict()
    {'value': 0.3, 'low': 0.3, 'high': 0.3}
    """
    x = english.loc[scores.index].to_numpy(float)
    indicator = trained.loc[scores.index].to_numpy(float)
    design = np.column_stack([np.ones(len(x)), indicator, spline(x, freedom)])
    new = np.column_stack(
        [
            np.ones(len(at)),
            at["trained"].to_numpy(float),
            spline(x, freedom, at["english"].to_numpy(float)),
        ]
    )
    values, groups = scores.to_numpy(float), makers.loc[scores.index].to_numpy()

    def fitted(kept: np.ndarray) -> np.ndarray:
        return np.linalg.lstsq(design[kept], values[kept], rcond=None)[0]

    whole, without = jackknife.left_out(fitted, groups)
    numbers = pd.factorize(groups)[0]
    missed = values - np.einsum("ip,ipb->ib", design, without[numbers])
    spread = np.sqrt((missed**2).mean(axis=0))
    away = stats.t.ppf(SHARES, len(without) - 1)
    return {
        benchmark: pd.DataFrame(
            (new @ whole[:, place])[:, None] + spread[place] * away, at.index, SHARES
        )
        for place, benchmark in enumerate(map(str, scores))
    }


def student(values: np.ndarray, about: float | None = None) -> np.ndarray:
    """Quantiles at SHARES of the next value where values are independent and normal: about their
    mean, or about a value that is given.

    >>> student(np.array([1.0, 2.0, 3.0]))[[4, 99, 194]].round(2).tolist()
    [-2.97, 2.0, 6.97]
    """
    n = len(values)
    if about is None:
        spread = values.std(ddof=1) * np.sqrt(1 + 1 / n)
        return values.mean() + spread * stats.t.ppf(SHARES, n - 1)
    return about + np.sqrt(((values - about) ** 2).mean()) * stats.t.ppf(SHARES, n)


def explained(
    scores: pd.DataFrame, language: pd.Series, how: Resampling, degree: int = DEGREE
) -> pd.DataFrame:
    """What share of local skill English will explain once the data sets are others: quantiles, a
    row for each local benchmark and for their "composite", x SHARES.

    Each replicate draws lineages, and for the composite local benchmarks as well, with replacement.
    What takes the place of a benchmark is held to be like it in every other replicate, and like any
    local benchmark in the rest.

    >>> from lib.stats import example
    >>> found = explained(example.scores(), example.side(), example.resampling())
    >>> interval(found).round(1).loc["composite"].to_dict()
    {'value': 0.8, 'low': 0.5, 'high': 0.9}
    """
    z = standardised(scores)
    local = z.columns[(language.loc[z.columns] == "local").to_numpy()]
    english = z.drop(columns=local).to_numpy()
    rng, values, how = how.rng("explained"), z[local].to_numpy(), how.of(z.index)
    rows = []
    for weights in (row for chunk in how.chunks() for row in chunk):
        kept = np.repeat(np.arange(len(z)), weights.astype(int))
        parts = [each[kept] for each in (english, values)]
        scaled = [(each - each.mean(axis=0)) / np.maximum(each.std(axis=0), 1e-9) for each in parts]
        drawn = scaled[1][:, rng.integers(0, len(local), len(local))].mean(axis=1)
        targets = np.column_stack([scaled[1], drawn])
        shares = share(scaled[0].mean(axis=1), targets, degree)
        if len(rows) % 2:
            shares[:-1] = shares[rng.integers(0, len(local), len(local))]
        rows.append(shares)
    found = np.nanquantile(np.array(rows), SHARES, axis=0).T
    return pd.DataFrame(found, [*local, "composite"], SHARES)


def share(english: np.ndarray, targets: np.ndarray, degree: int = DEGREE) -> np.ndarray:
    """Share of each column's variance that a polynomial in English explains.

    >>> share(np.array([0.0, 1, 2, 3]), np.array([[0.0], [1], [4], [9]])).round(6).tolist()
    [1.0]
    """
    design = english[:, None] ** np.arange(degree + 1)
    rest = targets - design @ np.linalg.lstsq(design, targets, rcond=None)[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - rest.var(axis=0) / targets.var(axis=0)


def english_composite(scores: pd.DataFrame, scale: pd.DataFrame) -> pd.Series:
    """The English composite of any models, on the scale of others: the mean z-score by the mean and
    deviation (columns of `scale`) that those had.

    >>> scale = pd.DataFrame({"mean": [0.5], "deviation": [0.1]}, index=["en"])
    >>> english_composite(pd.DataFrame({"en": [0.7]}, index=["new"]), scale).round(6).to_dict()
    {'new': 2.0}
    """
    return ((scores[scale.index] - scale["mean"]) / scale["deviation"]).mean(axis=1)


def interval(quantiles: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Median and both ends of each predicted distribution: value, low, high.

    >>> interval(pd.DataFrame([SHARES], ["x"], SHARES)).round(3).loc["x"].to_dict()
    {'value': 0.5, 'low': 0.025, 'high': 0.975}
    """
    ends = {"value": 0.5, "low": (1 - level) / 2, "high": (1 + level) / 2}
    values = quantiles.to_numpy(float)
    return pd.DataFrame(
        {name: [np.interp(end, SHARES, row) for row in values] for name, end in ends.items()},
        quantiles.index,
    )


# --- how good it was ------------------------------------------------------------------------------


def crps(quantiles: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of each prediction (cases x SHARES): twice the mean
    quantile loss.

    >>> crps(np.full((1, len(SHARES)), 2.0), np.array([5.0])).round(6).tolist()
    [3.0]
    """
    away = observed[:, None] - quantiles
    return 2 * np.where(away > 0, SHARES * away, (SHARES - 1) * away).mean(axis=1)


def tried(
    rivals: Mapping[str, pd.DataFrame], observed: pd.Series, level: float = LEVEL
) -> pd.DataFrame:
    """Each prediction beside what came.

    Parameters
    ----------
    rivals : forecaster -> DataFrame, cases x SHARES.
    observed : Series, case -> what came; cases are (unit, benchmark).

    Returns
    -------
    DataFrame, a row a case and forecaster: unit, benchmark, forecaster, coverage (0 or 1), width,
    crps.

    >>> cases = pd.MultiIndex.from_tuples([("child", "know")])
    >>> sure = pd.DataFrame([np.full(len(SHARES), 0.5)], cases, SHARES)
    >>> tried({"sure": sure}, pd.Series([0.75], cases)).loc[0, list(MEASURES)].tolist()
    [0.0, 0.0, 0.25]
    """
    parts = []
    for name, quantiles in rivals.items():
        table = quantiles.loc[observed.index]
        ends, came = interval(table, level), observed.to_numpy(float)
        inside = (ends["low"].to_numpy() <= came) & (came <= ends["high"].to_numpy())
        parts.append(
            pd.DataFrame(
                {
                    "unit": observed.index.get_level_values(0),
                    "benchmark": observed.index.get_level_values(1),
                    "forecaster": name,
                    "coverage": inside.astype(float),
                    "width": (ends["high"] - ends["low"]).to_numpy(),
                    "crps": crps(table.to_numpy(float), came),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def judged(
    trials: pd.DataFrame, makers: pd.Series, measure: str, level: float = LEVEL
) -> Estimates:
    """The mean of a measure over all cases, by forecaster, with an interval that leaves each maker
    out in turn; NaN where there is a single one.

    >>> trials = pd.DataFrame({"unit": list("abc"), "forecaster": "ours", "crps": [0.1, 0.2, 0.3]})
    >>> str(judged(trials, pd.Series({"a": "m", "b": "n", "c": "o"}), "crps"))
    'ours 0.20 [−0.05, 0.45]'
    """
    table = trials.pivot_table(index="unit", columns="forecaster", values=measure, sort=False)
    values = table.to_numpy()
    found = _estimates(
        lambda kept: values[kept].mean(axis=0),
        makers.loc[table.index],
        table.columns,
        f"mean {measure}",
        level,
    )
    if measure != "coverage":
        return found
    ends = {end: found.frame[end].clip(0, 1) for end in ("low", "high")}
    return Estimates(found.frame.assign(low=ends["low"], high=ends["high"]))


def ahead_of_rivals(
    trials: pd.DataFrame, makers: pd.Series, ours: str, level: float = LEVEL
) -> Estimates:
    """How much lower the crps of `ours` is than that of each rival, as a share of the rival's.

    >>> trials = pd.DataFrame({"unit": ["a", "b"] * 2, "forecaster": ["us", "us", "it", "it"]})
    >>> found = ahead_of_rivals(trials.assign(crps=[1, 1, 2, 2]), pd.Series({"a": 1, "b": 2}), "us")
    >>> str(found)
    'it 0.50 [0.50, 0.50]'
    """
    table = trials.pivot_table(index="unit", columns="forecaster", values="crps", sort=False)
    rivals = [name for name in table if name != ours]
    values, labels = table[[ours, *rivals]].to_numpy(), makers.loc[table.index]

    def gained(kept: np.ndarray) -> np.ndarray:
        mean = values[kept].mean(axis=0)
        return 1 - mean[0] / mean[1:]

    return _estimates(gained, labels, rivals, "crps below a rival's, as a share of it", level)


def _estimates(statistic, makers: pd.Series, index, what: str, level: float) -> Estimates:
    labels = makers.to_numpy()
    whole, without = (
        jackknife.left_out(statistic, labels)
        if makers.nunique() > 1
        else (statistic(np.ones(len(labels), bool)), np.empty((1, 0)))
    )
    half = jackknife.half_width(jackknife.variance(whole, without), len(without), level)
    frame = pd.DataFrame({"value": whole, "low": whole - half, "high": whole + half})
    return Estimates(
        frame.set_axis(list(index)).assign(
            level=level,
            n=len(makers),
            groups=len(without),
            units="makers",
            method=f"{what}, jackknife over makers",
        )
    )
