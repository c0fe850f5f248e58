"""What does an importer have to ask?  Columns of scores in; a commented file to fill in, or its
answers, out.

Neither a plain table nor evaluation results say which side a benchmark is on, what it asks for, or
what its range is. An importer writes these questions once, with all it knows filled in, as
`curated/columns.csv` and `study.yml`; people answer them there, and the same command then makes the
study. Answers stay for the next import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from lib import reading
from lib.importers import sheets, writing
from lib.importers.cells import slug
from lib.importers.writing import ImportProblem
from lib.reading import InputError, documents, forms, shown
from lib.study import schema, settings

FILE = "curated/columns.csv"

#: What a row of the file says, in this order; `found` is for information.
COLUMNS = (
    "column",
    "benchmark_id",
    "name",
    "language",
    "score",
    "ability",
    "metric",
    "minimum",
    "maximum",
    "direction",
    "counterpart_id",
    "counterpart_kind",
    "citation",
    "found",
)

#: Columns that the file may have besides, as benchmarks.csv has them.
MORE = ("chance", "about", "origin", "origin_source")

#: In place of a side: this column is not imported.
LEFT_OUT = "-"

#: What a book is called until its writer calls it something else.
TITLE = "Why build local LLMs? An executable study of {language} and multilingual models"

#: A table of questions begins with these lines.
HELP = """\
# One row a benchmark: answer what is empty, then run the same command again. Lines that begin \
with # are comments.
# column            what the scores call it; leave it as it is
# benchmark_id      a short id of a-z, 0-9 and -, used in addresses of results
# name              what figures and tables call it
# language          local, english, or - to leave it out; both directions of translation are local
# score             which of several results to take (evaluation results only; see found)
# ability           what it asks for: knowledge, exams, reading, commonsense, code, arithmetic, \
translation, ...
# metric            accuracy, F1, BLEU, ...; higher must be better
# minimum, maximum  the range that the metric can take, such as 0 and 1, or 0 and 100
# direction         for translation only: into_local or into_english
# counterpart_id    the benchmark_id of the other side that asks the same; both rows name each other
# counterpart_kind  translation (a test and its translation) or similar
# citation          a key of references.bib, or nothing
# found             for your information
# Columns that may be added: chance, about, origin, origin_source (as in benchmarks.csv)
"""


class Question(NamedTuple):
    """A column of scores: its name, what is known of it (keys of COLUMNS), and what to show beside
    it."""

    column: str
    known: Mapping[str, str]
    found: str = ""


class Again(NamedTuple):
    """How the same import is run again, and whether it may replace a study that is there."""

    command: str
    replace: bool = False


class Asks(ImportProblem):
    """An import cannot go on without answers; `files` are those to fill in, `report` what people
    should know before."""

    def __init__(self, message: str, files: dict[str, bytes]):
        super().__init__(message)
        self.files = files
        self.report: list[str] = []


def answers(
    folder: Path, questions: Sequence[Question], template: bytes, again: Again
) -> dict[str, dict[str, str]]:
    """Column -> answers, for the columns that are not left out.

    Parameters
    ----------
    folder : data/<code>. template : the study.yml to write where there is none. again : how to
        run the import, and whether it may replace a study.

    Raises
    ------
    Asks
        Nothing has been asked yet.
    InputError
        A study that was made in another way and would be replaced; a file that cannot be read, or
        rows that are missing, unknown or unanswered: all of them.
    """
    content = reading.content_if_there(folder / FILE, FILE)
    if content is None:
        if (folder / "scores.csv").exists() and not again.replace:
            raise ImportProblem(
                f"data/{folder.name} is a study already, and was not made by this importer. "
                "Nothing is written; another --code makes a second study, --replace renews this one"
            )
        files = {FILE: sheet(questions)}
        if reading.content_if_there(folder / "study.yml", f"data/{folder.name}/study.yml") is None:
            files["study.yml"] = template
        names = " and ".join(f"data/{folder.name}/{name}" for name in files)
        raise Asks(f"fill in {names}, then run again: {again.command}", files)
    rows = sheets.notes(content, FILE, (*COLUMNS, *MORE), COLUMNS[:-1], "column")
    given = {row["column"]: row for row in rows}
    wrong = _unanswered(rows, questions)
    new = [question for question in questions if question.column not in given]
    if new:
        wrong.append(f"{FILE}: no row for {', '.join(shown(each.column) for each in new)}; add:")
        wrong += sheet(new).decode().splitlines()[HELP.count("\n") + 1 :]
    kept = {column: row for column, row in given.items() if row["language"] != LEFT_OUT}
    if not wrong and not any(row["language"] == "local" for row in kept.values()):
        wrong.append(
            f"{FILE}: no row is local; answer local in column language for the benchmarks of the "
            "study's language"
        )
    if wrong:
        raise ImportProblem("\n".join(wrong))
    return kept


def _unanswered(rows: Sequence[Mapping], questions: Sequence[Question]) -> list[str]:
    """A line for each row that answers no question, lacks an answer, or has another's id."""
    asked = {question.column: question for question in questions}
    wrong, ids = [], {}
    for row in rows:
        place, name = f"{FILE}, line {row['line']}", row["column"]
        if name not in asked:
            wrong.append(f"{place}: {shown(name)} is no column of the scores")
        elif row["language"] != LEFT_OUT:
            needed = ["benchmark_id", "language", "ability", "metric", "minimum", "maximum"]
            needed += ["score"] if "score" in asked[name].known else []
            empty = [column for column in needed if not row[column]]
            if empty:
                wrong.append(f"{place}: {shown(name)} has no {', '.join(empty)}")
            elif (first := ids.setdefault(row["benchmark_id"], row["line"])) != row["line"]:
                twin = f"{shown(row['benchmark_id'])}, as line {first} has"
                wrong.append(f"{place}: benchmark_id is {twin}; each has one of its own")
    return wrong


