"""`python -m lib build ja`: the book of a study, of which only what changed is executed."""

from __future__ import annotations

import argparse

from lib.book import running
from lib.book.layout import Layout
from lib.commands import options as declared


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    for each in (declared.study, declared.parameters, declared.executing, declared.making):
        each(command)
    declared.root(command)


@running.leaving_the_last_book
def run(options: argparse.Namespace) -> int:
    """Build the book of a study."""
    return running.build(Layout(options.study, options.root), options)
