"""How do EuroEval's leaderboards become a study?  One language's file and English's in, the study's
files out.

Both files have two header rows (kinds of tasks, datasets) and a row a model. Base models are taken,
on the kinds of tasks that both languages have, and of these the set whose complete block of models
x benchmarks is largest. `build` is a pure function of the two files and of what stands in the
study's curated/, so that importing twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from lib import reading
from lib.importers import blocks, cells, euroeval_words, overlay, sheets, writing
from lib.importers.euroeval_words import SHARED
from lib.importers.leaderboard import MAXIMUM, MINIMUM, Board, Entry, read
from lib.importers.writing import FEWEST_MODELS, Built, ImportProblem
from lib.reading import shown

#: Kind of task -> ability, first metric, and number of examples that EuroEval shows a base model
#: unless told otherwise.
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


def build(
    local_path: Path,
    english_path: Path,
    *,
    code: str,
    language: str,
    root: Path,
    date: str = "",
    commit: str = "",
) -> Built:
    """A study's files from the leaderboards of its language and of English.

    Parameters
    ----------
    code, language : the study's folder, and the language's name in English.
    root : the folder of studies; `root`/<code>/curated and what `root`/euroeval knows of datasets
        and exports are used.
    date, commit : of the exports, where they are not among those that `root`/euroeval/exports.csv
        knows.

    Raises
    ------
    InputError Either file is no leaderboard or has rows that cannot be understood; the files have
        no models or kinds of tasks in common; too few models.
    """
    writing.check_new(code, language)
    if cells.slug(language) == "english":
        raise ImportProblem(
            "the language is the one that English is compared with: it cannot be English itself"
        )
    local, english = read(local_path), read(english_path)
    _two_sides(local, english, language)
    block, report = _block(local, english, language)
    known = {table: overlay.read(root / code / "curated" / table, table) for table in overlay.KEYS}
    everyone = set(local.models()) | set(english.models())
    datasets = {dataset.id for dataset in (*local.datasets, *english.datasets)}
    strangers = [
        *overlay.strangers(known["models.csv"], everyone, "model_id", "curated/models.csv"),
        *overlay.strangers(
            known["benchmarks.csv"], datasets, "benchmark_id", "curated/benchmarks.csv"
        ),
        *overlay.strangers(
            known["evaluations.csv"], datasets, "benchmark_id", "curated/evaluations.csv"
        ),
    ]
    if strangers:
        raise ImportProblem("\n".join(strangers))
    facts = _facts(root)
    if facts and (unheard := sorted(datasets - set(facts))):
        report.append(
            f"not known, so without origin, items and counterpart: {', '.join(unheard)}; "
            f"data/{SHARED}/datasets.csv tells of the others"
        )
    exports = [_provenance(board, root, date, commit) for board in (local, english)]
    snapshot = next((each["date"] for each in exports if each["date"]), "") or _unnamed(
        local, english
    )
    known["models.csv"] = [*_models(root, code), *known["models.csv"]]
    tables = _tables(local, english, block, known, facts, snapshot)
    files = {name: writing.table(rows, writing.columns(name)) for name, rows in tables.items()}
    shared = root / SHARED / "english_all.csv"
    kept_apart = reading.content_if_there(shared, f"{SHARED}/{shared.name}") == english.content
    raw = {f"raw/{cells.slug(language) or code}_all.csv": local.content}
    if not kept_apart:
        raw["raw/english_all.csv"] = english.content
    files["study.yml"] = euroeval_words.settings(
        code, language, snapshot, exports, list(raw), _language(root, code, language)
    )
    files.update(raw)
    files["raw/README.md"] = euroeval_words.raw_readme(exports, list(raw))
    files["README.md"] = euroeval_words.readme(code, language, list(raw), kept_apart)
    if kept_apart:
        report.append(f"English's file is the one in data/{SHARED}/ and is not copied")
    if not exports[0]["date"]:
        report.append(
            f"the date of {local.file} is not known: the snapshot is called {snapshot}; --date "
            "YYYY-MM-DD names it"
        )
    lineages = sum(bool(row.get("lineage")) for row in tables["models.csv"])
    report.append(
        f"lineage: known for {lineages} of {len(block.models)} models, else the organisation "
        f"stands in; data/{code}/curated/models.csv (model_id, lineage, parent_id, strategy, ...) "
        "adds what you know and is kept by each import"
    )
    return Built(files, report)


def _two_sides(local: Board, english: Board, language: str) -> None:
    """Raise ImportProblem where the files are not this language's and English's."""
    if english.language not in ("", "english"):
        raise ImportProblem(
            f"{english.file}: its datasets are {shown(english.language)}'s; the second file must "
            "be English's"
        )
    if local.language == "english":
        raise ImportProblem(
            f"{local.file}: its datasets are English; the first file must be the local language's"
        )
    if local.language and local.language not in cells.slug(language):
        raise ImportProblem(
            f"{local.file}: its datasets are those of {shown(local.language)}, and --language says "
            f"{shown(language)}; allowed: the language of the file"
        )
    both = {each.id for each in local.datasets} & {each.id for each in english.datasets}
    if both:
        raise ImportProblem(
            f"{local.file} and {english.file} have the same datasets: {', '.join(sorted(both))}"
        )


def _block(local: Board, english: Board, language: str) -> tuple[blocks.Block, list[str]]:
    """The largest complete block, and a report of all that is not in it and what it would have
    cost."""
    here, there = local.models(), english.models()
    both = [model for model in here if model in there]
    report = [
        f"{len(here)} base models in {local.file}, {len(there)} in {english.file}, {len(both)} in "
        "both"
    ]
    if not both:
        raise ImportProblem(
            f"no base model is in both {local.file} ({len(here)} base models) and {english.file} "
            f"({len(there)})"
        )
    twice = [
        model
        for board in (local, english)
        for model in board.models()
        if {(model, "test"), (model, "val")} <= set(board.rows)
    ]
    for model in dict.fromkeys(twice):
        report.append(f"{model}: scored on both splits; the test split is taken")
    sides = [each.kinds() for each in (local, english)]
    if not set(sides[0]) & set(sides[1]):
        raise ImportProblem(
            f"{local.file} and {english.file} have no kind of task in common: "
            f"{', '.join(sides[0])}; {', '.join(sides[1])}"
        )
    kinds = {
        kind: tuple(each for side in sides for each in side.get(kind, ()))
        for kind in dict.fromkeys(kind for side in sides for kind in side)
    }
    scored = pd.DataFrame(
        [
            [
                column in here[model].scores or column in there[model].scores
                for kind in kinds
                for column in kinds[kind]
            ]
            for model in both
        ],
        index=both,
        columns=[column for kind in kinds for column in kinds[kind]],
        dtype=bool,
    )
    try:
        block = blocks.largest(scored, kinds, [each.id for each in local.datasets])
    except ValueError as error:
        raise ImportProblem(f"{local.file} and {english.file}: {error}") from None
    for kind in kinds:
        if kind not in block.kinds:
            wider = blocks.of(
                [each for each in kinds if each in (*block.kinds, kind)], scored, kinds
            )
            report.append(
                f"dropped {kind} ({', '.join(kinds[kind])}): with it "
                f"{len(wider.models)} models x {wider.benchmarks} benchmarks, {wider.scores} "
                "scores"
            )
    if len(block.models) < FEWEST_MODELS:
        raise ImportProblem(
            "\n".join(
                [
                    f"{len(block.models)} base models have a score on every benchmark of "
                    f"{', '.join(block.kinds)}; at least {FEWEST_MODELS} are needed, and a dozen "
                    "before intervals say anything",
                    *report,
                ]
            )
        )
    for side, name in zip(sides, (language, "English"), strict=True):
        if lone := [kind for kind in block.kinds if kind not in side]:
            report.append(f"kept without a counterpart in {name}: {', '.join(lone)}")
    report.append(
        f"kept {', '.join(block.kinds)}: {len(block.models)} models x {block.benchmarks} "
        f"benchmarks, complete, {block.scores} scores; {len(both) - len(block.models)} models of "
        "both files lack one or more"
    )
    zero = [model for model in block.models if here[model].zero_shot or there[model].zero_shot]
    if zero:
        report.append(
            f"scored without examples, unlike the others: {', '.join(zero)} (said in models.csv, "
            "note)"
        )
    return block, report


def _tables(
    local: Board,
    english: Board,
    block: blocks.Block,
    known: dict[str, list[dict]],
    facts: dict[str, dict],
    snapshot: str,
) -> dict[str, list[dict]]:
    """Rows of the study's tables."""
    sides = [("local", local, local.models()), ("english", english, english.models())]
    benchmarks, evaluations, scores = [], [], []
    partners = _partners(local, english, block, facts)
    for side, board, _ in sides:
        for dataset in board.datasets:
            if dataset.kind not in block.kinds:
                continue
            fact = facts.get(dataset.id, {})
            ability, metric, shots = KINDS.get(dataset.kind, (dataset.kind, UNKNOWN_METRIC, ""))
            benchmarks.append(
                {
                    "benchmark_id": dataset.id,
                    "name": fact.get("name") or dataset.name,
                    "language": side,
                    "ability": ability,
                    "metric": metric,
                    "direction": "",
                    "minimum": str(MINIMUM),
                    "maximum": str(MAXIMUM),
                    "chance": "0" if metric == "MCC" else "",  # as the metric is defined
                    "counterpart_id": partners.get(dataset.id, ("", ""))[0],
                    "counterpart_kind": partners.get(dataset.id, ("", ""))[1],
                    "citation": fact.get("citation", ""),
                    "about": fact.get("about", ""),
                    "origin": fact.get("origin", ""),
                    "origin_source": _told(fact),
                }
            )
            items = fact.get("items", "")
            evaluations.append(
                {
                    "benchmark_id": dataset.id,
                    "snapshot": snapshot,
                    "metric": metric,
                    "shots": shots,
                    "shots_confidence": "confirmed"
                    if shots and fact
                    else "assumed"
                    if shots
                    else "",
                    "items": items,
                    "items_confidence": fact.get("confidence", "") if items else "",
                    "note": (
                        f"the test split's; the validation split has {fact['items_val']}"
                        if fact.get("items_val")
                        else ""
                    ),
                }
            )
    for model in block.models:
        for _, board, models in sides:
            for dataset in board.datasets:
                if dataset.kind in block.kinds:
                    score = models[model].scores[dataset.id]
                    scores.append(
                        {
                            "model_id": model,
                            "benchmark_id": dataset.id,
                            "snapshot": snapshot,
                            "split": models[model].split,
                            "score": writing.number(score.value),
                            "standard_error": writing.number(round(score.standard_error, 4)),
                        }
                    )
    models = [_model(model, sides[0][2][model], sides[1][2][model]) for model in block.models]
    models = writing.distinct(
        overlay.absent_parents(overlay.apply(models, known["models.csv"], "models.csv"))
    )
    return {
        "models.csv": models,
        "benchmarks.csv": overlay.apply(benchmarks, known["benchmarks.csv"], "benchmarks.csv"),
        "evaluations.csv": overlay.apply(evaluations, known["evaluations.csv"], "evaluations.csv"),
        "scores.csv": scores,
    }


