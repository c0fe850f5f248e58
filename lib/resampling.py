"""How sure is a number?  The one place where models are resampled and intervals are made.

Models that share a root are not independent, so the interval shown resamples *lineages*: a replicate draws as many
lineages as there are, with replacement, and takes all models of each.  The ordinary bootstrap over models stands
beside it.  A replicate is a row of weights, how often each model was drawn, so that a statistic of all replicates is
a few matrix products.

Randomness comes in as a `numpy.random.Generator`; nothing here makes one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats  # noqa: F401

from lib.stats.estimates import LEVEL, Estimate, verdict  # noqa: F401
from lib.stats.resampling import CHUNK, chunks, codes, expanded, percentiles, several_tails, tails, weights  # noqa: F401

REPLICATES = 10_000


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
