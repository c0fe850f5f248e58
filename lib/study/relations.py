"""Do the tables of a study agree with each other?  Checked tables in, every contradiction found
out.

`folder` has looked at each file by itself; here are the checks that need two of them, or a
whole column: ids that point somewhere, scores within their benchmark's range, parents without
cycles, token counts that add up.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from lib import claims
from lib.claims import Claims
from lib.reading import Problem, shown
from lib.study.folder import Folder
from lib.study.schema import STRATEGIES, is_number
from lib.study.settings import Settings

#: Fewer models than this have no correlation worth a name.
FEWEST_MODELS = 3
#: Published token counts are rounded, so their parts may exceed the total by this share before it
#: is an error.
ROUNDING = 0.005


def problems(folder: Folder, where: str) -> list[Problem]:
    """Everything in which the tables of `folder` contradict each other; tables that could not be
    read are left out."""
    tables = folder.tables
    checks = [
        (_models, ("models.csv",)),
        (_parents, ("models.csv",)),
        (_benchmarks, ("benchmarks.csv",)),
        (_training, ("training.csv", "models.csv")),
        (_scores, ("scores.csv", "models.csv", "benchmarks.csv")),
        (_spread, ("scores.csv",)),
    ]
    found = [
        problem
        for check, names in checks
        if all(name in tables for name in names)
        for problem in check(*(tables[name] for name in names))
    ]
    if folder.settings is not None:
        found += _snapshots(folder, folder.settings)
        if "benchmarks.csv" in tables:
            found += _anchors(folder, folder.settings)
        if folder.claims is not None and {"benchmarks.csv", "models.csv"} <= set(tables):
            found += _claims(folder, folder.settings, folder.claims)
    if "benchmarks.csv" in tables and "evaluations.csv" in tables:
        found += _known(
            tables["evaluations.csv"],
            "benchmark_id",
            "evaluations.csv",
            tables["benchmarks.csv"]["benchmark_id"],
            "benchmarks.csv",
        )
    return [problem._replace(file=f"{where}/{problem.file}") for problem in found]


def _value(cell: str) -> float | None:
    """The cell's number, or None where it is empty or (already reported) not a number."""
    return float(cell) if is_number(cell) else None


def _known(
    table: pd.DataFrame,
    column: str,
    file: str,
    ids: pd.Series,
    other_file: str,
    empty: bool = False,
) -> Iterator[Problem]:
    """Each cell of `column` must be one of the other table's `ids`."""
    known = set(ids)
    allowed = f"an id of {other_file}" + (", or nothing" if empty else "")
    for line, cell in table[column].items():
        if cell not in known and not (empty and cell == ""):
            yield Problem(file, line, column, shown(cell), allowed)


def _models(models: pd.DataFrame) -> Iterator[Problem]:
    yield from _known(
        models, "parent_id", "models.csv", models["model_id"], "models.csv", empty=True
    )
    for line, total, active in models[["params_total_b", "params_active_b"]].itertuples():
        most, least = _value(total), _value(active)
        if most is not None and least is not None and least > most:
            yield Problem(
                "models.csv",
                line,
                "params_active_b",
                shown(active),
                f"at most the {total} of params_total_b",
            )


def _parents(models: pd.DataFrame) -> Iterator[Problem]:
    """Each cycle once, at the row of its first model in file order."""
    parent = dict(zip(models["model_id"], models["parent_id"], strict=True))
    line = {model: at for at, model in reversed(list(models["model_id"].items()))}
    settled: set[str] = set()
    for start in parent:
        walk: list[str] = []
        model = start
        while model in parent and model not in settled and model not in walk:
            walk.append(model)
            model = parent[model]
        if model in walk:
            cycle = walk[walk.index(model) :]
            chain = " -> ".join(shown(each) for each in [*cycle, cycle[0]])
            yield Problem(
                "models.csv",
                line[cycle[0]],
                "parent_id",
                f"the cycle {chain}",
                "parents that lead to a model without one",
            )
        settled.update(walk)


def _benchmarks(benchmarks: pd.DataFrame) -> Iterator[Problem]:
    rows = benchmarks.drop_duplicates("benchmark_id").set_index("benchmark_id")
    for line, row in benchmarks.iterrows():
        at = ("benchmarks.csv", line)
        low, high = _value(row["minimum"]), _value(row["maximum"])
        if low is not None and high is not None and low >= high:
            yield Problem(
                *at, "maximum", shown(row["maximum"]), f"more than the minimum {row['minimum']}"
            )
        if row["direction"] and row["language"] == "english":
            yield Problem(
                *at,
                "direction",
                shown(row["direction"]),
                "nothing: both directions of translation are local",
            )
        other, kind = row["counterpart_id"], row["counterpart_kind"]
        if (other == "") != (kind == ""):
            yield Problem(
                *at,
                "counterpart_kind",
                shown(kind),
                "a kind where there is a counterpart, and only there",
            )
        if other == "":
            continue
        if other not in rows.index:
            yield Problem(
                *at, "counterpart_id", shown(other), "an id of benchmarks.csv, or nothing"
            )
        elif rows.at[other, "language"] == row["language"]:
            yield Problem(
                *at,
                "counterpart_id",
                shown(other),
                "a benchmark of the other side (local, english)",
            )
        elif (
            rows.at[other, "counterpart_id"] != row["benchmark_id"]
            or rows.at[other, "counterpart_kind"] != kind
        ):
            yield Problem(
                *at,
                "counterpart_id",
                shown(other),
                "a benchmark that names this one back, with the same kind",
            )


