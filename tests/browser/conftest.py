"""Chromium, as a person's machine has it, and the study's book as `make book` built it."""

import os
import shutil
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; skipped with a reason where there is none, but never in CI."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the Japanese study's pages."""
    folder = CHECKOUT / "_build" / "ja" / "html"
    if not folder.exists() and not os.environ.get("CI"):
        pytest.skip("the book is not built (make book)")
    assert folder.exists(), "make test builds the book first"
    return folder
