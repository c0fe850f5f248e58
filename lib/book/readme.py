"""Is the README as true as the book?  The built book in; README.md with its numbers and assets/ability-map.svg out.

README.md says which numbers it shows by their ids: `<!-- result: transfer/pearson/jmmlu~mmlu -->...<!-- /result -->`.
The answer between `<!-- answer -->` and `<!-- /answer -->` is the first page's, and the picture is its figure.

`python -m lib.book.readme` renews them from `_build/ja`; `stale` says what is out of date, for the tests.
"""

import hashlib
import json
import re
import sys
from xml.sax.saxutils import escape

import nbformat
from lxml import html

from lib.book import BookError
from lib.book.layout import Layout

STUDY, PAGE, FIGURE = "ja", "index", "index-map"
README, PICTURE = "README.md", "assets/ability-map.svg"
RESULT = re.compile(r"(<!-- result: (\S+) -->)(.*?)(<!-- /result -->)", re.DOTALL)
ANSWER = re.compile(r"(<!-- answer -->\n)(.*?)(\n<!-- /answer -->)", re.DOTALL)
#: The picture stands on a page of any colour, so it brings its own.
GROUND, WIDTH = "#ffffff", 900


def renew(layout: Layout) -> list[str]:
    """Bring README.md and its picture up to date with the built book, where they are not; return what changed."""
    made = {README: _text, PICTURE: _picture}
    changed = {layout.root / name: made[name](layout) for name in stale(layout)}
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        staged = path.with_name(f".{path.name}.new")
        staged.write_text(changed[path], encoding="utf-8")
        staged.replace(path)
    return [layout.shown(path) for path in changed]


def stale(layout: Layout) -> list[str]:
    """Names of what `renew` would change.  A picture counts by what it draws: its strokes depend on installed fonts."""
    text = (layout.root / README).read_text(encoding="utf-8")
    picture = layout.root / PICTURE
    fresh = picture.exists() and _mark(_specification(layout)) in picture.read_text(encoding="utf-8")
    return [README] * (text != _text(layout)) + [PICTURE] * (not fresh)


def _text(layout: Layout) -> str:
    """README.md with every marked number and the answer as the book has them."""
    text = (layout.root / README).read_text(encoding="utf-8")
    if not layout.results.exists():
        raise BookError(f"{layout.shown(layout.results)} is not there yet: make book STUDY={layout.study}")
    results = json.loads(layout.results.read_text(encoding="utf-8"))["results"]
    unknown = [name for _, name, _, _ in RESULT.findall(text) if name not in results]
    if unknown:
        raise BookError(f"{README} shows results that no chapter recorded: {', '.join(unknown)}")
    text = RESULT.sub(lambda found: f"{found[1]}{shown(found[2], results[found[2]])}{found[4]}", text)
    return ANSWER.sub(lambda found: f"{found[1]}{_answer(layout)}{found[3]}", text)


def shown(name: str, record: dict) -> str:
    """A record as people read it: `0.91 [0.83, 0.95]`, a count or a word; differences carry their sign."""
    value, low, high = (record.get(key) for key in ("value", "low", "high"))
    if not isinstance(value, float):
        return str(value)
    sign = "+" if "/difference" in name else ""
    value, low, high = (None if each is None else f"{each + 0.0:{sign}.2f}".replace("-", "\N{MINUS SIGN}")
                        for each in (value, low, high))
    return value if low is None or high is None else f"{value} [{low}, {high}]"


def _outputs(layout: Layout) -> list[str]:
    """HTML outputs of the first page."""
    path = layout.notebook(PAGE)
    if not path.exists():
        raise BookError(f"{layout.shown(path)} is not there yet: make book STUDY={layout.study}")
    cells = nbformat.read(path, as_version=4).cells
    return [output["data"]["text/html"] for cell in cells for output in cell.get("outputs", [])
            if "text/html" in output.get("data", {})]


def _answer(layout: Layout) -> str:
    """The first page's answer as Markdown, without its badge."""
    for output in _outputs(layout):
        for said in html.fragment_fromstring(output, create_parent=True).find_class("answer-said"):
            for badge in said.find_class("verdict"):
                badge.drop_tree()
            for strong in said.iter("strong"):
                strong.text = f"**{strong.text_content()}**"
            return "> " + " ".join(said.text_content().split())
    raise BookError(f"{layout.shown(layout.notebook(PAGE))} holds no answer")


def _specification(layout: Layout) -> dict:
    """The figure's Vega-Lite specification."""
    for output in _outputs(layout):
        tree = html.fragment_fromstring(output, create_parent=True)
        for chart in tree.xpath(f"//*[starts-with(@id, 'chart-{FIGURE}-')]//script[@type='application/json']"):
            return json.loads(chart.text)
    raise BookError(f"{layout.shown(layout.notebook(PAGE))} holds no figure {FIGURE}")


def _mark(specification: dict) -> str:
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    return f"<!-- {FIGURE} {hashlib.sha256(text.encode()).hexdigest()[:16]} -->"


def _picture(layout: Layout) -> str:
    """The figure as SVG, marked with what it draws."""
    import vl_convert

    specification = _specification(layout)
    drawn = vl_convert.vegalite_to_svg(specification | {"width": WIDTH, "background": GROUND, "padding": 16})
    first, rest = drawn.split(">", 1)
    title = f"<title>{escape(specification.get('description', ''))}</title>"
    return f'{first} role="img">{_mark(specification)}{title}{rest}\n'


def main() -> int:
    """Renew, and say what changed."""
    try:
        changed = renew(Layout(STUDY))
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{', '.join(changed) if changed else 'nothing'} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
