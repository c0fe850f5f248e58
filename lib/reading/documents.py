"""What does a document say?  YAML or JSON of a file in, plain values with their lines out, or every
problem.

Either is read to mappings, lists, text, numbers and nothing else. YAML's tags that would build an
object are refused, as are keys that appear twice, numbers of absurd length, text that is no text
(lone surrogates), and whatever would unfold without end. `forms` says which keys and values a
document must have.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import yaml

from lib.reading.files import InputError, Problem, shown

#: A whole number of more digits is none that anybody means, and does not fit a float.
MOST_DIGITS = 100
#: Values within values: deeper ones are no document, and would exhaust the stack.
DEEPEST = 50
#: What is written by hand is small; aliases count as often as they are used.
MOST_CHARACTERS = 1_000_000
MOST_VALUES = 200_000

#: What YAML never holds as it is.
CONTROL = yaml.reader.Reader.NON_PRINTABLE
WHOLE = "text without half characters (lone surrogates)"
PLAIN = "plain YAML without tags that build objects"
YAML_TAG = "tag:yaml.org,2002:"
#: The tags that are read, and as what.
TAGS = {
    **dict.fromkeys(("null", "bool", "int", "float", "str", "timestamp"), yaml.ScalarNode),
    "seq": yaml.SequenceNode,
    "map": yaml.MappingNode,
}


class Document(NamedTuple):
    """A file's name in messages, its value, and for YAML the node that knows its lines, from line
    `first` on.
    """

    file: str
    value: object
    node: yaml.Node | None = None
    first: int = 1

    def line(self, place: Sequence[str | int]) -> int | None:
        """The line where the key or list item at `place` begins, or the nearest one around it; None
        for JSON.
        """
        if self.node is None:
            return None
        node, line = self.node, self.node.start_mark.line
        for part in map(str, place):
            if isinstance(node, yaml.MappingNode):
                match = [(key, value) for key, value in node.value if key.value == part]
                if not match:
                    break
                line, node = match[0][0].start_mark.line, match[0][1]
            elif isinstance(node, yaml.SequenceNode) and part in map(str, range(len(node.value))):
                node = node.value[int(part)]
                line = node.start_mark.line
            else:
                break
        return line + self.first


# --- YAML -----------------------------------------------------------------------------------------


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, which notes what it cannot make plain values of and goes on."""

    def __init__(self, text: str):
        super().__init__(text)
        self.problems: list[tuple[yaml.Mark, str, str]] = []

    def construct_object(self, node, deep=False):
        kind = TAGS.get(node.tag.removeprefix(YAML_TAG)) if node.tag.startswith(YAML_TAG) else None
        if kind is None:
            return self._wrong(node, f"the tag {shown(node.tag)}", PLAIN)
        if not isinstance(node, kind):
            return self._wrong(node, f"the tag {shown(node.tag)} on something else", PLAIN)
        if kind is not yaml.ScalarNode:
            return super().construct_object(node, deep)
        if node.tag == YAML_TAG + "int" and len(node.value) > MOST_DIGITS:
            return self._wrong(node, *_long(len(node.value)))
        try:
            value = super().construct_object(node, deep)
        except Exception:  # each kind of value fails in its own way, from KeyError to OverflowError
            name = node.tag.removeprefix(YAML_TAG)
            return self._wrong(
                node, f"{shown(node.value)} as {name}", "a value of that kind, or text in quotes"
            )
        if isinstance(value, str) and not _is_text(value):
            return self._wrong(node, shown(value), WHOLE)
        return value

    def construct_mapping(self, node, deep=False):
        seen: set[Hashable] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "a list or mapping as a key", "keys that are words")
                continue
            name = self.construct_object(key)
            if name in seen:
                self._wrong(key, f"the key {shown(name)} a second time", "each key once")
            seen.add(name)
        if not self.problems:
            return super().construct_mapping(node, deep=deep)
        for _, value in node.value:  # whose problems are told as well
            self.construct_object(value, deep=deep)
        return {}

    def _wrong(self, node: yaml.Node, found: str, allowed: str) -> None:
        self.problems.append((node.start_mark, found, allowed))


