"""What stands in a study's files?  Their bytes in; settings, claims, tables and every problem out.

Each file is checked by itself, as `settings`, `lib.claims` and `schema` declare it; `relations`
checks whether they agree with each other. Everything read is untrusted text: a name with HTML in it
is a name, never markup, and no value becomes a path.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

from lib import reading
from lib.claims import Claims
from lib.reading import InputError, Problem, documents, forms, shown
from lib.reading.documents import Document
from lib.study import forecasts, history
from lib.study.forecasts import Forecasts
from lib.study.history import History
from lib.study.schema import FORMS, Form
from lib.study.settings import Settings

#: A file's bytes, None where there is none, or what is wrong where something else has its name.
Content = bytes | None | InputError


class StudyError(InputError):
    """A study cannot be read. `problems` holds every reason; `str()` lists them, one a line."""


@dataclass
class Folder:
    """What was read of a study: settings, claims, tables as text (index: line in the file).

    `documents` has those that are no tables as they were read, for the lines of their keys.
    """

    settings: Settings | None = None
    claims: Claims | None = None
    forecasts: Forecasts | None = None
    history: History | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def known(self) -> Settings:
        """The settings of a sound folder.  Raises StudyError with the problems of another."""
        if self.settings is None:
            raise StudyError(self.problems)
        return self.settings

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Take over the problems of what fails within, and go on after it."""
        try:
            yield
        except InputError as error:
            self.problems += error.problems


def read(files: Mapping[str, Content], where: str) -> Folder:
    """Check each of a study's files by itself, given as name -> content.

    `where` goes before each name in messages, such as "data/ja". The result has every problem,
    never an exception; its tables are complete only if there are none.
    """
    folder = Folder()
    for name, part, form in (
        ("study.yml", "settings", Settings),
        ("claims.yml", "claims", Claims),
        (forecasts.FILE, "forecasts", Forecasts),
        (history.FILE, "history", History),
    ):
        if name == "study.yml" or files.get(name) is not None:
            with folder.noting():
                file = f"{where}/{name}"
                text = reading.text(_there(files.get(name), file), file)
                folder.documents[name] = documents.from_yaml(text, file)
                setattr(folder, part, forms.checked(folder.documents[name], form))
    if folder.forecasts is not None:
        folder.problems += forecasts.problems(folder.forecasts, folder.documents[forecasts.FILE])
    for name, form in FORMS.items():
        if files.get(name) is None and not form.required:
            folder.tables[name] = form.empty()
            continue
        with folder.noting():
            table = _table(_there(files.get(name), f"{where}/{name}"), f"{where}/{name}")
            checked = _checked(table, form, f"{where}/{name}", folder.problems)
            if checked is not None:
                folder.tables[name] = checked
    return folder


def _there(content: Content, file: str) -> bytes:
    if isinstance(content, InputError):
        raise content
    if content is None:
        raise InputError([Problem(file, None, None, "no such file", "a file in UTF-8")])
    return content


def _table(content: bytes, file: str) -> pd.DataFrame:
    """The file as a table of text whose index is the line each row begins at. Raises InputError."""
    header, *rows = reading.rows(reading.text(content, file), file)
    problems = [
        Problem(file, header.line, name, "the column twice", "each column once")
        for name in sorted({name for name in header.cells if header.cells.count(name) > 1})
    ]
    if not rows:
        problems.append(Problem(file, None, None, "a header without rows", "at least one row"))
    if problems:
        raise InputError(problems)
    return pd.DataFrame(
        [row.cells for row in rows],
        columns=header.cells,
        index=[row.line for row in rows],
        dtype=object,
    )


def _checked(
    table: pd.DataFrame, form: Form, file: str, problems: list[Problem]
) -> pd.DataFrame | None:
    """Check columns, cells and keys; the table with all of the form's columns, cells still text.

    None where the columns are not the form's: what then follows from it in other tables would only
    hide the reason.
    """
    try:
        form.schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        problems += _failures(error.failure_cases, form, file)
        if error.failure_cases["check"].isin(["column_in_dataframe", "column_in_schema"]).any():
            return None
    table = table.reindex(columns=list(form.columns), fill_value="")
    key = list(form.key)
    first: dict[tuple[str, ...], int] = {}
    for line, *row in table[key].itertuples():
        before = first.setdefault(tuple(row), line)
        if before != line:
            found = ", ".join(map(shown, row))
            problems.append(
                Problem(
                    file, line, " + ".join(key), f"{found} again, first in line {before}", "once"
                )
            )
    return table


def _failures(cases: pd.DataFrame, form: Form, file: str) -> list[Problem]:
    """Pandera's failure cases in our words."""
    known = ", ".join(form.columns)
    found = []
    for case in cases.to_dict("records"):
        if case["check"] == "column_in_dataframe":
            found.append(Problem(file, 1, str(case["failure_case"]), "no such column", known))
        elif case["check"] == "column_in_schema":
            found.append(Problem(file, 1, str(case["failure_case"]), "an unknown column", known))
        else:
            found.append(
                Problem(
                    file,
                    int(case["index"]),
                    case["column"],
                    shown(case["failure_case"]),
                    case["check"],
                )
            )
    return sorted(found, key=lambda problem: problem.row)
