"""Is this table fit for analysis?  Any models x benchmarks table comes in, a checked float table
goes out.

Every analysis starts here, so that a table which did not come from a study (a leaderboard read with
pandas, say) meets the same checks and gets the same messages as one that did.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: Names of columns, or the group of each row, however somebody holds them.
Labels = Sequence | np.ndarray | pd.Index | pd.Series
#: Correlations and components of fewer models than this say nothing.
FEWEST_MODELS = 3


class TableError(ValueError):
    """The table cannot be analysed; the message lists every reason, one a line.

    >>> checked(pd.DataFrame({"know": [0.5, 0.6]}))
    Traceback (most recent call last):
        ...
    lib.stats.tables.TableError: at least 3 models are needed, found 2
    """


def checked(scores: pd.DataFrame, *, complete: bool = False) -> pd.DataFrame:
    """Return `scores` as floats, or say everything that stands in the way.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; NaN where a model has no score.
    complete : keep only the models that have every score.

    Raises
    ------
    TableError A row or column label appears twice, a column is not numeric or infinite, fewer than
        three models remain, or a column has no variance among them.

    >>> scores = pd.DataFrame({"know": [1, 2, 4, 3], "code": [2, 1, 3, None]}, index=list("abcd"))
    >>> checked(scores, complete=True).index.tolist()
    ['a', 'b', 'c']
    """
    table = pd.DataFrame(scores)
    problems = [
        f"model {label!r} appears more than once"
        for label in table.index[table.index.duplicated()].unique()
    ]
    problems += [
        f"benchmark {label!r} appears more than once"
        for label in table.columns[table.columns.duplicated()].unique()
    ]
    usable = {
        kind: pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
        for kind in table.dtypes.unique()
    }
    problems += [
        f"benchmark {column!r} has scores that are not numbers"
        for column, kind in table.dtypes.items()
        if not usable[kind]
    ]
    if problems:
        raise TableError("\n".join(problems))
    table = table.astype(float)
    infinite = table.columns[np.any(np.isinf(table.to_numpy()), axis=0)]
    if len(infinite):
        raise TableError(
            "\n".join(f"benchmark {column!r} has an infinite score" for column in infinite)
        )
    if complete:
        table = table.dropna()
    if len(table) < FEWEST_MODELS:
        what = "complete models" if complete else "models"
        raise TableError(f"at least {FEWEST_MODELS} {what} are needed, found {len(table)}")
    return _varying(table)


def _varying(table: pd.DataFrame) -> pd.DataFrame:
    flat = table.columns[~varies(table.to_numpy())]
    if len(flat):
        raise TableError(
            "\n".join(
                f"benchmark {column!r} has no variance: every model has the same score"
                for column in flat
            )
        )
    return table


def varies(values: np.ndarray) -> np.ndarray:
    """Whether each column of `values` has entries that differ (by more than rounding); NaN is no
    entry.

    >>> varies(np.array([[1.0, 2.0], [1.0, 3.0]])).tolist()
    [False, True]
    """
    low, high = (
        np.fmin.reduce(values, axis=0),
        np.fmax.reduce(values, axis=0),
    )  # NaN where there is nothing else
    return high - low > 1e-12 * np.maximum(1.0, np.maximum(np.abs(low), np.abs(high)))


def standardised(scores: pd.DataFrame) -> pd.DataFrame:
    """z-scores of each column over the models that have it, with the population standard deviation
    (ddof = 0).

    >>> standardised(pd.DataFrame({"know": [0.1, 0.5, 0.9]}))["know"].round(2).tolist()
    [-1.22, 0.0, 1.22]
    """
    return z_scores(checked(scores))


def z_scores(table: pd.DataFrame) -> pd.DataFrame:
    """`standardised` of a table that is checked already.

    >>> z_scores(pd.DataFrame({"know": [0.1, 0.5, 0.9]}))["know"].round(2).tolist()
    [-1.22, 0.0, 1.22]
    """
    return (table - table.mean()) / table.std(ddof=0)
