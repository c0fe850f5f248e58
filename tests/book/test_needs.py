"""A page leaves out what a study cannot show, and says so once: in its own words where it has
some."""

import re

import jupytext
import nbformat
import pytest

from lib.book import BookError, needs
from lib.book.layout import OWN_ROOT

LACKING = {
    "pairs": {"met": False, "sentence": "No pairs."},
    "claims": {"met": True, "sentence": "No claims."},
}


def shown(*cells):
    """The texts that are left of cells, each a text with its tags."""
    made = [
        nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)}) for text, *tags in cells
    ]
    return [
        cell.source
        for cell in needs.kept(nbformat.v4.new_notebook(cells=made), LACKING, "x.md").cells
    ]


def test_the_first_cell_that_lacks_something_gives_way_to_what_is_missing():
    assert shown(("a", "needs-pairs"), ("b", "needs-pairs"), ("c", "needs-claims")) == [
        "{.missing}\nNo pairs.",
        "c",
    ]


def test_a_page_with_words_of_its_own_says_only_those():
    assert shown(
        ("a", "needs-pairs"), ("own", "lacks-pairs"), ("c", "lacks-claims"), ("d", "needs-claims")
    ) == ["own", "d"]


def test_an_unknown_need_is_an_error_either_way():
    for tag in ("needs-magic", "lacks-magic"):
        with pytest.raises(BookError, match=f"tagged {tag}; allowed: pairs, claims"):
            shown(("a", tag))


@pytest.mark.parametrize("path", sorted(OWN_ROOT.glob("chapters/*.md")), ids=lambda path: path.stem)
def test_no_section_is_left_out_by_accident(path):
    """A text cell's tags hold until the next +++, so a heading after a tagged paragraph would go
    with it."""
    for cell in jupytext.read(path, fmt="md:myst").cells:
        if cell.cell_type == "markdown" and needs.of(cell, needs.LACKS):
            assert not re.search(r"^#", cell.source, re.MULTILINE)
