"""How sure is a number?  The one place where models are resampled and intervals are made.

Models that share a root are not independent, so the interval shown resamples *lineages*: a replicate draws as many
lineages as there are, with replacement, and takes all models of each.  The ordinary bootstrap over models stands
beside it.  A replicate is a row of weights, how often each model was drawn, so that a statistic of all replicates is
a few matrix products.

Randomness comes in as a `numpy.random.Generator`; nothing here makes one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
from lib.stats.resampling import CHUNK, chunks, codes, percentiles, tails, weights  # noqa: F401

REPLICATES = 10_000
LEVEL = 0.95
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
