"""How notebooks become a book.

Chapters go in as files (MyST-text notebooks in `chapters/`), one study at a time; out come executed
notebooks, one results.json and a folder of pages that asks nothing of the network. This package
knows chapters only as files: what they compute is none of its business.

    execute    one chapter, one study -> notebook, records, downloads
    results    the records of all chapters -> results.json
    assemble   notebooks, settings, pictures -> one source tree for Sphinx
    publish    source tree -> pages, checked, then swapped in at once (swap)
    site       the books of all studies and a front -> one site
    kernels    where kernels come from; warm is the process that forks them, engine what executes in
               them
    check      links, anchors, pictures, descriptions and addresses of finished pages
    leftovers  what a killed build left behind
    tasks      the above as doit tasks: only what changed, in parallel
    running    the tasks of one study, of one chapter, of the site: one build of a study at a time

`python -m lib build STUDY` runs all of it; `python -m lib execute STUDY CHAPTER` runs one chapter;
`python -m lib site` builds all studies and the site.
"""

from pathlib import Path


class BookError(Exception):
    """A message for people: what is wrong, where, and what would be right. Shown without a
    traceback."""


def said(error: OSError, root: Path) -> str:
    """What the machine refused, with the file as people see it: a full disk, a folder that cannot
    be written."""
    if not error.filename:
        return f"a file could not be written: {error.strerror or error}"
    path = Path(str(error.filename))
    return f"{path.relative_to(root) if path.is_relative_to(root) else path}: {error.strerror}"
