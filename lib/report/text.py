"""How values and words become text on a page: true minus signs, safe HTML, badges.

Names come from leaderboards that anyone can write to, so everything is escaped unless it is
`Markup`, which only authors make.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from lib import words

MINUS, MISSING = words.MINUS, words.MISSING

#: The sign that goes with a verdict on a claim or an answer to a question, so that it never rests
#: on colour.
SIGNS = {
    "supported": "\N{CHECK MARK}",
    "undecided": "?",
    "contradicted": "\N{MULTIPLICATION X}",
    "yes": "\N{CHECK MARK}",
    "open": "?",
    "no": "\N{MULTIPLICATION X}",
}

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^:=@])")


class Markup(str):
    """Text that an author vouches for: not escaped again."""

    __slots__ = ()


def escape(value: object) -> Markup:
    """`value` as HTML text; Markup passes unchanged."""
    return value if isinstance(value, Markup) else Markup(html.escape(str(value), quote=True))


def link(text: str, url: str = "") -> Markup:
    """A link where there is an address, else the text."""
    return Markup(f'<a href="{escape(url)}">{escape(text)}</a>') if url else escape(text)


def whole(text: str) -> Markup:
    """Text that no line breaks, such as a date."""
    return Markup(f'<span class="sd-text-nowrap">{escape(text)}</span>')


def escape_markdown(value: object) -> str:
    """`value` as Markdown that renders to itself."""
    if isinstance(value, Markup):
        return str(value)
    return _SPECIAL.sub(r"\\\1", str(value)).replace("\n", " ")


def number(value: object, digits: int = 2) -> str | Markup:
    """A value as people read it (`words.number`), by number of decimals; Markup stays Markup."""
    return (
        value
        if isinstance(value, str)
        else words.written(value, f".{digits}f" if isinstance(value, float) else "")
    )


def badge(word: str, called: str | None = None) -> Markup:
    """A verdict or an answer as a small badge: sign and word, told apart without colour; `called`
    in another language.

    Raises
    ------
    ValueError
        None of those.
    """
    if word not in SIGNS:
        raise ValueError(f"{word!r} is no verdict; a verdict is one of {', '.join(SIGNS)}")
    return Markup(
        f'<span class="verdict verdict-{word}"><span aria-hidden="true">{SIGNS[word]}</span> '
        f"{escape(called or word)}</span>"
    )


def links(texts: Iterable[str], addresses: Iterable[str]) -> list[Markup]:
    """Texts as links to web addresses; a text whose address is no such thing stays text."""
    return [
        Markup(f'<a href="{escape(address)}">{escape(text)}</a>')
        if str(address).startswith(("https://", "http://"))
        else escape(text)
        for text, address in zip(texts, addresses, strict=True)
    ]
