"""What is in a table that a colleague sends?  Bytes of a spreadsheet or of text in, rows of text
cells out, with a word on whatever had to be guessed.

Spreadsheets (.xlsx) are read by openpyxl, values as they are, without running a formula. Text may
be UTF-8 with or without a mark, UTF-16 or Windows-1252; its cells may be parted by tabs,
semicolons, bars or commas. Nothing here knows what a score is.
"""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import re
import zipfile
from typing import NamedTuple

import openpyxl

from lib.importers.writing import some
from lib.reading import InputError, Problem, Row, shown

#: A sheet may unfold to so many bytes: ten times the largest file that is read.
MOST = 500_000_000
#: What may part cells, the likelier first where several fit.
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
ALLOWED = "CSV, or an .xlsx sheet"


class Grid(NamedTuple):
    """Rows as long as the first, with their lines; what was guessed, one line each; whether the
    file was CSV in UTF-8 with commas; and what parts its cells, for what a comma means."""

    rows: list[Row]
    said: list[str]
    plain: bool
    separator: str


def read(content: bytes, file: str) -> Grid:
    """The cells of a table's bytes, without empty rows and columns and without titles above them.

    Raises InputError for what is no table.
    """
    if content.startswith(b"PK\x03\x04"):
        grid = _sheet(content, file)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _wrong(file, "an old Excel file (.xls)", f"{ALLOWED}: save it as one of these")
    else:
        grid = _text(content, file)
    rows, said = _trimmed(grid.rows)
    if not rows:
        raise _wrong(file, "an empty file", "a header and rows")
    _even(rows, file, grid.separator)
    return grid._replace(rows=rows, said=grid.said + said)


def table(rows: list[Row]) -> bytes:
    """The same cells as CSV in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(row.cells for row in rows)
    return text.getvalue().encode("utf-8")


def _wrong(file: str, found: str, allowed: str, line: int | None = None) -> InputError:
    return InputError([Problem(file, line, None, found, allowed)])


# --- spreadsheets ---------------------------------------------------------------------------------


def _sheet(content: bytes, file: str) -> Grid:
    """The first sheet of a workbook that has cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST:
                raise _wrong(file, f"a sheet of more than {MOST:,} bytes", "a smaller one")
        sheets = {title: _filled(rows) for title, rows in _rows(content, values=True).items()}
        formulas = _rows(content, values=False)
    except InputError:
        raise
    except Exception as error:  # each broken workbook fails in its own way
        what = f"a spreadsheet that cannot be read ({type(error).__name__})"
        raise _wrong(file, what, ALLOWED) from None
    filled = [title for title, rows in sheets.items() if any(any(row.cells) for row in rows)]
    if not filled:
        raise _wrong(file, "a spreadsheet without cells", "a header and rows")
    said = []
    if len(filled) > 1:
        others = some([shown(title) for title in filled[1:]])
        said = [f"{file}: the sheet {shown(filled[0])} is read, {others} not"]
    rows = sheets[filled[0]]
    _computed(rows, formulas[filled[0]], file)
    width = max(len(row.cells) for row in rows)
    rows = [Row(row.line, row.cells + [""] * (width - len(row.cells))) for row in rows]
    return Grid(rows, said, plain=False, separator="")


def _rows(content: bytes, values: bool) -> dict[str, list[list]]:
    """Title of a sheet -> its rows of cells, with the values of formulas or the formulas."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book.worksheets}


def _filled(rows: list[list]) -> list[Row]:
    return [Row(line, [_cell(cell) for cell in row]) for line, row in enumerate(rows, 1)]


def _computed(rows: list[Row], formulas: list[list], file: str) -> None:
    """Raise InputError where formulas stand without values, as programs that compute nothing save
    them: such cells would look empty."""
    empty = [
        f"{cell.column_letter}{cell.row}"
        for row, cells in zip(rows, formulas, strict=True)
        for text, cell in zip(row.cells, cells, strict=True)
        if not text and isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    if empty:
        found = f"formulas without values in {some(empty)}"
        raise _wrong(file, found, "values: open the sheet in a spreadsheet program and save it")


def _cell(cell) -> str:
    """A spreadsheet's cell as text; what is shown in percent stays in percent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = decimal.Decimal(repr(value))
        if "%" in str(getattr(cell, "number_format", "")) and number.is_finite():
            return f"{(number * 100).normalize():f}%"
        return repr(int(value)) if number == number.to_integral_value() else repr(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value)


# --- text -----------------------------------------------------------------------------------------


