"""A process that imports Sphinx while chapters are executed, and makes the pages once told to.

`Renderer` is that process seen from the build: started or not, it is told the words of a command
line of Jupyter Book. `python -m lib.book.renderer` is the process itself: it reads these words as
JSON from its standard input, and ends where none come.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys

from lib.book.layout import OWN_ROOT

#: What Jupyter Book imports for a book as ours, most of it only after it was told which.
SPHINX = (
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "myst_nb",
    "sphinx.builders.html",
    "sphinx.ext.mathjax",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_external_toc",
    "sphinx_jupyterbook_latex",
    "sphinx_multitoc_numbering",
    "sphinx_thebe",
    "sphinx_togglebutton",
    "sphinxcontrib.bibtex",
)
#: The same pages on every machine.
SETTLED = {
    "PYTHONPATH": str(OWN_ROOT),
    "SOURCE_DATE_EPOCH": "0",
    "NO_COLOR": "1",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
}


class Renderer:
    """The process; a context manager at whose end it is gone."""

    def __init__(self):
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def start(self) -> subprocess.Popen:
        """Begin to import, without waiting for it; return the process."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lib.book.renderer"],
                env=os.environ | SETTLED,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        return self._process

    def run(self, words: list[str]) -> subprocess.CompletedProcess:
        """Run Jupyter Book with these words; the process ends with it."""
        process = self.start()
        said = process.communicate(json.dumps(words))
        return subprocess.CompletedProcess(words, process.returncode, *said)


def main() -> None:
    """Import, wait for the words, run Jupyter Book."""
    for name in SPHINX:
        with contextlib.suppress(ImportError):  # said by Sphinx, if it is needed
            importlib.import_module(name)
    if words := sys.stdin.read():
        from jupyter_book.cli.main import main as jupyter_book

        sys.argv[1:] = json.loads(words)
        jupyter_book()


if __name__ == "__main__":
    main()