def narrow(given: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What a study of these answers cannot say, and what to do about it, one line each."""
    sides = [row["language"] for row in given.values()]
    said = []
    if sides.count("local") == 1:
        said.append(
            "only one benchmark is local, so nothing can be said of kinds of local ability; add "
            "local benchmarks of another kind"
        )
    if "english" not in sides:
        said.append(
            "no benchmark is English, so nothing can be compared with English; add English scores "
            "of the same models, such as MMLU's"
        )
    return said


def sheet(questions: Sequence[Question]) -> bytes:
    """The commented file that asks; ids are short names of the columns, each once."""
    ids: list[str] = []
    for number, each in enumerate(questions, 1):
        short = slug(each.column) or f"benchmark-{number}"
        ids.append(f"{short}-{number}" if short in ids else short)
    rows = [
        {
            "benchmark_id": short,
            "name": each.column,
            **each.known,
            "column": each.column,
            "found": each.found,
        }
        for short, each in zip(ids, questions, strict=True)
    ]
    more = [each for each in MORE if any(each in question.known for question in questions)]
    return HELP.encode() + writing.table(rows, [*COLUMNS, *more])


def benchmarks(given: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows of benchmarks.csv, local ones first."""
    rows = [{**row, "name": row["name"] or row["column"]} for row in given.values()]
    return sorted(
        rows,
        key=lambda row: (
            schema.SIDES.index(row["language"]) if row["language"] in schema.SIDES else 9
        ),
    )


def template(
    code: str, language: str, snapshot: str, sources: Sequence[Mapping[str, str]]
) -> bytes:
    """A commented study.yml; what its writer has to add is an empty string, which `check` does not
    accept."""
    lines = [
        '# What no table can say. Fill in what is ""; lines that begin with # are comments.',
        f"code: {quoted(code)}",
        "# The local language's name in English, as the pages print it.",
        f"language: {quoted(language)}",
        "# The book's title.",
        f"title: {quoted(TITLE.format(language=language))}",
        "",
        "# A snapshot is one state of the scores. Its id may be a date; scores.csv uses the same "
        "one.",
        f"default_snapshot: {quoted(snapshot)}",
        "snapshots:",
        f"  - id: {quoted(snapshot)}",
        '    # date: "YYYY-MM-DD"',
        *([f"    source: {quoted(sources[0]['id'])}"] if sources else []),
        "",
        "# A component's sign makes its largest loading positive, unless a benchmark is named "
        "here:",
        "# anchors:",
        "#   PC2: <a benchmark_id>",
        "",
        "# Keys of references.bib: the study that this one extends, and whose scores it stands on.",
        "citation: [saito2024why]",
        "",
        "# Where the scores are from, and on which terms.",
        "sources:",
    ]
    for source in sources:
        lines += [
            f"  - id: {quoted(source['id'])}",
            f"    title: {quoted(source.get('title', ''))}",
            "    # An address, the commit and the date, where there are any.",
            '    url: ""',
            '    # commit: ""',
            '    # date: "YYYY-MM-DD"',
            "    # Such as CC-BY-4.0 or MIT; 'not published' is an answer too.",
            '    licence: ""',
            *([f"    file: {quoted(source['file'])}"] if "file" in source else []),
        ]
    lines += [
        "",
        "# Ranges for training tokens that developers do not tell are needed once there is a "
        "training.csv;",
        "# data/ja/study.yml shows how they look.",
    ]
    return ("\n".join(lines) + "\n").encode()


def quoted(text: str) -> str:
    """Text as a YAML scalar that is read as the same text, whatever it is: no, null, 1e3."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf")).rstrip()


def snapshot(folder: Path, otherwise: str) -> str:
    """The snapshot that the study's study.yml names, where there is one that can be read."""
    found = _settings(folder)
    return otherwise if found is None else found.default_snapshot


def language(folder: Path) -> str:
    """The language that the study's study.yml names; "" where there is none that can be read."""
    found = _settings(folder)
    return "" if found is None else found.language


def _settings(folder: Path) -> settings.Settings | None:
    """A study's settings; what is wrong in them is told with all the rest, once the study is
    checked."""
    file = f"data/{folder.name}/study.yml"
    try:
        content = reading.content_if_there(folder / "study.yml", file)
        if content is None:
            return None
        document = documents.from_yaml(reading.text(content, file), file)
        return forms.checked(document, settings.Settings)
    except InputError:
        return None
