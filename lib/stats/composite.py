"""One value a model from several benchmarks: the mean of their z-scores."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lib.stats.tables import standardised


def mean(scores: pd.DataFrame, benchmarks: Sequence[str]) -> pd.Series:
    """The mean z-score of `benchmarks` for each model, over those that it has.

    >>> scores = pd.DataFrame({"x": [0.1, 0.2, 0.3], "y": [0.5, 0.7, 0.6]}, index=list("abc"))
    >>> mean(scores, ["x", "y"]).round(3).tolist()
    [-1.225, 0.612, 0.612]
    """
    return standardised(scores)[list(benchmarks)].mean(axis=1)
