"""`python -m lib check ja`: are a study's data in order, and its book's pages if it is built?"""

from __future__ import annotations

import argparse
from pathlib import Path

from lib import study
from lib.book import check
from lib.book.layout import Layout


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("study", help="the study's code, such as ja")
    command.add_argument(
        "--root", type=Path, default=None, help="the checkout to look at (default: this one)"
    )


def run(options: argparse.Namespace) -> int:
    """Say what a study holds, or everything that is wrong with it; then whether its pages are in
    order."""
    root = options.root.resolve() if options.root else study.loading.DATA.parent
    print(study.summary(options.study, root / "data"))
    layout = Layout(options.study, root)
    if not layout.html.exists():
        return 0
    problems = check.check(layout.html)
    print(
        "\n".join(problems)
        or f"{layout.shown(layout.html)}: links, anchors, pictures and addresses are in order"
    )
    return 1 if problems else 0
