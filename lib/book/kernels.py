"""Where a build's kernels come from: forks of one process that has imported the library already.

Importing pandas, scipy, scikit-learn and Altair takes seconds, a fork milliseconds. `Kernels` lives
as long as one build: it starts that process (see `warm`) when the first chapter asks, or before,
and gives Papermill a kernel manager whose kernels it forks. A module that is edited meanwhile makes
the process stale, and another takes its place. Where a fork would not be safe (other systems than
Linux, a process with threads), and where the process does not answer, kernels are started the
ordinary way: slower, otherwise the same.
"""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lib.book.layout import OWN_ROOT

#: Seconds that the process may take to import everything, on the slowest of machines.
PATIENCE = 120
#: Seconds that a chapter may take (`--timeout`): far more than any does; one that hangs is found.
SECONDS = 900.0


class Kernels:
    """Kernels for chapters; a context manager at whose end every kernel is gone.

    seconds : how long a chapter may have one.       warm : whether to fork them.
    library : files of the library, whose edits make the process stale.
    meanwhile : called as the process begins to import, for what will be needed after chapters.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        warm: bool = False,
        library: list[Path] | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ):
        self.seconds, self._warm = seconds, warm and sys.platform == "linux"
        self._library = sorted((OWN_ROOT / "lib").rglob("*.py")) if library is None else library
        self._meanwhile = meanwhile
        self._chapters: list[Path] = []
        self._lock = threading.Lock()
        self._all: list[_Warm] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self._lock:
            for each in self._all:
                each.close()

    def expect(self, chapters: list[Path]) -> None:
        """These are the chapters that kernels will be asked for: what they import is imported."""
        self._chapters = chapters

    def start(self):
        """Begin to import, without waiting for it; return the process, None where there is none.

        The environment must be set as kernels are to have it.
        """
        if not self._warm:
            return None
        with self._lock:
            now = _signature(self._library)
            if not self._all or self._all[-1].signature != now or self._all[-1].gone():
                self._all.append(_Warm(self._chapters, now))
                self._meanwhile()
            return self._all[-1]

    def command(self, words: list[str], root: Path) -> subprocess.CompletedProcess:
        """Run `python -m lib` with these words in the checkout `root`: in a fork, which need not
        import anything, or as a process of its own."""
        warm = self.start() if root == OWN_ROOT else None
        if warm and warm.ready() and (done := warm.command(words)):
            return done
        return subprocess.run(
            [sys.executable, "-m", "lib", *words],
            cwd=root,
            text=True,
            capture_output=True,
            check=False,
        )

    def manager(self) -> dict:
        """The setting that makes Papermill take these kernels; none where there are none."""
        warm = self.start()
        return {"kernel_manager_class": _manager_of(warm)} if warm and warm.ready() else {}


def _signature(files: list[Path]) -> list[tuple]:
    """What tells that a file was edited."""
    found = []
    for path in files:
        with contextlib.suppress(OSError):
            found.append((str(path), path.stat().st_mtime_ns, path.stat().st_size))
    return found


class _Warm:
    """The process, seen from the build."""

    def __init__(self, chapters: list[Path], signature: list[tuple]):
        self.signature = signature
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(PATIENCE)
        self._answers = self._socket.makefile("r", encoding="utf-8")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lib.book.warm", str(theirs.fileno())],
                cwd=OWN_ROOT,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._threads = None
        self._send({"chapters": [str(path) for path in chapters]})

    def ready(self) -> bool:
        """Wait until everything is imported; False if this process cannot be forked."""
        with self._lock:
            if self._threads is None:
                self._threads = (self._answer() or {}).get("threads", 0)
        return self._threads == 1

    def gone(self) -> bool:
        return self._process.poll() is not None

    def ask(self, request: dict) -> dict | None:
        """The answer to a request; None if the process is gone."""
        with self._lock:
            self._send(request)
            return self._answer()

    def command(self, words: list[str]) -> subprocess.CompletedProcess | None:
        """What a command of the library says; None if the process is gone."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            answer = self.ask({"command": words, "out": str(out), "err": str(err)})
            if not answer:
                return None
            said = (path.read_text(encoding="utf-8") for path in (out, err))
            return subprocess.CompletedProcess(words, answer["code"], *said)

    def close(self) -> None:
        """Closing the socket ends the process and every kernel of it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, request: dict) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(json.dumps(request).encode() + b"\n")

    def _answer(self) -> dict | None:
        with contextlib.suppress(OSError, ValueError):
            line = self._answers.readline()
            return json.loads(line) if line else None
        return None


class _Fork:
    """A kernel's process with the methods of `subprocess.Popen` that its provisioner calls."""

    stdin = stdout = stderr = None

    def __init__(self, warm: _Warm, request: dict):
        self._warm = warm
        self.pid = (warm.ask(request) or {}).get("pid")
        self.returncode = None if self.pid else 1

    def poll(self) -> int | None:
        if self.returncode is None:
            answer = self._warm.ask({"ended": self.pid})
            self.returncode = answer["code"] if answer else -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.02)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _manager_of(warm: _Warm):
    """A kernel manager that forks where jupyter_client's own starts a process."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.asynchronous import AsyncKernelClient
    from traitlets import Type

    class Client(AsyncKernelClient):
        async def wait_for_ready(self, timeout: float = 60) -> None:
            """Wait for the kernel's first answer and for both channels; jupyter_client's own goes
            on to wait for silence, two tenths of a second in each chapter."""
            ends = time.monotonic() + timeout
            while time.monotonic() < ends:
                self.kernel_info()
                with contextlib.suppress(queue.Empty):
                    answer = await self.shell_channel.get_msg(timeout=1)
                    if answer["msg_type"] == "kernel_info_reply":
                        await self.iopub_channel.get_msg(timeout=0.2)
                        self._handle_kernel_info_reply(answer)
                        return
                if not await self._async_is_alive():
                    raise RuntimeError("it died before it answered")
            raise RuntimeError(f"none came in {timeout:g} seconds")

    class Manager(AsyncKernelManager):
        client_factory = Type(klass=Client)

        async def _async_launch_kernel(self, kernel_cmd, **options):
            here = self.provisioner
            here.process = _Fork(
                warm,
                {
                    "kernel": kernel_cmd[kernel_cmd.index("ipykernel_launcher") + 1 :],
                    "cwd": str(options["cwd"]),
                    "environment": options["env"],
                },
            )
            here.pid = here.pgid = here.process.pid
            self._reconcile_connection_info(here.connection_info)

    return Manager
