"""What does each training strategy buy?  Mean scores by strategy, and how strategies differ, with intervals.

Strategies are not assigned at random: makers who choose one also choose sizes, years and parents.  The intervals
resample lineages; a strategy with few lineages gets a wide one.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import checked

#: The strategies that a study may name, in the order in which pages show them.
STRATEGIES = ("from_scratch_english", "from_scratch_multilingual", "from_scratch_local", "continual_local", "unknown")


def means(scores: pd.DataFrame, strategy: pd.Series, how: Resampling) -> Estimates:
    """Mean score of each strategy's models, by `column/strategy`; n and groups count the strategy's own.

    Parameters
    ----------
    scores : DataFrame, models x columns (benchmarks or abilities).
    strategy : Series, model -> strategy.  One with a single lineage has no interval.
    """
    strategy, parts = strategy.loc[scores.index], []
    for name in (name for name in STRATEGIES if (strategy == name).any()):
        inside = scores[strategy == name]
        values = inside.to_numpy(float)
        part = how.of(inside.index).estimates(partial(_weighted_mean, values=values), scores.columns, "mean").frame
        parts.append(part.set_axis([f"{column}/{name}" for column in scores]))
    order = [f"{column}/{name}" for column in scores for name in STRATEGIES]
    return Estimates(pd.concat(parts)).of(order)


def differences(scores: pd.DataFrame, strategy: pd.Series, how: Resampling, of: str, over: str) -> Estimates:
    """Mean of the models with strategy `of` minus the mean of those with strategy `over`, by column.

    Groups are resampled over both sides at once, since both may hold models of the same lineage; a replicate without
    any model of a side is left out.

    Raises
    ------
    ValueError
        A strategy has no model in the table.
    """
    table = checked(scores)
    table = table[strategy.loc[table.index].isin([of, over])]
    sides = [(strategy.loc[table.index] == name).to_numpy() for name in (of, over)]
    for name, side in zip((of, over), sides, strict=True):
        if not side.any():
            raise ValueError(f"no model has strategy {name!r}")
    values = table.to_numpy()

    def difference(weights: np.ndarray) -> np.ndarray:
        first, second = (_weighted_mean(weights[:, side], values[side]) for side in sides)
        return first - second
    return how.of(table.index).estimates(difference, table.columns, f"mean of {of} minus mean of {over}")


def _weighted_mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted means of each column over the models that have it, (replicates x columns); NaN without any."""
    present = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return (weights @ np.where(present, values, 0)) / (weights @ present.astype(float))
