"""Figures of data, strategies and local ability: every model and task is on them, at its place."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from lib import charts, study
from lib.stats import budget, differences, local_ability
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.verdicts import Estimate
from tests.charts import figures


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


@pytest.fixture(scope="module")
def split(ja):
    how = Resampling(ja.models["lineage"], seed=1, replicates=200)
    side = ja.benchmarks["language"]
    return local_ability.fit(ja.scores, side), local_ability.stability(ja.scores, side, how)


@pytest.fixture(scope="module")
def averages(ja):
    how = Resampling(ja.models["lineage"], seed=1, replicates=200)
    columns = pd.DataFrame({"one": ja.scores["niilc"], "other": ja.scores["mmlu"]})
    return columns, differences.means(columns, ja.models["strategy"], how)


HEADINGS = {"total": "All tokens", "local": "Japanese tokens", "english": "English tokens"}


def disclosure(s):
    facts = budget.disclosed(s.training, s.models.index, s.registry["parent_id"])
    return charts.disclosure(facts, s, HEADINGS)


def named(s, **names):
    return dataclasses.replace(s, models=s.models.assign(**names))


def test_figures_are_sound(ja, split, averages):
    ability, stable = split
    titles = {"one": "Local", "other": "English"}
    for make, coloured in (
        (lambda: disclosure(ja), True),
        (lambda: charts.composites(ability, stable.score, ja), True),
        (lambda: charts.strategies(*averages, ja, titles), True),
        (lambda: charts.dots(stable.score, ja, training=True, spec="+.2f"), True),
        (lambda: charts.dots(stable.carries, ja), False),
    ):
        figures.check(make(), make())
        assert figures.by_colour(make()) == coloured


# --- what makers tell


def test_a_budget_is_told_only_where_every_stage_is(ja):
    facts = budget.disclosed(ja.training, ja.models.index, ja.registry["parent_id"])
    assert facts.loc["rinna/youri-7b"].tolist() == ["told", "hidden", "hidden"]
    assert (
        facts.loc["Rakuten/RakutenAI-7B", "total"] == "own"
    )  # continued from one that tells nothing
    assert (facts == "told").sum().to_dict() == {"total": 27, "local": 12, "english": 9}


def test_every_model_has_a_place_for_each_fact(ja):
    assert len(disclosure(ja).data) == 3 * len(ja.models)


def test_names_are_never_code(ja):
    nasty = '"];alert(1);//<b>'
    spec = disclosure(named(ja, name=nasty)).chart.to_dict()
    expression = spec["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert set(json.loads(expression.removesuffix("[datum.value]"))) == {nasty}


# --- strategies


def test_every_model_stands_below_its_strategys_mean(ja, averages):
    columns, means = averages
    figure = charts.strategies(columns, means, ja, {"one": "Local", "other": "English"})
    marks = figures.data(figure, {"name", "score", "y"})
    bars = figures.data(figure, {"value", "said", "y"})
    assert [len(rows) for rows in marks] == [len(ja.models)] * 2 and len(bars) == 2
    place = {row["group"]: row["y"] for row in bars[0]}
    assert len(place) == 4 and all(0 < row["y"] - place[row["group"]] < 0.8 for row in marks[0])
    assert {"Local", "English", "continued on Japanese"} <= set(figures.words(figure))


def test_a_strategy_that_nobody_follows_has_no_row(ja, averages):
    columns, means = averages
    figure = charts.strategies(columns, means, ja, {"one": "Local"})
    assert "strategy unknown" not in figures.words(figure)


# --- local ability


def test_only_models_clear_of_the_curve_are_joined_to_it(ja, split):
    ability, stable = split
    figure = charts.composites(ability, stable.score, ja, most=4)
    gaps = next(
        rows for rows in figures.data(figure, {"x", "y", "fitted"}) if "model" not in rows[0]
    )
    far = stable.score.clear.values.abs().sort_values(ascending=False).index[:4]
    assert {round(row["x"], 9) for row in gaps} == set(ability.english[far].round(9))
    assert len(figure.data) == len(ja.models)


def test_unknown_strategies_get_one_plain_mark(ja, split):
    ability, stable = split
    figure = charts.composites(ability, stable.score, named(ja, strategy="unknown"))
    assert not figures.by_colour(figure)


# --- rows


def estimates(count):
    return Estimates.from_rows(
        {f"m{k}": Estimate(1 - k / 10, 0.9 - k / 10, 1.1 - k / 10) for k in range(count)}
    )


def test_a_long_ranking_shows_both_ends_and_counts_the_rest(ja):
    figure = charts.dots(estimates(50), ja)
    assert list(figure.data["subject"]) == [f"m{k}" for k in [*range(15), *range(35, 50)]]
    rows = figures.data(figure, {"row", "said"})[0]
    assert len({row["row"] for row in rows}) == 30 and "20 between" in figures.words(figure)


def test_a_band_lies_behind_its_row_and_in_the_data(ja):
    table = estimates(3)
    band = pd.DataFrame({"low": -5.0, "high": [2.0, 3.0, 4.0]}, index=list(table))
    figure = charts.dots(table, ja, band=band)
    drawn = figures.data(figure, {"band_low", "top", "bottom"})[0]
    assert [row["band_high"] for row in drawn] == [2.0, 3.0, 4.0]
    assert figure.data["band_high"].tolist() == [2.0, 3.0, 4.0]


def test_a_row_of_one_set_is_not_pushed_aside_by_another_sets_rows(ja):
    table = estimates(4)
    sets = {"first": table.of(["m0", "m2"]), "second": table.of(["m1", "m3"])}
    figure = charts.dots(sets, ja, order=list(table))
    rows = figures.data(figure, {"row", "y"})[0]
    assert all(row["y"] == row["row"] for row in rows)
    both = figures.data(charts.dots({"first": table, "second": table}, ja), {"row", "y"})[0]
    assert all(np.isclose(abs(row["y"] - row["row"]), 0.17) for row in both)


def test_causes_are_drawn_with_what_each_is_and_told_in_words():
    figure = charts.causes("Japanese")
    figures.check(figure, charts.causes("Japanese"))
    assert {"confounder", "mediator", "Text in Japanese"} <= set(figures.words(figure))
    assert len(figure.data) == len(figure.data.drop_duplicates()) == 8
    assert not figures.by_colour(figure) and "mediator" in figure.description
