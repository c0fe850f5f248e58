"""Where are this machine's Pythons?  "3.12" in, the path of one that can make environments out.

They are looked for where systems, pyenv and uv put them, since a name on PATH may be a mere shim.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: What lib/book/environment.sh takes.
SUPPORTED = ("3.11", "3.12", "3.13")
PLACES = (
    "usr/bin/python{0}",
    "usr/local/bin/python{0}",
    "opt/*/bin/python{0}",
    "opt/hostedtoolcache/Python/{0}*/*/bin/python{0}",
    "opt/homebrew/bin/python{0}",
    "Library/Frameworks/Python.framework/Versions/{0}/bin/python{0}",
)
HOME_PLACES = (
    ".pyenv/versions/{0}*/bin/python{0}",
    ".local/share/uv/python/*/bin/python{0}",
    ".local/bin/python{0}",
)
ASK = "import venv, ensurepip, sys; print('%d.%d' % sys.version_info[:2])"


def version(python: str | Path, wrap: Sequence[str] = ()) -> str:
    """`3.12` if the interpreter runs, through `wrap`, and can make environments; else nothing."""
    try:
        run = subprocess.run(
            [*wrap, str(python), "-c", ASK],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip()


@functools.cache
def find(wanted: str, wrap: tuple[str, ...] = ()) -> Path | None:
    """An interpreter of the version that runs through `wrap`; None where this machine has none."""
    there = [
        path
        for root, places in ((Path("/"), PLACES), (Path.home(), HOME_PLACES))
        for place in places
        for path in sorted(root.glob(place.format(wanted)))
    ]
    named = shutil.which(f"python{wanted}")
    there += [Path(named)] if named else []
    return next((path for path in there if version(path, wrap) == wanted), None)


def fetch(wanted: str, folder: Path, seconds: int = 90) -> Path | None:
    """The version as uv brings it into `folder`; None where it cannot, in so many seconds."""
    uv = Path(sys.prefix) / "bin" / "uv"
    try:
        words = [uv, "python", "install", "--no-bin", "--install-dir", folder, wanted]
        subprocess.run(words, capture_output=True, timeout=seconds, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    brought = sorted(folder.glob(f"*/bin/python{wanted}"))
    return next((path for path in brought if version(path) == wanted), None)
