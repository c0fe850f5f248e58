"""The studies' command line: `python -m lib check ja`, `python -m lib import swallow`.

Results go to standard output. What is wrong goes to standard error, all of it at once and without a traceback, and the
exit code is 1.
"""

from __future__ import annotations

import argparse
import sys

from lib import study
from lib.importers import swallow, writing


def check(arguments: argparse.Namespace) -> None:
    """Say what a study holds, or everything that is wrong with it."""
    print(study.summary(arguments.study))


def import_swallow(arguments: argparse.Namespace) -> None:
    """Rebuild data/ja from its raw and curated files."""
    folder = study.DATA / "ja"
    changed = writing.put(folder, swallow.build(folder))
    print(f"data/ja: {', '.join(changed) if changed else 'nothing'} changed")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = argparse.ArgumentParser(prog="python -m lib", description="Look after the studies under data/.")
    commands = root.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("check", help="check a study's files and say what it holds")
    command.add_argument("study", help="the study's code, such as ja")
    command.set_defaults(run=check)
    importers = commands.add_parser("import", help="make a study's tables from a leaderboard's export")
    kinds = importers.add_subparsers(required=True, metavar="leaderboard")
    kind = kinds.add_parser("swallow", help="rebuild data/ja from data/ja/raw and data/ja/curated")
    kind.set_defaults(run=import_swallow)
    return root


def main(words: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    arguments = parser().parse_args(words)
    try:
        arguments.run(arguments)
    except (study.StudyError, writing.ImportProblem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
