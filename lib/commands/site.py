"""`python -m lib site`: the books of all studies and a front, put together."""

from __future__ import annotations

import argparse

from lib.book import running
from lib.book.layout import Front
from lib.commands import options as declared


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    for each in (declared.executing, declared.making, declared.root):
        each(command)
    command.add_argument(
        "--studies",
        type=lambda text: tuple(text.replace(",", " ").split()),
        default=(),
        metavar="'CODE ...'",
        help="build these alone; others are on the site where their book is there already",
    )
    command.set_defaults(set=[])


@running.leaving_the_last_book
def run(options: argparse.Namespace) -> int:
    """Build the studies and the site."""
    return running.site(Front(root=options.root, only=options.studies), options)
