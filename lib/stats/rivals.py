"""Which budget explains an ability?  English and local compute in one model, and rival laws by how
well they predict.

One budget may pass for the other, since big spenders spend on both.  Together they compete; a law
is then judged on lineages it has not seen, and on models that the study did not use.

Compute is six times parameters times tokens, so a law in log compute says that ten times the
parameters are worth as much as ten times the tokens.  Where the two stand apart they need not be;
and where only the *stage* counts, whether a model was trained on local text at all, tokens say
nothing.
"""

from __future__ import annotations

import dataclasses
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
    "parameters-and-english-tokens": ["parameters", "english-tokens"],
    "parameters-and-local-tokens": ["parameters", "local-tokens"],
    "local-stage": ["stage"],
    "parameters-and-local-stage": ["parameters", "stage"],
}
#: The laws that know of a stage, and so need to be told of it.
STAGED = tuple(law for law, keys in LINES.items() if "stage" in keys)
#: Strategies with a stage of training on local text.
LOCAL_STAGES = ("continual_local", "from_scratch_local")
SIGMOIDS = {f"{side}-compute-sigmoid": side for side in SIDES}
#: Grid of the sigmoid law: where it turns, as quantiles of log10 compute, and how wide it is, in
#: decades.
TURNS, WIDTHS = np.linspace(0.05, 0.95, 13), np.array([0.1, 0.2, 0.4, 0.8, 1.6])


def local_stage(strategy: pd.Series) -> pd.Series | None:
    """Model -> one where it was trained on local text in any stage, zero where not; None where all
    or none were, which no law can tell apart.

    >>> local_stage(pd.Series({"a": "from_scratch_english", "b": "continual_local"})).tolist()
    [0.0, 1.0]
    """
    found = strategy.isin(LOCAL_STAGES).astype(float)
    return found if found.nunique() > 1 else None


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


def free(
    score: pd.Series, budgets: Budgets, how: Resampling, side: str, stage: pd.Series | None = None
) -> Estimates:
    """Least squares of a score on log10 parameters and log10 tokens of one side, each with a slope
    of its own, and, where given, on a stage.

    Returns
    -------
    Estimates by parameters, tokens and difference (the first less the second, zero where compute
    alone counts), per decade, and stage (points of score), with draws_low and draws_high.

    Raises
    ------
    ScalingError
        Fewer than five models have a budget.

    >>> from lib.stats import example
    >>> scores, how = example.scores(), example.resampling()
    >>> found = free(scores["exam-xx"], example.budgets(), how, "english")
    >>> list(found)
    ['parameters', 'tokens', 'difference']
    """
    models, logs = _logs({side: budgets.compute(side)}, score)
    if len(models) < 5:
        raise ScalingError(f"at least 5 models with a budget are needed, found {len(models)}")
    parameters = np.log10(budgets.parameters.loc[models].to_numpy(float))[:, None]
    parts = [np.broadcast_to(parameters, logs[side].shape), logs[side] - parameters]
    if stage is not None:
        parts.append(np.broadcast_to(stage.loc[models].to_numpy(float)[:, None], parts[0].shape))
    x = np.stack(parts, axis=-1).swapaxes(0, 1)
    y = score.loc[models].to_numpy(float)

    def slopes(weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
        found = slope_moments(weights, y, x[draws])
        return np.column_stack([found[:, :2], found[:, 0] - found[:, 1], found[:, 2:]])

    names = ["parameters", "tokens", "difference"] + ["stage"] * (stage is not None)
    return over_draws(how.of(models), slopes, len(x), names, "parameters and tokens apart")


def slope_moments(weights: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Weighted slopes of y (n) on the columns of each x (r x n x k), array (r x k); NaN where they
    cannot be told apart.

    >>> x = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])
    >>> slope_moments(np.ones((1, 4)), x[0] @ [2.0, 1.0], x).round(6).tolist()
    [[2.0, 1.0]]
    """
    share = weights / weights.sum(axis=1, keepdims=True)
    dx = x - np.einsum("rn,rnk->rk", share, x)[:, None]
    dy = y - (share @ y)[:, None]
    gram = np.swapaxes(dx * share[:, :, None], 1, 2) @ dx
    apart = np.linalg.eigvalsh(gram)[:, 0] > 1e-6
    gram = np.where(apart[:, None, None], gram, np.eye(x.shape[2]))
    found = np.linalg.solve(gram, np.einsum("rn,rnk,rn->rk", share, dx, dy)[:, :, None])
    return np.where(apart[:, None], found[:, :, 0], np.nan)


def errors(
    score: pd.Series,
    budgets: Budgets,
    how: Resampling,
    *,
    draws: int = 200,
    stage: pd.Series | None = None,
) -> Estimates:
    """How well each rival law predicts lineages it has not seen.

    Every lineage (group of `how`) in turn is left out, each law is fitted to the rest and predicts
    it.  The laws are `LINES`, least squares on log10 of what they know, and `SIGMOIDS`, least
    squares over a grid of turning points and widths.

    Parameters
    ----------
    stage : Series, model -> whether it was trained on local text (see `local_stage`); without it
        the laws that know of it are left out.

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
    models, known = _known(score, budgets, draws, stage)
    labels = how.groups.loc[models].to_numpy()
    if len(set(labels)) < 3:
        raise ScalingError(f"at least 3 lineages with budgets are needed, found {len(set(labels))}")
    y = score.loc[models].to_numpy(float)
    found = {law: _left_out(y, x, labels) for law, x in _designs(known).items()}
    found |= {law: _left_out_sigmoid(y, known[side], labels) for law, side in SIGMOIDS.items()}
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


