"""`python -m lib check ja`: are a study's data in order, and its book's pages if it is built?"""

from __future__ import annotations

import argparse
from pathlib import Path

from lib import needs, study
from lib.book import check
from lib.book.layout import Layout
from lib.study import loading


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("study", help="the study's code, such as ja")
    command.add_argument(
        "--root", type=Path, default=None, help="the checkout to look at (default: this one)"
    )


def run(options: argparse.Namespace) -> int:
    """Say what a study holds, and what its book will not be able to say, or everything that is
    wrong with it; then whether its pages are in order."""
    root = options.root.resolve() if options.root else loading.DATA.parent
    print(study.summary(options.study, root / "data"))
    told = needs.of(study.load(options.study, root=root / "data")).values()
    if lacking := [need["sentence"] for need in told if not need["met"]]:
        print("What its book will not be able to say, and what would change that:")
        print("\n".join(f"  - {sentence}" for sentence in lacking))
    layout = Layout(options.study, root)
    if not layout.html.exists():
        return 0
    problems = check.check(layout.html)
    print(
        "\n".join(problems)
        or f"{layout.shown(layout.html)}: links, anchors, pictures and addresses are in order"
    )
    return 1 if problems else 0
