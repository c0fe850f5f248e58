"""The report layer: what a chapter shows is safe and complete, what it records is exact."""

import json
import types

import altair as alt
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from lib import report
from lib.charts.figure import Figure
from lib.report import figures, page, tables, text
from lib.stats.verdicts import Estimate

EVIL = "</script><img src=x onerror=alert(1)><!-- `*_[a](http://b)"


@pytest.fixture
def outputs(monkeypatch):
    seen = []
    monkeypatch.setattr(
        page, "_emit", lambda bundle, metadata=None: seen.append((bundle, metadata or {}))
    )
    return seen


def a_study():
    scores = pd.DataFrame(np.ones((3, 2)), index=["a", "b", "c"], columns=["mmlu", "jmmlu"])
    models = pd.DataFrame({"lineage": ["L", "L", "M"]}, index=scores.index)
    return types.SimpleNamespace(
        code="ja", language="Japanese", snapshot="2024-07-01", scores=scores, models=models
    )


@pytest.fixture
def sheet(outputs):
    made = report.Page(a_study(), "transfer")
    outputs.clear()
    return made


def html(outputs):
    return "".join(bundle.get("text/html", "") for bundle, _ in outputs)


# ---- numbers


def recorded(outputs):
    return [item for bundle, _ in outputs for item in bundle[report.RECORDS]["records"]]


def test_an_estimate_is_recorded_in_full(sheet, outputs):
    found = Estimate(-1 / 3, -0.9, np.float64(0.1), n=35, groups=10)
    sheet.record("transfer/pearson/mmlu~jmmlu", found)
    assert recorded(outputs) == [
        {
            "id": "transfer/pearson/mmlu~jmmlu",
            "value": -1 / 3,
            "low": -0.9,
            "high": 0.1,
            "level": 0.95,
            "n": 35,
            "lineages": 10,
        }
    ]


def test_tables_are_recorded_without_gaps_and_numpy(sheet, outputs):
    rows = {"c": {"value": 0.1, "low": 0.0, "n": np.int64(3)}, "d": {"value": 0.2, "low": np.nan}}
    sheet.record("a/b", rows)
    sheet.record("a", {"count": 3, "word": "supported"})
    assert recorded(outputs) == [
        {"id": "a/b/c", "value": 0.1, "low": 0.0, "n": 3},
        {"id": "a/b/d", "value": 0.2},
        {"id": "a/count", "value": 3},
        {"id": "a/word", "value": "supported"},
    ]
    json.dumps(recorded(outputs), allow_nan=False)


@pytest.mark.parametrize("name", ["", "/a/b", "a/../b", "a//b", "a b", "a/b/", "<b>", "a/b:c"])
def test_odd_ids_are_refused(sheet, name):
    with pytest.raises(report.ReportError, match="no id of a result"):
        sheet.record(name, 1)


def test_one_id_has_one_owner(sheet):
    sheet.record("a/b/c", 1)
    with pytest.raises(report.ReportError, match="recorded twice"):
        sheet.record("a/b/c", 2)


# ---- citing


def results(tmp_path, monkeypatch, **found):
    path = tmp_path / "transfer.json"
    path.write_text(json.dumps({"study": "ja", "results": found}))
    monkeypatch.setenv("BOOK_READS", str(tmp_path))


def test_what_was_recorded_can_be_cited(sheet, tmp_path, monkeypatch):
    results(
        tmp_path,
        monkeypatch,
        **{"a/b/c": {"value": 0.5, "low": 0.25, "high": 0.75, "chapter": "x"}, "a/n": {"value": 3}},
    )
    cited = sheet.results["a/b/c"]
    assert isinstance(cited, Estimate) and (cited.value, cited.low, cited.high) == (0.5, 0.25, 0.75)
    assert sheet.results["a/n"] == 3


def test_citing_what_nobody_recorded_names_what_is_near(sheet, tmp_path, monkeypatch):
    results(tmp_path, monkeypatch, **{"transfer/pearson/mmlu~jmmlu": {"value": 0.9}})
    with pytest.raises(report.ReportError, match="did you mean transfer/pearson/mmlu~jmmlu"):
        sheet.results["transfer/pearson/mmlu-jmmlu"]


