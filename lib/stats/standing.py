"""Which components are real, which shaky, which noise?  The checks of `components` and `rotation`, read by one rule.

A component is *real* where parallel analysis keeps it against both kinds of noise and it comes out again: the interval
of its congruence over resampled lineages and its worst congruence without one lineage lie above `SAME`.  It is *noise*
where neither kind of noise leaves it standing and it does not come out again.  In between it is *shaky*.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.stats import components, rotation
from lib.stats.components import Abilities
from lib.stats.estimates import LEVEL, Estimate
from lib.stats.resampling import percentiles
from lib.stats.tables import TableError

#: Tucker's congruence from which two components count as fairly alike (Lorenzo-Seva and ten Berge 2006).
SAME = 0.85
STATUSES = ("real", "shaky", "noise")
#: The checks in the order to show; the first three decide.
CHECKS = ("noise", "lineages", "without-lineage", "without-benchmark", "varimax", "oblimin", "scikit-learn", "statsmodels")


def checks(scores: pd.DataFrame, lineages: pd.Series, fitted: Abilities, kinds: Mapping[str, pd.DataFrame],
           congruence: pd.DataFrame, *, same: float = SAME, level: float = LEVEL) -> pd.DataFrame:
    """Every check of the components in `congruence`, as far as the table of scores allows it.

    Parameters
    ----------
    kinds : kind of noise -> table of `components.parallel`.
    congruence : DataFrame, replicates x PCs, as in `components.Stability`.
    same : congruence above which a check is passed.

    Returns
    -------
    DataFrame with rows (check, component): value, low, high, passed.  The check `noise` is the eigenvalue over the
    highest threshold, passed where every kind retains it (`some`: whether any does); `lineages` is the median
    congruence over replicates with its interval, passed where the interval lies above `same`; `without-lineage` and
    `without-benchmark` are the smallest congruences; the others are congruences with rotated components (those
    retained, two at least) and with factors.
    """
    shown = list(congruence.columns)
    threshold = pd.concat([table["threshold"] for table in kinds.values()], axis=1).max(axis=1)
    kept = pd.concat([table["retained"] for table in kinds.values()], axis=1).loc[shown]
    low, high = percentiles(congruence.to_numpy(), lineages.loc[fitted.scores.index].nunique(), level)
    parts = {"noise": pd.DataFrame({"value": (fitted.eigenvalues / threshold)[shown], "passed": kept.all(axis=1),
                                    "some": kept.any(axis=1)}),
             "lineages": pd.DataFrame({"value": congruence.median(), "low": low, "high": high, "passed": low > same})}
    alike = {"without-lineage": left_out(scores, lineages, fitted, len(shown)),
             "without-benchmark": left_out(scores, None, fitted, len(shown))}
    alike = {check: table.min() for check, table in alike.items()}
    retained = int(next(iter(kinds.values()))["retained"].sum())
    for check, table in (rotations(fitted, min(retained, len(shown))) | models(scores, fitted, len(shown))).items():
        alike[check] = components.congruence(fitted.loadings[table.columns], table).pipe(_diagonal)
    for check, values in alike.items():
        parts[check] = pd.DataFrame({"value": values, "passed": values > same}).dropna(subset="value")
    table = pd.concat(parts, names=["check", "component"]).reindex(columns=["value", "low", "high", "passed", "some"])
    return table.astype({"passed": bool})


def status(table: pd.DataFrame) -> pd.Series:
    """Component -> real, shaky or noise, from the first three of `checks`."""
    def of(component) -> str:
        here = table.xs(component, level="component")
        stands, again = here.loc["noise"], bool(here.loc[here.index.intersection(CHECKS[1:3]), "passed"].all())
        if stands["passed"] and again and "without-lineage" in here.index:
            return "real"
        return "noise" if not stands["some"] and not again else "shaky"
    components = dict.fromkeys(table.index.get_level_values("component"))
    return pd.Series({component: of(component) for component in components}, name="status", dtype=object)


def why(table: pd.DataFrame, component, same: float = SAME) -> str:
    """One sentence that says which of the deciding checks a component passes and which it does not."""
    here = table.xs(component, level="component")
    said = {"noise": "stands above noise" if here.at["noise", "passed"] else "stands above one kind of noise only"
            if here.at["noise", "some"] else "does not stand above noise"}
    if "lineages" in here.index:
        row = here.loc["lineages"]
        said["lineages"] = (f"its congruence over resampled lineages, {Estimate.of(row)}, "
                            f"{'stays above' if row['passed'] else 'reaches below'} {same:g}")
    if "without-lineage" in here.index:
        row = here.loc["without-lineage"]
        said["without-lineage"] = f"without any one lineage it is at least {row['value']:.2f}"
    return f"{component} {said.pop('noise')}; {'; '.join(said.values())}."


def left_out(scores: pd.DataFrame, lineages: pd.Series | None, fitted: Abilities, components: int) -> pd.DataFrame:
    """`rotation.without_each` where it leaves enough to find the components in, an empty table where it does not."""
    if lineages is None:
        left = len(fitted.loadings) - 1
    else:
        left = len(fitted.scores) - lineages.loc[fitted.scores.index].value_counts().max() - 1
    if left >= components:
        with contextlib.suppress(TableError):  # a benchmark that does not vary without one lineage
            return rotation.without_each(scores, lineages, fitted, components)
    return pd.DataFrame(columns=fitted.loadings.columns[:components], dtype=float)


def rotations(fitted: Abilities, retained: int) -> dict[str, pd.DataFrame]:
    """Rotated loadings by method; none with fewer than two components."""
    return {method: rotation.rotated(fitted, retained, method) for method in rotation.ROTATIONS} if retained > 1 else {}


def most_factors(benchmarks: int) -> int:
    """How many factors so many benchmarks can tell apart at most (Ledermann 1937)."""
    return int(np.floor((2 * benchmarks + 1 - np.sqrt(8 * benchmarks + 1)) / 2))


def factors(scores: pd.DataFrame, fitted: Abilities, count: int) -> dict[str, rotation.Factors]:
    """`rotation.factors` with at most as many factors as the benchmarks can tell apart; none for too few benchmarks."""
    count = min(count, most_factors(len(fitted.loadings)))
    return rotation.factors(scores, fitted, count) if count else {}


def models(scores: pd.DataFrame, fitted: Abilities, count: int) -> dict[str, pd.DataFrame]:
    """Factor loadings by library."""
    return {library: found.loadings for library, found in factors(scores, fitted, count).items()}


def _diagonal(table: pd.DataFrame) -> pd.Series:
    return pd.Series(np.diag(table).astype(float), index=table.index)
