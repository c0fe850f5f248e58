"""A mean over matched pairs whose parents and makers both repeat: how sure can it be?

Children of one parent share its noise, models of one maker its data, its craft and its habits of
measuring.  An interval that resamples parents alone takes the pairs of one maker for so many
witnesses.  Here both are left out in turn and both variances added:

    V = V_parent + V_maker,    mean +- t sqrt(V),    t on min(parents, makers) - 1 degrees.

Cameron, Gelbach and Miller (2011, Journal of Business and Economic Statistics 29:2) subtract the
variance within both, which counts twice; with few groups that covers too rarely here, and without
it the interval is rather too wide (MacKinnon, Nielsen and Webb 2024, arXiv 2406.08880, on both and
on jackknives of both).  `coverage` says how often it holds the truth, for the pairs at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib.stats import crossed, jackknife, matched_pairs
from lib.stats.estimates import Estimates
from lib.stats.jackknife import half_width, variance
from lib.stats.resampling import Resampling, codes
from lib.stats.scaling import DRAW_RANGE
from lib.stats.tables import FEWEST_MODELS, Labels
from lib.stats.verdicts import LEVEL

BOTH = ("parent", "maker")
#: Shares of a maker and of a parent in the variance of a pair, at which coverage is simulated.
MAKER_SHARES = (0, 0.15, 0.3, 0.45, 0.6)
PARENT_SHARES = (0, 0.2, 0.4)
#: Intervals whose coverage is compared, by what they leave out.
KINDS = {"parent and maker": BOTH, "parent alone": ("parent",), "maker alone": ("maker",)}


def mean(
    difference: pd.DataFrame,
    pairs: pd.DataFrame,
    by: Sequence[str] = BOTH,
    level: float = LEVEL,
    what: str = "mean difference",
) -> Estimates:
    """Mean of each column over pairs, with an interval that counts parents and makers.

    Parameters
    ----------
    difference : DataFrame, pairs x benchmarks; a benchmark that one of `pairs` lacks is left out.
    pairs : as from `matched_pairs.find`: the pairs to take, with their parent and maker.
    by : what is left out in turn; `("parent",)` where all pairs have one maker.

    Returns
    -------
    Estimates by benchmark.  n counts pairs, groups the makers (or what else `by` has fewest of);
    every column of `by` is counted besides, and the pairs that went up, down or neither (up, down,
    ties).  No interval where there is a single maker.  The ordinary interval takes every pair for a
    witness of its own.

    >>> pairs = pd.DataFrame({"parent": list("ppqq"), "maker": list("mnmn")})
    >>> str(mean(pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4]}), pairs))
    'know 0.25 [−1.17, 1.67]'
    """
    difference = difference.loc[difference.index.intersection(pairs.index, sort=False)]
    difference = difference.dropna(axis=1)
    if difference.empty:
        return Estimates.from_rows({})
    pairs, values = pairs.loc[difference.index], difference.to_numpy(float)
    labels = {f"{part}s": codes(pairs[part]) for part in by}
    counts = {part: int(numbers.max()) + 1 for part, numbers in labels.items()}
    fewest = min(counts, key=lambda part: counts[part])
    both = half(values.T, list(labels.values()), level)
    alone = half(values.T, [np.arange(len(values))], level)
    value = values.mean(axis=0)
    frame = pd.DataFrame({"value": value, "low": value - both, "high": value + both})
    frame = frame.set_axis(difference.columns).assign(
        level=level, n=len(values), groups=counts[fewest], units=fewest, **_others(counts, fewest)
    )
    return Estimates(
        frame.assign(
            method=f"{what}, jackknife over {' and over '.join(counts)}",
            low_ordinary=value - alone,
            high_ordinary=value + alone,
            **matched_pairs.counts(values),
        )
    )


def summary(difference: pd.DataFrame, pairs: pd.DataFrame, how: Resampling) -> Estimates:
    """`matched_pairs.summary` with the interval of `mean` in its place.

    How the interval over parents alone would have run stays beside it, as low_parents and
    high_parents; parents and makers are counted.

    >>> pairs = pd.DataFrame({"parent": list("ppqq"), "maker": list("mnmn")})
    >>> pairs = pairs.assign(lineage=pairs["parent"])
    >>> plan = Resampling(pairs["parent"], seed=1, replicates=50, units="parents")
    >>> found = summary(pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4]}), pairs, plan)
    >>> str(found), bool(found.frame.loc["know", "low_parents"] > 0)
    ('know 0.25 [−1.17, 1.67]', True)
    """
    table = matched_pairs.summary(difference, pairs, how)
    if not table.count:
        return table
    ends = table.frame[["low", "high"]].add_suffix("_parents")
    ours = mean(difference, pairs).frame
    kept = table.frame.drop(columns=ours.columns, errors="ignore")
    return Estimates(ours.join(ends).join(kept))


def witnessed(difference: pd.DataFrame, pairs: pd.DataFrame, how: Resampling) -> Estimates:
    """`summary` where there are two parents and two makers at least; where there are fewer,
    `matched_pairs.summary`, which resamples parents alone: the column units says which.

    >>> pairs = pd.DataFrame({"parent": list("ppqq"), "maker": "m"})
    >>> pairs = pairs.assign(lineage=pairs["parent"])
    >>> plan = Resampling(pairs["parent"], seed=1, replicates=50, units="parents")
    >>> witnessed(pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4]}), pairs, plan)["know"].units
    'parents'
    """
    enough = all(pairs[part].nunique(dropna=False) > 1 for part in BOTH)
    return (summary if enough else matched_pairs.summary)(difference, pairs, how)


def interval(
    statistic: Callable[[np.ndarray], np.ndarray],
    pairs: pd.DataFrame,
    index: Labels,
    what: str,
    spread: np.ndarray | float = 0.0,
    level: float = LEVEL,
) -> Estimates:
    """Any statistic of pairs with an interval that counts parents and makers, as `mean` does.

    Where there is one maker, parents alone are left out, and where leaving a maker out leaves
    nothing to compare there is no interval.

    Parameters
    ----------
    statistic : boolean array (pairs,), which to keep -> array (k,).     index : names of these k.
    spread : variance that comes from elsewhere, such as draws of what is undisclosed, to be added.

    >>> pairs = pd.DataFrame({"parent": list("ppqq"), "maker": list("mnmn")})
    >>> values = np.array([[0.1], [0.2], [0.3], [0.4]])
    >>> str(interval(lambda kept: values[kept].mean(axis=0), pairs, ["know"], "mean"))
    'know 0.25 [−1.17, 1.67]'
    """
    by = [part for part in BOTH if pairs[part].nunique(dropna=False) > 1] or ["parent"]
    left = {f"{part}s": jackknife.left_out(statistic, pairs[part].to_numpy()) for part in by}
    counts = {part: len(without) for part, (_, without) in left.items()}
    fewest = min(counts, key=lambda part: counts[part])
    whole = left[fewest][0]
    total = np.sum([variance(*each) for each in left.values()], axis=0) + spread
    half = half_width(total, counts[fewest], level)
    frame = pd.DataFrame({"value": whole, "low": whole - half, "high": whole + half}, list(index))
    return Estimates(
        frame.assign(
            level=level,
            n=len(pairs),
            groups=counts[fewest],
            units=fewest,
            method=f"{what}, jackknife over {' and over '.join(counts)}",
            **_others(counts, fewest),
        )
    )


def shift(difference: pd.DataFrame, pairs: pd.DataFrame, some: Iterable[str]) -> Estimates:
    """How much more the benchmarks changed in `some` of the pairs than in the others, parents and
    makers counted; a parent or maker with pairs on both sides is left out of both at once.

    Parameters
    ----------
    difference : DataFrame, pairs x benchmarks; a benchmark that any pair lacks is left out.
    some : children of the pairs that come first.

    Returns
    -------
    Estimates by benchmark; empty where all pairs are among `some`, or none.

    >>> pairs = pd.DataFrame({"parent": list("pqpq"), "maker": list("mmnn")}, index=list("abcd"))
    >>> difference = pd.DataFrame({"know": [0.3, 0.3, 0.1, 0.2]}, index=list("abcd"))
    >>> shift(difference, pairs, ["a", "c"]).values.round(2).to_dict()
    {'know': -0.05}
    """
    difference = difference.loc[pairs.index].dropna(axis=1)
    here = difference.index.isin(list(some))
    if not 0 < here.sum() < len(here):
        return Estimates.from_rows({})
    values = difference.to_numpy(float)

    def apart(kept: np.ndarray) -> np.ndarray:
        sides = [values[kept & side] for side in (here, ~here)]
        if not all(map(len, sides)):
            return np.full(values.shape[1], np.nan)
        return sides[0].mean(axis=0) - sides[1].mean(axis=0)

    return interval(apart, pairs, difference.columns, "difference of mean differences")


def slopes(difference: pd.DataFrame, dose: pd.DataFrame, pairs: pd.DataFrame) -> Estimates:
    """Slope of each column on log10 of the dose, the median over draws of what is undisclosed,
    parents and makers counted; the variance over draws is added.

    Parameters
    ----------
    dose : DataFrame, pairs x draws; a pair without a positive dose in every draw is left out.
    pairs : a row a pair: parent and maker.

    Returns
    -------
    Estimates by benchmark, with draws_low and draws_high, the range over draws; empty where fewer
    than three pairs have a dose.

    >>> pairs = pd.DataFrame({"parent": list("pqpq"), "maker": list("mmnn")})
    >>> difference = pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4]})
    >>> found = slopes(difference, pd.DataFrame({0: [1.0, 10, 100, 1000]}), pairs)
    >>> found.values.round(2).to_dict(), int(found["know"].n)
    ({'know': 0.1}, 4)
    """
    common = pairs.index.intersection(dose.index[(dose > 0).all(axis=1)], sort=False)
    if len(common) < FEWEST_MODELS:
        return Estimates.from_rows({})
    difference = difference.loc[common].dropna(axis=1)
    x, y = np.log10(dose.loc[common].to_numpy(float)), difference.to_numpy(float)

    def each_draw(kept: np.ndarray) -> np.ndarray:
        dx, dy = x[kept] - x[kept].mean(axis=0), y[kept] - y[kept].mean(axis=0)
        squares = (dx**2).sum(axis=0)
        return dx.T @ dy / np.where(squares > 1e-12, squares, np.nan)[:, None]

    drawn = each_draw(np.ones(len(common), bool))
    found = interval(
        lambda kept: np.median(each_draw(kept), axis=0),
        pairs.loc[common],
        difference.columns,
        f"slope on log10 of the dose, median of {x.shape[1]} draws",
        drawn.var(axis=0),
    )
    low, high = np.percentile(drawn, DRAW_RANGE, axis=0)
    return Estimates(found.frame.assign(draws_low=low, draws_high=high))


def _others(counts: dict[str, int], fewest: str) -> dict[str, int]:
    return {part: count for part, count in counts.items() if part != fewest}


def _variance(values: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Jackknife variance of the mean over the last axis, whose groups are numbered 0, 1, ..."""
    group = np.eye(numbers.max() + 1)[numbers]
    size, total = group.sum(axis=0), values.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        without = (total - values @ group) / (len(numbers) - size)
    return variance(total[..., 0] / len(numbers), np.moveaxis(without, -1, 0))


