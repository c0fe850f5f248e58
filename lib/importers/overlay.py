"""What do people know beyond an export?  The tables an importer made and curated/*.csv in, the
tables with both out.

A file `curated/models.csv` has model_id and any other columns of models.csv; a cell that is not
empty takes the place of the importer's. So lineages, parents and strategies survive each new
import. `curated/benchmarks.csv` and `curated/evaluations.csv` do the same; a cell `-` empties the
importer's. Two more columns, `source` and `confidence`, say where a fact is from.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lib import reading
from lib.importers import sheets
from lib.reading import shown
from lib.study import schema

#: Columns that are for people only.
FOR_PEOPLE = ("source", "confidence")

#: A cell that takes the importer's away.
EMPTIED = "-"

#: Table -> the column that names its rows.
KEYS = {
    "models.csv": "model_id",
    "benchmarks.csv": "benchmark_id",
    "evaluations.csv": "benchmark_id",
}


def read(path: Path, table: str) -> list[dict]:
    """The rows of a curated file, none where there is no such file.

    Raises InputError for what cannot be read, unknown columns, a missing key column or a key that
    is there twice.
    """
    key, where = KEYS[table], f"{path.parent.name}/{path.name}"
    content = reading.content_if_there(path, where)
    if content is None:
        return []
    return sheets.notes(content, where, (*schema.FORMS[table].columns, *FOR_PEOPLE), (key,), key)


def apply(made: list[dict], known: list[dict], table: str) -> list[dict]:
    """The importer's rows with what is known put over them, cell by cell, the last of `known` on
    top.

    Rows of `known` that the importer did not make change nothing.
    """
    key = KEYS[table]
    over: dict[str, dict[str, str]] = {}
    for row in known:
        filled = {
            column: "" if cell == EMPTIED else cell
            for column, cell in row.items()
            if column in schema.FORMS[table].columns and cell
        }
        over.setdefault(row[key], {}).update(filled)
    return [{**row, **over.get(row[key], {})} for row in made]


def strangers(known: list[dict], ids: Mapping | set, key: str, where: str) -> list[str]:
    """A line for each curated row whose id the export does not have at all: a misspelt id must not
    vanish."""
    return [
        f"{where}, line {row['line']}: {shown(row[key])} is not in the export"
        for row in known
        if row[key] not in ids
    ]


def absent_parents(models: list[dict]) -> list[dict]:
    """Parents that the study does not have become notes: a parent_id must be a model of the
    study."""
    ids = {row["model_id"] for row in models}
    rows = []
    for row in models:
        parent = row.get("parent_id", "")
        if parent and parent not in ids:
            note = "; ".join(
                filter(None, (row.get("parent_note", ""), f"{parent}, which is not in this study"))
            )
            row = {**row, "parent_id": "", "parent_note": note}
        rows.append(row)
    return rows
