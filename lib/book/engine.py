"""Papermill's engine for chapters: its own, within limits.

A chapter is executed whole or not at all: a cell that ends its kernel, however politely, is an
error, as is a chapter that takes longer or a cell that prints more than it may. Papermill alone
takes `sys.exit()` for success, waits for a cell as long as it runs and keeps whatever it prints.
Each is raised as `Stopped`, with the cell.
"""

import logging
import time

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Float, Int

NAME = "chapters"
#: Messages that show something.
SHOWN = ("stream", "display_data", "execute_result", "error", "update_display_data")
#: nbclient's own words about what we say better.
SILENT = logging.getLogger(f"{__name__}.silent")
SILENT.disabled = True


class Stopped(Exception):
    """Execution ended before the chapter did.

    source : of the cell, None before the first.        what : what happened to it, in words.
    """

    def __init__(self, source: str | None, what: str):
        super().__init__(what)
        self.source, self.what = source, what


class Client(PapermillNotebookClient):
    """Executes cells; `seconds` limits the chapter, `megabytes` what a cell shows."""

    seconds = Float()
    megabytes = Int()

    def execute(self, **options):
        """Execute all cells. Raises Stopped."""
        self._running, self._shown, self._ends = None, 0, time.monotonic() + self.seconds
        self.startup_timeout = min(self.startup_timeout, self.seconds)
        self.timeout_func = lambda cell: max(0.01, self._ends - time.monotonic())
        self.on_cell_executed = self._check_reply
        try:
            return super().execute(**options)
        except CellTimeoutError:
            over = f"was still running when the chapter's {self.seconds:g} seconds were over"
            raise Stopped(self._running, over) from None
        except DeadKernelError:
            died = "lost its kernel, which died; is there enough memory?"
            raise Stopped(self._running, self._too_much() or died) from None
        except RuntimeError as error:  # nbclient's word for a kernel that does not answer
            raise Stopped(self._running, f"got no answer from its kernel: {error}") from None

    def execute_cell(self, cell, cell_index, *arguments, **options):
        """Execute one cell."""
        if cell.cell_type == "code":
            self._running, self._shown = cell.source, 0
        return super().execute_cell(cell, cell_index, *arguments, **options)

    def process_message(self, msg, cell, cell_index):
        """Take an output; beyond the limit none is, and the kernel is killed, or it would go on."""
        if msg["msg_type"] in SHOWN:
            already, self._shown = self._too_much(), self._shown + _size(msg["content"])
            if self._too_much():
                if not already:
                    self.km.provisioner.process.kill()
                return None
        return super().process_message(msg, cell, cell_index)

    def _too_much(self) -> str:
        over = self._shown > self.megabytes * 1e6
        return f"shows more than {self.megabytes} MB, which no page can hold" if over else ""

    def _check_reply(self, cell, cell_index, execute_reply):
        """A cell that ended its kernel has no error, or one that Papermill excuses."""
        reply = execute_reply["content"]
        exits = [each for each in reply.get("payload", []) if each.get("source") == "ask_exit"]
        if exits or reply.get("ename") == "SystemExit":
            raise Stopped(
                cell.source, "ends its kernel (exit, quit or sys.exit), so the rest is not executed"
            )
        if self._too_much():
            raise Stopped(cell.source, self._too_much())


def _size(content) -> int:
    """Characters of all texts in a message."""
    if isinstance(content, dict):
        return sum(map(_size, content.values()))
    if isinstance(content, list):
        return sum(map(_size, content))
    return len(content) if isinstance(content, str) else 0


class Engine(NBClientEngine):
    """What Papermill calls."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        stdout_file=None,
        stderr_file=None,
        start_timeout=120,
        input_path=None,
        **settings,
    ):
        """Execute the notebook; `settings` are those of `Client`."""
        return Client(
            nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, log=SILENT, **settings
        ).execute()


papermill_engines.register(NAME, Engine)
