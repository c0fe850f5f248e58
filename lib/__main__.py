"""The studies' command line: `python -m lib check ja`, `python -m lib import euroeval ...`, `python
-m lib new xx`.

Results go to standard output. What is wrong goes to standard error, all of it at once and without a
traceback, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from lib import needs, study
from lib.importers import euroeval, lm_eval, questions, skeleton, swallow, table, writing
from lib.reading import InputError, escaped


def check(arguments: argparse.Namespace) -> None:
    """Say what a study holds, or everything that is wrong with it."""
    print(study.summary(arguments.study))


def show_needs(arguments: argparse.Namespace) -> None:
    """Say what chapters may need and whether the study has it, as JSON."""
    print(json.dumps(needs.of(study.load(arguments.study))))


def import_swallow(arguments: argparse.Namespace) -> None:
    """Rebuild data/ja from its raw and curated files."""
    folder = study.DATA / "ja"
    changed = writing.put(folder, swallow.build(folder))
    print(f"data/ja: {', '.join(changed) if changed else 'nothing'} changed")


def import_euroeval(arguments: argparse.Namespace) -> None:
    """Make a study from two EuroEval leaderboards."""
    built = euroeval.build(
        arguments.local,
        arguments.english,
        code=arguments.code,
        language=arguments.language,
        root=study.DATA,
        date=arguments.date,
        commit=arguments.commit,
    )
    _place(arguments, built.files, built.report)


def import_lm_eval(arguments: argparse.Namespace) -> None:
    """Make a study from results of EleutherAI's lm-evaluation-harness."""
    pairs = [each.split("=", 1) for each in arguments.name]
    if wrong := [each for each, pair in zip(arguments.name, pairs, strict=True) if len(pair) != 2]:
        raise writing.ImportProblem(f"--name {', '.join(wrong)}: allowed: OLD=organisation/name")
    _asking(
        arguments,
        lambda: lm_eval.build(
            arguments.folders,
            code=arguments.code,
            language=arguments.language,
            root=study.DATA,
            names=dict(pairs),
        ),
    )


def import_table(arguments: argparse.Namespace) -> None:
    """Make a study from a plain table of models x benchmarks."""
    _asking(
        arguments,
        lambda: table.build(
            arguments.file,
            code=arguments.code,
            language=arguments.language,
            root=study.DATA,
            date=arguments.date,
        ),
    )


def new(arguments: argparse.Namespace) -> None:
    """Make the files of a new study, to be filled in."""
    for name in skeleton.write(arguments.code, arguments.language, dry_run=arguments.dry_run):
        print(f"  data/{arguments.code}/{name}: {'would make' if arguments.dry_run else 'make'}")
    print(
        "nothing is written (--dry-run)"
        if arguments.dry_run
        else f"next: read data/{arguments.code}/README.md"
    )


def _asking(arguments: argparse.Namespace, build: Callable[[], writing.Built]) -> None:
    """Make a study, or write down what has to be asked first (which is not yet a study: exit code
    1)."""
    try:
        built = build()
    except questions.Asks as asks:
        if arguments.dry_run:
            for name, content in asks.files.items():
                print(f"would make data/{arguments.code}/{name}:\n{content.decode()}")
        else:
            writing.swap(study.DATA / arguments.code, asks.files)
        raise
    _place(arguments, built.files, built.report)


def _place(arguments: argparse.Namespace, files: dict[str, bytes], report: list[str]) -> None:
    """Put a study's files in place, or only say what would become of them; print what people should
    know."""
    folder = study.DATA / arguments.code
    changes = writing.place(
        folder,
        files,
        keep=("study.yml", "README.md"),
        force=arguments.force,
        dry_run=arguments.dry_run,
    )
    print("\n".join(map(escaped, report)))
    would = "would " if arguments.dry_run else ""
    words = {
        "make": f"{would}make",
        "replace": f"{would}replace",
        "keep": "is the same already",
        "leave": "is yours, left as it is",
    }
    for change in changes:
        print(f"  data/{arguments.code}/{change.name}: {words[change.verb]}")
    if arguments.dry_run:
        print("nothing is written (--dry-run)")
    else:
        print(
            f"next: .venv/bin/python -m lib check {arguments.code}; make book "
            f"STUDY={arguments.code}"
        )


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = argparse.ArgumentParser(
        prog="python -m lib", description="Look after the studies under data/."
    )
    commands = root.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("check", help="check a study's files and say what it holds")
    command.add_argument("study", help="the study's code, such as ja")
    command.set_defaults(run=check)
    command = commands.add_parser(
        "needs", help="say what chapters may need and whether a study has it, as JSON"
    )
    command.add_argument("study", help="the study's code, such as ja")
    command.set_defaults(run=show_needs)
    importers = commands.add_parser(
        "import", help="make a study's tables from a leaderboard's export"
    )
    kinds = importers.add_subparsers(required=True, metavar="leaderboard")
    kind = kinds.add_parser("swallow", help="rebuild data/ja from data/ja/raw and data/ja/curated")
    kind.set_defaults(run=import_swallow)
    kind = kinds.add_parser(
        "euroeval", help="a study from EuroEval's leaderboards of a language and of English"
    )
    kind.add_argument(
        "local", type=Path, help="the language's leaderboard, such as icelandic_all.csv"
    )
    kind.add_argument("english", type=Path, help="English's leaderboard, english_all.csv")
    _study(kind)
    kind.add_argument("--date", default="", help="the exports' date, YYYY-MM-DD")
    kind.add_argument(
        "--commit", default="", help="the commit of EuroEval/leaderboards that they are from"
    )
    kind.set_defaults(run=import_euroeval)
    _lm_eval(kinds)
    _table(kinds)
    command = commands.add_parser("new", help="make the files of a new study, to be filled in")
    command.add_argument("code", help="the study's folder under data/, such as fo")
    command.add_argument(
        "--language", default="", help="the local language's name in English, such as Faroese"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would be made, write nothing"
    )
    command.set_defaults(run=new)
    return root


def _lm_eval(kinds) -> None:
    kind = kinds.add_parser(
        "lm-eval", help="a study from results of EleutherAI's lm-evaluation-harness"
    )
    kind.add_argument(
        "folders", type=Path, nargs="+", help="folders with results_*.json below them"
    )
    _study(kind)
    kind.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="OLD=ORG/NAME",
        help="another id for a model, such as one that was read from a local path",
    )
    kind.set_defaults(run=import_lm_eval)


def _table(kinds) -> None:
    kind = kinds.add_parser("table", help="a study from a plain table of models x benchmarks")
    kind.add_argument(
        "file", type=Path, help="CSV: models in the first column, benchmarks in the first row"
    )
    _study(kind)
    kind.add_argument("--date", default="", help="the scores' date, YYYY-MM-DD")
    kind.set_defaults(run=import_table)


def _study(kind: argparse.ArgumentParser) -> None:
    """Options that every importer of new studies has."""
    kind.add_argument("--code", required=True, help="the study's folder under data/, such as is")
    kind.add_argument(
        "--language", required=True, help="the local language's name in English, such as Icelandic"
    )
    kind.add_argument(
        "--dry-run", action="store_true", help="say what would be made, write nothing"
    )
    kind.add_argument("--force", action="store_true", help="replace files of a study that is there")


def main(words: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    arguments = parser().parse_args(words)
    try:
        arguments.run(arguments)
    except (InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
