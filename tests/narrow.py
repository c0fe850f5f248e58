"""A small or narrow study as text: few models, few lineages, children of one parent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tests.small_study import FILES

LOCAL = ("know-xx", "read-xx", "mood-xx")
ENGLISH = ("know-en", "read-en", "mood-en")
ABILITY = {"know": "knowledge", "read": "reading", "mood": "sentiment"}
ORIGIN = dict.fromkeys(LOCAL, "native") | {"read-xx": "machine_translation"}


def study(
    models: int,
    lineages: int,
    known: bool = True,
    parent: bool = False,
    tests: Sequence[str] = (*LOCAL, *ENGLISH),
    unmeasured: Sequence[int] = (),
) -> dict:
    """Files for `small_study.write`: scores of `models` models of so many lineages on `tests`.

    `known` names a knowledge task; `parent` makes all but the first model its children; models
    `unmeasured` have no score on the last test.
    """
    names = [f"org{k}/m{k}" for k in range(models)]
    registry = pd.DataFrame(
        {
            "model_id": names,
            "name": [f"M{k}" for k in range(models)],
            "developer": [f"Org{k}" for k in range(models)],
            "lineage": [f"Root{k % lineages}" for k in range(models)],
            "parent_id": ["", *[names[0] if parent else ""] * (models - 1)],
            "strategy": [
                "continual_local" if parent and k else "from_scratch_english" for k in range(models)
            ],
            "params_total_b": range(1, models + 1),
        }
    )
    files = {
        "models.csv": registry,
        "benchmarks.csv": _benchmarks(known, tests),
        "scores.csv": _scores(names, tests, unmeasured),
    }
    return {name.replace(".", "_"): _written(name, table) for name, table in files.items()} | {
        "training_csv": None,
        "evaluations_csv": None,
        "study_yml": (
            "code: xx\nlanguage: Icelandic\ntitle: A narrow study\ndefault_snapshot: s1\n"
            "snapshots:\n  - {id: s1, date: '2024-07-01'}\nsources:\n"
            "  - {id: board, title: A board, licence: MIT, url: 'https://example.org/board'}\n"
        ),
    }


def _benchmarks(known: bool, tests: Sequence[str]) -> pd.DataFrame:
    kinds = ABILITY if known else ABILITY | {"know": "commonsense"}
    return pd.DataFrame(
        {
            "benchmark_id": list(tests),
            "name": [each.title() for each in tests],
            "language": ["local" if each in LOCAL else "english" for each in tests],
            "ability": [kinds[each[:4]] for each in tests],
            "metric": "accuracy",
            "minimum": 0,
            "maximum": 100,
            "origin": [ORIGIN.get(each, "") for each in tests],
        }
    )


def _scores(names: list[str], tests: Sequence[str], unmeasured: Sequence[int]) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    general = np.sort(rng.uniform(15, 75, len(names)))
    columns = {each: (general + rng.normal(0, 4, len(names))).round(2) for each in tests}
    table = pd.DataFrame(columns, pd.Index(names, name="model_id"))
    table.iloc[list(unmeasured), -1] = np.nan
    long = table.melt(ignore_index=False, var_name="benchmark_id", value_name="score").dropna()
    return long.reset_index().assign(snapshot="s1")


def _written(name: str, table: pd.DataFrame) -> str:
    """As CSV with the columns of the small study, and those beyond."""
    columns = FILES[name].splitlines()[0].split(",")
    more = [each for each in table if each not in columns]
    return table.reindex(columns=[*columns, *more]).to_csv(index=False)
