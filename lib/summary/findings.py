"""What carries over, what does local text change, and what speaks against it?  Recorded results in,
judged tables out.

The first page, its translation and the conclusions say the same few things; here alone is decided
which numbers those are about.  Every table was judged by the chapter that recorded it; one that
nobody recorded is empty, never an error.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pandas as pd

from lib.stats import composite, power
from lib.stats.estimates import PAIR, Estimates
from lib.stats.verdicts import Verdict
from lib.summary import SummaryError
from lib.words import Subjects

#: What each table is called here, and the topic under which its chapter records it.
TOPICS = {
    "carries": "transfer/carries",
    "given": "transfer/partial",
    "follows": "transfer/english",
    "beyond": "local/task",
    "change": "pairs/difference-all",
    "first": "pairs/difference",
    "further": "pairs/difference-further",
    "others": "pairs/difference-others",
    "twins": "pairs/twin",
    "equal": "local/equal-english",
    "grows": "scaling/pearson",
}


@dataclasses.dataclass(frozen=True)
class Findings:
    """The judged tables of a study, and what is chosen from them by rule.

    carries : a test and its translation (`A~B`): does who leads in one lead in the other?
    given : the same pairs given general ability: is more than that left?
    follows : local benchmarks against the average of the English ones: do they follow it?
    beyond : local benchmarks against what models hold beyond their English: more than chance gives?
    change : benchmarks of continued models less those of their own parents, over all pairs: do they
        rise?
    first, further, others : the same over the pairs of the first snapshot, over those of later
        ones, and without the maker of most pairs.
    twins : what a translated task gained beyond its original: practically nothing?
    equal : local benchmarks at equal English: do models trained on local text score higher?
    grows : the first two abilities with the compute spent on either language, in words: do they
        grow with it?
    own : benchmarks of what is the language's own.
    """

    carries: Estimates
    given: Estimates
    follows: Estimates
    beyond: Estimates
    change: Estimates
    first: Estimates
    further: Estimates
    others: Estimates
    twins: Estimates
    equal: Estimates
    grows: Estimates
    own: Subjects

    @property
    def gains(self) -> Estimates:
        """Every benchmark that is higher in continued models, on average, the largest change
        first."""
        return self.change.where(self.change.values.astype(float) > 0).sorted()

    @property
    def losses(self) -> Estimates:
        """Every other, the largest loss first; that it fell is settled where its rise is
        contradicted."""
        return self.change.where(self.change.values.astype(float) <= 0).sorted(ascending=True)

    @property
    def taught(self) -> Estimates:
        """How what is the language's own changed with local text: the case for such text, the
        strongest first."""
        return self.change.of(self.own).sorted()

    @property
    def elsewhere(self) -> Estimates:
        """What is clearly higher over the pairs of all makers but the one with most of them."""
        return self.others.supported

    @property
    def faded(self) -> Estimates:
        """Gains over all pairs that are not clear without the maker of most of them."""
        return self.gains.supported.of(self.others.without(self.elsewhere))

    @property
    def turned(self) -> Estimates:
        """The change over the first pairs where that is clear and the further ones point the other
        way, however surely: few makers settle nothing."""
        again = self.further.values.reindex(list(self.first)).astype(float)
        return self.first.where(self.first.values.astype(float) * again < 0).clear

    @property
    def verdict(self) -> Verdict:
        """Does local text teach what English does not?  Without a comparison of training: is there
        anything of that kind?"""
        return (self.taught if len(self.change) else self.beyond).mostly

    @property
    def moved(self) -> Estimates:
        """The change over the first pairs where it gets another verdict than over all."""
        return self.first.differs_from(self.change)

    @property
    def just_good(self) -> Estimates:
        """Translated pairs that are not told from general ability."""
        return self.given.without(self.given.supported)

    @property
    def shown(self) -> dict[str, Estimates]:
        """What the first page shows, by name, for whoever tells it in another language."""
        chosen = {
            "carries": self.carries,
            "gains": self.gains,
            "losses": self.losses,
            "taught": self.taught,
            "moved": self.moved,
            "elsewhere": self.elsewhere,
            "turned": self.turned,
            "turned-further": self.further.of(self.turned),
            "turned-all": self.change.of(self.turned),
            "just-good": self.just_good,
        }
        return (
            chosen
            | ({} if len(self.carries) else {"follows": self.follows})
            | ({} if len(self.change) else {"beyond": self.beyond})
        )

    @property
    def answered(self) -> Estimates:
        """Every number of the first page's cards."""
        parts = {
            "carries": self.carries if len(self.carries) else self.follows,
            "change": self.change if len(self.change) else self.beyond,
        }
        return Estimates.from_rows(
            {
                f"{name}/{subject}": each
                for name, table in parts.items()
                for subject, each in table.items()
            }
        )


