"""What is in a table that someone fills in?  Bytes in, rows by column with their lines out, or
words for what is wrong.

Exports are read by `lib.reading` as they are; the tables here are made by hand, so that lines that
begin with # are comments, blanks around cells do not count, and a byte-order mark that a
spreadsheet wrote is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable

from lib import reading
from lib.reading import InputError, Problem, Row, shown


def notes(
    content: bytes, file: str, columns: Iterable[str], needed: Iterable[str] = (), key: str = ""
) -> list[dict[str, str]]:
    """Rows as dicts, with their line under "line".

    Parameters
    ----------
    columns : those that may be there. needed : those that must be.
    key : a column that names each row, once.

    Raises
    ------
    InputError
        What cannot be read, with all unknown and missing columns, or all rows without a name of
        their own.
    """
    text = reading.text(content.removeprefix(b"\xef\xbb\xbf"), file)
    # Comments become empty lines, so that line numbers stay.
    lines = ["\n" if line.startswith("#") else line for line in text.splitlines(keepends=True)]
    rows = reading.rows("".join(lines), file)
    if not rows:
        raise InputError(
            [
                Problem(
                    file, None, None, "nothing but comments", f"a header, of {', '.join(columns)}"
                )
            ]
        )
    found = records(rows, file, needed, columns)
    return _once(found, file, key) if key else found


def records(
    rows: list[Row], file: str, needed: Iterable[str], columns: Iterable[str] | None = None
) -> list[dict[str, str]]:
    """Rows by the names in the first one, with their line under "line"; blanks around cells are
    left out.

    Raises InputError where a column of `needed` is missing, is there twice, or is none of `columns`
    (None: any).
    """
    line, header = rows[0].line, [cell.strip() for cell in rows[0].cells]
    allowed = ", ".join(needed if columns is None else columns)
    problems = [
        Problem(file, line, name, "no such column", allowed)
        for name in needed
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if columns is not None and name not in columns:
            problems.append(Problem(file, line, name, "an unknown column", allowed))
        elif header.count(name) > 1:
            problems.append(Problem(file, line, name, "the column twice", "each column once"))
    if problems:
        raise InputError(problems)
    return [
        {**dict(zip(header, map(str.strip, row.cells), strict=True)), "line": row.line}
        for row in rows[1:]
    ]


def _once(rows: list[dict[str, str]], file: str, key: str) -> list[dict[str, str]]:
    """The rows, each of which names itself in its column `key`."""
    problems, first = [], {}
    for row in rows:
        before = first.setdefault(row.get(key, ""), row["line"])
        if not row.get(key):
            problems.append(Problem(file, row["line"], key, "nothing", "a name"))
        elif before != row["line"]:
            found = f"{shown(row[key])} again, first in line {before}"
            problems.append(Problem(file, row["line"], key, found, "once"))
    if problems:
        raise InputError(problems)
    return rows
