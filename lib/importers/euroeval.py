"""How do EuroEval's leaderboards become a study?  One language's file and English's in, the study's files out.

Both files have two header rows (kinds of tasks, datasets) and a row a model. Base models are taken, on the kinds of
tasks that both languages have, and of these the set whose complete block of models x benchmarks is largest. `build` is
a pure function of the two files and of what stands in the study's curated/, so that importing twice gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from lib import schema
from lib.importers import blocks, cells, overlay, sheets, writing
from lib.importers.writing import FEWEST_MODELS, Built, ImportProblem
from lib.schema import Problem, StudyError, shown

HOME = "https://github.com/EuroEval/leaderboards"
DATASETS = "https://euroeval.com/datasets"
LICENCE = "MIT"

#: Kind of task -> ability, first metric, and number of examples that EuroEval shows a base model unless told otherwise.
KINDS = {
    "sentiment-classification": ("sentiment", "MCC", "12"),
    "named-entity-recognition": ("named-entities", "micro F1 without MISC", "8"),
    "linguistic-acceptability": ("acceptability", "MCC", "12"),
    "reading-comprehension": ("reading", "F1", "4"),
    "summarization": ("summarization", "chrF3++", "1"),
    "knowledge": ("knowledge", "MCC", "5"),
    "common-sense-reasoning": ("commonsense", "MCC", "5"),
    "simplification": ("simplification", "METEOR", "3"),
    "word-in-context": ("word-in-context", "MCC", "12"),
    "natural-language-inference": ("inference", "MCC", "12"),
}
UNKNOWN_METRIC = "EuroEval's first metric"

#: Columns that a leaderboard must have; those between them and the datasets differ from file to file.
NEEDED = ("Model", "Type", "Parameters", "Trained from scratch")

#: Scores are per cent, and chance-corrected metrics go below zero.
MINIMUM, MAXIMUM = -100, 100

#: Keys of references.bib that every study of this kind stands on.
CITATION = ("saito2024why", "euroeval", "nielsen2023scandeval", "nielsen2024encoder")

#: Where files that several studies share are kept, beside the studies.
SHARED = "euroeval"


class Dataset(NamedTuple):
    """A column of scores: its place, the study's id for it, its name in the file, its kind of task."""

    column: int
    id: str
    name: str
    kind: str


@dataclass
class Entry:
    """A base model's row: its line, split and scores by dataset id, and what the leaderboard says of the model."""

    line: int
    split: str
    zero_shot: bool
    url: str
    billions: float | None
    from_scratch: bool | None
    scores: dict[str, cells.Score] = field(default_factory=dict)


@dataclass
class Board:
    """One language's leaderboard: datasets in file order, and base models by (id, split)."""

    file: str
    content: bytes
    language: str
    version: str
    datasets: list[Dataset]
    rows: dict[tuple[str, str], Entry]

    def models(self) -> dict[str, Entry]:
        """One row a model: that of the test split where there is one."""
        found = {}
        for (model, split), entry in self.rows.items():
            if split == "test" or (model, "test") not in self.rows:
                found[model] = entry
        return found

    def kinds(self) -> dict[str, list[str]]:
        """Kind -> ids of its datasets, in file order."""
        found: dict[str, list[str]] = {}
        for dataset in self.datasets:
            found.setdefault(dataset.kind, []).append(dataset.id)
        return found


# --- reading a leaderboard --------------------------------------------------------------------------------------------

