"""What a study adds to a shared page: passages in data/<study>/discussion/<chapter>.md, and the
last section's list.

A passage fills the slot of its name, `:::{discussion} NAME`, and only while the results that it
assumes hold; when a number moves out of one, the build names file, line and assumption, and the
page does without.

    (apart)=
    ```{assumes}
    transfer/english/niilc: contradicted
    transfer/pearson/niilc~triviaqa: {high below: 0.7}
    ```
    NIILC asks encyclopedic questions ... ({eval}`results["transfer/pearson/niilc~triviaqa"]`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from lib import words
from lib.book import BookError, inline
from lib.book.layout import Layout

SLOT = re.compile(r"^(:{3,})\{discussion\}[ \t]*([a-z0-9-]+)[ \t]*\n\1[ \t]*$", re.MULTILINE)
USE = re.compile(r"^(:{3,})\{use-it\}[ \t]*\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)
PASSAGE = re.compile(
    r"^\(([a-z0-9-]+)\)=\n(?:```\{assumes\}\n(.*?)^```\n)?(.*?)(?=^\([a-z0-9-]+\)=\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
#: What may be asked of a number, as in `{high below: 0.7}`.
BOUND = re.compile(r"(value|low|high) (above|below)")


@dataclass(frozen=True)
class Passage:
    """One passage: its slot, what it assumes (result -> verdict or bounds), its text, and where it
    stands."""

    slot: str
    assumes: dict
    text: str
    where: str


def fill(
    layout: Layout, chapter: str, texts: Iterable[str], results: dict[str, dict]
) -> tuple[list[str], list[str]]:
    """The texts of a chapter with passages in their slots, and what people should know of those
    left out.

    Raises BookError for a passage that cannot be read, names no slot of the chapter, or an unknown
    result.
    """
    texts = list(texts)
    passages = read(layout, chapter)
    slots = {found[2] for text in texts for found in SLOT.finditer(text)}
    if strays := [each for slot, each in passages.items() if slot not in slots]:
        raise BookError(
            "\n".join(
                f"{each.where}: the chapter has no slot '{each.slot}'; slots: "
                f"{', '.join(sorted(slots)) or 'none'}"
                for each in strays
            )
        )
    said, broken = {}, []
    for slot, each in passages.items():
        wrong = broken_assumptions(each, results)
        broken += wrong
        said[slot] = "" if wrong else _text(each, results)
    return [SLOT.sub(lambda found: said.get(found[2], ""), text) for text in texts], broken


def read(layout: Layout, chapter: str) -> dict[str, Passage]:
    """The study's passages for a chapter, by slot."""
    path = layout.data / "discussion" / f"{chapter}.md"
    if not path.is_file():
        return {}
    text, found = path.read_text(encoding="utf-8"), {}
    for match in PASSAGE.finditer(text):
        where = f"{layout.shown(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        found[match[1]] = Passage(
            match[1], _assumptions(match[2] or "", where), match[3].strip(), where
        )
    return found


def _assumptions(text: str, where: str) -> dict:
    try:
        assumed = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise BookError(f"{where}: what it assumes is not YAML: {error}") from None
    if not isinstance(assumed, dict):
        raise BookError(
            f"{where}: what it assumes is no list of `result: verdict` or `result: "
            "{high below: 0.7}`"
        )
    for name, wanted in assumed.items():
        if not (
            isinstance(wanted, str)
            or (isinstance(wanted, dict) and all(BOUND.fullmatch(str(key)) for key in wanted))
        ):
            raise BookError(
                f"{where}: {name}: {wanted!r}; allowed: a verdict, or value, low or high with "
                "above or below, as in {high below: 0.7}"
            )
    return assumed


def broken_assumptions(passage: Passage, results: dict[str, dict]) -> list[str]:
    """What the results say otherwise than the passage assumes, a sentence each."""
    return [
        f"{passage.where}: passage '{passage.slot}' assumes {name}: {wanted}, but {why}; the page "
        "does without it"
        for name, wanted in passage.assumes.items()
        if (why := _otherwise(results.get(name), wanted))
    ]


def _otherwise(record: dict | None, wanted) -> str:
    if record is None:
        return "no chapter recorded it"
    if isinstance(wanted, str):
        found = record.get("verdict", record.get("value"))
        return "" if found == wanted else f"it is {found}"
    for key, bound in wanted.items():
        field, side = key.split()
        value = record.get(field)
        if value is None or not (value > bound if side == "above" else value < bound):
            return f"its {field} is {words.number(value)}"
    return ""


def _text(passage: Passage, results: dict[str, dict]) -> str:
    """The passage with results where it names them."""

    def said(found: re.Match) -> str:
        expression, spec = inline.split(found[1])
        name = re.fullmatch(r"results\[[\"']([^\"']+)[\"']\](?:\.(\w+))?", expression)
        if not name or name[1] not in results:
            raise BookError(
                f"{passage.where}: {found[0]}: a recorded result is allowed, as in "
                '{eval}`results["transfer/pearson/a~b"]`'
            )
        record = results[name[1]]
        if name[2]:
            return inline.escaped(words.number(record.get(name[2]), spec))
        return inline.escaped(
            words.interval(record["value"], record.get("low"), record.get("high"), spec)
            if isinstance(record["value"], float)
            else words.number(record["value"], spec)
        )

    return inline.ROLE.sub(said, passage.text)


def use_it(text: str, results: dict[str, dict]) -> str:
    """The text with each `use-it` block as a list: which results, functions and data its reader can
    take away.

    A topic of which this study recorded nothing is left out.
    """

    def listed(found: re.Match) -> str:
        given = dict(re.findall(r"^:(\w+):[ \t]*(.+)$", found[2], re.MULTILINE))
        topics = [each.strip() for each in given.get("results", "").split(",") if each.strip()]
        there = [
            each
            for each in topics
            if any(name == each or name.startswith(f"{each}/") for name in results)
        ]
        rows = [
            "- **Data.** The CSV under each figure and table"
            + (f"; {given['data']}." if "data" in given else ".")
        ]
        if there:
            rows.append(
                "- **Results.** [results.json](results.json) holds "
                f"{words.listed(f'`{each}`' for each in there)}."
            )
        if "functions" in given:
            rows.append(
                "- **Functions.** "
                + ", ".join(f"`{each.strip()}`" for each in given["functions"].split(","))
                + ", on any table of models by benchmarks."
            )
        return "\n".join(rows)

    return USE.sub(listed, text)
