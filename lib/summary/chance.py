"""How often would the board support each claim if it were exactly true?  A board and the study it
judges in, a chance for each test out.

A claim is *exactly true* where the number it rests on is what the study's own models show, or, for
a claim that something is nothing, zero.  Worlds in which that is so are drawn by
`stats.attainable`, and judged by the board's own regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from lib.stats import attainable, budget, components, matched_pairs, twins
from lib.stats.estimates import PAIR, Estimates
from lib.stats.power import wilson
from lib.stats.tables import TableError
from lib.study import StudyError, load
from lib.summary.claims import Board

#: Invented studies of models and of pairs, and components that claims are about.
TABLES, PAIR_TABLES, COMPONENTS, DRAWS = 150, 2_000, 3, 50
#: A test that would support a true claim less often than this could not have supported it.
HALF = 0.5


def chances(board: Board, results, study, seed: int) -> Estimates:
    """The chance that each test supports its claim if it is exactly true, by `claim/panel`.

    Tests that rest on other numbers than models' correlations and factors, and changes in pairs,
    are left out.  The interval is Wilson's, for the error of the simulation.
    """
    worlds = _Worlds(study, results, np.random.default_rng(seed))
    named = [(row, worlds.ends(row)) for row in board.frame.itertuples()]
    rows = {}
    for row, ends in named:
        if ends is None:
            continue
        held = np.all(
            [_inside(each, region) for each, region in zip(ends, row.regions, strict=True)], axis=0
        )
        low, high = wilson(held.mean(), np.array(len(held)))
        rows[f"{row.claim}/{row.panel}"] = {
            "value": float(held.mean()),
            "low": float(low),
            "high": float(high),
            "n": len(held),
            "units": "invented studies",
            "method": "share of invented studies that support a true claim, Wilson's interval",
        }
    return Estimates.from_rows(rows)


def _inside(ends: np.ndarray, region) -> np.ndarray:
    held = np.ones(len(ends), bool)
    if region.above is not None:
        held &= ends[:, 0] > region.above
    if region.below is not None:
        held &= ends[:, 1] < region.below
    return held


class _Worlds:
    """Invented studies in which a claim is true, made once for all tests that can share them."""

    def __init__(self, study, results, rng: np.random.Generator):
        self.study, self.results, self.rng = study, results, rng
        self.made: dict[str, dict[str, np.ndarray]] = {}

    def ends(self, row) -> list[np.ndarray] | None:
        """Ends of the intervals of all numbers of a test; None where one cannot be invented."""
        topics = {name.split("/")[0] for name in row.results}
        if topics == {"scaling"}:
            return self._budgets(row)
        if topics == {"pairs"}:
            return self._pairs(row)
        found = [self._models(name, row.panel) for name in row.results]
        return None if any(each is None for each in found) else found

    # --- models

    def _models(self, name: str, panel: str) -> np.ndarray | None:
        asked = _asked(name)
        if asked is None:
            return None
        if panel not in self.made:
            self.made[panel] = self._panel(panel)
        return self.made[panel].get(asked)

    def _panel(self, panel: str) -> dict[str, np.ndarray]:
        """Every number that claims ask of models, on as many models as the panel has."""
        there = self.study if panel == "source" else further_models(self.study)
        if there is None:
            return {}
        truth = self.study.scores.dropna().corr()
        names = {each for claim in self.study.claims for each in _named(claim, panel)}
        asked = sorted(each for each in map(_asked, names) if each and _known(each, truth))
        try:
            loadings = components.fit(self.study.scores, self.study.anchors).loadings
        except TableError:
            return {}
        lineages = there.models["lineage"]
        return attainable.models(
            truth,
            lineages.to_numpy(),
            asked,
            self.rng,
            english=list(self.study.english),
            loadings=loadings.iloc[:, :COMPONENTS],
            tables=TABLES,
        )

    # --- budgets

    def _budgets(self, row) -> list[np.ndarray] | None:
        """Components and budgets with the budgets' own correlations; a component goes with a budget
        as closely as it was found to, or not at all where the claim says so."""
        asked = [name.split("/")[2:] for name in row.results if name.split("/")[1] == "pearson"]
        if len(asked) != len(row.results) or any(len(each) != 2 for each in asked):
            return None
        drawn = budget.draw(self.study, 0, draws=DRAWS)
        sides = list(dict.fromkeys(side for _, side in asked))
        compute = pd.DataFrame({side: drawn.compute(side).median(axis=1) for side in sides})
        compute = np.log10(compute[(compute > 0).all(axis=1)])
        parts = list(dict.fromkeys(part for part, _ in asked))
        truth = pd.DataFrame(np.eye(len(parts) + len(sides)), [*parts, *sides], [*parts, *sides])
        truth.loc[sides, sides] = compute.corr()
        for (part, side), name, region in zip(asked, row.results, row.regions, strict=True):
            value = _true(self.results[name].value, region)
            truth.loc[part, side] = truth.loc[side, part] = value
        lineages = self.study.models["lineage"].loc[compute.index].to_numpy()
        names = [PAIR.join(each) for each in asked]
        found = attainable.models(truth, lineages, names, self.rng, tables=TABLES)
        return [found[each] for each in names]

    # --- pairs

    def _pairs(self, row) -> list[np.ndarray] | None:
        snapshots = [self.study.default_snapshot, *self.study.snapshots]
        every = matched_pairs.find(self.study, snapshots)
        first = every["snapshot"] == self.study.default_snapshot
        found = []
        for name, region in zip(row.results, row.regions, strict=True):
            estimate, changes = self.results[name], change_in_pairs(self.study, name, every)
            designs = [
                part for part in (every[first], every, every[~first]) if len(part) == estimate.n
            ]
            if changes is None or not designs or changes.loc[designs[0].index].isna().any():
                return None
            by = ("parent", "maker") if "makers" in estimate.method else ("parent",)
            truth = {"it": _true(estimate.value, region)}
            found.append(
                attainable.pairs(
                    changes.to_frame("it"), designs[0], truth, self.rng, by=by, tables=PAIR_TABLES
                )["it"]
            )
        return found


def further_models(study):
    """The study's models beyond its default snapshot; None where there are none."""
    try:
        return load(study.code, models="further")
    except StudyError:
        return None


