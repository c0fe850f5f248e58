"""How does a plain table of scores become a study?  Models x benchmarks in a file in, the study's
files out.

The table may be wide (a row a model), turned (a column a model) or long (a row a score: model,
benchmark, score); `grids` reads it from CSV of any kind or a spreadsheet. Cells may have decimal
commas, percent signs or a mark for nothing; columns of text beside the scores are set aside.
Whatever is guessed is said, whatever has two readings is an error, one a column. What the table
cannot say is asked through `questions`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lib import reading
from lib.importers import grids, panels, writing
from lib.importers.panels import Import, Measure
from lib.importers.questions import LEFT_OUT, Again
from lib.importers.writing import Built, ImportProblem, Origin, some
from lib.reading import InputError, Problem, Row, is_line, shown
from lib.study import schema
from lib.study.schema import is_number

RAW = "raw/table.csv"

#: What columns are called, in small letters.
MODELS = ("model", "models", "model_id", "model name", "model_name")
BENCHMARKS = ("benchmark", "benchmarks", "task", "tasks", "dataset", "benchmark_id", "test")
SCORES = ("score", "scores", "value", "result", "accuracy")
ERRORS = ("standard_error", "standard error", "stderr", "se")
#: Columns of numbers that are no scores of one benchmark.
NO_BENCHMARKS = re.compile(
    r"(rank|no\.?|nr\.?|#|id|params?|parameters|size|year|released?|average|avg\.?|mean|total|"
    r"overall)( \(.*\))?"
)
#: How people write that there is no score.
NOTHING = ("-", "–", "—", "n/a", "n.a.", "na", "#n/a", "nan", "none", "null", "?", "tbd")

COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+")
SPREAD = re.compile(r"(.+?)\s*(?:±|\+/-|\+-)\s*[0-9.,]+\s*(%?)")


class Cell(NamedTuple):
    """A cell of the table: what stands in it, and its line."""

    text: str
    line: int


@dataclass(frozen=True)
class Column:
    """What stands under a benchmark: model -> cell, and standard errors where there are any."""

    name: str
    cells: dict[str, Cell]
    errors: dict[str, Cell]


def build(
    path: Path,
    *,
    code: str,
    language: str,
    root: Path,
    date: str = "",
    turned: bool = False,
    replace: bool = False,
) -> Built:
    """A study's files from a table; asks first (questions.Asks) where nothing has been answered
    yet.

    `turned` says that models stand in the first row. Raises InputError for what cannot be
    understood.
    """
    writing.check_new(code, language)
    file = path.name
    content = reading.content(path, str(path))
    grid = grids.read(content, file)
    columns, shape = _columns(grid.rows, file, turned)
    ids, renamed = _ids(columns, file)
    measures, known, said = _measures(columns, ids, file, grid.separator)
    writing.enough(len(ids), file)
    called = Import(
        code,
        language,
        root,
        Again(f".venv/bin/python -m lib import table {file} --code {code} ...", replace),
        {"id": "table", "title": f"A table of scores, {file}", "file": RAW},
        date or "undated",
        file,
        names={ids[name]: name for name in ids if ids[name] != name},
        known=known,
    )
    built = panels.build(measures, called, [*grid.said, shape, *renamed, *said])
    built.files[RAW] = content if grid.plain else grids.table(grid.rows)
    return built


# --- which way round? -----------------------------------------------------------------------------


def _columns(rows: list[Row], file: str, turned: bool) -> tuple[list[Column], str]:
    """The table's columns of benchmarks, and a word on which way round it was read."""
    if len(rows) < 2 or len(rows[0].cells) < 2:
        raise ImportProblem(
            f"{file}: a table needs a column of models, columns of benchmarks, a header and rows"
        )
    names = [cell.casefold() for cell in rows[0].cells]
    found = [
        next((place for place, name in enumerate(names) if name in words), None)
        for words in (MODELS, BENCHMARKS, SCORES)
    ]
    if None not in found:
        return _long(rows, file, found), f"{file}: read as one score a row"
    if turned or _is_turned(rows, names):
        lines = [row.line for row in rows]
        cells = zip(*(row.cells for row in rows), strict=True)
        rows = [Row(lines[0], list(each)) for each in cells]
        return _wide(rows, file, 0, lines), f"{file}: read with a model a column"
    return _wide(rows, file, found[0] or 0), f"{file}: read with a model a row"


def _is_turned(rows: list[Row], names: list[str]) -> bool:
    """Whether models stand in the first row: organisation/name stands there and not in the first
    column, or else the corner says so."""
    across = rows[0].cells[1:]
    down = [row.cells[0] for row in rows[1:]]
    right = 2 * sum("/" in cell for cell in across) > len(across)
    below = 2 * sum("/" in cell for cell in down) > len(down)
    return right and not below if right != below else names[0] in BENCHMARKS


