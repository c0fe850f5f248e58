"""What does every importer share?  Tables written the same way each time, and put in place.

A study is written all or nothing: contents are made in memory, checked as a study, and only then
put in place.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lib import reading, study
from lib.reading import InputError, Problem, shown
from lib.study import schema


class ImportProblem(InputError):
    """An export cannot become a study; the message says what is in the way."""


def columns(table: str, without: Iterable[str] = ()) -> list[str]:
    """Columns of a study's table, in their order."""
    return [column for column in schema.FORMS[table].columns if column not in without]


def number(value: float | int | str | None) -> str:
    """A number as text: the shortest that reads back the same, without a needless ".0"; nothing for
    None."""
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
    """Check `files` together with what else the study has, then put them in place; return the names
    that changed.

    Raises InputError, with nothing written, where the study would not be sound.
    """
    present = _present(folder, files)
    _sound(folder, files)
    changed = [name for name, content in files.items() if present.get(name) != content]
    swap(folder, {name: files[name] for name in changed})
    return changed


#: Fewer models carry no analysis of local ability: a quadratic has three coefficients and needs two
#: models more.
FEWEST_MODELS = 5


class Origin(NamedTuple):
    """What people gave that a row was made from: file, line, and column where the row is but one
    cell of it."""

    file: str
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Built:
    """What an import makes: files by name; what people should know, one line each; and for each
    row of a table, where it comes from."""

    files: dict[str, bytes]
    report: list[str]
    origins: Mapping[str, Sequence[Origin]] = field(default_factory=dict)


def check_new(code: str, language: str) -> None:
    """Raise ImportProblem where `code` cannot name a study's folder, or `language` a language."""
    if not study.CODE.fullmatch(code) or len(code) > 40:
        raise ImportProblem(
            f"{shown(code)} cannot be a study's code: a-z, 0-9 and -, beginning with a letter"
        )
    if not language.strip() or not reading.is_line(language):
        raise ImportProblem(
            f"{shown(language)} cannot be a language's name: printable text on one line"
        )


def enough(models: int, where: str) -> None:
    """Raise ImportProblem where there are too few models for any analysis."""
    if models < FEWEST_MODELS:
        raise ImportProblem(
            f"{where}: {models} models; at least {FEWEST_MODELS} are needed, and a dozen before "
            "intervals say anything. Add scores of further models on the same benchmarks"
        )


def model(model_id: str, billions: float | None = None) -> dict[str, str]:
    """A row of models.csv for a model of which nothing else is known: lineage and strategy are
    never guessed."""
    organisation = model_id.split("/")[0]
    return {
        "model_id": model_id,
        "name": model_id.split("/")[-1],
        "developer": organisation,
        "lineage": "",
        "parent_id": "",
        "parent_note": "",
        "strategy": "unknown",
        "params_total_b": number(None if billions is None else round(billions, 9)),
        "params_active_b": "",
        "released": "",
        "note": "",
        "url": "",
    }


class Change(NamedTuple):
    """What an import does to a file: make it, replace it, keep it (it is the same), leave it (it is
    people's)."""

    name: str
    verb: str


def distinct(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of models.csv with whole ids for names where two models would share a name."""
    names = [row["name"] for row in rows]
    return [
        row if names.count(row["name"]) == 1 else {**row, "name": row["model_id"]} for row in rows
    ]


def place(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    keep: Iterable[str] = (),
    replace: bool = False,
    dry_run: bool = False,
    origins: Mapping[str, Sequence[Origin]] | None = None,
) -> list[Change]:
    """Make or renew a study, all or nothing; return what becomes of each file.

    Parameters
    ----------
    folder : data/<code>, which may not exist yet.
    files : name within the folder -> content; names may have folders in them and are the importer's
        own, never data.
    keep : names that people edit: such a file is written only where there is none.
    replace : whether files that are there with another content may be replaced.
    dry_run : say what would be done and do nothing.
    origins : table -> for each of its rows what it was made from, which messages then name: the
        table itself is not there yet.

    Raises
    ------
    ImportProblem
        A file would be replaced without `replace`.
    study.StudyError
        The study would not be sound. Nothing is written in either case.
    """
    present = _present(folder, files)
    yours = [
        name for name in files if name in keep and present.get(name, files[name]) != files[name]
    ]
    files = {name: content for name, content in files.items() if name not in yours}
    _sound(folder, files, origins or {})
    changes = [
        Change(
            name,
            "make" if name not in present else "keep" if present[name] == content else "replace",
        )
        for name, content in files.items()
    ] + [Change(name, "leave") for name in yours]
    replaced = [change.name for change in changes if change.verb == "replace"]
    if replaced and not replace:
        raise ImportProblem(
            f"data/{folder.name} is there and would change: {', '.join(replaced)}. Nothing is "
            "written; --replace replaces these files (and no others), another --code makes a "
            "second study"
        )
    if not dry_run:
        swap(
            folder,
            {
                change.name: files[change.name]
                for change in changes
                if change.verb in ("make", "replace")
            },
        )
    return changes


def _present(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Content of the files that are there; raises InputError where something else has the name."""
    where = f"{folder.parent.name}/{folder.name}"
    found = {name: reading.content_if_there(folder / name, f"{where}/{name}") for name in names}
    return {name: content for name, content in found.items() if content is not None}


def _sound(
    folder: Path, files: Mapping[str, bytes], origins: Mapping[str, Sequence[Origin]] | None = None
) -> None:
    """Raise study.StudyError where the study would not be sound with `files` put in place."""
    where = f"{folder.parent.name}/{folder.name}"
    ours = {name: files[name] for name in schema.NAMES if name in files}
    checked = study.check_files({**study.contents(folder, where), **ours}, where)
    if checked.problems:
        raise study.StudyError(_traced(checked.problems, origins or {}))


def _traced(problems: Sequence[Problem], origins: Mapping[str, Sequence[Origin]]) -> list[Problem]:
    """The problems with what people gave in place of rows made from it, one line for all cells of
    a column that are of one kind."""
    alike: dict[tuple, list[Problem]] = {}
    told = []
    for problem in problems:
        rows = origins.get(Path(problem.file).name, ())
        if not rows:
            told.append(problem)
            continue
        place = problem.row - 2 if isinstance(problem.row, int) else -1
        origin = rows[place] if 0 <= place < len(rows) else Origin(rows[0].file)
        column = origin.column or problem.column
        allowed = problem.allowed
        for table, made in origins.items():
            allowed = allowed.replace(table, made[0].file) if made else allowed
        problem = Problem(origin.file, origin.line, column, problem.found, allowed)
        cell = None if origin.column else problem.row
        alike.setdefault((origin.file, column, allowed, cell), []).append(problem)
    for first, *more in alike.values():
        lines = dict.fromkeys(str(each.row) for each in (first, *more) if each.row is not None)
        found = first.found + (f", and {len(more)} more of this kind" if more else "")
        told.append(first._replace(row=some(list(lines)) or None, found=found))
    return told


def some(words: Sequence[str], most: int = 3) -> str:
    """The first of many, and how many more there are."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


def swap(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write everything beside its place first; a new study appears in one step, an old one gets all
    files or none."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    before: dict[str, bytes] | None = None
    try:
        for name, content in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_bytes(content)
        os.chmod(stage, 0o755)
        if not folder.exists():
            os.rename(stage, folder)
            return
        before = _present(folder, files)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / name, folder / name)
    except BaseException:
        for name in files if before is not None else ():
            if name in before:
                (folder / name).write_bytes(before[name])
            else:
                (folder / name).unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
