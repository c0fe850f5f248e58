"""Kernels forked from a warm process: as good as new ones, never stale, and gone when their build
is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from lib.book import warm
from lib.book.kernels import Kernels
from tests.book.conftest import CHECKOUT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

STATE = """
import hashlib, locale, os, random, signal, sys, threading, time, warnings
import numpy as np
keep = {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "JPY_SESSION_NAME", "_")}
print(sorted(keep.items()))
print(sys.argv[0], sys.argv[3:], sys.path, sys.flags, sys.executable, __name__, os.getcwd())
print(os.umask(0o22), os.getsid(0) == os.getpid() == os.getpgrp(), os.isatty(0), sys.stdin.read())
# A kernel puts Trio's filter on top as it starts.
filters = [each for each in warnings.filters if "Trio" not in repr(each)]
print(filters, locale.setlocale(locale.LC_ALL), time.tzname, hash("text"), {"b", "a", "c"})
print([(number, signal.getsignal(number)) for number in (2, 13, 15, 17)], threading.active_count())
print(sys.getrecursionlimit(), sys.gettrace(), np.geterr(), np.get_printoptions())
print(sys.getswitchinterval())
state = hashlib.sha256(repr((random.getstate(), np.random.get_state())).encode()).hexdigest()
open(os.environ["SEEN"], "a").write(state + chr(10))
"""


def forks(pid: int) -> list[int]:
    """The warm process and the kernels below a build, from /proc."""
    below = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        below.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found = list(below.get(pid, []))
    for child in found:
        found += below.get(child, [])
    return [child for child in found if b"lib.book.warm" in _command(child)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(found, seconds: float = 20):
    """What `found` returns as soon as it is true."""
    for _ in range(int(seconds / 0.05)):
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it never came")


@pytest.fixture
def kernels(monkeypatch, tmp_path):
    """Warm kernels whose library is one file in `tmp_path`, for a chapter that imports next to
    nothing."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    (tmp_path / "module.py").write_text("x = 1\n")
    (tmp_path / "chapter.md").write_text("```{code-cell} ipython3\nimport textwrap\n```\n")
    with Kernels(warm=True, library=[tmp_path / "module.py"]) as made:
        made.expect([tmp_path / "chapter.md"])
        yield made


def test_the_real_chapters_imports_start_no_thread():
    chapters = sorted(str(path) for path in (CHECKOUT / "chapters").glob("*.md"))
    code = (
        "import sys; from pathlib import Path; from lib.book.warm import warm_up\n"
        "threads = warm_up([Path(path) for path in sys.argv[1:]])\n"
        "print(threads, *(name in sys.modules for name in ('pandas', 'lib.charts.transfer', "
        "'sklearn.decomposition')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *chapters],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    assert run.stdout.split() == ["1", "True", "True", "True"], run.stdout + run.stderr


def test_imports_of_chapters_are_found_and_those_in_the_librarys_functions():
    chapter = (
        "# A\n\n```{code-cell} ipython3\n---\ntags: [x]\n---\nimport numpy as np\nfrom lib.stats "
        "import components\n```\n"
    )
    other = (
        "```{code-cell} ipython3\n:tags: [y]\n\nimport html, csv\n```\n\n```python\nimport "
        "antigravity\n```\n"
    )
    found = warm.imports([chapter, other, "```{code-cell}\nnot python\n```\n"])
    assert {"numpy", "html", "csv", "lib.stats.components", "sklearn.decomposition"} <= set(found)
    assert "antigravity" not in found and len(found) == len(set(found))


def test_a_forked_kernel_is_like_a_new_one(tiny, tmp_path):
    """`build` forks kernels, `execute` starts one."""
    tiny.edit("numbers", "value = 21 * factor", f"value = 21 * factor\n{STATE}")
    notebooks = []
    for command in (["build"], ["execute", "numbers"], ["build", "--set", "numbers.factor=3"]):
        run = tiny.run(*command, SEEN=str(tmp_path / "seen"))
        assert run.returncode == 0, run.stdout + run.stderr
        notebooks.append((tiny.build / "notebooks/numbers.ipynb").read_bytes())
        printed = "".join(
            output.get("text", "")
            for cell in nbformat.reads(notebooks[-1], 4).cells
            for output in cell.get("outputs", [])
        )
        assert "BOOK_READS" in printed and "getrecursionlimit" not in printed
    assert notebooks[0] == notebooks[1] != notebooks[2]
    states = (tmp_path / "seen").read_text().split()
    assert len(set(states)) == len(states) == 3, "chance is drawn anew in each kernel"


def test_an_edited_module_makes_another_process_take_over(kernels, tmp_path):
    first = kernels.start()
    assert kernels.start() is first and first.ready()
    (tmp_path / "module.py").write_text("x = 12\n")
    second = kernels.start()
    assert second is not first and not first.gone(), "chapters that run in the first are let finish"
    assert "kernel_manager_class" in kernels.manager()


def test_a_process_that_was_killed_is_replaced(kernels):
    first = kernels.start()
    assert first.ready()
    first._process.kill()
    until(first.gone)
    assert kernels.manager() and kernels.start() is not first


def test_a_process_with_threads_is_not_forked(kernels, tmp_path):
    (tmp_path / "chapter.md").write_text(
        "```{code-cell} ipython3\nimport tests.book.fixtures.threaded\n```\n"
    )
    assert kernels.manager() == {}


def test_kernels_end_with_their_build_whatever_ends_it(tiny):
    tiny.edit("numbers", "value = 21 * factor", "import time; time.sleep(600)")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        build = subprocess.Popen(
            [sys.executable, "-m", "lib", "build", "xx", "--no-data-check", "--root", tiny.root],
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
            cwd=tiny.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        below = until(lambda build=build: len(found := forks(build.pid)) >= 2 and found, 60)
        time.sleep(1)
        build.send_signal(number)
        assert build.wait(timeout=60) != 0
        until(lambda below=below: not any(map(alive, below)))
