"""How sure is a number?  The one place where models are resampled and intervals are made.

Models that share a root are not independent, so the interval shown resamples *lineages*: a replicate draws as many
lineages as there are, with replacement, and takes all models of each.  The ordinary bootstrap over models stands
beside it.  A replicate is a row of weights, how often each model was drawn, so that a statistic of all replicates is
a few matrix products.

Randomness comes in as a `numpy.random.Generator`; nothing here makes one.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy import stats

REPLICATES = 10_000
LEVEL = 0.95
#: Rows of weights made at a time: bounds the memory of any number of replicates.
CHUNK = 500
#: So many replicates are sorted sooner than searched.
FEW = 1_000
MINUS = "\N{MINUS SIGN}"


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number with its uncertainty.

    `low` and `high` bound the interval that resamples lineages, `low_ordinary` and `high_ordinary` the one that
    resamples models, `draws_low` and `draws_high` the 5th and 95th percentile over draws of what is undisclosed
    (`value` is then the median over draws).  `n` counts models, `lineages` their lineages.
    """

    value: float
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    n: int | None = None
    lineages: int | None = None
    method: str = ""
    low_ordinary: float | None = None
    high_ordinary: float | None = None
    draws_low: float | None = None
    draws_high: float | None = None

    @classmethod
    def of(cls, row) -> Estimate:
        """The estimate in a row (Series or mapping) of a table made by `table`; other columns are left out."""
        row = dict(row)
        return cls(**{field.name: _plain(row[field.name]) for field in dataclasses.fields(cls) if field.name in row})

    def as_dict(self) -> dict:
        """The fields that are known, as plain Python values."""
        return {key: value for key, value in dataclasses.asdict(self).items() if value is not None and value != ""}

    def format(self, digits: int = 2, sign: bool = False) -> str:
        """`0.91 [0.83, 0.95]`, with a true minus sign; the number alone where there is no interval."""
        def show(number: float) -> str:
            return f"{round(number, digits) + 0.0:{'+' if sign else ''}.{digits}f}".replace("-", MINUS)
        if self.low is None or self.high is None:
            return show(self.value)
        return f"{show(self.value)} [{show(self.low)}, {show(self.high)}]"

    def __str__(self) -> str:
        return self.format()


def _plain(value):
    """None for a missing value, otherwise a plain Python scalar."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def verdict(estimate: Estimate, above: float | None = None, below: float | None = None) -> str:
    """Compare an interval with a threshold, by the same rule everywhere.

    *supported* where the whole interval lies on the claimed side of the threshold, *contradicted* where all of it
    lies on the other side, *undecided* where it holds the threshold or where there is no interval.
    """
    if (above is None) == (below is None):
        raise ValueError("give one threshold, above or below")
    if estimate.low is None or estimate.high is None:
        return "undecided"
    inside, outside = (estimate.low > above, estimate.high < above) if below is None else (
        estimate.high < below, estimate.low > below)
    return "supported" if inside else "contradicted" if outside else "undecided"


def codes(lineages: Sequence) -> np.ndarray:
    """Number the lineages 0, 1, ... in order of appearance; a missing label is a lineage of its own."""
    if isinstance(lineages, np.ndarray) and lineages.dtype.kind in "iu":
        return pd.factorize(lineages)[0]  # none can be missing
    labels = pd.Series(list(lineages), dtype=object)
    alone = labels.isna()
    labels[alone] = [("alone", position) for position in np.flatnonzero(alone)]
    return pd.factorize(labels)[0]


def weights(n: int, replicates: int, rng: Generator, lineages: Sequence | None = None) -> np.ndarray:
    """Weights of bootstrap replicates, float array (replicates x n).

    Without `lineages` each replicate draws n models with replacement (Efron 1979), in the stream of
    `scipy.stats.bootstrap`.  With `lineages` (n labels) it draws as many lineages as there are and takes all models
    of each (the pairs cluster bootstrap of Cameron, Gelbach and Miller 2008, section III.A).
    """
    labels = np.arange(n) if lineages is None else codes(lineages)
    if len(labels) != n:
        raise ValueError(f"{n} models but {len(labels)} lineage labels")
    groups = int(labels.max()) + 1
    drawn = rng.integers(0, groups, (replicates, groups))
    flat = (drawn + groups * np.arange(replicates)[:, None]).ravel()
    counts = np.bincount(flat, minlength=replicates * groups).reshape(replicates, groups)
    return counts.astype(float)[:, labels]


def chunks(n: int, replicates: int, rng: Generator, lineages: Sequence | None = None,
           size: int = CHUNK) -> Iterator[np.ndarray]:
    """`weights`, at most `size` rows at a time."""
    for start in range(0, replicates, size):
        yield weights(n, min(size, replicates - start), rng, lineages)


def percentiles(replicates: np.ndarray, units: int, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Expanded percentile interval over the first axis (Hesterberg 2015, The American Statistician 69:4).

    The plain percentile interval is too short for few units.  Its tails a/2 become
    Phi(-sqrt(m / (m - 1)) t_{1 - a/2, m - 1}), m the number of `units` resampled (lineages or models): wide enough for
    a mean of m normal values, and still no interval leaves the range of the statistic.  How well it covers is shown
    in the book.  A replicate in which the statistic is undefined (NaN) is left out; one unit gives no interval (NaN).
    """
    if units < 2:
        nothing = np.full(replicates.shape[1:], np.nan)
        return nothing, nothing
    return tails(np.asarray(replicates, float), expanded(units, level))


