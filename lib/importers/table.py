"""How does a plain table of scores become a study?  Models x benchmarks in a CSV file in, the
study's files out.

The first column names models, the first row benchmarks, an empty cell is a missing score. What the
table cannot say is asked through `questions`.
"""

from __future__ import annotations

from pathlib import Path

from lib import reading
from lib.importers import overlay, questions, writing
from lib.importers.questions import Question
from lib.importers.writing import Built, ImportProblem
from lib.reading import InputError, Problem, is_line, shown
from lib.study import schema
from lib.study.schema import is_number

RAW = "raw/table.csv"


def read(content: bytes, file: str) -> tuple[list[str], dict[str, list[str]]]:
    """Names of the benchmarks, and model -> cells as text, of a table's bytes.

    Raises InputError for a file that is no table, with every cell that cannot be read.
    """
    rows = reading.rows(reading.text(content, file), file)
    if len(rows[0].cells) < 2 or len(rows) < 2:
        raise ImportProblem(
            f"{file}: a table needs a column of models, columns of benchmarks, a header and rows"
        )
    header = [cell.strip() for cell in rows[0].cells[1:]]
    allowed = "a benchmark's name, each once"
    problems = [
        Problem(file, rows[0].line, f"number {place}", shown(name), allowed)
        for place, name in enumerate(header, 2)
        if not name or not is_line(name) or header.count(name) > 1
    ]
    models: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for row in rows[1:]:
        model, cells = row.cells[0].strip(), [cell.strip() for cell in row.cells[1:]]
        if not schema.is_model_id(model):
            problems.append(
                Problem(file, row.line, rows[0].cells[0], shown(model), schema.MODEL_FORM)
            )
        elif model in models:
            problems.append(
                Problem(
                    file,
                    row.line,
                    rows[0].cells[0],
                    f"{shown(model)} again, first in line {lines[model]}",
                    "each model once",
                )
            )
        problems += [
            Problem(file, row.line, name, shown(cell), "a number with a point, or nothing")
            for name, cell in zip(header, cells, strict=True)
            if cell and not is_number(cell)
        ]
        models.setdefault(model, cells)
        lines.setdefault(model, row.line)
    if problems:
        raise InputError(problems)
    writing.enough(len(models), file)
    return header, models


def build(path: Path, *, code: str, language: str, root: Path, date: str = "") -> Built:
    """A study's files from a table; asks first (questions.Asks) where nothing has been answered
    yet.

    Parameters are those of `euroeval.build`. Raises InputError for what cannot be understood.
    """
    writing.check_new(code, language)
    content = reading.content(path, str(path))
    header, models = read(content, path.name)
    folder = root / code
    columns = list(zip(*models.values(), strict=True))
    asked = [
        Question(name, {}, _range(column)) for name, column in zip(header, columns, strict=True)
    ]
    form = questions.template(code, language, date or "undated", [{"id": "table", "file": RAW}])
    given = questions.answers(
        folder, asked, form, f".venv/bin/python -m lib import table {path.name} --code {code} ..."
    )
    known = overlay.read(folder / "curated" / "models.csv", "models.csv")
    if strangers := overlay.strangers(known, set(models), "model_id", "curated/models.csv"):
        raise ImportProblem("\n".join(strangers))
    snapshot = questions.snapshot(folder, date or "undated")
    rows = [writing.model(model) for model in models]
    scores = [
        {
            "model_id": model,
            "benchmark_id": given[name]["benchmark_id"],
            "snapshot": snapshot,
            "split": "",
            "score": cell,
            "standard_error": "",
        }
        for model, cells in models.items()
        for name, cell in zip(header, cells, strict=True)
        if name in given and cell
    ]
    tables = {
        "models.csv": writing.distinct(
            overlay.absent_parents(overlay.apply(rows, known, "models.csv"))
        ),
        "benchmarks.csv": questions.benchmarks(given),
        "scores.csv": scores,
    }
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    report = [f"{len(models)} models x {len(given)} of {len(header)} columns, {len(scores)} scores"]
    return Built({**files, "study.yml": form, RAW: content}, report)


def _range(cells: tuple[str, ...]) -> str:
    numbers = [float(cell) for cell in cells if cell]
    return f"{len(numbers)} scores, {min(numbers):g} to {max(numbers):g}" if numbers else "no score"
