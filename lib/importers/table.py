"""How does a plain table of scores become a study?  Models x benchmarks in a CSV file in, the study's files out.

The first column names models, the first row benchmarks, an empty cell is a missing score. What the table cannot say
is asked through `questions`.
"""

from __future__ import annotations

from pathlib import Path

from lib import schema
from lib.importers import overlay, questions, sheets, writing
from lib.importers.questions import Question
from lib.importers.writing import Built, ImportProblem
from lib.schema import Problem, StudyError, is_number, shown

RAW = "raw/table.csv"


def read(path: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Names of the benchmarks, and model -> cells as text.

    Raises ImportProblem for a file that is no table, StudyError with every cell that cannot be read.
    """
    rows = sheets.rows(path)
    if len(rows[0].cells) < 2 or len(rows) < 2:
        raise ImportProblem(f"{path.name}: a table needs a column of models, columns of benchmarks, a header and rows")
    header = [cell.strip() for cell in rows[0].cells[1:]]
    problems = [Problem(path.name, rows[0].line, f"number {place}", shown(name), "a benchmark's name, each once")
                for place, name in enumerate(header, 2) if not name or not name.isprintable() or header.count(name) > 1]
    models: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for row in rows[1:]:
        model, cells = row.cells[0].strip(), [cell.strip() for cell in row.cells[1:]]
        if not schema.MODEL_ID.fullmatch(model) or ".." in model:
            problems.append(Problem(path.name, row.line, rows[0].cells[0], shown(model), "a model's id of A-Z, a-z, "
                                    "0-9 and . _ - + : @ #, with / between its parts"))
        elif model in models:
            problems.append(Problem(path.name, row.line, rows[0].cells[0],
                                    f"{shown(model)} again, first in line {lines[model]}", "each model once"))
        problems += [Problem(path.name, row.line, name, shown(cell), "a number with a point, or nothing")
                     for name, cell in zip(header, cells, strict=True) if cell and not is_number(cell)]
        models.setdefault(model, cells)
        lines.setdefault(model, row.line)
    if problems:
        raise StudyError(problems)
    writing.enough(len(models), path.name)
    return header, models


def build(path: Path, *, code: str, language: str, root: Path, date: str = "") -> Built:
    """A study's files from a table; asks first (questions.Asks) where nothing has been answered yet.

    Parameters are those of `euroeval.build`. Raises ImportProblem or StudyError for what cannot be understood.
    """
    writing.check_new(code, language)
    header, models = read(path)
    folder = root / code
    columns = list(zip(*models.values(), strict=True))
    asked = [Question(name, {}, _range(column)) for name, column in zip(header, columns, strict=True)]
    form = questions.template(code, language, date or "undated", [{"id": "table", "file": RAW}])
    given = questions.answers(folder, asked, form, f".venv/bin/python -m lib import table {path.name} --code {code} ...")
    known = overlay.read(folder / "curated" / "models.csv", "models.csv")
    if strangers := overlay.strangers(known, set(models), "model_id", "curated/models.csv"):
        raise ImportProblem("\n".join(strangers))
    snapshot = questions.snapshot(folder, date or "undated")
    rows = [writing.model(model) for model in models]
    scores = [{"model_id": model, "benchmark_id": given[name]["benchmark_id"], "snapshot": snapshot, "split": "",
               "score": cell, "standard_error": ""}
              for model, cells in models.items() for name, cell in zip(header, cells, strict=True)
              if name in given and cell]
    tables = {"models.csv": writing.distinct(overlay.absent_parents(overlay.apply(rows, known, "models.csv"))),
              "benchmarks.csv": questions.benchmarks(given), "scores.csv": scores}
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    report = [f"{len(models)} models x {len(given)} of {len(header)} columns, {len(scores)} scores"]
    return Built({**files, "study.yml": form, RAW: sheets.content(path)}, report)


def _range(cells: tuple[str, ...]) -> str:
    numbers = [float(cell) for cell in cells if cell]
    return f"{len(numbers)} scores, {min(numbers):g} to {max(numbers):g}" if numbers else "no score"
