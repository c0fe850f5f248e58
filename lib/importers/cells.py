"""What does a cell of a EuroEval leaderboard say?  HTML and cell text in, plain text, links, scores
and names out.

The leaderboards are made for a web page: names are links, headers are styled, and a score brings
its interval and a sort key. Everything is untrusted text. HTML goes through the standard library's
parser, which knows comments, quotes and character references; what is left is a name to be checked,
never markup.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import NamedTuple

#: A published interval reaches this many standard errors to either side.
HALF_WIDTH = 1.96

#: How a leaderboard writes that a model was not run.
ABSENT = "-@@-1"

#: The mark of a base model, and of the other kinds, in the column Type.
BASE, OTHERS = "🧠", ("📝", "🤔", "🔍")

_NUMBER = r"-?[0-9]{1,4}(?:\.[0-9]+)?"
_MEASURE = rf"({_NUMBER}) ± ([0-9]{{1,4}}(?:\.[0-9]+)?)"
SCORE = re.compile(rf"{_MEASURE}(?: / {_MEASURE})*(?:@@({_NUMBER}))?")
NAME = re.compile(r"(?P<id>[^()]+?)(?: \((?P<remarks>[a-z][a-z, -]*)\))?")
REMARKS = ("val", "few-shot", "zero-shot")

SCORE_FORM = f"such as '58.76 ± 2.51 / 70.76 ± 2.55@@58.76', or {ABSENT!r}"


class Score(NamedTuple):
    """A cell's first metric, in the leaderboard's own scale, and its standard error."""

    value: float
    standard_error: float


class Name(NamedTuple):
    """A model's name: its id on the hub, the split it was scored on, and whether it saw no
    examples."""

    id: str
    split: str
    zero_shot: bool


class Text(NamedTuple):
    """What a piece of HTML shows, and the first address that it links to ("" where none)."""

    shown: str
    link: str


class _Reader(HTMLParser):
    """Collects text and links; what stands in a script or a style is code, not text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.code = 0

    def handle_starttag(self, tag, attrs):
        """Note a link, and where code begins."""
        self.code += tag in ("script", "style")
        self.links += [value for key, value in attrs if tag == "a" and key == "href" and value]

    def handle_endtag(self, tag):
        """Note where code ends."""
        self.code -= tag in ("script", "style") and self.code > 0

    def handle_data(self, data):
        """Collect text."""
        if not self.code:
            self.parts.append(data)


def text(html: str) -> Text:
    """The text and the first http or https link of a piece of HTML. Never fails; what it returns is
    still untrusted."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    shown = " ".join("".join(reader.parts).split())
    links = [link for link in reader.links if re.fullmatch(r"https?://[^\s<>\"']+", link)]
    return Text(shown, links[0] if links else "")


def score(cell: str) -> Score | None:
    """The first metric of a cell such as '58.76 ± 2.51 / 70.76 ± 2.55@@58.76'; None where the model
    was not run.

    The half-width after ± is 1.96 standard errors. Raises ValueError where the cell has another
    form, or where the sort key after @@ contradicts the score.
    """
    if cell == ABSENT:
        return None
    match = SCORE.fullmatch(cell)
    if match is None:
        raise ValueError(SCORE_FORM)
    value, half, key = float(match[1]), float(match[2]), match[5]
    if key is not None and float(key) != value:
        raise ValueError("a sort key after @@ that is the first score")
    return Score(value, half / HALF_WIDTH)


def name(shown: str) -> Name:
    """A model's name such as 'org/model (zero-shot, val)', without its remarks; a variant after #
    stays part of the id.

    Raises ValueError where a remark is unknown: it might change what the score means.
    """
    match = NAME.fullmatch(shown)
    remarks = [] if match is None or match["remarks"] is None else match["remarks"].split(", ")
    if match is None or any(remark not in REMARKS for remark in remarks):
        raise ValueError(f"organisation/model, then any of {', '.join(REMARKS)} in brackets")
    return Name(match["id"], "val" if "val" in remarks else "test", "zero-shot" in remarks)


def parameters(cell: str) -> float | None:
    """Billions of parameters of a cell in units, None for '?'. Raises ValueError for anything
    else."""
    if cell in ("?", ""):
        return None
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]*)?", cell):
        raise ValueError("a number of parameters, or ?")
    return float(cell) / 1e9


def yes(cell: str) -> bool | None:
    """Whether a cell holds a tick; None where it says neither yes nor no."""
    return {"✓": True, "✗": False}.get(cell)


def slug(words: str) -> str:
    """A short id of a-z, 0-9 and -; accents are dropped, and "" comes out where nothing is left."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
