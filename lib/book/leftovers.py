"""What a killed build left behind is put right before the next begins, while no other runs."""

import json
import shutil

from lib.book import publish, swap
from lib.book.layout import Layout


def clear(layout: Layout) -> None:
    """Bring the last good book back, and remove what was half-written."""
    swap.recover(layout.html, publish.old(layout))
    for path in layout.build.glob(".*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    for path in (*layout.build.glob("*.new"), *layout.reads("any").parent.glob("*.new")):
        path.unlink()
    memory = layout.build / "doit.json"
    try:
        json.loads(memory.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except ValueError:  # the disk was full, say: everything is executed again
        memory.unlink()
