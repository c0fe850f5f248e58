"""The report layer: what a chapter shows is safe and complete, what it records is exact."""

import json
import types

import altair as alt
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from lib import report
from lib.report import figures, page, tables, text
from lib.stats.estimates import Estimate

EVIL = "</script><img src=x onerror=alert(1)><!-- `*_[a](http://b)"
SENTENCES = {
    "supported": "Yes, {r}.",
    "undecided": "Perhaps, **{r}**, says {name}.",
    "contradicted": "No, {r}.",
}


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


def glued(outputs):
    return {meta["scrapbook"]["name"]: bundle for bundle, meta in outputs if "scrapbook" in meta}


# ---- numbers


def test_a_page_opens_with_the_words_of_its_study(outputs):
    report.Page(a_study(), "transfer")
    words = {
        key: eval(bundle["application/papermill.record/text/plain"])
        for key, bundle in glued(outputs).items()
    }
    assert words == {
        "language": "Japanese",
        "study": "ja",
        "snapshot": "2024-07-01",
        "models": "3",
        "benchmarks": "2",
        "lineages": "2",
    }


def test_a_number_is_recorded_in_full_and_glued_as_printed(sheet, outputs):
    sheet.number(
        "transfer/pearson/mmlu~jmmlu",
        Estimate(-1 / 3, -0.9, np.float64(0.1), n=35, groups=10),
        "what it means",
    )
    (records,) = [
        bundle[report.RECORDS]["records"] for bundle, _ in outputs if report.RECORDS in bundle
    ]
    assert records == [
        {
            "id": "transfer/pearson/mmlu~jmmlu",
            "value": -1 / 3,
            "low": -0.9,
            "high": 0.1,
            "level": 0.95,
            "n": 35,
            "lineages": 10,
            "sentence": "what it means",
        }
    ]
    assert (
        "−0.33 [−0.90, 0.10]"
        in glued(outputs)["transfer/pearson/mmlu~jmmlu"]["application/papermill.record/text/plain"]
    )
    assert html(outputs) == ""


def test_tables_are_recorded_without_gaps_and_numpy(sheet, outputs):
    sheet.record(
        pd.DataFrame(
            {
                "id": ["a/b/c", "a/b/d"],
                "value": [0.1, 0.2],
                "low": [0.0, np.nan],
                "n": np.array([3, 4]),
            }
        )
    )
    sheet.record({"a/count": 3, "a/word": "supported"})
    records = [item for bundle, _ in outputs for item in bundle[report.RECORDS]["records"]]
    assert records == [
        {"id": "a/b/c", "value": 0.1, "low": 0.0, "n": 3},
        {"id": "a/b/d", "value": 0.2, "n": 4},
        {"id": "a/count", "value": 3},
        {"id": "a/word", "value": "supported"},
    ]
    json.dumps(records, allow_nan=False)


@pytest.mark.parametrize("name", ["", "/a/b", "a/../b", "a//b", "a b", "a/b/", "<b>", "a/b:c"])
def test_odd_ids_are_refused(sheet, name):
    with pytest.raises(report.ReportError, match="no id of a result"):
        sheet.record({name: 1})


def test_one_id_has_one_owner(sheet):
    sheet.record({"a/b/c": 1})
    with pytest.raises(report.ReportError, match="recorded twice"):
        sheet.record({"a/b/c": 2})
    with pytest.raises(report.ReportError, match="already given"):
        sheet.text("x", 1), sheet.text("x", 2)


def test_prose_gets_no_float_without_an_interval(sheet):
    with pytest.raises(report.ReportError, match="bare float"):
        sheet.number("a/b/c", 0.5)


def test_a_phrase_is_escaped_unless_an_author_vouches_for_it(sheet, outputs):
    sheet.text("evil", EVIL)
    sheet.text("good", report.Markup("**two**"))
    found = {
        key: bundle["application/papermill.record/text/markdown"]
        for key, bundle in glued(outputs).items()
    }
    assert found["good"] == "**two**"
    shown = BeautifulSoup(text._MARKDOWN.renderInline(found["evil"]), "html.parser")
    assert shown.find(True) is None and shown.text == EVIL


