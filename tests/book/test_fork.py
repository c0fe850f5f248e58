"""The page on forking, as a reader would follow it: its commands are run as they are written, one after the other."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LEFT = shutil.ignore_patterns(".git", ".venv*", "_build", "_site", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__")


def walk() -> list[str]:
    """The fenced commands of the walk-through, in order."""
    text = (CHECKOUT / "chapters/fork.md").read_text(encoding="utf-8")
    start = text.index("## A fork, step by step")
    return re.findall(r"^```bash\n(.*?)^```$", text[start:text.index("\n## ", start)], re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A copy of the checkout in which all commands were run, and what each of them printed."""
    copy = tmp_path_factory.mktemp("fork") / "checkout"
    shutil.copytree(CHECKOUT, copy, ignore=LEFT)
    (copy / ".venv").symlink_to(CHECKOUT / ".venv")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHONPATH"))}
    said = []
    for commands in walk():
        run = subprocess.run(["bash", "-e", "-c", commands], cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{commands}\n{run.stdout}\n{run.stderr}"
        said.append(run.stdout)
    return copy, dict(zip(walk(), said, strict=True))


def printed(walked, command: str) -> str:
    return next(text for commands, text in walked[1].items() if command in commands)


def test_the_walk_goes_from_an_export_to_a_book_and_on(walked):
    for command in ("import euroeval", "lib check is", "make book STUDY=is", "data/is/chapters", "lib.book check is", "lib new"):
        assert any(command in commands for commands in walk()), command
    assert "72 models x 12 benchmarks" in printed(walked, "import euroeval")
    assert "nothing is written (--dry-run)" in printed(walked, "import euroeval")
    assert "are in order" in printed(walked, "lib.book check is")


def test_the_import_gives_the_shipped_study(walked):
    copy, _ = walked
    for name in ("models.csv", "benchmarks.csv", "evaluations.csv", "scores.csv"):
        assert (copy / "data/is" / name).read_bytes() == (copy / "is-shipped" / name).read_bytes(), name


def test_the_fork_has_its_book_and_its_own_page(walked):
    copy, _ = walked
    html = copy / "_build/is/html"
    assert "Icelandic" in (html / "index.html").read_text(encoding="utf-8")
    assert "What is special about Icelandic?" in (html / "data.html").read_text(encoding="utf-8")
    assert (html / "about-icelandic.html").is_file()
    again = printed(walked, "data/is/chapters")
    assert re.findall(r"^  ([\w-]+) ", again, re.MULTILINE) == ["about-icelandic", "pages"], "nothing else is made again"


def test_nothing_but_icelandic_is_said_of_icelandic(walked):
    """Chapters name no language of their own: a book about Icelandic speaks of Japanese as a source or an example only."""
    copy, _ = walked
    for name in ("transfer", "abilities", "scaling", "pairs", "strategies", "local-ability", "uncertainty", "replication"):
        text = re.sub(r"<[^>]+>", " ", (copy / f"_build/is/html/{name}.html").read_text(encoding="utf-8").split("<article", 1)[1])
        assert "Japanese" not in re.sub(r"35 Japanese and Multilingual LLMs", "", text), name


def test_the_skeleton_says_what_is_missing(walked):
    copy, _ = walked
    run = subprocess.run([".venv/bin/python", "-m", "lib", "check", "fo"], cwd=copy, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "models.csv" in run.stderr and "Traceback" not in run.stderr
