"""A small study's book and the unit tests work on machines unlike the one of their making.

Other Pythons, a folder with spaces and letters beyond ASCII, the C locale, another user, no
network: what this machine cannot try is skipped by name.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.stranger import CHECKOUT, interpreters
from tests.stranger.clone import Clone

pytestmark = pytest.mark.stranger

#: The study that is built.
STUDY = "et"
#: Folders of tests that other Pythons do without: these need a browser or a built book; the tests
#: of statistics simulate for minutes to judge numbers, which numpy and scipy compute, and whose
#: versions are the same on every Python.  Of them the examples stay, which call every public
#: function.
APART = ("book", "browser", "results", "stats", "stranger")
KEPT = ("tests/test_rooms.py", "tests/stats/test_examples.py", "tests/stats/test_tables.py")
#: In a network of its own: raise the loopback, by which builds speak with kernels; run the words.
LOOPBACK = """\
import fcntl, os, socket, struct, sys
up = struct.pack("16sh14x", b"lo", 1)
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, up)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def units() -> str:
    """The command that runs the tests whose code depends on the Python."""
    rooms = sorted({path.parent.name for path in (CHECKOUT / "tests").glob("*/test_*.py")})
    there = [f"tests/{room}" for room in rooms if room not in APART]
    return " ".join(["-m pytest -q -n 2 --dist loadfile", *there, *KEPT])


@dataclass(frozen=True)
class Machine:
    """What is unlike: the Python (else PATH's), the folder's name, variables, user, network."""

    name: str
    python: str = ""
    folder: str = "clone"
    variables: dict[str, str] = field(default_factory=dict)
    user: str = ""
    network: bool = True


MACHINES = (
    *(Machine(f"Python {version}", version) for version in interpreters.SUPPORTED),
    Machine(
        "LANG=C, a folder with spaces and letters beyond ASCII",
        folder="Ein Buch über 日本語 og íslensku",
        variables={"LANG": "C", "LC_ALL": "C"},
    ),
    Machine("a user who is not root", user="nobody"),
    Machine("no network once installed", network=False),
)


def without_network() -> tuple[str, ...]:
    """Words that run others with a loopback and no other network; none where that is forbidden."""
    if not shutil.which("unshare"):
        return ()
    how = ("unshare", "-n" if os.geteuid() == 0 else "-rn")
    words = (*how, sys.executable, "-c", LOOPBACK)
    run = subprocess.run(
        [*words, "cat", "/proc/net/dev"], capture_output=True, text=True, check=False
    )
    there = [line.split(":")[0].strip() for line in run.stdout.splitlines()[2:]]
    return words if run.returncode == 0 and there == ["lo"] else ()


def as_user(name: str) -> tuple[str, ...]:
    """Words that run others as that user; none where this machine does not let it."""
    words = ("setpriv", f"--reuid={name}", f"--regid={pwd.getpwnam(name).pw_gid}", "--clear-groups")
    try:
        may = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        may = False
    return words if may else ()


def python_for(machine: Machine, words: tuple[str, ...], room: Path) -> str:
    """The `PYTHON=...` of its make; skips the machine's tests where there is no such Python."""
    if machine.user:
        found = [interpreters.find(each, words) for each in interpreters.SUPPORTED]
        if not any(found):
            pytest.skip(f"the user {machine.user} can run none of this machine's Pythons")
        return f"PYTHON={next(filter(None, found))}"
    if not machine.python:
        return ""
    if machine.python == interpreters.version("python3"):
        pytest.skip(f"Python {machine.python} is python3 here: `.ci/run commands` runs on it")
    found = interpreters.find(machine.python) or interpreters.fetch(
        machine.python, room / "pythons"
    )
    if not found:
        pytest.skip(f"Python {machine.python} is not on this machine, and could not be fetched")
    return f"PYTHON={found}"


@pytest.fixture(scope="module", params=MACHINES, ids=lambda machine: machine.name)
def installed(request, room):
    """The machine with its clone, whose `.venv` is made; the words of its make; its name."""
    machine: Machine = request.param
    words = as_user(machine.user) if machine.user else ()
    if machine.user and not words:
        pytest.skip(f"this user (uid {os.geteuid()}) cannot become another")
    if not machine.network and not without_network():
        pytest.skip("a network of its own (unshare -n) is not permitted here")
    python = python_for(machine, words, room)
    place = room / f"machine-{MACHINES.index(machine)}"
    place.mkdir()
    clone = Clone.make(
        place / machine.folder, place / "home", variables=machine.variables, wrap=words
    )
    if machine.user:
        subprocess.run(["chown", "-R", machine.user, place], check=True)
    said = clone.run(f"make setup {python}")
    assert said.code == 0, said
    yield machine, clone, python
    shutil.rmtree(place, ignore_errors=True)


def test_a_small_study_has_its_book(installed, tell):
    machine, clone, _ = installed
    said = clone.run(f"make book STUDY={STUDY}", wrap=() if machine.network else without_network())
    tell(f"\n{said.seconds:7.1f} s  book of {STUDY}: {machine.name}")
    assert said.code == 0 and said.pages == [f"_build/{STUDY}/html/index.html"], said
    page = (clone.folder / said.pages[0]).read_text(encoding="utf-8")
    made = (clone.folder / f"_build/{STUDY}/html/reproduce.html").read_text(encoding="utf-8")
    assert "Estonian" in page
    version = interpreters.version(clone.folder / ".venv/bin/python", clone.wrap)
    assert version == (machine.python or version)
    assert f"made with Python {version} " in re.sub("<[^>]+>", "", made)


def test_the_unit_tests_pass(installed, tell):
    machine, clone, python = installed
    if not machine.python:
        pytest.skip("unit tests are run on each Python")
    made = clone.run(f"make .venv-test/.made {python}")
    assert made.code == 0, made
    said = clone.run(f".venv-test/bin/python {units()}")
    tell(f"\n{said.seconds:7.1f} s  unit tests: {machine.name}")
    assert said.code == 0, said


def test_the_supported_pythons_are_those_that_make_takes():
    script = (CHECKOUT / "lib/book/environment.sh").read_text(encoding="utf-8")
    *most, last = interpreters.SUPPORTED
    assert f'need="Python {", ".join(most)} or {last}"' in script