def read(path: Path) -> Board:
    """Read one language's leaderboard.

    Raises
    ------
    ImportProblem
        No EuroEval leaderboard, or none of a single language.
    schema.StudyError
        Rows that cannot be understood: every one, with line, column, what was found and what is allowed.
    """
    rows = sheets.rows(path)
    if len(rows) < 2:
        raise ImportProblem(f"{path.name}: one row; a EuroEval leaderboard has two header rows and a row a model")
    top, header = ([cells.text(cell) for cell in row.cells] for row in rows[:2])
    names = [each.shown for each in header]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ImportProblem(f"{path.name}: not a EuroEval leaderboard: its second row lacks {', '.join(missing)}")
    datasets = _datasets(path.name, [each.shown for each in top], names)
    languages = {link.split("/datasets/")[1].split("#")[0] for link in (header[each.column].link for each in datasets)
                 if "/datasets/" in link}
    board = Board(path.name, sheets.content(path), languages.pop() if len(languages) == 1 else "",
                  _version(rows[2:], names), datasets, {})
    places = {name: names.index(name) for name in NEEDED}
    problems: list[Problem] = []
    kinds = set()
    for row in rows[2:]:
        kind = row.cells[places["Type"]].strip().replace("\ufe0f", "")
        kinds.add(kind)
        if kind == cells.BASE:
            _entry(board, row, places, problems)
        elif kind not in cells.OTHERS:
            problems.append(Problem(path.name, row.line, "Type", shown(kind),
                                    f"{cells.BASE} (a base model), {', '.join(cells.OTHERS)}"))
    if problems:
        raise StudyError(problems)
    if not board.rows:
        raise ImportProblem(f"{path.name}: no base model (a row whose Type is {cells.BASE})")
    return board


def _datasets(file: str, kinds: list[str], names: list[str]) -> list[Dataset]:
    """Columns of scores are those with a column of versions; a kind stands over the first of its datasets."""
    found, kind, problems = [], "", []
    for column, (above, name) in enumerate(zip(kinds, names, strict=True)):
        kind = above or kind
        if f"{name}_version" not in names:
            continue
        dataset = Dataset(column, cells.slug(name), name, cells.slug(kind))
        if not dataset.id or not dataset.kind:
            problems.append(Problem(file, 1 if not dataset.kind else 2, f"number {column + 1}", shown(name),
                                    "a dataset's name, with the kind of its task above it"))
        elif any(dataset.id == other.id for other in found):
            problems.append(Problem(file, 2, f"number {column + 1}", shown(name), "each dataset once"))
        found.append(dataset)
    if problems:
        raise StudyError(problems)
    if not found:
        raise ImportProblem(f"{file}: no columns of datasets (each has one of the same name with _version); leaderboards "
                            "of groups of languages hold ranks, no scores: take the file of one language")
    return found


def _version(rows: list[sheets.Row], names: list[str]) -> str:
    """The newest version of EuroEval that made any of the scores, such as 17.1.0; "" where none is given."""
    places = [place for place, name in enumerate(names) if name.endswith("_version")]
    found = {cell.partition("@@")[0] for row in rows for place in places for cell in [row.cells[place]]}
    numbers = [tuple(int(part) for part in text.split(".")[:3]) for text in found
               if len(text.split(".")) >= 3 and all(part.isdecimal() for part in text.split(".")[:3])]
    return ".".join(map(str, max(numbers))) if numbers else ""


def _entry(board: Board, row: sheets.Row, places: dict[str, int], problems: list[Problem]) -> None:
    """Add a base model's row to the board, or what is wrong with it to `problems`."""
    shown_name, url = cells.text(row.cells[places["Model"]])
    try:
        name = cells.name(shown_name)
        if not schema.MODEL_ID.fullmatch(name.id) or ".." in name.id:
            raise ValueError("a model's id of A-Z, a-z, 0-9 and . _ - + : @ #, with / between its parts")
    except ValueError as error:
        problems.append(Problem(board.file, row.line, "Model", shown(shown_name), str(error)))
        return
    key = (name.id, name.split)
    if key in board.rows:
        problems.append(Problem(board.file, row.line, "Model", f"{shown(shown_name)} again, first in line "
                                f"{board.rows[key].line}", "a model once a split"))
        return
    entry = Entry(row.line, name.split, name.zero_shot, url, None, cells.yes(row.cells[places["Trained from scratch"]]))
    try:
        entry.billions = cells.parameters(row.cells[places["Parameters"]])
    except ValueError as error:
        problems.append(Problem(board.file, row.line, "Parameters", shown(row.cells[places["Parameters"]]), str(error)))
    for dataset in board.datasets:
        cell = row.cells[dataset.column]
        try:
            score = cells.score(cell)
            if score is not None and not MINIMUM <= score.value <= MAXIMUM:
                raise ValueError(f"a score from {MINIMUM} to {MAXIMUM}")
        except ValueError as error:
            problems.append(Problem(board.file, row.line, dataset.name, shown(cell), str(error)))
        else:
            if score is not None:
                entry.scores[dataset.id] = score
    board.rows[key] = entry


