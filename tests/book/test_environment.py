"""The lock, and the script that makes .venv from it: what people meet before anything of ours
runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-test.txt")


def pinned(lock: str) -> dict[str, set[str]]:
    """Package -> its versions in the lock."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9._-]+)==([^ ;\\]+)", (CHECKOUT / lock).read_text(), re.MULTILINE
    ):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_exact_and_hashed_and_no_address_is_named(lock):
    text = (CHECKOUT / lock).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [
        block.splitlines()[0]
        for block in blocks
        if "==" not in block or "--hash=sha256:" not in block
    ] == []
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_the_test_lock_holds_the_books_lock():
    book, tests = map(pinned, LOCKS)
    assert {name: versions for name, versions in book.items() if tests.get(name) != versions} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_answers_its_in_file(lock):
    names = {
        re.split("[<>=]", line)[0].strip().lower().replace("_", "-")
        for line in (CHECKOUT / lock.replace(".txt", ".in")).read_text().splitlines()
        if line.strip() and line[0] not in "#-"
    }
    assert names <= set(pinned(lock))


@pytest.fixture
def bare(tmp_path):
    """A checkout with the script and the lock alone."""
    (tmp_path / "lib/book").mkdir(parents=True)
    shutil.copy(CHECKOUT / "lib/book/environment.sh", tmp_path / "lib/book")
    for lock in LOCKS:
        shutil.copy(CHECKOUT / lock, tmp_path)
    return tmp_path


def fake_python(folder: Path, body: str) -> Path:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def make(folder: Path, python: Path | str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["sh", "lib/book/environment.sh", ".venv", "requirements.txt", str(python)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_python_gives_one_line(bare):
    python = fake_python(bare, 'case "$2" in *platform*) echo 3.14.1;; *) exit 1;; esac')
    run = make(bare, python)
    assert run.returncode == 1 and run.stdout == ""
    assert run.stderr.count("\n") == 1 and "Python 3.11, 3.12 or 3.13 is needed, but" in run.stderr
    assert "is 3.14.1" in run.stderr and not (bare / ".venv").exists()


def test_a_python_in_a_folder_with_spaces_is_asked(bare):
    (bare / "my own").mkdir()
    python = fake_python(bare / "my own", 'case "$2" in *platform*) echo 3.14.1;; *) exit 1;; esac')
    assert f"is needed, but {python} is 3.14.1" in make(bare, python).stderr


def test_a_python_that_is_not_there_gives_one_line(bare):
    run = make(bare, "python9.9")
    assert (
        run.returncode == 1 and run.stderr.count("\n") == 1 and "python9.9 is missing" in run.stderr
    )


def test_a_missing_venv_module_gives_one_line_that_says_what_to_install(bare):
    python = fake_python(
        bare, 'case "$2" in *ensurepip*) exit 1;; *"%d.%d"*) echo 3.12;; *) exit 0;; esac'
    )
    run = make(bare, python)
    assert run.returncode == 1 and run.stderr.count("\n") == 1
    assert "sudo apt install python3.12-venv" in run.stderr and not (bare / ".venv").exists()


def test_help_lists_every_target():
    run = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    assert targets and targets == set(re.findall(r"^make ([a-z]+)", run.stdout, re.MULTILINE))
