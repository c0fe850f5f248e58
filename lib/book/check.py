"""Check finished pages as a reader would meet them: from a folder, without a network.

Every internal link and anchor leads somewhere, every picture is there and described, every chart is
described, and nothing is loaded from an address. Links that a reader may follow to the outside are
fine: only loading is not.
"""

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "track": "src",
    "input": "src",
}
HARMLESS_LINKS = {
    "canonical",
    "alternate",
    "license",
    "author",
    "next",
    "prev",
    "search",
    "index",
    "help",
    "me",
}
IN_CSS = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")
OUTSIDE = re.compile(r"(https?:)?//", re.IGNORECASE)


def check(folder: Path, later: tuple[str, ...] = ()) -> list[str]:
    """Problems of the pages in `folder`, one a line with page and place; empty when all is well.

    Links into the folders named by `later` are not followed: those come to lie beside the pages
    afterwards.
    """
    problems = []
    for page in sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts):
        tree = _parse(page)
        found = (
            _links(page, tree, later)
            + _loads(page, tree)
            + _pictures(tree)
            + _charts(tree)
            + _twins(tree)
        )
        problems += [f"{page.relative_to(folder)}: {problem}" for problem in dict.fromkeys(found)]
    for sheet in sorted(folder.rglob("*.css")):
        problems += [
            f"{sheet.relative_to(folder)}: {problem}"
            for problem in _css(sheet.read_text(encoding="utf-8"))
        ]
    return problems


@lru_cache(maxsize=256)
def _parse(page: Path):
    return html.document_fromstring(
        page.read_text(encoding="utf-8"), parser=html.HTMLParser(encoding="utf-8")
    )


@lru_cache(maxsize=256)
def _anchors(page: Path) -> frozenset:
    return frozenset(_parse(page).xpath("//@id")) | frozenset(_parse(page).xpath("//a/@name"))


def _target(page: Path, address: str) -> Path:
    path = unquote(urlsplit(address).path)
    return (page.parent / path).resolve() if path else page.resolve()


def _links(page: Path, tree, later: tuple[str, ...]) -> list[str]:
    problems = []
    for address in tree.xpath("//a/@href"):
        if urlsplit(address).scheme or address.startswith("//") or address.split("/")[0] in later:
            continue
        target, anchor = _target(page, address), unquote(urlsplit(address).fragment)
        if not target.exists():
            problems.append(f"the link to {address} leads nowhere")
        elif anchor and target.suffix == ".html" and anchor not in _anchors(target):
            problems.append(f"the link to {address} leads to a page without that anchor")
    return problems


def _loads(page: Path, tree) -> list[str]:
    """What the browser fetches by itself: it must be there, and must not be an address."""
    addresses = [
        node.get(LOADED[node.tag]) for node in tree.iter(*LOADED) if node.get(LOADED[node.tag])
    ]
    addresses += [
        part.split()[0]
        for srcset in tree.xpath("//@srcset")
        for part in srcset.split(",")
        if part.strip()
    ]
    for link in tree.xpath("//link[@href]"):
        if not set(link.get("rel", "").lower().split()) <= HARMLESS_LINKS:
            addresses.append(link.get("href"))
    problems = [f"loads {address}" for address in addresses if OUTSIDE.match(address)]
    for address in addresses:
        if (
            not urlsplit(address).scheme
            and not OUTSIDE.match(address)
            and not _target(page, address).exists()
        ):
            problems.append(f"{address} is not there")
    styles = tree.xpath("//style/text()") + tree.xpath("//@style")
    scripts = tree.xpath("//script[not(@src) and not(@type='application/json')]/text()")
    problems += [
        f"a script imports {found}"
        for text in scripts
        for found in re.findall(r"""import\(?\s*['"](https?:[^'"]+)""", text)
    ]
    return problems + [problem for text in styles for problem in _css(text)]


def _css(text: str) -> list[str]:
    found = (first or second for first, second in IN_CSS.findall(text))
    return [f"a style loads {address}" for address in found if OUTSIDE.match(address)]


def _pictures(tree) -> list[str]:
    decorative = "ancestor-or-self::*[@aria-hidden='true' or @role='presentation']"
    return [
        f"the picture {node.get('src')[:60]} has no description"
        for node in tree.xpath(f"//img[not({decorative})]")
        if not (node.get("alt") or "").strip()
    ]


def _charts(tree) -> list[str]:
    """A chart is announced by its label; an unlabelled one is silence to a screen reader."""
    problems = []
    for node in tree.xpath(
        "//*[contains(concat(' ', normalize-space(@class), ' '), ' study-chart ')]"
    ):
        if not any(label.strip() for label in node.xpath(".//*[@role='img']/@aria-label")):
            problems.append(f"the chart {node.get('id', '')} has no description")
    return problems


def _twins(tree) -> list[str]:
    seen: dict[str, int] = {}
    for name in tree.xpath("//body//@id"):
        seen[name] = seen.get(name, 0) + 1
    return [f"the id {name} is there {times} times" for name, times in seen.items() if times > 1]
