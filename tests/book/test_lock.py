"""The book's lock is enough for the book: whatever lib/ and the chapters import, early or late, is
in it."""

import ast
import importlib.metadata
import re
import sys

import jupytext
import pytest

from lib.book.layout import OWN_ROOT

#: Packages that only the tests may import; a sentence of lib/ that did would break a fresh machine.
PEERS = {"factor-analyzer", "pingouin", "pytest", "hypothesis", "playwright"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> set[str]:
    """Names of the packages that a lock holds."""
    text = (OWN_ROOT / lock).read_text(encoding="utf-8")
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", text, re.MULTILINE)}


def imported(code: str) -> set[str]:
    """Top-level names that the code imports, wherever the statement stands."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"lib"}


def sources() -> list:
    chapters = [
        *OWN_ROOT.glob("chapters/*.md"),
        *OWN_ROOT.glob("site/*.md"),
        *OWN_ROOT.glob("data/*/chapters/*.md"),
    ]
    return sorted([*OWN_ROOT.glob("lib/**/*.py"), *chapters])


def code_of(path) -> str:
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    cells = jupytext.read(path, fmt="md:myst").cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(OWN_ROOT)))
def test_every_import_is_in_the_books_lock(path):
    known = importlib.metadata.packages_distributions()
    locked = pinned("requirements.txt")
    lacking = {
        name
        for name in imported(code_of(path))
        if not {normal(each) for each in known.get(name, [name])} & locked
    }
    assert not lacking, f"{path.relative_to(OWN_ROOT)} imports what requirements.txt does not hold"


def test_peers_that_check_the_numbers_are_not_in_the_books_lock():
    assert pinned("requirements-test.txt") >= PEERS and not PEERS & pinned("requirements.txt")


def test_a_late_import_is_seen():
    assert imported(
        "def f():\n    from factor_analyzer.rotator import Rotator\n    import os, numpy.linalg"
    ) == {"factor_analyzer", "numpy"}
