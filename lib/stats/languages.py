"""What do many languages say together?  One number of each, models that stand in all of them, and
languages that are related.

The same models are measured in language after language, so the languages' numbers err together;
and languages of one family, whose speakers share texts and tests, are no independent witnesses.  So
a mean over languages leaves out each lineage of models in turn (from every language at once) and
each family of languages in turn, and both variances are added, as for pairs of models (see
`makers`):

    V = V_lineage + V_family,    mean +- t sqrt(V),    t on min(lineages, families) - 1 degrees.

How far the languages truly differ is tau of a random-effects meta-analysis whose errors are those
that leaving out lineages shows, the correlations between languages included.  Shares of variance
are averaged as Fisher's z, on which no interval leads beyond all or nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from lib.stats.estimates import Estimates
from lib.stats.jackknife import half_width, left_out, variance
from lib.stats.verdicts import LEVEL


def fisher(share):
    """Fisher's z of the correlation whose square is the share of variance.

    >>> float(fisher(0.25).round(3))
    0.549
    """
    return np.arctanh(np.sqrt(np.clip(share, 0, 1 - 1e-9)))


def as_share(z):
    """The share of variance of Fisher's z; below 0 it is none.

    >>> float(as_share(0.549).round(2)), float(as_share(-0.5))
    (0.25, 0.0)
    """
    return np.tanh(np.clip(z, 0, None)) ** 2


def shares(found: Estimates) -> Estimates:
    """A table of z as one of shares of variance.

    >>> frame = pd.DataFrame({"value": [0.549], "low": [-0.1], "high": [1.0]}, index=["mean"])
    >>> str(shares(Estimates(frame)))
    'mean 0.25 [0.00, 0.58]'
    """
    ends = {end: as_share(found.frame[end]) for end in ("value", "low", "high")}
    return Estimates(found.frame.assign(**ends))


@dataclasses.dataclass(frozen=True)
class Measured:
    """One number of each language, and without each lineage of models.

    value : Series, language -> number. without : DataFrame, lineage left out x language.
    models : Series, language -> how many models.

    >>> one = pd.Series({"xx": 1.0})
    >>> Measured(one, pd.DataFrame({"xx": [1.0, 3.0]}), one).errors
    array([[2.]])
    """

    value: pd.Series
    without: pd.DataFrame
    models: pd.Series

    def of(self, languages: Sequence[str]) -> Measured:
        """The same for these languages alone."""
        chosen = list(languages)
        return Measured(self.value[chosen], self.without[chosen], self.models[chosen])

    def less(self, other: Measured) -> Measured:
        """The difference from another number of the same languages, lineage by lineage."""
        both = [each for each in self.value.index if each in other.value.index]
        mine, theirs = self.of(both), other.of(both)
        return Measured(mine.value - theirs.value, mine.without - theirs.without, mine.models)

    @property
    def as_z(self) -> Measured:
        """Shares of variance as Fisher's z of their roots, from no share (0) upwards; `as_share`
        leads back.

        >>> value = pd.Series({"xx": 0.25})
        >>> found = Measured(value, pd.DataFrame([value]), value).as_z
        >>> found.value.round(3).to_dict(), float(as_share(found.value["xx"]).round(2))
        ({'xx': 0.549}, 0.25)
        """
        return Measured(fisher(self.value), fisher(self.without), self.models)

    @property
    def errors(self) -> np.ndarray:
        """How the languages' numbers err together: the jackknife's covariance (languages x
        languages), (G - 1) / G times the products about the value of the whole."""
        about = (self.without - self.value).to_numpy()
        return (len(about) - 1) / len(about) * about.T @ about

    @property
    def estimates(self) -> Estimates:
        """Each language with the interval that leaves out lineages."""
        half = half_width(np.diag(self.errors), len(self.without))
        frame = pd.DataFrame({"value": self.value, "n": self.models}).assign(
            low=self.value - half,
            high=self.value + half,
            level=LEVEL,
            groups=len(self.without),
            units="lineages",
            method="jackknife over lineages",
        )
        return Estimates(frame)


def measured(tables: Mapping[str, pd.DataFrame], lineages: pd.Series, statistic) -> Measured:
    """A number of every language, of all models and without each lineage in turn.

    Parameters
    ----------
    tables : language -> whatever `statistic` takes, a row a model.
    lineages : Series, model -> lineage.
    statistic : such a table and weights (r x models) -> the number for each row of weights; NaN
        where its models do not tell.

    >>> tables = {"xx": pd.DataFrame({"a": [1.0, 2.0, 6.0]}, index=["m", "n", "o"])}
    >>> lineages = pd.Series({"m": "x", "n": "x", "o": "y"})
    >>> found = measured(tables, lineages, lambda t, w: w @ t["a"].to_numpy() / w.sum(axis=1))
    >>> found.value.to_dict(), found.without["xx"].to_dict()
    ({'xx': 3.0}, {'x': 6.0, 'y': 1.5})
    """
    there = set().union(*(table.index for table in tables.values()))
    names = list(dict.fromkeys(lineages[lineages.index.isin(there)]))
    found = {}
    for code, table in tables.items():
        own = lineages[table.index].to_numpy()
        left = np.array([own != name for name in names], float).reshape(len(names), len(own))
        found[code] = statistic(table, np.vstack([np.ones(len(own)), left]))
    numbers = pd.DataFrame(found, ["", *names])
    models = pd.Series({code: len(table) for code, table in tables.items()})
    return Measured(numbers.iloc[0].rename(None), numbers.iloc[1:], models)


def mean(
    found: Measured, families: pd.Series, what: str = "mean", level: float = LEVEL
) -> Estimates:
    """The mean over languages, lineages of models and families of languages left out in turn.

    Parameters
    ----------
    families : Series, language -> family.
    what : the name of the one row.

    >>> value = pd.Series({"xx": 0.5, "yy": 0.7})
    >>> without = pd.DataFrame({"xx": [0.5, 0.6, 0.4], "yy": [0.7, 0.8, 0.6]})
    >>> found = Measured(value, without, pd.Series({"xx": 9, "yy": 9}))
    >>> str(mean(found, pd.Series({"xx": "f", "yy": "g"})))
    'mean 0.60 [−1.34, 2.54]'
    """

    def centre(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
        return values[..., kept].mean(axis=-1)

    return _over(found, families, centre, what, "mean over languages", level)


def difference(
    found: Measured, these: Sequence[str], families: pd.Series, what: str = "difference"
) -> Estimates:
    """Mean of some languages less that of the others, lineages and families left out in turn.

    A family without which either side is empty cannot be left out; it does not count then.

    >>> value = pd.Series({"xx": 0.5, "yy": 0.7, "zz": 0.6, "ww": 0.8})
    >>> found = Measured(value, pd.DataFrame([value] * 3), value)
    >>> str(difference(found, ["yy", "ww"], pd.Series(dict(zip(value.index, "fghi")))))
    'difference 0.20 [−0.17, 0.57]'
    """
    chosen = found.value.index.isin(list(these))

    def apart(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
        sides = [values[..., kept & chosen], values[..., kept & ~chosen]]
        if not all(side.shape[-1] for side in sides):
            return np.full(values.shape[:-1], np.nan)
        return sides[0].mean(axis=-1) - sides[1].mean(axis=-1)

    return _over(found, families, apart, what, "difference of means over languages", LEVEL)


def _over(
    found: Measured, families: pd.Series, statistic: Callable, what: str, how: str, level: float
) -> Estimates:
    """A statistic (values over languages, which languages to keep) with its interval."""
    values = found.value.to_numpy()
    everyone = np.ones(len(values), bool)
    value = float(statistic(values, everyone))
    without = left_out(
        lambda kept: np.atleast_1d(statistic(values, kept)), families[found.value.index].tolist()
    )[1][:, 0]
    half, counted = _half(value, statistic(found.without.to_numpy(), everyone), without, level)
    row = {"value": value, "low": value - half, "high": value + half, "n": len(values), **counted}
    method = f"{how}, jackknife over lineages and over families"
    return Estimates(pd.DataFrame([row | {"method": method}], index=[what]))


def _half(
    value: float, by_lineage: np.ndarray, by_family: np.ndarray, level: float
) -> tuple[float, dict]:
    """Half an interval from what a number is without each lineage and without each family (NaN
    where it is not defined), and what it counts."""
    parts = {"lineages": by_lineage, "families": by_family}
    parts = {units: values[~np.isnan(values)] for units, values in parts.items()}
    fewest = min(parts, key=lambda units: len(parts[units]))
    total = np.sum([variance(np.array(value), part) for part in parts.values()], axis=0)
    groups = len(parts[fewest])
    counted = {"level": level, "groups": groups, "units": fewest}
    return float(half_width(total, groups, level)), counted


@dataclasses.dataclass(frozen=True)
class Spread:
    """How far languages differ beyond what the choice of models explains.

    tau : standard deviation of the languages' true numbers about their mean. low, high : where a
        further language's true number is expected.

    >>> Spread(0.1, 0.5, 0.9).tau
    0.1
    """

    tau: float
    low: float
    high: float


def spread(found: Measured, families: pd.Series, level: float = LEVEL) -> Spread:
    """Random effects over languages, whose errors are correlated since models are shared.

    The variance of the numbers is that of the true ones plus what errors add, their mean variance
    less their mean covariance (the moment estimator of Hedges 1983, Psychological Bulletin 93:2,
    for errors that are not independent); nothing is weighted, since weights made from strongly
    correlated errors can lead outside of the data.  A further language lies about the mean with tau
    and the mean's own error, and Student's t on families - 1.

    >>> value = pd.Series({"xx": 0.0, "yy": 1.0, "zz": 2.0, "ww": 3.0})
    >>> found = Measured(value, pd.DataFrame([value] * 5), value)
    >>> round(spread(found, pd.Series(dict(zip(value.index, "fghi")))).tau, 2)
    1.29
    """
    values, errors = found.value.to_numpy(), found.errors
    count = len(values)
    between = (errors.sum() - np.trace(errors)) / (count * (count - 1))
    tau2 = max(0.0, float(values.var(ddof=1) - (np.trace(errors) / count - between)))
    mid = mean(found, families, level=level).frame.iloc[0]
    t = float(stats.t.ppf((1 + level) / 2, mid["groups"] - 1))
    half = t * (tau2 + ((mid["high"] - mid["low"]) / 2 / t) ** 2) ** 0.5
    return Spread(tau2**0.5, float(mid["value"] - half), float(mid["value"] + half))


def along(found: Measured, measures: pd.DataFrame, families: pd.Series) -> Estimates:
    """Does the number go along with what is known of the languages?  Rank correlations.

    Parameters
    ----------
    measures : DataFrame, language x measure; a language without one is left out of that row.

    Returns
    -------
    Estimates by measure.  The interval leaves out lineages and families in turn, on the scale of
    Fisher's z, so that it stays within -1 and 1.  None for a measure of fewer than four languages.

    >>> value = pd.Series({"xx": 0.1, "yy": 0.2, "zz": 0.4, "ww": 0.3})
    >>> found = Measured(value, pd.DataFrame([value, value, value]), value)
    >>> known = pd.DataFrame({"web-words": {"xx": 1, "yy": 2, "zz": 3, "ww": 4}})
    >>> str(along(found, known, pd.Series(dict(zip(value.index, "ffgh")))))
    'web-words 0.80 [−1.00, 1.00]'
    """
    rows = {}
    for name in measures:
        known = measures[name].dropna()
        languages = [each for each in found.value.index if each in known.index]
        if len(languages) >= 4:
            rows[name] = _along(found.of(languages), known[languages], families[languages])
    return Estimates.from_rows(rows)


def _along(found: Measured, known: pd.Series, families: pd.Series) -> dict:
    values, others = found.value.to_numpy(), known.to_numpy()

    def z(some: np.ndarray, other: np.ndarray) -> float:
        if len(set(some)) < 2 or len(set(other)) < 2:
            return np.nan
        return float(np.arctanh(np.clip(_spearman(some, other), -0.999, 0.999)))

    whole, by_family = left_out(
        lambda kept: np.array([z(values[kept], others[kept])]), families.tolist()
    )
    by_lineage = np.array([z(row, others) for row in found.without.to_numpy()])
    half, counted = _half(float(whole[0]), by_lineage, by_family[:, 0], LEVEL)
    return {
        "value": _spearman(values, others),
        "low": float(np.tanh(whole[0] - half)),
        "high": float(np.tanh(whole[0] + half)),
        "n": len(values),
        **counted,
        "method": "rank correlation over languages, jackknife over lineages and over families",
    }


def _spearman(some: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(stats.rankdata(some), stats.rankdata(other))[0, 1])


def foretold(value: pd.Series, measures: pd.DataFrame, families: pd.Series) -> pd.DataFrame:
    """Each language's number as the languages of other families foretell it.

    A straight line (least squares) in the measures, fitted without the language's whole family;
    beside it the mean of those languages, which knows nothing of the one asked for.

    Returns
    -------
    DataFrame by language: value, line, mean. Languages that lack a measure are left out.

    >>> value = pd.Series({"xx": 1.0, "yy": 2.0, "zz": 3.0, "ww": 4.0})
    >>> known = pd.DataFrame({"log-words": value * 10})
    >>> told = foretold(value, known, pd.Series(dict(zip(value.index, "fghi"))))
    >>> told.round(6).loc["xx"].to_dict()
    {'value': 1.0, 'line': 1.0, 'mean': 3.0}
    """
    known = measures.dropna().loc[lambda table: table.index.isin(value.index)]
    design = np.column_stack([np.ones(len(known)), known.to_numpy(float)])
    values, labels = value[known.index].to_numpy(), families[known.index].to_numpy()
    rows = {}
    for place, language in enumerate(known.index):
        others = labels != labels[place]
        fitted = np.linalg.lstsq(design[others], values[others], rcond=None)[0]
        rows[language] = {
            "value": values[place],
            "line": float(design[place] @ fitted),
            "mean": float(values[others].mean()),
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "line", "mean"])
