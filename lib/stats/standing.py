"""Which components are real, which shaky, weak or noise?  The checks of `components`, `retention`
and `rotation`, read by one rule.

A component is *real* where parallel analysis keeps it against both kinds of noise and it comes out
again: the interval of its congruence over resampled lineages and its worst congruence without one
lineage lie above `SAME`.  Where neither kind of noise leaves it standing and it does not come out
again, it is *weak* if it is stronger than what the components before it leave, and *noise* if not.
In between real and weak it is *shaky*.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.stats import components, rotation
from lib.stats.components import Abilities
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import TableError
from lib.stats.verdicts import Verdict, too_few
from lib.words import Subjects

#: Tucker's congruence from which two components count as fairly alike (Lorenzo-Seva and ten Berge
#: 2006).
SAME = 0.85
STATUSES = ("real", "shaky", "weak", "noise")
#: The checks in the order to show and the subject that each has; the first four decide.
CHECKS = {
    "noise": "noise/{}",
    "conditional": "conditional/{}",
    "lineages": "congruence/{}",
    "without-lineage": "without-lineage/{}",
    "without-benchmark": "without-benchmark/{}",
    "varimax": "rotation/{}@varimax",
    "oblimin": "rotation/{}@oblimin",
    "scikit-learn": "factors/{}@scikit-learn",
    "statsmodels": "factors/{}@statsmodels",
}
DECIDE = tuple(CHECKS)[:4]
#: Of these, the ones that ask whether a component comes out again.
AGAIN = DECIDE[2:]


def checks(
    scores: pd.DataFrame,
    how: Resampling,
    fitted: Abilities,
    kinds: Mapping[str, pd.DataFrame],
    congruence: pd.DataFrame,
    *,
    same: float = SAME,
    left: pd.DataFrame | None = None,
    partials: Estimates | None = None,
) -> Estimates:
    """Every check of the components in `congruence`, as far as the table of scores allows it.

    Parameters
    ----------
    how : whose groups are the lineages.
    kinds : kind of noise -> table of `components.parallel`.
    congruence : DataFrame, replicates x PCs, as in `components.Stability`.
    same : congruence above which a check is passed.
    left, partials : what `retention.conditional` and `retention.squared_partials` give; without
        them nothing is *weak*.

    Returns
    -------
    Estimates by `CHECKS`' subjects (`congruence/PC1`), with columns check, component, passed.  The
    check `noise` is the eigenvalue over the highest threshold, passed where every kind retains it
    (`some`: whether any does); `conditional` the eigenvalue over what the components before it
    leave, passed where that and the MAP test retain it; `lineages` is the median congruence over
    replicates with its interval, passed where the interval lies above `same`; `without-lineage` and
    `without-benchmark` are the smallest congruences; the others are congruences with rotated
    components (those retained, two at least) and with factors.

    >>> from lib.stats import example
    >>> scores, how = example.scores(), example.resampling()
    >>> fitted = components.fit(scores)
    >>> noise = {"normal": components.parallel(scores, seed=1, draws=100)}
    >>> congruence = components.stability(scores, how, components=1).congruence
    >>> checks(scores, how, fitted, noise, congruence).frame["passed"].head(2).to_dict()
    {'noise/PC1': True, 'congruence/PC1': True}
    """
    shown = list(congruence.columns)
    groups = how.groups.loc[fitted.scores.index]
    threshold = pd.concat([table["threshold"] for table in kinds.values()], axis=1).max(axis=1)
    kept = pd.concat([table["retained"] for table in kinds.values()], axis=1).loc[shown]
    plan = how.of(fitted.scores.index)
    low, high = plan.ends(congruence.to_numpy())
    middle = plan.middle(congruence.to_numpy())
    again = {"value": middle, "low": low, "high": high, "passed": low > same}
    parts = {
        "noise": pd.DataFrame(
            {
                "value": (fitted.eigenvalues / threshold)[shown],
                "passed": kept.all(axis=1),
                "some": kept.any(axis=1),
            }
        ),
        "lineages": pd.DataFrame(again, index=congruence.columns),
    }
    if left is not None and partials is not None:
        parts["conditional"] = _conditional(left.loc[left.index.intersection(shown)], partials)
    for check, values in _alike(scores, groups, fitted, kinds, shown).items():
        parts[check] = pd.DataFrame({"value": values, "passed": values > same}).dropna(
            subset="value"
        )
    rests_on = {
        "level": how.level,
        "n": len(groups),
        "groups": groups.nunique(),
        "units": how.units,
    }
    return _gathered(parts, rests_on)


def _conditional(left: pd.DataFrame, partials: Estimates) -> pd.DataFrame:
    among = np.arange(1, len(left) + 1) <= partials.frame["kept"].iloc[0]
    over = left["eigenvalue"] / left["threshold"]
    return pd.DataFrame({"value": over, "passed": left["retained"] & among})


def _alike(scores, groups, fitted: Abilities, kinds, shown: list) -> dict[str, pd.Series]:
    """Check -> congruence of each component with the one found another way."""
    found = {
        "without-lineage": left_out(scores, groups, fitted, len(shown)).min(),
        "without-benchmark": left_out(scores, None, fitted, len(shown)).min(),
    }
    retained = int(next(iter(kinds.values()))["retained"].sum())
    turned = rotations(fitted, min(retained, len(shown)))
    for check, table in (turned | models(scores, fitted, len(shown))).items():
        found[check] = components.congruence(fitted.loadings[table.columns], table).pipe(_diagonal)
    return found


def _gathered(parts: Mapping[str, pd.DataFrame], rests_on: Mapping) -> Estimates:
    table = pd.concat(parts, names=["check", "component"]).reset_index()
    table.index = [
        CHECKS[check].format(k) for check, k in zip(table["check"], table["component"], strict=True)
    ]
    methods = {
        "noise": "eigenvalue over that of unrelated benchmarks",
        "conditional": "eigenvalue over what the components before leave",
    }
    method = [methods.get(check, "Tucker's congruence") for check in table["check"]]
    return Estimates(table.assign(**rests_on, method=method).astype({"passed": bool}))


def status(table: Estimates) -> pd.Series:
    """Component -> real, shaky, weak or noise, from the first four of `checks`.

    >>> rows = [("noise", "PC1", True, True), ("lineages", "PC1", True, None)]
    >>> rows += [("without-lineage", "PC1", True, None)]
    >>> frame = pd.DataFrame(rows, columns=["check", "component", "passed", "some"])
    >>> status(Estimates(frame)).to_dict()
    {'PC1': 'real'}
    """

    def of(component) -> str:
        here = table.frame[table.frame["component"] == component].set_index("check")
        stands, again = (
            here.loc["noise"],
            bool(here.loc[here.index.intersection(AGAIN), "passed"].all()),
        )
        if stands["passed"] and again and "without-lineage" in here.index:
            return "real"
        if stands["some"] or again:
            return "shaky"
        left = "conditional" in here.index and here.loc["conditional", "passed"]
        return "weak" if left else "noise"

    components = dict.fromkeys(table.frame["component"])
    return pd.Series(
        {component: of(component) for component in components}, name="status", dtype=object
    )


def several(found: pd.Series, lineages: int | None = None) -> Verdict:
    """Is there more than one?  Yes where two or more of `status` are real, no where at most one is
    more than noise; open where so few `lineages` settle nothing.

    >>> [several(pd.Series(["real", each])).answer.value for each in ("real", "shaky", "noise")]
    ['yes', 'open', 'no']
    >>> str(several(pd.Series(["real", "real"]), lineages=5))
    'undecided'
    """
    if too_few(lineages=lineages):
        return Verdict.UNDECIDED
    if (found == "real").sum() > 1:
        return Verdict.SUPPORTED
    return Verdict.UNDECIDED if (found != "noise").sum() > 1 else Verdict.CONTRADICTED


def sorted_out(found: pd.Series) -> dict[str, Subjects]:
    """Status -> the components that have it.

    >>> found = sorted_out(pd.Series({"PC1": "real", "PC2": "shaky"}))
    >>> str(found["real"]), str(found["noise"])
    ('PC1', 'none')
    """
    return {word: Subjects(found.index[found == word]) for word in STATUSES}


def least(table: Estimates, *names: str) -> Estimates:
    """For each component the smallest value among some of the `checks`; empty where none of them
    was made.

    >>> frame = pd.DataFrame({"value": [0.9, 0.8], "check": ["varimax", "oblimin"]})
    >>> frame["component"] = "PC1"
    >>> str(least(Estimates(frame), "varimax", "oblimin"))
    'PC1 0.80'
    """
    some = table.where(table.frame["check"].isin(names)).sorted(ascending=True).frame
    return Estimates(
        some.drop_duplicates("component").set_index("component").sort_index(kind="stable")
    )


def again(
    congruence: pd.DataFrame, same: float = SAME, chances: np.ndarray | None = None
) -> Estimates:
    """The share of replicates in which each component comes out fairly alike.

    Parameters
    ----------
    chances : how likely each replicate is, where they are not all alike.

    >>> str(again(pd.DataFrame({"PC1": [0.99, 0.9, 0.8, 0.95]})))
    'PC1 0.75'
    """
    share = np.average(congruence >= same, axis=0, weights=chances)
    found = pd.Series(share, congruence.columns).where(congruence.notna().any())
    return Estimates(found.to_frame("value"))


def retained_without(scores: pd.DataFrame, lineages: pd.Series, seed: int) -> pd.Series:
    """How many components stand above noise without each lineage (lineage -> number), where enough
    is left to say.

    >>> from lib.stats import example
    >>> retained_without(example.scores(), example.lineages(), seed=1).to_dict()
    {'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1}
    """
    counts = {}
    for lineage in lineages.unique():
        with contextlib.suppress(TableError):
            counts[lineage] = int(
                components.parallel(scores[lineages != lineage], seed)["retained"].sum()
            )
    return pd.Series(counts, dtype=int)


def left_out(
    scores: pd.DataFrame, lineages: pd.Series | None, fitted: Abilities, components: int
) -> pd.DataFrame:
    """`rotation.without_each` where it leaves enough to find the components in, an empty table
    where it does not.

    >>> from lib.stats import example
    >>> scores, how = example.scores(), example.resampling()
    >>> fitted = components.fit(scores)
    >>> left_out(scores, None, fitted, 1)["PC1"].gt(SAME).all().item()
    True
    """
    if lineages is None:
        left = len(fitted.loadings) - 1
    else:
        left = len(fitted.scores) - lineages.loc[fitted.scores.index].value_counts().max() - 1
    if left >= components:
        with contextlib.suppress(TableError):  # a benchmark that does not vary without one lineage
            return rotation.without_each(scores, lineages, fitted, components)
    return pd.DataFrame(columns=fitted.loadings.columns[:components], dtype=float)


def rotations(fitted: Abilities, retained: int) -> dict[str, pd.DataFrame]:
    """Rotated loadings by method; none with fewer than two components.

    >>> from lib.stats import example
    >>> rotations(components.fit(example.scores()), 1)
    {}
    """
    return (
        {method: rotation.rotated(fitted, retained, method) for method in rotation.ROTATIONS}
        if retained > 1
        else {}
    )


def most_factors(benchmarks: int) -> int:
    """How many factors so many benchmarks can tell apart at most (Ledermann 1937).

    >>> [most_factors(benchmarks) for benchmarks in (2, 3, 6, 20)]
    [0, 1, 3, 14]
    """
    return int(np.floor((2 * benchmarks + 1 - np.sqrt(8 * benchmarks + 1)) / 2))


def factors(scores: pd.DataFrame, fitted: Abilities, count: int) -> dict[str, rotation.Factors]:
    """`rotation.factors` with at most as many factors as the benchmarks can tell apart; none for
    too few benchmarks.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> list(factors(scores, components.fit(scores), 2))
    ['scikit-learn', 'statsmodels']
    """
    count = min(count, most_factors(len(fitted.loadings)))
    return rotation.factors(scores, fitted, count) if count else {}


def models(scores: pd.DataFrame, fitted: Abilities, count: int) -> dict[str, pd.DataFrame]:
    """Factor loadings by library.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> found = models(scores, components.fit(scores), 1)
    >>> {library: table.shape for library, table in found.items()}
    {'scikit-learn': (5, 1), 'statsmodels': (5, 1)}
    """
    return {library: found.loadings for library, found in factors(scores, fitted, count).items()}


def improper(scores: pd.DataFrame, fitted: Abilities, count: int) -> Subjects:
    """Benchmarks that `count` factors of either library explain all but whole (Heywood cases), each
    once.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> str(improper(scores, components.fit(scores), 1))
    'none'
    """
    found = factors(scores, fitted, count).values()
    return Subjects(dict.fromkeys(benchmark for each in found for benchmark in each.improper))


def _diagonal(table: pd.DataFrame) -> pd.Series:
    return pd.Series(np.diag(table).astype(float), index=table.index)
