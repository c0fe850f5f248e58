"""What a table of estimates carries along: averages on the same replicates, more columns."""

import numpy as np
import pandas as pd

from lib.stats import resampling
from lib.stats.resampling import Resampling


def table():
    units = list("abcdef")
    values = pd.DataFrame({"x": [1.0, 2, 4, 8, 16, 32], "y": [3.0, 1, 4, 1, 5, 9]}, index=units)
    how = Resampling(pd.Series(list("ppqqrr"), index=units), seed=3, replicates=500)
    return resampling.mean(values, how), values, how


def test_an_average_of_estimates_is_the_estimate_of_the_average():
    found, values, how = table()
    average = values.mean(axis=1).to_frame("both")
    expected = resampling.mean(average, how)["both"]
    mine = found.mean("both")["both"]
    assert np.allclose(
        [mine.value, mine.low, mine.high], [expected.value, expected.low, expected.high]
    )
    assert (mine.n, mine.lineages) == (6, 3)


def test_more_columns_go_by_subject_and_survive_selection():
    found = table()[0].beside(pd.DataFrame({"band": [7.0, 9.0]}, index=["y", "x"]))
    assert found.of(["y"]).frame["band"].tolist() == [7.0]
    assert found.judged(above=0).frame["band"].to_dict() == {"x": 9.0, "y": 7.0}


def test_the_outermost_ends_say_so_in_their_method():
    assert "outermost ends" in table()[0].widest["x"].method
