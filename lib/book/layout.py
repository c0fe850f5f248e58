"""Where everything lies: the paths of one study's build, from the checkout's root and the study's
code."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lib import reading
from lib.book import BookError
from lib.reading import documents

OWN_ROOT = Path(__file__).resolve().parents[2]
#: The study that the project began with opens every list.
FIRST = "ja"
#: No study can be called so: the folders beside the studies' own, under _build/ and _site/.
TAKEN = ("data", "site", "vega")


def codes(root: Path) -> list[str]:
    """The studies under `root`: folders of data/ that hold a study.yml, the first study first, then
    by code."""
    there = sorted(path.parent.name for path in (root / "data").glob("*/study.yml"))
    return sorted(there, key=lambda code: (code != FIRST, code))


@dataclass(frozen=True)
class Layout:
    """Paths of `study` under `root`; raises BookError for a study that is not there."""

    study: str
    root: Path = OWN_ROOT

    def __post_init__(self):
        there = codes(self.root)
        if self.study in TAKEN:
            raise BookError(
                f"no study can be called '{self.study}': give data/{self.study} another name"
            )
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.study) or self.study not in there:
            raise BookError(
                f"unknown study '{self.study}'; studies in data/: {', '.join(there) or 'none'}"
            )

    @property
    def toc(self) -> Path:
        """The reading order: the study's own, else the shared one."""
        own = self.data / "_toc.yml"
        return own if own.exists() else self.shared_toc

    @property
    def shared_toc(self) -> Path:
        """The reading order of studies that have none of their own."""
        return self.root / "_toc.yml"

    @property
    def sources(self) -> tuple[Path, ...]:
        """Folders that hold the chapters' texts; a text in an earlier one takes the place of one in
        a later one."""
        return self.data / "chapters", self.root / "chapters"

    @property
    def inputs(self) -> list[Path]:
        """What chapters read: the study's own files, not the exports they were made from nor its
        own chapters."""
        return [path for path in sorted(self.data.iterdir()) if path.is_file()]

    @property
    def beside(self) -> tuple[str, ...]:
        """Folders that lie beside the pages only once the site is put together."""
        return ()

    @property
    def data(self) -> Path:
        """The study's own files."""
        return self.root / "data" / self.study

    @property
    def build(self) -> Path:
        """What is made of the study, all of it below one folder."""
        return self.root / "_build" / self.study

    @property
    def book(self) -> Path:
        """The source tree that Sphinx reads."""
        return self.build / "book"

    @property
    def html(self) -> Path:
        """The finished pages."""
        return self.build / "html"

    @property
    def results(self) -> Path:
        """What the chapters recorded, by id."""
        return self.build / "results.json"

    @property
    def vega(self) -> Path:
        """The charts' script, the same for every study."""
        return self.root / "_build" / "vega" / "vega.js"

    @property
    def needs(self) -> Path:
        """What chapters may need and whether the study has it, since its data were last checked."""
        return self.build / "needs.json"

    def reads(self, chapter: str) -> Path:
        """What a chapter may read: the results of the chapters that its header names."""
        return self.build / "reads" / f"{chapter}.json"

    def notebook(self, chapter: str) -> Path:
        """The chapter as it was executed."""
        return self.build / "notebooks" / f"{chapter}.ipynb"

    def records(self, chapter: str) -> Path:
        """What the chapter recorded."""
        return self.build / "records" / f"{chapter}.json"

    def downloads(self, chapter: str) -> Path:
        """Folder of the files that the chapter offers."""
        return self.build / "downloads" / chapter

    def shown(self, path: Path) -> str:
        """The path as people see it: from the checkout's root."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    @cached_property
    def facts(self) -> dict:
        """study.yml as a mapping; what it must hold is checked where data are loaded, not here."""
        path = self.data / "study.yml"
        file = self.shown(path)
        try:
            facts = documents.from_yaml(reading.text(reading.content(path, file), file), file).value
        except reading.InputError as error:
            raise BookError(str(error)) from None
        if not isinstance(facts, dict):
            raise BookError(f"{file} holds no mapping of keys to values")
        return facts


@dataclass(frozen=True)
class Front(Layout):
    """Paths of the site's own front, made like a book: its chapters are in `site/`, its data the
    studies' files and results.

    only : codes of the studies to build; none: all. Raises BookError for one that is not there.
    """

    study: str = "site"
    only: tuple[str, ...] = ()

    def __post_init__(self):
        there = codes(self.root)
        if strange := [code for code in self.only if code not in there]:
            raise BookError(
                f"unknown studies: {', '.join(strange)}; studies in data/: "
                f"{', '.join(there) or 'none'}"
            )

    @property
    def toc(self) -> Path:
        """The reading order of the front."""
        return self.root / "site" / "_toc.yml"

    shared_toc = toc

    @property
    def sources(self) -> tuple[Path, ...]:
        """The one folder of the front's texts."""
        return (self.root / "site",)

    @property
    def every(self) -> list[Layout]:
        """Every study under data/."""
        return [Layout(code, self.root) for code in codes(self.root)]

    @property
    def wanted(self) -> list[Layout]:
        """The studies to build."""
        return [each for each in self.every if not self.only or each.study in self.only]

    @property
    def studies(self) -> list[Layout]:
        """The studies of the site: those to build, and others whose book is there already."""
        wanted = {each.study for each in self.wanted}
        return [each for each in self.every if each.study in wanted or each.html.is_dir()]

    @property
    def beside(self) -> tuple[str, ...]:
        """The studies' books."""
        return tuple(each.study for each in self.studies)

    @property
    def inputs(self) -> list[Path]:
        """What the front's chapters read: every study's files, and its results once built."""
        return [
            path for each in self.every for path in (*each.inputs, each.results) if path.exists()
        ]

    @property
    def site(self) -> Path:
        """What is published: the front's pages, and those of each study in a folder."""
        return self.root / "_site"

    @cached_property
    def facts(self) -> dict:
        """None: the front has no study.yml."""
        return {}
