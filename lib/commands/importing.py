"""`python -m lib import table ...`: somebody's results as a study's tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from lib import study
from lib.importers import euroeval, every_eval_ever, lm_eval, questions, swallow, table, writing
from lib.reading import escaped, is_date, shown


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the kinds of sources and what each takes."""
    kinds = command.add_subparsers(required=True, metavar="leaderboard")
    kind = kinds.add_parser("swallow", help="rebuild data/ja from data/ja/raw and data/ja/curated")
    kind.set_defaults(make=_from_swallow)
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
    kind.set_defaults(make=_from_euroeval)
    _lm_eval(kinds)
    kind = kinds.add_parser(
        "every-eval-ever", help="a study from records in the common form of Every Eval Ever"
    )
    kind.add_argument("folders", type=Path, nargs="+", help="folders with records below them")
    _study(kind)
    _source(kind)
    kind.set_defaults(make=_from_records)
    _table(kinds)


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
        help="another id for a folder, a file or a model, such as one that is a local path",
    )
    kind.add_argument(
        "--names-from",
        choices=("results", "folder"),
        default="results",
        help="call models by what the results say, or by the folder that holds them",
    )
    kind.add_argument("--date", default="", help="the date of results that tell none, YYYY-MM-DD")
    _source(kind)
    kind.set_defaults(make=_from_lm_eval)


def _table(kinds) -> None:
    kind = kinds.add_parser("table", help="a study from a plain table of models x benchmarks")
    kind.add_argument(
        "file", type=Path, help="CSV or .xlsx: a row a model, a column a model, or a row a score"
    )
    _study(kind)
    kind.add_argument("--date", default="", help="the scores' date, YYYY-MM-DD")
    kind.add_argument(
        "--models-across", action="store_true", help="the first row names models, not benchmarks"
    )
    _source(kind)
    kind.set_defaults(make=_from_table)


def _study(kind: argparse.ArgumentParser) -> None:
    """Options that every importer of new studies has."""
    kind.add_argument("--code", required=True, help="the study's folder under data/, such as is")
    kind.add_argument(
        "--language", required=True, help="the local language's name in English, such as Icelandic"
    )
    kind.add_argument(
        "--dry-run", action="store_true", help="say what would be made, write nothing"
    )
    kind.add_argument(
        "--replace",
        "--force",
        dest="replace",
        action="store_true",
        help="replace files of a study that is there",
    )


def _source(kind: argparse.ArgumentParser) -> None:
    """Options that say where the scores are from, which are otherwise asked for in study.yml."""
    kind.add_argument("--url", default="", help="where the scores were published")
    kind.add_argument("--licence", default="", help="on which terms, such as MIT")


def run(options: argparse.Namespace) -> None:
    """Import from the kind of source that was named."""
    options.make(options)


def _from_swallow(options: argparse.Namespace) -> None:
    """Rebuild data/ja from its raw and curated files."""
    folder = study.loading.DATA / "ja"
    changed = writing.put(folder, swallow.build(folder))
    print(f"data/ja: {', '.join(changed) if changed else 'nothing'} changed")


def _from_euroeval(options: argparse.Namespace) -> None:
    """Make a study from two EuroEval leaderboards."""
    built = euroeval.build(
        options.local,
        options.english,
        code=options.code,
        language=options.language,
        root=study.loading.DATA,
        date=options.date,
        commit=options.commit,
    )
    _place(options, built)


def _from_lm_eval(options: argparse.Namespace) -> None:
    """Make a study from results of EleutherAI's lm-evaluation-harness."""
    pairs = [each.split("=", 1) for each in options.name]
    if wrong := [each for each, pair in zip(options.name, pairs, strict=True) if len(pair) != 2]:
        raise writing.ImportProblem(f"--name {', '.join(wrong)}: allowed: OLD=organisation/name")
    _asking(
        options,
        lambda: lm_eval.build(
            options.folders,
            **_new(options),
            names=dict(pairs),
            by_folder=options.names_from == "folder",
            date=_date(options.date),
        ),
    )


def _new(options: argparse.Namespace) -> dict:
    """Which study to make, and where: what importers that ask questions take alike."""
    return {
        "code": options.code,
        "language": options.language,
        "root": study.loading.DATA,
        "replace": options.replace,
    }


def _from_records(options: argparse.Namespace) -> None:
    """Make a study from records in the common form."""
    _asking(options, lambda: every_eval_ever.build(options.folders, **_new(options)))


def _from_table(options: argparse.Namespace) -> None:
    """Make a study from a plain table of models x benchmarks."""
    _asking(
        options,
        lambda: table.build(
            options.file, **_new(options), date=_date(options.date), turned=options.models_across
        ),
    )


def _date(text: str) -> str:
    """A date that people give, or none; raises ImportProblem where it is no date."""
    if text and not is_date(text):
        raise writing.ImportProblem(f"--date {shown(text)}: allowed: a date as YYYY-MM-DD")
    return text


def _asking(options: argparse.Namespace, build: Callable[[], writing.Built]) -> None:
    """Make a study, or write down what has to be asked first (which is not yet a study: exit code
    1)."""
    try:
        built = build()
    except questions.Asks as asks:
        asks.files |= _told(asks.files, options)
        for line in asks.report:
            print(escaped(line))
        if options.dry_run:
            for name, content in asks.files.items():
                print(f"would make data/{options.code}/{name}:\n{content.decode()}")
        else:
            writing.swap(study.loading.DATA / options.code, asks.files)
        raise
    _place(options, built)


def _told(files: dict[str, bytes], options: argparse.Namespace) -> dict[str, bytes]:
    """The study.yml among the questions with what the command said of the scores' source."""
    if "study.yml" not in files:
        return {}
    text = files["study.yml"].decode()
    for key, told in (("url", options.url), ("licence", options.licence)):
        text = text.replace(f'{key}: ""', f"{key}: {questions.quoted(told)}", 1)
    return {"study.yml": text.encode()}


def _twins(code: str, language: str) -> list[str]:
    """A line for each other study of the same language, as its study.yml calls it."""
    found = []
    for other in study.available(study.loading.DATA):
        said = questions.language(study.loading.DATA / other)
        if other != code and said.casefold() == language.strip().casefold():
            found.append(
                f"data/{other} is a study of {said}, too; this one stands beside it, --code "
                f"{other} --replace renews that one"
            )
    return found


def _place(options: argparse.Namespace, built: writing.Built) -> None:
    """Put a study's files in place, or only say what would become of them; print what people should
    know."""
    folder = study.loading.DATA / options.code
    changes = writing.place(
        folder,
        built.files,
        keep=("study.yml", "README.md"),
        replace=options.replace,
        dry_run=options.dry_run,
        origins=built.origins,
    )
    print("\n".join(map(escaped, [*built.report, *_twins(options.code, options.language)])))
    would = "would " if options.dry_run else ""
    words = {
        "make": f"{would}make",
        "replace": f"{would}replace",
        "keep": "is the same already",
        "leave": "is yours, left as it is",
    }
    for change in changes:
        print(f"  data/{options.code}/{change.name}: {words[change.verb]}")
    if options.dry_run:
        print("nothing is written (--dry-run)")
    else:
        print(f"next: .venv/bin/python -m lib check {options.code}; make book STUDY={options.code}")
