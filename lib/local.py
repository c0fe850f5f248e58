"""What do models know of a language beyond what their English would suggest?  Local ability, the same in every language.

The second principal component does not travel between panels: where one factor is kept it bends with model size.  This
does: standardise, average the local benchmarks and the English ones for each model, and take what the local composite
holds beyond a smooth function of the English composite.  A benchmark *carries* local ability as far as its own
remainder goes with the remainder of the other local benchmarks, never with itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib import resampling
from lib.tables import TableError, checked, varies, z_scores

#: Degree of the smooth function of the English composite.
DEGREE = 2
#: Replicates worked on at a time: each holds models x benchmarks numbers.
BATCH = 200


@dataclasses.dataclass(frozen=True)
class LocalAbility:
    """Local ability of a table of models.

    r2 : share of the local composite's variance that the smooth function of the English one explains.
    english, local : Series, model -> composite (mean z-score).
    score : Series, model -> local composite beyond its fit.
    curve : DataFrame, english and local, the fitted function over the range of the models.
    carries : Series, benchmark -> correlation of its remainder with that of the other local benchmarks.
    remainders : DataFrame, models x benchmarks.
    """

    r2: float
    english: pd.Series
    local: pd.Series
    score: pd.Series
    curve: pd.DataFrame
    carries: pd.Series
    remainders: pd.DataFrame


def fit(scores: pd.DataFrame, language: pd.Series, degree: int = DEGREE) -> LocalAbility:
    """Split local skill into what English explains and what it does not.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; models with a missing score are left out.
    language : Series, benchmark -> "local" or "english".

    Raises
    ------
    TableError
        Fewer than two local benchmarks or no English one, or fewer models than the function has coefficients plus two.
    """
    z, local = _prepared(scores, language, degree)
    weights = np.ones((1, len(z)))
    parts = _parts(z.to_numpy(), local, weights, degree)
    english, composite = parts["english"][0], parts["local"][0]
    names = z.index
    grid = np.linspace(english.min(), english.max(), 50)
    curve = np.polyval(np.polyfit(english, composite, degree), grid)
    return LocalAbility(
        r2=float(parts["r2"][0, 0]), english=pd.Series(english, names, name="english"),
        local=pd.Series(composite, names, name="local"), score=pd.Series(parts["score"][0], names, name="score"),
        curve=pd.DataFrame({"english": grid, "local": curve}),
        carries=pd.Series(parts["carries"][0], z.columns, name="carries"),
        remainders=pd.DataFrame(parts["remainders"][0], names, z.columns))


def carries(scores: pd.DataFrame, language: pd.Series, selections: Iterable[np.ndarray], degree: int = DEGREE) -> np.ndarray:
    """`fit(...).carries` for many selections of the models: selections x benchmarks, NaN where one does not vary.

    Parameters
    ----------
    scores, language : as for `fit`.
    selections : positions among the models that have every score, as `resampling` may repeat them.
    """
    table = checked(scores, complete=True)
    local, complete, found = (language.loc[table.columns] == "local").to_numpy(), np.ascontiguousarray(table), []
    for rows in selections:
        values = complete[rows]
        if varies(values).all():
            z = (values - values.sum(axis=0) / len(rows)) / _deviations(values)
            found.append(_parts(z, local, np.ones((1, len(rows))), degree)["carries"][0])
        else:
            found.append(np.full(len(local), np.nan))
    return np.array(found)


def _deviations(values: np.ndarray) -> np.ndarray:
    """Population standard deviation of each column, summed in the order in which pandas sums, to the last bit."""
    columns = np.ascontiguousarray(values.T)
    mean = columns.sum(axis=1, keepdims=True) / len(values)
    return np.sqrt(((mean - columns) ** 2).sum(axis=1) / len(values))


def _prepared(scores: pd.DataFrame, language: pd.Series, degree: int) -> tuple[pd.DataFrame, np.ndarray]:
    z = z_scores(checked(scores, complete=True))
    local = (language.loc[z.columns] == "local").to_numpy()
    if local.sum() < 2 or local.all():
        raise TableError(f"local ability needs at least two local benchmarks and one English one, found {local.sum()} "
                         f"and {(~local).sum()}")
    if len(z) < degree + 3:
        raise TableError(f"a fit of degree {degree} needs at least {degree + 3} complete models, found {len(z)}")
    return z, local


def _parts(z: np.ndarray, local: np.ndarray, weights: np.ndarray, degree: int) -> dict[str, np.ndarray]:
    """Everything of `fit` for each row of weights: standardise, compose, fit by weighted least squares, correlate."""
    share = weights / weights.sum(axis=1, keepdims=True)
    mean = share @ z
    scale = np.sqrt(np.clip(share @ z**2 - mean**2, 1e-12, None))
    standard = (z - mean[:, None]) / scale[:, None]
    english, composite = standard[:, :, ~local].mean(axis=2), standard[:, :, local].mean(axis=2)
    design = english[:, :, None] ** np.arange(degree + 1)
    weighted = np.swapaxes(design * share[:, :, None], 1, 2)
    coefficients = np.linalg.pinv(weighted @ design, hermitian=True) @ (weighted @ standard)
    remainders = standard - design @ coefficients
    score = remainders[:, :, local].mean(axis=2)
    variance = np.einsum("rn,rn->r", share, composite**2) - np.einsum("rn,rn->r", share, composite) ** 2
    r2 = 1 - np.einsum("rn,rn->r", share, score**2) / np.clip(variance, 1e-12, None)
    return {"english": english, "local": composite, "score": score, "remainders": remainders, "r2": r2[:, None],
            "carries": _carries(remainders, local, share)}


def _carries(remainders: np.ndarray, local: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weighted correlation of each remainder with the mean remainder of the local benchmarks other than itself."""
    count = local.sum() - local
    others = (remainders[:, :, local].sum(axis=2, keepdims=True) - remainders * local) / count
    def centred(values):
        return values - np.einsum("rn,rnp->rp", share, values)[:, None]
    a, b = centred(remainders), centred(others)
    aa, bb, ab = (np.einsum("rn,rnp,rnp->rp", share, x, y) for x, y in ((a, a), (b, b), (a, b)))
    product = aa * bb
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(ab / np.sqrt(np.where(product > 1e-18, product, np.nan)), -1, 1)


