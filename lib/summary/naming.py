"""What is a component called?  Loadings of benchmarks in, a name in words out, so that another
study gets its own.

A name says which scores go together and no more: it is made by rule from the benchmarks that lead.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lib import words
from lib.stats.estimates import Estimates

GENERAL = "general ability"
#: What the forecasters of `stats.foresight` are called.
FORECASTERS = {
    "hierarchical-model": "by the hierarchical model",
    "as-the-parent": "as the parent",
    "parent-and-mean-change": "as the parent and the mean change",
    "at-equal-english": "by English and training",
    "as-the-average": "as the average",
    "as-those-trained-alike": "as those trained alike",
}
#: Share of benchmarks that must load in one direction on a general ability, and of the largest
#: loading that leads.
UNIFORM, LEADING = 0.75, 0.75


def component(loadings: pd.Series, benchmarks: pd.DataFrame, language: str) -> str:
    """The name of one component: general where nearly all benchmarks load in one direction, else
    after what leads it.

    Parameters
    ----------
    loadings : Series, benchmark -> loading.
    benchmarks : DataFrame by benchmark with ability and language ("local", "english").
    language : what the local language is called.

    >>> asked = pd.DataFrame({"ability": ["exams", "knowledge"], "language": "local"})
    >>> component(pd.Series([-0.2, 0.9]), asked, "Icelandic")
    'Icelandic knowledge'
    """
    if (loadings > 0).mean() > UNIFORM:
        return GENERAL
    leading = benchmarks.loc[loadings.index[loadings >= LEADING * loadings.max()]]
    sides = set(leading["language"])
    side = {"local": f"{language} ", "english": "English "}[sides.pop()] if len(sides) == 1 else ""
    return side + words.listed(dict.fromkeys(leading["ability"]))


def components(loadings: pd.DataFrame, study) -> pd.Series:
    """The name of each component, by `PCk`; `loadings` are benchmarks x components."""
    return pd.Series(
        {k: component(loadings[k], study.benchmarks, study.language) for k in loadings},
        dtype=object,
    )


def titles(names: pd.Series) -> dict[str, str]:
    """Component -> name with its number, which no two share.

    >>> titles(pd.Series({"PC1": "general ability"}))
    {'PC1': 'general ability (PC1)'}
    """
    return {component: f"{name} ({component})" for component, name in names.items()}


def titled(
    table: Estimates, titles: Mapping[str, str], parts: Mapping[str, str] | None = None
) -> Estimates:
    """Estimates by `PCk/part` under the names of their components, and of the parts where these are
    given.

    >>> from lib.stats.verdicts import Estimate
    >>> table = Estimates.from_rows({"PC1/local": Estimate(0.5)})
    >>> str(titled(table, {"PC1": "general ability (PC1)"}))
    'general ability (PC1) 0.50'
    """

    def name(subject: str) -> str:
        component, _, part = subject.partition("/")
        return f"{titles[component]}, {parts[part]}" if parts else titles[component]

    return table.renamed({subject: name(subject) for subject in table})


def forecasters(table: Estimates) -> Estimates:
    """Estimates by forecaster, alone or after what is foreseen, under the forecasters' names.

    >>> from lib.stats.verdicts import Estimate
    >>> rows = {"pairs@2024-12-30/as-the-parent": Estimate(0.5), "as-the-average": Estimate(0.4)}
    >>> str(forecasters(Estimates.from_rows(rows)))
    'pairs of 2024-12-30, as the parent 0.50; as the average 0.40'
    """

    def name(subject: str) -> str:
        what, slash, forecaster = subject.rpartition("/")
        called = FORECASTERS.get(forecaster, forecaster)
        kind, _, snapshot = what.partition("@")
        return f"{kind} of {snapshot}, {called}" if snapshot else f"{what}{slash}{called}"

    return table.renamed({subject: name(subject) for subject in table})


def own_budget(name: str, language: str) -> str:
    """The budget whose language a component is named after: english, local, or "" for neither.

    General ability counts as English, the language of most text that models are trained on.

    >>> [own_budget(name, "Thai") for name in ("general ability", "Thai knowledge", "code")]
    ['english', 'local', '']
    """
    if name == GENERAL or name.startswith("English "):
        return "english"
    return "local" if name.startswith(f"{language} ") else ""
