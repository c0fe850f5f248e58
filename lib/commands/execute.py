"""`python -m lib execute ja transfer`: one chapter, whether it changed or not."""

from __future__ import annotations

import argparse

from lib.book import running
from lib.book.layout import Layout
from lib.commands import options as declared


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    declared.study(command)
    command.add_argument("chapter", help="the chapter's name, such as transfer")
    for each in (declared.parameters, declared.executing, declared.root):
        each(command)


@running.leaving_the_last_book
def run(options: argparse.Namespace) -> int:
    """Execute one chapter."""
    return running.execute(Layout(options.study, options.root), options.chapter, options)
