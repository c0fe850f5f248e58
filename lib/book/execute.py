"""Execute one chapter for one study: a function of files, with no state of its own.

In: the chapter's text and parameters. Out, under `_build/<study>/`: `notebooks/<chapter>.ipynb` as
it will be read, `records/<chapter>.json` with every number that it recorded, `downloads/<chapter>/`
with the data of its figures. All of it is put in place at the end by renaming, so a chapter that
fails or is killed changes nothing. Same inputs, same bytes: no times, no paths, no run's own ids.
"""

import ast
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import nbformat

from lib.book import BookError, answers, inline, needs, translations
from lib.book.chapters import Chapter
from lib.book.kernels import Kernels
from lib.book.layout import Layout

RECORDS = "application/vnd.study.records+json"
DOWNLOAD = "application/vnd.study.download+json"
SAID = "application/vnd.study.said+json"
ANSWER = "study_answer"
ID = re.compile(r"[a-z0-9-]+(/[A-Za-z0-9~@._+#-]+)+")
FAILED = "study_failed"
#: Class of cells whose code a page shows only when asked to (`tag_behind`, see book.css).
BEHIND = "behind"
#: Megabytes of text that a cell may show: ten times what the largest figure has.
MEGABYTES = 10
FILE_NAME = re.compile(r"[A-Za-z0-9~@_-][A-Za-z0-9~@._-]*\.csv")


def execute(
    layout: Layout, chapter: Chapter, parameters: dict | None = None, kernels: Kernels | None = None
) -> list[str]:
    """Run `chapter` with `parameters` (name -> value, beside `study`) and put its results in place.

    `kernels` gives it a kernel that may have imported the library already, and limits its time; the
    results are the same without. Returns what the chapter wrote to standard error, one entry a
    cell. Raises BookError for an undeclared parameter, a cell that fails, ends its kernel or shows
    too much, a chapter that takes too long, or a record or download that breaks the rules.
    """
    given = checked_parameters(layout, chapter, parameters or {})
    if translations.is_one(chapter):
        translations.checked(chapter, layout.shown(chapter.source))
    notebook = nbformat.from_dict(chapter.notebook)
    if any(needs.of(cell) or needs.of(cell, needs.LACKS) for cell in notebook.cells):
        notebook = needs.kept(notebook, needs.met(layout), layout.shown(chapter.source))
    if chapter.has_code:
        asked = _asking(layout, chapter, notebook)
        notebook = _said(layout, chapter, _run(layout, chapter, asked, given, kernels or Kernels()))
    records, downloads, complaints = _take_out(chapter.name, notebook)
    if translations.is_one(chapter):
        records, downloads = [], translations.renamed(chapter, notebook, downloads)
    _tidy(chapter.name, notebook)
    _put_in_place(layout, chapter.name, notebook, records, downloads)
    return complaints


def place_failure(layout: Layout, name: str, message: str) -> None:
    """Put a page that shows the error in the chapter's place: for drafts, whose other pages are
    worth seeing."""
    text = f"# {name} failed\n\n````text\n{message}\n````\n"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    notebook.metadata[FAILED] = True
    _tidy(name, notebook)
    _put_in_place(layout, name, notebook, [], {})


def failed(layout: Layout, name: str) -> bool:
    """Whether the chapter's notebook is only such a page."""
    path = layout.notebook(name)
    return path.exists() and FAILED in json.loads(path.read_text(encoding="utf-8"))["metadata"]


def checked_parameters(layout: Layout, chapter: Chapter, parameters: dict) -> dict:
    """Parameters to inject: `study` and those given. Papermill only warns of an unknown one; a typo
    must not pass."""
    declared = chapter.parameters
    where = layout.shown(chapter.source)
    if chapter.has_code and "study" not in declared:
        raise BookError(
            f'{where}: its first code cell must be tagged `parameters` and set study = "..."'
        )
    for name, value in parameters.items():
        if name not in declared:
            raise BookError(
                f"{where} declares no parameter '{name}'; declared: {', '.join(declared) or 'none'}"
            )
        _check_kind(where, name, value, declared[name])
    return {"study": layout.study, **parameters} if chapter.has_code else {}


def _check_kind(where: str, name: str, value, default) -> None:
    number = isinstance(default, (int, float)) and not isinstance(default, bool)
    fits = (
        isinstance(value, (int, float)) and not isinstance(value, bool)
        if number
        else (default is None or isinstance(value, type(default)))
    )
    if not fits:
        raise BookError(f"{where}: parameter {name}={value!r}; a value like {default!r} is needed")


