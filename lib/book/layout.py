"""Where everything lies: the paths of one study's build, from the checkout's root and the study's code."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from lib.book import BookError

OWN_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """Paths of `study` under `root`; raises BookError for a study that is not there."""

    study: str
    root: Path = OWN_ROOT

    def __post_init__(self):
        folder = self.root / "data"
        there = sorted(path.parent.name for path in folder.glob("*/study.yml"))
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.study) or self.study not in there:
            raise BookError(f"unknown study '{self.study}'; studies in data/: {', '.join(there) or 'none'}")

    @property
    def data(self) -> Path:
        return self.root / "data" / self.study

    @property
    def build(self) -> Path:
        return self.root / "_build" / self.study

    @property
    def book(self) -> Path:
        """The source tree that Sphinx reads."""
        return self.build / "book"

    @property
    def html(self) -> Path:
        return self.build / "html"

    @property
    def results(self) -> Path:
        return self.build / "results.json"

    @property
    def analysis_results(self) -> Path:
        """What summary chapters cite: the records of the analysis chapters alone."""
        return self.build / "results-analysis.json"

    @property
    def vega(self) -> Path:
        return self.root / "_build" / "vega" / "vega.js"

    def notebook(self, chapter: str) -> Path:
        return self.build / "notebooks" / f"{chapter}.ipynb"

    def records(self, chapter: str) -> Path:
        return self.build / "records" / f"{chapter}.json"

    def downloads(self, chapter: str) -> Path:
        return self.build / "downloads" / chapter

    def shown(self, path: Path) -> str:
        """The path as people see it: from the checkout's root."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    @cached_property
    def facts(self) -> dict:
        """study.yml as a mapping; what it must hold is checked where data are loaded, not here."""
        path = self.data / "study.yml"
        try:
            facts = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise BookError(f"{self.shown(path)} cannot be read as YAML: {error}") from None
        if not isinstance(facts, dict):
            raise BookError(f"{self.shown(path)} holds no mapping of keys to values")
        return facts
