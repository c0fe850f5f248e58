"""What leaves a notebook, and what may not."""

import nbformat
import pytest

from lib.book import BookError, execute, results
from lib.book.execute import DOWNLOAD, RECORDS


def notebook_with(*bundles, metadata=None):
    """A notebook with one code cell and these display outputs."""
    outputs = [nbformat.v4.new_output("display_data", data=bundle) for bundle in bundles]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("x", outputs=outputs, metadata=metadata or {})]
    )


def record(name, value=1):
    return {RECORDS: {"records": [{"id": name, "value": value}]}, "text/plain": "x"}


def test_records_and_downloads_are_taken_out_and_the_rest_stays():
    notebook = notebook_with(
        record("a/b/c"), {DOWNLOAD: {"name": "fig.csv", "text": "x\n"}}, {"text/html": "<p>"}
    )
    records, downloads, complaints = execute._take_out("chapter", notebook)
    assert (
        records == [{"id": "a/b/c", "value": 1}]
        and downloads == {"fig.csv": "x\n"}
        and complaints == []
    )
    assert [output.data for output in notebook.cells[0].outputs] == [{"text/html": "<p>"}]


def test_what_a_chapter_writes_to_standard_error_is_told_and_not_published():
    notebook = notebook_with()
    notebook.cells[0].outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="/home/me/x.py: careful\n")
    ]
    assert execute._take_out("chapter", notebook)[2] == ["/home/me/x.py: careful"]
    assert notebook.cells[0].outputs == []


@pytest.mark.parametrize("name", ["", "transfer", "../x", "A/b/c", "a/b c", "a//b", None])
def test_an_id_that_is_none_is_refused(name):
    with pytest.raises(BookError, match="ids look like topic/quantity/subject"):
        execute._take_out("chapter", notebook_with(record(name)))


@pytest.mark.parametrize(
    "name",
    [
        "transfer/pearson/mmlu~jmmlu",
        "abilities/score/PC1/meta-llama/Llama-2-7b-hf",
        "abilities/score/PC1/org/a_b+c#1.5@x",
        "abilities/retained",
    ],
)
def test_ids_of_the_study_are_taken(name):
    assert execute._take_out("chapter", notebook_with(record(name)))[0][0]["id"] == name


@pytest.mark.parametrize(
    "name", ["../fig.csv", "/etc/x.csv", "a/b.csv", "fig.html", ".csv", "..csv"]
)
def test_a_download_cannot_name_another_place(name):
    with pytest.raises(BookError, match="plain name"):
        execute._take_out("chapter", notebook_with({DOWNLOAD: {"name": name, "text": ""}}))


def test_numbers_that_json_cannot_hold_are_refused():
    with pytest.raises(BookError, match="NaN"):
        execute.as_json({"value": float("nan")}, "chapter")


def test_a_cell_that_drew_nothing_gets_no_figure_number():
    figure = {"mystnb": {"figure": {"name": "fig-x"}}}
    missing = notebook_with({RECORDS: {"records": []}}, metadata=figure)
    drawn = notebook_with({"text/html": '<div class="study-chart">'}, metadata=figure)
    for notebook in (missing, drawn):
        execute._take_out("chapter", notebook)
    assert (
        "figure" not in missing.cells[0].metadata["mystnb"]
        and "figure" in drawn.cells[0].metadata["mystnb"]
    )


def test_what_sets_up_or_draws_waits_behind_the_switch_and_what_computes_is_read():
    drawn = nbformat.v4.new_output("display_data", data={"text/html": "<p>"})
    cells = [
        nbformat.v4.new_code_cell("x", metadata={"tags": tags})
        for tags in ([], ["parameters"], ["show-input"], ["remove-cell"])
    ]
    cells += [
        nbformat.v4.new_code_cell("import x"),
        nbformat.v4.new_code_cell("draw()", outputs=[drawn]),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    execute._tidy("chapter", notebook)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    assert tags == [
        [],
        ["parameters", "behind"],
        ["show-input"],
        ["remove-cell"],
        ["behind"],
        ["behind"],
    ]


def test_the_same_id_twice_in_a_chapter_must_mean_the_same():
    row = {"id": "a/b/c", "value": 1}
    assert results.merge({"x": [row, row]})["a/b/c"]["chapter"] == "x"
    with pytest.raises(BookError, match="recorded twice in x"):
        results.merge({"x": [row, row | {"value": 2}]})


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("0.5", 0.5), ("True", True), ("'x'", "x"), ("x y", "x y")]
)
def test_a_typed_value_is_a_literal_or_text(text, value):
    assert execute.read_value(text) == value
