"""Which budget explains an ability?  English and local compute in one model, and rival laws by how
well they predict.

One budget may pass for the other, since big spenders spend on both.  Together they compete; a law
is then judged on lineages it has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.stats.budget import Budgets
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.scaling import DRAW_RANGE, ScalingError, over_draws

SIDES = ("english", "local")
QUANTITIES = tuple(f"{what}-{side}" for what in ("slope", "partial-r2") for side in SIDES)
#: Law -> the budgets that it knows.  A sigmoid, which levels off at both ends, knows one.
LINES = {
    "mean-alone": [],
    "parameters": ["parameters"],
    "total-compute": ["total"],
    "english-compute": ["english"],
    "local-compute": ["local"],
    "english-and-local-compute": ["english", "local"],
}
SIGMOIDS = {f"{side}-compute-sigmoid": side for side in SIDES}
#: Grid of the sigmoid law: where it turns, as quantiles of log10 compute, and how wide it is, in
#: decades.
TURNS, WIDTHS = np.linspace(0.05, 0.95, 13), np.array([0.1, 0.2, 0.4, 0.8, 1.6])


def joint(score: pd.Series, budgets: Budgets, how: Resampling) -> Estimates:
    """Least squares of a score on log10 English and log10 local compute together.

    Returns
    -------
    Estimates by slope-english, slope-local (per decade of FLOP), partial-r2-english,
    partial-r2-local (share of the variance the other leaves that this one explains, the squared
    partial correlation), with draws_low and draws_high.

    Raises
    ------
    ScalingError
        Fewer than four models have both budgets.

    >>> from lib.stats import example
    >>> found = joint(example.scores()["exam-xx"], example.budgets(), example.resampling())
    >>> found.values.gt(0).all().item()
    True
    """
    models, logs = _logs({side: budgets.compute(side) for side in SIDES}, score)
    if len(models) < 4:
        raise ScalingError(
            f"at least 4 models with an English and a local budget are needed, found {len(models)}"
        )
    y = score.loc[models].to_numpy(float)
    x = np.stack([logs[side].T for side in SIDES], axis=-1)
    return over_draws(
        how.of(models),
        lambda weights, draws: joint_moments(weights, y, x[draws]),
        len(x),
        QUANTITIES,
        "two budgets",
    )


def joint_moments(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Weighted slopes and partial R2 of y (n) on the two columns of each x (r x n x 2), array (r x
    4).

    >>> x = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])
    >>> joint_moments(np.ones((1, 4)), x[0] @ [2.0, 1.0], x)[0, :2].round(6).tolist()
    [2.0, 1.0]
    """
    share = weights / weights.sum(axis=1, keepdims=True)
    data = np.concatenate([x, np.broadcast_to(y[:, None], (*x.shape[:2], 1))], axis=2)
    data = data - np.einsum("rn,rnk->rk", share, data)[:, None]
    covariance = np.swapaxes(data * share[:, :, None], 1, 2) @ data
    a, b, c = (covariance[:, i, j] for i, j in ((0, 0), (1, 1), (0, 1)))
    ay, by, yy = covariance[:, 0, 2], covariance[:, 1, 2], covariance[:, 2, 2]
    determinant = np.where(a * b - c**2 > 1e-12, a * b - c**2, np.nan)
    first, second = (b * ay - c * by) / determinant, (a * by - c * ay) / determinant
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = first * ay + second * by
        alone = [by**2 / b, ay**2 / a]
        partial = [
            (explained - other) / np.where(yy - other > 1e-12, yy - other, np.nan)
            for other in alone
        ]
    return np.column_stack([first, second, *(np.clip(part, 0, 1) for part in partial)])


def errors(score: pd.Series, budgets: Budgets, how: Resampling, *, draws: int = 200) -> Estimates:
    """How well each rival law predicts lineages it has not seen.

    Every lineage (group of `how`) in turn is left out, each law is fitted to the rest and predicts
    it.  The laws are `LINES`, least squares on log10 of what they know, and `SIGMOIDS`, least
    squares over a grid of turning points and widths.

    Returns
    -------
    Estimates by law: root mean square error over models in standard deviations of the score, median
    over draws, with draws_low and draws_high.

    Raises
    ------
    ScalingError
        Fewer than three lineages have budgets.

    >>> from lib.stats import example
    >>> found = errors(example.scores()["exam-xx"], example.budgets(), example.resampling())
    >>> bool(found["english-compute"].value < found["mean-alone"].value)
    True
    """
    models, logs = _logs(
        {side: budgets.compute(side).iloc[:, :draws] for side in (*SIDES, "total")}, score
    )
    labels = how.groups.loc[models].to_numpy()
    if len(set(labels)) < 3:
        raise ScalingError(f"at least 3 lineages with budgets are needed, found {len(set(labels))}")
    y = score.loc[models].to_numpy(float)
    logs["parameters"] = np.log10(budgets.parameters.loc[models].to_numpy(float))[:, None]
    nothing = np.empty((len(y), 1, 0))
    found = {
        law: _left_out(
            y, np.stack([logs[key] for key in keys], axis=-1) if keys else nothing, labels
        )
        for law, keys in LINES.items()
    }
    found |= {law: _left_out_sigmoid(y, logs[side], labels) for law, side in SIGMOIDS.items()}
    rows = {
        law: np.percentile(values / y.std(), [50, *DRAW_RANGE]) for law, values in found.items()
    }
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["value", "draws_low", "draws_high"]
    )
    return Estimates(
        frame.assign(
            n=len(y),
            groups=len(set(labels)),
            units=how.units,
            method="root mean square error on lineages left out, median over draws",
        )
    )


