"""What does a study's folder have to look like?  Texts of its files in, checked tables and every
problem found out.

The columns and what each may hold are declared here once and checked through pandera;
`lib.relations` checks whether the tables agree with each other. `lib.study` reads folders through
both; importers check what they are about to write. Everything read is untrusted text: a name with
HTML in it is a name, never markup, and no value becomes a path.
"""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

from lib import documents, forms, reading
from lib import settings as settings_form
from lib.documents import Document
from lib.reading import InputError, Problem, is_date, is_line, shown

SIDES = ("local", "english")
STRATEGIES = (
    "from_scratch_english",
    "from_scratch_multilingual",
    "from_scratch_local",
    "continual_local",
    "unknown",
)
DIRECTIONS = ("into_local", "into_english")
COUNTERPARTS = ("translation", "similar")
DISCLOSURES = ("split_disclosed", "total_only", "undisclosed")
CONFIDENCES = ("confirmed", "derived", "recalled", "assumed")
SCALES = ("uniform", "log-uniform")
#: Fewer models than this have no correlation worth a name.
FEWEST_MODELS = 3
#: Published token counts are rounded, so their parts may exceed the total by this share before it
#: is an error.
ROUNDING = 0.005

ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
#: A model's id as hubs write it: an organisation, a slash, a name; some add a revision (@) or a
#: variant (#).
MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:@#-]*(?:/[A-Za-z0-9][A-Za-z0-9._+:@#-]*)*")
MODEL_FORM = "a model's id of A-Z, a-z, 0-9 and . _ - + : @ #, with / between its parts"
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class StudyError(InputError):
    """A study cannot be read. `problems` holds every reason; `str()` lists them, one a line."""


def is_model_id(text: str) -> bool:
    """Whether text can name a model: as hubs write it, never a path that leads out of a folder."""
    return bool(MODEL_ID.fullmatch(text)) and ".." not in text


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number in ASCII digits; "nan", "1_000" and digits of other scripts
    are not."""
    return bool(NUMBER.fullmatch(cell)) and math.isfinite(float(cell))


# --- the tables -----------------------------------------------------------------------------------


def _cells(allowed: str, accepts) -> pa.Check:
    """A check of each cell's text; `allowed` is what the message says of it."""
    return pa.Check(lambda column: column.map(lambda cell: bool(accepts(cell))), error=allowed)


def _one_of(values: tuple[str, ...], empty: bool = False) -> pa.Check:
    allowed = ", ".join(values) + (", or nothing" if empty else "")
    return _cells(allowed, lambda cell: cell in values or (empty and cell == ""))


def _number(lower: float | None = None, empty: bool = False) -> pa.Check:
    allowed = (
        "a number"
        + ("" if lower is None else f" of at least {lower:g}")
        + (", or nothing" if empty else "")
    )

    def accepts(cell: str) -> bool:
        if cell == "":
            return empty
        return is_number(cell) and (lower is None or float(cell) >= lower)

    return _cells(allowed, accepts)


#: Notes may have several lines; nothing may steer a terminal or turn the direction of writing.
ANY = _cells("any printable text", lambda cell: is_line(re.sub(r"[\r\n\t]", "", cell)))
LINE = _cells("printable text on one line, or nothing", is_line)
SOME = _cells("printable text on one line", lambda cell: cell.strip() != "" and is_line(cell))
MODEL = _cells(MODEL_FORM, is_model_id)
SLUG = _cells("a short id of a-z, 0-9, - and .", ID.fullmatch)
SNAPSHOT = _cells("a snapshot's id of a-z, 0-9, - and .", ID.fullmatch)
URL = _cells(
    "an http or https address, or nothing",
    lambda cell: cell == "" or re.fullmatch(r"https?://\S+", cell),
)
WHEN = _cells(
    "a date as YYYY-MM-DD, YYYY-MM or YYYY, or nothing", lambda cell: cell == "" or is_date(cell)
)


