"""Room for fresh clones, and the browser that opens their pages."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.browser.conftest import browser  # noqa: F401  (a fixture of these tests, too)


@pytest.fixture(scope="module")
def room():
    """A folder that other users may pass through; it goes away with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="stranger-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def tell(capsys):
    """Print a line at once, whatever pytest keeps to itself."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)

    return line
