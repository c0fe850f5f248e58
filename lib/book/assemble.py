"""Lay out one source tree for Sphinx: notebooks, reading order, settings, bibliography, static
files, data.

The tree is made anew each time, beside the old one, so nothing stale can slip into a book.
"""

import json
import re
import shutil
import sys
from html import escape
from pathlib import Path

import nbformat
import yaml

from lib.book import BookError, cards, chapters, needs, passages
from lib.book.chapters import Chapter
from lib.book.layout import Front, Layout

STATIC = Path(__file__).parent / "static"


def assemble(layout: Layout, there: list[Chapter]) -> Path:
    """Make `_build/<study>/book/` from executed chapters; return it. Raises BookError for clashing
    downloads."""
    tree = layout.build / ".book-new"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    names, abroad = [chapter.name for chapter in there], _abroad(layout)
    everything, met = chapters.load(layout, draft=True), {}
    if any(chapter.name == needs.PAGE for chapter in there):
        met = needs.met(layout)
    absent = [chapter.name for chapter in everything if chapter.name not in names]
    left_out = chapters.left_out(layout)
    results = json.loads(layout.results.read_text(encoding="utf-8"))["results"]
    for chapter in there:
        notebook = nbformat.read(layout.notebook(chapter.name), as_version=4)
        _add_passages(layout, chapter, notebook, results)
        for cell in (cell for cell in notebook.cells if cell.cell_type == "markdown"):
            text = _without(absent, cell.source)
            text = _without(left_out, text, instead="")
            cell.source = needs.listed(text, everything, met)
            cell.source = (
                cards.fill(cell.source, layout.studies)
                if isinstance(layout, Front)
                else cell.source
            )
        _add_translations(notebook, chapter, there)
        _add_switch(notebook)
        if "translates" in chapter.about:
            notebook.metadata["orphan"] = (
                True  # Sphinx's word for a page outside of the reading order
            )
        nbformat.write(_linked(notebook, names, abroad), tree / f"{chapter.name}.ipynb")
    _settings(layout, tree, there)
    bibliography = layout.root / "references.bib"
    (tree / "references.bib").write_text(
        bibliography.read_text(encoding="utf-8") if bibliography.exists() else ""
    )
    shutil.copytree(STATIC, tree / "assets")
    shutil.copy(layout.vega, tree / "assets")
    _data(layout, tree / "extra", there)
    shutil.rmtree(layout.book, ignore_errors=True)
    tree.rename(layout.book)
    return layout.book


def _add_passages(layout: Layout, chapter: Chapter, notebook, results: dict) -> None:
    """What the study has to say on this page, and what its readers may take away."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    texts, broken = passages.fill(layout, chapter.name, (cell.source for cell in cells), results)
    for cell, text in zip(cells, texts, strict=True):
        cell.source = passages.use_it(text, results)
    for sentence in broken:
        print(f"    {sentence}", file=sys.stderr, flush=True)


def _without(absent: list[str], text: str, instead: str = f"{needs.PAGE}.md") -> str:
    """The text with links to chapters that this book does not have as links to the page that says
    why, or as their words alone where no page does."""
    for name in absent:
        words = rf"[\1]({instead})" if instead else r"\1"
        text = re.sub(rf"\[([^]]*)\]\({re.escape(name)}\.md(?:#[\w-]+)?\)", words, text)
    return text


def _abroad(layout: Layout) -> dict[str, str]:
    """Chapters that the site's front may link to: those of the first study, name -> address."""
    if not isinstance(layout, Front):
        return {}
    return {
        name: f"{study.study}/{name}.html"
        for study in layout.studies[:1]
        for name in chapters.order(study)
    }


def _linked(notebook, names: list[str], abroad: dict[str, str]):
    """Turn links of the sources into links of the book.

    Authors link to `transfer.md`, which is what a reader of the sources has; in the book it is a
    notebook, and where code wrote HTML, a page. Links to `results.json` and `data/<figure>.csv`
    lead to files that lie beside the pages, of which Sphinx knows nothing.
    """
    page = re.compile(
        r"(\]\(|^\[[^]]+\]:\s*)(" + "|".join(map(re.escape, names)) + r")\.md(?=[)#\s])",
        re.MULTILINE,
    )
    made = re.compile(r'(<a [^>]*href=")(' + "|".join(map(re.escape, names)) + r')\.md(?=["#])')
    file = re.compile(r"(?<!!)\[([^]]+)\]\((results\.json|data/[\w.~@-]+\.csv)\)")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _to_study(
                cell.source, {name: at for name, at in abroad.items() if name not in names}
            )
            cell.source = file.sub(r'<a href="\2">\1</a>', page.sub(r"\1\2.ipynb", cell.source))
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            for kind, text in shown.items():
                if kind.endswith("text/html"):
                    shown[kind] = made.sub(r"\1\2.html", text)
                elif kind.endswith("text/markdown"):
                    shown[kind] = page.sub(r"\1\2.ipynb", text)
    return notebook