@dataclass(frozen=True)
class Form:
    """One table's columns with their checks, which of them may be absent, and which columns name a
    row."""

    columns: dict[str, pa.Check]
    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    required: bool = True

    def empty(self) -> pd.DataFrame:
        """The table of a study that does not have this file."""
        return pd.DataFrame(columns=list(self.columns), dtype=object)

    @functools.cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The same as a pandera schema; a column it does not know is an error."""
        return pa.DataFrameSchema(
            {
                name: pa.Column(object, check, required=name not in self.optional)
                for name, check in self.columns.items()
            },
            strict=True,
        )


FORMS = {
    "models.csv": Form(
        {
            "model_id": MODEL,
            "name": SOME,
            "developer": LINE,
            "lineage": LINE,
            "parent_id": ANY,
            "parent_note": ANY,
            "strategy": _one_of(STRATEGIES),
            "params_total_b": _number(0, empty=True),
            "params_active_b": _number(0, empty=True),
            "released": WHEN,
            "note": ANY,
            "url": URL,
        },
        key=("model_id",),
        numbers=("params_total_b", "params_active_b"),
        optional=("note", "url"),
    ),
    "benchmarks.csv": Form(
        {
            "benchmark_id": SLUG,
            "name": SOME,
            "language": _one_of(SIDES),
            "ability": SLUG,
            "metric": SOME,
            "direction": _one_of(DIRECTIONS, empty=True),
            "minimum": _number(),
            "maximum": _number(),
            "counterpart_id": ANY,
            "counterpart_kind": _one_of(COUNTERPARTS, empty=True),
            "citation": LINE,
            "about": LINE,
        },
        key=("benchmark_id",),
        numbers=("minimum", "maximum"),
        optional=("about",),
    ),
    "evaluations.csv": Form(
        {
            "benchmark_id": SLUG,
            "snapshot": SNAPSHOT,
            "metric": SOME,
            "shots": _number(0, empty=True),
            "shots_confidence": _one_of(CONFIDENCES, empty=True),
            "items": _number(1, empty=True),
            "items_confidence": _one_of(CONFIDENCES, empty=True),
            "note": ANY,
        },
        key=("benchmark_id", "snapshot"),
        numbers=("shots", "items"),
        optional=("shots_confidence", "note"),
        required=False,
    ),
    "scores.csv": Form(
        {
            "model_id": MODEL,
            "benchmark_id": SLUG,
            "snapshot": SNAPSHOT,
            "split": LINE,
            "score": _number(),
            "standard_error": _number(0, empty=True),
        },
        key=("model_id", "benchmark_id", "snapshot"),
        numbers=("score", "standard_error"),
    ),
    "training.csv": Form(
        {
            "model_id": MODEL,
            "own_tokens_b": _number(0, empty=True),
            "own_local_tokens_b": _number(0, empty=True),
            "own_english_tokens_b": _number(0, empty=True),
            "disclosure": _one_of(DISCLOSURES),
            "source": ANY,
            "confidence": _one_of(CONFIDENCES, empty=True),
            "note": ANY,
        },
        key=("model_id",),
        numbers=("own_tokens_b", "own_local_tokens_b", "own_english_tokens_b"),
        required=False,
    ),
}


@dataclass
class Folder:
    """What was read of a study: settings, claims, tables as text (index: line in the file).

    `documents` has study.yml and claims.yml as they were read, for the lines of their keys.
    """

    settings: settings_form.Settings | None = None
    claims: settings_form.Claims | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Take over the problems of what fails within, and go on after it."""
        try:
            yield
        except InputError as error:
            self.problems += error.problems


# --- from files to tables -------------------------------------------------------------------------

#: A study's files: those of keys and values, then its tables.
NAMES = ("study.yml", "claims.yml", *FORMS)
#: A file's bytes, None where there is none, or what is wrong where something else has its name.
Content = bytes | None | InputError


def read(files: Mapping[str, Content], where: str) -> Folder:
    """Check each of a study's files by itself, given as name -> content.

    `where` goes before each name in messages, such as "data/ja". The result has every problem,
    never an exception; its tables are complete only if there are none.
    """
    folder = Folder()
    for name, part, form in (
        ("study.yml", "settings", settings_form.Settings),
        ("claims.yml", "claims", settings_form.Claims),
    ):
        if name == "study.yml" or files.get(name) is not None:
            with folder.noting():
                file = f"{where}/{name}"
                text = reading.text(_there(files.get(name), file), file)
                folder.documents[name] = documents.from_yaml(text, file)
                setattr(folder, part, forms.checked(folder.documents[name], form))
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


def typed(table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """A checked table with floats in its number columns (NaN where empty) and text elsewhere."""
    table = table.copy()
    for column in form.numbers:
        table[column] = [float(cell) if cell else float("nan") for cell in table[column]]
    return table


def described() -> pd.DataFrame:
    """Every column of every table with what its cells may hold, as the fork guide shows it."""
    rows = [
        {
            "File": name,
            "Column": column,
            "May hold": check.error,
            "Column needed?": "may be absent" if column in form.optional else "yes",
        }
        for name, form in FORMS.items()
        for column, check in form.columns.items()
    ]
    return pd.DataFrame(rows)
