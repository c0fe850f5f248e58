"""A process that has imported what chapters import, and forks itself once for each kernel.

`python -m lib.book.warm FD`: it speaks lines of JSON over the socket FD with the build that started
it (see `kernels`). First come the chapters' paths; it imports every module that these import, and
those that modules of `lib/` import in their functions, so that no kernel has to; it answers with
the number of its threads, since only a process with one may fork. Then `{"kernel": arguments,
"cwd": ..., "environment": ...}` is answered with the process id of a new kernel, and `{"ended":
id}` with its exit code or null. `{"command": words, "out": file, "err": file}` is answered with the
exit code of `python -m lib` with these words. When the build closes the socket or dies, all kernels
are killed: none outlives its build.

A forked kernel starts as one that was started anew: its own session and group, working directory,
environment, arguments and random state; no chapter has run in the process that it comes from.
"""

import ast
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

#: What a kernel imports as it starts, beyond `ipykernel.kernelapp`.
KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
)
#: The package whose modules are read for imports of their own.
LIBRARY = "lib"
#: Names of the environment's variables as this process began.
BEFORE = frozenset(os.environ)


def main(descriptor: int) -> None:
    """Serve the build at the other end of the socket until it closes."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read on import: a kernel ends when we do
    del sys.path[0]  # the working directory, which a kernel puts there itself
    kernels: dict[int, int | None] = {}
    with socket.socket(fileno=descriptor) as build:
        lines = build.makefile("r", encoding="utf-8")
        for line in lines:
            request = json.loads(line)
            if "chapters" in request:
                answer = {"threads": warm_up([Path(path) for path in request["chapters"]])}
            elif "kernel" in request:
                answer = {"pid": _fork(build, request)}
                kernels[answer["pid"]] = None
            elif "command" in request:
                answer = {"code": _command(build, request)}
            else:
                answer = {"code": _ended(kernels, request["ended"])}
            build.sendall(json.dumps(answer).encode() + b"\n")
    for pid in [pid for pid, code in kernels.items() if code is None]:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def warm_up(chapters: list[Path]) -> int:
    """Import what the chapters and the library import; return the number of threads afterwards.

    What cannot be imported is left for the chapter that needs it, which says so in its own place.
    """
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in chapters]
        for name in (*KERNEL, *imports(texts)):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the collector of a kernel does not touch, and so copy, what all share
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 1


def imports(chapters: list[str]) -> list[str]:
    """Modules that these chapters' code imports, and those that the library among them imports."""
    found: dict[str, None] = {}
    waiting = [name for text in chapters for name in _imported(_code(text), "")]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            if name.split(".")[0] == LIBRARY:
                waiting += _of_module(name)
    return list(found)


def _code(chapter: str) -> list[str]:
    cell = r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n)?(.*?)^```"
    return re.findall(cell, chapter, re.DOTALL | re.MULTILINE)


def _of_module(name: str) -> Iterator[str]:
    with contextlib.suppress(ImportError, ValueError, OSError):
        spec = importlib.util.find_spec(name)
        if spec and spec.origin and spec.origin.endswith(".py"):
            text = Path(spec.origin).read_text(encoding="utf-8")
            package = name if spec.submodule_search_locations else name.rpartition(".")[0]
            return _imported([text], package)
    return iter(())


def _imported(codes: list[str], package: str) -> Iterator[str]:
    """Modules in import statements at any depth; `from a import b` may mean the module a.b."""
    for code in codes:
        with contextlib.suppress(SyntaxError, ValueError):
            code = re.sub(r"\A(:[\w-]+:.*\n)+", "", code)
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    base = "." * node.level + (node.module or "")
                    base = importlib.util.resolve_name(base, package) if node.level else base
                    yield base
                    if base.split(".")[0] == LIBRARY:
                        yield from (f"{base}.{alias.name}" for alias in node.names)


def _fork(build: socket.socket, request: dict) -> int:
    """The kernel's process id. In the kernel it never returns: it ends as any Python does."""
    pid = os.fork()
    if pid:
        return pid
    build.close()
    _kernel(**request)
    raise SystemExit


def _kernel(kernel: list[str], cwd: str, environment: dict[str, str]) -> None:
    """Be a kernel, as `python -m ipykernel_launcher` would be."""
    os.setsid()
    os.chdir(cwd)
    # What was imported may have set some.
    added = {name: value for name, value in os.environ.items() if name not in BEFORE}
    os.environ.clear()
    os.environ.update(added | environment | {"JPY_PARENT_PID": str(os.getppid())})
    time.tzset()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # drawn as it is imported; Python's own is renewed by the fork
    sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin, *kernel]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(kernel)


def _command(build: socket.socket, request: dict) -> int:
    """Run a command of the library in a fork; wait for its exit code."""
    pid = os.fork()
    if not pid:
        build.close()
        for file, descriptor in ((request["out"], 1), (request["err"], 2)):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
        from lib.__main__ import main as run

        sys.exit(run(request["command"]))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _ended(kernels: dict[int, int | None], pid: int) -> int | None:
    """Exit code of a kernel, as `subprocess` writes it; None while it runs."""
    if kernels.get(pid) is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            kernels[pid] = os.waitstatus_to_exitcode(status)
    return kernels[pid]


if __name__ == "__main__":
    main(int(sys.argv[1]))
