"""`python -m lib.book build|execute|check STUDY ...`, `python -m lib.book site`: the book's
commands.

`make help` lists the short forms.
"""

import argparse
import contextlib
import fcntl
import sys
import time
from pathlib import Path

from lib.book import BookError, said
from lib.book.kernels import SECONDS, Kernels
from lib.book.layout import OWN_ROOT, Front, Layout


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. Errors of people get a message, not a traceback."""
    options = _parser().parse_args(arguments)
    try:
        root = options.root.resolve()
        return options.run(
            Layout(options.study, root) if "study" in options else Front(root=root), options
        )
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{said(error, options.root)}; the last good book is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the last good book is as it was", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lib.book", description="Execute chapters and make the book."
    )
    parser.add_argument(
        "--root", type=Path, default=OWN_ROOT, help="the checkout to work in (default: this one)"
    )
    commands = parser.add_subparsers(required=True, metavar="build|execute|check|site")
    for name, run, text in (
        ("build", _build, "execute what changed, then make the pages"),
        ("execute", _execute, "execute one chapter, whether it changed or not"),
        ("check", _check, "check the pages of the built book"),
        ("site", _site, "build every study, and put all into _site/"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if name != "site":
            command.add_argument("study", help="a folder under data/")
        if name == "execute":
            command.add_argument("chapter")
        if name in ("build", "execute"):
            command.add_argument(
                "--set",
                action="append",
                default=[],
                metavar="[CHAPTER.]NAME=VALUE",
                help="a parameter that a chapter declares",
            )
        if name != "check":
            command.add_argument(
                "--no-data-check", action="store_true", help="don't validate the study's data first"
            )
            command.add_argument(
                "--timeout",
                type=_seconds,
                default=SECONDS,
                metavar="SECONDS",
                help=f"how long a chapter may take (default {SECONDS:g})",
            )
        if name in ("build", "site"):
            command.add_argument(
                "--jobs", type=int, default=2, help="chapters at a time (default 2)"
            )
            command.add_argument(
                "--draft", action="store_true", help="show a book with missing chapters or warnings"
            )
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds


def _build(layout: Layout, options) -> int:
    started = time.monotonic()
    print(f"Building the study '{layout.study}'", flush=True)
    if not _made(layout, ["book"], options):
        print(f"The build failed{_kept(layout, layout.html / 'index.html')}", file=sys.stderr)
        return 1
    print(f"Open {layout.shown(layout.html / 'index.html')}  ({time.monotonic() - started:.1f} s)")
    return 0


def _site(front: Front, options) -> int:
    """Build the studies one after the other, then the front, then put all together."""
    started = time.monotonic()
    options.set = []
    bad = [layout.study for layout in front.studies if _build(layout, options)]
    if not front.studies:
        raise BookError("data/ holds no study")
    print("Building the site's front", flush=True)
    if bad or not (_made(front, ["book"], options) and _made(front, ["site"], options)):
        whose = f" for {', '.join(bad)}" if bad else ""
        kept = _kept(front, front.site / "index.html")
        print(f"The site was not made: the build failed{whose}{kept}", file=sys.stderr)
        return 1
    print(f"Open {front.shown(front.site / 'index.html')}  ({time.monotonic() - started:.1f} s)")
    return 0


def _made(layout: Layout, what: list[str], options) -> bool:
    return not _doit(
        layout,
        ["--continue", "-n", str(options.jobs), "-P", "thread"],
        what,
        options,
        options.draft,
    )


def _kept(layout: Layout, page: Path) -> str:
    whole = "site" if isinstance(layout, Front) else "book"
    return f"; the last good {whole} is still {layout.shown(page)}" if page.exists() else ""


def _execute(layout: Layout, options) -> int:
    from lib.book import chapters, results

    there = chapters.load(layout, draft=True)
    chapter = next((chapter for chapter in there if chapter.name == options.chapter), None)
    if chapter is None:
        raise BookError(
            f"no chapter '{options.chapter}'; chapters: {', '.join(each.name for each in there)}"
        )
    if reads := chapters.read_by(there)[chapter.name]:
        results.write(layout, reads, layout.reads(chapter.name))
    options.set = [
        text if "." in text.split("=")[0] else f"{chapter.name}.{text}" for text in options.set
    ]
    return min(
        1,
        _doit(
            layout, ["-s", "-a"], [f"chapter:{chapter.name}"], options, draft=False, lenient=True
        ),
    )


def _check(layout: Layout, options) -> int:
    from lib.book import check

    if not layout.html.exists():
        raise BookError(
            f"{layout.shown(layout.html)} is not built yet: make book STUDY={layout.study}"
        )
    problems = check.check(layout.html)
    print(
        "\n".join(problems)
        or f"{layout.shown(layout.html)}: links, anchors, pictures and addresses are in order"
    )
    return 1 if problems else 0


def _doit(
    layout: Layout, how: list[str], what: list[str], options, draft: bool, lenient: bool = False
) -> int:
    """Run doit in this process, one build of a study at a time."""
    from doit.cmd_base import ModuleTaskLoader
    from doit.cmd_run import Run

    from lib.book import leftovers, tasks

    front = isinstance(layout, Front)
    kernels = Kernels(
        options.timeout, warm=not lenient
    )  # one chapter alone is quicker with an ordinary one
    made = tasks.namespace(
        layout,
        _parameters(options.set),
        draft,
        not front and not options.no_data_check,
        lenient,
        kernels,
    )
    made = tasks.with_site(layout, made, draft) if front else made
    with contextlib.ExitStack() as held:
        for each in (layout, *layout.studies) if front else (layout,):
            held.enter_context(_alone(each))
            leftovers.clear(each)
        held.enter_context(kernels)
        return Run(task_loader=ModuleTaskLoader(made)).parse_execute([*how, *what])


def _parameters(given: list[str]) -> dict:
    """`chapter.name=value` texts as chapter -> {name: value}."""
    from lib.book.execute import read_value

    parameters: dict[str, dict] = {}
    for text in given:
        left, equals, value = text.partition("=")
        chapter, dot, name = left.partition(".")
        if not equals or not dot:
            raise BookError(f"--set {text}: write CHAPTER.NAME=VALUE")
        parameters.setdefault(chapter, {})[name] = read_value(value)
    return parameters


@contextlib.contextmanager
def _alone(layout: Layout):
    layout.build.mkdir(parents=True, exist_ok=True)
    with open(layout.build / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "another build of this study is running: waiting for it",
                file=sys.stderr,
                flush=True,
            )
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
