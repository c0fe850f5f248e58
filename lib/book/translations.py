"""A translated page says again what the page that it translates has found.

Whoever copies a page and translates its words leaves its cells as they are. They compute the same
once more, so a translation records nothing of its own; and its labels, figures and files of data
get names of their own, since a book has each name once: those of the page with its language behind
(`fig-map-is`).
"""

import re

import nbformat

from lib.book import BookError
from lib.book.chapters import Chapter

LABEL = re.compile(r"^\(([\w-]+)\)=[ \t]*$", re.MULTILINE)
PAGE = re.compile(r"""\bPage\(\w+, *["']([\w-]+)["']\)""")
#: Where outputs name a file of data.
LINK = re.compile(r'(href="data/)([\w.~@-]+)(\.csv")')


def is_one(chapter: Chapter) -> bool:
    """Whether the chapter's header says what it translates."""
    return "translates" in chapter.about


def ending(chapter: Chapter) -> str:
    """What a translation's names end in: its language, or its own name where it tells none."""
    return f"-{str(chapter.about.get('lang') or chapter.name).lower()}"


def checked(chapter: Chapter, shown: str) -> None:
    """Raises BookError where a translation's cells say that they are another page."""
    for found in PAGE.finditer(chapter.text):
        if found[1] != chapter.name:
            line = chapter.text.count("\n", 0, found.start()) + 1
            raise BookError(
                f'{shown}, line {line}: {found[0]} is the page "{found[1]}"; a translation reads '
                f'what its own header names: write "{chapter.name}"'
            )


def renamed(chapter: Chapter, notebook: nbformat.NotebookNode, files: dict) -> dict:
    """Give labels and figures of an executed translation their own names, in place; return its
    files (name -> text) with theirs."""
    end = ending(chapter)
    labels = set()
    for cell in notebook.cells:
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        labels |= {figure["name"]} if figure.get("name") else set()
        labels |= set(LABEL.findall(cell.source)) if cell.cell_type == "markdown" else set()
    labels = {each for each in labels if not each.endswith(end)}
    for cell in notebook.cells:
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        for key in ("name", "caption"):
            if key in figure:
                figure[key] = _with(end, labels, figure[key], whole=key == "name")
        if cell.cell_type == "markdown":
            cell.source = _with(end, labels, cell.source)
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            for kind in (kind for kind in shown if kind.endswith("text/html")):
                shown[kind] = LINK.sub(lambda at: f"{at[1]}{_own(at[2], end)}{at[3]}", shown[kind])
    return {f"{_own(name.removesuffix('.csv'), end)}.csv": text for name, text in files.items()}


def _own(name: str, end: str) -> str:
    return name if name.endswith(end) else f"{name}{end}"


def _with(end: str, labels: set[str], text: str, whole: bool = False) -> str:
    """The text with these labels, and what refers to them, under their own names."""
    if whole:
        return f"{text}{end}" if text in labels else text
    for label in labels:
        text = re.sub(
            rf"(^\(|\}}`(?:[^`<]*<)?|\]\(#?){re.escape(label)}(?=\)=|>?`|\))",
            rf"\g<1>{label}{end}",
            text,
            flags=re.MULTILINE,
        )
    return text
