"""What does one EuroEval leaderboard hold?  A CSV file in, datasets and base models' scores out, or
all that is wrong.

A leaderboard has two header rows (kinds of tasks, datasets) and a row a model. Which columns hold
scores, how many datasets a kind has and which columns stand before them differ from language to
language; nothing here counts columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lib import reading
from lib.importers import cells
from lib.importers.writing import ImportProblem
from lib.reading import InputError, Problem, Row, shown
from lib.study import schema

#: Columns that a leaderboard must have; those between them and the datasets differ from file to
#: file.
NEEDED = ("Model", "Type", "Parameters", "Trained from scratch")

#: Scores are per cent, and chance-corrected metrics go below zero.
MINIMUM, MAXIMUM = -100, 100

VERSION = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})\.([0-9]{1,6})(?:\.|$)")


class Dataset(NamedTuple):
    """A column of scores: its place, the study's id for it, its name in the file, its kind of
    task."""

    column: int
    id: str
    name: str
    kind: str


@dataclass
class Entry:
    """A base model's row: its line, split and scores by dataset id, and what the leaderboard says
    of the model."""

    line: int
    split: str
    zero_shot: bool
    url: str
    billions: float | None
    from_scratch: bool | None
    scores: dict[str, cells.Score] = field(default_factory=dict)


@dataclass
class Board:
    """One language's leaderboard: datasets in file order, and base models by (id, split)."""

    file: str
    content: bytes
    language: str
    version: str
    datasets: list[Dataset]
    rows: dict[tuple[str, str], Entry]

    def models(self) -> dict[str, Entry]:
        """One row a model: that of the test split where there is one."""
        found = {}
        for (model, split), entry in self.rows.items():
            if split == "test" or (model, "test") not in self.rows:
                found[model] = entry
        return found

    def kinds(self) -> dict[str, list[str]]:
        """Kind -> ids of its datasets, in file order."""
        found: dict[str, list[str]] = {}
        for dataset in self.datasets:
            found.setdefault(dataset.kind, []).append(dataset.id)
        return found


def read(path: Path) -> Board:
    """Read one language's leaderboard.

    Raises
    ------
    ImportProblem
        No EuroEval leaderboard, or none of a single language.
    InputError
        A file that cannot be read, or rows that cannot be understood: every one, with line, column,
        what was found and what is allowed.
    """
    content = reading.content(path, str(path))
    rows = reading.rows(reading.text(content, path.name), path.name)
    if len(rows) < 2:
        raise ImportProblem(
            f"{path.name}: one row; a EuroEval leaderboard has two header rows and a row a model"
        )
    top, header = ([cells.text(cell) for cell in row.cells] for row in rows[:2])
    names = [each.shown for each in header]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ImportProblem(
            f"{path.name}: not a EuroEval leaderboard: its second row lacks {', '.join(missing)}"
        )
    datasets = _datasets(path.name, [each.shown for each in top], names)
    languages = {
        link.split("/datasets/")[1].split("#")[0]
        for link in (header[each.column].link for each in datasets)
        if "/datasets/" in link
    }
    board = Board(
        path.name,
        content,
        languages.pop() if len(languages) == 1 else "",
        _version(rows[2:], names),
        datasets,
        {},
    )
    places = {name: names.index(name) for name in NEEDED}
    problems: list[Problem] = []
    kinds = set()
    for row in rows[2:]:
        kind = row.cells[places["Type"]].strip().replace("\ufe0f", "")
        kinds.add(kind)
        if kind == cells.BASE:
            _entry(board, row, places, problems)
        elif kind not in cells.OTHERS:
            problems.append(
                Problem(
                    path.name,
                    row.line,
                    "Type",
                    shown(kind),
                    f"{cells.BASE} (a base model), {', '.join(cells.OTHERS)}",
                )
            )
    if problems:
        raise InputError(problems)
    if not board.rows:
        raise ImportProblem(f"{path.name}: no base model (a row whose Type is {cells.BASE})")
    return board


def _datasets(file: str, kinds: list[str], names: list[str]) -> list[Dataset]:
    """Columns of scores are those with a column of versions; a kind stands over the first of its
    datasets."""
    found, kind, problems = [], "", []
    for column, (above, name) in enumerate(zip(kinds, names, strict=True)):
        kind = above or kind
        if f"{name}_version" not in names:
            continue
        dataset = Dataset(column, cells.slug(name), name, cells.slug(kind))
        if not dataset.id or not dataset.kind:
            problems.append(
                Problem(
                    file,
                    1 if not dataset.kind else 2,
                    f"number {column + 1}",
                    shown(name),
                    "a dataset's name, with the kind of its task above it",
                )
            )
        elif any(dataset.id == other.id for other in found):
            problems.append(
                Problem(file, 2, f"number {column + 1}", shown(name), "each dataset once")
            )
        found.append(dataset)
    if problems:
        raise InputError(problems)
    if not found:
        raise ImportProblem(
            f"{file}: no columns of datasets (each has one of the same name with _version); "
            "leaderboards of groups of languages hold ranks, no scores: take the file of one "
            "language"
        )
    return found


def _version(rows: list[Row], names: list[str]) -> str:
    """The newest version of EuroEval that made any of the scores, such as 17.1.0; "" where none is
    given."""
    places = [place for place, name in enumerate(names) if name.endswith("_version")]
    found = {
        cell.partition("@@")[0] for row in rows for place in places for cell in [row.cells[place]]
    }
    numbers = [tuple(map(int, match.groups())) for text in found if (match := VERSION.match(text))]
    return ".".join(map(str, max(numbers))) if numbers else ""


def _entry(board: Board, row: Row, places: dict[str, int], problems: list[Problem]) -> None:
    """Add a base model's row to the board, or what is wrong with it to `problems`."""
    shown_name, url = cells.text(row.cells[places["Model"]])
    try:
        name = cells.name(shown_name)
        if not schema.is_model_id(name.id):
            raise ValueError(schema.MODEL_FORM)
    except ValueError as error:
        problems.append(Problem(board.file, row.line, "Model", shown(shown_name), str(error)))
        return
    key = (name.id, name.split)
    if key in board.rows:
        problems.append(
            Problem(
                board.file,
                row.line,
                "Model",
                f"{shown(shown_name)} again, first in line {board.rows[key].line}",
                "a model once a split",
            )
        )
        return
    entry = Entry(
        row.line,
        name.split,
        name.zero_shot,
        url,
        None,
        cells.yes(row.cells[places["Trained from scratch"]]),
    )
    try:
        entry.billions = cells.parameters(row.cells[places["Parameters"]])
    except ValueError as error:
        problems.append(
            Problem(
                board.file,
                row.line,
                "Parameters",
                shown(row.cells[places["Parameters"]]),
                str(error),
            )
        )
    for dataset in board.datasets:
        cell = row.cells[dataset.column]
        try:
            score = cells.score(cell)
            if score is not None and not MINIMUM <= score.value <= MAXIMUM:
                raise ValueError(f"a score from {MINIMUM} to {MAXIMUM}")
        except ValueError as error:
            problems.append(Problem(board.file, row.line, dataset.name, shown(cell), str(error)))
        else:
            if score is not None:
                entry.scores[dataset.id] = score
    board.rows[key] = entry