def _training(training: pd.DataFrame, models: pd.DataFrame) -> Iterator[Problem]:
    yield from _known(training, "model_id", "training.csv", models["model_id"], "models.csv")
    for line, row in training.iterrows():
        total, local, english = (
            _value(row[f"own_{part}tokens_b"]) for part in ("", "local_", "english_")
        )
        parts = [part for part in (local, english) if part is not None]
        if total is not None and parts and sum(parts) > total * (1 + ROUNDING):
            yield Problem(
                "training.csv",
                line,
                "own_local_tokens_b + own_english_tokens_b",
                f"{sum(parts):g}",
                f"at most the {total:g} of own_tokens_b",
            )
        if row["disclosure"] == "undisclosed" and (total is not None or parts):
            yield Problem(
                "training.csv",
                line,
                "disclosure",
                shown("undisclosed"),
                "no token counts beside it",
            )


def _scores(
    scores: pd.DataFrame, models: pd.DataFrame, benchmarks: pd.DataFrame
) -> Iterator[Problem]:
    yield from _known(scores, "model_id", "scores.csv", models["model_id"], "models.csv")
    yield from _known(
        scores, "benchmark_id", "scores.csv", benchmarks["benchmark_id"], "benchmarks.csv"
    )
    ranges = {
        row["benchmark_id"]: (_value(row["minimum"]), _value(row["maximum"]))
        for row in benchmarks.to_dict("records")
    }
    for line, benchmark, cell in scores[["benchmark_id", "score"]].itertuples():
        low, high = ranges.get(benchmark, (None, None))
        score = _value(cell)
        if score is not None and low is not None and high is not None and not low <= score <= high:
            yield Problem(
                "scores.csv",
                line,
                "score",
                shown(cell),
                f"{low:g} to {high:g}, the range of {benchmark}",
            )


def _spread(scores: pd.DataFrame) -> Iterator[Problem]:
    """Each snapshot needs models enough, and each benchmark in it scores that differ."""
    numbers = scores["score"].map(_value)
    for snapshot, rows in scores.assign(score=numbers).groupby("snapshot", sort=False):
        models = rows["model_id"].nunique()
        if models < FEWEST_MODELS:
            yield Problem(
                "scores.csv",
                int(rows.index[0]),
                "model_id",
                f"{models} in snapshot {snapshot}",
                f"at least {FEWEST_MODELS} models in a snapshot",
            )
            continue
        for benchmark, column in rows.groupby("benchmark_id", sort=False)["score"]:
            if column.notna().all() and column.nunique() == 1:
                yield Problem(
                    "scores.csv",
                    int(column.index[0]),
                    "score",
                    f"only the value {column.iloc[0]:g} for {benchmark} in snapshot {snapshot}",
                    "scores that differ between models (a benchmark without variance says nothing)",
                )


def _snapshots(folder: Folder, settings: Settings) -> Iterator[Problem]:
    """study.yml and the tables must speak of the same snapshots, and the default must be one that
    has scores."""
    known = [snapshot.id for snapshot in settings.snapshots]
    line_of = folder.documents["study.yml"].line
    allowed = "one of the snapshots in study.yml: " + ", ".join(known)
    sources = {source.id for source in settings.sources}
    if len(set(known)) < len(known):
        yield Problem(
            "study.yml",
            line_of(["snapshots"]),
            "snapshots",
            "the same id twice",
            "each snapshot once",
        )
    if settings.default_snapshot not in known:
        yield Problem(
            "study.yml",
            line_of(["default_snapshot"]),
            "default_snapshot",
            shown(settings.default_snapshot),
            allowed,
        )
    for place, snapshot in enumerate(settings.snapshots):
        if snapshot.source and snapshot.source not in sources:
            yield Problem(
                "study.yml",
                line_of(["snapshots", place]),
                "snapshots",
                f"the source {shown(snapshot.source)}",
                "an id of sources",
            )
    for name in ("evaluations.csv", "scores.csv"):
        table = folder.tables.get(name)
        if table is None:
            continue
        for line, cell in table["snapshot"].items():
            if cell not in known:
                yield Problem(name, line, "snapshot", shown(cell), allowed)
        if name == "scores.csv":
            for place, snapshot in enumerate(known):
                if snapshot not in set(table["snapshot"]):
                    yield Problem(
                        "study.yml",
                        line_of(["snapshots", place]),
                        "snapshots",
                        f"{shown(snapshot)} without a row in scores.csv",
                        "snapshots that have scores",
                    )


def _anchors(folder: Folder, settings: Settings) -> Iterator[Problem]:
    benchmarks = set(folder.tables["benchmarks.csv"]["benchmark_id"])
    line_of = folder.documents["study.yml"].line
    for component, benchmark in settings.anchors.items():
        if benchmark not in benchmarks:
            yield Problem(
                "study.yml",
                line_of(["anchors", component]),
                f"anchors.{component}",
                shown(benchmark),
                "an id of benchmarks.csv",
            )


def _claims(folder: Folder, settings: Settings, made: Claims) -> Iterator[Problem]:
    """Claims must rest on results that the chapters record, for what this study has."""
    known = {
        "benchmark": folder.tables["benchmarks.csv"]["benchmark_id"],
        "strategy": STRATEGIES,
        "model": folder.tables["models.csv"]["model_id"],
        "ranges": settings.ranges,
        "snapshot": [snapshot.id for snapshot in settings.snapshots],
    }
    known = {part: list(dict.fromkeys(ids)) for part, ids in known.items()}
    for place, claim in enumerate(made.claims):
        for panel, test in claim.tests.items():
            line = folder.documents["claims.yml"].line(["claims", place, "tests", panel])
            for name in test.names:
                if allowed := claims.amiss(name, known):
                    yield Problem(
                        "claims.yml", line, f"claims.{claim.id}.{panel}", shown(name), allowed
                    )
