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
from lib.stats.estimates import Estimate, Estimates

from . import figures, tables
from .citations import CITE, cited
from .records import DOWNLOAD, RECORDS, SAID, ReportError, checked_id, checked_name, record, rows
from .results import Results
from .text import Markup, badge, escape, escape_markdown, inline, number

#: Prefix by which myst-nb knows an output that is kept for the prose and not shown.
_GLUE = "application/papermill.record/"


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
        self._glued: set[str] = set()
        if not hasattr(study, "scores"):
            return  # the atlas, whose pages take nothing by key
        models = study.models
        for key, value in {
            "language": study.language,
            "study": study.code,
            "snapshot": study.snapshot,
            "models": len(study.scores),
            "benchmarks": study.scores.shape[1],
            "lineages": models["lineage"].nunique() if "lineage" in models else 0,
        }.items():
            self.text(key, value)

    # ---- numbers

    def number(self, name: str, estimate, sentence: str | None = None) -> None:
        """Record an estimate (or a count, or a word) under its id and make it available to the
        prose; show nothing.

        `sentence`, if given, says in one line what the number means; it travels with the record.
        A float without an interval is refused: prose never states one.
        """
        if isinstance(estimate, float):
            raise ReportError(
                f"{name}: prose needs an Estimate, a count or a word, not a bare float; use "
                "record()"
            )
        self._add([record(name, estimate, sentence)])
        self.text(name, number(estimate))

    def record(self, topic: str | pd.DataFrame | Mapping, what: object = None) -> None:
        """Record what a chapter found, under ids made here: `topic/subject` for each subject of
        Estimates or of a mapping, `topic` itself for one estimate, a count or a word."""
        if not isinstance(topic, str):
            self._add([record(name, estimate) for name, estimate in rows(topic)])
        elif isinstance(what, Estimates):
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

    def text(self, key: str, text) -> None:
        """Make a computed phrase available to the prose; `Markup` may hold Markdown and is taken
        with glue:md."""
        checked_id(key)
        if key in self._glued:
            raise ReportError(
                f"{self.chapter}: {key!r} was already given to the prose of this page"
            )
        self._glued.add(key)
        text = number(text)
        _emit(
            {f"{_GLUE}text/plain": repr(str(text)), f"{_GLUE}text/markdown": escape_markdown(text)},
            {"scrapbook": {"name": key, "mime_prefix": _GLUE}},
        )

    def cite(self, name: str):
        """What another chapter recorded: an Estimate, or the bare value; also available to the
        prose under its id.

        Raises
        ------
        ReportError
            There are no results yet, or none under this id (the message names the nearest ids).
        """
        value = self.results[name]
        if name not in self._glued:
            self.text(name, value)
        return value

    def cited(self, prefix: str) -> pd.DataFrame:
        """Every record whose id starts with `prefix`, as a table indexed by id (columns as
        recorded)."""
        found = {name: row for name, row in self._load_results().items() if name.startswith(prefix)}
        return pd.DataFrame.from_dict(found, orient="index").rename_axis("id")

    # ---- blocks

    def answer(self, question: str, verdict: str, sentences: Mapping[str, str], **numbers) -> None:
        """Show the answer first: the question, the verdict's badge and the sentence that goes with
        that verdict.

        `sentences` maps each verdict to the author's sentence: inline Markdown in which `{name}`
        stands for one of `numbers` (Estimates, counts or phrases).  `{language}` and the other
        words of the page are known. All three sentences are needed, since another study's numbers
        may say otherwise.
        """
        sign = badge(verdict)
        missing = {"supported", "undecided", "contradicted"} - set(sentences)
        if missing:
            raise ReportError(
                f"answer to {question!r}: no sentence for {', '.join(sorted(missing))}"
            )
        said = {
            word: inline(sentence, self._words() | numbers) for word, sentence in sentences.items()
        }[verdict]
        asked = inline(question, self._words() | numbers)
        _emit(
            {
                "text/html": f'<div class="answer answer-{verdict}" role="note">'
                f'<p class="answer-question">{asked}</p>'
                f'<p class="answer-said">{sign} {said}</p></div>',
                "text/plain": f"{question} {verdict}",
            }
        )

    def verdict(self, word: str, sentence: str = "", **numbers) -> None:
        """Show a verdict's badge and, if given, a sentence (inline Markdown with `{name}` for
        numbers)."""
        said = inline(sentence, self._words() | numbers)
        _emit(
            {"text/html": f'<p class="verdict-line">{badge(word)} {said}</p>', "text/plain": word}
        )

    def say(self, sentence: str, **numbers) -> None:
        """Show a computed sentence without a verdict (inline Markdown with `{name}` for
        numbers)."""
        said = inline(sentence, self._words() | numbers)
        _emit({"text/html": f"<p>{said}</p>", "text/plain": sentence})

    def figure(
        self, name: str, chart, description: str | None = None, data: pd.DataFrame | None = None
    ) -> None:
        """Show a figure with a text description and its data as `<name>.csv`.

        Parameters
        ----------
        name : lower-case words joined by hyphens, unlike any other figure of the study.
        chart : a `charts.Figure`, which brings its data and description; or an Altair chart.
        description : what a reader who cannot see it would need to know, in one to three sentences.
        data : the table offered as CSV; by default the chart's own.
        """
        checked_name(name)
        if isinstance(chart, Figure):
            chart, data, description = chart.chart, chart.data, chart.description
        data = chart.data if data is None else data
        if not isinstance(data, pd.DataFrame):
            raise ReportError(f"figure {name}: give the table it shows as data=DataFrame")
        self._download(name, data)
        _emit({"text/html": figures.html(name, chart, description), "text/plain": description})

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

    def missing(self, sentence: str, **numbers) -> None:
        """Say in one sentence what this study has no data for, and how to add it."""
        said = inline(sentence, self._words() | numbers)
        _emit({"text/html": f'<p class="missing" role="note">{said}</p>', "text/plain": sentence})

    # ---- inside

    def _words(self) -> dict:
        study = self.study
        return {
            "language": study.language,
            "study": study.code,
            "snapshot": study.snapshot,
            "models": len(study.scores),
            "benchmarks": study.scores.shape[1],
        }

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

    def _load_results(self) -> dict:
        return self.results.records


__all__ = ["Markup", "Page", "badge", "escape"]