def _text(content: bytes, file: str) -> Grid:
    """The cells of text in whatever encoding and with whatever separator it has."""
    text, said = _decoded(content, file)
    if not text.strip():
        raise _wrong(file, "an empty file", "a header and rows")
    if re.match(r"\s*(<!doctype|<html|\{|\[)", text, re.IGNORECASE):
        raise _wrong(file, "a web page or JSON", ALLOWED, 1)
    first = re.match(r"sep=(.)\r?\n", text)
    lines = 0
    if first:  # how Excel is told what parts cells
        text, lines = text[first.end() :], 1
    parted = {
        separator: _parted(text, separator, lines)
        for separator in ([first[1]] if first else SEPARATORS)
    }
    separator = max(parted, key=lambda each: _fit(parted[each]))
    if separator not in ("\t", ",") and separator in SEPARATORS:
        said.append(f"{file}: cells are parted by {SEPARATORS[separator]}")
    rows, error = parted[separator]
    if error is not None:
        raise _wrong(file, f"a row that cannot be read ({error})", 'cells with " around or none')
    plain = separator == "," and not said and not first and not content.startswith(b"\xef\xbb\xbf")
    return Grid(rows, said, plain, separator)


def _decoded(content: bytes, file: str) -> tuple[str, list[str]]:
    """A file's text, and a word on an encoding that had to be guessed."""
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encoding = next((marks[mark] for mark in marks if content.startswith(mark)), "utf-8")
    if encoding == "utf-8" and 3 * content[:200].count(0) > len(content[:200]):
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    try:
        text = content.decode(encoding)
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise _wrong(file, "a null character, which no text has", ALLOWED, line)
        return text, []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"the byte 0x{content[error.start]:02x}"
    if encoding != "utf-8":
        raise _wrong(file, f"{byte} in {encoding.upper()}", "UTF-8", line)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _wrong(file, byte, "UTF-8, UTF-16 or Windows-1252", line) from None
    if "\0" in text:
        raise _wrong(file, "a null character, which no text has", ALLOWED)
    words = [shown(word) for word in re.findall(r"\w*[^\W\x00-\x7f]\w*", text)]
    found = some(list(dict.fromkeys(words))) or "no letters beyond A to Z"
    said = f"{file}: read as Windows-1252 ({found}); where letters look wrong, save it as UTF-8"
    return text, [said]


def _parted(text: str, separator: str, before: int) -> tuple[list[Row], str | None]:
    """Rows of cells, and why reading ended early."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append(Row(line + before, [_clean(cell) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        return rows, f"{error}, line {line + before}"
    return rows, None


def _clean(cell: str) -> str:
    """A cell without blanks around it, whichever blanks these are."""
    return cell.replace("\u00a0", " ").replace("\u202f", " ").strip()


def _fit(parted: tuple[list[Row], str | None]) -> tuple:
    """How well a separator fits: all rows as long as each other, then the longest header."""
    rows = [row.cells for row in parted[0] if any(row.cells)]
    width = max((len(cells) for cells in rows[:1]), default=0)
    alike = sum(len(cells) == width for cells in rows)
    return (width > 1 and alike == len(rows), width > 1, 2 * alike > len(rows), width)


# --- shape ----------------------------------------------------------------------------------------


def _trimmed(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows without titles above the header, and without empty rows and columns."""
    rows = [row for row in rows if any(row.cells)]
    said = []
    while len(rows) > 2 and sum(map(bool, rows[0].cells)) == 1 < sum(map(bool, rows[1].cells)):
        if sum(map(bool, rows[1].cells)) < 3 and not rows[0].cells[0]:
            break  # a header whose first cell is empty
        title = next(filter(None, rows[0].cells))
        said.append(f"line {rows[0].line}: {shown(title)} stands above the table, left out")
        rows = rows[1:]
    width = max((len(row.cells) for row in rows), default=0)
    empty = [
        place
        for place in range(width)
        if not any(row.cells[place] for row in rows if place < len(row.cells))
    ]
    kept = [
        Row(row.line, [cell for place, cell in enumerate(row.cells) if place not in empty])
        for row in rows
    ]
    return kept, said


def _even(rows: list[Row], file: str, separator: str) -> None:
    """Raise InputError where rows are not as long as the first: one line for each length."""
    width = len(rows[0].cells)
    lines: dict[int, list[str]] = {}
    for row in rows:
        if len(row.cells) != width:
            lines.setdefault(len(row.cells), []).append(str(row.line))
    if lines:
        parts = SEPARATORS.get(separator, "its separator")
        allowed = f'{width}, as in the header (cells with {parts} in them stand in ")'
        raise InputError(
            [
                Problem(file, some(found), None, f"{count} cells", allowed)
                for count, found in lines.items()
            ]
        )
