"""Which chapters a study's book has, in reading order, and what each file says about itself.

The order is `_toc.yml`; the text of a chapter is `chapters/<name>.md`, or `data/<study>/chapters/<name>.md` where a
study brings its own, in another chapter's place or as one more page, which may be a translation. A page without code
cells is a chapter too: it only needs no kernel.
"""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import yaml

from lib import documents, reading
from lib.book import BookError
from lib.book.layout import Layout

WAVES = ("analysis", "summary")


@dataclass(frozen=True)
class Chapter:
    """One chapter: its name and the file that holds it."""

    name: str
    source: Path

    @cached_property
    def text(self) -> str:
        """The file's text, read once. Raises BookError where it is no UTF-8."""
        try:
            text = reading.text(reading.content(self.source, self.shown), self.shown)
        except reading.InputError as error:
            raise BookError(str(error)) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def shown(self) -> str:
        """The file as people see it: from the checkout's root."""
        parts = self.source.parts
        return "/".join(parts[-4:] if parts[-4:-3] == ("data",) else parts[-2:])

    @cached_property
    def notebook(self):
        """The chapter as an nbformat notebook without outputs."""
        self.header  # noqa: B018  first, since it says better what is wrong with itself
        try:
            return jupytext.reads(self.text, fmt="md:myst")
        except Exception as error:  # jupytext raises whatever its parsers raise
            raise BookError(f"{self.shown} cannot be read as a MyST notebook: {error}") from None

    @cached_property
    def header(self) -> dict:
        """The YAML header alone, read without the cost of parsing the notebook."""
        found = re.match(r"---\n(.*?)\n---\n", self.text, re.DOTALL)
        try:
            header = documents.from_yaml(found.group(1), self.shown, first=2).value if found else None
        except reading.InputError as error:
            raise BookError(str(error)) from None
        if not isinstance(header, dict | None):
            raise BookError(f"{self.shown}, line 2: its header is {documents.named(header)}; allowed: keys with values")
        return header or {}

    @property
    def about(self) -> dict:
        """What the header says under `study`: `wave`, `after`, `translates`, `language`, `lang` and `seconds`."""
        about = self.header.get("study") or {}
        if not isinstance(about, dict):
            raise BookError(f"{self.shown}: `study` in its header holds no keys")
        return about

    @property
    def summary(self) -> bool:
        """Summary chapters cite what analysis chapters recorded, so they run after them."""
        wave = self.about.get("wave", "analysis")
        if wave not in WAVES:
            raise BookError(f"{self.shown}: wave '{wave}' in its header; allowed: {', '.join(WAVES)}")
        return wave == "summary"

    @property
    def seconds(self) -> float:
        """About how long the chapter takes, where its header says so: the longest are begun first."""
        seconds = self.about.get("seconds", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise BookError(f"{self.shown}: `seconds` in its header is {seconds!r}; a number is needed")
        return seconds

    @property
    def has_code(self) -> bool:
        return any(cell.cell_type == "code" for cell in self.notebook.cells)

    @cached_property
    def parameters(self) -> dict:
        """Names and default values of the cell tagged `parameters`; plain values only."""
        for cell in self.notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                return self._assignments(cell.source)
        return {}

    def _assignments(self, source: str) -> dict:
        found = {}
        try:
            for node in ast.parse(source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
        except (SyntaxError, ValueError) as error:
            raise BookError(f"{self.shown}: its parameters cell holds more than plain values: {error}") from None
        return found


def contents(layout: Layout) -> dict:
    """The table of contents: the shared one, and pages that only this study has in their places.

    Such a page comes after the chapter that its header names (`study: {after: NAME}` or `translates: NAME`), else last.
    """
    toc = yaml.safe_load(layout.toc.read_text(encoding="utf-8"))
    parts = toc.get("parts", [toc])
    shared = _listed(toc)
    for file in sorted(layout.sources[0].glob("*.md")):
        if file.stem not in shared:
            own = Chapter(file.stem, file).about
            _insert(toc, parts, file, own.get("after") or own.get("translates"))
    return toc


def _insert(toc: dict, parts: list[dict], file: Path, after: str | None) -> None:
    entry = {"file": file.stem}
    if after == toc["root"]:
        return parts[0].setdefault("chapters", []).insert(0, entry)
    for part in parts:
        names = [each["file"] for each in part.get("chapters", [])]
        if after in names:
            return part["chapters"].insert(names.index(after) + 1, entry)
    if after:
        raise BookError(f"{file.name}: its header places it after '{after}'; chapters: {', '.join(_listed(toc))}")
    return parts[-1].setdefault("chapters", []).append(entry)


def _listed(toc: dict) -> list[str]:
    return [toc["root"]] + [each["file"] for part in toc.get("parts", [toc]) for each in part.get("chapters", [])]


def order(layout: Layout) -> list[str]:
    """Names of the chapters in reading order."""
    return _listed(contents(layout))


def load(layout: Layout, draft: bool = False) -> list[Chapter]:
    """The study's chapters in reading order.

    Raises BookError where `_toc.yml` and the folder disagree. A draft leaves out chapters that are not written yet.
    """
    names = order(layout)
    found = {name: source(layout, name) for name in names}
    missing = [name for name, file in found.items() if file is None]
    folder, toc = layout.sources[-1], layout.shown(layout.toc)
    strays = sorted({file.stem for file in folder.glob("*.md")} - set(names))
    problems = [f"{toc} names '{name}', but there is no {layout.shown(folder)}/{name}.md" for name in missing]
    problems += [f"{layout.shown(folder)}/{name}.md is not in {toc}" for name in strays]
    if problems and not draft:
        raise BookError("\n".join(problems))
    return [Chapter(name, file) for name, file in found.items() if file]


def source(layout: Layout, name: str) -> Path | None:
    """The file that holds a chapter: the study's own if it has one, else the shared one; None if there is neither."""
    for folder in layout.sources:
        if (folder / f"{name}.md").is_file():
            return folder / f"{name}.md"
    return None
