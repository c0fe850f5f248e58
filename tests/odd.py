"""Values that nobody meant, for tests to put into any place of any input: as JSON, YAML, cells or
bytes."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as draw

from lib.__main__ import main

#: Stands in a document for the odd value, until the document is written.
HERE = "@here@"

LETTERS = draw.characters(codec=None, exclude_categories=())
VALUES = draw.recursive(
    draw.none()
    | draw.booleans()
    | draw.integers()
    | draw.floats()
    | draw.text(LETTERS, max_size=9),
    lambda inner: (
        draw.lists(inner, max_size=3)
        | draw.dictionaries(draw.text(LETTERS, max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
).map(json.dumps)

JSON = VALUES | draw.sampled_from(
    [
        "9" * 5000,
        "-" + "9" * 400,
        "1" * 101,
        "1e999",
        "NaN",
        "-Infinity",
        "-0.0",
        "true",
        "null",
        "[]",
        "{}",
        '""',
        '"\\ud800"',
        '"a\\u0000b"',
        '"a\\u001b[2Jb"',
        '"\\u202eb"',
        '"a\\nb"',
        '{"\\udfff": 1}',
        '{"a": 1, "a": 2}',
        '"../../etc/passwd"',
        '"=1+1"',
        json.dumps("x" * 140_000),
        "[" * 60 + "]" * 60,
        "[" * 5000 + "]" * 5000,
        "{",
        "'",
    ]
)

YAML = JSON | draw.sampled_from(
    [
        "0x" + "f" * 5000,
        "0o" + "7" * 5000,
        "0" + "7" * 5000,
        "0b" + "1" * 5000,
        "1" + ":1" * 3000,
        "!!int abc",
        "!!int 0x",
        "!!bool perhaps",
        "!!timestamp soon",
        "!!float much",
        "!!null {}",
        "!!binary '*'",
        "!!set {a}",
        "!!str [a]",
        "!!map x",
        "!!seq x",
        "!!python/name:os.system",
        "!local x",
        "2024-02-30",
        "0000-01-01",
        "2024-13-01",
        "2024-07-01 10:00:00",
        ".inf",
        "-.inf",
        ".nan",
        "*nobody",
        "&a [*a]",
        "&a {b: *a}",
        "{<<: {a: 1}}",
        "{? [a] : b}",
        "{1: a, 1: b}",
        "=",
        "~",
        "'",
        '"\\0"',
        '"\\e[2J"',
        "- a",
        "a: b",
        "|",
        "%",
        "\t",
        "\x07",
        "[" * 200_000,
    ]
)

CELLS = draw.text(LETTERS, max_size=9) | draw.sampled_from(
    [
        "9" * 5000,
        "1e400",
        "nan",
        "-inf",
        "1_000",
        "\u0663",
        "x" * 140_000,
        "\0",
        "\x1b[2J",
        "\u202e",
        "a\nb",
        '"',
        '"a',
        "=1+1",
        "../../etc",
        "<b>x</b>",
        "2024-02-30",
        "0000",
        "-",
        "#",
        "1.2 ± 3.4",
        "17.1." + "9" * 5000,
        "\ud800",
    ]
)


def places(value: object, place: tuple = ()) -> Iterator[tuple]:
    """Every place in a document, the whole of it included."""
    yield place
    for key, part in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from places(part, (*place, key))


def spoilt(document: object, place: tuple, how: str) -> object:
    """The document with `HERE` in a place: instead of its value, of its key, beside it, or with
    nothing there."""
    if not place:
        return HERE
    document = copy.deepcopy(document)
    above = document
    for key in place[:-1]:
        above = above[key]
    if how == "value" or (how == "key" and isinstance(above, list)):
        above[place[-1]] = HERE
    elif how == "key":
        above[HERE] = above.pop(place[-1])
    elif how == "none":
        del above[place[-1]]
    elif isinstance(above, list):
        above.append(HERE)
    else:
        above["more"] = HERE
    return document


def written(document: object, value: str) -> str:
    """The document as JSON, which is YAML too, with `value` where `HERE` is (as it is, or quoted
    where it is a key)."""
    text = json.dumps(document)
    key = value if value.startswith('"') else json.dumps(value)
    return text.replace(f'"{HERE}": ', f"{key}: ").replace(f'"{HERE}"', value)


HOW = draw.sampled_from(["value", "value", "value", "key", "none", "more"])


@draw.composite
def documents(draw_one, document: object, values: draw.SearchStrategy[str]) -> str:
    """A document that is sound but for one place."""
    place = draw_one(draw.sampled_from(list(places(document))))
    return written(spoilt(document, place, draw_one(HOW)), draw_one(values))


@draw.composite
def tables(draw_one, text: str) -> bytes:
    """A table in CSV that is sound but for one cell, or for some bytes anywhere."""
    if draw_one(draw.integers(0, 4)) == 0:
        place = draw_one(draw.integers(0, len(text.encode())))
        return text.encode()[:place] + draw_one(draw.binary(max_size=6)) + text.encode()[place:]
    lines = text.splitlines(keepends=True)
    row = draw_one(draw.integers(0, len(lines) - 1))
    cells = lines[row].rstrip("\n").split(",")
    cells[draw_one(draw.integers(0, len(cells) - 1))] = draw_one(CELLS)
    lines[row] = ",".join(cells) + "\n"
    return "".join(lines).encode("utf-8", "surrogatepass")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def put(folder: Path, files: dict[str, bytes | str]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        )


def told(words: list[str]) -> tuple[int, str]:
    """Exit code and standard error of one command; whatever it lets through is the test's
    failure."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        code = main(words)
    out.getvalue().encode("utf-8")
    return code, err.getvalue()
