"""Prose names what it shows: {eval}`apart.names` in a chapter's text becomes the value at the end
of its run.

A reader of the source meets the variable's name, Jupyter with the MyST extension shows the same
role live, and the book has the value, before or after the cell that makes it, in text, captions,
headings and answers.  A format may follow a colon: {eval}`rate:.0%`.

    expressions(notebook)   what the text names
    asking(notebook)        the same notebook with one more cell, which writes all of it out
    filled(notebook, said)  the text with values in the places of names
"""

import ast
import json
import re
from collections.abc import Iterable

import nbformat

ROLE = re.compile(r"\{eval\}`([^`\n]+)`")
#: A block that only shows text, such as commands to type: what looks like a role there is none.
SHOWN = re.compile(
    r"^(?P<ticks>`{3,})[a-z]\w*[ \t]*\n.*?^(?P=ticks)[ \t]*$", re.DOTALL | re.MULTILINE
)
#: What a name may be: a variable, something of it, how many it holds.  Anything else is computed in
#: a cell.
ALLOWED = (ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Load, ast.Call)
TAG = "remove-said"
#: The format that makes citations of keys of references.bib, and what such a key looks like.
CITE, KEY = "cite", re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^:=@'\"])")


class Made(str):
    """What the library made for a page, such as rows of badges: Markdown or HTML already, its names
    escaped there."""


class InlineError(ValueError):
    """The text names something that cannot be written out; the message says what and what is
    allowed."""


def split(role: str) -> tuple[str, str]:
    """Expression and format of a role's content.

    >>> split("s.language"), split("rate:.0%"), split('results["a/b"]:+.2f')
    (('s.language', ''), ('rate', '.0%'), ('results["a/b"]', '+.2f'))
    """
    for place in [found.start() for found in re.finditer(":", role)] + [len(role)]:
        expression, spec = role[:place], role[place + 1 :]
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except SyntaxError:
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if all(isinstance(node, ALLOWED) for node in ast.walk(tree)) and all(map(_is_len, calls)):
            return expression.strip(), spec
    raise InlineError(
        f"{{eval}}`{role}`: a variable, an attribute or item of one, or len(...) of it is allowed, "
        "with a format after a colon; compute anything else in a cell"
    )


def _is_len(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "len"


def expressions(notebook) -> list[tuple[str, str]]:
    """(expression, format) of every role in the notebook's text and captions, each once."""
    return list(
        dict.fromkeys(
            split(role) for text in _texts(notebook) for role in ROLE.findall(SHOWN.sub("", text))
        )
    )


def _texts(notebook) -> Iterable[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        elif caption := _figure(cell).get("caption"):
            yield caption


def _figure(cell) -> dict:
    return (cell.metadata.get("mystnb") or {}).get("figure") or {}


def asking(notebook, more: Iterable[tuple[str, str]] = ()):
    """The notebook with a last cell that writes out what its text names; `more` is asked for as
    well."""
    asked = list(dict.fromkeys([*expressions(notebook), *more]))
    if asked:
        cell = nbformat.v4.new_code_cell(
            f"page.said({asked!r}, globals())", metadata={"tags": [TAG]}
        )
        notebook.cells.append(cell)
    return notebook


def take(notebook, kind: str) -> dict:
    """Take the last cell out again and return what it wrote; raise InlineError for what could not
    be written."""
    asked = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    notebook.cells = [cell for cell in notebook.cells if cell not in asked]
    found = [
        output["data"][kind]
        for cell in asked
        for output in cell.outputs
        if kind in output.get("data", {})
    ]
    wrong = {role: why for each in found for role, why in each["wrong"].items()}
    if wrong:
        raise InlineError("\n".join(f"{{eval}}`{role}`: {why}" for role, why in wrong.items()))
    return {
        role: (Made if role in each.get("made", ()) else str)(text)
        for each in found
        for role, text in each["said"].items()
    }


def filled(notebook, said: dict[str, str]):
    """The notebook with values where its text and captions name them, escaped so that they render
    to themselves."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = fill(cell.source, said)
        elif caption := _figure(cell).get("caption"):
            cell.metadata["mystnb"]["figure"]["caption"] = fill(caption, said)
    return notebook


def fill(text: str, said: dict[str, str]) -> str:
    """One text with its roles filled in."""

    def written(found: re.Match) -> str:
        expression, spec = split(found[1])
        value = said[key(expression, spec)]
        if isinstance(value, Made):
            return str(value)
        return cited(value) if spec == CITE else escaped(value)

    parts, end = [], 0
    for block in SHOWN.finditer(text):
        parts += [ROLE.sub(written, text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, ROLE.sub(written, text[end:])])


def cited(named: str) -> str:
    """Citations of what a page listed, as JSON: [name, keys of references.bib] each.

    >>> cited('[["NIILC", ["sekine2003niilc"]], ["", ["a", "b"]]]')
    'NIILC: {cite:t}`sekine2003niilc`; {cite:t}`a,b`'
    """
    parts = [
        (escaped(name) + ": " if name else "") + "{cite:t}`" + ",".join(keys) + "`"
        for name, keys in json.loads(named)
        if all(map(KEY.fullmatch, keys))
    ]
    return "; ".join(parts) or "none"


def key(expression: str, spec: str) -> str:
    """By what a value is known: the role's content in one spelling."""
    return f"{expression}:{spec}" if spec else expression


def escaped(text: str) -> str:
    """`text` as Markdown that renders to itself, on one line.

    >>> escaped("a_b [0.5]")
    'a\\\\_b \\\\[0\\\\.5\\\\]'
    """
    return _SPECIAL.sub(r"\\\1", text).replace("\n", " ")
