"""What is in a CSV file that someone brings?  A path in, rows with their line numbers out, or words for what is wrong.

Nothing is guessed: another encoding or separator is named, so that the file can be saved again as it should be. In
files that people fill in (`notes`), lines that begin with # are comments.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lib.importers.writing import ImportProblem
from lib.schema import shown

SAVE = "save it as CSV in UTF-8, separated by commas"

#: The largest file that is read: a hundred times a large leaderboard.
LARGEST = 100_000_000


class Row(NamedTuple):
    """A row's cells and the line it begins at."""

    line: int
    cells: list[str]


def content(path: Path) -> bytes:
    """A file's bytes. Raises ImportProblem where it cannot be read, is empty or is far too large for a table."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise ImportProblem(f"{path.name}: more than {LARGEST // 1_000_000} MB; that is no leaderboard's table")
        found = path.read_bytes()
    except FileNotFoundError:
        raise ImportProblem(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise ImportProblem(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if not found.strip():
        raise ImportProblem(f"{path.name}: an empty file")
    return found


def text(path: Path) -> str:
    """A file's text. Raises ImportProblem where it is not UTF-8 without a byte-order mark."""
    found = content(path)
    if found.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportProblem(f"{path.name}: UTF-16 (by its byte-order mark); {SAVE}")
    if found.startswith(b"\xef\xbb\xbf"):
        raise ImportProblem(f"{path.name}: begins with a byte-order mark; {SAVE} without one")
    if b"\0" in found:
        line = found.count(b"\n", 0, found.index(b"\0")) + 1
        raise ImportProblem(f"{path.name}, line {line}: a null character: UTF-16 or no text at all; {SAVE}")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise ImportProblem(f"{path.name}, line {line}: the byte 0x{found[error.start]:02x}, which is not UTF-8 "
                            f"(Latin-1 or Windows, perhaps); {SAVE}") from None


def rows(path: Path) -> list[Row]:
    """All rows of a file, each as long as the first. Raises ImportProblem with every row that is not."""
    return _rows(text(path), path.name)


def notes(content: bytes, name: str, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a file that people fill in, as dicts with their line under "line"; its header must be among `columns`.

    Lines that begin with # are comments. Raises ImportProblem for what cannot be read, with all unknown columns.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise ImportProblem(f"{name}: not UTF-8 at byte {error.start}") from None
    # Comments become empty lines, so that line numbers stay.
    kept = ["\n" if line.startswith("#") else line for line in lines]
    found = _rows("".join(kept), name)
    if not found:
        raise ImportProblem(f"{name}: nothing but comments; a header is needed, of {', '.join(columns)}")
    header = [cell.strip() for cell in found[0].cells]
    unknown = [cell for cell in header if cell not in columns]
    if unknown or len(set(header)) < len(header):
        raise ImportProblem(f"{name}, line {found[0].line}: columns {', '.join(map(shown, unknown or header))}; "
                            f"allowed, each once: {', '.join(columns)}")
    return [{**dict(zip(header, (cell.strip() for cell in row.cells), strict=True)), "line": row.line}
            for row in found[1:]]


def _rows(text: str, name: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, line = [], 1
    try:
        for cells in reader:
            if cells:
                found.append(Row(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportProblem(f"{name}, line {line}: a row that cannot be read ({error})") from None
    if not found:
        return []
    width = len(found[0].cells)
    for separator, word in (("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
        if width == 1 and separator in found[0].cells[0]:
            raise ImportProblem(f"{name}: separated by {word}; {SAVE}")
    wrong = [f"{name}, line {row.line}: {len(row.cells)} cells; the first row has {width}" for row in found
             if len(row.cells) != width]
    if wrong:
        raise ImportProblem("\n".join(wrong[:20] + ([f"... and {len(wrong) - 20} more"] if len(wrong) > 20 else [])))
    return found
