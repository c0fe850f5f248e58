"""How much was each model trained on, in which language?  Token budgets, with what is undisclosed
drawn from ranges.

A budget is cumulative: a model's own stage and all its ancestors'.  Compute is C = 6 N D (Kaplan et
al. 2020, section 2.1), N the active parameters, D the tokens of one language or all.  What
developers do not tell is never a single guess: each draw fills every gap from the study's stated
ranges, and a child uses its parent's draw.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

DRAWS = 1_000
SIDES = ("english", "local", "total")
OWN = {"total": "own_tokens_b", "local": "own_local_tokens_b", "english": "own_english_tokens_b"}
FLOP_PER_PARAMETER_AND_TOKEN = 6
#: Parameters and tokens are given in billions.
BILLION = 1e9


@dataclasses.dataclass(frozen=True)
class Budgets:
    """Cumulative training tokens, in billions, and compute, in FLOP.

    tokens : dict side -> DataFrame (models x draws); side is english, local or total. lowest,
    highest : DataFrames (models x sides), the ends of what the ranges allow; equal where all is
    disclosed. parameters : Series, active parameters in billions.

    >>> tokens, ends = pd.DataFrame({0: [15.0]}, ["a"]), pd.DataFrame({"local": [10.0]}, ["a"])
    >>> budgets = Budgets({"local": tokens}, ends, 2 * ends, pd.Series({"a": 7.0}))
    >>> budgets.bounds("local").loc["a", ["lowest", "highest"]].tolist()
    [4.2e+20, 8.4e+20]
    """

    tokens: dict[str, pd.DataFrame]
    lowest: pd.DataFrame
    highest: pd.DataFrame
    parameters: pd.Series

    def compute(self, side: str) -> pd.DataFrame:
        """6 N D in FLOP of one side, models x draws; NaN where neither a number nor a range is
        known."""
        return self.tokens[side].mul(self._flop_per_billion_tokens(), axis=0)

    def bounds(self, side: str) -> pd.DataFrame:
        """Lowest, median and highest compute of one side in FLOP, models x (lowest, median,
        highest)."""
        bounds = pd.DataFrame(
            {
                "lowest": self.lowest[side],
                "median": self.tokens[side].median(axis=1),
                "highest": self.highest[side],
            }
        )
        return bounds.mul(self._flop_per_billion_tokens(), axis=0)

    def _flop_per_billion_tokens(self) -> pd.Series:
        return FLOP_PER_PARAMETER_AND_TOKEN * self.parameters * BILLION**2


def ancestry(model: str, parents: Mapping) -> Iterator[str]:
    """The model, its parent, its parent's parent ...; stops where a parent is empty or unknown.

    Raises ValueError where the parents form a circle.

    >>> list(ancestry("chat", {"chat": "base", "base": ""}))
    ['chat', 'base']
    """
    seen, step = set(), model
    while isinstance(step, str) and step:
        if step in seen:
            raise ValueError(f"the parents of {step!r} form a circle")
        seen.add(step)
        yield step
        step = parents.get(step)


def cumulative(own: pd.Series, models: Iterable[str], parents: Mapping) -> pd.Series:
    """Sum of `own` over each model and its ancestors; NaN as soon as one of them is unknown.

    >>> own = pd.Series({"base": 15.0, "chat": 0.5})
    >>> cumulative(own, ["base", "chat"], {"chat": "base"}).to_dict()
    {'base': 15.0, 'chat': 15.5}
    """
    return pd.Series(
        {model: sum(own.get(step, np.nan) for step in ancestry(model, parents)) for model in models}
    )


def disclosed(training: pd.DataFrame, models: pd.Index, parents: Mapping) -> pd.DataFrame:
    """What makers tell of each model's tokens, models x (total, local, english).

    `told`: of every stage from the root on; `own`: of the model's own stage alone; `hidden`:
    neither.

    >>> training = pd.DataFrame(dict.fromkeys(OWN.values(), [15.0, np.nan]), ["base", "chat"])
    >>> disclosed(training, training.index, {"chat": "base"})["total"].to_dict()
    {'base': 'told', 'chat': 'hidden'}
    """

    def known(column: str) -> np.ndarray:
        whole = cumulative(training[column], models, parents)
        own = training[column].reindex(models)
        return np.where(whole.notna(), "told", np.where(own.notna(), "own", "hidden"))

    return pd.DataFrame({side: known(column) for side, column in OWN.items()}, index=models)


def draw(study, seed: int, ranges: str | None = None, draws: int = DRAWS) -> Budgets:
    """Token budgets of a study's models, `draws` times.

    Parameters
    ----------
    study : Study; its `training` gives each model's own stage, `registry` parents, strategy and
        parameters, `ranges` what is assumed for an undisclosed number.
    ranges : name of the set of ranges; by default the study's first.

    Raises
    ------
    ValueError
        The study has no such set of ranges.

    >>> from lib.stats import example
    >>> budgets = draw(example.study(), seed=1, draws=100)
    >>> budgets.bounds("local").loc[["a-xx", "f-xx"]].nunique(axis=1).to_dict()
    {'a-xx': 1, 'f-xx': 3}
    """
    if ranges is None:
        ranges = next(iter(study.ranges), None)
    if ranges is not None and ranges not in study.ranges:
        raise ValueError(f"ranges {ranges!r} is not one of {', '.join(study.ranges)}")
    rules = study.ranges[ranges] if ranges else {}
    registry = study.registry
    quantiles = np.random.default_rng(seed).random((len(OWN), len(registry), draws))
    own = _own(registry, study.training, rules, dict(zip(OWN, quantiles, strict=True)))
    tokens = _accumulated(own, registry, study.models.index)
    lowest, highest = (
        {
            side: _accumulated(
                _corner(registry, study.training, rules, side, end), registry, study.models.index
            )[side].iloc[:, 0]
            for side in SIDES
        }
        for end in (0, 1)
    )
    return Budgets(
        tokens,
        pd.DataFrame(lowest),
        pd.DataFrame(highest),
        study.models["params_active_b"].fillna(study.models["params_total_b"]),
    )


def _corner(registry, training, rules, side: str, end: int) -> dict[str, np.ndarray]:
    """Own tokens where `side` is as low (end 0) or as high (end 1) as the ranges allow.

    English is highest where local is lowest, since a stage's tokens are shared between them.
    """
    quantile = {"total": end, "local": 1 - end if side == "english" else end, "english": end}
    return _own(
        registry,
        training,
        rules,
        {key: np.full((len(registry), 1), float(value)) for key, value in quantile.items()},
    )


def _own(
    registry: pd.DataFrame, training: pd.DataFrame, rules: Mapping, quantiles: Mapping
) -> dict[str, np.ndarray]:
    """Tokens of each model's own stage in billions, side -> array (registry x draws)."""
    known = training.reindex(registry.index)
    strategy = registry["strategy"]

    def filled(side: str, otherwise: np.ndarray) -> np.ndarray:
        value = known[OWN[side]].to_numpy(float)[:, None]
        return np.where(np.isnan(value), otherwise, value)

    # A model that training.csv does not list has no range either: nothing is known of it.
    listed = np.where(registry.index.isin(training.index), 1.0, np.nan)[:, None]
    total = filled(
        "total", listed * _ranged(rules.get("own_tokens_b", {}), strategy, quantiles["total"])
    )
    local = filled(
        "local", total * _ranged(rules.get("local_share", {}), strategy, quantiles["local"])
    )
    share = rules.get("english_share", {})
    of_rest = np.array([share.get(name, {}).get("of") == "rest" for name in strategy])[:, None]
    english = filled(
        "english",
        np.where(of_rest, total - local, total) * _ranged(share, strategy, quantiles["english"]),
    )
    return {"total": total, "local": local, "english": np.minimum(english, total - local)}