def read_value(text: str):
    """A parameter's value as typed on the command line: a Python literal where it is one, else
    text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def set_environment(layout: Layout) -> None:
    """What kernels inherit: this environment's Python and nothing of the user's own Jupyter, one
    thread, no chance."""
    private = layout.root / "_build" / ".jupyter"
    private.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        {f"JUPYTER_{kind}_DIR": str(private / kind.lower()) for kind in ("DATA", "CONFIG")},
        JUPYTER_RUNTIME_DIR=str(layout.build / ".runtime"),
        IPYTHONDIR=str(private / "ipython"),
        JUPYTER_PREFER_ENV_PATH="1",
        JUPYTER_NO_CONFIG="1",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        PYTHONHASHSEED="0",
        PYTHONPATH=str(Path(__file__).resolve().parents[2]),
        TZ="UTC",
        BOOK_READS=str(layout.build / "reads"),
    )
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        os.environ.pop(name, None)


def _asking(layout: Layout, chapter: Chapter, notebook):
    """The notebook with a cell that looks up what its text names."""
    where = layout.shown(chapter.source)
    try:
        return inline.asking(notebook, answers.expressions(notebook))
    except inline.InlineError as error:
        raise _told(chapter, where, error) from None


def _told(chapter: Chapter, where: str, error: inline.InlineError) -> BookError:
    return BookError("\n".join(_placed(chapter, where, line) for line in str(error).splitlines()))


def _said(layout: Layout, chapter: Chapter, notebook):
    """The executed notebook with values where its text names them, and with the answers that
    hold."""
    where = layout.shown(chapter.source)
    try:
        said = inline.take(notebook, SAID)
        if answer := answers.told(notebook, said, where):
            notebook.metadata[ANSWER] = {"id": f"answer/{chapter.name}", **answer}
        return inline.filled(answers.chosen(notebook, said, where), said)
    except inline.InlineError as error:
        raise _told(chapter, where, error) from None


def _placed(chapter: Chapter, where: str, line: str) -> str:
    """A message about a role, with the line of the source where the role stands."""
    text, role = chapter.source.read_text(encoding="utf-8"), line.split("`: ")[0] + "`"
    place = text.find(role)
    return f"{where}{f', line {text.count(chr(10), 0, place) + 1}' if place >= 0 else ''}: {line}"


def _run(layout: Layout, chapter: Chapter, notebook, parameters: dict, kernels: Kernels):
    """The executed notebook. Papermill is imported here: a build that changes nothing does not need
    it."""
    import papermill

    from lib.book import engine

    set_environment(layout)
    try:
        notebook = papermill.execute_notebook(
            notebook,
            None,
            parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            engine_name=engine.NAME,
            record_timing=False,
            seconds=kernels.seconds,
            megabytes=MEGABYTES,
            resources={"metadata": {"path": str(layout.root)}},
            # No word about the loopback socket between us and the kernel.
            extra_arguments=["--log-level=CRITICAL"],
            # A chapter leaves its results in the notebook, and nothing to wait for.
            shutdown_kernel="immediate",
            **kernels.manager(),
        )
    except papermill.PapermillExecutionError as error:
        raise BookError(_failure(layout, chapter, error)) from None
    except engine.Stopped as stop:
        where = (
            layout.shown(chapter.source)
            if stop.source is None
            else _place(layout, chapter, stop.source)
        )
        raise BookError(f"{where} {stop.what}") from None
    _check_whole(layout, chapter, notebook)
    return notebook


def _check_whole(layout: Layout, chapter: Chapter, notebook) -> None:
    """Every cell was executed: whatever a chapter does to its kernel, a part of it never passes for
    the whole."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise BookError(f"{_place(layout, chapter, cell.source)} was not executed")


def _failure(layout: Layout, chapter: Chapter, error) -> str:
    """Which file, line and cell, the lines around it, the error, and where in the library it came
    from."""
    traceback = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    inside = re.findall(r"Cell In\[\d+\], line (\d+)", traceback)
    row, source = int(inside[0]) if inside else 1, error.source.rstrip()
    shown = [
        f"  {'>' if at == row else ' '} {code}"
        for at, code in enumerate(source.splitlines(), 1)
        if abs(at - row) < 3
    ]
    message = [f"{_place(layout, chapter, source, row)} failed", *shown]
    return "\n".join([*message, f"  {error.ename}: {error.evalue}", *_library_frames(traceback)])


def _place(layout: Layout, chapter: Chapter, source: str, row: int = 1) -> str:
    """`chapters/x.md, line 24: code cell 2 of 3`, as the chapter was when it was read."""
    source = source.rstrip()
    start = chapter.text.find(source)
    line = f", line {chapter.text.count(chr(10), 0, start) + row}" if start >= 0 else ""
    cells = [cell.source.rstrip() for cell in chapter.notebook.cells if cell.cell_type == "code"]
    number = cells.index(source) + 1 if source in cells else 0
    return f"{layout.shown(chapter.source)}{line}: code cell {number} of {len(cells)}"


