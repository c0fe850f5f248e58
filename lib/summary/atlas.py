"""What do all studies say side by side?  Their recorded results as tables of estimates, by
`study/subject`.

What belongs to one study was recorded, with its verdict, by a chapter of that study, under the same
id in every study; a study that recorded no such number has no row.  What only languages together
can tell is computed from their tables, which `panels` brings into one form.
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
from lib.study.study import TRANSLATED
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

    # ---- all languages together

    @cached_property
    def models(self) -> pd.DataFrame:
        """Every model of any study, as the first that has it knows it."""
        return _first(each.models for each in self.studies.values())

    @cached_property
    def benchmarks(self) -> pd.DataFrame:
        """Every benchmark of any study, as the first that has it knows it."""
        return _first(each.benchmarks for each in self.studies.values())

    @property
    def side(self) -> pd.Series:
        """Benchmark -> "local" or "english"."""
        return self.benchmarks["language"]

    @property
    def translated_tests(self) -> Subjects:
        """Benchmarks whose items were translated, from whatever language."""
        return Subjects(self.benchmarks.index[self.benchmarks["origin"].isin(TRANSLATED)])

    @cached_property
    def family(self) -> pd.Series:
        """Study -> the branch of its language's family; a language of unknown family is a family of
        its own."""
        return pd.Series(
            {
                code: each.about["branch"] or each.about["family"] or each.language
                for code, each in self.studies.items()
            }
        )

    @property
    def script(self) -> pd.Series:
        """Study -> the script that its language is written in, "" where study.yml does not tell."""
        return pd.Series({code: each.about["script"] for code, each in self.studies.items()})

    @cached_property
    def measures(self) -> pd.DataFrame:
        """What study.yml tells of each language in numbers, study x measure, NaN where it does
        not."""
        told = {
            code: {name: each["value"] for name, each in study.about["measures"].items()}
            for code, study in self.studies.items()
        }
        return pd.DataFrame.from_dict(told, orient="index").astype(float)

    @cached_property
    def comparable(self) -> Subjects:
        """The studies whose English tests are the same ones: the largest set of those that share
        most of them."""
        english = {code: set(each.english) for code, each in self.studies.items()}
        alike = {
            code: [other for other in english if 2 * len(own & english[other]) > len(own)]
            for code, own in english.items()
        }
        return Subjects(max(alike.values(), key=len, default=[]))

    def panels(
        self,
        kinds: Iterable[str] = (),
        untranslated: bool = False,
        models: Iterable[str] | None = None,
    ) -> dict[str, pd.DataFrame]:
        """Scores of the comparable studies, study -> models x benchmarks.

        Parameters
        ----------
        kinds : of tasks to take, on both sides; a study that lacks one of them in its own language
            is left out. Default: whatever each has.
        untranslated : leave out local tests whose items were translated.
        models : to take. Default: whatever each has.
        """
        ability, wanted = self.benchmarks["ability"], set(kinds)
        found = {}
        for code in self.comparable:
            scores = self.studies[code].scores
            if models is not None:
                scores = scores.reindex([each for each in models if each in scores.index])
            if wanted:
                scores = scores.loc[:, ability[scores.columns].isin(wanted).to_numpy()]
            if untranslated:
                local = [each for each in self.translated_tests if self.side[each] == "local"]
                scores = scores.drop(columns=[each for each in local if each in scores])
            own = scores.columns[(self.side[scores.columns] == "local").to_numpy()]
            if len(own) > 1 and wanted <= set(ability[own]):
                found[code] = scores
        return found

    def everywhere(self) -> Subjects:
        """Models that every comparable study has."""
        tables = [self.studies[code].scores.index for code in self.comparable]
        common = set.intersection(*map(set, tables)) if tables else set()
        return Subjects(each for each in self.models.index if each in common)

    def built_for(self) -> pd.DataFrame:
        """Which models were built for which of the comparable languages, models x studies, NaN
        where a study lacks the model."""
        return pd.DataFrame(
            {code: self.studies[code].built_for_local.astype(float) for code in self.comparable}
        ).reindex(self.models.index)


def _first(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all tables, each id once, as the first that has it."""
    together = pd.concat(list(tables))
    return together[~together.index.duplicated()]


def models_by_language(table: Estimates) -> pd.DataFrame:
    """Values of a table by `study/model`, models x studies."""
    parts = pd.Series(table.values.index, table.values.index).str.partition("/")
    index = pd.MultiIndex.from_arrays([parts[2], parts[0]])
    return pd.Series(table.values.to_numpy(float), index).unstack()


def at_home(values: pd.DataFrame, built_for: pd.DataFrame) -> pd.DataFrame:
    """How much higher a model lies in the languages that it was built for, and elsewhere.

    Parameters
    ----------
    values, built_for : models x studies; 1 where a model was built for the language.

    Returns
    -------
    DataFrame by model, those that were built for some of the languages in which they were measured
    and not for others: home (mean there), elsewhere (mean), gain (the difference), languages
    (how many are home).
    """
    built = built_for.reindex_like(values).where(values.notna())
    home, away = values.where(built == 1), values.where(built == 0)
    table = pd.DataFrame({"home": home.mean(axis=1), "elsewhere": away.mean(axis=1)}).dropna()
    table["gain"] = table["home"] - table["elsewhere"]
    table["languages"] = home.notna().sum(axis=1)
    return table.sort_values("gain", ascending=False, kind="stable")
