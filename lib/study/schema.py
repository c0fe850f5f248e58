"""What may stand in a study's tables?  Every column with what its cells may hold, declared once.

The checks are pandera's; `folder` applies them to files, importers look at them before they write,
and the fork guide shows them.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from typing import get_args

import pandas as pd
import pandera.pandas as pa

from lib.reading import is_date, is_line
from lib.study.settings import Strategy

SIDES = ("local", "english")
STRATEGIES = get_args(Strategy)
DIRECTIONS = ("into_local", "into_english")
COUNTERPARTS = ("translation", "similar")
#: Where a benchmark's items come from: written in its language, made by a language model from texts
#: in it, translated by people or by machine, translated and then changed to fit; or nobody says.
ORIGINS = ("native", "generated", "human_translation", "machine_translation", "adapted", "unknown")
DISCLOSURES = ("split_disclosed", "total_only", "undisclosed")
CONFIDENCES = ("confirmed", "derived", "recalled", "assumed")

ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
#: A model's id as hubs write it: an organisation, a slash, a name; some add a revision (@) or a
#: variant (#).
MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:@#-]*(?:/[A-Za-z0-9][A-Za-z0-9._+:@#-]*)*")
MODEL_FORM = "a model's id of A-Z, a-z, 0-9 and . _ - + : @ #, with / between its parts"
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def is_model_id(text: str) -> bool:
    """Whether text can name a model: as hubs write it, never a path that leads out of a folder."""
    return bool(MODEL_ID.fullmatch(text)) and ".." not in text


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number in ASCII digits; "nan", "1_000" and digits of other scripts
    are not."""
    return bool(NUMBER.fullmatch(cell)) and math.isfinite(float(cell))


# --- the tables -----------------------------------------------------------------------------------


def _cells(allowed: str, accepts) -> pa.Check:
    """A check of each cell's text; `allowed` is what the message says of it."""
    return pa.Check(lambda column: column.map(lambda cell: bool(accepts(cell))), error=allowed)


def _one_of(values: tuple[str, ...], empty: bool = False) -> pa.Check:
    allowed = ", ".join(values) + (", or nothing" if empty else "")
    return _cells(allowed, lambda cell: cell in values or (empty and cell == ""))


def _number(lower: float | None = None, empty: bool = False) -> pa.Check:
    allowed = (
        "a number"
        + ("" if lower is None else f" of at least {lower:g}")
        + (", or nothing" if empty else "")
    )

    def accepts(cell: str) -> bool:
        if cell == "":
            return empty
        return is_number(cell) and (lower is None or float(cell) >= lower)

    return _cells(allowed, accepts)


#: Notes may have several lines; nothing may steer a terminal or turn the direction of writing.
ANY = _cells("any printable text", lambda cell: is_line(re.sub(r"[\r\n\t]", "", cell)))
LINE = _cells("printable text on one line, or nothing", is_line)
SOME = _cells("printable text on one line", lambda cell: cell.strip() != "" and is_line(cell))
MODEL = _cells(MODEL_FORM, is_model_id)
SLUG = _cells("a short id of a-z, 0-9, - and .", ID.fullmatch)
SNAPSHOT = _cells("a snapshot's id of a-z, 0-9, - and .", ID.fullmatch)
URL = _cells(
    "an http or https address, or nothing",
    lambda cell: cell == "" or re.fullmatch(r"https?://\S+", cell),
)
WHEN = _cells(
    "a date as YYYY-MM-DD, YYYY-MM or YYYY, or nothing", lambda cell: cell == "" or is_date(cell)
)


