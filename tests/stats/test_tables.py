"""The door of every analysis: what is refused, and in which words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from lib.stats.tables import TableError, checked, standardised
from tests import tables


def frame(**columns):
    return pd.DataFrame(columns, index=[f"m{i}" for i in range(len(next(iter(columns.values()))))])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (frame(a=[1, 2, 3], b=[2, 2, 2]), "benchmark 'b' has no variance"),
        (frame(a=[0.1 + 0.2, 0.3, 0.3]), "benchmark 'a' has no variance"),
        (frame(a=[1, 2, np.nan], b=[np.nan] * 3), "benchmark 'b' has no variance"),
        (frame(a=["x", "y", "z"], b=[1, 2, 3]), "benchmark 'a' has scores that are not numbers"),
        (frame(a=[True, False, True]), "benchmark 'a' has scores that are not numbers"),
        (frame(a=[1, 2, np.inf]), "benchmark 'a' has an infinite score"),
        (frame(a=[1, 2]), "at least 3 models are needed, found 2"),
        (pd.DataFrame({"a": [1, 2, 3]}, index=["m", "m", "n"]), "model 'm' appears more than once"),
        (
            pd.DataFrame([[1, 2], [2, 3], [3, 5]], columns=["a", "a"]),
            "benchmark 'a' appears more than once",
        ),
    ],
)
def test_a_table_that_cannot_be_analysed_says_why(table, message):
    with pytest.raises(TableError, match=message):
        checked(table)


def test_all_problems_come_at_once():
    with pytest.raises(TableError) as error:
        checked(frame(a=[1, 1, 1], b=[2, 2, 2], c=[1, 2, 3]))
    assert "'a'" in str(error.value) and "'b'" in str(error.value)


def test_complete_models_only_on_request():
    table = frame(a=[1, 2, 3, np.nan], b=[1, 3, 2, 5])
    assert len(checked(table)) == 4
    assert list(checked(table, complete=True).index) == ["m0", "m1", "m2"]


@given(tables.scores())
def test_standardised_columns_have_mean_zero_and_population_deviation_one(table):
    z = standardised(table).to_numpy()
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(np.sqrt((z**2).mean(axis=0)), 1, atol=1e-9)
