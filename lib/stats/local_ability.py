"""What do models know of a language beyond what their English would suggest?  Local ability.

The second principal component does not travel between panels: where one factor is kept it bends
with model size.  This does: standardise, average the local benchmarks and the English ones for each
model, and take what the local composite holds beyond a smooth function of the English composite.
A benchmark *carries* local ability as far as its own remainder goes with the remainder of the other
local benchmarks, never with itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling, tails
from lib.stats.tables import TableError, checked, standardised
from lib.stats.verdicts import LEVEL, Estimate

#: Degree of the smooth function of the English composite.
DEGREE = 2
#: Replicates worked on at a time: each holds models x benchmarks numbers.
BATCH = 200


@dataclasses.dataclass(frozen=True)
class LocalAbility:
    """Local ability of a table of models.

    r2 : share of the local composite's variance that the function of the English one explains.
    english, local : Series, model -> composite (mean z-score).
    score : Series, model -> local composite beyond its fit.
    curve : DataFrame, english and local, the fitted function over the range of the models.
    carries : Series, benchmark -> correlation of its remainder with the other local benchmarks'.
    remainders : DataFrame, models x benchmarks.

    >>> from lib.stats import example
    >>> ability = fit(example.scores(), example.side())
    >>> str(ability.score.idxmax()), float(ability.score.mean().round(6)) + 0
    ('b-xx', 0.0)
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
        Fewer than two local benchmarks or no English one, or fewer models than the function has
        coefficients plus two.

    >>> scores = pd.DataFrame({"en": [1, 2, 3, 4, 5], "a": [1, 2, 4, 4, 5], "b": [2, 1, 4, 5, 5.0]})
    >>> round(fit(scores, pd.Series({"en": "english", "a": "local", "b": "local"}), degree=1).r2, 3)
    0.89
    """
    z, local = _prepared(scores, language, degree)
    weights = np.ones((1, len(z)))
    parts = _parts(z.to_numpy(), local, weights, degree)
    english, composite = parts["english"][0], parts["local"][0]
    names = z.index
    grid = np.linspace(english.min(), english.max(), 50)
    curve = np.polyval(np.polyfit(english, composite, degree), grid)
    return LocalAbility(
        r2=float(parts["r2"][0, 0]),
        english=pd.Series(english, names, name="english"),
        local=pd.Series(composite, names, name="local"),
        score=pd.Series(parts["score"][0], names, name="score"),
        curve=pd.DataFrame({"english": grid, "local": curve}),
        carries=pd.Series(parts["carries"][0], z.columns, name="carries"),
        remainders=pd.DataFrame(parts["remainders"][0], names, z.columns),
    )


def carries(scores: pd.DataFrame, language: pd.Series, degree: int = DEGREE) -> pd.Series:
    """What each benchmark carries (see `fit`); NaN where the table is too small to tell.

    >>> from lib.stats import example
    >>> table, side = example.scores(), example.side()
    >>> carries(table, side).equals(fit(table, side).carries), carries(table.head(5), side, 3).sum()
    (True, np.float64(0.0))
    """
    try:
        return fit(scores, language, degree).carries
    except TableError:
        return pd.Series(np.nan, scores.columns, name="carries")


def share(scores: pd.DataFrame, weights: np.ndarray, language: pd.Series) -> np.ndarray:
    """The share of local skill that English explains, for each row of weights, array (r,).

    Parameters
    ----------
    weights : array (r x models), how often each model counts; a row of too few models gives NaN, as
        does a table that `fit` refuses.

    >>> from lib.stats import example
    >>> table, side = example.scores(), example.side()
    >>> found = share(table, np.ones((1, len(table))), side)
    >>> bool(np.isclose(found[0], fit(table, side).r2)), share(table.head(2), np.ones((1, 2)), side)
    (True, array([nan]))
    """
    return _weighted(scores, language, weights, lambda parts, _: parts["r2"][:, 0])


def lead(
    scores: pd.DataFrame, weights: np.ndarray, language: pd.Series, kind: pd.Series
) -> np.ndarray:
    """How much more local ability the local benchmarks of a kind carry than the other local ones,
    for each row of weights as in `share`.

    Parameters
    ----------
    kind : Series, benchmark -> whether it is of that kind; NaN where there is none of either sort.

    >>> from lib.stats import example
    >>> table, side = example.scores(), example.side()
    >>> known = pd.Series(table.columns == "know-xx", table.columns)
    >>> lead(table, np.ones((1, len(table))), side, known).round(2).tolist()
    [0.06]
    """
    local = (language[scores.columns] == "local").to_numpy()
    known = kind[scores.columns].to_numpy()
    if not (local & known).any() or not (local & ~known).any():
        return np.full(len(weights), np.nan)
    return _weighted(
        scores,
        language,
        weights,
        lambda parts, _: (
            parts["carries"][:, local & known].mean(axis=1)
            - parts["carries"][:, local & ~known].mean(axis=1)
        ),
    )


def follows(
    scores: pd.DataFrame, weights: np.ndarray, language: pd.Series, chosen: pd.Series
) -> np.ndarray:
    """Mean correlation of some local benchmarks with the English composite, for each row of weights
    as in `share`.

    Parameters
    ----------
    chosen : Series, benchmark -> whether it is one of them; NaN where none is.

    >>> from lib.stats import example
    >>> table, side = example.scores(), example.side()
    >>> exam = pd.Series(table.columns == "exam-xx", table.columns)
    >>> follows(table, np.ones((1, len(table))), side, exam).round(2).tolist()
    [0.93]
    """
    local = (language[scores.columns] == "local").to_numpy()
    wanted = local & chosen[scores.columns].to_numpy()
    if not wanted.any():
        return np.full(len(weights), np.nan)

    def mean(parts: dict[str, np.ndarray], kept: np.ndarray) -> np.ndarray:
        total = kept.sum(axis=1, keepdims=True)
        english, values = parts["english"], scores.to_numpy(float)[:, wanted]
        about = english - (kept * english).sum(axis=1, keepdims=True) / total
        apart = values - (kept @ values / total)[:, None]
        squares = np.einsum("rn,rnp->rp", kept, apart**2)
        together = np.einsum("rn,rn,rnp->rp", kept, about, apart)
        alone = np.einsum("rn,rn->r", kept, about**2)[:, None]
        return (together / np.sqrt(squares * alone)).mean(axis=1)

    return _weighted(scores, language, weights, mean)


def _weighted(
    scores: pd.DataFrame, language: pd.Series, weights: np.ndarray, of: Callable
) -> np.ndarray:
    """`of` the parts of the fit under each row of weights; NaN for rows of too few models."""
    found = np.full(len(weights), np.nan)
    enough = (weights > 0).sum(axis=1) >= DEGREE + 3
    try:
        z, local = _prepared(scores, language, DEGREE)
    except TableError:
        return found
    if enough.any():
        found[enough] = of(_parts(z.to_numpy(), local, weights[enough], DEGREE), weights[enough])
    return found


def _prepared(
    scores: pd.DataFrame, language: pd.Series, degree: int
) -> tuple[pd.DataFrame, np.ndarray]:
    z = standardised(checked(scores, complete=True))
    local = (language.loc[z.columns] == "local").to_numpy()
    if local.sum() < 2 or local.all():
        raise TableError(
            "local ability needs at least two local benchmarks and one English one, "
            f"found {local.sum()} and {(~local).sum()}"
        )
    if len(z) < degree + 3:
        raise TableError(
            f"a fit of degree {degree} needs at least {degree + 3} complete models, found {len(z)}"
        )
    return z, local


def _parts(
    z: np.ndarray, local: np.ndarray, weights: np.ndarray, degree: int
) -> dict[str, np.ndarray]:
    """Everything of `fit` for each row of weights: standardise, compose, fit, correlate."""
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
    centre = np.einsum("rn,rn->r", share, composite)
    variance = np.einsum("rn,rn->r", share, composite**2) - centre**2
    r2 = 1 - np.einsum("rn,rn->r", share, score**2) / np.clip(variance, 1e-12, None)
    return {
        "english": english,
        "local": composite,
        "score": score,
        "remainders": remainders,
        "r2": r2[:, None],
        "carries": _carries(remainders, local, share),
    }


def _carries(remainders: np.ndarray, local: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weighted correlation of each remainder with the mean of the other local benchmarks'."""
    count = local.sum() - local
    others = (remainders[:, :, local].sum(axis=2, keepdims=True) - remainders * local) / count

    def centred(values):
        return values - np.einsum("rn,rnp->rp", share, values)[:, None]

    a, b = centred(remainders), centred(others)
    aa, bb, ab = (np.einsum("rn,rnp,rnp->rp", share, x, y) for x, y in ((a, a), (b, b), (a, b)))
    product = aa * bb
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(ab / np.sqrt(np.where(product > 1e-18, product, np.nan)), -1, 1)


