"""Which tasks and models make the largest complete table?  Two leaderboards' scores in, the block
and its cost out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

#: Sets of kinds are tried one by one: 2 ** 16 of them take seconds.
MOST_KINDS = 16


class Block(NamedTuple):
    """Kinds of tasks that are kept, and the models that have a score on every benchmark of these
    kinds."""

    kinds: tuple[str, ...]
    models: tuple[str, ...]
    benchmarks: int

    @property
    def scores(self) -> int:
        """How many scores the block holds."""
        return len(self.models) * self.benchmarks


def of(kinds: Sequence[str], scored: pd.DataFrame, columns: Mapping[str, Sequence[str]]) -> Block:
    """The block of given kinds: `scored` is models x benchmarks, True where there is a score."""
    wanted = [column for kind in kinds for column in columns[kind]]
    complete = scored[wanted].all(axis="columns") if wanted else pd.Series(False, scored.index)
    return Block(tuple(kinds), tuple(scored.index[complete]), len(wanted))


def largest(
    scored: pd.DataFrame,
    columns: Mapping[str, Sequence[str]],
    local: Sequence[str],
    fewest_local: int = 2,
) -> Block:
    """The block with most scores; among equals the one with more benchmarks, then with the earlier
    kinds.

    Parameters
    ----------
    scored : DataFrame of bool, models x benchmarks of both sides.
    columns : kind -> its benchmarks, of both sides where both have it; all are kept or dropped at
        once.
    local : the benchmarks of the local language, of which a block needs `fewest_local`.

    Raises
    ------
    ValueError
        More kinds than can be tried, or no set of kinds that has enough local benchmarks.
    """
    if len(columns) > MOST_KINDS:
        raise ValueError(
            f"{len(columns)} kinds of tasks; at most {MOST_KINDS} can be tried in all combinations"
        )
    sets = [
        kinds
        for size in range(len(columns), 0, -1)
        for kinds in itertools.combinations(columns, size)
        if sum(column in local for kind in kinds for column in columns[kind]) >= fewest_local
    ]
    if not sets:
        raise ValueError(f"fewer than {fewest_local} benchmarks of the local language")
    return max(
        (of(kinds, scored, columns) for kinds in sets),
        key=lambda block: (block.scores, block.benchmarks),
    )
