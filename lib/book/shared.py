"""Keep once what all books of a site have: scripts, styles, fonts and mathematics.

Each book is made to stand alone, so each brings the same files. On a site the front's copy serves
all: a book's file that is the front's byte for byte goes, and its pages refer to the front's.
"""

import filecmp
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

STATIC = "_static"
#: An attribute of a page that names a file of its own book's static folder.
NAMED = re.compile(rf'(?<=["\'])(?:\./)?{STATIC}/([^"\'?#]+)')


def share(site: Path, books: Iterable[str]) -> None:
    """Take from each book of the site what the front has already, and lead its pages there."""
    for book in books:
        gone = _drop_twins(site / book / STATIC, site / STATIC)
        led = partial(_led, gone)
        for page in (site / book).glob("*.html"):
            page.write_text(NAMED.sub(led, page.read_text(encoding="utf-8")), encoding="utf-8")


def _drop_twins(own: Path, front: Path) -> set[str]:
    """Remove files that are the front's, and folders left empty; return what went."""
    gone = set()
    for file in sorted(path for path in own.rglob("*") if path.is_file()):
        name = file.relative_to(own).as_posix()
        if (front / name).is_file() and filecmp.cmp(file, front / name, shallow=False):
            file.unlink()
            gone.add(name)
    for folder in sorted((path for path in own.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    if own.is_dir() and not any(own.iterdir()):
        own.rmdir()
    return gone


def _led(gone: set[str], found: re.Match) -> str:
    return f"../{STATIC}/{found[1]}" if found[1] in gone else found[0]
