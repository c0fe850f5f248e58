"""What do all studies say side by side?  Their recorded results as tables of estimates, by
`study/subject`.

Nothing is estimated or judged here: every number was recorded, with its verdict, by a chapter of
the study that it belongs to, under the same id in every study.  A study that recorded no such
number has no row; adding a study adds rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pandas as pd

from lib import study as studies
from lib import words
from lib.report.results import Results
from lib.stats.estimates import Estimates
from lib.words import Subjects

ROOT = Path(__file__).resolve().parents[2]


class Atlas:
    """All studies and what they recorded; to a page it is a study whose subjects are languages,
    tasks and models.

    Parameters
    ----------
    codes : the studies, in order; by default every study under data/.
    root : the checkout; default: the one of this library.

    Raises
    ------
    StudyError
        A named study does not exist, or its data are wrong.
    """

    code = "site"
    #: No subject of the atlas is one study's own benchmark.
    local = english = Subjects()

    def __init__(self, codes: Iterable[str] = (), root: Path | str | None = None):
        root = ROOT if root is None else Path(root)
        every = list(codes) or list(studies.available(root / "data"))
        self.studies = {code: studies.load(code, root=root / "data") for code in every}
        built = {code: root / "_build" / code / "results.json" for code in every}
        self.results = {
            code: Results.read(path, code) for code, path in built.items() if path.is_file()
        }

    @cached_property
    def languages(self) -> Subjects:
        """Codes of the studies, written as their languages."""
        return Subjects(self.studies)

    @property
    def language(self) -> str:
        """All languages in a phrase."""
        return words.listed(each.language for each in self.studies.values())

    @property
    def snapshot(self) -> str:
        """Every snapshot that a study rests on."""
        return words.listed(dict.fromkeys(each.snapshot for each in self.studies.values()))

    def called(self, subject: str) -> str:
        """A study is called after its language, a task or model of one by its own name and that
        language."""
        code, _, rest = subject.partition("/")
        if code not in self.studies:
            return next(
                (
                    each.called(subject)
                    for each in self.studies.values()
                    if subject in each.registry.index
                ),
                subject,
            )
        return (
            f"{self.studies[code].called(rest)} ({self.studies[code].language})"
            if rest
            else self.studies[code].language
        )

    def kind(self, subjects: Iterable[str]) -> str:
        """What subjects are, as the heading of their column."""
        return "Language" if all(each in self.studies for each in subjects) else "What"

    def topic(self, topic: str) -> Estimates:
        """All that the studies recorded under a topic, by `study/subject`."""
        return Estimates.from_rows(
            {
                f"{code}/{subject}": each
                for code, found in self.results.items()
                for subject, each in found.topic(topic).frame.to_dict("index").items()
            }
        )

    def each(self, name: str) -> Estimates:
        """One result of every study that recorded it, by study."""
        return Estimates.from_rows(
            {code: found.records[name] for code, found in self.results.items() if name in found}
        )

    def count(self, name: str) -> pd.Series:
        """One count or word of every study that recorded it, by study."""
        return pd.Series(
            {code: found[name] for code, found in self.results.items() if name in found},
            dtype=object,
        )

    def facts(self, subjects: Iterable[str]) -> pd.DataFrame:
        """What is known of tasks `study/benchmark`: language, name, ability, side (local,
        english)."""
        rows = {}
        for subject in subjects:
            code, _, benchmark = subject.partition("/")
            known = self.studies[code].benchmarks.loc[benchmark]
            rows[subject] = {
                "language": self.studies[code].language,
                "name": known["name"],
                "ability": known["ability"],
                "side": known["language"],
            }
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=["language", "name", "ability", "side"]
        )

    def spoken(self, table: Estimates) -> Estimates:
        """Of a table of tasks, those in the studies' own languages."""
        return table.where(self.facts(table)["side"] == "local")

    def asking(self, table: Estimates, ability: str) -> Estimates:
        """Of a table of tasks, those that ask for one ability."""
        return table.where(self.facts(table)["ability"] == ability)

    def translated(self, table: Estimates) -> Estimates:
        """Of a table of pairs, those that are the same items in two languages."""
        return table.of(
            [
                f"{code}/{pair}"
                for code, study in self.studies.items()
                for pair in study.pairs("translation")
            ]
        )

    def ends(self, table: Estimates, shown: int) -> dict[str, pd.Series]:
        """The highest and the lowest few of each study, as columns of a table by study."""
        inside = {code: table.within(code).sorted() for code in self.studies}
        known = {code: each for code, each in inside.items() if each.count}
        return {
            f"Highest {shown}": pd.Series(
                {
                    code: _named(each.head(shown), self.studies[code])
                    for code, each in known.items()
                },
                dtype=object,
            ),
            f"Lowest {shown}": pd.Series(
                {
                    code: _named(each.tail(shown), self.studies[code])
                    for code, each in known.items()
                },
                dtype=object,
            ),
        }


def _named(table: Estimates, study) -> str:
    return ", ".join(
        f"{study.called(subject)} {words.number(value, '+.2f')}"
        for subject, value in table.values.items()
    )


def travellers(table: Estimates, least: int = 2) -> pd.DataFrame:
    """Models `study/model` of at least so many studies, the highest mean value first.

    Returns DataFrame, index model: studies (how many), mean, lowest and highest.
    """
    values = table.values.astype(float)
    models = pd.Series([subject.partition("/")[2] for subject in values.index], index=values.index)
    found = values.groupby(models).agg(studies="count", mean="mean", lowest="min", highest="max")
    return found[found["studies"] >= least].sort_values("mean", ascending=False, kind="stable")
