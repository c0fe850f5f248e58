"""The studies on the site's first page: families of languages, each language with a link to its
book, its own name, and the share of its skill that English explains."""

import json
import re
from html import escape

from lib import words
from lib.book import picker
from lib.book.layout import Layout

SLOT = re.compile(r"^(:{3,})\{studies\}[ \t]*\n\1[ \t]*$", re.MULTILINE)
#: The result that stands beside a language: what all studies record.
SHARE = "local/r2_english"


def fill(text: str, studies: list[Layout]) -> str:
    """The text with the list of languages in its slot."""
    return SLOT.sub(lambda _: listed(studies), text)


def listed(studies: list[Layout]) -> str:
    """The languages by family, as HTML; a study that is not built yet, or that cannot tell, says
    so."""
    by_code = {study.study: study for study in studies}
    groups = picker.listed(picker.tongues(studies), lambda each: _entry(each, by_code[each.code]))
    return f'<div class="families landing">{groups}</div>'


def _entry(tongue: picker.Tongue, study: Layout) -> str:
    return (
        f'<a class="reference external" href="{escape(tongue.code)}/index.html">{tongue.shown}</a> '
        f'<span class="share">{escape(_share(study))}</span>'
    )


def _share(study: Layout) -> str:
    """The share with its interval, in words where there is none."""
    if not study.results.exists():
        return "its book is not built yet"
    told = json.loads(study.results.read_text(encoding="utf-8"))["results"].get(SHARE)
    if not told or told.get("value") is None:
        return "not enough scores to tell"
    ends = [told.get(end) for end in ("low", "high")]
    bracket = "" if None in ends else f" [{', '.join(words.number(end, '.2f') for end in ends)}]"
    return words.number(told["value"], ".2f") + bracket
