"""Lay out one source tree for Sphinx: notebooks, reading order, settings, bibliography, static files, data.

The tree is made anew each time, beside the old one, so nothing stale can slip into a book.
"""

import re
import shutil
from pathlib import Path

import nbformat
import yaml

from lib.book import BookError
from lib.book.chapters import Chapter
from lib.book.layout import Layout

STATIC = Path(__file__).parent / "static"


def assemble(layout: Layout, chapters: list[Chapter]) -> Path:
    """Make `_build/<study>/book/` from executed chapters; return it. Raises BookError for clashing downloads."""
    tree = layout.build / ".book-new"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    names = [chapter.name for chapter in chapters]
    for name in names:
        notebook = nbformat.read(layout.notebook(name), as_version=4)
        nbformat.write(_linked(notebook, names), tree / f"{name}.ipynb")
    _settings(layout, tree, names)
    bibliography = layout.root / "references.bib"
    (tree / "references.bib").write_text(bibliography.read_text(encoding="utf-8") if bibliography.exists() else "")
    shutil.copytree(STATIC, tree / "assets")
    shutil.copy(layout.vega, tree / "assets")
    _data(layout, tree / "extra", chapters)
    shutil.rmtree(layout.book, ignore_errors=True)
    tree.rename(layout.book)
    return layout.book


def _linked(notebook, names: list[str]):
    """Turn links of the sources into links of the book.

    Authors link to `transfer.md`, which is what a reader of the sources has; in the book it is a notebook, and where
    code wrote HTML, a page. Links to
    `results.json` and `data/<figure>.csv` lead to files that lie beside the pages, of which Sphinx knows nothing.
    """
    page = re.compile(r"(\]\(|^\[[^]]+\]:\s*)(" + "|".join(map(re.escape, names)) + r")\.md(?=[)#\s])", re.MULTILINE)
    made = re.compile(r'(<a [^>]*href=")(' + "|".join(map(re.escape, names)) + r')\.md(?=["#])')
    file = re.compile(r"(?<!!)\[([^]]+)\]\((results\.json|data/[\w.~@-]+\.csv)\)")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = file.sub(r'<a href="\2">\1</a>', page.sub(r"\1\2.ipynb", cell.source))
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            for kind, text in shown.items():
                if kind.endswith("text/html"):
                    shown[kind] = made.sub(r"\1\2.html", text)
                elif kind.endswith("text/markdown"):
                    shown[kind] = page.sub(r"\1\2.ipynb", text)
    return notebook


def _settings(layout: Layout, tree: Path, names: list[str]) -> None:
    """The shared settings with this study's title, and the reading order of the chapters that are here."""
    config = yaml.safe_load((layout.root / "_config.yml").read_text(encoding="utf-8"))
    config["title"] = str(layout.facts.get("title") or config["title"])
    (tree / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    toc = yaml.safe_load((layout.root / "_toc.yml").read_text(encoding="utf-8"))
    parts = toc.get("parts", [toc])
    for part in parts:
        part["chapters"] = [entry for entry in part.get("chapters", []) if entry["file"] in names]
    listed = {toc["root"], *(entry["file"] for part in parts for entry in part["chapters"])}
    parts[-1]["chapters"] += [{"file": name} for name in names if name not in listed]
    if toc["root"] not in names:  # a draft whose first page is not written yet
        toc["root"] = names[0]
        for part in parts:
            part["chapters"] = [entry for entry in part["chapters"] if entry["file"] != names[0]]
    if "parts" in toc:
        toc["parts"] = [part for part in parts if part["chapters"]]
    (tree / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _data(layout: Layout, extra: Path, chapters: list[Chapter]) -> None:
    """What lies at the book's root beside the pages: results.json and data/<figure>.csv."""
    (extra / "data").mkdir(parents=True)
    shutil.copy(layout.results, extra)
    owners: dict[str, str] = {}
    for chapter in chapters:
        for file in sorted(layout.downloads(chapter.name).glob("*.csv")):
            if file.name in owners:
                raise BookError(f"two chapters offer data/{file.name}: {owners[file.name]} and {chapter.name}")
            owners[file.name] = chapter.name
            shutil.copy(file, extra / "data")
