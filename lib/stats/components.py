"""What abilities lie behind the scores?  Principal components of standardised benchmarks, and how
stable they are.

A *loading* is a benchmark's weight in a component (unit length), a *score* a model's place on it,
*explained* the component's share of the variance.  Loadings are scikit-learn's components,
transposed; scores are not rescaled.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from lib.stats.correlation import replicate_matrices
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import TableError, checked

#: Components looked at beyond those asked for when a replicate's are matched to the sample's.
SPARE = 2


@dataclasses.dataclass(frozen=True)
class Abilities:
    """A fitted principal component analysis.

    explained : Series, PC -> share of variance.        eigenvalues : Series, PC -> eigenvalue of
        the correlations.
    loadings : DataFrame, benchmarks x PCs.             scores : DataFrame, models x PCs.
    mean, scale : Series, benchmark -> mean and population standard deviation used to standardise.
    dropped : models left out because a score is missing.

    >>> from lib.stats import example
    >>> fitted = fit(example.scores())
    >>> bool(np.allclose(fitted.project(example.scores()), fitted.scores))
    True
    """

    explained: pd.Series
    eigenvalues: pd.Series
    loadings: pd.DataFrame
    scores: pd.DataFrame
    mean: pd.Series
    scale: pd.Series
    dropped: tuple

    def project(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Scores of other models on these components, standardised with this fit's mean and scale
        (models x PCs).

        Raises TableError naming the benchmarks that are missing.
        """
        missing = self.mean.index.difference(scores.columns)
        if len(missing):
            raise TableError(
                f"benchmarks missing for the projection: {', '.join(map(str, missing))}"
            )
        return ((scores[self.mean.index] - self.mean) / self.scale) @ self.loadings


def fit(scores: pd.DataFrame, anchors: Mapping[str, str] | None = None) -> Abilities:
    """Fit principal components to the models that have every score.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks.
    anchors : PC -> benchmark whose loading is positive on it; without one a PC's largest absolute
        loading is.

    Raises
    ------
    TableError Fewer than three complete models, a benchmark without variance, an anchor that is not
        a benchmark or has no weight on its component.

    >>> from lib.stats import example
    >>> fitted = fit(example.scores(), anchors={"PC1": "know-en"})
    >>> fitted.explained.round(2).head(2).tolist()
    [0.93, 0.05]
    """
    from sklearn.decomposition import PCA  # late: the import costs more than most analyses

    table = checked(scores, complete=True)
    mean, scale = table.mean(), table.std(ddof=0)
    z = (table - mean) / scale
    count = min(len(z) - 1, z.shape[1])
    model = PCA(n_components=count, svd_solver="full")
    model.fit(z.to_numpy())
    names = pd.Index([f"PC{k}" for k in range(1, count + 1)], name="component")
    loadings = pd.DataFrame(np.asarray(model.components_).T, index=table.columns, columns=names)
    loadings = loadings * _signs(loadings, anchors or {})
    eigenvalues = pd.Series(model.singular_values_**2 / len(z), index=names, name="eigenvalue")
    return Abilities(
        explained=(eigenvalues / z.shape[1]).rename("explained"),
        eigenvalues=eigenvalues,
        loadings=loadings,
        scores=z @ loadings,
        mean=mean,
        scale=scale,
        dropped=tuple(pd.DataFrame(scores).index.difference(table.index, sort=False)),
    )


def _signs(loadings: pd.DataFrame, anchors: Mapping[str, str]) -> pd.Series:
    unknown = [
        f"anchor {benchmark!r} of {component} is not a benchmark of the table"
        for component, benchmark in anchors.items()
        if benchmark not in loadings.index
    ]
    if unknown:
        raise TableError("\n".join(unknown))
    signs = {}
    for component in loadings.columns:
        weights = loadings[component]
        largest = weights.index[weights.abs().to_numpy().argmax()]
        signs[component] = np.sign(weights[anchors.get(component, largest)])
    if 0 in signs.values():
        raise TableError(
            "an anchor has no weight on its component: "
            + ", ".join(component for component, sign in signs.items() if sign == 0)
        )
    return pd.Series(signs)


@dataclasses.dataclass(frozen=True)
class Stability:
    """Intervals of a fit.

    explained : by component.  loadings : by `PCk/benchmark`.  scores : by `PCk/model`. congruence :
    DataFrame, replicates x PCs, Tucker's congruence of a lineage replicate's loadings with the
    sample's.  chances : how likely each of these replicates is; None where all are alike.

    >>> from lib.stats import example
    >>> found = stability(example.scores(), example.resampling(), components=1)
    >>> found.congruence.median().round(2).to_dict()
    {'PC1': 1.0}
    """

    explained: Estimates
    loadings: Estimates
    scores: Estimates
    congruence: pd.DataFrame
    chances: np.ndarray | None = None


