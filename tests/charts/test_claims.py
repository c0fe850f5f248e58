"""The figure of claims: bands are where a claim holds, and verdicts are told apart without
colour."""

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib.charts import claims, theme

NAN = np.nan
TABLE = pd.DataFrame(
    [
        ("carries over", "source", "A and B", 0.9, 0.85, 0.95, "supported", 0.8, NAN),
        ("carries over", "further", "A and B", 0.8, 0.6, 0.9, "undecided", 0.8, NAN),
        ("stands apart", "source", "C and D", 0.2, -0.3, 0.4, "undecided", NAN, 0.5),
        ("stands apart", "source", "C and E", 0.6, 0.55, 0.7, "contradicted", NAN, 0.5),
        ("neither", "source", "F and G", 0.0, -0.2, 0.2, "supported", -0.5, 0.5),
    ],
    columns=["short", "panel", "what", "value", "low", "high", "verdict", "above", "below"],
)
PANELS = {"source": "The study's models", "further": "Further models"}


@pytest.fixture(scope="module")
def chart():
    return claims.verdicts(TABLE, PANELS).chart


@pytest.fixture(scope="module")
def data(chart):
    (rows,) = chart.to_dict()["datasets"].values()
    return pd.DataFrame(rows)


def test_it_can_be_drawn_with_every_claim_named_and_every_panel_headed(chart):
    picture = vl_convert.vegalite_to_svg(chart.to_json())
    for words in (
        "carries over",
        "stands apart",
        "neither",
        "Further models",
        "supported",
        "undecided",
        "contradicted",
    ):
        assert words in picture
    assert "NaN" not in picture


def test_the_band_runs_from_the_threshold_to_the_side_on_which_the_claim_holds(data):
    rows = data.set_index(["panel", "what"])
    above, below, within = (
        rows.loc[("source", "A and B")],
        rows.loc[("source", "C and D")],
        rows.loc[("source", "F and G")],
    )
    assert above["start"] == 0.8 and above["end"] >= 0.95
    assert below["end"] == 0.5 and below["start"] <= -0.3
    assert (within["start"], within["end"]) == (-0.5, 0.5)


def test_results_of_one_claim_stand_apart_within_its_row(data):
    rows = data[data["short"] == "stands apart"].sort_values("y")
    assert (rows["top"] < rows["y"]).all() and (rows["y"] < rows["bottom"]).all()
    assert rows["bottom"].iloc[0] <= rows["top"].iloc[1] + 1e-9
    assert rows["top"].min() > 0.5 and rows["bottom"].max() < 1.5


def test_verdicts_differ_without_colour():
    assert len({mark for mark in claims.MARKS.values()}) == 3
    assert {ink for _, ink in claims.MARKS.values()} <= {theme.INK, theme.PAGE}


def test_the_description_tells_every_verdict_once():
    said = claims.verdicts(TABLE, PANELS).description
    assert (
        said.count("stands apart, the study's models") == 1
        and "carries over, further models: undecided" in said
    )


def test_a_panel_that_tests_nothing_has_no_column():
    figure = claims.verdicts(TABLE, PANELS | {"pairs": "Against parents"})
    assert "Against parents" not in figure.chart.to_json() and len(figure.data) == len(TABLE)
