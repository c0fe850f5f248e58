"""What does an empty study look like?  A code and a language in, files with comments to fill in
out."""

from __future__ import annotations

from lib import study
from lib.importers import questions, writing
from lib.importers.writing import ImportProblem
from lib.study import schema

#: What each column says, where its allowed values do not already say it.
MEANINGS = {
    "model_id": "the model's id as on its hub, organisation/name",
    "name": "what figures and tables call it",
    "developer": "who made it",
    "lineage": "the root it shares with others; empty: its organisation stands in, marked",
    "parent_id": "the model of this file that its training continued from",
    "parent_note": "anything unusual about it",
    "strategy": "how it was trained",
    "params_total_b": "parameters in billions",
    "params_active_b": "parameters used for one token, in billions",
    "released": "when",
    "note": "anything else",
    "url": "a page about the model",
    "benchmark_id": "a short id; results are named after it",
    "language": "which side it is on; both directions of translation are local",
    "ability": "what it asks for: knowledge, exams, reading, commonsense, code, translation, ...",
    "metric": "the metric's name; higher must be better",
    "direction": "for translation, which way",
    "minimum": "the lowest value that the metric can take",
    "maximum": "the highest",
    "chance": "what guessing scores, where known",
    "counterpart_id": (
        "the benchmark of the other side that asks the same; both rows name each other"
    ),
    "counterpart_kind": "a test and its translation, or a similar task",
    "citation": "a key of references.bib",
    "about": "what it asks, in a sentence",
    "origin": (
        "where its items come from: written in the language (native), made from its texts by a "
        "language model, translated by people or by machine, translated and changed, or unknown"
    ),
    "origin_source": "where that is told",
    "built_for_local": "yes where its makers say that they built it for the language",
    "snapshot": "an id of study.yml's snapshots",
    "split": "the split of the benchmark that was scored",
    "score": "the score, in the benchmark's own scale",
    "standard_error": "its standard error, where published",
    "shots": "examples shown",
    "shots_confidence": "how sure",
    "items": "items scored",
    "items_confidence": "how sure",
    "own_tokens_b": "tokens of the model's own training stage, in billions, never its parent's",
    "own_local_tokens_b": "those in the local language",
    "own_english_tokens_b": "those in English",
    "disclosure": "how much its maker tells",
    "source": "where the counts are from",
    "confidence": "how sure",
}

STEPS = """\
# The {language} study

An empty study: fill in its files, then ask what is still wrong until nothing is.

```bash
.venv/bin/python -m lib check {code}
make book STUDY={code}
```

1. `study.yml`: fill in what is `""`.
2. `models.csv`, `benchmarks.csv`, `scores.csv`: one row a model, a benchmark, a score; the \
header is there. Each row of
   `scores.csv` names a snapshot of `study.yml`, at first `{snapshot}`. At least {fewest} models.
3. Where you have them, copy `training.csv` and `evaluations.csv` from `optional/` beside the \
others and fill them in;
   without them the chapters that need them say what is missing. Then remove `optional/`.

Scores in a table, a spreadsheet, an evaluation's results or a leaderboard's export need no typing:
`.venv/bin/python -m lib import --help`.
Files are UTF-8, tables have commas, an empty cell is unknown. Nothing is ever guessed for you.
"""


def build(code: str, language: str) -> dict[str, bytes]:
    """Files of a new study: study.yml with comments, tables with headers, and README.md that
    explains every column.

    Raises ImportProblem where `code` is no code, or a study has it.
    """
    writing.check_new(code, language or "?")
    snapshot = "first"
    files = {"study.yml": questions.template(code, language, snapshot, [{"id": "scores"}])}
    lines = [
        STEPS.format(language=language, code=code, snapshot=snapshot, fewest=writing.FEWEST_MODELS)
    ]
    for table, form in schema.FORMS.items():
        files[table if form.required else f"optional/{table}"] = writing.table(
            [], list(form.columns)
        )
        lines += [f"## {table}", "", "| column | what it says | allowed |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {MEANINGS[column]} | {check.error.replace('|', '&#124;')}"
            f"{' (the column may be absent)' if column in form.optional else ''} |"
            for column, check in form.columns.items()
        ]
        lines.append("")
    files["README.md"] = "\n".join(lines).encode()
    return files


def write(code: str, language: str, *, dry_run: bool = False) -> list[str]:
    """Put a new study's files into data/<code>; return their names. Never touches a folder that is
    there."""
    files = build(code, language)
    folder = study.loading.DATA / code
    if folder.exists():
        raise ImportProblem(
            f"data/{code} is there already; nothing is written. Another code begins a second "
            f"study; an import with --replace renews the one that is there; rm -r data/{code} "
            "makes room"
        )
    if not dry_run:
        writing.swap(folder, files)
    return list(files)
