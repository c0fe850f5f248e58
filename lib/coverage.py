"""How often does an interval hold the truth?  The book's intervals on invented models whose truth is known.

Models are drawn from the study's own fitted factors, in lineages of the study's sizes; a stated share of each model's
abilities is common to its lineage.  The intervals are then computed as everywhere else and compared with the known
correlations, loadings and slope.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib import resampling
from lib.abilities import SPARE, Abilities, aligned, leading
from lib.correlation import replicate_matrices, replicate_pairs
from lib.scaling import slopes

#: Correlation of the invented log compute with the first factor.
COMPUTE_AND_ABILITY = 0.9
STATISTICS = ("correlation", "loading", "slope")


@dataclasses.dataclass(frozen=True)
class Truth:
    """A population of models: factor weights (benchmarks x factors), correlations, loadings and the true slope."""

    weights: np.ndarray
    noise: np.ndarray
    correlations: np.ndarray
    loadings: np.ndarray
    slope: float


def population(fitted: Abilities, factors: int = 3) -> Truth:
    """The population whose correlations are those of the fitted factors plus each benchmark's own noise."""
    names = fitted.loadings.columns[:factors]
    weights = (fitted.loadings[names] * np.sqrt(fitted.eigenvalues[names])).to_numpy()
    noise = np.clip(1 - (weights**2).sum(axis=1), 0.01, None)
    covariance = weights @ weights.T + np.diag(noise)
    deviation = np.sqrt(np.diag(covariance))
    weights, noise = weights / deviation[:, None], noise / deviation**2
    correlations = weights @ weights.T + np.diag(noise)
    vectors = np.linalg.eigh(correlations)[1][:, ::-1][:, :factors]
    return Truth(weights, noise, correlations, vectors, COMPUTE_AND_ABILITY)


def draw(truth: Truth, lineages: np.ndarray, shared: float, rng: Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invented scores (models x benchmarks), first ability and log compute (models each).

    A stated share of the variance of each is common to a lineage.
    """
    codes = resampling.codes(lineages)

    def effects(columns: int) -> np.ndarray:
        common = rng.standard_normal((codes.max() + 1, columns))[codes]
        return np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.standard_normal((len(codes), columns))
    factors = effects(truth.weights.shape[1])
    scores = factors @ truth.weights.T + effects(len(truth.noise)) * np.sqrt(truth.noise)
    compute = truth.slope * factors[:, 0] + np.sqrt(1 - truth.slope**2) * effects(1)[:, 0]
    return scores, factors[:, 0], compute


def simulate(truth: Truth, lineages: Sequence, rng: Generator, *, shared: float, components: int = 2,
             datasets: int = 200, replicates: int = 999, level: float = resampling.LEVEL,
             statistics: Sequence[str] = STATISTICS) -> pd.DataFrame:
    """Coverage of each kind of interval.

    Parameters
    ----------
    shared : share of the variance between models that lineages have in common, 0 to 1.
    datasets : invented tables of models.
    statistics : which to look at.  A table tells of one slope but of many correlations, and a slope costs little: it
        may be looked at alone, over more tables.

    Returns
    -------
    DataFrame with rows (statistic, interval): coverage, width (mean), error (Monte Carlo standard error of the
    coverage, over datasets), lineages, n.  Statistics: correlation (all pairs), loading (PC1, ... each), slope.
    Intervals: shown (lineages, expanded), plain (lineages, percentile), models (ordinary, expanded).
    """
    labels = resampling.codes(lineages)
    groups = int(labels.max()) + 1
    upper = np.triu_indices(len(truth.noise), 1)
    true = {"correlation": truth.correlations[upper],
            **{f"loading PC{k}": truth.loadings[:, k - 1] for k in range(1, components + 1)},
            "slope": np.array([truth.slope])}
    names = [name for name in true if name.split()[0] in statistics]
    inside: dict = {(name, kind): [] for name in names for kind in ("shown", "plain", "models")}
    widths: dict = {key: [] for key in inside}
    for _ in range(datasets):
        invented = draw(truth, labels, shared, rng)
        by_lineage, ordinary = (_replicates(*invented, resampling.weights(len(labels), replicates, rng, by), upper,
                                            truth.loadings[:, :components], names) for by in (labels, None))
        for name in names:
            truth_of, lineage_part, model_part = true[name], by_lineage[name], ordinary[name]
            shown, plain = resampling.several_tails(lineage_part, [resampling.expanded(groups, level), (1 - level) / 2])
            bounds = {"shown": shown, "plain": plain,
                      "models": resampling.percentiles(model_part, len(labels), level)}
            for kind, (low, high) in bounds.items():
                inside[name, kind].append(np.mean((low <= truth_of) & (truth_of <= high)))
                widths[name, kind].append(np.mean(high - low))
    rows = {key: {"coverage": np.mean(values), "width": np.mean(widths[key]),
                  "error": np.std(values, ddof=1) / np.sqrt(datasets), "lineages": groups, "n": len(labels)}
            for key, values in inside.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["statistic", "interval"])


def _replicates(scores, ability, compute, weights: np.ndarray, upper, target: np.ndarray, names: Sequence[str]) -> dict:
    """Replicates of all correlations (r x pairs), each component's loadings (r x p) and the slope (r x 1), by name."""
    found = {}
    if "slope" in names:
        found["slope"] = slopes(weights, ability, np.broadcast_to(compute, weights.shape))[:, None]
    if set(names) == set(found):
        return found
    z = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    if not any(name.startswith("loading") for name in names):
        found["correlation"] = replicate_pairs(z, weights)
    else:
        matrices = replicate_matrices(z, weights)
        found["correlation"] = matrices[:, *upper]
        loadings = aligned(leading(matrices, target.shape[1] + SPARE)[1], target)
        found |= {f"loading PC{k}": part for k, part in enumerate(np.swapaxes(loadings, 0, 1), 1)}
    return found