def _model(model: str, here: Entry, there: Entry) -> dict[str, str]:
    """A model as the leaderboards know it. Neither lineage nor strategy is among that."""
    billions = here.billions if here.billions is not None else there.billions
    flags = {
        True: "EuroEval marks it as trained from scratch.",
        False: "EuroEval does not mark it as trained from scratch.",
    }
    notes = [flags.get(here.from_scratch, "")]
    notes += (
        [
            "Scored without examples in "
            + " and ".join(
                side
                for side, entry in (("the local language", here), ("English", there))
                if entry.zero_shot
            )
            + "."
        ]
        if here.zero_shot or there.zero_shot
        else []
    )
    return {
        **writing.model(model, billions),
        "note": " ".join(filter(None, notes)),
        "url": here.url or there.url,
    }


def _partners(
    local: Board, english: Board, block: blocks.Block, facts: dict[str, dict]
) -> dict[str, tuple[str, str]]:
    """Dataset -> its counterpart and what the two have in common.

    A test that was translated from one of the English ones is its translation. Of the others,
    within a kind, those whose names begin alike are similar, then those in file order.
    """
    kinds = [(local.kinds().get(kind, []), english.kinds().get(kind, [])) for kind in block.kinds]
    kept = [each for _, theirs in kinds for each in theirs]
    translated = [
        (one, facts[one]["translated_from"], "translation")
        for ours, _ in kinds
        for one in ours
        if facts.get(one, {}).get("translated_from") in kept
    ]
    alike = [(one, other, "similar") for ours, theirs in kinds for one in ours for other in theirs]
    named = [each for each in alike if each[0].split("-")[0] == each[1].split("-")[0]]
    found: dict[str, tuple[str, str]] = {}
    for one, other, how in [*translated, *named, *alike]:
        if one not in found and other not in found:
            found[one], found[other] = (other, how), (one, how)
    return found


