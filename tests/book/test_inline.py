"""Prose names what it shows, and the answer is the sentence that goes with the verdict."""

import nbformat
import pytest

from lib.book import BookError, answers, inline


def notebook(*texts):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in texts])


def test_every_name_is_asked_for_once_wherever_it_stands():
    book = notebook(
        "# In {eval}`s.language`",
        "{eval}`s.language` and {eval}`rate:.0%` of {eval}`len(s.models)`",
    )
    book.cells.append(
        nbformat.v4.new_code_cell(
            "", metadata={"mystnb": {"figure": {"caption": "of {eval}`a.names`"}}}
        )
    )
    assert inline.expressions(book) == [
        ("s.language", ""),
        ("rate", ".0%"),
        ("len(s.models)", ""),
        ("a.names", ""),
    ]


def test_values_render_to_themselves_in_text_and_caption():
    book = notebook("Of {eval}`names`.")
    book.cells.append(
        nbformat.v4.new_code_cell(
            "", metadata={"mystnb": {"figure": {"caption": "of {eval}`names`"}}}
        )
    )
    shown = inline.filled(book, {"names": "a_b <i>*x*</i>"})
    assert shown.cells[0].source == r"Of a\_b \<i\>\*x\*\</i\>\."[:-2] + "."
    assert shown.cells[1].metadata["mystnb"]["figure"]["caption"] == r"of a\_b \<i\>\*x\*\</i\>"


@pytest.mark.parametrize(
    "role", ["f'{x}'", "open('x')", "a if b else c", "x + 1", "", "[x for x in y]"]
)
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


@pytest.mark.parametrize(
    ("verdict", "sentence", "badge"),
    [
        ("supported", "**Yes.**", "yes"),
        ("contradicted", "No.", "no"),
        ("undecided", "Perhaps.", "open"),
    ],
)
def test_the_answer_is_the_sentence_of_its_verdict(verdict, sentence, badge):
    book = notebook(ANSWER)
    assert answers.expressions(book) == [("each.weakest", "")]
    text = answers.chosen(book, {"each.weakest": verdict}, "x.md").cells[0].source
    assert (
        f"answer-{verdict}" in text
        and f"{sentence} See {{eval}}`x`.\n  And more." in text
        and f"</span> {badge}</span>" in text
    )
    assert sum(each in text for each in ("**Yes.**", "Perhaps.", "No.")) == 1


def test_an_answer_without_a_sentence_for_each_verdict_is_refused():
    with pytest.raises(BookError, match="missing: undecided; not known: maybe"):
        answers.chosen(
            notebook(ANSWER.replace("undecided\n", "maybe\n")),
            {"each.weakest": "supported"},
            "x.md",
        )


def test_papers_that_data_name_become_citations_and_their_subjects_stay_text():
    said = {"papers:cite": '[["a_b*", ["one2020", "two2021"]], ["", ["three2022"]]]'}
    shown = inline.filled(notebook("Papers: {eval}`papers:cite`."), said).cells[0].source
    assert shown == r"Papers: a\_b\*: {cite:t}`one2020,two2021`; {cite:t}`three2022`."


@pytest.mark.parametrize("key", ["`{raw}`", "a b", "../x", ""])
def test_what_is_no_key_of_the_references_is_not_cited(key):
    import json

    assert inline.cited(json.dumps([["Name", [key]]])) == "none"


AGAINST = ANSWER.replace("  And more.\n", "  And more.\n\nagainst\n: But {eval}`x`.\n")


def test_what_counts_against_an_answer_stands_below_whatever_the_verdict():
    for verdict in answers.VERDICTS:
        text = answers.chosen(notebook(AGAINST), {"each.weakest": verdict}, "x.md").cells[0].source
        assert "And more.\n\n{.answer-against}\nBut {eval}`x`." in text
    told = answers.told(notebook(AGAINST), {"each.weakest": "supported", "x": "1"}, "x.md")
    assert told == {"value": "yes", "sentence": "**Yes.** See 1. And more.", "against": "But 1."}


def test_a_translation_has_its_own_words_for_yes_open_and_no():
    own = ANSWER.replace(
        ":verdict: each.weakest\n", ":verdict: each.weakest\n:badges: oui, ouvert, non\n"
    )
    assert (
        "</span> non</span>"
        in answers.chosen(notebook(own), {"each.weakest": "contradicted"}, "x.md").cells[0].source
    )
    with pytest.raises(BookError, match="three words are allowed"):
        answers.chosen(notebook(own.replace(", non", "")), {"each.weakest": "supported"}, "x.md")


def test_what_the_library_made_is_taken_as_it_is_and_all_else_escaped():
    shown = inline.filled(
        notebook("{eval}`rows` {eval}`name`"),
        {"rows": inline.Made("<ul><li>a</li></ul>"), "name": "<ul>"},
    )
    assert shown.cells[0].source == r"<ul><li>a</li></ul> \<ul\>"
