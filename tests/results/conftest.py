"""What the chapters of the Japanese book recorded; `make test` builds the books first."""

import pytest

from lib.book.layout import Layout
from lib.report.results import Results


@pytest.fixture(scope="session")
def recorded():
    """All of it, as a page reads it."""
    path = Layout("ja").results
    assert path.is_file(), "there are no results yet; run: make book"
    return Results.read(path, "ja")


@pytest.fixture(scope="session")
def results(recorded):
    """Id -> record."""
    return recorded.records
