"""Which arguments do several commands take?  A parser in, the same parser with one more out."""

from __future__ import annotations

import argparse
from pathlib import Path

from lib.book.kernels import SECONDS
from lib.book.layout import OWN_ROOT


def root(command: argparse.ArgumentParser) -> None:
    """Where to work."""
    command.add_argument(
        "--root",
        type=lambda text: Path(text).resolve(),
        default=OWN_ROOT,
        help="the checkout to work in (default: this one)",
    )


def study(command: argparse.ArgumentParser) -> None:
    """Which study."""
    command.add_argument("study", help="a folder under data/, such as ja")


def parameters(command: argparse.ArgumentParser) -> None:
    """What chapters assume."""
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="[CHAPTER.]NAME=VALUE",
        help="a parameter that a chapter declares",
    )


def executing(command: argparse.ArgumentParser) -> None:
    """How chapters are executed."""
    command.add_argument(
        "--no-data-check", action="store_true", help="don't validate the study's data first"
    )
    command.add_argument(
        "--timeout",
        type=_seconds,
        default=SECONDS,
        metavar="SECONDS",
        help=f"how long a chapter may take (default {SECONDS:g})",
    )


def making(command: argparse.ArgumentParser) -> None:
    """How books are made."""
    command.add_argument("--jobs", type=int, default=2, help="chapters at a time (default 2)")
    command.add_argument(
        "--draft", action="store_true", help="show a book with missing chapters or warnings"
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds
