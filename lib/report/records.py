"""What a chapter leaves behind: records with checked ids, as plain JSON values."""

from __future__ import annotations

import dataclasses
import math
import numbers
import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

#: Output kinds that the executor takes out of a notebook and writes to files.
RECORDS = "application/vnd.study.records+json"
DOWNLOAD = "application/vnd.study.download+json"
SAID = "application/vnd.study.said+json"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9~@/._+#-]*")
_FIGURE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ReportError(ValueError):
    """A page was asked for something it must not write; the message says what and what is
    allowed."""


def checked_id(name: str) -> str:
    """Return `name` if it is a record's id: topic/quantity/subject of letters, digits and ~ @ / . _
    + # -."""
    if (
        not isinstance(name, str)
        or not _ID.fullmatch(name)
        or ".." in name
        or "//" in name
        or name.endswith("/")
    ):
        raise ReportError(
            f"{name!r} is no id of a result; ids look like topic/quantity/subject and hold "
            "only letters, digits and ~ @ / . _ + # -"
        )
    return name


def checked_name(name: str) -> str:
    """Return `name` if it can name a figure, table and file: lower-case words joined by hyphens."""
    if not isinstance(name, str) or not _FIGURE.fullmatch(name):
        raise ReportError(
            f"{name!r} is no name of a figure or table; use lower-case letters, digits and hyphens"
        )
    return name


def plain(value: object) -> object:
    """A JSON value of full precision: numpy scalars unpacked, NaN and infinity as None."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, (bool, str)):
        return None if value is None else (str(value) if isinstance(value, str) else value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    if value is pd.NA or value is pd.NaT:
        return None
    return str(value)


def record(name: str, estimate: object, sentence: str | None = None) -> dict:
    """One record: the id, the estimate's known fields (or a bare value), and a sentence if there is
    one."""
    if hasattr(estimate, "as_dict"):
        fields = estimate.as_dict()
    elif dataclasses.is_dataclass(estimate) and not isinstance(estimate, type):
        fields = dataclasses.asdict(estimate)
    elif isinstance(estimate, Mapping):
        fields = dict(estimate)
    else:
        fields = {"value": estimate}
    fields = {key: plain(value) for key, value in fields.items()}
    fields = {
        key: value for key, value in fields.items() if key == "value" or value not in (None, "")
    }
    if "value" not in fields:
        raise ReportError(f"{name}: a record needs a value, found {', '.join(fields) or 'nothing'}")
    if sentence is not None:
        fields["sentence"] = str(sentence)
    return {"id": checked_id(name), **fields}


def rows(table: pd.DataFrame | Mapping) -> Iterable[tuple[str, object]]:
    """The (id, estimate) pairs of a table with a column (or index) `id`, or of a dict."""
    if isinstance(table, Mapping):
        return list(table.items())
    if not isinstance(table, pd.DataFrame):
        raise ReportError(f"record takes a DataFrame or a dict, found {type(table).__name__}")
    if "id" not in table.columns:
        if table.index.name != "id":
            raise ReportError(
                "record: the table has no column id; its columns are "
                f"{', '.join(map(str, table.columns))}"
            )
        table = table.reset_index()
    return [(row.pop("id"), row) for row in table.to_dict("records")]