# --- building a study -------------------------------------------------------------------------------------------------

def build(local_path: Path, english_path: Path, *, code: str, language: str, root: Path, date: str = "",
          commit: str = "") -> Built:
    """A study's files from the leaderboards of its language and of English.

    Parameters
    ----------
    code, language : the study's folder, and the language's name in English.
    root : the folder of studies; `root`/<code>/curated and what `root`/euroeval knows of datasets and exports are used.
    date, commit : of the exports, where they are not among those that `root`/euroeval/exports.csv knows.

    Raises
    ------
    ImportProblem, schema.StudyError
        Either file is no leaderboard or has rows that cannot be understood; the files have no models or kinds of tasks
        in common; too few models.
    """
    writing.check_new(code, language)
    local, english = read(local_path), read(english_path)
    _two_sides(local, english)
    block, report = _block(local, english, language)
    known = {table: overlay.read(root / code / "curated" / table, table) for table in overlay.KEYS}
    everyone = set(local.models()) | set(english.models())
    datasets = {dataset.id for dataset in (*local.datasets, *english.datasets)}
    strangers = [*overlay.strangers(known["models.csv"], everyone, "model_id", "curated/models.csv"),
                 *overlay.strangers(known["benchmarks.csv"], datasets, "benchmark_id", "curated/benchmarks.csv"),
                 *overlay.strangers(known["evaluations.csv"], datasets, "benchmark_id", "curated/evaluations.csv")]
    if strangers:
        raise ImportProblem("\n".join(strangers))
    exports = [_provenance(board, root, date, commit) for board in (local, english)]
    snapshot = next((each["date"] for each in exports if each["date"]), "") or _unnamed(local, english)
    known["models.csv"] = [*overlay.read(root / SHARED / "models.csv", "models.csv"), *known["models.csv"]]
    tables = _tables(local, english, block, known, _facts(root), snapshot)
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    shared = root / SHARED / "english_all.csv"
    kept_apart = shared.is_file() and shared.read_bytes() == english.content
    raw = {f"raw/{cells.slug(language) or code}_all.csv": local.content}
    if not kept_apart:
        raw["raw/english_all.csv"] = english.content
    files["study.yml"] = _settings(code, language, snapshot, exports, list(raw))
    files.update(raw)
    files["raw/README.md"] = _raw_readme(exports, list(raw))
    files["README.md"] = _readme(code, language, list(raw), kept_apart)
    if kept_apart:
        report.append(f"English's file is the one in data/{SHARED}/ and is not copied")
    if not exports[0]["date"]:
        report.append(f"the date of {local.file} is not known: the snapshot is called {snapshot}; --date YYYY-MM-DD "
                      "names it")
    lineages = sum(bool(row.get("lineage")) for row in tables["models.csv"])
    report.append(f"lineage: known for {lineages} of {len(block.models)} models, else the organisation stands in; "
                  f"data/{code}/curated/models.csv (model_id, lineage, parent_id, strategy, ...) adds what you know and "
                  "is kept by each import")
    return Built(files, report)


def _two_sides(local: Board, english: Board) -> None:
    """Raise ImportProblem where the files are not a language's and English's."""
    if english.language not in ("", "english"):
        raise ImportProblem(f"{english.file}: its datasets are {shown(english.language)}'s; the second file must be "
                            "English's")
    if local.language == "english":
        raise ImportProblem(f"{local.file}: its datasets are English; the first file must be the local language's")
    both = {each.id for each in local.datasets} & {each.id for each in english.datasets}
    if both:
        raise ImportProblem(f"{local.file} and {english.file} have the same datasets: {', '.join(sorted(both))}")


