"""A DataFrame as an accessible HTML table: caption, scoped headers, its own scroll box, everything
escaped."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping

import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

from .text import MISSING, SIGNS, Markup, badge, escape, number

#: A cell with more characters than this is read as a sentence, and not squeezed to a word a line.
SENTENCE = 60


def html(
    name: str,
    table: pd.DataFrame,
    caption: str,
    formats: Mapping,
    index: bool,
    called: Callable[[str], str] = str,
) -> str:
    """The table as HTML; `formats` maps a column to a function of the cell, a number of decimals or
    a format (as in `words.number`), `called` says what subjects are called."""
    if index:
        table = table.reset_index(names=table.index.name or "")
    kinds = {column: _is_numeric(table[column]) for column in table.columns}
    head = "".join(
        f'<th scope="col"{_class(kinds[column])}>{escape(column)}</th>' for column in table.columns
    )
    rows = "".join(
        _row(values, list(table.columns), kinds, formats, index, called)
        for values in table.itertuples(index=False, name=None)
    )
    shown = f"<caption>{escape(caption)}</caption>" if caption else ""
    label = escape(caption or name.replace("-", " "))
    return (
        f'<div class="study-table" id="table-{name}" role="region" tabindex="0" '
        f'aria-label="{label}">'
        f"<table>{shown}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="study-tools"><a href="data/{name}.csv" download>Data (CSV)</a></p>'
    )


def badged(
    table: Estimates,
    spec: str,
    called: Callable[[str], str],
    opposite: bool,
    badges: Mapping[str, str],
) -> Markup:
    """See `Page.badged`."""
    if not len(table):
        return Markup(f'<p class="badged">{escape(badges.get(words.NONE, words.NONE))}</p>')
    rows = []
    for subject, each in table.items():
        answer = (each.verdict.turned if opposite else each.verdict).answer
        value, _, interval = each.written(spec).partition(" ")
        rows.append(
            f"<li>{badge(answer, badges.get(answer))} "
            f'<span class="subject">{escape(called(subject))}</span> '
            f"<strong>{escape(value)}</strong> "
            f'<span class="interval">{escape(interval)}</span></li>'
        )
    return Markup(f'<ul class="badged">{"".join(rows)}</ul>')


def _row(
    values: tuple,
    columns: list,
    kinds: dict,
    formats: Mapping,
    index: bool,
    called: Callable[[str], str],
) -> str:
    cells = []
    for position, (column, value) in enumerate(zip(columns, values, strict=True)):
        text = _cell(value, formats.get(column), called)
        tag = 'th scope="row"' if index and position == 0 else "td"
        long = isinstance(value, str) and len(value) > SENTENCE
        look = _class(kinds[column]) or (' class="sentence"' if long else "")
        cells.append(f"<{tag}{look}>{text}</{tag[:2]}>")
    return f"<tr>{''.join(cells)}</tr>"


def _cell(value: object, how, name: Callable[[str], str] = str) -> Markup:
    if value is None or value is pd.NA or (isinstance(value, numbers.Real) and value != value):
        return Markup(f'<span aria-label="none">{MISSING}</span>')
    if callable(how):
        return escape(how(value))
    if isinstance(value, str) and value in SIGNS:
        return badge(value)
    if hasattr(value, "low") and hasattr(value, "value"):
        first, _, interval = format(value, how if isinstance(how, str) else "").partition(" ")
        return Markup(f'{escape(first)} <span class="interval">{escape(interval)}</span>')
    if hasattr(value, "written"):
        return escape(value.written("", name))
    if isinstance(how, str):
        return escape(words.number(value, how))
    return escape(number(value, how if isinstance(how, int) else 2))


def _is_numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _class(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def columns(
    parts: Mapping[str, object], called: Callable[[str], str], head: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table put together from estimates and series on the same subjects: as it is shown, and as
    its CSV.

    Rows are the subjects of the first part, in its order, headed by what they are called.  In the
    CSV an estimate takes three columns: value, low and high.
    """
    subjects = list(
        next(iter(parts.values())).subjects
        if hasattr(next(iter(parts.values())), "subjects")
        else next(iter(parts.values())).index
    )
    index = pd.Index([called(each) for each in subjects], name=head)
    shown, data = {}, {"id": subjects}
    for column, part in parts.items():
        if hasattr(part, "subjects"):
            there = dict(part.items())
            shown[column] = [there.get(each) for each in subjects]
            data |= {
                f"{column}{end}": part.frame[field].reindex(subjects).to_list()
                for end, field in (("", "value"), (" low", "low"), (" high", "high"))
                if field in part.frame
            }
        else:
            shown[column] = [part.get(each) for each in subjects]
            data[column] = [
                words.written(value, name=called) if hasattr(value, "written") else value
                for value in shown[column]
            ]
    return pd.DataFrame(shown, index=index, dtype=object), pd.DataFrame(data, index=index)
