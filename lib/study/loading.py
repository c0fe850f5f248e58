"""Which studies are there, and what is wrong with one?  The one door to data/<study>/.

No other code reads a study's tables.

Everything is checked each time a study is loaded, which is quick; a study with anything wrong in it
does not load, and the error lists all of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from lib import reading
from lib.reading import Problem, shown
from lib.study import folder as folders
from lib.study import relations, schema, selection
from lib.study.folder import Content, Folder, StudyError
from lib.study.selection import Models, Prefer
from lib.study.study import Study

#: Where studies live: beside the library, wherever a chapter is executed from. Read it where it is
#: used, as `loading.DATA`: tests put another folder in its place.
DATA = Path(__file__).resolve().parents[2] / "data"

CODE = re.compile(r"[a-z][a-z0-9-]*")


def available(root: Path | str | None = None) -> tuple[str, ...]:
    """Codes of the studies under `root` (default: the data folder beside the library)."""
    folder = DATA if root is None else Path(root)
    # Whatever has the name: a study.yml that is a broken link is something wrong in a study.
    return tuple(
        sorted(
            path.name
            for path in folder.glob("*/")
            if CODE.fullmatch(path.name) and os.path.lexists(path / "study.yml")
        )
    )


def check(code: str, root: Path | str | None = None) -> list[Problem]:
    """Everything that is wrong with a study; empty where nothing is. Raises StudyError if there is
    no such study."""
    return _read(code, root).problems


def check_files(files: Mapping[str, Content], where: str) -> Folder:
    """Check files that may not be on disk yet (name -> content, as `folder.read` takes them)."""
    folder = folders.read(files, where)
    folder.problems += relations.problems(folder, where)
    return folder


def load(
    code: str,
    snapshot: str | None = None,
    models: Models = "snapshot",
    prefer: Prefer = "earliest",
    root: Path | str | None = None,
) -> Study:
    """Load a study.

    Parameters
    ----------
    code : the study's folder under data/.
    snapshot : the snapshot whose scores to take; default: the study's default snapshot (with
        models="snapshot"), else every snapshot.
    models : "snapshot": the models of one snapshot; "further": those that the default snapshot does
        not have; "all": every model.
    prefer : where a model is in several snapshots, take the row of the earliest or the latest one,
        never a mixture.
    root : the folder that holds studies; default: data/ beside the library.

    Raises
    ------
    StudyError No such study or snapshot, no such models, or anything wrong in its files: every
        problem, one a line.
    """
    if models not in ("snapshot", "further", "all") or prefer not in ("earliest", "latest"):
        raise StudyError(
            f"models={models!r}, prefer={prefer!r}; allowed: models snapshot, further or all, "
            "prefer earliest or latest"
        )
    folder = _read(code, root)
    if folder.problems:
        raise StudyError(folder.problems)
    return selection.selected(folder, snapshot, models, prefer)


def _read(code: str, root: Path | str | None) -> Folder:
    """The checked files of a study; an unknown one names those there are. The code never becomes a
    path unchecked."""
    studies = available(root)
    if code not in studies:
        raise StudyError(f"no study {shown(code)}; there is: {', '.join(studies) or 'none'}")
    base = DATA if root is None else Path(root)
    where = f"{base.name}/{code}"
    folder = check_files(contents(base / code, where), where)
    if folder.settings is not None:
        line = folder.documents["study.yml"].line
        if folder.settings.code != code:
            folder.problems.append(
                Problem(
                    f"{where}/study.yml",
                    line(["code"]),
                    "code",
                    shown(folder.settings.code),
                    f"{code}, the folder's name",
                )
            )
        for source in folder.settings.sources:
            if source.file and (wrong := reading.amiss(base / code / source.file)):
                folder.problems.append(
                    Problem(
                        f"{where}/{source.file}",
                        None,
                        None,
                        wrong,
                        f"the file that study.yml names for source {source.id}",
                    )
                )
    return folder


def contents(folder: Path, where: str) -> dict[str, Content]:
    """What stands under each of the names that a study's files have; `where` goes before them."""
    found: dict[str, Content] = {}
    for name in schema.NAMES:
        try:
            found[name] = reading.content_if_there(folder / name, f"{where}/{name}")
        except reading.InputError as error:
            found[name] = error
    return found
