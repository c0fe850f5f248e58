"""Which words does a EuroEval import write?  What is known of its exports in; study.yml and two
README.md out."""

from __future__ import annotations

import yaml

from lib.importers.cells import slug
from lib.importers.questions import TITLE, quoted

HOME = "https://github.com/EuroEval/leaderboards"
LICENCE = "MIT"

#: Where files that several studies share are kept, beside the studies.
SHARED = "euroeval"

#: Keys of references.bib that every study of this kind stands on.
CITATION = ("saito2024why", "euroeval", "nielsen2023scandeval", "nielsen2024encoder")


#: Measures of a language in study.yml -> columns of languages.csv: the number, what it is of, where
#: it is from, and on which terms.
MEASURES = {
    "web-words": ("fineweb2_words", "words of FineWeb-2", "fineweb2_source", "Apache-2.0"),
    "speakers": ("speakers_millions", "millions of speakers", "speakers_source", "Unicode-3.0"),
    "distance-syntactic": (
        "distance_syntactic",
        "distance from English in syntax, computed from lang2vec",
        "distance_source",
        "CC BY-SA 4.0",
    ),
    "distance-genetic": (
        "distance_genetic",
        "distance from English in the family tree, computed from lang2vec",
        "distance_source",
        "CC BY-SA 4.0",
    ),
}
#: What languages.csv tells besides: columns that study.yml has under the same names.
NAMES = ("autonym", "family", "branch", "script")
#: Every column of languages.csv: those for people only come after the measures'.
LANGUAGES = (
    "code",
    "name",
    *NAMES,
    *dict.fromkeys(
        column for number, _, source, _ in MEASURES.values() for column in (number, source)
    ),
    "fineweb2_subset",
    "fineweb2_note",
    "speakers_kind",
    "lang2vec_code",
    "syntax_features",
)


def about(known: dict[str, str]) -> list[str]:
    """What is known of the language, as lines of study.yml; none where nothing is."""
    if not known:
        return []
    measures = {
        name: {"value": float(known[column]), "source": f"{what}; {known[source]} ({licence})"}
        for name, (column, what, source, licence) in MEASURES.items()
        if known.get(column)
    }
    told = {name: known[name] for name in NAMES if known.get(name)}
    text = yaml.safe_dump(
        {"about": {**told, "tag": known["code"], "measures": measures}},
        allow_unicode=True,
        sort_keys=False,
        width=1000,
    )
    return [*text.splitlines(), ""]


def settings(
    code: str,
    language: str,
    snapshot: str,
    exports: list[dict],
    raw: list[str],
    known: dict[str, str],
) -> bytes:
    """study.yml, with comments for whoever edits it; `known` is the language's row of
    languages.csv."""
    sources = []
    for side, export in zip((language, "English"), exports, strict=True):
        name = slug(side) or code
        file = f"raw/{name}_all.csv"
        sources += [
            f"  - id: euroeval-{name}",
            f"    title: {quoted(f'EuroEval leaderboard, {side}')}",
            f"    url: {HOME}",
            *([f"    commit: {quoted(export['commit'])}"] if export["commit"] else []),
            *([f"    date: {quoted(export['date'])}"] if export["date"] else []),
            f"    licence: {LICENCE}",
            *(
                [f"    file: {file}"]
                if file in raw
                else [f"    # kept once for all studies: data/{SHARED}/english_all.csv"]
            ),
        ]
    lines = [
        f"# The {' '.join(language.split())} study: what no table can say. Written by `python -m "
        "lib import euroeval`; yours to edit,",
        "# a new import leaves it as it is.",
        f"code: {quoted(code)}",
        f"language: {quoted(language)}",
        f"title: {quoted(TITLE.format(language=language))}",
        f"default_snapshot: {quoted(snapshot)}",
        "",
        *about(known),
        "snapshots:",
        f"  - id: {quoted(snapshot)}",
        *([f"    date: {quoted(snapshot)}"] if snapshot[0].isdigit() else []),
        "    label: EuroEval leaderboards, base models",
        f"    source: euroeval-{slug(language) or code}",
        "",
        "# A component's sign makes its largest loading positive, unless a benchmark is named "
        "here, such as",
        "# anchors:",
        "#   PC2: <an id of benchmarks.csv>",
        "",
        "# Keys of references.bib: the study that this one extends, and whose scores it stands on.",
        f"citation: [{', '.join(CITATION)}]",
        "",
        "sources:",
        *sources,
        "",
        "# Ranges for training tokens that developers do not tell (see data/ja/study.yml) are "
        "needed once there is a",
        "# training.csv; without one the chapter on compute says what is missing.",
    ]
    return ("\n".join(lines) + "\n").encode()


def raw_readme(exports: list[dict], raw: list[str]) -> bytes:
    """Where the exports are from."""
    lines = [
        "# The export, as published",
        "",
        "Nothing here is edited: what people know beyond it goes into `../curated/`.",
        "",
        "| file | from | commit | date | licence |",
        "|---|---|---|---|---|",
    ]
    for name, export in zip(raw, exports, strict=False):
        lines.append(
            f"| `{name.removeprefix('raw/')}` | `leaderboards/{name.removeprefix('raw/')}` of "
            f"[EuroEval/leaderboards]({HOME}) | "
            f"{(export['commit'] and '`' + export['commit'] + '`') or 'not known'} | "
            f"{export['date'] or 'not known'} | {LICENCE} |"
        )
    if len(raw) == 1:
        lines += [
            "",
            f"English's leaderboard is the same for all studies: `data/{SHARED}/english_all.csv`.",
        ]
    lines += [
        "",
        f"EuroEval's licence stands in `data/{SHARED}/LICENSE`.",
        "",
        "Two header rows with HTML; cells such as `58.76 ± 2.51 / 70.76 ± 2.55@@58.76`: the first "
        "metric with 1.96 standard errors, the second metric, a sort key.",
        "`-@@-1` is missing. Base models are those of type 🧠. `(val)` in a name: "
        "scored on the validation split.",
    ]
    return ("\n".join(lines) + "\n").encode()


def readme(code: str, language: str, raw: list[str], kept_apart: bool) -> bytes:
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
.venv/bin/python -m lib import euroeval --language "{name.replace('"', "")}" --code {code} --force data/{code}/{raw[0]} {english}
```

- Models are EuroEval's base models that have a score on every benchmark, in {name} and in English. Kinds of tasks are those of either leaderboard; a kind is dropped where that makes the table of models x benchmarks larger. The import says what was dropped and what it would have cost.
- Scores are the first metric, per cent, from -100 to 100: metrics corrected for chance go below zero. `standard_error` is the published half-width of the 95% interval divided by 1.96; EuroEval takes it from ten evaluations on resampled test sets, and prints 0 where all ten agree, as they do at the floor.
- `split` is `test`, or `val` where a model was scored on the validation split only; a model that has both has its test row here.
- A counterpart is a `translation` where EuroEval's documentation says that a test was translated from the English one (EuroEval draws its own sample of each, so single items need not match), else `similar`: the same kind of task, other items. `origin` tells where the items of a test come from, after the page in `origin_source`.
- `lineage` and `strategy` come from `data/{SHARED}/models.csv` and `curated/models.csv`. EuroEval's mark "trained from scratch" is kept in `note` and nothing is concluded from it: it says neither in which languages, nor is it right for each model (GPT-2 lacks it).
""".encode()  # noqa: E501  a table's row, a command and an item of a list are one line in Markdown