def of(study, results) -> Findings:
    """The findings of a study.

    Parameters
    ----------
    study : Study, for which benchmarks are local and which are translations of each other.
    results : `report.Results`.

    Raises
    ------
    SummaryError
        A chapter recorded one of the tables without its verdicts.
    """
    tables = {name: results.topic(topic) for name, topic in TOPICS.items()}
    pairs = study.pairs("translation")
    about = {
        "carries": pairs,
        "given": pairs,
        "beyond": study.local,
    }  # of some tables only what is asked here
    tables |= {name: tables[name].of(subjects).sorted() for name, subjects in about.items()}
    tables = {name: _checked(table, TOPICS[name]) for name, table in tables.items()}
    return Findings(
        **tables
        | {
            "follows": tables["follows"].sorted(),
            "grows": _in_words(tables["grows"], study, results),
            "own": study.local_targets,
        }
    )


def crowded(study, results, subjects: Iterable[str]) -> dict[str, Estimates]:
    """`power.crowded` for benchmarks, or for those of pairs `A~B`, as the page on the data counted
    them."""
    named = list(dict.fromkeys(each for subject in subjects for each in subject.split(PAIR)))
    ends = {end: results.topic(f"data/alike-{end}").values for end in ("best", "guessing")}
    return power.crowded(pd.DataFrame(ends, named, dtype=float), len(study.models))


@dataclasses.dataclass(frozen=True)
class Plane:
    """The two axes of the map of models: what each model has of them, and what they are called."""

    across: Estimates | pd.Series
    upwards: Estimates | pd.Series
    across_called: str
    upwards_called: str


def plane(study, results) -> Plane:
    """The first two components where two were kept; else English against local ability, which one
    component hides; and where that is not known, the averages of either side."""
    if (results.get("abilities/retained") or 0) >= 2:
        scores = results.topic("abilities/score")
        names = (
            results.get(f"abilities/name/{component}", component) for component in ("PC1", "PC2")
        )
        return Plane(scores.within("PC1"), scores.within("PC2"), *names)
    if "local/r2_english" not in results:
        english, local = (
            composite.mean(study.scores, side) for side in (study.english, study.local)
        )
        return Plane(english, local, "English on average", f"{study.language} on average")
    return Plane(
        results.topic("local/english"),
        results.topic("local/score"),
        "average English ability",
        f"{study.language} ability beyond English",
    )


def abilities(study, benchmarks) -> Subjects:
    """What benchmarks ask for, in words, each once: `knowledge in Japanese`, `translation into
    Japanese`."""
    known = study.benchmarks.loc[[each for each in benchmarks if each in study.benchmarks.index]]
    found = [
        f"{row.ability} "
        f"{_SIDES.get(row.direction, '') or ('in' if row.language == 'local' else 'in English')}"
        + (f" {study.language}" if row.language == "local" else "")
        for row in known.itertuples()
    ]
    return Subjects(dict.fromkeys(found))


#: What goes before a language, by the direction of a translation.
_SIDES = {"into_local": "into", "into_english": "out of"}


def _in_words(grows: Estimates, study, results) -> Estimates:
    """Of `PC1/english` and its like the first two abilities with either language's compute, by what
    they are called."""
    sides = {"english": "English compute", "local": f"{study.language} compute"}
    named = {
        f"{component}/{side}": (
            f"{results.get(f'abilities/name/{component}', component)} with {words}"
        )
        for component in ("PC1", "PC2")
        for side, words in sides.items()
    }
    return grows.of(named).renamed(
        {each: name[:1].upper() + name[1:] for each, name in named.items()}
    )


def _checked(table: Estimates, topic: str) -> Estimates:
    """The table, if every number in it has a verdict."""
    bare = [subject for subject, each in table.items() if each.verdict is None]
    if bare:
        raise SummaryError(
            f"{topic}/{bare[0]} was recorded without a verdict; its chapter has to judge it"
        )
    return table
