"""What does each training strategy buy?  Mean scores by strategy, and how strategies differ, with intervals.

Strategies are not assigned at random: makers who choose one also choose sizes, years and parents.  The intervals
resample lineages; a strategy with few lineages gets a wide one.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib import resampling
from lib.tables import checked

#: The strategies that a study may name, in the order in which pages show them.
STRATEGIES = ("from_scratch_english", "from_scratch_multilingual", "from_scratch_local", "continual_local", "unknown")


def means(scores: pd.DataFrame, strategy: pd.Series, lineages: pd.Series, rng: Generator, *,
          replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> pd.DataFrame:
    """Mean score of each strategy's models.

    Parameters
    ----------
    scores : DataFrame, models x columns (benchmarks or abilities).
    strategy, lineages : Series, model -> strategy and model -> lineage.

    Returns
    -------
    DataFrame with rows (column, strategy) and the columns of `resampling.table`; n and lineages count the strategy's
    own.  A strategy with one lineage has no interval over lineages.
    """
    parts = []
    for name in (name for name in STRATEGIES if (strategy.loc[scores.index] == name).any()):
        inside = scores.loc[strategy.loc[scores.index] == name]
        labels = lineages.loc[inside.index].to_numpy()
        samples = [_weighted_mean(resampling.weights(len(inside), replicates, rng, groups), inside.to_numpy(float))
                   for groups in (labels, None)]
        table = resampling.table(inside.mean(), *samples, labels, "mean, expanded percentile bootstrap over lineages",
                                 index=pd.Index(scores.columns, name="column"), level=level)
        parts.append(table.assign(strategy=name).set_index("strategy", append=True))
    order = pd.MultiIndex.from_tuples(itertools.product(scores.columns, [part.index[0][1] for part in parts]),
                                      names=["column", "strategy"])
    return pd.concat(parts).reindex(order)


def differences(scores: pd.DataFrame, strategy: pd.Series, lineages: pd.Series, rng: Generator, *, of: str, over: str,
                replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> pd.DataFrame:
    """Mean of the models with strategy `of` minus the mean of those with strategy `over`, one row a column.

    Lineages are resampled over both groups at once, since both may hold models of the same lineage; a replicate
    without any model of a group is left out.

    Raises
    ------
    ValueError
        A strategy has no model in the table.
    """
    table = checked(scores)
    chosen = strategy.loc[table.index].isin([of, over])
    table, labels = table[chosen], lineages.loc[table.index][chosen].to_numpy()
    sides = [(strategy.loc[table.index] == name).to_numpy() for name in (of, over)]
    for name, side in zip((of, over), sides, strict=True):
        if not side.any():
            raise ValueError(f"no model has strategy {name!r}")

    def difference(weights: np.ndarray) -> np.ndarray:
        first, second = (_weighted_mean(weights[:, side], table.to_numpy()[side]) for side in sides)
        return first - second
    samples = [difference(resampling.weights(len(table), replicates, rng, groups)) for groups in (labels, None)]
    value = table[sides[0]].mean() - table[sides[1]].mean()
    return resampling.table(value, *samples, labels, f"mean of {of} minus mean of {over}, expanded percentile "
                            "bootstrap over lineages", index=pd.Index(table.columns, name="column"), level=level)


def _weighted_mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted means of each column over the models that have it, (replicates x columns); NaN without any."""
    present = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return (weights @ np.where(present, values, 0)) / (weights @ present.astype(float))
