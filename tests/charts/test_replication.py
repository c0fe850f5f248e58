"""The figure of drift shows what it was given, in both units."""

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts, study
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate

MODELS = ["Qwen/Qwen2-7B", "google/gemma-2-2b", "mistralai/Mistral-7B-v0.1"]
SHIFTS = pd.DataFrame(
    {"niilc": [0.1, 0.2, 0.3], "squad2": [0.0, -0.01, np.nan], "mmlu": [0.0, 1e-6, 0.0]},
    index=MODELS,
)
SCALE = pd.Series({"niilc": 0.1, "squad2": 0.05, "mmlu": 0.1})


@pytest.fixture(scope="module")
def figure():
    rows = {
        "niilc": Estimate(0.2, 0.1, 0.3),
        "squad2": Estimate(-0.005, -0.01, 0.0),
        "mmlu": Estimate(0.0, 0.0, 0.0),
    }
    table = Estimates.from_rows(rows)
    return charts.drift(
        SHIFTS, Estimates(table.frame.assign(largest=[0.3, 0.01, 1e-6])), SCALE, study.load("ja")
    )


def drawn_rows(figure):
    (data,) = [
        pd.DataFrame(rows)
        for rows in figure.chart.to_dict()["datasets"].values()
        if "kind" in rows[0]
    ]
    return data


def test_each_models_shift_is_shown_in_both_units_by_the_models_name(figure):
    data = drawn_rows(figure)
    models = data[data["kind"] == "model"].pivot_table(
        index=["benchmark", "name"], columns="panel", values="value"
    )
    assert models.loc[("NIILC", "Gemma 2 2B")].tolist() == pytest.approx([0.2, 2.0])
    assert len(models) == 5  # the missing shift is no dot, and a benchmark that did not move no row
    means = data[(data["kind"] == "mean") & (data["panel"] == "In standard deviations")].set_index(
        "benchmark"
    )
    assert means.loc["SQuAD2", ["value", "low", "high"]].tolist() == pytest.approx(
        [-0.1, -0.2, 0.0]
    )


def test_the_benchmark_that_moved_most_comes_first_and_all_are_in_the_data(figure):
    assert list(dict.fromkeys(drawn_rows(figure)["benchmark"])) == ["NIILC", "SQuAD2"]
    assert list(figure.data["benchmark"]) == ["niilc", "squad2", "mmlu"]
    assert "NIILC mean +0.200 [+0.100, +0.300], largest 0.300" in figure.description


def test_it_can_be_drawn(figure):
    picture = vl_convert.vegalite_to_svg(figure.chart.to_json())
    assert picture.startswith("<svg") and "NaN" not in picture and "SQuAD2" in picture
