"""One reader for every file: what it refuses, what it says, and that nothing else comes out of
it."""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import os
import tempfile
import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as draw

from lib import reading
from lib.book import BookError
from lib.book.chapters import Chapter
from lib.reading import InputError, Problem, documents, files
from tests import odd


def told(call, *arguments) -> list[str]:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return [str(problem) for problem in caught.value.problems]


# --- files ----------------------------------------------------------------------------------------


def test_a_files_bytes_come_out_as_they_are(tmp_path):
    content = bytes(range(256)) * 9000
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "link").symlink_to("file")
    assert (
        reading.content(tmp_path / "file", "f")
        == reading.content(tmp_path / "link", "f")
        == content
    )


def test_no_file_is_none_only_where_nothing_has_the_name(tmp_path):
    assert reading.content_if_there(tmp_path / "gone", "gone") is None
    assert told(reading.content, tmp_path / "gone", "gone") == [
        "gone: found no such file; allowed: a regular file of at most 50 MB"
    ]
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "file").touch()
    for name, words in {
        "round": "Too many levels of symbolic links",
        "file/under": "Not a directory",
        "x" * 300: "File name too long",
        "a\0b": "null character in its name",
    }.items():
        assert (
            f"a path that cannot be read ({words})"
            in told(reading.content_if_there, tmp_path / name, "it")[0]
        )