def stability(scores: pd.DataFrame, language: pd.Series, lineages: pd.Series, rng: Generator, *, degree: int = DEGREE,
              replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> dict[str, pd.DataFrame]:
    """Intervals of `fit`: {"r2": one row, "carries": a row a benchmark, "score": a row a model}, as `resampling.table`."""
    z, local = _prepared(scores, language, degree)
    labels = lineages.loc[z.index].to_numpy()
    value = _parts(z.to_numpy(), local, np.ones((1, len(z))), degree)
    names = {"r2": pd.Index(["r2"]), "carries": z.columns, "score": z.index}
    samples: list[dict[str, np.ndarray]] = []
    for groups in (labels, None):
        parts: dict[str, list] = {name: [] for name in names}
        for weights in resampling.chunks(len(z), replicates, rng, groups, BATCH):
            found = _parts(z.to_numpy(), local, weights, degree)
            for name in names:
                parts[name].append(found[name])
        samples.append({name: np.concatenate(pieces) for name, pieces in parts.items()})
    return {name: resampling.table(value[name][0], samples[0][name], samples[1][name], labels,
                                   "beyond a quadratic in the English composite, expanded percentile bootstrap over "
                                   "lineages" if degree == 2 else f"beyond a polynomial of degree {degree} in the English "
                                   "composite, expanded percentile bootstrap over lineages", index=index, level=level)
            for name, index in names.items()}


def null(ability: LocalAbility, language: pd.Series, rng: Generator, *, permutations: int = 2_000,
         level: float = resampling.LEVEL) -> pd.DataFrame:
    """What `carries` would be if nothing were shared: each benchmark's remainder shuffled over models by itself.

    Returns DataFrame, one row a benchmark: low and high, percentiles over permutations.
    """
    local = (language.loc[ability.remainders.columns] == "local").to_numpy()
    values = ability.remainders.to_numpy()
    draws = []
    for start in range(0, permutations, BATCH):
        count = min(BATCH, permutations - start)
        shuffled = rng.permuted(np.broadcast_to(values, (count, *values.shape)), axis=1)
        draws.append(_carries(shuffled, local, np.full((count, len(values)), 1 / len(values))))
    low, high = resampling.tails(np.concatenate(draws), (1 - level) / 2)
    return pd.DataFrame({"low": low, "high": high}, index=ability.remainders.columns)


def smoothers(ability: LocalAbility) -> pd.DataFrame:
    """The same split by other smooth functions: straight line, quadratic, cubic, penalised spline, monotone.

    The spline is scipy's smoothing spline with generalised cross-validation, the monotone fit scikit-learn's isotonic
    regression.  Returns DataFrame, one row a function: r2, and agreement, the rank correlation of its local ability
    with that of the quadratic.
    """
    from scipy.interpolate import make_smoothing_spline
    from sklearn.isotonic import IsotonicRegression

    x, y = ability.english.to_numpy(), ability.local.to_numpy()
    fitted = {name: np.polyval(np.polyfit(x, y, degree), x) for name, degree in (
        ("straight line", 1), ("quadratic", 2), ("cubic", 3))}
    places, inverse = np.unique(x, return_inverse=True)
    if len(places) >= 5:
        means = np.bincount(inverse, y) / np.bincount(inverse)
        fitted["penalised spline"] = make_smoothing_spline(places, means, np.bincount(inverse).astype(float))(x)
    fitted["monotone"] = IsotonicRegression().fit_transform(x, y)
    rows = {name: {"r2": 1 - np.var(y - values) / np.var(y),
                   "agreement": pd.Series(y - values).corr(ability.score.reset_index(drop=True), method="spearman")}
            for name, values in fitted.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("function")
