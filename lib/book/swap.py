"""One folder takes another's place, and there is never a moment without either.

Linux and macOS can exchange two names at once. Where that is refused (some file systems), two
renames do it; a build killed between them leaves the old folder aside, and `recover` brings it
back.
"""

import contextlib
import ctypes
import os
import shutil
import sys
from pathlib import Path

#: What the C library calls the exchange: function, the names' folder (only Linux asks), flag.
EXCHANGE = {"linux": ("renameat2", -100), "darwin": ("renamex_np", None)}


def put(new: Path, place: Path, aside: Path) -> None:
    """Put `new` in `place`; what was there is moved `aside` and removed."""
    shutil.rmtree(aside, ignore_errors=True)
    if not place.exists():
        new.rename(place)
    elif exchange(new, place):
        new.rename(aside)
    else:
        place.rename(aside)
        new.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def recover(place: Path, aside: Path) -> None:
    """A build killed between the two renames left the folder aside: bring it back."""
    if aside.exists() and not place.exists():
        aside.rename(place)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names at once; False where this system or file system cannot."""
    name, folder = EXCHANGE.get(sys.platform, (None, None))
    with contextlib.suppress(AttributeError, OSError, TypeError):
        names = [os.fsencode(path) for path in (one, other)]
        arguments = names if folder is None else [folder, names[0], folder, names[1]]
        return getattr(ctypes.CDLL(None), name)(*arguments, 2) == 0
    return False
