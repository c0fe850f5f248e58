"""How values and words become text on a page: true minus signs, safe HTML, badges.

Names come from leaderboards that anyone can write to, so everything is escaped unless it is `Markup`, which only
authors make.
"""

from __future__ import annotations

import html
import math
import numbers
import re

from markdown_it import MarkdownIt

MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"

#: The sign that goes with a verdict, so that it never rests on colour.
SIGNS = {"supported": "\N{CHECK MARK}", "undecided": "?", "contradicted": "\N{MULTIPLICATION X}"}

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^:=@])")


class Markup(str):
    """Text that an author vouches for: not escaped again."""

    __slots__ = ()


def escape(value: object) -> Markup:
    """`value` as HTML text; Markup passes unchanged."""
    return value if isinstance(value, Markup) else Markup(html.escape(str(value), quote=True))


def escape_markdown(value: object) -> str:
    """`value` as Markdown that renders to itself."""
    if isinstance(value, Markup):
        return str(value)
    return _SPECIAL.sub(r"\\\1", str(value)).replace("\n", " ")


def inline(template: str, values: dict) -> Markup:
    """An author's sentence (inline Markdown, `{name}` for a value) as HTML, the values escaped.

    Raises
    ------
    KeyError
        The sentence names a value that was not given.
    """
    shown = {key: escape_markdown(number(value)) for key, value in values.items()}
    return Markup(_MARKDOWN.renderInline(template.format(**shown)))


def number(value: object, digits: int = 2) -> str | Markup:
    """A value as people read it: a rounded float with a true minus sign, an integer with thin group spaces, else text.

    None and NaN give a dash.  Estimates print themselves (`0.91 [0.83, 0.95]`).
    """
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, numbers.Real) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace("-", MINUS)
    if isinstance(value, numbers.Real):
        return f"{float(value) + 0.0:.{digits}f}".replace("-", MINUS)
    return str(value)


def badge(word: str) -> Markup:
    """A verdict as a small badge: sign and word, told apart without colour.

    Raises
    ------
    ValueError
        Not one of supported, undecided, contradicted.
    """
    if word not in SIGNS:
        raise ValueError(f"{word!r} is no verdict; a verdict is one of {', '.join(SIGNS)}")
    return Markup(f'<span class="verdict verdict-{word}"><span aria-hidden="true">{SIGNS[word]}</span> {word}</span>')
