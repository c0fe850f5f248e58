"""What may stand in a study.yml and a claims.yml?  The file's bytes in, checked settings and every problem found out.

YAML is read with the safe loader only: a tag that would build an object is an error with a line number, and so is a
key that appears twice. The form itself is a pydantic model, so that a misspelt or missing key is named like a wrong
value is.
"""

from __future__ import annotations

import datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

Strategy = Literal["from_scratch_english", "from_scratch_multilingual", "from_scratch_local", "continual_local",
                   "unknown"]


def _inside(path: str) -> str:
    """A file's path within the study's own folder: names in data never lead out of it."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or "\\" in path or ":" in path or ".." in parts:
        raise ValueError("a path inside the study's folder")
    return path


def _text_of_date(value: object) -> object:
    """YAML turns 2024-07-01 into a date; ids and dates are text here whether quoted or not."""
    return value.isoformat() if type(value) is datetime.date else value


Id = Annotated[str, BeforeValidator(_text_of_date), Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
Date = Annotated[str, BeforeValidator(_text_of_date),
                 Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
Line = Annotated[str, Field(min_length=1)]
Path = Annotated[str, AfterValidator(_inside)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Snapshot(_Part):
    """One state of the scores: its id, what people call it, which of the sources it comes from."""

    id: Id
    date: Date = ""
    label: str = ""
    source: str = ""


class Source(_Part):
    """Where data come from, and on which terms."""

    id: Id
    title: Line
    url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    commit: str = ""
    date: Date = ""
    licence: Line
    file: Path | None = None


class Range(_Part):
    """Between which values something undisclosed lies; `of` says what an English share is a share of."""

    lower: float
    upper: float
    scale: Literal["uniform", "log-uniform"]
    of: Literal["own", "rest"] = "own"

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not 0 <= self.lower <= self.upper or (self.scale == "log-uniform" and self.lower == 0):
            raise ValueError("lower and upper with 0 <= lower <= upper, and lower above 0 where log-uniform")
        return self


class Ranges(_Part):
    """One set of ranges, by training strategy."""

    label: str = ""
    own_tokens_b: dict[Strategy, Range] = {}
    local_share: dict[Strategy, Range] = {}
    english_share: dict[Strategy, Range] = {}

    @model_validator(mode="after")
    def _shares(self) -> Ranges:
        if any(share.upper > 1 for shares in (self.local_share, self.english_share) for share in shares.values()):
            raise ValueError("shares as fractions, at most 1")
        return self


class Settings(_Part):
    """A whole study.yml."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    language: Line
    name: str = ""
    title: Line
    default_snapshot: Id
    snapshots: Annotated[list[Snapshot], Field(min_length=1)]
    anchors: dict[Annotated[str, Field(pattern=r"^PC[1-9]\d*$")], str] = {}
    citation: list[str] = []
    sources: list[Source] = []
    ranges: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], Ranges] = {}


#: A threshold: a number, or the id of a judged result whose threshold it is.
Threshold = float | Annotated[str, Field(pattern=r"^[a-z0-9-]+/\S+$")]


class Test(_Part):
    """How a claim is tested on one panel: recorded results, judged by their chapter or by a threshold (see
    `summary.claims`)."""

    test: Literal["verdict", "interval", "each", "no-gain"]
    result: Line | None = None
    results: Annotated[list[Line], Field(min_length=1)] | None = None
    above: Threshold | None = None
    below: Threshold | None = None
    within: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    opposite: bool | None = None

    @model_validator(mode="after")
    def _whole(self) -> Test:
        if (self.result is None) == (self.test == "interval") or (self.results is None) != (self.test == "interval"):
            raise ValueError("result with test interval, results with any other test")
        given = sum(threshold is not None for threshold in (self.above, self.below, self.within))
        if self.test == "verdict" and given:
            raise ValueError("no threshold with test verdict: the chapter that recorded the result has it")
        if self.test == "no-gain" and (self.within is None or given != 1):
            raise ValueError("within, and no other threshold, with test no-gain")
        if self.test in ("interval", "each") and given != 1:
            raise ValueError("exactly one of above, below, within")
        if self.opposite is not None and self.test != "verdict":
            raise ValueError("opposite with test verdict only")
        return self


class Claim(_Part):
    """A claim of the study that is reproduced: in our words, and in few of them, where it is made, which question of the
    conclusions it belongs to, how each panel of models tests it."""

    id: Id
    sentence: Line
    short: Line | None = None
    where: Line
    group: Literal["carries", "needs", "factors", "scales"] | None = None
    tests: Annotated[dict[Literal["source", "further", "pairs"], Test], Field(min_length=1)]


class Claims(_Part):
    """A whole claims.yml."""

    claims: list[Claim]

    @model_validator(mode="after")
    def _once(self) -> Claims:
        ids = [claim.id for claim in self.claims]
        again = sorted({each for each in ids if ids.count(each) > 1})
        if again:
            raise ValueError(f"each id once ({', '.join(again)} is there again)")
        return self


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, which also refuses a key that appears twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if isinstance(name, str) and name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} a second time", key.start_mark)
            seen.add(name if isinstance(name, str) else id(key))
        return super().construct_mapping(node, deep=deep)


def read(text: str, form: type[_Part] = Settings) -> tuple[_Part | None, list[tuple[int | None, str | None, str, str]]]:
    """The checked content of a file's text, or None and its problems as (line, key, found, allowed).

    `form` is what the file must be: Settings for a study.yml, Claims for a claims.yml.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            content = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = " ".join(str(getattr(error, "problem", None) or error).split())
        return None, [(mark.line + 1 if mark else None, None, found, "plain YAML without tags that build objects")]
    except (ValueError, OverflowError, RecursionError) as error:  # such as a date with a thirteenth month
        return None, [(None, None, f"a value that cannot be read ({error})", "plain YAML")]
    if not isinstance(content, dict):
        found = "nothing" if content is None else f"a {type(content).__name__}"
        return None, [(None, None, found, "keys with values, such as code: ja")]
    try:
        return form.model_validate(content), []
    except ValidationError as error:
        return None, [_problem(each, node) for each in error.errors(include_url=False)]


def _problem(error: dict, root: yaml.Node) -> tuple[int | None, str, str, str]:
    """One of pydantic's errors in the words of a `schema.Problem`."""
    place = [str(part) for part in error["loc"] if part != "[key]"]
    line = _line(root, place)
    key = ".".join(place)
    if error["type"] == "missing":
        return line, key, "nothing", "a value, this key is needed"
    if error["type"] == "extra_forbidden":
        return line, key, "an unknown key", "only the keys that this file knows"
    allowed = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ").replace("Input should ", "")
    allowed = allowed[:1].lower() + allowed[1:]
    found = error["input"]
    return line, key, repr(found)[:60] if isinstance(found, (str, int, float)) else f"a {type(found).__name__}", allowed


def _line(node: yaml.Node, place: list[str]) -> int:
    """The line where the key or list item at `place` begins, or the nearest one around it."""
    line = node.start_mark.line + 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            match = [(key, value) for key, value in node.value if key.value == part]
            if not match:
                return line
            line, node = match[0][0].start_mark.line + 1, match[0][1]
        elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line + 1
        else:
            return line
    return line