def change_in_pairs(study, name: str, every: pd.DataFrame) -> pd.Series | None:
    """What a result about pairs takes the mean of, in its unit, by pair; None where unknown."""
    _, quantity, subject = name.split("/", 2)
    difference = matched_pairs.differences(study, every)
    deviation = study.scores.std(ddof=0)
    if quantity.startswith("difference") and subject in difference:
        return difference[subject]
    if quantity == "effect" and subject in difference:
        return difference[subject] / deviation[subject]
    if quantity.startswith("contrast"):
        one, other = subject.split("@")
        return difference[one] - difference[other]
    if quantity.startswith("twin"):
        return twins.gains(difference, [subject], deviation).get(subject)
    if quantity == "ability":
        axes = components.fit(study.scores, study.anchors).scores
        return matched_pairs.between(axes, every).reindex(every.index)[subject]
    return None


def _true(value: float, region) -> float:
    """What a number is where its claim is exactly true."""
    if region.above is not None and region.below is not None:
        return (region.above + region.below) / 2
    return value


def _named(claim: Mapping, panel: str) -> Iterable[str]:
    test = claim["tests"].get(panel) or {}
    return [test["result"]] if test.get("result") else test.get("results") or []


def _asked(name: str) -> str | None:
    """A result's id as `attainable.models` is asked for it; None for what it cannot invent."""
    topic, quantity, subject = name.split("/", 2)
    if topic == "abilities" and quantity in ("explained", "loading"):
        return subject
    if quantity == "congruence":
        return f"congruence/{subject}"
    plain = ("pearson", "carries", "contrast", "english")
    return subject if topic in ("transfer", "replication") and quantity in plain else None


def _known(asked: str, truth: pd.DataFrame) -> bool:
    """Whether all that is asked for is there: benchmarks, or one of the first components."""
    head, _, rest = asked.removeprefix("congruence/").partition("/")
    if head[:2] == "PC" and head[2:].isdigit():
        return int(head[2:]) <= COMPONENTS and (not rest or rest in truth)
    return all(each in truth for pair in asked.split("@") for each in pair.split(PAIR))


def too_small(board: Board, found: Estimates, at: float = HALF) -> Board:
    """The undecided tests that would not have supported their claim even if it were true: in less
    than half of the invented studies, the simulation's error counted."""
    highs = found.frame["high"].to_dict()
    names = board.frame["claim"] + "/" + board.frame["panel"]
    low = names.map(lambda name: highs.get(name, 1.0) < at)
    return board.where((board.frame["verdict"] == "undecided") & low.astype(bool))
