"""The page of a chapter: every way in which a chapter speaks."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd

from lib import words
from lib.charts.figure import Figure
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate

from . import figures, tables
from .citations import CITE, cited
from .records import DOWNLOAD, RECORDS, SAID, ReportError, checked_name, record
from .results import Results
from .text import Markup, escape_markdown


def _emit(bundle: dict, metadata: dict | None = None) -> None:
    """Hand an output to the notebook; outside of one there is nowhere to show it."""
    from IPython.core.interactiveshell import InteractiveShell

    if InteractiveShell.initialized():
        from IPython.display import display

        display(bundle, raw=True, metadata=metadata or {})


class Page:
    """What one chapter shows and records for one study.

    Parameters
    ----------
    study : the Study; its code, language, snapshot, scores and models are read.
    chapter : the chapter's name, as its file is called.
    """

    def __init__(self, study, chapter: str):
        self.study, self.chapter = study, checked_name(chapter)
        self.records: dict[str, dict] = {}

    # ---- numbers

    def record(self, topic: str, what: object) -> None:
        """Record what a chapter found, under ids made here: `topic/subject` for each subject of
        Estimates or of a mapping, `topic` itself for one estimate, a count or a word."""
        if isinstance(what, Estimates):
            extra = what.frame.columns.difference(
                [field.name for field in dataclasses.fields(Estimate)]
            )
            self._add(
                [
                    record(
                        f"{topic}/{subject}",
                        each.as_dict()
                        | {column: what.frame.at[subject, column] for column in extra},
                    )
                    for subject, each in what.items()
                ]
            )
        elif isinstance(what, Mapping | pd.Series):
            self._add([record(f"{topic}/{subject}", each) for subject, each in what.items()])
        else:
            self._add([record(topic, what)])

    @cached_property
    def results(self) -> Results:
        """What the chapters that this one reads have recorded."""
        root = Path(__file__).resolve().parents[2]
        folder = os.environ.get("BOOK_READS")
        path = (
            Path(folder) / f"{self.chapter}.json"
            if folder
            else root / "_build" / self.study.code / "results.json"
        )
        return Results.read(path, self.study.code)

    def said(self, asked: list[tuple[str, str]], namespace: dict) -> None:
        """Write out what the text of the chapter names: (expression, format) -> text, for the
        executor to fill in."""
        found, wrong, made = {}, {}, []
        for expression, spec in asked:
            key = f"{expression}:{spec}" if spec else expression
            try:
                value = eval(expression, namespace)
                if spec == CITE:
                    found[key] = cited(value, self.study.called)
                    continue
                # A bare fraction in prose is a setting, as 0.7 is; a number that was measured is an
                # Estimate.
                spec = spec or ("g" if isinstance(value, float) else "")
                found[key] = words.written(value, spec, self.study.called)
                made += [key] * isinstance(value, Markup)
            except (
                Exception
            ) as error:  # whatever an author's name may lead to: said with its place in the text
                wrong[key] = f"{type(error).__name__}: {error}"
        _emit({SAID: {"said": found, "wrong": wrong, "made": made}})

    def badged(
        self,
        table: Estimates,
        spec: str = "",
        opposite: bool = False,
        badges: Mapping[str, str] | None = None,
    ) -> Markup:
        """A judged table as a list for a card, to be named in the text: each subject with its
        number and its answer.

        `opposite` answers the opposite question (lower instead of higher); `badges` gives yes,
        open, no and none in other words.
        """
        return tables.badged(table, spec, self.study.called, opposite, badges or {})

    # ---- blocks

    def figure(self, name: str, figure: Figure) -> None:
        """Show a figure with its text description, and its data as `<name>.csv`.

        `name` is of lower-case words joined by hyphens, unlike any other figure of the study.
        """
        checked_name(name)
        self._download(name, figure.data)
        drawn = figures.html(name, figure.chart, figure.description)
        _emit({"text/html": drawn, "text/plain": figure.description})

    def table(
        self,
        name: str,
        table: pd.DataFrame | Mapping,
        caption: str = "",
        formats: Mapping | None = None,
        index: bool = True,
    ) -> None:
        """Show a table and offer it as `<name>.csv`.

        A mapping of headings to Estimates and Series on the same subjects becomes a table with a
        row a subject. The index (unless `index=False`) heads each row.  Floats show two decimals,
        Estimates their interval, verdicts a badge; `formats` maps a column to a function or a
        number of decimals.  Cells are escaped unless Markup.
        """
        checked_name(name)
        if isinstance(table, Mapping):
            return self._columns(name, table, caption, formats or {})
        self._download(name, table, index=index)
        _emit(
            {
                "text/html": tables.html(name, table, caption, formats or {}, index),
                "text/plain": caption or name,
            }
        )

    def papers(self, head: str, keys: pd.Series) -> None:
        """Show which papers stand behind what: a table of names and citations, from keys of the
        bibliography.

        `keys` maps a subject to its keys, joined by commas; a subject without a sound key is left
        out.
        """
        known = keys[keys.str.fullmatch(r"[A-Za-z0-9-]+(, ?[A-Za-z0-9-]+)*")]
        rows = [
            f"| {escape_markdown(self.study.called(subject))} | {{cite:t}}`{key}` |"
            for subject, key in known.items()
        ]
        text = "\n".join([f"| {head} | Papers |", "|---|---|", *rows]) if rows else ""
        _emit({"text/markdown": text, "text/plain": head})

    def _columns(self, name: str, parts: Mapping, caption: str, formats: Mapping) -> None:
        if not parts:
            return
        first = next(iter(parts.values()))
        subjects = list(getattr(first, "subjects", first.index if hasattr(first, "index") else ()))
        shown, data = tables.columns(parts, self.study.called, self.study.kind(subjects))
        self._download(name, data)
        _emit(
            {
                "text/html": tables.html(name, shown, caption, formats, True, self.study.called),
                "text/plain": caption or name,
            }
        )

    # ---- inside

    def _add(self, records: list[dict]) -> None:
        for item in records:
            if item["id"] in self.records:
                raise ReportError(f"{self.chapter}: {item['id']!r} is recorded twice")
            self.records[item["id"]] = item
        if records:
            _emit({RECORDS: {"records": records}})

    def _download(self, name: str, data: pd.DataFrame, index: bool = False) -> None:
        if index or data.index.name:
            data = data.reset_index(names=data.index.name or "name")
        text = data.to_csv(index=False, lineterminator="\n")
        _emit({DOWNLOAD: {"name": f"{name}.csv", "text": text}})