def stability(
    scores: pd.DataFrame,
    how: Resampling,
    components: int = 4,
    anchors: Mapping[str, str] | None = None,
) -> Stability:
    """Bootstrap a fit: all replicates' correlation matrices at once, decomposed in one batch,
    aligned to the sample.

    `explained` compares components by rank; loadings and scores by the component they match (see
    `aligned`).

    >>> from lib.stats import example
    >>> found = stability(example.scores(), example.resampling(), components=2)
    >>> found.explained.written(".1f")
    'PC1 0.9 [0.7, 1.0]; PC2 0.0 [0.0, 0.3]'
    """
    full = fit(scores, anchors)
    how = how.of(full.scores.index)
    z = ((checked(scores).loc[full.scores.index] - full.mean) / full.scale).to_numpy()
    names = full.loadings.columns[:components]
    target = full.loadings[names].to_numpy()
    draws = [_replicates(z, target, how.chunks(ordinary)) for ordinary in (False, True)]

    def table(what: str, value: pd.DataFrame | pd.Series) -> Estimates:
        values = value if isinstance(value, pd.Series) else value.T.stack()
        index = ["/".join(map(str, key)) if isinstance(key, tuple) else key for key in values.index]
        groups, models = (part[what].reshape(len(part[what]), -1) for part in draws)
        return how.table(values.to_numpy(), (groups, models), index, "principal components")

    congruence = np.einsum("rkp,pk->rk", draws[0]["loadings"], target)
    return Stability(
        table("explained", full.explained[names]),
        table("loadings", full.loadings[names]),
        table("scores", full.scores[names]),
        pd.DataFrame(congruence, columns=names),
        how.chances,
    )


def _replicates(z: np.ndarray, target: np.ndarray, chunks: Iterable[np.ndarray]) -> dict:
    """Explained shares (replicates x k), loadings (x k x p) and model scores (x k x n) of all
    replicates."""
    components = target.shape[1]
    parts = {"explained": [], "loadings": [], "scores": []}
    for weights in chunks:
        values, vectors = leading(replicate_matrices(z, weights), components + SPARE)
        loadings = aligned(vectors, target)
        parts["explained"].append(values[:, :components] / z.shape[1])
        parts["loadings"].append(loadings)
        parts["scores"].append(_scores(z, weights, loadings))
    return {what: np.concatenate(pieces) for what, pieces in parts.items()}