#: What data/euroeval/datasets.csv tells of a dataset.
FACTS = (
    "dataset",
    "language",
    "kind",
    "name",
    "items",
    "items_val",
    "confidence",
    "citation",
    "origin",
    "origin_note",
    "origin_source",
    "translated_from",
    "source",
    "about",
)


def _told(fact: dict[str, str]) -> str:
    """Where a dataset's origin is told, and what is."""
    if not fact.get("origin"):
        return ""
    where = fact.get("origin_source") or fact.get("source", "")
    return ": ".join(filter(None, (where, fact.get("origin_note", ""))))


def _facts(root: Path) -> dict[str, dict]:
    """What data/euroeval/datasets.csv says of datasets, by id; nothing where there is no such
    file."""
    return {row["dataset"]: row for row in _shared(root, "datasets.csv", FACTS)}


def _language(root: Path, code: str, language: str) -> dict[str, str]:
    """What data/euroeval/languages.csv says of the language; nothing where it does not know it
    under this code and name."""
    rows = {row["code"]: row for row in _shared(root, "languages.csv", euroeval_words.LANGUAGES)}
    row = rows.get(code, {})
    return row if row.get("name") == language else {}


def _models(root: Path, code: str) -> list[dict]:
    """What data/euroeval/models.csv says of models, as it bears on the language `code`: a model
    that was continued in it, or built for it, is told so."""
    columns = (
        *writing.columns("models.csv", without=["built_for_local"]),
        *("built_for", "continued_in", *overlay.FOR_PEOPLE),
    )
    rows = []
    for row in _shared(root, "models.csv", columns):
        told = dict(row)
        if code in told.pop("continued_in", "").split():
            told["strategy"] = "continual_local"
        if code in told.pop("built_for", "").split():
            told["built_for_local"] = "yes"
        rows.append(told)
    return rows


def _provenance(board: Board, root: Path, date: str, commit: str) -> dict[str, str]:
    """Date and commit of an export: as given, or by its content as data/euroeval/exports.csv knows
    it."""
    rows = _shared(root, "exports.csv", ("sha256", "file", "date", "commit"))
    known = {row["sha256"]: row for row in rows}.get(hashlib.sha256(board.content).hexdigest(), {})
    return {"date": date or known.get("date", ""), "commit": commit or known.get("commit", "")}


def _shared(root: Path, name: str, columns: tuple[str, ...]) -> list[dict]:
    """Rows of a table in data/euroeval, named by the first of `columns`; none without the file."""
    file = f"{SHARED}/{name}"
    content = reading.content_if_there(root / file, file)
    return [] if content is None else sheets.notes(content, file, columns, columns[:1], columns[0])


def _unnamed(*boards: Board) -> str:
    """A snapshot's id where no date is known."""
    return "euroeval-" + (
        max(
            (board.version for board in boards if board.version),
            key=lambda version: tuple(map(int, version.split("."))),
            default="undated",
        )
    )
