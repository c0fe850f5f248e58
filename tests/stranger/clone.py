"""A fresh clone of the last commit, and commands run in it as a stranger's shell would."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.stranger import CHECKOUT

#: How a machine reaches the package index, where it needs telling; nothing else is passed on.
REGISTRY = (
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "PIP_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "PIP_CONFIG_FILE",
    "UV_CONFIG_FILE",
)
#: No command may take longer, in seconds.
LIMIT = 1500


@dataclass(frozen=True)
class Said:
    """What a command said, and how long it took in seconds."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def pages(self) -> list[str]:
        """The pages that it says to open, from the clone's root."""
        return re.findall(r"^Open (\S+\.html)", self.out, re.MULTILINE)

    def __str__(self) -> str:
        ends = f"{self.out[-6000:]}\n{self.err[-6000:]}"
        return f"exit code {self.code} after {self.seconds:.0f} s\n{ends}"


@dataclass(frozen=True)
class Clone:
    """A clone in `folder`; its commands see HOME, PATH and `variables`, and are run by `wrap`."""

    folder: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    wrap: tuple[str, ...] = ()

    @classmethod
    def make(cls, folder: Path, home: Path, **more) -> Clone:
        """Clone the last commit; a copy, so that nothing done to it reaches this checkout."""
        home.mkdir(exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", CHECKOUT, folder], check=True)
        return cls(folder, home, **more)

    @property
    def environment(self) -> dict[str, str]:
        passed = {name: os.environ[name] for name in ("PATH", *REGISTRY) if name in os.environ}
        return passed | {"HOME": str(self.home)} | self.variables

    def run(self, text: str, kind: str = "bash", wrap: Sequence[str] = ()) -> Said:
        """Run a command of a page; a Python block by the clone's own environment."""
        words = ["bash", "-e", "-c", text] if kind != "python" else [".venv/bin/python", "-c", text]
        began = time.monotonic()
        with self._started([*wrap, *self.wrap, *words]) as process:
            try:
                out, err = process.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                _stop(process)
                out, err = process.communicate(timeout=60)
                err += f"\nstopped after {LIMIT} s"
        return Said(process.returncode, out, err, time.monotonic() - began)

    def serve(self, text: str) -> tuple[Said, bytes]:
        """Start a command that serves, fetch its first page once it answers, and stop it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        began = time.monotonic()
        with self._started(["bash", "-e", "-c", text], PORT=str(port)) as process:
            page = _fetched(process, f"http://127.0.0.1:{port}/", began)
            code = process.poll()
            _stop(process)
            out, err = process.communicate(timeout=60)
        return Said(0 if code is None else code or 1, out, err, time.monotonic() - began), page

    def _started(self, words: Sequence[str], **variables: str) -> subprocess.Popen:
        return subprocess.Popen(
            words,
            cwd=self.folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def changed(self) -> list[str]:
        """Tracked files that differ from the commit."""
        words = ["git", "status", "--porcelain", "--untracked-files=no"]
        run = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=True)
        return run.stdout.splitlines()

    def leave(self, name: str, place: Path) -> None:
        """Remove the clone but for one of its folders, which is put in `place`."""
        if (self.folder / name).exists():
            (self.folder / name).rename(place)
        shutil.rmtree(self.folder)

    def bring(self, name: str, place: Path, apart: Sequence[str] = ()) -> None:
        """Put what a clone left in its folder of that name, without some of what is in there."""
        if place.exists():
            place.rename(self.folder / name)
        for each in apart:
            shutil.rmtree(self.folder / name / each, ignore_errors=True)


def _fetched(process: subprocess.Popen, address: str, began: float) -> bytes:
    """The page at the address, waited for while the process lives; nothing if it ends before."""
    here = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while process.poll() is None and time.monotonic() - began < LIMIT:
        try:
            with here.open(address, timeout=5) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    return b""


def _stop(process: subprocess.Popen) -> None:
    """End the command and everything that it started: they are a process group of their own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