def from_yaml(text: str, file: str, first: int = 1) -> Document:
    """A YAML document's plain values (None where it holds nothing); dates without quotes come out
    as dates.

    `first` is the line of the file at which `text` begins. Raises InputError with all that is no
    plain value.
    """

    def problem(mark: yaml.Mark | None, found: str, allowed: str) -> Problem:
        return Problem(file, None if mark is None else mark.line + first, None, found, allowed)

    if len(text) > MOST_CHARACTERS:
        raise InputError(
            [problem(None, f"{len(text):,} characters", f"at most {MOST_CHARACTERS:,} in YAML")]
        )
    rows = [(line, CONTROL.search(row)) for line, row in enumerate(text.split("\n"), first)]
    if any(mark for _, mark in rows):
        allowed = "text without control characters"
        raise InputError(
            [Problem(file, line, None, shown(mark[0]), allowed) for line, mark in rows if mark]
        )
    try:
        _shallow(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                _finite(node)
            value = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        found = " ".join(str(getattr(error, "problem", None) or error).split())
        raise InputError([problem(getattr(error, "problem_mark", None), found, PLAIN)]) from None
    if loader.problems:
        # A mapping's keys are read once to look for twins and once to be used.
        told = dict.fromkeys(problem(*each) for each in loader.problems)
        raise InputError(sorted(told, key=lambda each: each.row))
    return Document(file, value, node, first)


def _shallow(text: str) -> None:
    """Raise YAMLError where values are nested too deeply; looked for first, since composing them
    exhausts the stack.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader.__base__):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(
                problem=f"more than {DEEPEST} values within each other",
                problem_mark=event.start_mark,
            )


def _finite(root: yaml.Node) -> None:
    """Raise YAMLError where aliases unfold without end, or to more values than anybody writes."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, above: tuple[int, ...] = ()) -> int:
        if id(node) in above:
            raise yaml.MarkedYAMLError(
                problem="an alias within what it stands for", problem_mark=node.start_mark
            )
        if id(node) not in sizes:
            below = (*above, id(node))
            parts = [] if isinstance(node, yaml.ScalarNode) else node.value
            sizes[id(node)] = 1 + sum(
                size(each, below)
                for part in parts
                for each in (part if isinstance(part, tuple) else (part,))
            )
        return sizes[id(node)]

    if size(root) > MOST_VALUES:
        raise yaml.MarkedYAMLError(
            problem=f"more than {MOST_VALUES:,} values", problem_mark=root.start_mark
        )


# --- JSON -----------------------------------------------------------------------------------------


def from_json(text: str, file: str) -> Document:
    """A JSON document's values; NaN and Infinity come out as floats, as Python's writer makes them.

    Raises InputError where it is no JSON, with all keys that appear twice and numbers and texts
    that are none.
    """
    problems: list[Problem] = []

    def whole(digits: str) -> int:
        if len(digits.lstrip("-")) <= MOST_DIGITS:
            return int(digits)
        line = text.count("\n", 0, text.index(digits)) + 1
        problems.append(Problem(file, line, None, *_long(len(digits.lstrip("-")))))
        return 0

    def mapping(pairs: list[tuple[str, object]]) -> dict:
        found = dict(pairs)
        if len(found) < len(pairs):
            often = collections.Counter(key for key, _ in pairs)
            twins = [key for key in often if often[key] > 1]
            problems.extend(
                Problem(file, None, key, "the key a second time", "each key of a mapping once")
                for key in twins
            )
        return found

    try:
        value = json.loads(text, parse_int=whole, object_pairs_hook=mapping)
    except json.JSONDecodeError as error:
        found = f"no JSON ({error.msg}, character {error.colno})"
        raise InputError([Problem(file, error.lineno, None, found, "JSON")]) from None
    except RecursionError:
        found = "no JSON that can be read (too many values within each other)"
        raise InputError([Problem(file, None, None, found, "JSON")]) from None
    problems += [
        Problem(file, None, place or None, shown(half), WHOLE) for place, half in _half_texts(value)
    ]
    if problems:
        raise InputError(problems)
    return Document(file, value)


def _half_texts(value: object) -> list[tuple[str, str]]:
    """(place, text) of each key or text that holds a lone surrogate."""
    found, waiting = [], [("", value)]
    while waiting:
        place, each = waiting.pop()
        if isinstance(each, str) and not _is_text(each):
            found.append((place, each))
        elif isinstance(each, dict | list):
            pairs = each.items() if isinstance(each, dict) else enumerate(each)
            below = [(f"{place}.{key}".removeprefix("."), part) for key, part in pairs]
            found += (
                [(place, key) for key in each if isinstance(key, str) and not _is_text(key)]
                if isinstance(each, dict)
                else []
            )
            waiting += reversed(below)
    return found


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _long(digits: int) -> tuple[str, str]:
    return f"a whole number of {digits:,} digits", f"at most {MOST_DIGITS} digits"


def named(value: object) -> str:
    """A value as a message names it: itself where it is short, else its kind."""
    if isinstance(value, str):
        return shown(value)
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    if isinstance(value, int | float):
        return repr(value)
    return kinds.get(type(value)) or shown(value)