def _wide(rows: list[Row], file: str, place: int, lines: list[int] | None = None) -> list[Column]:
    """Columns of a table with a model a row, which stand in column `place`; `lines` are those of
    the columns where the table was turned."""
    header = rows[0].cells
    allowed = "a benchmark's name, each once"
    problems = [
        Problem(
            file,
            lines[number] if lines else rows[0].line,
            None if lines else f"number {number + 1}",
            shown(name),
            allowed,
        )
        for number, name in enumerate(header)
        if number != place and (not name or not is_line(name) or header.count(name) > 1)
    ]
    problems += _twice([(row.cells[place], row.line) for row in rows[1:]], file, header[place])
    if problems:
        raise InputError(problems)
    return [
        Column(
            name,
            {
                row.cells[place]: Cell(row.cells[number], lines[number] if lines else row.line)
                for row in rows[1:]
            },
            {},
        )
        for number, name in enumerate(header)
        if number != place
    ]


def _long(rows: list[Row], file: str, places: Sequence[int | None]) -> list[Column]:
    """Columns of a table with a score a row; other columns of it are not looked at."""
    model, benchmark, score = (int(place or 0) for place in places)
    names = [cell.casefold() for cell in rows[0].cells]
    error = next((place for place, name in enumerate(names) if name in ERRORS), None)
    pairs = [(f"{row.cells[model]}, {row.cells[benchmark]}", row.line) for row in rows[1:]]
    problems = _twice(pairs, file, "model, benchmark")
    odd = [row for row in rows[1:] if not row.cells[benchmark] or not is_line(row.cells[benchmark])]
    if odd:
        lines = some([str(row.line) for row in odd])
        found = shown(odd[0].cells[benchmark])
        problems.append(Problem(file, lines, rows[0].cells[benchmark], found, "a benchmark's name"))
    if problems:
        raise InputError(problems)
    found: dict[str, Column] = {}
    for row in rows[1:]:
        column = found.setdefault(row.cells[benchmark], Column(row.cells[benchmark], {}, {}))
        column.cells[row.cells[model]] = Cell(row.cells[score], row.line)
        if error is not None:
            column.errors[row.cells[model]] = Cell(row.cells[error], row.line)
    models = list(dict.fromkeys(row.cells[model] for row in rows[1:]))
    return [
        Column(each.name, {name: each.cells.get(name, Cell("", 0)) for name in models}, each.errors)
        for each in found.values()
    ]


def _twice(names: Sequence[tuple[str, int]], file: str, column: str) -> list[Problem]:
    """One line for all names that are there again."""
    first: dict[str, int] = {}
    again = []
    for name, line in names:
        if name in first:
            again.append((name, line))
        first.setdefault(name, line)
    if not again:
        return []
    lines = some([str(line) for _, line in again])
    found = f"{shown(again[0][0])} again, first in line {first[again[0][0]]}"
    found += f", and {len(again) - 1} more of this kind" if len(again) > 1 else ""
    return [Problem(file, lines, column, found, "each model once")]


# --- models ---------------------------------------------------------------------------------------


def _ids(columns: Sequence[Column], file: str) -> tuple[dict[str, str], list[str]]:
    """Model as the table calls it -> its id, and a word on those that needed another one.

    Raises InputError with one line for all that can be none.
    """
    cells = {name: cell for each in columns for name, cell in each.cells.items() if cell.line}
    lines = {name: cell.line for name, cell in cells.items()}
    models = list(dict.fromkeys(name for each in columns for name in each.cells))
    ids = {name: name if schema.is_model_id(name) else _id(name) for name in models}
    wrong = [name for name in models if not ids[name]]
    problems = []
    if wrong:
        where = some([str(lines[name]) for name in wrong if name in lines])
        allowed = f"{schema.MODEL_FORM}; blanks and brackets are no fault"
        found = some([shown(name) for name in wrong])
        problems.append(Problem(file, where or None, "of models", found, allowed))
    taken: dict[str, list[str]] = {}
    for name, model in ids.items():
        taken.setdefault(model, []).append(name)
    for model, found in taken.items():
        if model and len(found) > 1:
            what = f"{some([shown(name) for name in found])}, which would all be {shown(model)}"
            problems.append(Problem(file, None, "of models", what, "names that differ"))
    if problems:
        raise InputError(problems)
    renamed = [f"{shown(name)} as {ids[name]}" for name in models if ids[name] != name]
    return ids, [f"{file}: models get ids: {some(renamed)}"] if renamed else []


