"""`python -m lib new gl --language Galician`: a study to begin with, in empty, commented files."""

from __future__ import annotations

import argparse

from lib.importers import skeleton


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("code", help="the study's folder under data/, such as gl")
    command.add_argument(
        "--language", default="", help="the local language's name in English, such as Galician"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would be made, write nothing"
    )


def run(options: argparse.Namespace) -> None:
    """Make the files of a new study."""
    for name in skeleton.write(options.code, options.language, dry_run=options.dry_run):
        print(f"  data/{options.code}/{name}: {'would make' if options.dry_run else 'make'}")
    print(
        "nothing is written (--dry-run)"
        if options.dry_run
        else f"next: read data/{options.code}/README.md"
    )
