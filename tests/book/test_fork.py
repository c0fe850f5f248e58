"""The book about another language is about that language."""

import json
import os
import re

import pytest

from lib.book.chapters import Chapter
from lib.book.layout import FIRST, OWN_ROOT, Layout
from tests import books

ANALYSES = (
    "transfer",
    "abilities",
    "scaling",
    "pairs",
    "strategies",
    "local-ability",
    "uncertainty",
    "replication",
    "forecasts",
)
SOURCE = "35 Japanese and Multilingual LLMs"


def left_out(layout: Layout, name: str) -> bool:
    """Whether the study lacks what nearly all of the chapter needs."""
    met = json.loads(layout.needs.read_text(encoding="utf-8"))["needs"]
    chapter = Chapter(name, OWN_ROOT / "chapters" / f"{name}.md")
    return not all(met[need]["met"] for need in chapter.needs)


@pytest.mark.parametrize("code", [code for code in books.built() if code != FIRST])
@pytest.mark.parametrize("name", ANALYSES)
def test_a_chapter_speaks_of_the_studys_language_and_of_no_other(code, name):
    """Chapters name no language of their own; the study that they reproduce has its title."""
    layout = Layout(code)
    if not layout.html.exists() and not os.environ.get("CI"):
        pytest.skip("the study's book is not built: make site")
    if left_out(layout, name):
        assert not (layout.html / f"{name}.html").exists(), (
            "a chapter of which nothing is left is no page"
        )
        return
    page = (layout.html / f"{name}.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", page.split("<article", 1)[1]).replace(SOURCE, "")
    assert "Japanese" not in text
    assert layout.facts["language"] in text