def _to_study(text: str, abroad: dict[str, str]) -> str:
    for name, address in abroad.items():
        text = re.sub(
            rf"(?<!!)\[([^]]+)\]\({re.escape(name)}\.md\)", rf'<a href="{address}">\1</a>', text
        )
    return text


def _settings(layout: Layout, tree: Path, there: list[Chapter]) -> None:
    """The shared settings with this study's title, and the reading order of the chapters that are
    here."""
    config = yaml.safe_load((layout.root / "_config.yml").read_text(encoding="utf-8"))
    config["title"] = str(layout.facts.get("title") or config["title"])
    spoken = {
        chapter.name: str(chapter.about["lang"]) for chapter in there if "lang" in chapter.about
    }
    config["sphinx"]["config"]["html_context"]["languages"] = spoken
    config["only_build_toc_files"] = not any("translates" in chapter.about for chapter in there)
    (tree / "_config.yml").write_text(
        yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    toc, names = chapters.contents(layout), [chapter.name for chapter in there]
    parts = toc.get("parts", [toc])
    for part in parts:
        part["chapters"] = [entry for entry in part.get("chapters", []) if entry["file"] in names]
    if toc["root"] not in names:  # a draft whose first page is not written yet
        toc["root"] = names[0]
        for part in parts:
            part["chapters"] = [entry for entry in part["chapters"] if entry["file"] != names[0]]
    if "parts" in toc:
        toc["parts"] = [part for part in parts if part["chapters"]]
    (tree / "_toc.yml").write_text(
        yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


def _add_translations(notebook, chapter: Chapter, there: list[Chapter]) -> None:
    """Below the title, a link to each translation of the page, and from a translation to what it
    translates."""
    original = chapter.about.get("translates", chapter.name)
    links = [
        (each.name, str(each.about.get("language", each.name)), str(each.about.get("lang", "")))
        for each in there
        if each.about.get("translates") == original and each is not chapter
    ]
    if original != chapter.name:
        links.insert(0, (original, "English", "en"))
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    titles = [cell for cell in prose if re.search("^# ", cell.source, re.MULTILINE)]
    if links and titles:
        shown = [
            f'<a href="{name}.html"{_in(lang)}>{escape(language)}</a>'
            for name, language, lang in links
        ]
        titles[0].source += f'\n\n<p class="translations">{" · ".join(shown)}</p>'


#: Works without a script: the style sheet looks whether it is checked.
SWITCH = (
    '<p class="code-switch d-print-none"><label><input type="checkbox" id="show-code"> '
    "Show the code of figures and tables</label></p>"
)


def _add_switch(notebook) -> None:
    """One switch for the code that is not part of the argument, under the page's title."""
    behind = any("behind" in cell.metadata.get("tags", []) for cell in notebook.cells)
    titles = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" and re.search("^# ", cell.source, re.MULTILINE)
    ]
    if behind and titles:
        titles[0].source += f"\n\n{SWITCH}"


def _in(lang: str) -> str:
    return f' lang="{escape(lang)}" hreflang="{escape(lang)}"' if lang else ""


def _data(layout: Layout, extra: Path, there: list[Chapter]) -> None:
    """What lies at the book's root beside the pages: results.json and data/<figure>.csv."""
    (extra / "data").mkdir(parents=True)
    shutil.copy(layout.results, extra)
    owners: dict[str, str] = {}
    for chapter in there:
        for file in sorted(layout.downloads(chapter.name).glob("*.csv")):
            if file.name in owners:
                raise BookError(
                    f"two chapters offer data/{file.name}: {owners[file.name]} and {chapter.name}"
                )
            owners[file.name] = chapter.name
            shutil.copy(file, extra / "data")
