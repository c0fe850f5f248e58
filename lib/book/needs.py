"""Leave out what a study cannot show: chapters, and cells tagged `needs-X`, where X is not met.

A chapter names what nearly all of it needs in its header, `study: {needs: [training]}`, and is then
left out whole.  Of cells the first gives way to X's words.  A text cell takes tags from the line
before it, +++ {"tags": ["needs-translations"]}; an empty one, +++, ends them.  What is left out
stands once more, as a list, on the page that says what a study cannot test.
"""

import hashlib
import json
import os
import re

import nbformat

from lib.book import BookError, answers
from lib.book.chapters import Chapter
from lib.book.kernels import Kernels
from lib.book.layout import OWN_ROOT, Front, Layout

PREFIX = "needs-"
#: A cell tagged so has its place only where a study lacks something: the page's own words for what
#: it does without.
LACKS = "lacks-"
#: Where the list stands on its page.
LIST = re.compile(r"^(:{3,})\{untestable\}[ \t]*\n\1[ \t]*$", re.MULTILINE)
PAGE = "untestable"
#: What a study needs for verdicts at all; without it each answer is followed by the reason.
VERDICTS = "verdicts"


def met(layout: Layout, kernels: Kernels | None = None) -> dict[str, dict]:
    """Every need by name: {"met": whether the study has it, "sentence": what to say where it has
    not}.

    The study's data are checked on the way, unless they and the library are what they were.
    `kernels` may have imported the library for that.  Raises BookError with everything that is
    wrong in the data.
    """
    if isinstance(layout, Front):
        return {}
    key = _key(layout)
    if layout.needs.exists():
        known = json.loads(layout.needs.read_text(encoding="utf-8"))
        if known["key"] == key:
            return known["needs"]
    run = (kernels or Kernels()).command(["needs", layout.study], layout.root)
    if run.returncode:
        raise BookError((run.stderr + run.stdout).strip())
    found = json.loads(run.stdout)
    layout.needs.parent.mkdir(parents=True, exist_ok=True)
    staged = layout.needs.with_suffix(f".{os.getpid()}.new")
    staged.write_text(json.dumps({"key": key, "needs": found}, indent=1), encoding="utf-8")
    staged.replace(layout.needs)
    return found


def _key(layout: Layout) -> str:
    """What the answer depends on: the study's files and the library's."""
    library = [
        path
        for path in sorted((OWN_ROOT / "lib").rglob("*.py"))
        if not path.is_relative_to(OWN_ROOT / "lib/book")
    ]
    seen = hashlib.sha256()
    for path in (*layout.inputs, *library):
        seen.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def having(there: list[Chapter], needs: dict[str, dict]) -> list[Chapter]:
    """The chapters of which a study has what they need.  Raises BookError for a need that nobody
    knows."""
    for chapter in there:
        _known(chapter.needs, needs, f"{chapter.name}.md: its header needs ")
    return [chapter for chapter in there if all(needs[name]["met"] for name in chapter.needs)]


def kept(notebook, needs: dict[str, dict], where: str):
    """The notebook without the cells whose needs are not met.

    In the place of the first of them stands what is missing, unless the page says so itself, in a
    cell tagged `lacks-X`. Raises BookError for a need that nobody knows.
    """
    cells, told = [], {name for cell in notebook.cells for name in of(cell, LACKS)}
    for cell in notebook.cells:
        wanted, instead = of(cell), of(cell, LACKS)
        _known(
            [*wanted, *instead], needs, f"{where}: a cell is tagged {PREFIX if wanted else LACKS}"
        )
        lacking = [name for name in wanted if not needs[name]["met"]]
        if any(needs[name]["met"] for name in instead):
            continue
        if not lacking:
            cells.append(cell)
            if answers.BLOCK.search(cell.source):
                cells += _open(needs)
        elif not told & set(lacking):
            told.add(lacking[0])
            cells.append(
                nbformat.v4.new_markdown_cell(f"{{.missing}}\n{needs[lacking[0]]['sentence']}")
            )
    notebook.cells = cells
    return notebook


def _open(needs: dict[str, dict]) -> list:
    """Below an answer: why it is open, where the study is too small for any verdict."""
    if needs.get(VERDICTS, {"met": True})["met"]:
        return []
    return [nbformat.v4.new_markdown_cell(f"{{.missing}}\n{needs[VERDICTS]['sentence']}")]


def _known(wanted: list[str], needs: dict[str, dict], what: str) -> None:
    for name in wanted:
        if name not in needs:
            raise BookError(f"{what}{name}; allowed: {', '.join(needs)}")


def of(cell, prefix: str = PREFIX) -> list[str]:
    """Names of the needs that a cell is tagged with."""
    return [
        tag.removeprefix(prefix) for tag in cell.metadata.get("tags", []) if tag.startswith(prefix)
    ]


def listed(text: str, everything: list[Chapter], needs: dict[str, dict]) -> str:
    """The text with the list of what this study cannot test: each unmet need, with the questions it
    leaves open."""
    rows = []
    for name, need in needs.items():
        if not need["met"]:
            titles = [chapter.title for chapter in everything if name in chapter.needs]
            asked = [name in of(cell) for chapter in everything for cell in chapter.notebook.cells]
            if titles or any(asked) or name == VERDICTS:
                rows.append(
                    f"- {need['sentence']}"
                    + (
                        f" Left open: {' '.join(f'*{title}*' for title in titles)}"
                        if titles
                        else ""
                    )
                )
    return LIST.sub(
        lambda _: (
            "\n".join(rows) or "This study has the data for every question that the book asks."
        ),
        text,
    )