def _block(local: Board, english: Board, language: str) -> tuple[blocks.Block, list[str]]:
    """The largest complete block, and a report of all that is not in it and what it would have cost."""
    here, there = local.models(), english.models()
    both = [model for model in here if model in there]
    report = [f"{len(here)} base models in {local.file}, {len(there)} in {english.file}, {len(both)} in both"]
    if not both:
        raise ImportProblem(f"no base model is in both {local.file} ({len(here)} base models) and {english.file} "
                            f"({len(there)})")
    twice = [model for board in (local, english) for model in board.models()
             if {(model, "test"), (model, "val")} <= set(board.rows)]
    for model in dict.fromkeys(twice):
        report.append(f"{model}: scored on both splits; the test split is taken")
    kinds = {kind: (*ids, *english.kinds()[kind]) for kind, ids in local.kinds().items() if kind in english.kinds()}
    for board, other, side in ((local, english, language), (english, local, "English")):
        for kind in board.kinds():
            if kind not in other.kinds():
                report.append(f"dropped {kind}: only {side} has it ({', '.join(board.kinds()[kind])})")
    scored = pd.DataFrame([[column in here[model].scores or column in there[model].scores
                            for kind in kinds for column in kinds[kind]] for model in both],
                          index=both, columns=[column for kind in kinds for column in kinds[kind]], dtype=bool)
    try:
        block = blocks.largest(scored, kinds, [each.id for each in local.datasets])
    except ValueError as error:
        raise ImportProblem(f"{local.file} and {english.file}: {error}") from None
    for kind in kinds:
        if kind not in block.kinds:
            wider = blocks.of([each for each in kinds if each in (*block.kinds, kind)], scored, kinds)
            report.append(f"dropped {kind} in both languages ({', '.join(kinds[kind])}): with it {len(wider.models)} "
                          f"models x {wider.benchmarks} benchmarks, {wider.scores} scores")
    if len(block.models) < FEWEST_MODELS:
        raise ImportProblem("\n".join([
            f"{len(block.models)} base models have a score on every benchmark of {', '.join(block.kinds)}; at least "
            f"{FEWEST_MODELS} are needed, and a dozen before intervals say anything", *report]))
    report.append(f"kept {', '.join(block.kinds)}: {len(block.models)} models x {block.benchmarks} benchmarks, complete, "
                  f"{block.scores} scores; {len(both) - len(block.models)} models of both files lack one or more")
    zero = [model for model in block.models if here[model].zero_shot or there[model].zero_shot]
    if zero:
        report.append(f"scored without examples, unlike the others: {', '.join(zero)} (said in models.csv, note)")
    return block, report


def _tables(local: Board, english: Board, block: blocks.Block, known: dict[str, list[dict]], facts: dict[str, dict],
            snapshot: str) -> dict[str, list[dict]]:
    """Rows of the study's tables."""
    sides = [("local", local, local.models()), ("english", english, english.models())]
    benchmarks, evaluations, scores = [], [], []
    partners = _partners(local, english, block)
    for side, board, _ in sides:
        for dataset in board.datasets:
            if dataset.kind not in block.kinds:
                continue
            fact = facts.get(dataset.id, {})
            ability, metric, shots = KINDS.get(dataset.kind, (dataset.kind, UNKNOWN_METRIC, ""))
            benchmarks.append({
                "benchmark_id": dataset.id, "name": fact.get("name") or dataset.name, "language": side,
                "ability": ability, "metric": metric, "direction": "", "minimum": str(MINIMUM), "maximum": str(MAXIMUM),
                "counterpart_id": partners.get(dataset.id, ""),
                "counterpart_kind": "similar" if dataset.id in partners else "",
                "citation": fact.get("citation", "")})
            items = fact.get("items", "")
            evaluations.append({
                "benchmark_id": dataset.id, "snapshot": snapshot, "metric": metric, "shots": shots,
                "shots_confidence": "confirmed" if shots and fact else "assumed" if shots else "", "items": items,
                "items_confidence": fact.get("confidence", "") if items else "",
                "note": f"the test split's; the validation split has {fact['items_val']}" if fact.get("items_val") else ""})
    for model in block.models:
        for _, board, models in sides:
            for dataset in board.datasets:
                if dataset.kind in block.kinds:
                    score = models[model].scores[dataset.id]
                    scores.append({
                        "model_id": model, "benchmark_id": dataset.id, "snapshot": snapshot,
                        "split": models[model].split, "score": writing.number(score.value),
                        "standard_error": writing.number(round(score.standard_error, 4))})
    models = [_model(model, sides[0][2][model], sides[1][2][model]) for model in block.models]
    models = writing.distinct(overlay.absent_parents(overlay.apply(models, known["models.csv"], "models.csv")))
    return {"models.csv": models, "benchmarks.csv": overlay.apply(benchmarks, known["benchmarks.csv"], "benchmarks.csv"),
            "evaluations.csv": overlay.apply(evaluations, known["evaluations.csv"], "evaluations.csv"),
            "scores.csv": scores}


