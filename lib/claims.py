"""What becomes of each claim of the source study?  Claims with tests fixed beforehand in, verdicts by rule out.

A claim names, for each panel of models, a test and its threshold; a test reads recorded results and nothing else.

    id: transfer-academic
    sentence: Knowledge of academic subjects carries over between languages.
    tests:
      source: {test: interval, result: "transfer/pearson/jmmlu~mmlu", above: 0.8}

Tests: `interval` (one result's interval against a threshold, or inside a range) and `each` (every one of several).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from lib import testable
from lib.resampling import Estimate, verdict

#: Panels of models, in the order of the board.
PANELS = ("source", "further", "pairs")
VERDICTS = ("supported", "undecided", "contradicted")
THRESHOLDS = ("above", "below", "within")


class ClaimError(ValueError):
    """A claim cannot be tested; the message lists every reason."""


def interval(estimate: Estimate, threshold: Mapping) -> str:
    """Verdict of one result: `above` or `below` a number, or `within` two (both ends of the interval must agree)."""
    if "within" in threshold:
        low, high = threshold["within"]
        return every([verdict(estimate, above=low), verdict(estimate, below=high)])
    return verdict(estimate, **threshold)


def every(verdicts: list[str]) -> str:
    """*supported* if all are, *contradicted* if any is, otherwise *undecided*."""
    if "contradicted" in verdicts:
        return "contradicted"
    return "supported" if set(verdicts) == {"supported"} else "undecided"


def _interval(test: Mapping, results: Mapping) -> tuple[str, list[str]]:
    return interval(Estimate.of(results[test["result"]]), _threshold(test)), [test["result"]]


def _each(test: Mapping, results: Mapping) -> tuple[str, list[str]]:
    threshold = _threshold(test)
    return every([interval(Estimate.of(results[name]), threshold) for name in test["results"]]), list(test["results"])


#: The tests that a claim may name: (test, results) -> verdict and the ids it rests on.
TESTS: dict[str, Callable] = {"interval": _interval, "each": _each}


def _threshold(test: Mapping) -> dict:
    return {key: test[key] for key in THRESHOLDS if key in test}


def board(claims: Sequence[Mapping], results: Mapping[str, Mapping]) -> pd.DataFrame:
    """Test every claim on every panel.

    Parameters
    ----------
    claims : dicts as in claims.yml (`Study.claims`).     results : id -> record.

    Returns
    -------
    DataFrame, one row a (claim, panel) that is tested: claim, group, panel, sentence, where, verdict, evidence (tuple of ids),
    threshold (in words).  A panel that a claim does not test has no row.

    Raises
    ------
    ClaimError
        Claims name results that nothing recorded; all are listed.
    """
    if wrong := testable.unrecorded(claims, results):
        raise ClaimError("\n".join(wrong))
    rows = []
    for claim in claims:
        for panel in (panel for panel in PANELS if panel in claim["tests"]):
            test = claim["tests"][panel]
            found, evidence = TESTS[test["test"]](test, results)
            rows.append({"claim": claim["id"], "group": claim.get("group"), "panel": panel, "sentence": claim["sentence"], "where": claim["where"],
                         "verdict": found, "evidence": tuple(evidence), "threshold": _words(test)})
    return pd.DataFrame(rows, columns=["claim", "group", "panel", "sentence", "where", "verdict", "evidence", "threshold"])


def _words(test: Mapping) -> str:
    (key, value), = _threshold(test).items()
    number = f"between {value[0]} and {value[1]}" if key == "within" else f"{key} {value}"
    return ("" if test["test"] == "interval" else "each ") + number.replace("-", "\N{MINUS SIGN}")
