"""How many defensible choices agree with the board?  A board and a study in, the verdict of each
claim under every choice out."""

from __future__ import annotations

import pandas as pd

from lib.stats import composite, matched_pairs, specification
from lib.stats.effects import NOTHING
from lib.stats.estimates import PAIR, Estimates
from lib.stats.verdicts import Estimate, Verdict, weakest
from lib.summary.chance import change_in_pairs, further_models
from lib.summary.claims import Board, Region, judged_without_gain

#: Other thresholds for claims of a kind, beside the board's own: steps from it.
STEPS = {"correlation": (-0.1, 0.0, 0.1), "loading": (-0.02, 0.0, 0.05), "budget": (0.0, 0.3, 0.5)}
#: A change that counts as one, beside none and what is practically none: points of a hundred.
POINTS = 0.03
COLUMNS = ["claim", "short", "panel", "board", "specification", "verdict"]


def curve(board: Board, results, study, seed: int) -> pd.DataFrame:
    """Every specification of every test.

    Returns DataFrame: claim, short, panel, board (its verdict), specification (the choices in
    words), verdict.
    """
    found = _Choices(results, study, seed)
    rows = []
    for row in board.frame.itertuples():
        parts = [
            found.verdicts(name, region, row)
            for name, region in zip(row.results, row.regions, strict=True)
        ]
        shared = [each for each in parts[0] if all(each in part for part in parts)]
        rows += [
            [row.claim, row.short, row.panel, row.verdict, each, weakest(p[each] for p in parts)]
            for each in shared
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def agreeing(table: pd.DataFrame) -> pd.DataFrame:
    """How many specifications of each claim and panel agree with the board: claim, short, panel,
    agree, of, share, and how many say supported, undecided and contradicted."""
    table = table.assign(agree=table["verdict"].map(str) == table["board"].map(str))
    groups = table.groupby(["claim", "short", "panel"], sort=False)
    said = groups["verdict"].apply(lambda part: part.map(str).value_counts()).unstack(fill_value=0)
    counts = groups["agree"].agg(agree="sum", of="size")
    counts = counts.join(said.reindex(columns=list(map(str, Verdict)), fill_value=0))
    return counts.assign(share=counts["agree"] / counts["of"]).reset_index()


def by_claim(counts: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Claim -> how many specifications agree with the board on all panels together, and of how
    many."""
    sums = counts.groupby("claim", sort=False)[["agree", "of"]].sum()
    return {
        str(claim): {"value": int(row["agree"]), "of": int(row["of"])}
        for claim, row in sums.iterrows()
    }


class _Choices:
    def __init__(self, results, study, seed: int):
        self.results, self.study, self.seed = results, study, seed
        self.further = further_models(study)
        self.every = matched_pairs.find(study, [study.default_snapshot, *study.snapshots])

    def verdicts(self, name: str, region: Region, row) -> dict[str, Verdict]:
        """Specification -> verdict of one number."""
        topic, quantity, subject = name.split("/", 2)
        estimate = self.results[name]
        if topic == "pairs":
            return self._pairs(name, estimate, region, row.test == "no-gain")
        computed = self._models(topic, quantity, subject)
        table = computed if computed is not None else specification.intervals(estimate)
        kind = "loading" if quantity in ("loading", "congruence", "explained") else "correlation"
        kind = "budget" if topic == "scaling" and _single(region) == 0 else kind
        steps = (0.0,) if _single(region) == 0 and kind != "budget" else STEPS[kind]
        return {
            f"{way} / {other}": other.holds(each)
            for step in steps
            for other in [_moved(region, step)]
            for way, each in table.items()
        }

    def _models(self, topic: str, quantity: str, subject: str) -> Estimates | None:
        there = self.further if topic == "replication" else self.study
        plain = ("pearson", "carries", "contrast", "english")
        if quantity not in plain or topic not in ("transfer", "replication") or there is None:
            return None
        scores = there.scores
        groups = {
            "lineages": there.models["lineage"],
            "makers": there.models["developer"].replace("", None),
        }
        if quantity == "english":
            scores = scores.assign(**{"": composite.mean(scores, self.study.english)})
            return specification.correlations(scores[[subject, ""]], groups, self.seed)
        if quantity == "contrast":
            one, other = (tuple(each.split(PAIR)) for each in subject.split("@"))
            kept = list(dict.fromkeys([*one, *other]))
            return specification.contrasts(scores[kept], one, other, groups, self.seed)
        return specification.correlations(scores[subject.split(PAIR)], groups, self.seed)

    def _pairs(
        self, name: str, estimate: Estimate, region: Region, no_gain: bool
    ) -> dict[str, Verdict]:
        values = change_in_pairs(self.study, name, self.every)
        if values is None:
            return {}
        first = self.every["snapshot"] == self.study.default_snapshot
        sets = {
            f"{len(part)} pairs": part
            for part in (self.every[first], self.every, self.every[~first])
            if len(part)
        }
        found = {}
        for way, each in specification.changes(values, sets).items():
            for unit, other in self._margins(name, region).items():
                judge = judged_without_gain if no_gain else Region.holds
                found[f"{way} / {unit}"] = judge(other, each)
        return found

    def _margins(self, name: str, region: Region) -> dict[str, Region]:
        """The same question with the margin in points, in standard deviations, and none."""
        _, quantity, subject = name.split("/", 2)
        if not quantity.startswith("difference"):
            return {str(region): region}
        deviation = float(self.study.scores[subject].std(ddof=0))
        sizes = {f"{POINTS:g}": POINTS, f"{NOTHING:g} SD": NOTHING * deviation}
        if region.above is not None and region.below is not None:
            return {f"within {unit}": Region(-size, size) for unit, size in sizes.items()}
        return {"above 0": Region(0.0)} | {
            f"above {unit}": Region(size) for unit, size in sizes.items()
        }


def _single(region: Region) -> float | None:
    ends = [end for end in (region.above, region.below) if end is not None]
    return ends[0] if len(ends) == 1 else None


def _moved(region: Region, step: float) -> Region:
    """The region with its threshold moved: outwards by the same step where it has two ends."""
    if region.above is not None and region.below is not None:
        return Region(region.above - step, region.below + step)
    above = None if region.above is None else round(region.above + step, 6)
    below = None if region.below is None else round(region.below + step, 6)
    return Region(above, below)
