"""Do two benchmarks go together beyond general ability?  Partial correlations, and which pairs stand out from chance.

Good models are good at everything, so most pairs correlate.  Here each pair is compared given *general ability without
the pair*: the first principal component of all other benchmarks.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy import stats

from lib import resampling
from lib.correlation import SEPARATOR, replicate_matrices
from lib.stats.partial import BATCH, FEWEST_OTHERS, given_general
from lib.tables import TableError, checked, standardised

def pairs(scores: pd.DataFrame, lineages: pd.Series, rng: Generator, *, replicates: int = resampling.REPLICATES,
          level: float = resampling.LEVEL) -> pd.DataFrame:
    """Every pair's correlation given general ability, with intervals.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; models with a missing score are left out.
    lineages : Series, model -> lineage.

    Returns
    -------
    DataFrame indexed by `A~B` in column order: a, b and the columns of `resampling.table`.

    Raises
    ------
    TableError
        Fewer than five benchmarks, or what `tables.checked` raises.
    """
    z = standardised(checked(scores, complete=True))
    if z.shape[1] < FEWEST_OTHERS + 2:
        raise TableError(f"general ability without a pair needs at least {FEWEST_OTHERS + 2} benchmarks, found "
                         f"{z.shape[1]}")
    labels = lineages.loc[z.index].to_numpy()
    names = list(itertools.combinations(z.columns, 2))
    value = given_general(replicate_matrices(z.to_numpy(), np.ones((1, len(z)))))[0]
    samples = [np.concatenate([given_general(replicate_matrices(z.to_numpy(), weights))
                               for weights in resampling.chunks(len(z), replicates, rng, groups, BATCH)])
               for groups in (labels, None)]
    index = pd.Index([SEPARATOR.join(map(str, pair)) for pair in names], name="pair")
    table = resampling.table(value, *samples, labels, "partial correlation given the first component of the other "
                             "benchmarks, expanded percentile bootstrap over lineages", index=index, level=level)
    return pd.DataFrame({"a": [a for a, _ in names], "b": [b for _, b in names]}, index=index).join(table)


def false_discovery(table: pd.DataFrame, method: str = "bh") -> pd.DataFrame:
    """p and false discovery rate of each correlation in a table of `correlation.pairs` or `pairs`.

    The interval's half-widths on Fisher's scale, over Student's t with one degree of freedom less than lineages, give a
    standard error, and that a two-sided p of no correlation: the test that the interval shown inverts, so p < 0.05
    where the interval nearest zero excludes it.  q is Benjamini and Hochberg's (1995, `bh`) or Benjamini and
    Yekutieli's (2001, `by`, under any dependence).

    Returns DataFrame: p, q.
    """
    t = stats.t.ppf((1 + table["level"]) / 2, table["lineages"] - 1)
    value, low, high = (np.arctanh(table[column].clip(-0.999999, 0.999999)) for column in ("value", "low", "high"))
    towards_zero = np.where(value > 0, value - low, high - value)
    error = np.maximum(towards_zero, 1e-9) / t
    p = 2 * stats.t.sf(np.abs(value) / error, table["lineages"] - 1)
    return pd.DataFrame({"p": p, "q": stats.false_discovery_control(p, method=method)}, index=table.index)
