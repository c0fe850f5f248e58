"""What every importer shares: reading inputs with words for people, writing tables the same way each time.

A study is written all or nothing: contents are made in memory, checked as a study, and only then put in place.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from lib import schema, study


class ImportProblem(ValueError):
    """An export cannot become a study; the message says what is in the way."""


def read(path: Path) -> str:
    """An input's text. Raises ImportProblem where it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ImportProblem(f"{path.parent.name}/{path.name}: no such file") from None
    except UnicodeDecodeError as error:
        raise ImportProblem(f"{path.parent.name}/{path.name}: not UTF-8 at byte {error.start}") from None


def read_json(path: Path) -> dict:
    """An export's content. Raises ImportProblem where it is missing or not JSON."""
    try:
        return json.loads(read(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ImportProblem(f"{path.parent.name}/{path.name}: not JSON ({error})") from None


def no_unknown_keys(path: Path, model: str, found: Iterable, known: Iterable) -> None:
    """Raise ImportProblem for keys that a map does not list: a benchmark must never vanish in silence."""
    unknown = sorted(map(str, set(found) - set(known)))
    if unknown:
        raise ImportProblem(f"{path.name}: {model} has keys that no map lists: {', '.join(unknown)}")


def columns(table: str, without: Iterable[str] = ()) -> list[str]:
    """Columns of a study's table, in their order."""
    return [column for column in schema.FORMS[table].columns if column not in without]


def number(value: float | int | str | None) -> str:
    """A number as text: the shortest that reads back the same, without a needless ".0"; nothing for None."""
    if value is None or value == "":
        return ""
    value = float(value)
    return repr(int(value)) if value.is_integer() else repr(value)


def table(rows: Iterable[Mapping[str, str]], columns: list[str]) -> bytes:
    """CSV in UTF-8 with unix line ends; keys that are not columns are left out."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def put(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Check `files` together with what else the study has, then put them in place; return the names that changed.

    Raises schema.StudyError, with nothing written, where the study would not be sound.
    """
    names = ("study.yml", *schema.FORMS)
    present = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    checked = study.check_files({name: files.get(name, present.get(name)) for name in names},
                                f"{folder.parent.name}/{folder.name}")
    if checked.problems:
        raise schema.StudyError(checked.problems)
    changed = [name for name, content in files.items() if present.get(name) != content]
    waiting = []
    try:
        for name in changed:
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            waiting.append((temporary, folder / name))
            with os.fdopen(handle, "wb") as out:
                out.write(files[name])
            os.chmod(temporary, 0o644)
        while waiting:
            os.replace(*waiting[0])
            waiting.pop(0)
    finally:
        for temporary, _ in waiting:
            os.unlink(temporary)
    return changed