def _model(model: str, here: Entry, there: Entry) -> dict[str, str]:
    """A model as the leaderboards know it. Neither lineage nor strategy is among that."""
    billions = here.billions if here.billions is not None else there.billions
    flags = {True: "EuroEval marks it as trained from scratch.", False: "EuroEval does not mark it as trained from scratch."}
    notes = [flags.get(here.from_scratch, "")]
    notes += ["Scored without examples in " + " and ".join(side for side, entry in (("the local language", here),
              ("English", there)) if entry.zero_shot) + "."] if here.zero_shot or there.zero_shot else []
    return {**writing.model(model, billions), "note": " ".join(filter(None, notes)), "url": here.url or there.url}


def _partners(local: Board, english: Board, block: blocks.Block) -> dict[str, str]:
    """Dataset -> its counterpart: within a kind, first those whose names begin alike, then those in file order."""
    found = {}
    for kind in block.kinds:
        ours, theirs = list(local.kinds()[kind]), list(english.kinds()[kind])
        pairs = [(one, other) for one in ours for other in theirs if one.split("-")[0] == other.split("-")[0]]
        for one, other in [*pairs, *((one, other) for one in ours for other in theirs)]:
            if one not in found and other not in found:
                found[one], found[other] = other, one
    return found


def _facts(root: Path) -> dict[str, dict]:
    """What data/euroeval/datasets.csv says of datasets, by id; nothing where there is no such file."""
    path = root / SHARED / "datasets.csv"
    if not path.is_file():
        return {}
    columns = ("dataset", "name", "items", "items_val", "confidence", "citation", "source")
    return {row["dataset"]: row for row in sheets.notes(sheets.content(path), path.name, columns)}


def _provenance(board: Board, root: Path, date: str, commit: str) -> dict[str, str]:
    """Date and commit of an export: as given, or by its content as data/euroeval/exports.csv knows it."""
    path = root / SHARED / "exports.csv"
    known = {}
    if path.is_file():
        columns = ("file", "sha256", "date", "commit")
        rows = sheets.notes(sheets.content(path), path.name, columns)
        known = {row["sha256"]: row for row in rows}.get(hashlib.sha256(board.content).hexdigest(), {})
    return {"date": date or known.get("date", ""), "commit": commit or known.get("commit", "")}


def _unnamed(*boards: Board) -> str:
    """A snapshot's id where no date is known."""
    return "euroeval-" + (max((board.version for board in boards if board.version),
                              key=lambda version: tuple(map(int, version.split("."))), default="undated"))


