"""How often does an interval hold the truth?  The book's intervals on invented models whose truth
is known.

Models are drawn from fitted factors, in lineages of the study's sizes; a stated share of what sets
models apart is common to a lineage.  The intervals are then computed as everywhere else and
compared with the known correlations, loadings and slope.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib.stats.components import SPARE, Abilities, aligned, leading
from lib.stats.correlation import replicate_matrices, replicate_pairs
from lib.stats.estimates import Estimates
from lib.stats.power import wilson
from lib.stats.resampling import Resampling, codes, exactly, expanded, several_tails, weights
from lib.stats.tables import Labels
from lib.stats.verdicts import LEVEL

#: Correlation of the invented log compute with the first factor.
COMPUTE_AND_ABILITY = 0.9
STATISTICS = ("correlation", "loading", "slope")
#: Invented tables whose slopes are resampled together, by the same replicates.
BATCH = 250
#: The three kinds of interval, and what a figure calls them.
KINDS = {"shown": "as in this book", "plain": "not widened", "models": "ordinary"}


@dataclasses.dataclass(frozen=True)
class Truth:
    """A population of models: factor weights (benchmarks x factors), correlations, loadings and the
    true slope.

    >>> from lib.stats import components, example
    >>> truth = population(components.fit(example.scores()))
    >>> truth.weights.shape, np.diag(truth.correlations).round(6).tolist()
    ((5, 3), [1.0, 1.0, 1.0, 1.0, 1.0])
    """

    weights: np.ndarray
    noise: np.ndarray
    correlations: np.ndarray
    loadings: np.ndarray
    slope: float


def population(fitted: Abilities, factors: int = 3) -> Truth:
    """The population whose correlations are those of the fitted factors plus each benchmark's own
    noise.

    >>> from lib.stats import components, example
    >>> truth = population(components.fit(example.scores()))
    >>> bool(np.linalg.eigvalsh(truth.correlations).min() > 0)
    True
    """
    names = fitted.loadings.columns[:factors]
    weights = (fitted.loadings[names] * np.sqrt(fitted.eigenvalues[names])).to_numpy()
    noise = np.clip(1 - (weights**2).sum(axis=1), 0.01, None)
    covariance = weights @ weights.T + np.diag(noise)
    deviation = np.sqrt(np.diag(covariance))
    weights, noise = weights / deviation[:, None], noise / deviation**2
    correlations = weights @ weights.T + np.diag(noise)
    vectors = np.linalg.eigh(correlations)[1][:, ::-1][:, :factors]
    return Truth(weights, noise, correlations, vectors, COMPUTE_AND_ABILITY)


def draw(truth: Truth, lineages: np.ndarray, shared: float, rng: Generator) -> np.ndarray:
    """Invented scores (models x benchmarks); a stated share of the variance of each is common to a
    lineage.

    >>> from lib.stats import components, example
    >>> truth = population(components.fit(example.scores()))
    >>> draw(truth, np.array([0, 0, 1]), 0.5, np.random.default_rng(1)).shape
    (3, 5)
    """
    factors = _effects(lineages, shared, truth.weights.shape[1], rng)
    return factors @ truth.weights.T + _effects(lineages, shared, len(truth.noise), rng) * np.sqrt(
        truth.noise
    )


def draw_budgets(
    truth: Truth, lineages: np.ndarray, shared: float, rng: Generator, tables: int
) -> tuple[np.ndarray, np.ndarray]:
    """First ability and log compute of invented models (each models x tables).

    >>> from lib.stats import components, example
    >>> truth = population(components.fit(example.scores()))
    >>> x, y = draw_budgets(truth, np.arange(1000), 0, np.random.default_rng(1), tables=1)
    >>> round(float(np.corrcoef(x[:, 0], y[:, 0])[0, 1]), 1), truth.slope
    (0.9, 0.9)
    """
    ability, rest = (_effects(lineages, shared, tables, rng) for _ in range(2))
    return ability, truth.slope * ability + np.sqrt(1 - truth.slope**2) * rest


def _effects(lineages: np.ndarray, shared: float, columns: int, rng: Generator) -> np.ndarray:
    """Normal values (models x columns) of variance 1, of which `shared` is common to a lineage."""
    labels = codes(lineages)
    common = rng.standard_normal((labels.max() + 1, columns))[labels]
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.standard_normal(
        (len(labels), columns)
    )


def worlds(
    fitted: Abilities,
    how: Resampling,
    shares: Sequence[float],
    datasets: Mapping[str, int],
    replicates: Mapping[str, int],
) -> Estimates:
    """Coverage of each kind of interval in several worlds.

    Parameters
    ----------
    fitted : the factors that models are invented from.
    how : the study's lineages, the level of its intervals, and the seed.
    shares : a world each: the share of the variance between models that is common to a lineage, 0
        to 1.
    datasets, replicates : by statistic (correlation, loading, slope) how many tables of models are
        invented in each world, and how many replicates an interval of them has.

    Returns
    -------
    Estimates by `loading-PC1/shown@0.5`: coverage with Wilson's interval for the error of the
    simulation, and a column width, the mean width of the intervals.

    >>> from lib.stats import components, example
    >>> fitted, slopes = components.fit(example.scores()), {"slope": 50}
    >>> list(worlds(fitted, example.resampling(), [0, 0.5], slopes, {"slope": 99}))[:2]
    ['slope/shown@0', 'slope/plain@0']
    """
    truth, rng = population(fitted), how.rng("coverage")
    labels = how.of(fitted.scores.index).labels
    components = min(2, fitted.loadings.shape[1])
    parts = [
        simulate(
            truth,
            labels,
            rng,
            shared=share,
            components=components,
            datasets=count,
            statistics=[which],
            replicates=replicates[which],
            level=how.level,
        ).assign(share=share, datasets=count)
        for share in shares
        for which, count in datasets.items()
    ]
    table = pd.concat(parts).reset_index()
    counts = np.where(
        table["error"] > 0,
        table["coverage"] * (1 - table["coverage"]) / table["error"] ** 2,
        table["datasets"],
    )
    low, high = wilson(table["coverage"].to_numpy(), counts)
    frame = pd.DataFrame(
        {
            "value": table["coverage"],
            "low": low,
            "high": high,
            "level": LEVEL,
            "n": table["datasets"],
            "units": "tables",
            "width": table["width"],
            "method": "simulation, Wilson's interval over invented tables",
        }
    )
    ids = [
        f"{statistic.replace(' ', '-')}/{interval}@{share:g}"
        for statistic, interval, share in zip(
            table["statistic"], table["interval"], table["share"], strict=True
        )
    ]
    return Estimates(frame.set_axis(ids))


def of(covered: Estimates, kind: str) -> Estimates:
    """One kind of interval, each number in each world by words that a list can hold: `slopes of
    models with 50% in common`.

    >>> rows = {"slope/shown@0.5": {"value": 0.94}, "slope/plain@0.5": {"value": 0.85}}
    >>> str(of(Estimates.from_rows(rows), "shown"))
    'slopes of models with 50% in common 0.94'
    """
    some = covered.where([f"/{kind}@" in each for each in covered])
    return some.renamed(
        {each: "{1} of models with {2} in common".format(*_spoken(each)) for each in some}
    )


def by_world(covered: Estimates) -> dict[str, Estimates]:
    """World -> its estimates by `loadings on PC1/as in this book`.

    >>> rows = {"slope/shown@0": {"value": 0.95}, "slope/shown@0.5": {"value": 0.94}}
    >>> {world: str(table) for world, table in by_world(Estimates.from_rows(rows)).items()}
    {'0% in common': 'slopes/as in this book 0.95', '50% in common': 'slopes/as in this book 0.94'}
    """
    found: dict[str, dict] = {}
    for each, estimate in covered.items():
        kind, number, share = _spoken(each)
        found.setdefault(f"{share} in common", {})[f"{number}/{kind}"] = estimate
    return {world: Estimates.from_rows(rows) for world, rows in found.items()}


def _spoken(subject: str) -> tuple[str, str, str]:
    """Kind of interval, number and share of a subject `loading-PC1/shown@0.5`, in words."""
    number, _, rest = subject.partition("/")
    kind, _, share = rest.partition("@")
    name, _, component = number.partition("-")
    return (
        KINDS[kind],
        f"{name}s on {component}" if component else f"{name}s",
        f"{float(share):.0%}",
    )


def simulate(
    truth: Truth,
    lineages: Labels,
    rng: Generator,
    *,
    shared: float,
    components: int = 2,
    datasets: int = 200,
    replicates: int = 999,
    level: float = LEVEL,
    statistics: Sequence[str] = STATISTICS,
) -> pd.DataFrame:
    """Coverage of each kind of interval in one world.

    Parameters
    ----------
    shared : share of the variance between models that lineages have in common, 0 to 1.
    datasets : invented tables of models.
    statistics : which to look at.  A table tells of one slope but of many correlations, and a slope
        costs little: it may be looked at alone, over more tables.

    Returns
    -------
    DataFrame with rows (statistic, interval): coverage, width (mean), error (Monte Carlo standard
    error of the coverage, over datasets), lineages, n.  Statistics: correlation (all pairs),
    loading (PC1, ... each), slope. Intervals: shown (lineages, expanded), plain (lineages,
    percentile), models (ordinary, expanded).

    >>> from lib.stats import components, example
    >>> truth = population(components.fit(example.scores()))
    >>> settings = {"shared": 0.5, "datasets": 20, "replicates": 99, "statistics": ["slope"]}
    >>> simulate(truth, list("aabbccdd"), np.random.default_rng(1), **settings)["lineages"].tolist()
    [4, 4, 4]
    """
    labels, upper = codes(lineages), np.triu_indices(len(truth.noise), 1)
    true = {
        "correlation": truth.correlations[upper],
        **{f"loading PC{k}": truth.loadings[:, k - 1] for k in range(1, components + 1)},
        "slope": truth.slope,
    }
    true = {name: values for name, values in true.items() if name.split()[0] in statistics}
    seen: dict = {(name, kind): [] for name in true for kind in KINDS}

    def count(name: str, by_lineage: np.ndarray, ordinary: np.ndarray, axis: int | None) -> None:
        """Keep the shares held and the mean widths of the intervals from one table, or from a batch
        (axis 1)."""
        for kind, (low, high) in _bounds(by_lineage, ordinary, labels, level).items():
            held, width = (low <= true[name]) & (true[name] <= high), high - low
            seen[name, kind] += (
                [(held.mean(), width.mean())]
                if axis is None
                else list(zip(held, width, strict=True))
            )

    for done in range(0, datasets if "slope" in true else 0, BATCH):
        x, y = draw_budgets(truth, labels, shared, rng, min(BATCH, datasets - done))[::-1]
        count(
            "slope",
            *(_slopes(weights(len(labels), replicates, rng, by), y, x) for by in (labels, None)),
            axis=1,
        )
    rest = [name for name in true if name != "slope"]
    for _ in range(datasets if rest else 0):
        scores = draw(truth, labels, shared, rng)
        parts = [
            _replicates(
                scores,
                weights(len(labels), replicates, rng, by),
                truth.loadings[:, :components],
                rest,
            )
            for by in (labels, None)
        ]
        for name in rest:
            count(name, parts[0][name], parts[1][name], axis=None)
    rows = {
        key: {
            "coverage": np.mean([held for held, _ in values]),
            "width": np.mean([width for _, width in values]),
            "error": np.std([held for held, _ in values], ddof=1) / np.sqrt(datasets),
            "lineages": labels.max() + 1,
            "n": len(labels),
        }
        for key, values in seen.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["statistic", "interval"])


def _bounds(by_lineage: np.ndarray, ordinary: np.ndarray, labels: np.ndarray, level: float) -> dict:
    """Kind of interval -> its ends, as from any number of replicates."""
    lineages, models = int(labels.max()) + 1, len(labels)
    wanted = [expanded(lineages, level), (1 - level) / 2, expanded(models, level)]
    shares = [exactly(share, len(by_lineage)) for share in wanted]
    shown, plain = several_tails(by_lineage, shares[:2])
    return {"shown": shown, "plain": plain, "models": several_tails(ordinary, shares[2:])[0]}


def _replicates(
    scores: np.ndarray, weights: np.ndarray, target: np.ndarray, names: Sequence[str]
) -> dict:
    """Replicates of all correlations (r x pairs) and of each component's loadings (r x p), by
    name."""
    z = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    if names == ["correlation"]:
        return {"correlation": replicate_pairs(z, weights)}
    matrices = replicate_matrices(z, weights)
    loadings = aligned(leading(matrices, target.shape[1] + SPARE)[1], target)
    return {"correlation": matrices[:, *np.triu_indices(z.shape[1], 1)]} | {
        f"loading PC{k}": part for k, part in enumerate(np.swapaxes(loadings, 0, 1), 1)
    }


def _slopes(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Weighted slope of y on x (each models x tables) in each replicate, array (r x tables); NaN
    where x does not vary."""
    share = weights / weights.sum(axis=1, keepdims=True)
    mean = share @ x
    variance, covariance = share @ x**2 - mean**2, share @ (x * y) - mean * (share @ y)
    return covariance / np.where(variance > 1e-12, variance, np.nan)
