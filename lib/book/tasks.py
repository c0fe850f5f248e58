"""The build as doit tasks: what depends on what. doit runs them in parallel and skips what is
unchanged.

data -> chapter -> reads (results of the chapters that a chapter reads) -> chapter ... -> results ->
                                                                                  book vega --^
"""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from doit.exceptions import TaskFailed, UnmetDependency
from doit.reporter import ZeroReporter
from doit.tools import config_changed

from lib.book import BookError, assemble, chapters, needs, publish, results, said, site
from lib.book.chapters import Chapter
from lib.book.execute import checked_parameters, execute, failed, place_failure, set_environment
from lib.book.kernels import Kernels
from lib.book.layout import OWN_ROOT, Front, Layout
from lib.book.renderer import Renderer

#: doit captures an action's output by putting a writer in the place of the process's own stdout.
#: Two threads that do so at once restore each other's, until a writer writes to itself; our actions
#: print whole lines and need none of it.
OPEN = {"capture": False}
#: Another Python makes the pages again: they say which one made them.
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class Reporter(ZeroReporter):
    """Failures only, as their messages: progress is printed by the tasks themselves."""

    def add_failure(self, task, fail):
        """Print what failed, except that something else had to come first."""
        if fail.report and not isinstance(fail, UnmetDependency):
            print(f"\n{fail.get_msg().strip()}\n", file=sys.stderr, flush=True)


def namespace(
    layout: Layout,
    parameters: dict | None = None,
    draft: bool = False,
    validate: bool = True,
    lenient: bool = False,
    kernels: Kernels | None = None,
    renderer: Renderer | None = None,
) -> dict:
    """Task creators and settings for doit, as a dodo.py would define them.

    parameters: chapter -> {name: value}. A draft tolerates missing and failing chapters and
    warnings; `lenient` tolerates missing ones only. `validate` runs `python -m lib check` on the
    study's data first. `kernels` gives each chapter its kernel, `renderer` makes the pages.
    """
    everything = chapters.load(layout, draft or lenient)
    given = parameters or {}
    _check_given(layout, everything, given)
    kernels = kernels or Kernels()
    kernels.expect([chapter.source for chapter in everything])
    there = everything
    if validate or any(chapter.needs for chapter in there):
        set_environment(layout)
        there = needs.having(there, needs.met(layout, kernels))
    reads = chapters.read_by(
        there,
        {
            *({each.name for each in everything} - {each.name for each in there}),
            *chapters.left_out(layout),
        },
    )
    order = chapters.in_order(there, reads)

    def task_chapter():
        for chapter in there:
            yield _chapter(layout, chapter, given.get(chapter.name, {}), draft, kernels)

    def task_reads():
        for chapter in there:
            if chapter.reads:
                yield {
                    "name": chapter.name,
                    **_results(layout, reads[chapter.name], layout.reads(chapter.name)),
                }

    def task_results():
        return _results(
            layout,
            [chapter.name for chapter in there],
            layout.results,
            claims=not (draft or lenient),
        )

    def task_vega():
        return _vega(layout)

    def task_book():
        return _book(layout, there, order, draft, renderer)

    creators = (task_chapter, task_reads, task_results, task_vega, task_book)
    config = {
        "reporter": Reporter,
        "dep_file": str(layout.build / "doit.json"),
        "backend": "json",
        "default_tasks": ["book"],
        "check_file_uptodate": "md5",
        "verbosity": 2,
    }
    return {creator.__name__: creator for creator in creators} | {"DOIT_CONFIG": config}


def with_site(front: Front, tasks: dict, draft: bool = False) -> dict:
    """The front's tasks and one more, once all pages are made: put the front's and those of all
    studies together."""

    def task_site():
        folders = [each.html for each in (front, *front.studies)]
        pages = [
            str(path) for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
        ]
        return {
            "io": OPEN,
            "actions": [_quiet(partial(_make_site, front, draft))],
            "file_dep": [*pages, _own("site.py"), _own("check.py")],
            "uptodate": [config_changed({"pages": str(len(pages)), "draft": str(draft)})],
            "targets": [str(front.site / "index.html")],
        }

    return tasks | {"task_site": task_site}


def _make_site(front: Front, draft: bool) -> None:
    started = time.monotonic()
    problems = site.put_together(front, draft)
    print(f"  {'site':<14} {time.monotonic() - started:5.1f} s", flush=True)
    for problem in problems:
        print(f"    {problem}", file=sys.stderr, flush=True)


def _check_given(layout: Layout, there: list[Chapter], given: dict) -> None:
    by_name = {chapter.name: chapter for chapter in there}
    for name, values in given.items():
        if name not in by_name:
            raise BookError(
                f"parameters are given for '{name}', which is no chapter; chapters: "
                f"{', '.join(by_name)}"
            )
        checked_parameters(layout, by_name[name], values)


def _chapter(
    layout: Layout, chapter: Chapter, parameters: dict, draft: bool, kernels: Kernels
) -> dict:
    return {
        "name": chapter.name,
        "io": OPEN,
        "actions": [_quiet(partial(_execute, layout, chapter, parameters, draft, kernels))],
        "file_dep": _depends(layout, chapter),
        "uptodate": [
            config_changed({"parameters": repr(sorted(parameters.items())), "python": PYTHON}),
            lambda: not failed(layout, chapter.name),
        ],
        "targets": [str(layout.notebook(chapter.name)), str(layout.records(chapter.name))],
    }