def _id(name: str) -> str:
    """A model's id from a name with blanks, brackets or accents; "" where it cannot be one."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[()\[\],;\s_]+", lambda found: "_" if found[0] == "_" else "-", plain)
    plain = re.sub(r"-*/-*", "/", plain).strip("-")
    return plain if schema.is_model_id(plain) else ""


# --- scores ---------------------------------------------------------------------------------------


def _measures(
    columns: Sequence[Column], ids: dict[str, str], file: str, separator: str
) -> tuple[list[Measure], dict[str, dict[str, str]], list[str]]:
    """All scores; what is known of their columns; and what was set aside, taken for nothing or read
    in another way. Raises InputError with one line for each column that cannot be read."""
    commas = separator in ("\t", ";", "|", "") or any(
        COMMA.fullmatch(_bare(cell.text)) and not THOUSANDS.fullmatch(_bare(cell.text))
        for each in columns
        for cell in each.cells.values()
    )
    measures, known, said, aside, problems = [], {}, [], [], []
    for column in columns:
        filled = {
            model: cell
            for model, cell in column.cells.items()
            if cell.text and cell.text.casefold() not in NOTHING
        }
        numbers = {model: cell for model, cell in filled.items() if _looks_numeric(cell.text)}
        if not filled or 2 * len(numbers) < len(filled):
            aside.append(column.name)
            continue
        if wrong := _unreadable(column.name, filled, file, commas):
            problems.append(wrong)
            continue
        said += _told(column, filled, file)
        percent = all(cell.text.endswith("%") for cell in filled.values())
        if percent:
            known[column.name] = {"minimum": "0", "maximum": "100"}
        if NO_BENCHMARKS.fullmatch(column.name.casefold()):
            known[column.name] = {"language": LEFT_OUT}
            said.append(
                f"{file}, column {shown(column.name)}: seems to be no benchmark, so - is proposed "
                "as its language"
            )
        for model, cell in filled.items():
            origin = Origin(file, cell.line, column.name)
            error = column.errors.get(model, Cell("", 0)).text
            measures.append(
                Measure(
                    ids[model],
                    column.name,
                    float(_number(cell.text)),
                    origin,
                    error=float(_number(error)) if is_number(_number(error)) else None,
                )
            )
    if aside:
        said.insert(0, f"{file}: no scores, set aside: {', '.join(map(shown, aside))}")
    if problems:
        raise InputError(problems)
    if not measures:
        raise ImportProblem(f"{file}: no column of scores; {said[0] if said else ''}")
    order = list(ids.values())
    return sorted(measures, key=lambda each: order.index(each.model)), known, said


def _bare(text: str) -> str:
    """A cell without what may stand around its number: blanks, a percent sign, a spread after ±."""
    spread = SPREAD.fullmatch(text)
    if spread:
        text = spread[1] + spread[2]
    return text.removesuffix("%").strip().replace("−", "-")


def _number(text: str) -> str:
    """A cell's number with a point."""
    bare = _bare(text)
    return bare.replace(",", ".") if COMMA.fullmatch(bare) else bare


def _looks_numeric(text: str) -> bool:
    bare = _bare(text)
    return is_number(_number(text)) or bool(THOUSANDS.fullmatch(bare))


def _unreadable(column: str, filled: dict[str, Cell], file: str, commas: bool) -> Problem | None:
    """Why a column's numbers cannot be read, in one line; None where they can."""
    cells = list(filled.values())
    words = [cell for cell in cells if not _looks_numeric(cell.text)]
    allowed = "numbers, or nothing; a column of text beside the scores is set aside"
    if words:
        return _problem(file, column, words, len(cells), allowed)
    points = [cell for cell in cells if "." in _bare(cell.text)]
    comma = [cell for cell in cells if "," in _bare(cell.text)]
    if points and comma:
        few = min(points, comma, key=len)
        return _problem(file, column, few, len(cells), "points or commas, one of them in a column")
    if not commas and (odd := [cell for cell in cells if THOUSANDS.fullmatch(_bare(cell.text))]):
        what = "a point for decimals: a comma before three digits may part thousands"
        return _problem(file, column, odd, len(cells), what)
    signed = [cell for cell in cells if "%" in cell.text]
    if signed and len(signed) < len(cells):
        few = min(signed, [cell for cell in cells if cell not in signed], key=len)
        return _problem(file, column, few, len(cells), "percent signs in all cells, or in none")
    return None


def _problem(file: str, column: str, cells: list[Cell], of: int, allowed: str) -> Problem:
    """One line for all cells of a column that are wrong in the same way."""
    lines = some([str(line) for line in dict.fromkeys(cell.line for cell in cells)])
    found = some(list(dict.fromkeys(shown(cell.text) for cell in cells)))
    found += f" ({len(cells)} of {of} cells)" if of > 1 else ""
    return Problem(file, lines, column, found, allowed)


def _told(column: Column, filled: dict[str, Cell], file: str) -> list[str]:
    """What was read in a column that is not a plain number."""
    place = f"{file}, column {shown(column.name)}"
    empty = [
        cell.text for cell in column.cells.values() if cell.text and cell not in filled.values()
    ]
    said = []
    if empty:
        marks = " and ".join(map(shown, dict.fromkeys(empty)))
        said.append(f"{place}: {marks} taken for no score ({len(empty)} cells)")
    if any("," in _bare(cell.text) for cell in filled.values()):
        said.append(f"{place}: decimal commas")
    if any(SPREAD.fullmatch(cell.text) for cell in filled.values()):
        said.append(f"{place}: what stands after ± is left out, since it may be any kind of spread")
    return said
