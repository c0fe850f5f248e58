"""Does it hold for other models?  Everything is frozen on one panel of models and tested on another.

The further models share makers and lineages with the first panel, and many came later: agreement is replication on new
models, not on independent ones.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.stats.components import SPARE, Abilities, aligned, fit, leading
from lib.stats.correlation import pairs, replicate_matrices
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import checked, standardised


def released_after(models: pd.DataFrame, date: str) -> pd.Series:
    """Whether each model came out after a date (YYYY-MM-DD); a month alone counts as its last day, unknown as no."""
    released = models["released"].fillna("").astype(str)
    day = pd.to_datetime(released.where(released.str.len() != 7, released + "-01"), errors="coerce")
    return day.where(released.str.len() != 7, day + pd.offsets.MonthEnd(0)) > pd.Timestamp(date)


def congruence(frozen: Abilities, scores: pd.DataFrame, how: Resampling, components: int = 3) -> Estimates:
    """Tucker's congruence of the frozen loadings with those refitted on other models, matched one to one.

    Parameters
    ----------
    frozen : Abilities of the first panel.
    scores : DataFrame, other models x the same benchmarks.

    Returns
    -------
    Estimates by component; replicates resample the other models only.
    """
    z = standardised(checked(scores[frozen.loadings.index], complete=True))
    names = frozen.loadings.columns[:components]
    target = frozen.loadings[names].to_numpy()

    def match(weights: np.ndarray) -> np.ndarray:
        _, vectors = leading(replicate_matrices(z.to_numpy(), weights), len(names) + SPARE)
        return np.einsum("rkp,pk->rk", aligned(vectors, target), target)
    return how.of(z.index).estimates(match, names, "Tucker's congruence")


def within(scores: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Scores standardised within each group of models (snapshot), so that a shift of the evaluation drops out."""
    groups = groups.loc[scores.index]
    return (scores - scores.groupby(groups).transform("mean")) / scores.groupby(groups).transform("std", ddof=0)


def projections(frozen: Abilities, first: pd.DataFrame, scores: pd.DataFrame, snapshots: pd.Series,
                changed: list, components: int = 3) -> pd.DataFrame:
    """Other models on the frozen components, three ways: as they are, without changed benchmarks, within snapshot.

    Parameters
    ----------
    frozen : Abilities of the first panel, fitted to `first`.
    scores, snapshots : other models x benchmarks, and the snapshot each model's scores come from.
    changed : benchmarks whose evaluation changed.

    Returns
    -------
    DataFrame, models x (way, component).
    """
    names = list(frozen.loadings.columns[:components])
    scores = scores[frozen.loadings.index]
    kept = [benchmark for benchmark in frozen.loadings.index if benchmark not in changed]
    reduced = fit(first[kept])
    matched = aligned(reduced.loadings.to_numpy()[None, :, : components + SPARE],
                      frozen.loadings.loc[kept, names].to_numpy())[0]
    partial = (scores[kept] - reduced.mean) / reduced.scale
    ways = {"as they are": frozen.project(scores)[names],
            "without changed benchmarks": pd.DataFrame(partial.to_numpy() @ matched.T, scores.index, names),
            "within snapshot": within(scores, snapshots) @ frozen.loadings[names]}
    return pd.concat(ways, axis=1, names=["way", "component"])


def held_out(first: pd.DataFrame, scores: pd.DataFrame, how: Resampling, components: int = 2) -> Estimates:
    """Predict each benchmark of other models from their other benchmarks, with everything learned on the first panel.

    On the first panel the other benchmarks give `components` principal components, and least squares gives the held-out
    benchmark on them.  Both are applied unchanged to the other models.

    Returns
    -------
    Estimates of the rank correlation (Spearman) of predicted and actual scores by benchmark, with a column error, the
    root mean square error in standard deviations of the first panel.
    """
    first, scores = checked(first, complete=True), checked(scores[first.columns], complete=True)
    parts = []
    for benchmark in first:
        both = pd.DataFrame({"actual": scores[benchmark], "predicted": _predicted(first, scores, benchmark, components)})
        error = np.sqrt(((both["predicted"] - both["actual"]) ** 2).mean()) / first[benchmark].std(ddof=0)
        parts.append(pairs(both, how, "spearman").frame.set_axis([benchmark]).assign(error=error))
    return Estimates(pd.concat(parts))


def _predicted(first: pd.DataFrame, scores: pd.DataFrame, benchmark, components: int) -> np.ndarray:
    others = [name for name in first if name != benchmark]
    learned = fit(first[others])
    names = learned.loadings.columns[:components]
    design = np.column_stack([np.ones(len(first)), learned.scores[names]])
    coefficients, *_ = np.linalg.lstsq(design, first[benchmark].to_numpy(), rcond=None)
    return np.column_stack([np.ones(len(scores)), learned.project(scores[others])[names]]) @ coefficients
