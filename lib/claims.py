"""What may a claim say?  The form of a claims.yml, and which recorded results a claim can name.

A claim rests on recorded numbers with intervals. Those are listed here once, by the form of their
ids, so that a misspelt id is told before anything is executed. Whether a result was really recorded
is known only afterwards: a study may lack the pairs or the budgets that it needs (`unrecorded`).
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from lib.reading.forms import Id, Line, Part, matching

# --- the form of claims.yml -----------------------------------------------------------------------

#: A result's id, of which a claim needs all three parts; `amiss` knows which there are.
Result = Annotated[
    str,
    matching(
        r"[a-z0-9_-]+/[A-Za-z0-9._-]+/[^\s/][^\s]*",
        "a result's id of three parts, such as transfer/pearson/a~b",
    ),
]
#: A threshold: a number, or the id of a judged result whose threshold it is.
Threshold = float | Result


class Test(Part):
    """How a claim is tested on one panel: recorded results, judged by their chapter or by a
    threshold (see `summary.claims`)."""

    test: Literal["verdict", "interval", "each", "no-gain"]
    result: Result | None = None
    results: Annotated[list[Result], Field(min_length=1)] | None = None
    above: Threshold | None = None
    below: Threshold | None = None
    within: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    opposite: bool | None = None

    @property
    def names(self) -> list[str]:
        """Ids of all that it reads: its results, and those whose thresholds it takes over."""
        named = [self.result] if self.result else self.results or []
        return named + [side for side in (self.above, self.below) if isinstance(side, str)]

    @model_validator(mode="after")
    def _whole(self) -> Test:
        if (self.result is None) == (self.test == "interval") or (self.results is None) != (
            self.test == "interval"
        ):
            raise ValueError("result with test interval, results with any other test")
        given = sum(threshold is not None for threshold in (self.above, self.below, self.within))
        if self.test in ("verdict", "no-gain") and given:
            raise ValueError(
                f"no threshold with test {self.test}: the chapter that recorded the result has it"
            )
        if self.test in ("interval", "each") and given != 1:
            raise ValueError("exactly one of above, below, within")
        if self.opposite is not None and self.test != "verdict":
            raise ValueError("opposite with test verdict only")
        return self


class Claim(Part):
    """A claim of the study that is reproduced: in our words, and in few of them, where it is made,
    which question of the conclusions it belongs to, how each panel of models tests it, and what to
    know of these tests (note).
    """

    id: Id
    sentence: Line
    short: Line | None = None
    where: Line
    note: Line | None = None
    group: Literal["carries", "needs", "factors", "scales"] | None = None
    tests: Annotated[dict[Literal["source", "further", "pairs"], Test], Field(min_length=1)]


class Claims(Part):
    """A whole claims.yml."""

    claims: list[Claim]

    @model_validator(mode="after")
    def _once(self) -> Claims:
        often = Counter(claim.id for claim in self.claims)
        again = sorted(each for each in often if often[each] > 1)
        if again:
            raise ValueError(f"each id once ({', '.join(again)} is there again)")
        return self


# --- the results that it can name -----------------------------------------------------------------

#: What the chapters record with an interval. Words in <> stand for what a study has, see `PARTS`.
RESULTS = (
    "transfer/pearson/<pair>",
    "transfer/spearman/<pair>",
    "transfer/partial/<pair>",
    "transfer/partial-two/<pair>",
    "transfer/english/<benchmark>",
    "transfer/english-mean/translated",
    "transfer/english-mean/untranslated",
    "transfer/contrast/<pair>@<pair>",
    "transfer/carries/<pair>",
    "transfer/steady/<pair>",
    "replication/pearson/<pair>",
    "replication/pearson-later/<pair>",
    "replication/pearson-new-lineages/<pair>",
    "replication/pearson-<snapshot>/<pair>",
    "replication/congruence/<component>",
    "replication/congruence-later/<component>",
    "replication/congruence-new-lineages/<component>",
    "replication/congruence-<snapshot>/<component>",
    "replication/contrast/<pair>@<pair>",
    "replication/congruence-as-large/<component>",
    "replication/pearson-as-large/<pair>",
    "replication/partial/<pair>",
    "replication/holds/<finding>",
    "replication/within-study/<finding>",
    "replication/within-further/<finding>",
    "replication/held-out/<benchmark>",
    "replication/rank/<component>@<word>",
    "drift/mean/<benchmark>",
    "drift/component/<component>",
    "abilities/eigenvalue/<component>",
    "abilities/explained/<component>",
    "abilities/explained-steady/<component>",
    "abilities/congruence/<component>",
    "abilities/loading/<component>/<benchmark>",
    "abilities/score/<component>/<model>",
    "abilities/score-steady/<component>",
    "scaling/pearson/<component>/<budget>",
    "scaling/slope/<component>/<budget>",
    "scaling/r2/<component>/<budget>",
    "scaling/pearson-<ranges>/<component>/<budget>",
    "scaling/slope-<ranges>/<component>/<budget>",
    "scaling/r2-<ranges>/<component>/<budget>",
    "scaling/difference/<component>/<budget>-<budget>",
    "scaling/joint/<component>/<word>",
    "scaling/free/<component>/<word>",
    "scaling/free-stage/<component>/<word>",
    "scaling/out-of-sample/<word>/<component>/<word>",
    "scaling/pearson-within/<component>/<budget>",
    "scaling/difference-within/<component>/<budget>-<budget>",
    "scaling/pearson-steady/<component>/<budget>",
    "scaling/difference-steady/<component>/<budget>-<budget>",
    "pairs/difference/<benchmark>",
    "pairs/difference-all/<benchmark>",
    "pairs/difference-base/<benchmark>",
    "pairs/difference-further/<benchmark>",
    "pairs/difference-further-base/<benchmark>",
    "pairs/difference-house/<benchmark>",
    "pairs/difference-others/<benchmark>",
    "pairs/difference-steady/<benchmark>",
    "pairs/effect/<benchmark>",
    "pairs/twin/<twin>",
    "pairs/twin-first/<twin>",
    "pairs/twin-others/<twin>",
    "pairs/shift/<benchmark>",
    "pairs/ability/<component>",
    "pairs/contrast/<benchmark>@<benchmark>",
    "pairs/contrast-all/<benchmark>@<benchmark>",
    "pairs/dose/<benchmark>",
    "local/task/<benchmark>",
    "local/equal-english/<benchmark>",
    "local/equal-english-lineages/<benchmark>",
    "local/score/<model>",
    "local/strategy/<strategy>",
    "local/lead/<word>",
    "local/r2/<word>",
    "local/trained/<word>",
    "strategies/difference/<measure>",
    "strategies/standardised/<measure>",
    "strategies/mean/<strategy>/<measure>",
    "strategies/same-size/<word>",
    "uncertainty/corrected/<pair>",
    "uncertainty/corrected-agreement/<pair>",
    "uncertainty/reliability/<benchmark>",
    "uncertainty/coverage/<word>/<word>",
)

#: What the words in <> stand for.
PARTS = {
    "pair": "two ids of benchmarks.csv in its order, joined by ~",
    "twin": "the original and its translation, two ids of benchmarks.csv, joined by ~",
    "benchmark": "an id of benchmarks.csv",
    "component": "PC1, PC2, ...",
    "model": "an id of models.csv",
    "budget": "english, local or total",
    "snapshot": "an id of study.yml's snapshots",
    "ranges": "a name of study.yml's ranges",
    "strategy": "a strategy of models.csv",
    "word": "a word of that chapter",
    "finding": "a finding as the page on replication calls it, such as gain-of/niilc",
    "measure": "an id of benchmarks.csv, a component, local-targets or english-average",
}
#: Those that are the same for every study, as patterns; the others are looked up among the study's
#: own.
FIXED = {
    "component": "PC[1-9][0-9]*",
    "budget": "english|local|total",
    "word": "[A-Za-z0-9@.-]+",
    "model": ".+",
    "finding": "[A-Za-z-]+/[^@]+",
}


def amiss(name: str, study: Mapping[str, Collection[str]]) -> str:
    """What is allowed in place of a result's id; "" where a chapter may record it.

    `study` has the study's own: "benchmark" (in order), "model", "snapshot", "ranges", "strategy"
    -> ids.
    """
    quantity = "/".join(name.split("/")[:2])
    alike = [form for form in RESULTS if _fits("/".join(form.split("/")[:2]), quantity, study)]
    if any(_fits(form, name, study) for form in alike):
        return ""
    topic = name.split("/")[0]
    alike = (
        alike
        or [form for form in RESULTS if form.split("/")[0] == topic]
        or sorted({form.split("/")[0] + "/..." for form in RESULTS})
    )
    parts = dict.fromkeys(part for form in alike for part in re.findall("<([a-z]+)>", form))
    return ", ".join(alike) + "".join(f"; <{part}>: {PARTS[part]}" for part in parts)


def _fits(form: str, name: str, study: Mapping[str, Collection[str]]) -> bool:
    """Whether an id has a form, with ids that the study has."""
    match = _pattern(form).fullmatch(name)
    if match is None:
        return False
    parts = re.findall("<([a-z]+)>", form)
    return all(_has(study, part, found) for part, found in zip(parts, match.groups(), strict=True))


def _has(study: Mapping[str, Collection[str]], part: str, found: str) -> bool:
    """Whether a study has what stands in the place of `part`; what is the same for all was matched
    already.
    """
    if part == "pair":
        one, _, other = found.partition("~")
        places = {benchmark: place for place, benchmark in enumerate(study["benchmark"])}
        return one in places and other in places and places[one] < places[other]
    if part == "twin":
        return found.count("~") == 1 and set(found.split("~")) <= set(study["benchmark"])
    if part == "measure":
        return (
            found in study["benchmark"]
            or found in ("local-targets", "english-average")
            or re.fullmatch(FIXED["component"], found) is not None
        )
    return part not in study or found in study[part]


@functools.cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(
        "".join(
            f"({FIXED.get(part[1:-1], '[^/@]+')})" if part.startswith("<") else re.escape(part)
            for part in re.split("(<[a-z]+>)", form)
        )
    )


def named(claims: Iterable[Mapping]) -> Iterator[tuple[str, str, str]]:
    """(claim, panel, result's id) of every result that claims rest on or take a threshold from."""
    for claim in claims:
        for panel, test in claim["tests"].items():
            for name in Test(**test).names:
                yield claim["id"], panel, name


def unrecorded(claims: Iterable[Mapping], results: Collection[str]) -> list[str]:
    """A sentence for each result that claims rest on and nothing recorded."""
    return [
        f"claim {claim}, panel {panel}: no chapter recorded {name!r}"
        for claim, panel, name in named(claims)
        if name not in results
    ]
