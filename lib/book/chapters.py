"""Which chapters a study's book has, in reading order, and what each file says about itself.

The order is `_toc.yml`, or `data/<study>/_toc.yml`, which may leave chapters out; the text of a
chapter is `chapters/<name>.md`, or `data/<study>/chapters/<name>.md` where a study brings its own,
in another chapter's place or as one more page, which may be a translation. A page without code
cells is a chapter too: it only needs no kernel.
"""

import ast
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import yaml

from lib import reading
from lib.book import BookError
from lib.book.layout import Layout
from lib.reading import documents

#: What a chapter that tells of every other one reads.
ALL = "all"
#: Chapters that the words of all others lead to: no reading order does without.
LOOKED_UP = ("glossary", "references")


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
            header = (
                documents.from_yaml(found.group(1), self.shown, first=2).value if found else None
            )
        except reading.InputError as error:
            raise BookError(str(error)) from None
        if not isinstance(header, dict | None):
            raise BookError(
                f"{self.shown}, line 2: its header is {documents.named(header)}; allowed: keys "
                "with values"
            )
        return header or {}

    @property
    def about(self) -> dict:
        """What the header says under `study`: `reads`, `needs`, `after`, `translates`, `language`,
        `lang` and `seconds`."""
        about = self.header.get("study") or {}
        if not isinstance(about, dict):
            raise BookError(f"{self.shown}: `study` in its header holds no keys")
        return about

    @property
    def reads(self) -> list[str] | str:
        """Chapters whose results this one reads, and after which it runs: their names, or `all`."""
        reads = self.about.get("reads", [])
        if reads != ALL and not (
            isinstance(reads, list) and all(isinstance(name, str) for name in reads)
        ):
            raise BookError(
                f"{self.shown}: `reads: {reads}` in its header; allowed: a list of chapters, or "
                f"{ALL}"
            )
        return reads

    @property
    def needs(self) -> list[str]:
        """What nearly all of the chapter needs of a study, by name (see lib.needs)."""
        needs = self.about.get("needs", [])
        if not (isinstance(needs, list) and all(isinstance(name, str) for name in needs)):
            raise BookError(
                f"{self.shown}: `needs: {needs}` in its header; allowed: a list of needs"
            )
        return needs

    @property
    def title(self) -> str:
        """Its first heading."""
        found = re.search(r"^# (.+)$", self.text, re.MULTILINE)
        return found[1].strip() if found else self.name

    @property
    def seconds(self) -> float:
        """About how long the chapter takes, where its header says so; see `in_order`."""
        seconds = self.about.get("seconds", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise BookError(
                f"{self.shown}: `seconds` in its header is {seconds!r}; a number is needed"
            )
        return seconds

    @property
    def has_code(self) -> bool:
        """Whether it has a cell of code."""
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
            raise BookError(
                f"{self.shown}: its parameters cell holds more than plain values: {error}"
            ) from None
        return found


def contents(layout: Layout) -> dict:
    """The table of contents: the shared one, and pages that only this study has in their places.

    Such a page comes after the chapter that its header names (`study: {after: NAME}`), else last.
    A translation has no place: its readers come by the switch of languages, and nobody else should
    turn a page and find another language.
    """
    toc = yaml.safe_load(layout.toc.read_text(encoding="utf-8"))
    parts = toc.get("parts", [toc])
    shared = _listed(toc)
    for file in sorted(layout.sources[0].glob("*.md")):
        if file.stem not in shared:
            own = Chapter(file.stem, file).about
            if "translates" not in own:
                _insert(toc, parts, file, own.get("after"))
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
        raise BookError(
            f"{file.name}: its header places it after '{after}'; chapters: "
            f"{', '.join(_listed(toc))}"
        )
    return parts[-1].setdefault("chapters", []).append(entry)


def _listed(toc: dict) -> list[str]:
    return [toc["root"]] + [
        each["file"] for part in toc.get("parts", [toc]) for each in part.get("chapters", [])
    ]


def order(layout: Layout) -> list[str]:
    """Names of the chapters in reading order; translations, which are outside of it, come last."""
    listed = _listed(contents(layout))
    own = [
        Chapter(file.stem, file)
        for file in sorted(layout.sources[0].glob("*.md"))
        if file.stem not in listed
    ]
    return listed + [chapter.name for chapter in own if "translates" in chapter.about]


def load(layout: Layout, draft: bool = False) -> list[Chapter]:
    """The study's chapters in reading order.

    Raises BookError where `_toc.yml` and the folder disagree. A draft leaves out chapters that are
    not written yet.
    """
    names = order(layout)
    if lost := [name for name in LOOKED_UP if name in shared(layout) and name not in names]:
        raise BookError(
            f"{layout.shown(layout.toc)} lacks {', '.join(lost)}, which other chapters refer to"
        )
    found = {name: source(layout, name) for name in names}
    missing = [name for name, file in found.items() if file is None]
    folder, toc = layout.sources[-1], layout.shown(layout.toc)
    strays = sorted({file.stem for file in folder.glob("*.md")} - set(names) - set(shared(layout)))
    problems = [
        f"{toc} names '{name}', but there is no {layout.shown(folder)}/{name}.md"
        for name in missing
    ]
    problems += [f"{layout.shown(folder)}/{name}.md is not in {toc}" for name in strays]
    if problems and not draft:
        raise BookError("\n".join(problems))
    return [Chapter(name, file) for name, file in found.items() if file]


def shared(layout: Layout) -> list[str]:
    """Chapters of the shared reading order; none where the study has no other."""
    if layout.toc == layout.shared_toc:
        return []
    return _listed(yaml.safe_load(layout.shared_toc.read_text(encoding="utf-8")))


def left_out(layout: Layout) -> list[str]:
    """Chapters of the shared reading order that the study's own leaves out."""
    whole = shared(layout)
    names = set(order(layout)) if whole else set()
    return [name for name in whole if name not in names]


def read_by(there: list[Chapter], left_out: Iterable[str] = ()) -> dict[str, list[str]]:
    """Chapter -> names of the chapters that it reads; `all` means those that do not read all
    themselves.

    A translation is never among all, since it tells of the page that it translates.  `left_out` are
    chapters that this study's book does without: whoever reads them finds nothing there.  Raises
    BookError for a name that is no chapter, or chapters that wait for each other.
    """
    left_out = set(left_out)
    plain = [
        chapter.name
        for chapter in there
        if chapter.reads != ALL and "translates" not in chapter.about
    ]
    found = {
        chapter.name: plain
        if chapter.reads == ALL
        else [name for name in chapter.reads if name not in left_out]
        for chapter in there
    }
    for name, reads in found.items():
        if strange := [each for each in reads if each not in found]:
            raise BookError(
                f"{name}.md: its header says that it reads '{strange[0]}'; chapters: "
                f"{', '.join(found)}"
            )
    done: set[str] = set()
    while ready := [
        name for name, reads in found.items() if name not in done and done.issuperset(reads)
    ]:
        done.update(ready)
    if waiting := [name for name in found if name not in done]:
        raise BookError(
            f"these chapters read each other, so none can be first: {', '.join(waiting)}"
        )
    return found


def in_order(there: list[Chapter], reads: dict[str, list[str]]) -> list[str]:
    """Names in the order to begin in: first what most seconds of work wait for, its own among
    them."""
    seconds = {chapter.name: chapter.seconds for chapter in there}

    @functools.cache
    def ahead(name: str) -> float:
        waiting = [each for each, needed in reads.items() if name in needed]
        return seconds[name] + max(map(ahead, waiting), default=0)

    return sorted(seconds, key=lambda name: -ahead(name))


def source(layout: Layout, name: str) -> Path | None:
    """The file that holds a chapter: the study's own if it has one, else the shared one; None if
    there is neither."""
    for folder in layout.sources:
        if (folder / f"{name}.md").is_file():
            return folder / f"{name}.md"
    return None
