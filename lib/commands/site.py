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
    command.set_defaults(set=[])


@running.leaving_the_last_book
def run(options: argparse.Namespace) -> int:
    """Build every study and the site."""
    return running.site(Front(root=options.root), options)
