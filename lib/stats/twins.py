"""Does a task need local text?  A translated benchmark against its original, within one pair.

A task and its translation ask the same in two languages.  Continuing on local text changes
both: what changes alike is what the recipe does to the skill, and what the translation gains beyond
is what the text does for the language.  So a loss on a translated task says nothing of whether the
task needs local text; that needs the *difference* to be about nothing, as far as its whole interval
(equivalence; Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:6).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from lib.stats.effects import NOTHING
from lib.stats.estimates import PAIR, Estimates
from lib.stats.verdicts import verdict, weakest


def gains(
    difference: pd.DataFrame, twins: Iterable[str], scale: pd.Series | None = None
) -> pd.DataFrame:
    """How much more the second of each `A~B` changed than the first, pairs x twins.

    Parameters
    ----------
    difference : DataFrame, pairs x benchmarks, raw.
    twins : `original~translation`; those of which the table lacks one are left out.
    scale : Series, benchmark -> standard deviation.  Where given, the gain is in standard
        deviations of the twins (the root of their mean variance), one scale for both, so that what
        changes alike drops out.

    >>> difference = pd.DataFrame({"en": [0.1, 0.2], "ja": [0.3, 0.1]})
    >>> gains(difference, ["en~ja", "en~gone"])["en~ja"].round(1).tolist()
    [0.2, -0.1]
    """
    found = {}
    for twin in twins:
        one, other = twin.split(PAIR)
        if one in difference and other in difference:
            unit = 1.0 if scale is None else ((scale[one] ** 2 + scale[other] ** 2) / 2) ** 0.5
            found[twin] = (difference[other] - difference[one]) / unit
    return pd.DataFrame(found, index=difference.index)


def equivalent(table: Estimates, within: float = NOTHING) -> Estimates:
    """The same, judged by whether a number is practically zero.

    *supported* where the whole interval lies within `within` either side of zero, *contradicted*
    where all of it lies beyond on one side, *undecided* in between: an interval that merely holds
    zero supports nothing.  Both ends travel with the verdict as its thresholds (above and below).

    >>> from lib.stats.verdicts import Estimate
    >>> ends = {"a": (-0.1, 0.15), "b": (-0.1, 0.4), "c": (0.3, 0.6)}
    >>> table = Estimates.from_rows({name: Estimate(sum(e) / 2, *e) for name, e in ends.items()})
    >>> [str(each) for each in equivalent(table).verdicts]
    ['supported', 'undecided', 'contradicted']
    """
    found = [
        weakest([verdict(each, above=-within), verdict(each, below=within)])
        for _, each in table.items()
    ]
    return Estimates(table.frame.assign(above=-within, below=within, verdict=found), table.draws)