def largest(pairs: pd.DataFrame) -> str:
    """The maker of most pairs, the first where several tie; "unknown" where no maker is.

    >>> largest(pd.DataFrame({"maker": ["n", "m", "m"]}))
    'm'
    """
    return next(iter(pairs["maker"].value_counts().index), "unknown")


def split(difference: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Estimates]:
    """The mean over the pairs of the maker with most of them, and over those of all others.

    Returns dict: the maker's name -> Estimates over its pairs, whose interval leaves out parents
    (one maker has no variance between makers); "others" -> those over the others, parents and
    makers.

    >>> pairs = pd.DataFrame({"parent": list("pqpqr"), "maker": list("mmmno")})
    >>> found = split(pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4, 0.6]}), pairs)
    >>> {name: round(each["know"].value, 2) for name, each in found.items()}
    {'m': 0.2, 'others': 0.5}
    """
    name = largest(pairs)
    own = pairs["maker"] == name
    return {
        name: mean(difference, pairs[own], ("parent",)),
        "others": mean(difference, pairs[~own]),
    }


def leaving_out(difference: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Estimates]:
    """The means of `mean` without each maker in turn, by the maker left out.

    >>> pairs = pd.DataFrame({"parent": list("pqpqr"), "maker": list("mmmno")})
    >>> found = leaving_out(pd.DataFrame({"know": [0.1, 0.2, 0.3, 0.4, 0.6]}), pairs)
    >>> {name: round(each["know"].value, 2) for name, each in found.items()}
    {'m': 0.5, 'n': 0.3, 'o': 0.25}
    """
    return {
        name: mean(difference, pairs[pairs["maker"] != name]) for name in pairs["maker"].unique()
    }


