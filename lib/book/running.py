"""How is a book built?  Paths of a study or the site in, its tasks run, one build at a time."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lib.book import BookError, said
from lib.book import site as put
from lib.book.kernels import Kernels
from lib.book.layout import Front, Layout
from lib.book.renderer import Renderer


def leaving_the_last_book(run: Callable[[argparse.Namespace], int]) -> Callable:
    """A command that says what stopped it, and that nothing half made took the book's place."""

    @functools.wraps(run)
    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except OSError as error:
            print(f"{said(error, options.root)}; the last good book is as it was", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("stopped; the last good book is as it was", file=sys.stderr)
            return 130

    return told


def build(layout: Layout, options: argparse.Namespace) -> int:
    """Execute what changed of a study and make its pages; say which one to open."""
    started = time.monotonic()
    print(f"Building the study '{layout.study}'", flush=True)
    if not _made(layout, ["book"], options):
        print(f"The build failed{_kept(layout, layout.html / 'index.html')}", file=sys.stderr)
        return 1
    print(f"Open {layout.shown(layout.html / 'index.html')}  ({time.monotonic() - started:.1f} s)")
    return 0


def site(front: Front, options: argparse.Namespace) -> int:
    """Build the studies one after the other, then the front, then put all together."""
    started = time.monotonic()
    bad = [layout.study for layout in front.wanted if build(layout, options)]
    if not front.every:
        raise BookError("data/ holds no study")
    print("Building the site's front", flush=True)
    if bad or not (_made(front, ["book"], options) and _made(front, ["site"], options)):
        whose = f" for {', '.join(bad)}" if bad else ""
        kept = _kept(front, front.site / "index.html")
        print(f"The site was not made: the build failed{whose}{kept}", file=sys.stderr)
        return 1
    print(put.weighed(front))
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


def execute(layout: Layout, name: str, options: argparse.Namespace) -> int:
    """Execute one chapter, whether it changed or not, with an ordinary kernel."""
    from lib.book import chapters, results

    there = chapters.load(layout, draft=True)
    chapter = next((chapter for chapter in there if chapter.name == name), None)
    if chapter is None:
        raise BookError(f"no chapter '{name}'; chapters: {', '.join(each.name for each in there)}")
    if chapter.reads:
        reads = chapters.read_by(there, chapters.left_out(layout))[chapter.name]
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


def _doit(
    layout: Layout, how: list[str], what: list[str], options, draft: bool, lenient: bool = False
) -> int:
    """Run doit in this process, one build of a study at a time."""
    from doit.cmd_base import ModuleTaskLoader
    from doit.cmd_run import Run

    from lib.book import leftovers, tasks

    front = isinstance(layout, Front)
    renderer = Renderer()
    # One chapter alone is quicker with an ordinary kernel, and has no pages made.
    kernels = Kernels(options.timeout, warm=not lenient, meanwhile=renderer.start)
    made = tasks.namespace(
        layout,
        _parameters(options.set),
        draft,
        not front and not options.no_data_check,
        lenient,
        kernels,
        renderer,
    )
    made = tasks.with_site(layout, made, draft) if front else made
    with contextlib.ExitStack() as held:
        for each in (layout, *layout.studies) if front else (layout,):
            held.enter_context(_alone(each))
            leftovers.clear(each)
        held.enter_context(renderer)
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
