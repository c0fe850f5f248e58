"""Leave out what a study cannot show: cells tagged `needs-X` where X is not met, the first of each giving way to X's words.

A text cell takes tags from the line before it: +++ {"tags": ["needs-translations"]}; an empty one, +++, ends them.
"""

import nbformat

from lib.book import BookError

PREFIX = "needs-"


def kept(notebook, needs: dict[str, dict], where: str):
    """The notebook without the cells whose needs are not met.

    Parameters
    ----------
    needs : name -> {"met": bool, "sentence": what to say where it is not}.

    Raises
    ------
    BookError
        A cell is tagged with a need that nobody knows.
    """
    cells, told = [], set()
    for cell in notebook.cells:
        wanted = of(cell)
        if unknown := [name for name in wanted if name not in needs]:
            raise BookError(f"{where}: a cell is tagged {PREFIX}{unknown[0]}; allowed: {', '.join(PREFIX + name for name in needs)}")
        lacking = [name for name in wanted if not needs[name]["met"]]
        if not lacking:
            cells.append(cell)
        elif not told & set(lacking):
            told.add(lacking[0])
            cells.append(nbformat.v4.new_markdown_cell(f"{{.missing}}\n{needs[lacking[0]]['sentence']}"))
    notebook.cells = cells
    return notebook


def of(cell) -> list[str]:
    """Names of the needs that a cell is tagged with."""
    return [tag.removeprefix(PREFIX) for tag in cell.metadata.get("tags", []) if tag.startswith(PREFIX)]