def _execute(
    layout: Layout, chapter: Chapter, parameters: dict, draft: bool, kernels: Kernels
) -> None:
    started = time.monotonic()
    try:
        complaints = _settled(layout, chapter, parameters, kernels)
    except BookError as error:
        if not draft:
            raise
        place_failure(layout, chapter.name, str(error))
        complaints = [str(error)]
    print(f"  {chapter.name:<14} {time.monotonic() - started:5.1f} s", flush=True)
    for complaint in complaints:
        print(f"\n{chapter.name} says: {complaint}\n", file=sys.stderr, flush=True)


def _settled(layout: Layout, chapter: Chapter, parameters: dict, kernels: Kernels) -> list[str]:
    """Execute; again if a file that it depends on was edited meanwhile, since doit notes files as
    they are afterwards."""
    for _ in range(3):
        started = time.time()
        complaints = execute(layout, Chapter(chapter.name, chapter.source), parameters, kernels)
        try:
            if max(Path(path).stat().st_mtime for path in _depends(layout, chapter)) < started:
                return complaints
        except FileNotFoundError as error:
            raise BookError(
                f"{layout.shown(Path(error.filename))} disappeared while {chapter.name} was "
                "executed"
            ) from None
    raise BookError(
        f"{layout.shown(chapter.source)}: the files it depends on keep changing while it runs"
    )


def _depends(layout: Layout, chapter: Chapter) -> list[str]:
    """A chapter depends on its text, the data, the lock, and the library that it may call."""
    depends = [
        str(chapter.source),
        *_inputs(layout),
        *_library(),
        str(OWN_ROOT / "requirements.txt"),
    ]
    return depends + ([str(layout.reads(chapter.name))] if chapter.reads else [])


def _results(layout: Layout, names: list[str], target: Path, claims: bool = False) -> dict:
    said = [str(path) for path in layout.inputs if path.name in ("study.yml", "claims.yml")]
    return {
        "io": OPEN,
        "actions": [_quiet(partial(results.write, layout, names, target, claims))],
        "file_dep": [str(layout.records(name)) for name in names] + said + [_own("results.py")],
        "uptodate": [config_changed({"chapters": ",".join(names), "claims": str(claims)})],
        "targets": [str(target)],
    }


def _vega(layout: Layout) -> dict:
    """One script for all charts.  Its bundler runs a JavaScript engine, which may take a process of
    threads down with it where that process ends early; so it gets a process of its own."""

    def make():
        layout.vega.parent.mkdir(parents=True, exist_ok=True)
        staged = layout.vega.with_suffix(".new")
        bundle = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, vl_convert; sys.stdout.buffer.write("
                "vl_convert.javascript_bundle().encode())",
            ],
            capture_output=True,
            check=False,
        )
        if bundle.returncode:
            raise BookError(
                "the charts' script could not be made: "
                f"{bundle.stderr.decode(errors='replace').strip()}"
            )
        # In a function of its own, since its short top-level names clash with those of other
        # scripts.
        staged.write_bytes(b"(() => {\n" + bundle.stdout + b"\n})();\n")
        staged.replace(layout.vega)

    return {
        "io": OPEN,
        "actions": [_quiet(make)],
        "file_dep": [str(OWN_ROOT / "requirements.txt"), _own("tasks.py")],
        "targets": [str(layout.vega)],
    }


def _book(
    layout: Layout, there: list[Chapter], first: list[str], draft: bool, renderer: Renderer | None
) -> dict:
    root = layout.root
    depends = [str(layout.notebook(chapter.name)) for chapter in there]
    depends += [str(layout.records(chapter.name)) for chapter in there] + [
        str(layout.results),
        str(layout.vega),
    ]
    depends += [
        str(path)
        for path in (root / "_config.yml", layout.toc, root / "references.bib")
        if path.exists()
    ]
    depends += [str(path) for path in sorted((layout.data / "discussion").glob("*.md"))]
    depends += [
        str(path)
        for path in sorted(Path(__file__).parent.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    ]
    return {
        "io": OPEN,
        "actions": [_quiet(partial(_make_book, layout, there, draft, renderer))],
        "file_dep": depends,
        "task_dep": [f"chapter:{name}" for name in first],  # doit begins them in this order
        "uptodate": [
            config_changed(
                {"chapters": repr([(each.name, each.about) for each in there]), "draft": str(draft)}
            )
        ],
        "targets": [str(layout.html / "index.html")],
    }


def _make_book(
    layout: Layout, there: list[Chapter], draft: bool, renderer: Renderer | None
) -> None:
    started = time.monotonic()
    assemble.assemble(layout, there)
    problems = publish.publish(layout, draft, renderer)
    print(f"  {'pages':<14} {time.monotonic() - started:5.1f} s", flush=True)
    for problem in problems:
        print(f"    {problem}", file=sys.stderr, flush=True)


def _quiet(action):
    """A doit action: output goes straight to the terminal, and a BookError is its message, not a
    traceback."""

    def run():
        try:
            action()
        except BookError as error:
            return TaskFailed(str(error), report=True)
        except OSError as error:
            return TaskFailed(said(error, OWN_ROOT), report=True)
        return True

    return run, [], {}


def _library() -> list[str]:
    """What a chapter may call, and what executes it; not what brings data in or makes pages."""
    library = OWN_ROOT / "lib"
    apart = [library / each for each in ("importers", "book", "commands", "__main__.py")]
    called = [
        path
        for path in sorted(library.rglob("*.py"))
        if not any(path.is_relative_to(each) for each in apart)
    ]
    return [str(path) for path in called] + [
        _own(name) for name in ("execute.py", "engine.py", "kernels.py", "warm.py")
    ]


def _inputs(layout: Layout) -> list[str]:
    return [str(path) for path in layout.inputs]


def _own(name: str) -> str:
    return str(Path(__file__).parent / name)