# ---- citing


def results(tmp_path, monkeypatch, **found):
    path = tmp_path / "transfer.json"
    path.write_text(json.dumps({"study": "ja", "results": found}))
    monkeypatch.setenv("BOOK_READS", str(tmp_path))


def test_what_was_recorded_can_be_cited(sheet, outputs, tmp_path, monkeypatch):
    results(
        tmp_path,
        monkeypatch,
        **{"a/b/c": {"value": 0.5, "low": 0.25, "high": 0.75, "chapter": "x"}, "a/n": {"value": 3}},
    )
    cited = sheet.cite("a/b/c")
    assert isinstance(cited, Estimate) and (cited.value, cited.low, cited.high) == (0.5, 0.25, 0.75)
    assert sheet.cite("a/n") == 3 and sheet.cite("a/b/c").value == 0.5
    assert set(glued(outputs)) == {"a/b/c", "a/n"}
    assert list(sheet.cited("a/b/").index) == ["a/b/c"]


def test_citing_what_nobody_recorded_names_what_is_near(sheet, tmp_path, monkeypatch):
    results(tmp_path, monkeypatch, **{"transfer/pearson/mmlu~jmmlu": {"value": 0.9}})
    with pytest.raises(report.ReportError, match="did you mean transfer/pearson/mmlu~jmmlu"):
        sheet.cite("transfer/pearson/mmlu-jmmlu")


def test_citing_before_anything_ran_says_what_to_run(sheet, tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_READS", str(tmp_path))
    with pytest.raises(report.ReportError, match="make book STUDY=ja"):
        sheet.cite("a/b/c")


# ---- blocks


@pytest.mark.parametrize("verdict", ["supported", "undecided", "contradicted"])
def test_the_answer_is_the_sentence_of_the_computed_verdict(sheet, outputs, verdict):
    sheet.answer(
        "Does {language} carry over?", verdict, SENTENCES, r=Estimate(-0.5, -0.9, -0.1), name=EVIL
    )
    shown = BeautifulSoup(html(outputs), "html.parser")
    assert shown.select_one(".answer-question").text == "Does Japanese carry over?"
    assert shown.select_one(".verdict").text.endswith(verdict)
    assert "−0.50 [−0.90, −0.10]" in shown.select_one(".answer-said").text
    assert not shown.select("img, script") and (verdict != "undecided" or EVIL in shown.text)


def test_an_answer_is_ready_for_every_verdict(sheet):
    with pytest.raises(report.ReportError, match="no sentence for contradicted"):
        sheet.answer("?", "supported", {"supported": "yes", "undecided": "perhaps"})
    with pytest.raises(KeyError):
        sheet.answer("?", "supported", SENTENCES)
    with pytest.raises(ValueError, match="no verdict"):
        sheet.answer("?", "perhaps", SENTENCES)


def test_what_is_missing_is_said_in_a_sentence(sheet, outputs):
    sheet.missing("No parents in {study}; add `parent_id`.")
    assert (
        html(outputs)
        == '<p class="missing" role="note">No parents in ja; add <code>parent_id</code>.</p>'
    )


def a_chart(names=("a", "b")):
    frame = pd.DataFrame({"x": [1, -2], "name": list(names)})
    return frame, alt.Chart(frame).mark_point().encode(x="x:Q", y="name:N")


def test_a_figure_is_described_downloadable_and_still_without_scripts(sheet, outputs):
    frame, chart = a_chart()
    sheet.figure("two-dots", chart, description="Two <dots>.", data=frame)
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
        sheet.figure(name, chart, "d", frame)


def test_a_figure_without_data_is_refused(sheet):
    with pytest.raises(report.ReportError, match="give the table"):
        sheet.figure("x", alt.layer(a_chart()[1]).properties(data=alt.Undefined), "d")


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
    report.Page(a_study(), "transfer").missing("Nothing.")
    assert capsys.readouterr().out == ""