def test_citing_before_anything_ran_says_what_to_run(sheet, tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_READS", str(tmp_path))
    with pytest.raises(report.ReportError, match="make book STUDY=ja"):
        sheet.results["a/b/c"]


# ---- blocks


def a_chart(names=("a", "b")):
    frame = pd.DataFrame({"x": [1, -2], "name": list(names)})
    return frame, alt.Chart(frame).mark_point().encode(x="x:Q", y="name:N")


def test_a_figure_is_described_downloadable_and_still_without_scripts(sheet, outputs):
    frame, chart = a_chart()
    sheet.figure("two-dots", Figure(chart, frame, "Two <dots>."))
    shown = BeautifulSoup(html(outputs), "html.parser")
    assert shown.select_one('[role="img"]')["aria-label"] == "Two <dots>."
    assert (
        shown.select_one("a[href='data/two-dots.csv']")
        and shown.select_one("details p").text == "Two <dots>."
    )
    assert shown.select_one(".chart-still svg text") is not None
    assert outputs[0][0][report.DOWNLOAD] == {"name": "two-dots.csv", "text": "x,name\n1,a\n-2,b\n"}
    assert json.loads(shown.select_one("script").text)["description"] == "Two <dots>."


def test_no_name_breaks_out_of_a_figure():
    _, chart = a_chart((EVIL, "<!--<script>"))
    made = figures.html("evil", chart, EVIL)
    shown = BeautifulSoup(made, "html.parser")
    assert len(shown.select("script")) == 1 and not shown.select("img")
    assert EVIL in json.dumps(json.loads(shown.select_one("script").text), ensure_ascii=False)
    inside = made.split('class="chart-spec">')[1].split("</script>")[0]
    assert "<" not in inside and ">" not in inside


def test_the_same_figure_has_the_same_bytes_and_another_another_id():
    first, second = (figures.html("dots", a_chart()[1], "d") for _ in range(2))
    assert first == second
    assert (
        BeautifulSoup(first, "html.parser").div["id"]
        != BeautifulSoup(figures.html("dots", a_chart("cd")[1], "d"), "html.parser").div["id"]
    )


def test_ids_inside_two_still_pictures_do_not_clash():
    made = "".join(figures.html(name, a_chart()[1], "d") for name in ("one", "two"))
    ids = [node["id"] for node in BeautifulSoup(made, "html.parser").select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_title_becomes_text_of_the_page():
    shown = BeautifulSoup(
        figures.html(
            "t", a_chart()[1].properties(title=alt.TitleParams("A < B", subtitle="s")), "d"
        ),
        "html.parser",
    )
    assert (
        shown.select_one(".chart-title").text == "A < B"
        and shown.select_one(".chart-subtitle").text == "s"
    )
    assert "title" not in json.loads(shown.select_one("script").text)


@pytest.mark.parametrize("name", ["Two", "a b", "../x", "a/b", "", "x.csv"])
def test_a_figure_is_not_named_like_a_path(sheet, name):
    frame, chart = a_chart()
    with pytest.raises(report.ReportError, match="no name of a figure"):
        sheet.figure(name, Figure(chart, frame, "d"))


def test_tables_are_accessible_and_escaped(sheet, outputs):
    frame = pd.DataFrame(
        {
            "r": [Estimate(-0.5, -0.9, 0.1), None],
            "n": [3, 1200],
            "x": [-0.126, np.nan],
            "v": ["supported", EVIL],
        },
        index=pd.Index([EVIL, "b"], name="Benchmark"),
    )
    sheet.table("tests", frame, caption="A <caption>", formats={"x": 1})
    shown = BeautifulSoup(html(outputs), "html.parser")
    assert shown.caption.text == "A <caption>" and not shown.select("img, script")
    assert [cell["scope"] for cell in shown.select("th")] == ["col"] * 5 + ["row"] * 2
    cells = [[cell.text for cell in row.select("th, td")] for row in shown.select("tbody tr")]
    assert cells[0] == [EVIL, "−0.50 [−0.90, 0.10]", "3", "−0.1", "✓ supported"]
    assert cells[1][1:4] == [text.MISSING, "1\N{NARROW NO-BREAK SPACE}200", text.MISSING]
    assert shown.select_one(".study-table")["tabindex"] == "0"
    assert outputs[0][0][report.DOWNLOAD]["text"].startswith("Benchmark,r,n,x,v\n")


def test_a_table_can_do_without_its_index():
    shown = BeautifulSoup(
        tables.html(
            "t", pd.DataFrame({"a": [1]}, index=[7]), "", {"a": lambda value: f"{value}!"}, False
        ),
        "html.parser",
    )
    assert [cell.text for cell in shown.select("tbody td, tbody th")] == [
        "1!"
    ] and shown.caption is None


def test_numbers_read_as_people_write_them():
    assert [
        text.number(value) for value in (-0.126, 12345, None, float("nan"), True, -0.0, "x")
    ] == ["−0.13", "12\N{NARROW NO-BREAK SPACE}345", text.MISSING, text.MISSING, "yes", "0.00", "x"]


def test_nothing_is_shown_outside_a_notebook(capsys):
    report.Page(a_study(), "transfer").record("a/b/c", 1)
    assert capsys.readouterr().out == ""
