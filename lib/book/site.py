"""Put the books of all studies into one site: a front page, a folder a study, and on each page a
way to the others.

The books are finished before; here pages are only copied, and each gets one line of links at its
top. Plain links, so they work from a folder and without scripts: to the same chapter of another
study, or to its first page.
"""

import re
import shutil
from html import escape
from pathlib import Path

from lib.book import BookError, check, swap
from lib.book.layout import Front, Layout

TOP = re.compile(r"<body\b[^>]*>\s*(?:<div id=\"pst-skip-link\".*?</div>)?", re.DOTALL)


def put_together(front: Front, draft: bool = False) -> list[str]:
    """Make `_site/` from the finished pages of the front and of every study, check it, and swap it
    in.

    Raises BookError listing every problem; in a draft they are returned instead.
    """
    new, aside, studies = (
        front.site.with_name(".site-new"),
        front.site.with_name(".site-old"),
        front.studies,
    )
    swap.recover(front.site, aside)
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(front.html, new)
    for study in studies:
        shutil.copytree(study.html, new / study.study)
    names = _names(studies)
    for code in ("", *names):
        for page in sorted((new / code).glob("*.html")):
            text = page.read_text(encoding="utf-8")
            page.write_text(_with(text, switcher(new, code, page.name, names)), encoding="utf-8")
    problems = check.check(new)
    if problems and not draft:
        raise BookError("\n".join([f"{len(problems)} problems in the site:", *problems]))
    swap.put(new, front.site, aside)
    return problems


def switcher(site: Path, here: str, page: str, names: dict[str, str]) -> str:
    """The line of links for `page` of the study `here` ("" for the front): names is code -> what
    people call it."""
    up = "../" if here else ""
    first = _link(f"{up}index.html", "All languages", current=not here, exact=page == "index.html")
    rest = []
    for code, name in names.items():
        there = page if here and (site / code / page).is_file() else "index.html"
        rest.append(_link(f"{up}{code}/{there}", name, current=code == here, exact=True))
    links = "".join(f"<li>{link}</li>" for link in (first, *rest))
    return f'<nav class="studies d-print-none" aria-label="Languages"><ul>{links}</ul></nav>'


def _link(address: str, name: str, current: bool, exact: bool) -> str:
    mark = "" if not current else ' aria-current="page"' if exact else ' aria-current="true"'
    return f'<a href="{escape(address)}"{mark}>{escape(name)}</a>'


def _names(studies: list[Layout]) -> dict[str, str]:
    """Code -> the study's language; with the code where two studies are about one language."""
    languages = {study.study: str(study.facts.get("language") or study.study) for study in studies}
    twice = {name for name in languages.values() if list(languages.values()).count(name) > 1}
    return {code: f"{name} ({code})" if name in twice else name for code, name in languages.items()}


def _with(text: str, line: str) -> str:
    """The page with the line first in its body, after the link that skips to the content."""
    found = TOP.search(text)
    return text if not found else f"{text[: found.end()]}\n{line}\n{text[found.end() :]}"