@dataclasses.dataclass(frozen=True)
class Stability:
    """Intervals of a fit: the share explained, `carries` by benchmark, `score` by model.

    >>> from lib.stats import example
    >>> found = stability(example.scores(), example.side(), example.resampling())
    >>> found.carries.count, found.score.count
    (5, 12)
    """

    r2: Estimate
    carries: Estimates
    score: Estimates


def stability(
    scores: pd.DataFrame, language: pd.Series, how: Resampling, degree: int = DEGREE
) -> Stability:
    """Bootstrap a fit: each replicate standardises, composes, fits and correlates anew.

    Raises what `fit` raises.

    >>> from lib.stats import example
    >>> found = stability(example.scores(), example.side(), example.resampling())
    >>> list(found.carries.clear)
    ['know-xx', 'code-xx', 'exam-xx']
    """
    z, local = _prepared(scores, language, degree)
    how, values = how.of(z.index), z.to_numpy()
    names = {"r2": ["r2"], "carries": z.columns, "score": z.index}
    value = _parts(values, local, np.ones((1, len(z))), degree)

    def replicates(ordinary: bool) -> dict[str, np.ndarray]:
        parts = [_parts(values, local, weights, degree) for weights in how.chunks(ordinary, BATCH)]
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    groups, models = replicates(False), replicates(True)
    method = f"beyond a polynomial of degree {degree} in the English composite"
    found = {
        name: how.table(value[name][0], (groups[name], models[name]), index, method)
        for name, index in names.items()
    }
    return Stability(found["r2"]["r2"], found["carries"], found["score"])