@functools.lru_cache
def expanded(units: int, level: float = LEVEL) -> float:
    """The share of replicates beyond each end of an expanded percentile interval; see `percentiles`."""
    return float(stats.norm.cdf(-np.sqrt(units / (units - 1)) * stats.t.ppf((1 + level) / 2, units - 1)))


def tails(replicates: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """The quantiles `share` and 1 - `share` over the first axis, NaN left out: `numpy.nanquantile`, several times faster."""
    return several_tails(replicates, [share])[0]


def several_tails(replicates: np.ndarray, shares: Sequence[float]) -> list[tuple[np.ndarray, np.ndarray]]:
    """`tails` for each of the shares.

    Few replicates are sorted, all columns at once.  Of many, a quantile far out needs only the values beyond a rough
    guess of it, which a sample of the replicates gives.
    """
    columns = np.ascontiguousarray(replicates.reshape(len(replicates), -1).T)
    gaps = np.isnan(columns.sum(axis=1))
    if 0 < len(replicates) <= FEW and not gaps.any():
        columns = np.sort(columns, axis=1)
        ends = [_sorted_tails(columns, share) for share in shares]
    else:
        columns = [column[~np.isnan(column)] if gap else column for column, gap in zip(columns, gaps, strict=True)]
        ends = [np.array([_tails(column, share) for column in columns]).reshape(-1, 2).T for share in shares]
    return [(low.reshape(replicates.shape[1:])[()], high.reshape(replicates.shape[1:])[()]) for low, high in ends]


def _sorted_tails(ascending: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Both quantiles of each row of an array whose rows ascend."""
    place = share * (ascending.shape[1] - 1)
    whole = int(place)
    after = min(whole + 1, ascending.shape[1] - 1)
    return tuple(side[:, whole] + (place - whole) * (side[:, after] - side[:, whole])
                 for side in (ascending, ascending[:, ::-1]))


def _tails(values: np.ndarray, share: float) -> tuple[float, float]:
    if not len(values):
        return np.nan, np.nan
    few = values[:: max(1, len(values) // 256)]
    guess = min(len(few) - 1, int(1.5 * share * len(few)) + 6)
    few = np.partition(few, (guess, len(few) - 1 - guess))
    place = share * (len(values) - 1)
    enough = min(int(place) + 2, len(values))
    low, high = values[values <= few[guess]], values[values >= few[-1 - guess]]
    return (_smallest(low if len(low) >= enough else values, place),
            -_smallest(-(high if len(high) >= enough else values), place))


def _smallest(near: np.ndarray, place: float) -> float:
    """The value at a (fractional) place in ascending order."""
    whole = int(place)
    after = min(whole + 1, len(near) - 1)
    near = np.partition(near, (whole, after))
    return near[whole] + (place - whole) * (near[after] - near[whole])


def table(value, by_lineage: np.ndarray, ordinary: np.ndarray, lineages: Sequence, method: str, *,
          index: pd.Index, level: float = LEVEL) -> pd.DataFrame:
    """Estimates as rows: value with both intervals.

    Parameters
    ----------
    value : array (k,), the statistics of the sample.
    by_lineage, ordinary : arrays (replicates x k) over lineages and over models.
    lineages : the label of each model.
    index : k row labels.
    """
    groups = int(codes(lineages).max()) + 1
    (low, high), (low_ordinary, high_ordinary) = (percentiles(sample, units, level) for sample, units in (
        (by_lineage, groups), (ordinary, len(lineages))))
    return pd.DataFrame({"value": np.asarray(value, float), "low": low, "high": high, "level": level,
                         "n": len(lineages), "lineages": groups, "method": method,
                         "low_ordinary": low_ordinary, "high_ordinary": high_ordinary}, index=index)