def test_a_pipe_that_takes_a_files_place_keeps_nobody_waiting(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(files, "amiss", lambda path: "")
    found = []
    reader = threading.Thread(
        target=lambda: found.append(reading.content(tmp_path / "pipe", "pipe")), daemon=True
    )
    reader.start()
    reader.join(10)
    assert found == [b""]


@contextlib.contextmanager
def somebody():
    """As a user who may not read everything, which root may."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read_is_told():
    with tempfile.TemporaryDirectory() as folder, somebody():
        path = Path(folder) / "file"
        with contextlib.suppress(
            PermissionError
        ):  # the folder is another user's, where we were root
            path.touch(mode=0o000)
        assert "cannot be read (Permission denied)" in told(reading.content, path, "f")[0]


# --- text and rows --------------------------------------------------------------------------------


@given(draw.binary(max_size=60))
def test_any_bytes_are_rows_of_one_length_or_a_message(content):
    try:
        rows = reading.rows(reading.text(content, "f.csv"), "f.csv")
    except InputError as error:
        assert error.problems and all(
            str(each).startswith("f.csv") and str(each).isprintable() for each in error.problems
        )
    else:
        assert len({len(row.cells) for row in rows}) <= 1


def test_every_row_of_another_length_is_told_with_the_line_it_begins_at():
    assert told(reading.rows, 'a,b\n"1\n\n2",3\n4\n\n5,6,7\n', "t.csv") == [
        "t.csv, line 5: found 1 cells; allowed: 2, as in the header",
        "t.csv, line 7: found 3 cells; allowed: 2, as in the header",
    ]


def test_a_long_list_of_problems_is_cut_and_counted():
    error = InputError([Problem("f", line, None, "x", "y") for line in range(1, 1001)])
    lines = str(error).splitlines()
    assert len(error.problems) == 1000 and len(lines) == 201 and lines[-1] == "... and 800 more"


@given(draw.text(odd.LETTERS))
def test_a_message_stays_on_its_line_and_steers_nothing(text):
    line = str(Problem(text, 1, text, reading.shown(text), text))
    assert line.isprintable() and line == reading.escaped(line)
    assert "\x1b" not in str(InputError(f"{text}\nmore"))


@given(draw.dates())
def test_every_day_of_the_calendar_is_a_date(day):
    assert (
        reading.is_date(day.isoformat())
        and reading.is_date(day.isoformat()[:7])
        and reading.is_date(day.isoformat()[:4])
    )


@given(draw.integers(0, 9999), draw.integers(0, 99), draw.integers(0, 99))
def test_a_day_that_the_calendar_lacks_is_none(year, month, day):
    try:
        known = bool(datetime.date(year, month, day))
    except ValueError:
        known = False
    assert reading.is_date(f"{year:04}-{month:02}-{day:02}") == known


# --- documents ------------------------------------------------------------------------------------

PLAIN = draw.recursive(
    draw.none()
    | draw.booleans()
    | draw.integers(-(10**30), 10**30)
    | draw.floats(allow_nan=False)
    | draw.text(),
    lambda inner: draw.lists(inner) | draw.dictionaries(draw.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_a_plain_document_comes_out_as_it_went_in(value):
    assert documents.from_json(json.dumps(value), "f").value == value
    assert documents.from_yaml(yaml.safe_dump(value), "f").value == value


@given(odd.YAML | draw.text(odd.LETTERS), draw.integers(1, 9))
def test_any_text_is_a_yaml_document_or_a_message(text, first):
    try:
        documents.from_yaml(text, "f.yml", first).line(["a", 0])
    except InputError as error:
        assert error.problems and all(
            str(each).startswith("f.yml") and str(each).isprintable() for each in error.problems
        )
        assert all(each.row is None or each.row >= first for each in error.problems)


@given(odd.JSON | draw.text(odd.LETTERS))
def test_any_text_is_a_json_document_or_a_message(text):
    try:
        documents.from_json(text, "f.json")
    except InputError as error:
        assert error.problems and all(
            str(each).startswith("f.json") and str(each).isprintable() for each in error.problems
        )


def test_python_writes_json_with_nan_and_that_is_read():
    assert math.isnan(documents.from_json('{"a": NaN}', "f").value["a"])


def test_twin_keys_are_told_each_once():
    assert told(
        documents.from_json, '{"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": 2}', "f.json"
    ) == [
        "f.json, column c: found the key a second time; allowed: each key of a mapping once",
        "f.json, column a: found the key a second time; allowed: each key of a mapping once",
    ]
    assert told(documents.from_yaml, "a: 1\nb: {1: x, 1: y}\na: 2", "f.yml") == [
        "f.yml, line 2: found the key '1' a second time; allowed: each key once",
        "f.yml, line 3: found the key 'a' a second time; allowed: each key once",
    ]


def test_the_lines_of_a_part_of_a_file_are_the_files():
    document = documents.from_yaml("a:\n  - b: 1\n  - c: 2\n", "f", first=10)
    assert [
        document.line(place) for place in ([], ["a"], ["a", 1], ["a", 1, "c"], ["a", 7], ["x"])
    ] == [10, 10, 12, 12, 10, 10]
    assert told(documents.from_yaml, "a: 1\nb: !!bool x", "f", 10)[0].startswith("f, line 11:")
    assert told(documents.from_yaml, "a: 1\nb: '", "f", 10)[0].startswith("f, line 11:")


def test_control_characters_are_told_with_their_lines():
    assert [
        line.split(":")[0] for line in told(documents.from_yaml, "a: 1\nb: \x07\nc: \x1b[2J\n", "f")
    ] == ["f, line 2", "f, line 3"]


def test_a_document_beyond_what_anybody_writes_is_refused():
    assert told(documents.from_yaml, "#" * 1_000_001, "f") == [
        "f: found 1,000,001 characters; allowed: at most 1,000,000 in YAML"
    ]


# --- the book's headers go the same way -----------------------------------------------------------


@pytest.mark.parametrize(
    "content, message",
    [
        (
            b"---\nstudy: {wave: summary}\n---\n\xe9",
            "page.md, line 4: found the byte 0xe9; allowed: UTF-8",
        ),
        (
            "---\nstudy: 1\n---\n".encode("utf-16"),
            "page.md, line 1: found the byte-order mark of UTF-16; allowed: UTF-8",
        ),
        (
            b"\xef\xbb\xbf---\nstudy: 1\n---\n",
            "page.md, line 1: found a byte-order mark; allowed: UTF-8 without one",
        ),
        (
            b"---\nstudy: 1\n---\n\0",
            "page.md, line 4: found a null character: UTF-16, or no text at all; allowed: UTF-8",
        ),
        (
            b"---\n- study\n---\n",
            "page.md, line 2: its header is a list; allowed: keys with values",
        ),
        (b"---\nstudy\n---\n", "page.md, line 2: its header is 'study'; allowed: keys with values"),
        (
            b"---\na: 1\nb: !!bool x\n---\n",
            "page.md, line 3: found 'x' as bool; allowed: a value of that kind, or text in quotes",
        ),
        (
            b"---\na: 1\na: 2\n---\n",
            "page.md, line 3: found the key 'a' a second time; allowed: each key once",
        ),
    ],
)
def test_a_chapters_header_that_cannot_be_read_is_told_with_its_line(tmp_path, content, message):
    (tmp_path / "page.md").write_bytes(content)
    with pytest.raises(BookError) as caught:
        _ = Chapter("page", tmp_path / "page.md").about
    assert str(caught.value) == f"{tmp_path.name}/{message}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_is_read_with_either_line_end(tmp_path, end):
    (tmp_path / "page.md").write_bytes(
        end.join(["---", "study:", "  reads: all", "---", "", "# A"]).encode()
    )
    assert Chapter("page", tmp_path / "page.md").reads == "all"
