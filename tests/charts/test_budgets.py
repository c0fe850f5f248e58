"""Figures of abilities against budgets, and of what the laws amount to."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert

from lib import charts, study
from lib.stats import budget, components, scaling
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate

TITLES = {"PC1": "general <i> (PC1)", "PC2": "local (PC2)"}


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


def drawn(figure):
    return vl_convert.vegalite_to_svg(json.dumps(figure.chart.to_dict()))


def table(parts, draws=True):
    more = {"draws_low": 0.4, "draws_high": 0.6} if draws else {}
    return Estimates.from_rows(
        {
            f"{k}/{part}": Estimate(value, value - 0.7, value + 0.2, **more)
            for k in TITLES
            for part, value in parts.items()
        }
    )


@pytest.mark.parametrize("draws", [True, False])
def test_each_ability_has_a_panel_and_each_budget_a_row(ja, draws):
    figure = charts.by_budget(
        table({"english": 0.5, "local": 0.6, "total": 0.4}, draws), ja, TITLES, "r"
    )
    svg = drawn(figure)
    assert all(
        word in svg
        for word in ("General &lt;i&gt;", "English compute", "Japanese compute", "total compute")
    )
    assert len(figure.chart.to_dict()["concat"]) == 2 and len(figure.data) == 6
    assert ({"draws_low", "draws_high"} <= set(figure.data)) is draws
    assert (
        "English compute (general <i> (PC1)) 0.50 [\N{MINUS SIGN}0.20, 0.70]" in figure.description
    )


def test_panels_share_one_scale(ja):
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for panel in charts.by_budget(
            Estimates.from_rows(
                {"PC1/local": Estimate(5, 4, 6), "PC2/local": Estimate(0.1, 0, 0.2)}
            ),
            ja,
            TITLES,
            "slope",
        ).chart.to_dict()["concat"]
        for layer in panel["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert domains and all(
        domain == domains[0] and domain[0] < 0 and domain[1] > 6 for domain in domains
    )


def test_rival_laws_are_ranked_and_the_mean_is_a_line_not_a_law(ja):
    figure = charts.rivals(
        table({"mean-alone": 1.0, "local-compute": 1.2, "english-and-local-compute": 0.5}),
        ja,
        TITLES,
        "error",
    )
    assert [row for row in figure.data["name"][:2]] == [
        "English and Japanese compute",
        "Japanese compute",
    ]
    assert "the mean alone" in drawn(figure) and "the mean alone" not in set(figure.data["name"])


def test_models_are_bars_over_their_possible_budgets_around_the_law(ja):
    scores = components.fit(ja.scores, ja.anchors).scores[["PC1"]]
    budgets = budget.draw(ja, 1, draws=20)
    laws = Estimates.from_rows(
        {"PC1/english": Estimate(0.9, 0.8, 0.95), "PC1/local": Estimate(0.0, -0.5, 0.4)}
    )
    bands = scaling.bands(scores, budgets, laws, 1)
    figure = charts.scaling(laws, scores, budgets, bands, ja, {"PC1": "general ability (PC1)"})
    assert (
        len(figure.data) == 70
        and (figure.data["lowest"] <= figure.data["median"] * (1 + 1e-9)).all()
    )
    svg = drawn(figure)
    assert all(
        word in svg
        for word in (
            "General ability (PC1)",
            "English compute (FLOP)",
            "r 0.90 [0.80, 0.95]",
            "continued on Japanese",
        )
    )
    assert "Japanese compute r = 0.00" in figure.description


def test_a_law_has_a_name_for_each_that_is_tested():
    from lib.stats import rivals

    assert set(charts.law_names("Thai")) == {*rivals.LINES, *rivals.SIGMOIDS}
    assert not [
        name for name in charts.law_names("Thai").values() if "{" in name or "local" in name
    ]
    assert np.all(pd.Series(charts.law_names("Thai")).nunique() == 12)
