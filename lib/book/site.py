"""Put the books of all studies into one site: a front page, a folder a study, and on each page a
way to the others.

The books are finished before; here pages are only copied, each gets one line of links at its top,
and what all books have is kept once.
"""

import re
import shutil
from pathlib import Path

from lib.book import BookError, check, picker, shared, swap
from lib.book.layout import Front

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
    shared.share(new, (study.study for study in studies))
    found = picker.tongues(studies)
    for code in ("", *(study.study for study in studies)):
        for page in sorted((new / code).glob("*.html")):
            text = page.read_text(encoding="utf-8")
            page.write_text(_with(text, picker.line(new, code, page.name, found)), encoding="utf-8")
    problems = check.check(new)
    if problems and not draft:
        raise BookError("\n".join([f"{len(problems)} problems in the site:", *problems]))
    swap.put(new, front.site, aside)
    return problems


def _with(text: str, line: str) -> str:
    """The page with the line first in its body, after the link that skips to the content."""
    found = TOP.search(text)
    return text if not found else f"{text[: found.end()]}\n{line}\n{text[found.end() :]}"


def weighed(front: Front) -> str:
    """What the site weighs, in words: a study, and what all share."""
    each = [_bytes(front.site / study.study) for study in front.studies]
    shared = _bytes(front.site) - sum(each)
    return (
        f"{len(each)} studies of {sum(each) / len(each) / 1e6:.1f} MB in the mean, and "
        f"{shared / 1e6:.1f} MB that all share"
    )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
