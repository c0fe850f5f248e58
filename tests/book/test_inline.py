"""Prose names what it shows, and the answer is the sentence that goes with the verdict."""

import nbformat
import pytest

from lib.book import BookError, answers, inline


def notebook(*texts):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in texts])


def test_every_name_is_asked_for_once_wherever_it_stands():
    book = notebook("# In {eval}`s.language`", "{eval}`s.language` and {eval}`rate:.0%` of {eval}`len(s.models)`")
    book.cells.append(nbformat.v4.new_code_cell("", metadata={"mystnb": {"figure": {"caption": "of {eval}`a.names`"}}}))
    assert inline.expressions(book) == [("s.language", ""), ("rate", ".0%"), ("len(s.models)", ""), ("a.names", "")]


def test_values_render_to_themselves_in_text_and_caption():
    book = notebook("Of {eval}`names`.")
    book.cells.append(nbformat.v4.new_code_cell("", metadata={"mystnb": {"figure": {"caption": "of {eval}`names`"}}}))
    shown = inline.filled(book, {"names": "a_b <i>*x*</i>"})
    assert shown.cells[0].source == r"Of a\_b \<i\>\*x\*\</i\>\."[:-2] + "."
    assert shown.cells[1].metadata["mystnb"]["figure"]["caption"] == r"of a\_b \<i\>\*x\*\</i\>"


@pytest.mark.parametrize("role", ["f'{x}'", "open('x')", "a if b else c", "x + 1", "", "[x for x in y]"])
def test_what_is_not_a_name_belongs_in_a_cell(role):
    with pytest.raises(inline.InlineError, match="compute anything else in a cell"):
        inline.split(role)


ANSWER = """:::{answer} Is it {eval}`x`?
:verdict: each.weakest

supported
: **Yes.**

undecided
: Perhaps.

contradicted
: No.

always
: See {eval}`x`.
  And more.
:::
"""


@pytest.mark.parametrize(("verdict", "sentence", "badge"), [("supported", "**Yes.**", "yes"), ("contradicted", "No.", "no"),
                                                             ("undecided", "Perhaps.", "open")])
def test_the_answer_is_the_sentence_of_its_verdict(verdict, sentence, badge):
    book = notebook(ANSWER)
    assert answers.expressions(book) == [("each.weakest", "")]
    text = answers.chosen(book, {"each.weakest": verdict}, "x.md").cells[0].source
    assert f"answer-{verdict}" in text and f"{sentence} See {{eval}}`x`.\n  And more." in text and f"</span> {badge}</span>" in text
    assert sum(each in text for each in ("**Yes.**", "Perhaps.", "No.")) == 1


def test_an_answer_without_a_sentence_for_each_verdict_is_refused():
    with pytest.raises(BookError, match="missing: undecided; not known: maybe"):
        answers.chosen(notebook(ANSWER.replace("undecided\n", "maybe\n")), {"each.weakest": "supported"}, "x.md")


def test_papers_that_data_name_become_citations_and_their_subjects_stay_text():
    said = {"papers:cite": '[["a_b*", ["one2020", "two2021"]], ["", ["three2022"]]]'}
    shown = inline.filled(notebook("Papers: {eval}`papers:cite`."), said).cells[0].source
    assert shown == r"Papers: a\_b\*: {cite:t}`one2020,two2021`; {cite:t}`three2022`."


@pytest.mark.parametrize("key", ["`{raw}`", "a b", "../x", ""])
def test_what_is_no_key_of_the_references_is_not_cited(key):
    import json

    assert inline.cited(json.dumps([["Name", [key]]]), str) == "none"
