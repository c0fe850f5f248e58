"""What is in this file?  A path in; its bytes, text or rows out, or every problem in words for
people.

All that the project reads from people comes through here: studies, exports, what was filled in, and
(by way of `documents`) YAML and JSON. A file is a regular one of at most `MOST` bytes, so that a
pipe or a device never makes anyone wait; its text is UTF-8. What was read stays untrusted: `shown`
and `escaped` make it fit for a message.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import stat
import unicodedata
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

#: The largest file that is read, in bytes: two hundred times a large leaderboard.
MOST = 50_000_000
CHUNK = 1 << 20

#: So many problems are printed; the rest is counted.
MOST_LINES = 200

#: Marks that turn the direction of writing: text with them does not say what it shows.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: Kinds of characters that are no text on one line: controls, lone surrogates, ends of lines.
STEERING = ("Cc", "Cs", "Zl", "Zp")

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

#: What an operating system may find under a name, besides a file.
KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO (a named pipe)",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
CSV = 'CSV with commas and "'
REGULAR = f"a regular file of at most {MOST // 1_000_000} MB"


class Problem(NamedTuple):
    """One thing that is wrong: where, what was found, what is allowed."""

    file: str
    row: Hashable | None  # the line in the file, which labels the rows of a table
    column: str | None
    found: str
    allowed: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"line {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return escaped(f"{', '.join(place)}: found {self.found}; allowed: {self.allowed}")


class InputError(ValueError):
    """What was read cannot be used: every reason in `problems`, and one a line in `str()`."""

    def __init__(self, problems: Sequence[Problem] | str):
        self.problems = [] if isinstance(problems, str) else list(problems)
        lines = problems.split("\n") if isinstance(problems, str) else list(map(str, self.problems))
        more = [f"... and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        super().__init__("\n".join([*map(escaped, lines[:MOST_LINES]), *more]))


class Row(NamedTuple):
    """A row's cells and the line it begins at."""

    line: int
    cells: list[str]


# --- words for people -----------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text on one line that cannot steer a terminal: ids, names and paths come from data."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def shown(text: object) -> str:
    """Text as it may appear in a message: quoted, on one line, escaped, not longer than a line."""
    text = str(text)
    return repr(text if len(text) <= 60 else text[:57] + "...")


# --- what a text may be ---------------------------------------------------------------------------


def is_line(text: str) -> bool:
    """Whether text can be printed on one line, in any script: no control characters, line ends or
    lone surrogates.
    """
    return text.isprintable() or not any(
        letter in TURNS or unicodedata.category(letter) in STEERING for letter in text
    )


def is_date(text: str) -> bool:
    """Whether text is YYYY-MM-DD, YYYY-MM or YYYY, of a day or month that the calendar has."""
    match = DATE.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return False
    return True


# --- from a path to bytes -------------------------------------------------------------------------


def amiss(path: Path) -> str:
    """What stands under a path in place of a regular file, in words; "" where it is one."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "a link that leads nowhere" if os.path.lexists(path) else "no such file"
    except ValueError:  # each Python has words of its own for it
        return "a path that cannot be read (null character in its name)"
    except OSError as error:
        return f"a path that cannot be read ({error.strerror})"
    return "" if stat.S_ISREG(mode) else KINDS.get(stat.S_IFMT(mode), "no file")


def content(path: Path, file: str) -> bytes:
    """The bytes of the file at `path`, which messages call `file`.

    Raises InputError where there is none, it cannot be read, is no regular file, or has more than
    `MOST` bytes.
    """
    if wrong := amiss(path):
        raise InputError([Problem(file, None, None, wrong, REGULAR)])
    found = bytearray()
    try:
        with open(path, "rb", opener=_at_once) as opened:
            while len(found) <= MOST and (chunk := opened.read(CHUNK)):
                found += chunk
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        raise InputError([Problem(file, None, None, found, REGULAR)]) from None
    if len(found) > MOST:
        raise InputError([Problem(file, None, None, f"more than {MOST:,} bytes", REGULAR)])
    return bytes(found)


def _at_once(path: str, flags: int) -> int:
    """Open a file; should a pipe have taken its place since, this does not wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def content_if_there(path: Path, file: str) -> bytes | None:
    """The same, None where nothing at all has that name; a directory, a pipe or a broken link is an
    error, too.
    """
    return None if amiss(path) == "no such file" else content(path, file)


# --- from bytes to text and rows ------------------------------------------------------------------


def text(content: bytes, file: str) -> str:
    """A file's text. Raises InputError where it is empty or not UTF-8 without a byte-order mark."""

    def wrong(row: int | None, found: str, allowed: str) -> InputError:
        return InputError([Problem(file, row, None, found, allowed)])

    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise wrong(1, "the byte-order mark of UTF-16", "UTF-8")
    if content.startswith(b"\xef\xbb\xbf"):
        raise wrong(1, "a byte-order mark", "UTF-8 without one")
    if not content.strip():
        raise wrong(None, "an empty file", "content")
    if b"\0" in content:
        line = _line(content, content.index(b"\0"))
        raise wrong(line, "a null character: UTF-16, or no text at all", "UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"the byte 0x{content[error.start]:02x}"
        raise wrong(_line(content, error.start), found, "UTF-8") from None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def rows(text: str, file: str) -> list[Row]:
    """The rows of a table in CSV, all as long as the first; blank lines are left out.

    Raises InputError with every row of another length, or where it is no CSV with commas.
    """
    found, problems, line = [], [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                found.append(Row(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, line, None, f"a row that cannot be read ({error})", CSV))
    width = len(found[0].cells) if found else 0
    for separator, word in (("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
        if width == 1 and separator in found[0].cells[0]:
            words = f"cells separated by {word}"
            raise InputError([Problem(file, found[0].line, None, words, CSV)])
    ragged = [
        Problem(file, row.line, None, f"{len(row.cells)} cells", f"{width}, as in the header")
        for row in found
        if len(row.cells) != width
    ]
    if ragged or problems:
        raise InputError([*ragged, *problems])
    return found