def _ranged(ranges: Mapping, strategy: pd.Series, quantiles: np.ndarray) -> np.ndarray:
    """Values at the quantiles of each model's range; NaN where its strategy has none."""
    each = [ranges.get(name, {}) for name in strategy]
    lower, upper = (
        np.array([range_.get(end, np.nan) for range_ in each], dtype=float)[:, None]
        for end in ("lower", "upper")
    )
    log = np.array([range_.get("scale") == "log-uniform" for range_ in each], dtype=bool)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(
            log,
            np.exp(np.log(lower) + quantiles * np.log(upper / lower)),
            lower + quantiles * (upper - lower),
        )


def _accumulated(own: Mapping, registry: pd.DataFrame, models: pd.Index) -> dict[str, pd.DataFrame]:
    """Cumulative tokens, side -> DataFrame (models x draws): one matrix product of descent with own
    tokens."""
    position = {model: place for place, model in enumerate(registry.index)}
    parents = registry["parent_id"].to_dict()
    descent = [[position.get(step) for step in ancestry(model, parents)] for model in models]
    tables = {}
    for side, values in own.items():
        rows = [
            np.sum(
                [
                    np.full(values.shape[1], np.nan) if place is None else values[place]
                    for place in line
                ],
                axis=0,
            )
            for line in descent
        ]
        tables[side] = pd.DataFrame(
            np.array(rows).reshape(len(models), values.shape[1]), index=models
        )
    return tables
