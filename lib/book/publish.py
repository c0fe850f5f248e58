"""Turn the source tree into pages, and put them in the old ones' place only when they are good.

Warnings are errors; the finished pages are checked (see check); then one rename swaps the folders.
Whatever goes wrong before leaves the last good book as it was.
"""

import re
import shutil
from pathlib import Path

import nbformat

from lib.book import BookError, chapters, check, swap
from lib.book.layout import Layout
from lib.book.renderer import Renderer


def publish(layout: Layout, draft: bool = False, renderer: Renderer | None = None) -> list[str]:
    """Build, check and swap in `_build/<study>/html/`; `renderer` may have imported Sphinx for it.

    Raises BookError listing every warning and every problem; in a draft they are returned instead,
    and the book is swapped in all the same.
    """
    out = layout.build / ".pages"
    shutil.rmtree(out, ignore_errors=True)
    problems = _render(layout, out, renderer or Renderer())
    pages = out / "_build" / "html"
    if not (pages / "search.html").exists():
        raise BookError("\n".join(problems) or "Sphinx made no pages")
    (pages / ".buildinfo").unlink(
        missing_ok=True
    )  # a hash of settings, this folder's path among them
    problems += check.check(pages, later=layout.beside)
    if problems and not draft:
        raise BookError("\n".join([f"{len(problems)} problems in the book:", *problems]))
    swap.put(pages, layout.html, old(layout))
    shutil.rmtree(out, ignore_errors=True)
    return problems


def old(layout: Layout) -> Path:
    """Where the last book stands for the moment of a swap."""
    return layout.build / ".html-old"


def _render(layout: Layout, out: Path, renderer: Renderer) -> list[str]:
    """Run Jupyter Book; return its warnings, with the names that authors know."""
    settings = ["--path-output", str(out), "-n", "-W", "--keep-going", "--quiet"]
    with renderer:
        run = renderer.run(["build", str(layout.book), *settings])
    said = re.sub(r"\x1b\[[0-9;]*m", "", run.stderr + run.stdout)
    warnings = [
        _for_authors(layout, line)
        for line in said.splitlines()
        if re.search("WARNING|ERROR|CRITICAL", line)
    ]
    if run.returncode and not warnings:
        raise BookError("Jupyter Book failed:\n" + "\n".join(said.strip().splitlines()[-15:]))
    return warnings


def _for_authors(layout: Layout, warning: str) -> str:
    """The warning with the file and line that an author knows.

    A notebook's line is given as 10000 times the cell plus the line in it plus one, cells and lines
    from 1; the cell's place in the chapter's own file is found by its text.
    """
    found = re.match(rf"{re.escape(str(layout.book))}/(\w[\w-]*)\.ipynb:?(\d*)", warning)
    if not found:
        return warning.replace(f"{layout.book}/", "")
    name, rest = found[1], warning[found.end() :]
    source = chapters.source(layout, name)
    line = _line_in_source(layout, name, source, int(found[2] or 0)) if source else None
    return f"{layout.shown(source) if source else name}{f':{line}' if line else ''}{rest}"


def _line_in_source(layout: Layout, name: str, source: Path, position: int) -> int | None:
    cells = nbformat.read(layout.notebook(name), as_version=4).cells
    number, offset = divmod(position, 10_000)
    if not 1 <= number <= len(cells):
        return None
    start = source.read_text(encoding="utf-8").find(cells[number - 1].source.strip())
    return (
        source.read_text(encoding="utf-8").count("\n", 0, start) + max(offset - 1, 1)
        if start >= 0
        else None
    )
