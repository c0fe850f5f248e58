"""The studies as cards on the site's first page: each with its language, its answer, its size, and
a link to its book."""

import json
import re
from html import escape

from lib.book import answers, inline
from lib.book.layout import Layout

SLOT = re.compile(r"^(:{3,})\{studies\}[ \t]*\n\1[ \t]*$", re.MULTILINE)


def fill(text: str, studies: list[Layout]) -> str:
    """The text with a grid of cards in its slot."""
    return SLOT.sub(
        lambda _: "\n".join(["::::{grid} 1", ":gutter: 2", "", *map(card, studies), "::::"]), text
    )


def card(study: Layout) -> str:
    """One study: what its first page answers, in the words in which it does."""
    language = inline.escaped(str(study.facts.get("language") or study.study))
    results = (
        json.loads(study.results.read_text(encoding="utf-8"))["results"]
        if study.results.exists()
        else {}
    )
    told = results.get("answer/index")
    answer = f"{badge(told['value'])} {told['sentence']}" if told else "Its book is not built yet."
    return (
        f":::{{grid-item-card}} {language}\n"
        f":link: {study.study}/index.html\n:link-type: url\n:shadow: none\n\n"
        f"{answer}\n:::"
    )


def badge(answer: str) -> str:
    """An answer as the pages show it."""
    sign = next(sign for word, sign in answers.BADGES.values() if word == answer)
    return (
        f'<span class="verdict verdict-{answer}"><span aria-hidden="true">{escape(sign)}</span> '
        f"{answer}</span>"
    )