def _library_frames(traceback: str) -> list[str]:
    frames = re.findall(r"File (\S+?):(\d+), in ([\w.<>]+)", traceback)
    inside = [
        (path, row, name)
        for path, row, name in frames
        if "/lib/" in path and "site-packages" not in path
    ]
    return [f"  in lib/{path.rsplit('/lib/', 1)[1]}:{row}, {name}" for path, row, name in inside]


def _take_out(name: str, notebook) -> tuple[list, dict, list]:
    """Remove records, downloads and standard error from the outputs; return them."""
    records, downloads, complaints = [], {}, []
    if ANSWER in notebook.metadata:
        records.append(dict(notebook.metadata.pop(ANSWER)))
    for cell in notebook.cells:
        kept = []
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                complaints.append(output.text.rstrip())
                continue
            data = output.get("data", {})
            carried = RECORDS in data or DOWNLOAD in data
            records += _checked_records(name, data.pop(RECORDS, {"records": []}))
            _add_download(name, downloads, data.pop(DOWNLOAD, None))
            if not carried or set(data) - {"text/plain"}:
                kept.append(output)
        if cell.cell_type == "code":
            cell.outputs = kept
            _drop_empty_figure(cell)
    return records, downloads, complaints


def _drop_empty_figure(cell) -> None:
    """A cell that drew nothing gets no figure number and caption."""
    if not cell.outputs:
        cell.metadata.get("mystnb", {}).pop("figure", None)


def _checked_records(name: str, payload: dict) -> list[dict]:
    for record in payload["records"]:
        if not ID.fullmatch(str(record.get("id", ""))):
            raise BookError(
                f"chapter {name} records the id {record.get('id')!r}; ids look like "
                "topic/quantity/subject"
            )
    return payload["records"]


def _add_download(name: str, downloads: dict, payload: dict | None) -> None:
    if payload is None:
        return
    file = payload["name"]
    if not FILE_NAME.fullmatch(file):
        raise BookError(
            f"chapter {name} offers the download {file!r}; a plain name ending in .csv is needed"
        )
    if downloads.setdefault(file, payload["text"]) != payload["text"]:
        raise BookError(f"chapter {name} offers two different downloads named {file}")


def _tidy(name: str, notebook) -> None:
    """Drop what differs from run to run, number the cells, fold the code."""
    for key in ("papermill", "jupytext", "widgets", "study"):
        notebook.metadata.pop(key, None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{name}-{number}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        tags = list(cell.metadata.get("tags", []))
        if "injected-parameters" in tags:
            tags.append("remove-cell")
        elif cell.cell_type == "code" and not any(
            re.match("(hide|remove|show)-", tag) for tag in tags
        ):
            tags += [BEHIND] * (BEHIND not in tags and _behind(cell))
        if tags:
            cell.metadata["tags"] = tags


def _behind(cell) -> bool:
    """Whether a cell's code waits behind the page's switch: what only sets up or shows. What
    computes is read."""
    shown = any(
        set(output.get("data", {})) & {"text/html", "text/markdown"} for output in cell.outputs
    )
    return shown or "parameters" in cell.metadata.get("tags", []) or "import " in cell.source


def _put_in_place(layout: Layout, name: str, notebook, records: list, downloads: dict) -> None:
    """Write everything beside its place, then rename: the notebook last, since it stands for the
    whole."""
    layout.build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=layout.build, prefix=f".{name}-") as folder:
        staged = Path(folder)
        nbformat.write(notebook, staged / "notebook", version=4)
        (staged / "records").write_text(
            as_json({"chapter": name, "records": records}, name), encoding="utf-8"
        )
        (staged / "downloads").mkdir()
        for file, text in downloads.items():
            (staged / "downloads" / file).write_text(text, encoding="utf-8", newline="")
        target = layout.downloads(name)
        if target.exists():
            target.rename(staged / "old")
        for part, place in (
            ("downloads", target),
            ("records", layout.records(name)),
            ("notebook", layout.notebook(name)),
        ):
            place.parent.mkdir(parents=True, exist_ok=True)
            (staged / part).replace(place)
        shutil.rmtree(staged / "old", ignore_errors=True)


def as_json(value, whose: str) -> str:
    """Sorted, indented, and strict: JSON has no NaN."""
    try:
        return (
            json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        )
    except ValueError as error:
        raise BookError(
            f"{whose} records something that JSON cannot hold (NaN or infinity): {error}"
        ) from None
