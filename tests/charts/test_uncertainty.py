"""Figures of uncertainty show what they were given, in every form a study may give it."""

import dataclasses

import pandas as pd
import pytest
import vl_convert

from lib import charts, study
from lib.stats import power
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate


@pytest.fixture(scope="module")
def ja():
    return study.load("ja")


def drawn(figure):
    picture = vl_convert.vegalite_to_svg(figure.chart.to_json())
    assert picture.startswith("<svg") and "NaN" not in picture
    return picture


def rows(figure, column):
    return [
        pd.DataFrame(each)
        for each in figure.chart.to_dict()["datasets"].values()
        if column in each[0]
    ]


def test_samples_of_lineages_say_how_often_each_was_drawn(ja):
    times = ja.models["lineage"].map({"Llama 2": 2, "Mistral": 0}).fillna(1)
    figure = charts.lineage_draws(pd.DataFrame({"Sample 1": times}), ja)
    assert "\N{MULTIPLICATION SIGN}2" in drawn(figure)
    assert figure.data.set_index("lineage")["Sample 1"][["Llama 2", "Mistral", "Yi"]].tolist() == [
        2,
        0,
        1,
    ]
    (data,) = rows(figure, "times")
    taken = data[data["panel"] == "Sample 1"].groupby("lineage")["mark"].unique()
    assert list(taken["Mistral"]) == ["left out"] and list(taken["Llama 2"]) == ["taken"]
    assert len(data) == 2 * len(ja.models)


def test_names_of_lineages_are_text(ja):
    models = ja.models.assign(lineage="<i>one</i>")
    figure = charts.lineage_draws(
        pd.DataFrame({"Sample 1": 1}, index=models.index), dataclasses.replace(ja, models=models)
    )
    assert "<i>" not in drawn(figure)


@pytest.mark.parametrize("told", [["niilc~triviaqa"], []])
def test_power_marks_where_it_is_enough_and_every_pair_of_the_study(ja, told):
    pairs = Estimates.from_rows(
        {"niilc~triviaqa": Estimate(-0.9, -1, -0.8), "jcom~mmlu": Estimate(0.1, -0.2, 0.3)}
    )
    lines = {"alone": (35,), "related": (35, 10, 1.3)}
    figure = charts.power(
        {kind: power.curve(*given) for kind, given in lines.items()},
        {kind: power.detectable(*given) for kind, given in lines.items()},
        pairs,
        pairs.of(told),
        ja,
        0.8,
    )
    svg = drawn(figure)
    assert all(word in svg for word in ("0.47", "not told", "80%", "alone", "related"))
    (ticks,) = rows(figure, "told")
    assert dict(zip(ticks["pair"], ticks["r"], strict=True)) == {
        "TriviaQA and NIILC": 0.9,
        "MMLU and JCom": 0.1,
    }
    assert (ticks["told"] == "yes").sum() == len(told)
    assert "0.47 alone" in figure.description


def test_reliability_says_each_scores_error_even_without_a_number_of_items(ja):
    frame = Estimates.from_rows(
        {"mmlu": Estimate(0.9, 0.8, 0.95), "wmt20-en-ja": Estimate(0.5, -0.1, 0.7)}
    ).frame
    evaluations = ja.evaluations.assign(
        items=ja.evaluations["items"].where(ja.evaluations["benchmark_id"] != "wmt20-en-ja")
    )
    s = dataclasses.replace(ja, evaluations=evaluations)
    svg = drawn(charts.reliability(Estimates(frame.assign(error=[0.01, 0.045])), s))
    assert (
        "\N{PLUS-MINUS SIGN}0.010, 14\N{NARROW NO-BREAK SPACE}042 items" in svg
        and "\N{PLUS-MINUS SIGN}0.045<" in svg
    )


def test_panels_with_one_scale_are_bounded_alike_and_zero_need_not_be_seen(ja):
    worlds = {
        "close": Estimates.from_rows({"slopes/shown": Estimate(0.95, 0.94, 0.96)}),
        "far": Estimates.from_rows({"slopes/shown": Estimate(0.6, 0.5, 0.7)}),
    }
    figure = charts.dots(
        worlds,
        ja,
        panels=True,
        zero=False,
        order="group",
        band=(0.93, 0.97),
        spec=".0%",
        at={0.95: "promised"},
    )
    text = figure.chart.to_json()
    panels = figure.chart.to_dict()["concat"]
    domains = {
        str(layer["encoding"]["x"]["scale"]["domain"])
        for panel in panels
        for layer in panel["layer"]
        if "scale" in layer.get("encoding", {}).get("x", {})
    }
    assert len(domains) == 1 and eval(domains.pop())[0] > 0.4
    assert "promised" in text and "Slopes" in text and '".0%"' in text
    assert figure.description.count("shown") == 2


def test_subjects_stand_under_the_heading_of_their_group(ja):
    table = Estimates.from_rows(
        {
            "loss-on/niilc": Estimate(0.1, 0, 0.2),
            "gain-on/mmlu": Estimate(0.3, 0, 0.4),
            "loss-on/jcom": Estimate(0.2, 0, 0.3),
        }
    )
    svg = drawn(charts.dots(table, ja, order="group"))
    assert all(word in svg for word in ("Loss on", "Gain on", "NIILC", "MMLU"))
    figure = charts.dots(table, ja, order="group")
    assert list(figure.data["name"]) == ["loss on NIILC", "gain on MMLU", "loss on JCom"]