def null(
    ability: LocalAbility,
    language: pd.Series,
    seed: int,
    permutations: int = 10_000,
    level: float = LEVEL,
) -> pd.DataFrame:
    """What `carries` would be if nothing were shared: each remainder shuffled over models.

    Returns DataFrame, one row a benchmark: low and high, percentiles over permutations.

    >>> from lib.stats import example
    >>> ability, side = fit(example.scores(), example.side()), example.side()
    >>> by_chance = null(ability, side, seed=1, permutations=200)
    >>> (ability.carries > by_chance["high"])[side == "local"].all().item()
    True
    """
    local = (language.loc[ability.remainders.columns] == "local").to_numpy()
    values, rng = ability.remainders.to_numpy(), np.random.default_rng(seed)
    draws = []
    for start in range(0, permutations, BATCH):
        count = min(BATCH, permutations - start)
        shuffled = rng.permuted(np.broadcast_to(values, (count, *values.shape)), axis=1)
        equal = np.full((count, len(values)), 1 / len(values))
        draws.append(_carries(shuffled, local, equal))
    low, high = tails(np.concatenate(draws), (1 - level) / 2)
    return pd.DataFrame({"low": low, "high": high}, index=ability.remainders.columns)


def smoothers(ability: LocalAbility) -> pd.DataFrame:
    """The same split by other smooth functions: three polynomials, penalised spline, monotone.

    The spline is scipy's smoothing spline with generalised cross-validation, the monotone fit
    scikit-learn's isotonic regression.  Returns DataFrame, one row a function: r2, and agreement,
    the rank correlation of its local ability with that of the fit given.

    >>> from lib.stats import example
    >>> ability = fit(example.scores(), example.side())
    >>> smoothers(ability)["agreement"].round(2).loc["quadratic"].item()
    1.0
    """
    from scipy.interpolate import make_smoothing_spline
    from sklearn.isotonic import IsotonicRegression

    x, y = ability.english.to_numpy(), ability.local.to_numpy()
    fitted = {
        name: np.polyval(np.polyfit(x, y, degree), x)
        for name, degree in (("straight line", 1), ("quadratic", 2), ("cubic", 3))
    }
    places, inverse = np.unique(x, return_inverse=True)
    if len(places) >= 5:
        count = np.bincount(inverse).astype(float)
        spline = make_smoothing_spline(places, np.bincount(inverse, y) / count, count)
        fitted["penalised spline"] = spline(x)
    fitted["monotone"] = IsotonicRegression().fit_transform(x, y)
    ours = ability.score.reset_index(drop=True)
    rows = {
        name: {
            "r2": 1 - np.var(y - values) / np.var(y),
            "agreement": pd.Series(y - values).corr(ours, method="spearman"),
        }
        for name, values in fitted.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("function")