def shares(difference: pd.DataFrame, pairs: pd.DataFrame, steps: int = 40) -> pd.DataFrame:
    """How much of the variance between pairs goes with the maker, and with the parent.

    Restricted maximum likelihood in the crossed random-effects model, to a step of the lattice.
    Returns DataFrame, benchmark x maker, parent, rest, which add up to 1.

    >>> pairs = pd.DataFrame({"parent": list("pqpqpq"), "maker": list("mmnnoo")})
    >>> changes = pd.DataFrame({"know": [0.1, 0.11, 0.5, 0.51, 0.9, 0.91]})
    >>> shares(changes, pairs).round(1).to_dict("index")
    {'know': {'maker': 1.0, 'parent': 0.0, 'rest': 0.0}}
    """
    difference = difference.dropna(axis=1)
    model = crossed.lattice(pairs.loc[difference.index], steps)
    best = model.restricted(difference.to_numpy(float)).argmax(axis=0)
    return pd.DataFrame(model.shares[best], difference.columns, crossed.PARTS)


def coverage(
    pairs: pd.DataFrame,
    seed: int,
    makers: Sequence[float] = MAKER_SHARES,
    parents: Sequence[float] = PARENT_SHARES,
    tables: int = 4000,
    level: float = LEVEL,
) -> pd.DataFrame:
    """How often the interval holds the true mean of invented pairs with these parents and makers.

    Parameters
    ----------
    pairs : a row a pair: parent and maker, the very crossing that is to be judged.
    makers, parents : shares of both in the variance of a pair; combinations beyond 1 are left out.
    tables : invented tables for each combination, normal throughout.

    Returns
    -------
    DataFrame, a row a combination (maker, parent), a column a kind of interval (KINDS).

    >>> pairs = pd.DataFrame({"parent": list("pqrspqrs"), "maker": list("mmmmnnoo")})
    >>> often = coverage(pairs, seed=1, makers=[0.6], parents=[0], tables=900).iloc[0]
    >>> bool(often["parent alone"] < 0.9 < 0.95 < often["parent and maker"])
    True
    """
    rng = np.random.default_rng(seed)
    labels = {part: codes(pairs[part]) for part in BOTH}
    rows = {}
    for maker in makers:
        for parent in (each for each in parents if maker + each <= 1):
            parts = {"maker": maker, "parent": parent}
            drawn = invented(labels, parts, tables, rng)
            centre = drawn.mean(axis=1)
            rows[maker, parent] = {
                kind: (np.abs(centre) <= half(drawn, [labels[part] for part in by], level)).mean()
                for kind, by in KINDS.items()
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["maker", "parent"])


