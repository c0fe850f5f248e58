"""How were the thresholds set, and what would the verdicts be under the former ones?  A study's
history and its results in, a table for people out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from lib import words
from lib.stats.verdicts import Estimate, weakest
from lib.summary.claims import Region, judged_without_gain
from lib.words import Subjects

#: What was known when a choice was made, in words.
KNOWN = {
    "nothing": "before any result",
    "published": "after the source's numbers",
    "computed": "after this book's numbers",
}
COLUMNS = ["Question", "First", "Set", "Then", "Changed", "Verdict then", "Verdict now", "Why"]


def told(choices: Iterable[Mapping], results) -> pd.DataFrame:
    """A row a choice: both rules in words, when each was set and what was known, the verdicts under
    both on today's results, and the reason.

    A rule that no recorded result can be put to has no verdict.
    """
    rows = []
    for choice in choices:
        now = choice.get("now") or choice["was"]
        changed = choice.get("changed")
        rows.append(
            [
                choice["question"],
                choice["was"]["words"],
                f"{choice['first']}, {KNOWN[choice['first_known']]}",
                choice["now"]["words"] if changed else "unchanged",
                f"{changed}, {KNOWN[choice['changed_known']]}" if changed else words.NONE,
                said(choice["was"], results),
                said(now, results),
                choice["reason"],
            ]
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def blind(choices: Iterable[Mapping]) -> Subjects:
    """Questions whose rule was set before any result was seen, and never changed."""
    return Subjects(
        each["question"]
        for each in choices
        if each["first_known"] == "nothing" and "changed" not in each
    )


def changed_after_results(choices: Iterable[Mapping]) -> Subjects:
    """Questions whose rule was changed once the book had computed its numbers."""
    return Subjects(each["question"] for each in choices if each.get("changed_known") == "computed")


def said(rule: Mapping, results) -> str:
    """The verdicts of a rule, the same ones counted together: `2 supported, 1 undecided`."""
    names = rule.get("results") or []
    if not names or any(name not in results for name in names):
        return ""
    found = pd.Series([str(_verdict(rule, name, results)) for name in names]).value_counts()
    counts = [f"{count} {verdict}" for verdict, count in found.items()]
    return ", ".join(counts) if len(names) > 1 else str(found.index[0])


def moved(choices: Iterable[Mapping], results) -> pd.DataFrame:
    """Each number that has another verdict under the former rule: question, result, then, now."""
    rows = []
    for choice in choices:
        was, now = choice["was"], choice.get("now")
        both = [rule.get("results") or [] for rule in (was, now or was)]
        for before, after in zip(*both, strict=False):
            if before in results and after in results:
                pair = [
                    str(_verdict(rule, name, results))
                    for rule, name in ((was, before), (now or was, after))
                ]
                if pair[0] != pair[1]:
                    rows.append([choice["question"], after, *pair])
    return pd.DataFrame(rows, columns=["question", "result", "then", "now"])


def _verdict(rule: Mapping, name: str, results):
    estimate = results[name]
    if kind := rule.get("interval"):
        record = results.records[name]
        low, high = record.get(f"low_{kind}"), record.get(f"high_{kind}")
        estimate = Estimate(estimate.value, low, high)
    if "within" in rule:
        region = Region(*rule["within"])
        if rule.get("gain"):
            return judged_without_gain(region, estimate)
        return weakest([region.holds(estimate)])
    return Region(rule.get("above"), rule.get("below")).holds(estimate)