@dataclass(frozen=True)
class Form:
    """One table's columns with their checks, which of them may be absent, and which columns name a
    row."""

    columns: dict[str, pa.Check]
    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    required: bool = True

    def empty(self) -> pd.DataFrame:
        """The table of a study that does not have this file."""
        return pd.DataFrame(columns=list(self.columns), dtype=object)

    @functools.cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The same as a pandera schema; a column it does not know is an error."""
        return pa.DataFrameSchema(
            {
                name: pa.Column(object, check, required=name not in self.optional)
                for name, check in self.columns.items()
            },
            strict=True,
        )


FORMS = {
    "models.csv": Form(
        {
            "model_id": MODEL,
            "name": SOME,
            "developer": LINE,
            "lineage": LINE,
            "parent_id": ANY,
            "parent_note": ANY,
            "strategy": _one_of(STRATEGIES),
            "params_total_b": _number(0, empty=True),
            "params_active_b": _number(0, empty=True),
            "released": WHEN,
            "note": ANY,
            "url": URL,
            "built_for_local": _one_of(("yes",), empty=True),
        },
        key=("model_id",),
        numbers=("params_total_b", "params_active_b"),
        optional=("note", "url", "built_for_local"),
    ),
    "benchmarks.csv": Form(
        {
            "benchmark_id": SLUG,
            "name": SOME,
            "language": _one_of(SIDES),
            "ability": SLUG,
            "metric": SOME,
            "direction": _one_of(DIRECTIONS, empty=True),
            "minimum": _number(),
            "maximum": _number(),
            "chance": _number(empty=True),
            "counterpart_id": ANY,
            "counterpart_kind": _one_of(COUNTERPARTS, empty=True),
            "citation": LINE,
            "about": LINE,
            "origin": _one_of(ORIGINS, empty=True),
            "origin_source": LINE,
        },
        key=("benchmark_id",),
        numbers=("minimum", "maximum", "chance"),
        optional=("chance", "about", "origin", "origin_source"),
    ),
    "evaluations.csv": Form(
        {
            "benchmark_id": SLUG,
            "snapshot": SNAPSHOT,
            "metric": SOME,
            "shots": _number(0, empty=True),
            "shots_confidence": _one_of(CONFIDENCES, empty=True),
            "items": _number(1, empty=True),
            "items_confidence": _one_of(CONFIDENCES, empty=True),
            "note": ANY,
        },
        key=("benchmark_id", "snapshot"),
        numbers=("shots", "items"),
        optional=("shots_confidence", "note"),
        required=False,
    ),
    "scores.csv": Form(
        {
            "model_id": MODEL,
            "benchmark_id": SLUG,
            "snapshot": SNAPSHOT,
            "split": LINE,
            "score": _number(),
            "standard_error": _number(0, empty=True),
        },
        key=("model_id", "benchmark_id", "snapshot"),
        numbers=("score", "standard_error"),
    ),
    "training.csv": Form(
        {
            "model_id": MODEL,
            "own_tokens_b": _number(0, empty=True),
            "own_local_tokens_b": _number(0, empty=True),
            "own_english_tokens_b": _number(0, empty=True),
            "disclosure": _one_of(DISCLOSURES),
            "source": ANY,
            "confidence": _one_of(CONFIDENCES, empty=True),
            "note": ANY,
        },
        key=("model_id",),
        numbers=("own_tokens_b", "own_local_tokens_b", "own_english_tokens_b"),
        required=False,
    ),
}
#: A study's files: those of keys and values, then its tables.
NAMES = ("study.yml", "claims.yml", "forecasts.yml", "history.yml", *FORMS)


def typed(table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """A checked table with every column: floats where numbers belong (NaN where empty), else
    text."""
    table = table.reindex(columns=list(form.columns), fill_value="")
    for column in form.numbers:
        table[column] = [float(cell) if cell else float("nan") for cell in table[column]]
    return table


def described() -> pd.DataFrame:
    """Every column of every table with what its cells may hold, as the fork guide shows it."""
    rows = [
        {
            "File": name,
            "Column": column,
            "May hold": check.error,
            "Column needed?": "may be absent" if column in form.optional else "yes",
        }
        for name, form in FORMS.items()
        for column, check in form.columns.items()
    ]
    return pd.DataFrame(rows)
