"""The process that imports Sphinx early does as one that was started late, and never outlives its
build."""

import subprocess
import sys
import time

import pytest

from lib.book.renderer import SPHINX, Renderer
from tests.book.conftest import CHECKOUT


def test_it_runs_jupyter_book_with_the_words_that_it_is_told():
    with Renderer() as renderer:
        begun = renderer.start()
        assert renderer.start() is begun, "it is started once"
        run = renderer.run(["--version"])
    assert run.returncode == 0 and "Jupyter Book" in run.stdout, run.stderr
    with Renderer() as late:
        assert late.run(["--version"]).stdout == run.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="it is looked for in /proc")
def test_it_ends_with_the_build_whether_that_ends_or_is_killed():
    with Renderer() as renderer:
        process = renderer.start()
    assert process.poll() is not None
    code = (
        "import os; from lib.book.renderer import Renderer\n"
        "print(Renderer().start().pid, flush=True); os.kill(os.getpid(), 9)"
    )
    words = [sys.executable, "-c", code]
    killed = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    stat = f"/proc/{killed.stdout.strip()}/stat"
    for _ in range(600):
        if not _alive(stat):
            return
        time.sleep(0.1)
    raise AssertionError("the process outlives its build")


def _alive(stat: str) -> bool:
    try:
        with open(stat) as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_it_imports_is_there():
    code = f"import importlib; [importlib.import_module(name) for name in {SPHINX!r}]"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0
