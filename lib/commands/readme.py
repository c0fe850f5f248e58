"""`python -m lib readme`: README.md and its picture, as the built book has them."""

from __future__ import annotations

import argparse

from lib.book import readme
from lib.book.layout import Layout
from lib.commands import options as declared


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    declared.root(command)


def run(options: argparse.Namespace) -> None:
    """Renew, and say what changed."""
    changed = readme.renew(Layout(readme.STUDY, options.root))
    print(f"{', '.join(changed) if changed else 'nothing'} changed")
