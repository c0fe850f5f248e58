"""How do training strategies differ?  Mean scores by strategy, and differences between them.

Strategies are not assigned at random: makers who choose one also choose sizes, years and parents,
so a difference says which models score higher and nothing of why.  The intervals resample lineages;
a strategy with few lineages gets a wide one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import checked
from lib.stats.verdicts import Estimate

#: The strategies that a study may name, in the order in which pages show them.
STRATEGIES = (
    "from_scratch_english",
    "from_scratch_multilingual",
    "from_scratch_local",
    "continual_local",
    "unknown",
)
#: What can be told apart, the first that a study has: training on text in the local language or
#: not; else training on many languages or mostly on English.
CONTRASTS = (
    (
        ("from_scratch_local", "continual_local"),
        ("from_scratch_english", "from_scratch_multilingual"),
    ),
    (("from_scratch_multilingual",), ("from_scratch_english",)),
)


def contrast(strategy: pd.Series) -> list[list[str]] | None:
    """The first of CONTRASTS of which both sides have models, with the strategies that there are;
    None where there is none.

    >>> contrast(pd.Series(["unknown", "from_scratch_english", "continual_local"]))
    [['continual_local'], ['from_scratch_english']]
    """
    there = set(strategy)
    found = ([[each for each in side if each in there] for side in sides] for sides in CONTRASTS)
    return next((sides for sides in found if all(sides)), None)


def means(scores: pd.DataFrame | pd.Series, strategy: pd.Series, how: Resampling) -> Estimates:
    """Mean score of each strategy's models, by `strategy/column`; n and groups count its own.

    Parameters
    ----------
    scores : DataFrame, models x columns (benchmarks or abilities), or one value a model; subjects
        are then the strategies alone.
    strategy : Series, model -> strategy.  One with a single lineage has no interval, and one none
        of whose models has a score in a column has no mean of it.

    >>> scores = pd.Series({"a": 1.0, "b": 3.0, "c": 8.0})
    >>> strategy = pd.Series({"a": "unknown", "b": "unknown", "c": "continual_local"})
    >>> lineages = Resampling(pd.Series(list("xyz"), index=list("abc")), seed=1, replicates=100)
    >>> means(scores, strategy, lineages).values.to_dict()
    {'continual_local': 8.0, 'unknown': 2.0}
    """
    table = scores.to_frame("") if isinstance(scores, pd.Series) else scores
    strategy, parts = strategy.loc[table.index], []
    for name in (name for name in STRATEGIES if (strategy == name).any()):
        inside = table[strategy == name]
        mean = partial(_weighted_mean, values=inside.to_numpy(float))
        found = how.of(inside.index).estimates(mean, table.columns, "mean").frame
        parts.append(found.set_axis([f"{name}/{column}".rstrip("/") for column in table]))
    return Estimates(pd.concat(parts).dropna(subset="value"))


def differences(
    scores: pd.DataFrame | pd.Series,
    strategy: pd.Series,
    how: Resampling,
    of: str | Sequence[str],
    over: str | Sequence[str],
) -> Estimates:
    """Mean of the models trained by `of` minus the mean of those trained by `over`, by column.

    `of` and `over` are a strategy or several.  Groups are resampled over both sides at once, since
    both may hold models of the same lineage; a replicate without any model of a side is left out.

    Raises
    ------
    ValueError
        A side has no model in the table.

    >>> from lib.stats import example
    >>> how, by = example.resampling(), ("continual_local", "from_scratch_english")
    >>> str(differences(example.scores()[["exam-xx"]], example.strategy(), how, *by))
    'exam-xx 0.08 [0.08, 0.09]'
    """
    table, sides = _sides(scores, strategy, of, over)
    values = table.to_numpy()

    def difference(weights: np.ndarray) -> np.ndarray:
        first, second = (_weighted_mean(weights[:, side], values[side]) for side in sides)
        return first - second

    first, second = (" and ".join(_several(side)) for side in (of, over))
    method = f"mean of {first} minus mean of {second}"
    return how.of(table.index).estimates(difference, table.columns, method)


def leaving_out(
    scores: pd.Series,
    strategy: pd.Series,
    groups: pd.Series,
    of: str | Sequence[str],
    over: str | Sequence[str],
) -> Estimates:
    """The difference of `differences` without each group of models in turn, by the group left out.

    One without which a side has no model is not among them.

    >>> from lib.stats import example
    >>> exam, by = example.scores()["exam-xx"], ("continual_local", "from_scratch_english")
    >>> leaving_out(exam, example.strategy(), example.lineages(), *by).lowest.written(".3f")
    'c 0.080'
    """
    table, sides = _sides(scores, strategy, of, over)
    values, groups, found = table.to_numpy(), groups.loc[table.index], {}
    for group in groups.unique():
        kept = (groups != group).to_numpy(float)[None]
        if all(kept[0, side].any() for side in sides):
            first, second = (_weighted_mean(kept[:, side], values[side])[0, 0] for side in sides)
            found[group] = Estimate(first - second)
    return Estimates.from_rows(found)


def _sides(scores, strategy, of, over) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """The models of both sides, and which of them are each side's."""
    table = checked(scores.to_frame() if isinstance(scores, pd.Series) else scores)
    strategy = strategy.loc[table.index]
    table = table[strategy.isin([*_several(of), *_several(over)])]
    sides = [strategy.loc[table.index].isin(_several(side)).to_numpy() for side in (of, over)]
    for names, side in zip((of, over), sides, strict=True):
        if not side.any():
            raise ValueError(f"no model has strategy {' or '.join(map(repr, _several(names)))}")
    return table, sides


def _several(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _weighted_mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted means of each column over the models that have it, (replicates x columns)."""
    present = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return (weights @ np.where(present, values, 0)) / (weights @ present.astype(float))
