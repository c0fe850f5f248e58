"""Chapters read as the argument: short cells beside prose, no plumbing, nothing assembled in
Python."""

import re
from statistics import median

import jupytext
import pytest

from lib.book.layout import OWN_ROOT

CHAPTERS = sorted(
    [
        *OWN_ROOT.glob("chapters/*.md"),
        *OWN_ROOT.glob("site/*.md"),
        *OWN_ROOT.glob("data/*/chapters/*.md"),
    ]
)
#: What would assemble sentences, ids or answers in a cell: all of it has a place of its own in the
#: text or the library.
PLUMBING = re.compile(
    r"page\.(text|answer|say|missing|verdict|number|cite)\(|\bMarkup\(|Estimate\.of\("
)


def cells(path, kind):
    return [cell for cell in jupytext.read(path, fmt="md:myst").cells if cell.cell_type == kind]


def code_lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def prose_words(path):
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    captions = [
        (cell.metadata.get("mystnb") or {}).get("figure", {}).get("caption", "")
        for cell in cells(path, "code")
    ]
    text += " " + " ".join(captions)
    unspaced = re.findall(
        r"[\u3040-\u30ff\u4e00-\u9fff]", text
    )  # of these scripts about two letters make a word
    return (
        len(re.findall(r"\w[\w'’-]*", re.sub(r"[\u3040-\u30ff\u4e00-\u9fff]", " ", text)))
        + len(unspaced) // 2
    )


def named(path):
    return str(path.relative_to(OWN_ROOT))


@pytest.mark.parametrize("path", CHAPTERS, ids=named)
def test_no_cell_is_longer_than_fifteen_lines_and_no_line_wider_than_a_hundred(path):
    long = [len(code_lines(cell)) for cell in cells(path, "code") if len(code_lines(cell)) > 15]
    wide = [
        line for cell in cells(path, "code") for line in cell.source.splitlines() if len(line) > 100
    ]
    assert not long and not wide


@pytest.mark.parametrize("path", CHAPTERS, ids=named)
def test_no_sentence_is_assembled_in_a_cell(path):
    found = [
        line for cell in cells(path, "code") for line in code_lines(cell) if PLUMBING.search(line)
    ]
    assert not found
    assert "{glue:" not in path.read_text(encoding="utf-8"), "text names variables: {eval}`name`"


@pytest.mark.parametrize("path", CHAPTERS, ids=named)
def test_prose_comes_before_the_second_cell_and_outweighs_the_code(path):
    kinds = [
        cell.cell_type for cell in jupytext.read(path, fmt="md:myst").cells if cell.source.strip()
    ]
    code = sum(len(code_lines(cell)) for cell in cells(path, "code"))
    assert "markdown" in kinds[:2]
    assert prose_words(path) >= 10 * code


def test_cells_are_short_and_the_code_of_all_chapters_is_a_tenth_of_a_library():
    every = [len(code_lines(cell)) for path in CHAPTERS for cell in cells(path, "code")]
    assert median(every) <= 5
    assert sum(length <= 8 for length in every) >= 0.75 * len(every)
    assert sum(every) < 1_500