def leading(correlations: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` largest eigenvalues (r x count) and their eigenvectors (r x p x count) of r
    correlation matrices.

    A matrix with NaN (a benchmark constant in that replicate) gives NaN.

    >>> values, vectors = leading(np.array([[[1.0, 0.5], [0.5, 1.0]]]), 1)
    >>> values.round(6).tolist(), np.abs(vectors).round(2).tolist()
    ([[1.5]], [[[0.71], [0.71]]])
    """
    broken = np.any(np.isnan(correlations), axis=(1, 2))
    values, vectors = np.linalg.eigh(
        np.where(broken[:, None, None], np.eye(correlations.shape[1]), correlations)
    )
    values, vectors = values[:, ::-1][:, :count], vectors[:, :, ::-1][:, :, :count]
    return np.where(broken[:, None], np.nan, values), np.where(
        broken[:, None, None], np.nan, vectors
    )


def aligned(vectors: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Match each replicate's components to the sample's, in order and sign.

    Parameters
    ----------
    vectors : array (r x p x m), unit columns.      target : array (p x k), k <= m.

    Returns
    -------
    array (r x k x p): of all ways to assign k of the m components, the one with the largest sum of
        absolute
    congruences (Tucker 1951), each turned to have a positive one.

    >>> aligned(np.array([[[0.0, 1.0], [-1.0, 0.0]]]), np.eye(2)).round().tolist()
    [[[1.0, 0.0], [-0.0, 1.0]]]
    """
    k = target.shape[1]
    congruence = np.einsum("pk,rpm->rkm", target, vectors)
    # Where each component's best match is another one, that is the best assignment; the rest are
    # few.
    size = np.nan_to_num(np.abs(congruence))
    chosen = size.argmax(axis=2)
    ranked = np.sort(chosen, axis=1)
    torn = np.flatnonzero((ranked[:, 1:] == ranked[:, :-1]).any(axis=1))
    ways = np.array(list(itertools.permutations(range(vectors.shape[2]), k)))
    chosen[torn] = ways[size[torn][:, np.arange(k), ways].sum(axis=2).argmax(axis=1)]
    matched = np.take_along_axis(vectors, chosen[:, None, :], axis=2)
    sign = np.sign(np.take_along_axis(congruence, chosen[:, :, None], axis=2))
    return np.swapaxes(matched, 1, 2) * sign


def _scores(z: np.ndarray, weights: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """Scores of the sample's models on each replicate's components, standardised as that replicate
    does (r x k x n)."""
    share = weights / weights.sum(axis=1, keepdims=True)
    mean = share @ z
    scale = np.sqrt(np.clip(share @ z**2 - mean**2, 1e-12, None))
    weighted = loadings / scale[:, None, :]
    return weighted @ z.T - (weighted @ mean[:, :, None])


def parallel(
    scores: pd.DataFrame,
    seed: int,
    kind: str = "normal",
    draws: int = 1_000,
    percentile: float = 95,
) -> pd.DataFrame:
    """Parallel analysis (Horn 1965): eigenvalues against those of unrelated columns of the same
    size.

    Parameters
    ----------
    kind : `normal` draws independent normal columns, `permutation` shuffles each column of the
        table.

    Returns
    -------
    DataFrame, one row a PC: eigenvalue, noise (mean of the draws), threshold (their percentile),
        retained (whether
    this and every earlier eigenvalue exceeds its threshold).

    >>> from lib.stats import example
    >>> noise = parallel(example.scores(), seed=1, draws=100)
    >>> noise["retained"].tolist()
    [True, False, False, False, False]
    """
    z = checked(scores, complete=True)
    values, rng = z.to_numpy(), np.random.default_rng(seed)
    if kind == "normal":
        noise = rng.standard_normal((draws, *values.shape))
    elif kind == "permutation":
        noise = rng.permuted(np.broadcast_to(values, (draws, *values.shape)), axis=1)
    else:
        raise ValueError(f"kind {kind!r} is not one of normal, permutation")
    noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, keepdims=True)
    random = np.linalg.eigvalsh(np.swapaxes(noise, 1, 2) @ noise / len(z))[:, ::-1]
    eigenvalue = np.linalg.eigvalsh(np.corrcoef(values, rowvar=False))[::-1]
    names = pd.Index([f"PC{k}" for k in range(1, values.shape[1] + 1)], name="component")
    table = pd.DataFrame(
        {
            "eigenvalue": eigenvalue,
            "noise": random.mean(axis=0),
            "threshold": np.percentile(random, percentile, axis=0),
        },
        index=names,
    )
    table["retained"] = (table["eigenvalue"] > table["threshold"]).cumprod().astype(bool)
    return table.iloc[: min(len(z) - 1, values.shape[1])]


def strength(noise: pd.DataFrame, explained: Estimates, benchmarks: int) -> Estimates:
    """Eigenvalues of every component beside what noise reaches, by PC.

    Parameters
    ----------
    noise : table of `parallel`.
    explained : shares of the variance of the first components, whose intervals times `benchmarks`
        are those of the eigenvalues; further components have none.

    Returns Estimates with columns threshold (what unrelated benchmarks reach) and retained.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> explained = stability(scores, example.resampling(), components=2).explained
    >>> noise = parallel(scores, seed=1, draws=100)
    >>> strength(noise, explained, scores.shape[1]).frame["retained"].tolist()
    [True, False, False, False, False]
    """
    known = explained.frame.drop(columns="value")
    ends = ["low", "high", "low_ordinary", "high_ordinary"]
    known[ends] = known[ends] * benchmarks
    frame = noise.rename(columns={"eigenvalue": "value"})[["value", "threshold", "retained"]]
    frame = frame.join(known)
    same = known.columns.difference(ends)  # what all rest on alike
    return Estimates(frame.assign(**{name: known[name].iloc[0] for name in same}))


def congruence(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Tucker's coefficient of congruence (Tucker 1951) between the columns of two loading tables on
    the same rows.

    >>> a = pd.DataFrame({"PC1": [1.0, 1.0]}, index=["x", "y"])
    >>> congruence(a, a.assign(PC2=[1.0, -1.0])).round(2).loc["PC1"].to_dict()
    {'PC1': 1.0, 'PC2': 0.0}
    """
    b = b.loc[a.index]
    norms = np.outer(np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0))
    return pd.DataFrame(a.to_numpy().T @ b.to_numpy() / norms, index=a.columns, columns=b.columns)