def half(values: np.ndarray, labels: Sequence[np.ndarray], level: float = LEVEL) -> np.ndarray:
    """Half the interval of the mean of each row, array (rows,); `labels` number the groups that are
    left out in turn, of one kind each.

    >>> half(np.array([[1.0, 2.0, 3.0]]), [np.arange(3)]).round(2).tolist()
    [2.48]
    """
    fewest = min(int(numbers.max()) + 1 for numbers in labels)
    total = np.sum([_variance(values, numbers) for numbers in labels], axis=0)
    return half_width(total, fewest, level)


def invented(
    labels: Mapping[str, np.ndarray], parts: Mapping[str, float], tables: int, rng: Generator
) -> np.ndarray:
    """Changes of invented pairs about a true mean of 0, variance 1, array (tables x pairs).

    >>> numbers = {"maker": np.array([0, 0, 1])}
    >>> invented(numbers, {"maker": 1.0}, 1, np.random.default_rng(1)).round(2).tolist()
    [[-1.3, -1.3, 0.91]]
    """
    pairs = len(next(iter(labels.values())))
    values = np.sqrt(1 - sum(parts.values())) * rng.standard_normal((tables, pairs))
    for part, share in parts.items():
        numbers = labels[part]
        values += np.sqrt(share) * rng.standard_normal((tables, numbers.max() + 1))[:, numbers]
    return values
