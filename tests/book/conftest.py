"""A tiny study in a folder of its own, and the real command that builds it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Tiny:
    """A root with the tiny study `xx`; `run` is `python -m lib`, from another folder than the
    checkout."""

    root: Path

    @property
    def build(self) -> Path:
        return self.root / "_build" / "xx"

    def run(
        self, command: str, *arguments: str, study: str = "xx", **environment: str
    ) -> subprocess.CompletedProcess:
        return self._command([command, study, "--no-data-check", *arguments], **environment)

    def site(self, *arguments: str) -> subprocess.CompletedProcess:
        return self._command(["site", "--no-data-check", *arguments])

    def _command(self, words: list[str], **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "lib", *words, "--root", self.root],
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)} | environment,
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=False,
        )

    def chapter(self, name: str) -> Path:
        return self.root / "chapters" / f"{name}.md"

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.chapter(name).read_text()
        assert old in text
        self.chapter(name).write_text(text.replace(old, new))

    def pages(self) -> dict[str, bytes]:
        """Every file of the book, by its path."""
        html = self.build / "html"
        return {
            str(path.relative_to(html)): path.read_bytes()
            for path in sorted(html.rglob("*"))
            if path.is_file()
        }


def make_tiny(folder: Path) -> Tiny:
    """Copy the tiny study into `folder`, with the real book's settings."""
    shutil.copytree(CHECKOUT / "tests/book/fixtures/study", folder)
    shutil.copy(CHECKOUT / "_config.yml", folder)
    return Tiny(folder)


@pytest.fixture
def tiny(tmp_path) -> Tiny:
    """The tiny study, not built yet."""
    return make_tiny(tmp_path / "checkout")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> tuple[Tiny, Path]:
    """A built tiny study and a copy of it. Building takes seconds, so tests share one and put it
    back as it was."""
    tiny = make_tiny(tmp_path_factory.mktemp("built") / "checkout")
    run = tiny.run("build")
    assert run.returncode == 0, run.stdout + run.stderr
    copy = tiny.root.with_name("copy")
    shutil.copytree(tiny.root, copy)
    return tiny, copy


@pytest.fixture
def tiny_book(built_once) -> Tiny:
    """The tiny study with its book built."""
    tiny, copy = built_once
    shutil.rmtree(tiny.root)
    shutil.copytree(copy, tiny.root)
    return tiny
