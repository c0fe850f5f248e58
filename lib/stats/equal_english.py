"""What do models trained on local text score beyond others of equal English?  All models at once.

Each local benchmark, in standard deviations of its panel, is set against a smooth function of the
English composite and an indicator of training on local text:

    z_ib = f_panel(e_i) + beta_b trained_i + rest.

Finished models are compared, so beta is a difference at equal English and no effect of the text:
training on local text may itself lower English, and makers differ in more than their text.  Models
of one root, or of one maker, are no independent witnesses, so the interval leaves out each in turn.
Leaving out makers covers whichever of the two have something in common, leaving out lineages does
not where makers differ (simulated with the models of the Japanese study: 94 and 87 of a hundred).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.linalg import block_diag

from lib.stats import composite, jackknife
from lib.stats.estimates import PAIR, Estimates
from lib.stats.tables import standardised
from lib.stats.verdicts import LEVEL

#: Degrees of freedom of the smooth function, beside the constant.
FREEDOM = 3


def difference(
    panels: Mapping[str, pd.DataFrame],
    language: pd.Series,
    trained: pd.Series,
    groups: pd.Series,
    units: str = "lineages",
    freedom: int = FREEDOM,
    level: float = LEVEL,
) -> Estimates:
    """How much higher models trained on local text score at equal English, by local benchmark.

    Parameters
    ----------
    panels : name -> scores, models x benchmarks: tables that are standardised, and get a function
        of English, each by itself.  Benchmarks that any of the models lacks are left out.
    language : Series, benchmark -> "local" or "english".
    trained : Series, model -> whether it was trained on text in the local language.
    groups : Series, model -> what is left out in turn; `units` is what that is called.
    freedom : columns of the natural cubic spline; 1 is a straight line.

    Returns
    -------
    Estimates in standard deviations over the panel's models (ddof 0), by benchmark, with a
    jackknife interval over groups and an ordinary one over models; trained counts the models with
    the indicator.

    Raises
    ------
    TableError
        What `tables.checked` raises.
    ValueError
        No model, or every model, was trained on local text.

    >>> english, trained = np.arange(8.0), pd.Series([0, 1] * 4)
    >>> table = pd.DataFrame({"en": english, "know": english + 2 * trained})
    >>> side = pd.Series({"en": "english", "know": "local"})
    >>> found = difference({"all": table}, side, trained == 1, pd.Series(range(8)), freedom=1)
    >>> float(round(found["know"].value * table["know"].std(ddof=0), 6))
    2.0
    """
    whole = [set(table.columns[table.notna().all()]) for table in panels.values()]
    shared = [each for each in language.index if all(each in columns for columns in whole)]
    tables = [table[shared] for table in panels.values()]
    z = pd.concat([standardised(table) for table in tables])[
        [each for each in shared if language[each] == "local"]
    ]
    indicator = trained.loc[z.index].to_numpy(float)
    if indicator.min() == indicator.max():
        raise ValueError("training on local text does not differ between the models")
    english = [each for each in shared if language[each] == "english"]
    smooth = [spline(composite.mean(table, english).to_numpy(), freedom) for table in tables]
    design = np.column_stack([indicator, _blocks(smooth)])

    def coefficient(kept: np.ndarray) -> np.ndarray:
        return np.linalg.lstsq(design[kept], z.to_numpy()[kept], rcond=None)[0][0]

    frame = _intervals(coefficient, groups.loc[z.index], level)
    return Estimates(
        frame.set_axis(z.columns).assign(
            level=level,
            n=len(z),
            units=units,
            trained=int(indicator.sum()),
            method=f"difference at equal English, natural spline of {freedom} degrees, "
            f"jackknife over {units}",
        )
    )


def _intervals(coefficient, groups: pd.Series, level: float) -> pd.DataFrame:
    """Coefficients with the jackknife over groups, and over single models as the ordinary one."""
    ends = {}
    for suffix, labels in (("", groups.to_list()), ("_ordinary", range(len(groups)))):
        whole, without = jackknife.left_out(coefficient, labels)
        half = jackknife.half_width(jackknife.variance(whole, without), len(without), level)
        ends |= {f"low{suffix}": whole - half, f"high{suffix}": whole + half}
        ends.setdefault("groups", len(without))
    return pd.DataFrame({"value": whole, **ends})


def _blocks(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Designs below and beside each other, each with a constant, zero elsewhere."""
    columns = [np.column_stack([np.ones(len(part)), part]) for part in parts]
    return np.asarray(block_diag(*columns))


def spline(x: np.ndarray, freedom: int = FREEDOM, at: np.ndarray | None = None) -> np.ndarray:
    """Natural cubic spline basis without a constant, array (n x freedom), knots at quantiles of `x`
    (Hastie, Tibshirani and Friedman 2009, section 5.2.1): cubic between knots, straight beyond.
    The basis is of the values `at`, where they are given, else of `x` itself.

    >>> spline(np.array([0.0, 1.0, 2.0, 3.0]), 1).ravel().tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    at = x if at is None else at
    if freedom == 1:
        return at[:, None]
    knots = np.quantile(x, np.linspace(0, 1, freedom + 1))
    scale = (knots[-1] - knots[0]) ** 2

    def cubed(knot: float) -> np.ndarray:
        return np.clip(at - knot, 0, None) ** 3

    def bend(knot: float) -> np.ndarray:
        return (cubed(knot) - cubed(knots[-1])) / (knots[-1] - knot) / scale

    return np.column_stack([at, *(bend(knot) - bend(knots[-2]) for knot in knots[:-2])])


def mixture(
    scores: pd.DataFrame, groups: pd.Series, ones: Sequence[str], others: Sequence[str]
) -> pd.DataFrame:
    """`within` for every pair of one of `ones` with one of `others`.

    Returns DataFrame, pair `A~B` x all, within.

    >>> scores = pd.DataFrame({"a": [1, 2, 3, 11, 12, 13.0], "b": [11, 12, 13, 1, 2, 3.0]})
    >>> mixture(scores, pd.Series(list("xxxyyy")), ["a"], ["b"]).round(2).to_dict("index")
    {'a~b': {'all': -0.95, 'within': 1.0}}
    """
    pairs = {f"{one}{PAIR}{other}": (one, other) for one in ones for other in others}
    found = {name: within(scores, groups, *pair) for name, pair in pairs.items()}
    return pd.DataFrame.from_dict(found, orient="index", columns=["all", "within"])


def within(scores: pd.DataFrame, groups: pd.Series, one: str, other: str) -> pd.Series:
    """Correlation of two benchmarks over all models, and within groups: about each group's mean.

    A correlation over a mixture of training strategies mixes what goes together within each with
    how their means lie (Simpson 1951).

    Returns Series: all, within, and the correlation in each group of three models or more.

    >>> scores = pd.DataFrame({"a": [1, 2, 3, 11, 12, 13.0], "b": [11, 12, 13, 1, 2, 3.0]})
    >>> within(scores, pd.Series(list("xxxyyy")), "a", "b").round(2).to_dict()
    {'all': -0.95, 'within': 1.0, 'x': 1.0, 'y': 1.0}
    """
    table = scores[[one, other]].dropna()
    groups = groups.loc[table.index]
    centred = table - table.groupby(groups).transform("mean")
    found = {"all": table[one].corr(table[other]), "within": centred[one].corr(centred[other])}
    for name, part in table.groupby(groups, sort=False):
        if len(part) >= 3:
            found[name] = part[one].corr(part[other])
    return pd.Series(found)
