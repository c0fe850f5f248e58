"""Which papers does a page name?  Keys of references.bib that stand in a study's data, for its
text.

`{eval}`papers:cite`` in a chapter becomes citations: of a list of keys, or, of a mapping from
subject to keys, each after its subject's name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

import pandas as pd

#: The format by which a text asks for citations.
CITE = "cite"


def cited(keys: Iterable[str] | Mapping | pd.Series, called: Callable[[str], str]) -> str:
    """What the executor makes citations of: JSON, a list of [name, keys].

    >>> cited({"niilc": "sekine2003niilc", "x": ""}, str.upper)
    '[["NIILC", ["sekine2003niilc"]]]'
    """
    named = keys.items() if isinstance(keys, Mapping | pd.Series) else (("", each) for each in keys)
    found = [[called(subject) if subject else "", _split(each)] for subject, each in named]
    return json.dumps([[name, these] for name, these in found if these])


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]