def _settings(code: str, language: str, snapshot: str, exports: list[dict], raw: list[str]) -> bytes:
    """study.yml, with comments for whoever edits it."""
    sources = []
    for side, export in zip((language, "English"), exports, strict=True):
        slug = cells.slug(side) or code
        file = f"raw/{slug}_all.csv"
        sources += [f"  - id: euroeval-{slug}", f"    title: {_quoted(f'EuroEval leaderboard, {side}')}", f"    url: {HOME}",
                    *([f"    commit: {_quoted(export['commit'])}"] if export["commit"] else []),
                    *([f"    date: {_quoted(export['date'])}"] if export["date"] else []), f"    licence: {LICENCE}",
                    *([f"    file: {file}"] if file in raw else [f"    # kept once for all studies: data/{SHARED}/english_all.csv"])]
    lines = [
        f"# The {' '.join(language.split())} study: what no table can say. Written by `python -m lib import euroeval`; yours to edit,",
        "# a new import leaves it as it is.",
        f"code: {code}",
        f"language: {_quoted(language)}",
        f"title: {_quoted(f'Why build local LLMs? An executable study of {language} and multilingual models')}",
        f"default_snapshot: {_quoted(snapshot)}",
        "",
        "snapshots:",
        f"  - id: {_quoted(snapshot)}",
        *([f"    date: {_quoted(snapshot)}"] if snapshot[0].isdigit() else []),
        "    label: EuroEval leaderboards, base models",
        f"    source: euroeval-{cells.slug(language) or code}",
        "",
        "# A component's sign makes its largest loading positive, unless a benchmark is named here, such as",
        "# anchors:",
        "#   PC2: <an id of benchmarks.csv>",
        "",
        "# Keys of references.bib: the study that this one extends, and whose scores it stands on.",
        f"citation: [{', '.join(CITATION)}]",
        "",
        "sources:",
        *sources,
        "",
        "# Ranges for training tokens that developers do not tell (see data/ja/study.yml) are needed once there is a",
        "# training.csv; without one the chapter on compute says what is missing.",
    ]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    """Text as a YAML scalar in double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)


def _raw_readme(exports: list[dict], raw: Iterable[str]) -> bytes:
    """Where the exports are from."""
    lines = ["# The export, as published", "", "Nothing here is edited: what people know beyond it goes into `../curated/`.", "",
             "| file | from | commit | date | licence |", "|---|---|---|---|---|"]
    for name, export in zip(raw, exports, strict=False):
        lines.append(f"| `{name.removeprefix('raw/')}` | `leaderboards/{name.removeprefix('raw/')}` of "
                     f"[EuroEval/leaderboards]({HOME}) | {export['commit'] and '`' + export['commit'] + '`' or 'not known'}"
                     f" | {export['date'] or 'not known'} | {LICENCE} |")
    if len(list(raw)) == 1:
        lines += ["", f"English's leaderboard is the same for all studies: `data/{SHARED}/english_all.csv`."]
    lines += ["", f"EuroEval's licence stands in `data/{SHARED}/LICENSE`.", "", "Two header rows with HTML; cells such as `58.76 ± 2.51 / 70.76 ± 2.55@@58.76`: the first metric with 1.96 standard "
              "errors, the second metric, a sort key.", "`-@@-1` is missing. Base models are those of type 🧠. `(val)` in a name: "
              "scored on the validation split."]
    return ("\n".join(lines) + "\n").encode()


def _readme(code: str, language: str, raw: list[str], kept_apart: bool) -> bytes:
    """Who writes which of the study's files, and how it was imported."""
    english = f"data/{SHARED}/english_all.csv" if kept_apart else f"data/{code}/{raw[-1]}"
    name = " ".join(language.split())
    return f"""\
# The {name} study's data

| what | who writes it |
|---|---|
| `study.yml` | people; the first import wrote a beginning |
| `raw/` | EuroEval's export as published; never edited ([where from](raw/README.md)) |
| `curated/` (may be absent) | people: `models.csv` (model_id, lineage, parent_id, strategy, ...), `benchmarks.csv`, `evaluations.csv`: what is known beyond the export, put over it by each import |
| `models.csv`, `benchmarks.csv`, `evaluations.csv`, `scores.csv` | the importer; never edit these by hand |

The import, which gives the same bytes from the same inputs:

```bash
python -m lib import euroeval --language "{name.replace('"', '')}" --code {code} --force data/{code}/{raw[0]} {english}
```

- Models are EuroEval's base models that have a score on every benchmark, in {name} and in English. Kinds of tasks are those of both leaderboards; a kind is dropped in both languages where that makes the table of models x benchmarks larger. The import says what was dropped and what it would have cost.
- Scores are the first metric, per cent, from -100 to 100: metrics corrected for chance go below zero. `standard_error` is the published half-width of the 95% interval divided by 1.96; EuroEval takes it from ten evaluations on resampled test sets, and prints 0 where all ten agree, as they do at the floor.
- `split` is `test`, or `val` where a model was scored on the validation split only; a model that has both has its test row here.
- A counterpart is `similar`: the same kind of task, not the same items.
- `lineage` and `strategy` come from `data/{SHARED}/models.csv` and `curated/models.csv`. EuroEval's mark "trained from scratch" is kept in `note` and nothing is concluded from it: it says neither in which languages, nor is it right for each model (GPT-2 lacks it).
""".encode()
