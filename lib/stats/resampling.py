"""How sure is a number?  The one place where models are resampled and intervals are made.

Models that share a root are not independent, so the interval shown resamples *groups* of models
(lineages; parents, where pairs are compared): a replicate draws as many groups as there are, with
replacement, and takes all models of each.  The ordinary bootstrap over single models stands beside
it.  A replicate is a row of weights, how often each model was drawn, so that a statistic of all
replicates is a few matrix products.

A page makes one `Resampling` from its seed and every number on it sees the same replicates: a cell
added or moved changes no other number, and two numbers can be compared replicate by replicate.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy import stats

from lib.stats.estimates import Draws, Estimates
from lib.stats.tables import Labels
from lib.stats.verdicts import LEVEL

REPLICATES = 10_000
#: Rows of weights handled at a time: bounds the memory of any number of replicates.
CHUNK = 500
#: So many replicates are sorted sooner than searched.
FEW = 1_000
#: So many draws of groups are all looked at; ten groups have 92,378.
MOST = 100_000


def effective(groups: Sequence | pd.Series) -> float:
    """How many groups of equal size would weigh as these do: (sum n)^2 / sum n^2 (Kish 1965).

    A few large groups decide a number, however many small ones stand beside them.

    >>> effective(["a", "a", "a", "a", "b", "c"])
    2.0
    >>> effective(["a", "b", "c"])
    3.0
    """
    sizes = np.bincount(codes(groups))
    return float(sizes.sum() ** 2 / (sizes**2).sum())


class Resampling:
    """How the numbers of a page are resampled: whole groups of units, the same draws for every
    number.

    Parameters
    ----------
    groups : Series, unit (a model, a pair) -> its group; a missing label is a group of its own.
    seed : of every draw; the same seed and groups give the same replicates.
    units : what the groups are called: "lineages", "parents", ...

    >>> lineages = pd.Series(["x", "x", "y", "z"], index=list("abcd"))
    >>> how = Resampling(lineages, seed=1, replicates=2000)
    >>> table = pd.DataFrame({"score": [1.0, 2.0, 6.0, 3.0]}, index=list("abcd"))
    >>> str(mean(table, how))
    'score 3.00 [1.50, 6.00]'
    """

    def __init__(
        self,
        groups: pd.Series,
        seed: int,
        replicates: int = REPLICATES,
        level: float = LEVEL,
        units: str = "lineages",
    ):
        self.groups, self.seed, self.replicates, self.level, self.units = (
            groups,
            seed,
            replicates,
            level,
            units,
        )

    @cached_property
    def labels(self) -> np.ndarray:
        """The number of each unit's group, 0, 1, ... in order of appearance."""
        return codes(self.groups.to_numpy())

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.labels.max()) + 1 if len(self.labels) else 0

    @property
    def effective(self) -> float:
        """How many groups of equal size would say as much as these: see `effective`."""
        return effective(self.groups)

    @cached_property
    def parts(self) -> dict:
        """Plans for some of the units that were asked for, so that each is drawn once."""
        return {}

    def of(self, units: pd.Index) -> Resampling:
        """The same plan for these units alone, in this order."""
        key = tuple(units)
        if key == tuple(self.groups.index):
            return self
        if key not in self.parts:
            groups = self.groups.loc[units]
            # One group alone can be drawn in one way, which says nothing: as in `steady`.
            plan = type(self) if groups.nunique() > 1 else Resampling
            self.parts[key] = plan(groups, self.seed, self.replicates, self.level, self.units)
        return self.parts[key]

    @property
    def chances(self) -> np.ndarray | None:
        """How likely each replicate over groups is; None where all are alike."""
        return None

    def middle(self, replicates: np.ndarray) -> np.ndarray:
        """The median of replicates over groups (r x k), gaps left out, as likely as they are."""
        return _tails_of(replicates, 0.5, self.chances)[0]

    def ends(self, replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the interval of replicates over groups (r x k), as likely as they are."""
        if self.chances is None or self.count < 2:
            return percentiles(replicates, self.count, self.level)
        return _tails_of(replicates, expanded(self.count, self.level), self.chances)

    def rng(self, purpose: str = "") -> Generator:
        """A generator for what a statistic draws besides: its own for each purpose, whatever else
        the page computes."""
        return np.random.default_rng([self.seed, *purpose.encode()])

    def chunks(self, ordinary: bool = False, size: int = CHUNK) -> Iterator[np.ndarray]:
        """Weights (at most `size` replicates x units): over groups, or over single units."""
        rng = np.random.default_rng([self.seed, int(ordinary)])
        return chunks(
            len(self.groups), self.replicates, rng, None if ordinary else self.labels, size
        )

    def draws(self, statistic: Callable[[np.ndarray], np.ndarray], size: int = CHUNK) -> Draws:
        """`statistic` of all replicates, (replicates x k) over groups and over single units."""
        groups, single = (
            np.concatenate([statistic(weights) for weights in self.chunks(ordinary, size)])
            for ordinary in (False, True)
        )
        return groups, single

    def estimates(
        self,
        statistic: Callable[[np.ndarray], np.ndarray],
        index: Labels,
        method: str,
        value: np.ndarray | None = None,
        size: int = CHUNK,
    ) -> Estimates:
        """A statistic with both intervals, as one table.

        Parameters
        ----------
        statistic : weights (r x units) -> values (r x k); NaN where a replicate does not define it.
        index : k subjects.
        method : what was computed, in words; how it was resampled is added.
        value : array (k,), the statistic of the sample where unit weights are not the way to it.
        """
        sample = statistic(np.ones((1, len(self.groups))))[0] if value is None else value
        return self.table(sample, self.draws(statistic, size), index, method)

    def table(self, value: np.ndarray, draws: Draws, index: Labels, method: str) -> Estimates:
        """Estimates from a sample's values (k,) and their replicates (r x k) over groups and over
        single units."""
        frame = pd.DataFrame({"value": np.asarray(value, float)}, index=pd.Index(index))
        frame = frame.assign(
            level=self.level,
            n=len(self.groups),
            groups=self.count,
            units=self.units,
            method=f"{method}, expanded percentile bootstrap over {self.units}",
        )
        return self._with_intervals(frame, draws)

    def _with_intervals(self, frame: pd.DataFrame, draws: Draws) -> Estimates:
        return Estimates(frame.assign(**bounds(draws, frame)), draws)


class Exhaustive(Resampling):
    """A plan with every draw of groups that there is, each as likely as it is.

    Ten lineages can be drawn, ten at a time with replacement, in 92,378 ways.  With all of them no
    interval over lineages depends on a seed, and so no verdict does; that over single models is
    drawn as ever.  Two tables cannot be compared replicate by replicate.

    >>> groups = pd.Series(list("xyz"), index=list("abc"))
    >>> plan = Exhaustive(groups, seed=1)
    >>> table = pd.DataFrame({"score": [1.0, 2.0, 6.0]}, index=list("abc"))
    >>> len(plan.chances), str(mean(table, plan))
    (10, 'score 3.00 [1.00, 6.00]')
    """

    @cached_property
    def _every(self) -> tuple[np.ndarray, np.ndarray]:
        return every_draw(self.count)

    @property
    def chances(self) -> np.ndarray:
        """How likely each draw is."""
        return self._every[1]

    def chunks(self, ordinary: bool = False, size: int = CHUNK) -> Iterator[np.ndarray]:
        """Weights of every draw of groups; over single units as in any plan."""
        if ordinary:
            yield from super().chunks(ordinary, size)
            return
        counts = self._every[0]
        for start in range(0, len(counts), size):
            yield counts[start : start + size].astype(float)[:, self.labels]

    def _with_intervals(self, frame: pd.DataFrame, draws: Draws) -> Estimates:
        low, high = self.ends(draws[0])
        found = bounds(draws, frame) | {"low": low, "high": high}
        method = frame["method"].str.replace("bootstrap over", "interval over every draw of")
        return Estimates(frame.assign(**found, method=method))


def steady(groups: pd.Series, seed: int, replicates: int = REPLICATES) -> Resampling:
    """A plan whose intervals depend on no seed, where the groups are few enough to draw them in
    every way; else one that draws them `replicates` times.

    >>> [type(steady(pd.Series(range(n)), seed=1)).__name__ for n in (10, 11)]
    ['Exhaustive', 'Resampling']
    """
    count = Resampling(groups, seed).count
    plan = Exhaustive if count > 1 and math.comb(2 * count - 1, count) <= MOST else Resampling
    return plan(groups, seed, replicates)


def every_draw(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Each way to draw `count` groups with replacement, as how often each is drawn (ways x groups),
    and how likely it is (multinomial).

    >>> ways, chances = every_draw(2)
    >>> ways.tolist(), chances.tolist()
    ([[0, 2], [1, 1], [2, 0]], [0.25, 0.5, 0.25])
    """
    # Stars and bars: a way is where the count - 1 bars stand among 2 count - 1 places.
    bars = np.array(list(itertools.combinations(range(2 * count - 1), count - 1)))
    bars = bars.reshape(-1, count - 1)
    edges = np.full((len(bars), 1), -1), np.full((len(bars), 1), 2 * count - 1)
    ways = np.diff(np.concatenate([edges[0], bars, edges[1]], axis=1), axis=1) - 1
    factorials = np.array([math.factorial(k) for k in range(count + 1)], float)
    return ways, factorials[count] / factorials[ways].prod(axis=1) / float(count) ** count


def _tails_of(
    replicates: np.ndarray, share: float, chances: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """`tails` of replicates that are not equally likely: the least value that at least `share` of
    the chance lies at or below, and its mirror image."""
    if chances is None:
        return tails(np.asarray(replicates, float), share)
    columns = np.asarray(replicates, float).reshape(len(replicates), -1)
    ends = np.array([_weighted_tails(column, share, chances) for column in columns.T])
    low, high = ends.reshape(-1, 2).T.reshape(2, *replicates.shape[1:])
    return low, high


def _weighted_tails(values: np.ndarray, share: float, chances: np.ndarray) -> tuple[float, float]:
    there = ~np.isnan(values)
    order = np.argsort(values[there], kind="stable")
    values, chances = values[there][order], chances[there][order]
    if not len(values):
        return np.nan, np.nan
    below, above = np.cumsum(chances), np.cumsum(chances[::-1])
    share = share * below[-1] - 1e-12  # sums of many chances end in doubtful digits
    return (
        values[min(np.searchsorted(below, share), len(values) - 1)],
        values[::-1][min(np.searchsorted(above, share), len(values) - 1)],
    )


def bounds(draws: Draws, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Ends of both intervals for a table whose rows say what they rest on (groups, n, level).

    >>> draws = np.arange(100.0)[:, None], np.arange(100.0)[:, None] / 2
    >>> frame = pd.DataFrame({"level": [0.95], "groups": [30], "n": [90]}, index=["mean"])
    >>> {end: values.round().tolist() for end, values in bounds(draws, frame).items()}
    {'low': [2.0], 'high': [97.0], 'low_ordinary': [1.0], 'high_ordinary': [48.0]}
    """
    if not len(frame):
        return dict.fromkeys(("low", "high", "low_ordinary", "high_ordinary"), np.array([]))
    level = float(frame["level"].iloc[0])
    ends = [
        percentiles(part, int(frame[column].iloc[0]), level)
        for part, column in zip(draws, ("groups", "n"), strict=True)
    ]
    return dict(
        zip(
            ("low", "high", "low_ordinary", "high_ordinary"),
            (end for pair in ends for end in pair),
            strict=True,
        )
    )


def mean(table: pd.DataFrame, how: Resampling, method: str = "mean") -> Estimates:
    """The mean of each column over units (rows).

    >>> table = pd.DataFrame({"know": [0.2, 0.4, 0.9]}, index=list("abc"))
    >>> how = Resampling(pd.Series(list("pqr"), index=list("abc")), seed=1, replicates=100)
    >>> mean(table, how).values.round(2).to_dict()
    {'know': 0.5}
    """
    values = table.to_numpy(float)
    return how.of(table.index).estimates(
        lambda weights: weights @ values / weights.sum(axis=1, keepdims=True), table.columns, method
    )


def codes(groups: Labels) -> np.ndarray:
    """Number the groups 0, 1, ... in order of appearance; a missing label is a group of its own.

    >>> codes(["b", "a", None, "b", None]).tolist()
    [0, 1, 2, 0, 3]
    """
    if isinstance(groups, np.ndarray) and groups.dtype.kind in "iu":
        return pd.factorize(groups)[0]  # none can be missing
    labels = pd.Series(list(groups), dtype=object)
    alone = pd.Series([("alone", position) for position in range(len(labels))], dtype=object)
    return pd.factorize(labels.where(labels.notna(), alone))[0]


def weights(n: int, replicates: int, rng: Generator, groups: Labels | None = None) -> np.ndarray:
    """Weights of bootstrap replicates, float array (replicates x n).

    Without `groups` each replicate draws n models with replacement (Efron 1979), in the stream of
    `scipy.stats.bootstrap`.  With `groups` (n labels) it draws as many groups as there are and
    takes all models of each (the pairs cluster bootstrap of Cameron, Gelbach and Miller 2008,
    section III.A).

    >>> drawn = weights(3, 2, np.random.default_rng(1), ["x", "x", "y"])
    >>> drawn.shape, bool((drawn[:, 0] == drawn[:, 1]).all())
    ((2, 3), True)
    """
    labels = np.arange(n) if groups is None else codes(groups)
    if len(labels) != n:
        raise ValueError(f"{n} models but {len(labels)} group labels")
    count = int(labels.max()) + 1
    drawn = rng.integers(0, count, (replicates, count))
    flat = (drawn + count * np.arange(replicates)[:, None]).ravel()
    counts = np.bincount(flat, minlength=replicates * count).reshape(replicates, count)
    return counts.astype(float)[:, labels]


def chunks(
    n: int, replicates: int, rng: Generator, groups: Labels | None = None, size: int = CHUNK
) -> Iterator[np.ndarray]:
    """`weights`, at most `size` rows at a time.

    >>> [part.shape for part in chunks(3, 5, np.random.default_rng(1), size=2)]
    [(2, 3), (2, 3), (1, 3)]
    """
    for start in range(0, replicates, size):
        yield weights(n, min(size, replicates - start), rng, groups)


def percentiles(
    replicates: np.ndarray, units: int, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Expanded percentile interval over the first axis (Hesterberg 2015, The American Statistician
    69:4).

    The plain percentile interval is too short for few units.  Its tails a/2 become Phi(-sqrt(m / (m
    - 1)) t_{1 - a/2, m - 1}), m the number of `units` resampled (lineages or models): wide enough
    for a mean of m normal values, and still no interval leaves the range of the statistic.  How
    well it covers is shown in the book.  A replicate in which the statistic is undefined (NaN) is
    left out; one unit gives no interval (NaN).

    >>> low, high = percentiles(np.arange(1000.0), units=30)
    >>> round(float(low)), round(float(high))
    (19, 980)
    """
    if units < 2:
        nothing = np.full(replicates.shape[1:], np.nan)
        return nothing, nothing
    return tails(np.asarray(replicates, float), expanded(units, level))


@functools.lru_cache
def expanded(units: int, level: float = LEVEL) -> float:
    """The share of replicates beyond each end of an expanded percentile interval; see
    `percentiles`.

    >>> round(expanded(6), 4), round(expanded(1000), 4)
    (0.0024, 0.0248)
    """
    return float(
        stats.norm.cdf(-np.sqrt(units / (units - 1)) * stats.t.ppf((1 + level) / 2, units - 1))
    )


def exactly(share: float, replicates: int) -> float:
    """The quantile of so few replicates beyond which lies, on average, `share` of what they are
    drawn from.

    Between r values lie the quantiles k / (r + 1) of their distribution, so a share p is cut where
    p (r + 1) values are (Davison and Hinkley 1997, section 5.2.1): intervals of a few hundred
    replicates then cover as often, on average, as those of ten thousand.

    >>> exactly(0.05, 99), round(exactly(0.05, 1_000_000), 4)
    (0.04081632653061224, 0.05)
    """
    return max(0.0, (share * (replicates + 1) - 1) / (replicates - 1))


def tails(replicates: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """The quantiles `share` and 1 - `share` over the first axis, NaN left out: `numpy.nanquantile`,
    several times faster.

    >>> [float(end) for end in tails(np.arange(101.0), 0.05)]
    [5.0, 95.0]
    """
    return several_tails(replicates, [share])[0]


def several_tails(
    replicates: np.ndarray, shares: Sequence[float]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """`tails` for each of the shares.

    Few replicates are sorted, all columns at once.  Of many, a quantile far out needs only the
    values beyond a rough guess of it, which a sample of the replicates gives.

    >>> wide, narrow = several_tails(np.arange(101.0), [0.05, 0.25])
    >>> float(wide[0]), float(narrow[0])
    (5.0, 25.0)
    """
    columns = np.ascontiguousarray(replicates.reshape(len(replicates), -1).T)
    gaps = np.isnan(columns.sum(axis=1))
    if 0 < len(replicates) <= FEW and not gaps.any():
        columns = np.sort(columns, axis=1)
        ends = [_sorted_tails(columns, share) for share in shares]
    else:
        columns = [
            column[~np.isnan(column)] if gap else column
            for column, gap in zip(columns, gaps, strict=True)
        ]
        ends = [
            np.array([_tails(column, share) for column in columns]).reshape(-1, 2).T
            for share in shares
        ]
    return [
        (low.reshape(replicates.shape[1:])[()], high.reshape(replicates.shape[1:])[()])
        for low, high in ends
    ]


def _sorted_tails(ascending: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Both quantiles of each row of an array whose rows ascend."""
    place = share * (ascending.shape[1] - 1)
    whole = int(place)
    after = min(whole + 1, ascending.shape[1] - 1)
    return tuple(
        side[:, whole] + (place - whole) * (side[:, after] - side[:, whole])
        for side in (ascending, ascending[:, ::-1])
    )


def _tails(values: np.ndarray, share: float) -> tuple[float, float]:
    if not len(values):
        return np.nan, np.nan
    few = values[:: max(1, len(values) // 256)]
    guess = min(len(few) - 1, int(1.5 * share * len(few)) + 6)
    few = np.partition(few, (guess, len(few) - 1 - guess))
    place = share * (len(values) - 1)
    enough = min(int(place) + 2, len(values))
    low, high = values[values <= few[guess]], values[values >= few[-1 - guess]]
    return (
        _smallest(low if len(low) >= enough else values, place),
        -_smallest(-(high if len(high) >= enough else values), place),
    )


def _smallest(near: np.ndarray, place: float) -> float:
    """The value at a (fractional) place in ascending order."""
    whole = int(place)
    after = min(whole + 1, len(near) - 1)
    near = np.partition(near, (whole, after))
    return near[whole] + (place - whole) * (near[after] - near[whole])
