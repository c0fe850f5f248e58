"""Is the README as true as the book?  The built book in; README.md with its numbers and
assets/ability-map.svg out.

README.md says which numbers it shows by their ids: `<!-- result: transfer/carries/jmmlu~mmlu
-->...<!-- /result -->`, and with `verdict` in the place of `result` what their chapter answers:
yes, open or no. The answer between `<!-- answer -->` and `<!-- /answer -->` is the one that the
first page recorded, and the picture is its figure.

`python -m lib readme` renews them from `_build/ja`; `stale` says what is out of date, for the
tests.
"""

import hashlib
import json
import re
from xml.sax.saxutils import escape

import nbformat
from lxml import html

from lib.book import BookError
from lib.book.answers import BADGES
from lib.book.layout import Layout

STUDY, PAGE, FIGURE = "ja", "index", "index-map"
README, PICTURE = "README.md", "assets/ability-map.svg"
#: Topics of differences, which are written with their sign.
SIGNED = ("difference", "equal-english", "twin", "effect")
MARKED = re.compile(
    r"(<!-- (?P<what>result|verdict): (?P<name>\S+) -->)(.*?)(<!-- /(?P=what) -->)", re.DOTALL
)
#: What the book escapes in numbers and names, and a reader of the README's source need not see.
ESCAPED = re.compile(r"\\([\[\]().+\-:=@'\"&~^#!])")
ANSWER = re.compile(r"(<!-- answer -->\n)(.*?)(\n<!-- /answer -->)", re.DOTALL)
#: The picture stands on a page of any colour, so it brings its own.
GROUND, WIDTH = "#ffffff", 900


def renew(layout: Layout) -> list[str]:
    """Bring README.md and its picture up to date with the built book, where they are not; return
    what changed."""
    made = {README: _text, PICTURE: _picture}
    changed = {layout.root / name: made[name](layout) for name in stale(layout)}
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        staged = path.with_name(f".{path.name}.new")
        staged.write_text(changed[path], encoding="utf-8")
        staged.replace(path)
    return [layout.shown(path) for path in changed]


def stale(layout: Layout) -> list[str]:
    """Names of what `renew` would change.  A picture counts by what it draws: its strokes depend on
    installed fonts."""
    text = (layout.root / README).read_text(encoding="utf-8")
    picture = layout.root / PICTURE
    fresh = picture.exists() and _mark(_specification(layout)) in picture.read_text(
        encoding="utf-8"
    )
    return [README] * (text != _text(layout)) + [PICTURE] * (not fresh)


def _text(layout: Layout) -> str:
    """README.md with every marked number and the answer as the book has them."""
    text = (layout.root / README).read_text(encoding="utf-8")
    if not layout.results.exists():
        raise BookError(
            f"{layout.shown(layout.results)} is not there yet: make book STUDY={layout.study}"
        )
    results = json.loads(layout.results.read_text(encoding="utf-8"))["results"]
    if wrong := _wrong(text, results):
        raise BookError("\n".join(wrong))
    shows = {"result": shown, "verdict": lambda name, record: BADGES[record["verdict"]][0]}
    text = MARKED.sub(
        lambda found: (
            found[1] + shows[found["what"]](found["name"], results[found["name"]]) + found[5]
        ),
        text,
    )
    return ANSWER.sub(
        lambda found: f"{found[1]}{_answer(results[f'answer/{PAGE}'])}{found[3]}", text
    )


def _wrong(text: str, results: dict[str, dict]) -> list[str]:
    """What README.md shows and the book does not have, a sentence each."""
    wrong = []
    for found in MARKED.finditer(text):
        record = results.get(found["name"])
        if record is None:
            wrong.append(f"{README} shows {found['name']}, which no chapter recorded")
        elif found["what"] == "verdict" and "verdict" not in record:
            wrong.append(
                f"{README} shows the verdict on {found['name']}, which its chapter did not judge"
            )
    if ANSWER.search(text) and f"answer/{PAGE}" not in results:
        wrong.append(f"{README} shows the first page's answer, but {PAGE} recorded none")
    return wrong


def shown(name: str, record: dict) -> str:
    """A record as people read it: `0.91 [0.83, 0.95]`, a count or a word; differences carry their
    sign."""
    value, low, high = (record.get(key) for key in ("value", "low", "high"))
    if not isinstance(value, float):
        return str(value)
    sign = "+" if any(f"/{each}" in name for each in SIGNED) else ""
    value, low, high = (
        None if each is None else f"{each + 0.0:{sign}.2f}".replace("-", "\N{MINUS SIGN}")
        for each in (value, low, high)
    )
    return value if low is None or high is None else f"{value} [{low}, {high}]"


def _answer(record: dict) -> str:
    """The answer as a quotation: what it says, and below what counts against it."""
    said = [ESCAPED.sub(r"\1", record[part]) for part in ("sentence", "against") if part in record]
    return "\n>\n".join(f"> {text}" for text in said)


def _specification(layout: Layout) -> dict:
    """The figure's Vega-Lite specification, from the HTML that the first page shows."""
    path = layout.notebook(PAGE)
    if not path.exists():
        raise BookError(f"{layout.shown(path)} is not there yet: make book STUDY={layout.study}")
    outputs = [
        output["data"].get("text/html", "")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    for output in filter(None, outputs):
        tree = html.fragment_fromstring(output, create_parent=True)
        for chart in tree.xpath(
            f"//*[starts-with(@id, 'chart-{FIGURE}-')]//script[@type='application/json']"
        ):
            return json.loads(chart.text)
    raise BookError(f"{layout.shown(path)} holds no figure {FIGURE}")


def _mark(specification: dict) -> str:
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    return f"<!-- {FIGURE} {hashlib.sha256(text.encode()).hexdigest()[:16]} -->"


def _picture(layout: Layout) -> str:
    """The figure as SVG, marked with what it draws."""
    import vl_convert

    specification = _specification(layout)
    drawn = vl_convert.vegalite_to_svg(
        specification | {"width": WIDTH, "background": GROUND, "padding": 16}
    )
    first, rest = drawn.split(">", 1)
    title = f"<title>{escape(specification.get('description', ''))}</title>"
    return f'{first} role="img">{_mark(specification)}{title}{rest}\n'
