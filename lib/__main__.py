"""The one command line: `python -m lib check ja`, `python -m lib build ja`, `python -m lib --help`.

A command is a module of `lib.commands` that says its arguments and runs. Only the one that is asked
for is imported, so that help comes at once.

Results go to standard output. What is wrong goes to standard error, all of it at once and without a
traceback, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from lib.book import BookError
from lib.reading import InputError

#: Each command: its module in `lib.commands`, and what it does.
COMMANDS = {
    "check": ("check", "check a study's data, and the pages of its book where it is built"),
    "import": ("importing", "make a study's tables from a leaderboard's export"),
    "new": ("new", "make the files of a new study, to be filled in"),
    "build": ("build", "execute what changed of a study, then make its pages"),
    "execute": ("execute", "execute one chapter, whether it changed or not"),
    "site": ("site", "build every study, and put all into _site/"),
    "readme": ("readme", "renew README.md's numbers and picture from the built book"),
    "forecast": ("forecast", "put what a study foresees on the record, with today's date"),
    "needs": ("needs", "say what chapters may need and whether a study has it, as JSON"),
    "bench": ("bench", "compare the resampling with the obvious loops"),
}


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """All commands; the arguments of the one that `words` begin with."""
    root = argparse.ArgumentParser(
        prog="python -m lib",
        description="Look after the studies under data/, and make their books.",
    )
    commands = root.add_subparsers(required=True, metavar="command")
    for name, (module, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if [name] == list(words[:1]):
            asked = importlib.import_module(f"lib.commands.{module}")
            asked.arguments(command)
            command.set_defaults(run=asked.run)
    return root


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    words = sys.argv[1:] if words is None else words
    options = parser(words).parse_args(words)
    try:
        return options.run(options) or 0
    except (BookError, InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
