"""Which keys and values must a document have?  A document and a form in, its checked content or
every problem out.

A form is a pydantic model made of `Part`s, so that a misspelt or missing key is named as a wrong
value is. The kinds of text that several forms share are here; study.yml's form is in `lib.study`,
claims.yml's in `lib.claims`, an export's in its importer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from lib.reading import documents
from lib.reading.documents import Document
from lib.reading.files import InputError, Problem, is_date, is_line

#: Kinds of pydantic's errors that need other words here, with what is allowed in their place.
WORDS = {
    "missing": "a value, this key is needed",
    "dict_type": "keys with values",
    "extra_forbidden": "only the keys that this file knows",
    "model_type": "keys with values",
    "invalid_key": "a word as a key",
}


class Part(BaseModel):
    """A mapping of which every key is known; numbers are finite, and no value is taken for one of
    another kind.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=()
    )


class Known(Part):
    """A mapping of which only these keys are read; what others hold is somebody else's business."""

    model_config = ConfigDict(extra="ignore")


def _text_of_date(value: object) -> object:
    """YAML turns 2024-07-01 into a date; ids and dates are text here whether quoted or not."""
    return value.isoformat() if type(value).__name__ == "date" else value


def _folded(value: object) -> object:
    """A long line that YAML folds (after >) ends with a line end, which is none of the text."""
    return value.removesuffix("\n") if isinstance(value, str) else value


def that(accepts: Callable[[str], object], words: str) -> AfterValidator:
    """Text that `accepts` takes; `words` say what is allowed."""

    def check(text: str) -> str:
        if not accepts(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


def matching(pattern: str, words: str) -> AfterValidator:
    """Text that is whole of a pattern; `words` say so for people."""
    return that(re.compile(pattern).fullmatch, words)


LINE = "printable text on one line"
Line = Annotated[
    str, BeforeValidator(_folded), that(lambda text: text.strip() and is_line(text), LINE)
]
LineOrNothing = Annotated[str, BeforeValidator(_folded), that(is_line, LINE)]
Date = Annotated[
    str,
    BeforeValidator(_text_of_date),
    that(is_date, "a date of the calendar as YYYY-MM-DD, YYYY-MM or YYYY"),
]
Id = Annotated[
    str,
    BeforeValidator(_text_of_date),
    matching(r"[a-z0-9]+([.-][a-z0-9]+)*", "a short id of a-z, 0-9, - and ."),
]

Form = TypeVar("Form", bound=Part)


def checked(document: Document, form: type[Form]) -> Form:
    """The document's content as `form` has it. Raises InputError with everything in which it
    differs.
    """
    if not isinstance(document.value, dict):
        raise InputError(
            [
                Problem(
                    document.file,
                    document.line([]),
                    None,
                    documents.named(document.value),
                    WORDS["dict_type"],
                )
            ]
        )
    try:
        return form.model_validate(document.value)
    except ValidationError as error:
        problems = [_problem(each, document) for each in error.errors(include_url=False)]
        raise InputError(problems) from None


def _problem(error: dict, document: Document) -> Problem:
    """One of pydantic's errors in our words."""
    place = [str(part) for part in error["loc"] if part != "[key]"]
    found = {"missing": "nothing", "extra_forbidden": "an unknown key"}.get(error["type"])
    words = re.sub("^(Value error, |Input should be |Input should )", "", error["msg"])
    return Problem(
        document.file,
        document.line(place),
        ".".join(place),
        found or documents.named(error["input"]),
        WORDS.get(error["type"]) or words[:1].lower() + words[1:],
    )
