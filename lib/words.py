"""How is a value written?  The one formatter: numbers, intervals, verdicts and lists as people read
them.

It knows nothing of studies, tables or pages; whoever calls it says what subjects are called.  What
can write itself has a method `written(spec, name)`; everything else is written here.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

MINUS = "\N{MINUS SIGN}"
MISSING = "\N{EN DASH}"
NONE = "none"
#: How a fraction is written where nothing else is asked for.
DECIMALS = ".2f"


def number(value: object, spec: str = "") -> str:
    """A value as text: a true minus sign, no negative zero, integers in groups of three, a dash for
    what is missing.

    Parameters
    ----------
    value : text passes unchanged; None and NaN give a dash; a bool is yes or no.
    spec : a format specification for numbers, such as `+.2f` or `.0%`; by default two decimals,
        integers whole.

    >>> number(-0.001), number(-0.25, "+.1f"), number(12345), number(None), number(0.05, ".0%")
    ('0.00', '−0.2', '12\u202f345', '–', '5%')
    >>> number(123.0, ".2g")
    '120'
    """
    if isinstance(value, str):
        return str(value)
    if value is None or (isinstance(value, numbers.Real) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral) and not spec:
        return f"{int(value):,}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace("-", MINUS)
    if isinstance(value, numbers.Real):
        return _unsigned_zero(_plain(value, spec or DECIMALS)).replace("-", MINUS)
    return str(value)


def _plain(value: numbers.Real, spec: str) -> str:
    """Significant digits without powers of ten: 120, where `.2g` alone writes 1.2e+02."""
    text = format(float(value), spec)
    if spec.endswith("g") and "e" in text:
        text = format(float(text), f"{'+' * spec.startswith('+')}f").rstrip("0").rstrip(".")
    return text


def interval(value: object, low: float | None, high: float | None, spec: str = "") -> str:
    """`0.91 [0.83, 0.95]`; the number alone where an end is missing.

    >>> interval(0.9093, 0.8331, 0.9587), interval(0.5, None, None)
    ('0.91 [0.83, 0.96]', '0.50')
    """
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return number(value, spec)
    return f"{number(value, spec)} [{number(low, spec)}, {number(high, spec)}]"


def listed(words: Iterable[str], otherwise: str = NONE) -> str:
    """Words as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([]), listed(["a and b", "c and d"])
    ('a, b and c', 'a', 'none', 'a and b; c and d')
    """
    *most, last = list(words) or [otherwise]
    if any(" and " in word for word in (*most, last)):
        return "; ".join((*most, last))
    return f"{', '.join(most)} and {last}" if most else last


def counted(count: int, what: str) -> str:
    """So many of `what` (in the plural, with a plain -s), small counts in letters.

    >>> counted(5, "lineages"), counted(1, "lineages"), counted(12, "models")
    ('five lineages', 'one lineage', '12 models')
    """
    letters = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    said = letters[count] if count < len(letters) else number(count)
    return f"{said} {what.removesuffix('s') if count == 1 else what}"


def first_upper(text: str) -> str:
    """A word or phrase as it opens a sentence or heads a group; the rest stays as it is.

    >>> first_upper("PC1 in all"), first_upper("translated pairs")
    ('PC1 in all', 'Translated pairs')
    """
    return text[:1].upper() + text[1:]


@runtime_checkable
class Written(Protocol):
    """What knows how it is written: an estimate, a table of them, a list of subjects.

    >>> isinstance(Subjects(["niilc"]), Written), isinstance("niilc", Written)
    (True, False)
    """

    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        """As text; `spec` is of its numbers, `name` says what a subject is called."""
        ...


def written(value: object, spec: str = "", name: Callable[[str], str] = str) -> str:
    """Any value of a page as text; `name` says what a subject is called.

    >>> written(Subjects(["niilc"]), name=str.upper), written(["a", "b"]), written(12.6, ".0f")
    ('NIILC', 'a and b', '13')
    """
    if isinstance(value, Written):
        return value.written(spec, name)
    if isinstance(value, list | tuple):
        return listed(map(str, value))
    return number(value, spec)


class Subjects(list):
    """Ids that are written as the names of what they stand for: `{eval}`apart.names``.

    >>> Subjects(["niilc", "jcom"]).written("", str.upper), Subjects(["niilc"]).count
    ('NIILC and JCOM', 1)
    """

    @property
    # Of all, not of one: a list of subjects holds each once.
    def count(self) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """How many there are."""
        return len(self)

    @property
    def few(self) -> Subjects:
        """The same, written as the first five and how many more: for lists that may be long."""
        return _Few(self)

    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        """The names as a list in a sentence."""
        return listed(map(name, self))

    def __str__(self) -> str:
        return self.written()


class _Few(Subjects):
    def written(self, spec: str = "", name: Callable[[str], str] = str) -> str:
        most = 5 if len(self) > 6 else len(self)
        rest = [f"{len(self) - most} more"] if len(self) > most else []
        return listed([*map(name, self[:most]), *rest])


def _unsigned_zero(text: str) -> str:
    """Without the minus sign where rounding left nothing but zeros."""
    return (
        text[1:]
        if text.startswith("-") and not any(digit in text for digit in "123456789")
        else text
    )