def joint_table(scores: pd.DataFrame, budgets: Budgets, how: Resampling) -> Estimates:
    """`joint` for every component: subjects `PC1/slope-english`, ...

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> list(joint_table(scores, example.budgets(), example.resampling()))[:2]
    ['exam-xx/slope-english', 'exam-xx/slope-local']
    """
    return _table({name: joint(scores[name], budgets, how) for name in scores.columns})


def error_table(
    scores: pd.DataFrame, budgets: Budgets, how: Resampling, *, draws: int = 200
) -> Estimates:
    """`errors` for every component: subjects `PC1/english-compute`, ...

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> list(error_table(scores, example.budgets(), example.resampling()))[:2]
    ['exam-xx/mean-alone', 'exam-xx/parameters']
    """
    return _table(
        {name: errors(scores[name], budgets, how, draws=draws) for name in scores.columns}
    )


def _table(parts: Mapping[str, Estimates]) -> Estimates:
    return Estimates(
        pd.concat(
            [
                part.frame.rename(index=lambda subject, k=k: f"{k}/{subject}")
                for k, part in parts.items()
            ]
        )
    )


def better(table: Estimates) -> Estimates:
    """Of an `error_table`, the laws that miss less than the mean alone in all but the worst
    twentieth of the draws, each component's best first.

    >>> frame = pd.DataFrame({"value": [1.0, 0.4], "draws_high": [1.1, 0.5]})
    >>> str(better(Estimates(frame.set_axis(["PC1/mean-alone", "PC1/parameters"]))))
    'PC1/parameters 0.40'
    """
    found = []
    for component in dict.fromkeys(subject.split("/")[0] for subject in table):
        here = table.within(component)
        lower = here.where(here.frame["draws_high"] < here["mean-alone"].value).sorted(
            ascending=True
        )
        found += [f"{component}/{law}" for law in lower]
    return table.of(found)


def _logs(compute: Mapping[str, pd.DataFrame], score: pd.Series):
    """Models with a positive budget on every side in every draw, and log10 compute, side -> (n x
    draws)."""
    usable = np.logical_and.reduce([(table > 0).all(axis=1) for table in compute.values()])
    models = next(iter(compute.values())).index[usable]
    models = score.dropna().index.intersection(models, sort=False)
    return models, {side: np.log10(table.loc[models].to_numpy()) for side, table in compute.items()}


def _left_out(y: np.ndarray, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Root mean square error (draws) of predicting each lineage from the others with design x (n x
    draws x k)."""
    design = np.concatenate([np.ones((*x.shape[:2], 1)), x], axis=2).swapaxes(0, 1)
    squared = np.empty(design.shape[:2])
    for label in np.unique(labels):
        out = labels == label
        rest = design[:, ~out]
        gram = rest.swapaxes(1, 2) @ rest
        coefficients = (
            np.linalg.pinv(gram, hermitian=True) @ (rest.swapaxes(1, 2) @ y[~out])[:, :, None]
        )
        squared[:, out] = (y[out] - (design[:, out] @ coefficients)[:, :, 0]) ** 2
    return np.sqrt(squared.mean(axis=1))


def _left_out_sigmoid(y: np.ndarray, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """As `_left_out` for a + b / (1 + exp(-(x - turn) / width)) of x (n x draws), best turn and
    width on the rest."""
    errors = np.empty(x.shape[1])
    for draw, log in enumerate(x.T):
        turns = np.quantile(log, TURNS)
        shapes = 1 / (1 + np.exp(-(log[:, None, None] - turns[:, None]) / WIDTHS)).reshape(
            len(log), -1
        )
        squared = np.empty(len(y))
        for label in np.unique(labels):
            out = labels == label
            rest, target = shapes[~out], y[~out]
            centred = rest - rest.mean(axis=0)
            slope = (
                centred.T @ (target - target.mean()) / np.maximum((centred**2).sum(axis=0), 1e-12)
            )
            residual = target[:, None] - target.mean() - slope * centred
            best = (residual**2).sum(axis=0).argmin()
            squared[out] = (
                y[out] - target.mean() - slope[best] * (shapes[out, best] - rest[:, best].mean())
            ) ** 2
        errors[draw] = np.sqrt(squared.mean())
    return errors
