"""Merge the records of many chapters into one results.json: sorted, stable, one owner for each
id."""

import json
import os
from pathlib import Path

from lib import claims as claims_file
from lib import reading
from lib.book import BookError
from lib.book.execute import as_json
from lib.book.layout import Layout
from lib.reading import documents, forms


def write(layout: Layout, chapters: list[str], target: Path, claims: bool = False) -> None:
    """Write `target` from the records of `chapters`.

    Raises BookError naming both owners of an id and, with `claims`, each result that a claim rests
    on and no chapter recorded.
    """
    merged = merge({name: _read(layout, name) for name in chapters})
    if claims and (lost := claims_file.unrecorded(_claims(layout), merged)):
        raise BookError("\n".join(f"data/{layout.study}/claims.yml: {each}" for each in lost))
    snapshot = str(layout.facts.get("default_snapshot", ""))
    text = as_json({"study": layout.study, "snapshot": snapshot, "results": merged}, "a chapter")
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_suffix(f".{os.getpid()}.new")
    staged.write_text(text, encoding="utf-8")
    staged.replace(target)


def _claims(layout: Layout) -> list[dict]:
    """The study's claims; none where it has no claims.yml."""
    file = f"data/{layout.study}/claims.yml"
    try:
        content = reading.content_if_there(layout.data / "claims.yml", file)
        if content is None:
            return []
        document = documents.from_yaml(reading.text(content, file), file)
        return forms.checked(document, claims_file.Claims).model_dump()["claims"]
    except reading.InputError as error:
        raise BookError(str(error)) from None


def merge(records: dict[str, list[dict]]) -> dict[str, dict]:
    """chapter -> its records, to id -> record with its chapter. The same record twice in a chapter
    is one."""
    merged: dict[str, dict] = {}
    problems = []
    for chapter, rows in records.items():
        for row in rows:
            entry = {key: value for key, value in row.items() if key != "id"} | {"chapter": chapter}
            other = merged.setdefault(row["id"], entry)
            if other["chapter"] != chapter:
                problems.append(
                    f"the id {row['id']} is recorded by two chapters: {other['chapter']} and "
                    f"{chapter}"
                )
            elif other != entry:
                problems.append(
                    f"the id {row['id']} is recorded twice in {chapter}, with different contents"
                )
    if problems:
        raise BookError("\n".join(problems))
    return merged


def _read(layout: Layout, chapter: str) -> list[dict]:
    path = layout.records(chapter)
    return json.loads(path.read_text(encoding="utf-8"))["records"] if path.exists() else []