@dataclasses.dataclass(frozen=True)
class Panel:
    """Models of one panel: their scores on an ability, budgets, and which had a local stage.

    >>> from lib.stats import example
    >>> panel = Panel(example.scores()[["exam-xx"]], example.budgets())
    >>> panel.stage is None
    True
    """

    scores: pd.DataFrame
    budgets: Budgets
    stage: pd.Series | None = None


def predicted(
    component: str, law: str, first: Panel, other: Panel, *, draws: int = 200
) -> pd.Series:
    """Scores that a law, fitted to all models of one panel, gives those of another: median over
    draws, model -> score.

    >>> from lib.stats import example
    >>> panel = Panel(example.scores()[["exam-xx"]], example.budgets())
    >>> predicted("exam-xx", "mean-alone", panel, panel).nunique()
    1
    """
    models, found = _predictions(component, first, other, draws)[1:3]
    return pd.Series(np.median(found[law], axis=0), models)


def out_of_sample(
    component: str, first: Panel, other: Panel, how: Resampling, *, versus: str, draws: int = 200
) -> Estimates:
    """How well each law of `LINES`, fitted to one panel and not touched again, predicts another.

    Parameters
    ----------
    how : resamples the lineages of the other panel; the fitted laws stay as they are.
    versus : a law that the others are compared with.

    Returns
    -------
    Estimates by `error/<law>` (root mean square error in standard deviations of the first panel's
    score) and, for what they are compared with, `gain/<law>` (error of the first panel's mean less
    the law's) and `lead/<law>` (error of `versus` less the law's), with draws_low and draws_high.

    >>> from lib.stats import example
    >>> panel = Panel(example.scores()[["exam-xx"]], example.budgets())
    >>> plan = {"how": example.resampling(), "versus": "total-compute"}
    >>> found = out_of_sample("exam-xx", panel, panel, **plan)
    >>> bool(found["gain/english-compute"].value > 0), "lead/total-compute" in found
    (True, False)
    """
    y, models, foreseen, spread = _predictions(component, first, other, draws)
    laws = list(foreseen)
    squared = np.stack([((y - values) / spread) ** 2 for values in foreseen.values()])
    count = squared.shape[1]

    def statistic(weights: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        share = weights / weights.sum(axis=1, keepdims=True)
        error = np.sqrt(np.einsum("rn,lrn->rl", share, squared[:, numbers]))
        mean, own = (error[:, [laws.index(law)]] for law in ("mean-alone", versus))
        return np.concatenate([error, mean - error, own - error], axis=1)

    names = [f"{what}/{law}" for what in ("error", "gain", "lead") for law in laws]
    itself = {"gain/mean-alone", "lead/mean-alone", f"lead/{versus}"}
    method = "root mean square error on another panel"
    found = over_draws(how.of(models), statistic, count, names, method)
    return found.without(itself)


def _predictions(component: str, first: Panel, other: Panel, draws: int):
    """Of the other panel: scores, models and each law's predictions (draws x models); of the first:
    the deviation of its scores."""
    staged = first.stage is not None and other.stage is not None
    sides = [
        (panel.scores[component], panel.budgets, draws, panel.stage if staged else None)
        for panel in (first, other)
    ]
    (here, known), (there, unseen) = (_known(*side) for side in sides)
    y = first.scores.loc[here, component].to_numpy(float)
    designs, others = _designs(known), _designs(unseen)
    count = known["total"].shape[1]
    found = {}
    for law, x in designs.items():
        design, target = (
            np.broadcast_to(
                np.concatenate([np.ones((*z.shape[:2], 1)), z], axis=2).swapaxes(0, 1),
                (count, z.shape[0], z.shape[2] + 1),
            )
            for z in (x, others[law])
        )
        found[law] = (target @ (np.linalg.pinv(design) @ y)[:, :, None])[:, :, 0]
    return other.scores.loc[there, component].to_numpy(float), there, found, y.std()


def _known(
    score: pd.Series, budgets: Budgets, draws: int, stage: pd.Series | None
) -> tuple[pd.Index, dict[str, np.ndarray]]:
    """Models with every budget, and what laws know of them: name -> (n x draws)."""
    models, known = _logs(
        {side: budgets.compute(side).iloc[:, :draws] for side in (*SIDES, "total")}, score
    )
    known["parameters"] = np.log10(budgets.parameters.loc[models].to_numpy(float))[:, None]
    for side in SIDES:
        known[f"{side}-tokens"] = known[side] - known["parameters"]
    if stage is not None and stage.loc[models].nunique() > 1:
        known["stage"] = stage.loc[models].to_numpy(float)[:, None]
    return models, known


def _designs(known: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Law -> what it knows (n x draws x k), for the laws all of whose parts are known."""
    nothing = np.empty((len(known["total"]), 1, 0))
    return {
        law: np.stack(np.broadcast_arrays(*(known[key] for key in keys)), axis=-1)
        if keys
        else nothing
        for law, keys in LINES.items()
        if all(key in known for key in keys)
    }


def joint_table(scores: pd.DataFrame, budgets: Budgets, how: Resampling) -> Estimates:
    """`joint` for every component: subjects `PC1/slope-english`, ...

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> list(joint_table(scores, example.budgets(), example.resampling()))[:2]
    ['exam-xx/slope-english', 'exam-xx/slope-local']
    """
    return _table({name: joint(scores[name], budgets, how) for name in scores.columns})


def free_table(
    scores: pd.DataFrame,
    budgets: Budgets,
    how: Resampling,
    sides: Mapping[str, str],
    stage: pd.Series | None = None,
) -> Estimates:
    """`free` for each component and its own side: subjects `PC2/parameters`, ...

    >>> from lib.stats import example
    >>> scores, sides = example.scores(), {"exam-xx": "english"}
    >>> list(free_table(scores, example.budgets(), example.resampling(), sides))
    ['exam-xx/parameters', 'exam-xx/tokens', 'exam-xx/difference']
    """
    return _table({k: free(scores[k], budgets, how, side, stage) for k, side in sides.items()})


def out_of_sample_table(
    first: Panel, other: Panel, how: Resampling, versus: Mapping[str, str], *, draws: int = 200
) -> Estimates:
    """`out_of_sample` for each component and the law it is compared with: subjects
    `PC2/error/local-compute`, ...

    >>> from lib.stats import example
    >>> panel = Panel(example.scores()[["exam-xx"]], example.budgets())
    >>> versus = {"exam-xx": "english-compute"}
    >>> list(out_of_sample_table(panel, panel, example.resampling(), versus))[0]
    'exam-xx/error/mean-alone'
    """
    return _table(
        {
            k: out_of_sample(k, first, other, how, versus=law, draws=draws)
            for k, law in versus.items()
        }
    )


def error_table(
    scores: pd.DataFrame,
    budgets: Budgets,
    how: Resampling,
    *,
    draws: int = 200,
    stage: pd.Series | None = None,
) -> Estimates:
    """`errors` for every component: subjects `PC1/english-compute`, ...

    >>> from lib.stats import example
    >>> scores = example.scores()[["exam-xx"]]
    >>> list(error_table(scores, example.budgets(), example.resampling()))[:2]
    ['exam-xx/mean-alone', 'exam-xx/parameters']
    """
    return _table(
        {
            name: errors(scores[name], budgets, how, draws=draws, stage=stage)
            for name in scores.columns
        }
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


def outcome(table: Estimates, what: str) -> Estimates:
    """Of an `out_of_sample_table` the errors, gains or leads, by `PC2/local-compute`.

    >>> frame = pd.DataFrame({"value": [0.9]}, index=["PC2/error/local-compute"])
    >>> str(outcome(Estimates(frame), "error"))
    'PC2/local-compute 0.90'
    """
    part = f"/{what}/"
    found = [each for each in table if part in each]
    return table.of(found).renamed({each: each.replace(part, "/") for each in found})


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
