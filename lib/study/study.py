"""What does a study know?  Its tables, aligned with each other, and what follows from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from lib.reading import shown
from lib.study.folder import StudyError
from lib.words import Subjects

#: Origins of tests whose items were asked in another language before, and of those that were not.
TRANSLATED = ("human_translation", "machine_translation", "adapted")
OWN = ("native", "generated")


@dataclass(frozen=True)
class Study:
    """One study: its models, benchmarks and scores, and what is known of how the models were
    trained.

    Attributes
    ----------
    code, language, name, title : text of study.yml; `language` is the local language's name in
        English.
    about : dict, what study.yml tells of the language: autonym, tag, family, branch, script (""
        where it does not), measures by id, each with value and source.
    snapshot : id of the snapshot the scores come from; where they come from several, their ids
        joined by " + ".
    snapshots : ids of all snapshots, in the order of study.yml.
    default_snapshot : id of the snapshot that is loaded when none is named.
    scores : DataFrame of floats, models (file order) x benchmarks (order of benchmarks.csv), NaN
        where absent; only benchmarks with any score.
    models : DataFrame aligned with the rows of `scores`: name, developer, lineage,
        lineage_is_proxy, parent_id, parent_note, strategy, params_total_b, params_active_b
        (billions), released, note, url, built_for_local.
    registry : the same columns for every model of models.csv.
    benchmarks : DataFrame aligned with the columns of `scores`: name, language ("local" or
        "english"), ability, metric, direction ("into_local", "into_english" or ""), minimum,
        maximum, counterpart_id, counterpart_kind, citation, about, origin, origin_source.
    evaluations : DataFrame: how each benchmark was run in each snapshot.
    training : DataFrame by model_id: own_tokens_b, own_local_tokens_b, own_english_tokens_b
        (billions of tokens of the model's own stage, NaN where undisclosed), disclosure, source,
        confidence, note.
    standard_errors : DataFrame like `scores`, NaN where none is published.
    splits : DataFrame like `scores`, the split of the benchmark each score is of ("" where not
        said).
    model_snapshots : Series by model_id: the snapshot each row of `scores` comes from.
    ranges : dict, name -> set of ranges for undisclosed tokens, as in study.yml; the first is the
        default.
    anchors : dict, component -> benchmark whose loading is positive.
    claims : tuple of dicts as in claims.yml, empty where there is none.
    history : tuple of dicts, the choices of history.yml, empty where there is none.
    forecasts : tuple of dicts, the batches of forecasts.yml, empty where there is none.
    citation : tuple of keys of references.bib. sources : tuple of dicts. snapshot_info : dict by
        snapshot id.
    """

    code: str
    language: str
    name: str
    title: str
    about: dict
    snapshot: str
    snapshots: tuple[str, ...]
    default_snapshot: str
    scores: pd.DataFrame
    models: pd.DataFrame
    registry: pd.DataFrame
    benchmarks: pd.DataFrame
    evaluations: pd.DataFrame
    training: pd.DataFrame
    standard_errors: pd.DataFrame
    splits: pd.DataFrame
    model_snapshots: pd.Series
    ranges: dict[str, dict]
    anchors: dict[str, str]
    claims: tuple[dict, ...]
    forecasts: tuple[dict, ...]
    history: tuple[dict, ...]
    citation: tuple[str, ...]
    sources: tuple[dict, ...]
    snapshot_info: dict[str, dict]
    _long: pd.DataFrame
    _all_benchmarks: pd.DataFrame

    def scores_at(self, snapshot: str) -> pd.DataFrame:
        """Scores of one snapshot, models x benchmarks as in `scores`, for every model that it has.

        Raises StudyError where the study has no such snapshot.
        """
        if snapshot not in self.snapshots:
            raise StudyError(
                f"{self.code} has no snapshot {shown(snapshot)}; "
                f"allowed: {', '.join(self.snapshots)}"
            )
        rows = self._long[self._long["snapshot"] == snapshot]
        table = wide(rows, "score", self.registry.index, self._all_benchmarks.index)
        return table.astype(float)

    @property
    def scored(self) -> dict[str, pd.DataFrame]:
        """Snapshot -> its scores, as `scores_at` gives them, in the order of the snapshots."""
        return {each: self.scores_at(each) for each in self.snapshots}

    def complete(self) -> Study:
        """The same study without the benchmarks that lack a score for any of its models."""
        return self.of(self.scores.columns[self.scores.notna().all()])

    def of(self, benchmarks: Iterable[str]) -> Study:
        """The same study with these of its benchmarks alone."""
        kept = [each for each in self.scores if each in set(benchmarks)]
        return replace(
            self,
            scores=self.scores[kept],
            benchmarks=self.benchmarks.loc[kept],
            standard_errors=self.standard_errors[kept],
            splits=self.splits[kept],
            anchors={component: each for component, each in self.anchors.items() if each in kept},
        )

    @property
    def evaluations_now(self) -> pd.DataFrame:
        """How each benchmark of `scores` was run in their snapshot, by benchmark; missing where
        nothing tells."""
        table = self.evaluations[self.evaluations["snapshot"] == self.snapshot].drop_duplicates(
            "benchmark_id"
        )
        return table.set_index("benchmark_id").reindex(self.scores.columns)

    def measured(self, snapshot: str) -> pd.DataFrame:
        """Scores of this study's models on its benchmarks in one snapshot, those models that have
        all of them there."""
        table = self.scores_at(snapshot).reindex(columns=self.scores.columns)
        return table[table.index.isin(self.scores.index)].dropna()

    def pairs_of_counterparts(self, kind: str | None = None) -> list[tuple[str, str]]:
        """Pairs of benchmark ids in the order of `benchmarks`; of one kind ("translation",
        "similar") or all."""
        order = {benchmark: place for place, benchmark in enumerate(self.benchmarks.index)}
        rows = self.benchmarks[self.benchmarks["counterpart_id"].isin(order)]
        if kind is not None:
            rows = rows[rows["counterpart_kind"] == kind]
        return [
            (one, other)
            for one, other in zip(rows.index, rows["counterpart_id"], strict=True)
            if order[one] < order[other]
        ]

    @property
    def local(self) -> Subjects:
        """Benchmarks in the local language."""
        return Subjects(self.benchmarks.index[self.benchmarks["language"] == "local"])

    @property
    def english(self) -> Subjects:
        """Benchmarks in English."""
        return Subjects(self.benchmarks.index[self.benchmarks["language"] == "english"])

    @property
    def built_for_local(self) -> pd.Series:
        """Whether each model was built for the local language: its makers say so, or it was trained
        or continued on text in it."""
        flagged = self.models["built_for_local"] == "yes"
        return flagged | self.models["strategy"].isin(["continual_local", "from_scratch_local"])

    @property
    def translated(self) -> Subjects:
        """Local benchmarks whose items were translated from another language."""
        local = self.benchmarks.loc[self.local, "origin"]
        return Subjects(local.index[local.isin(TRANSLATED)])

    @property
    def untranslated(self) -> Subjects:
        """Local benchmarks whose items are known to come from texts or people of the language."""
        local = self.benchmarks.loc[self.local, "origin"]
        return Subjects(local.index[local.isin(OWN)])

    def directed(self, direction: str) -> Subjects:
        """Benchmarks of translation in one direction: "into_local" or "into_english"."""
        return Subjects(self.benchmarks.index[self.benchmarks["direction"] == direction])

    @property
    def local_targets(self) -> Subjects:
        """What text in the local language should teach before any other: knowledge asked in it, and
        translation into it; all local benchmarks where none asks for either."""
        local = self.benchmarks.loc[self.local]
        asked = (local["ability"] == "knowledge") | (local["direction"] == "into_local")
        return Subjects(local.index[asked]) or self.local

    @property
    def lineages(self) -> Subjects:
        """Labels of the models' lineages."""
        return Subjects(self.models["lineage"].unique())

    def pairs(self, kind: str | None = None) -> Subjects:
        """Counterparts as ids `A~B` in the order of `benchmarks`; of one kind ("translation",
        "similar") or all."""
        return Subjects(f"{one}~{other}" for one, other in self.pairs_of_counterparts(kind))

    def within(self, side: str) -> Subjects:
        """All pairs `A~B` of benchmarks of one side ("local", "english")."""
        return Subjects(
            map(
                "~".join, itertools.combinations(self.local if side == "local" else self.english, 2)
            )
        )

    def kinds(self, pairs: Iterable[str]) -> pd.Series:
        """What counterparts have in common, in words, by `A~B`."""
        words = {"translation": "a test and its translation", "similar": "the same kind of task"}
        kind = {each: words[which] for which in words for each in self.pairs(which)}
        return pd.Series({pair: kind.get(pair, "") for pair in pairs}, dtype=object)

    def called(self, subject: str) -> str:
        """What a subject is called: a benchmark, a pair `A~B` of them (English first), a difference
        `A@B`, a model; else as it is."""
        for table in (self._all_benchmarks, self.registry):
            if subject in table.index:
                return str(table.at[subject, "name"])
        if "/" in subject:  # what was found, and of what: loss-on/niilc
            found, rest = subject.split("/", 1)
            return f"{found.replace('-', ' ')} {self.called(rest)}"
        if "@" in subject:
            one, other = subject.split("@", 1)
            known = self.called(other) != other
            return (
                f"{self.called(one)} less {self.called(other)}"
                if known
                else f"{self.called(one)}, {other.replace('-', ' ')}"
            )
        if "~" in subject:
            parts = sorted(subject.split("~"), key=lambda each: each in self.local)
            return " and ".join(map(self.called, parts))
        return subject

    def kind(self, subjects: Iterable[str]) -> str:
        """What subjects are, as the heading of their column."""
        subjects = list(subjects)
        if subjects and all("/" in each and each not in self.registry.index for each in subjects):
            return "Finding"
        if subjects and all("~" in each for each in subjects):
            return "Benchmarks"
        known = {"Benchmark": self._all_benchmarks.index, "Model": self.registry.index}
        return next(
            (
                word
                for word, index in known.items()
                if subjects and all(each in index for each in subjects)
            ),
            "",
        )

    def __repr__(self) -> str:
        models, benchmarks = self.scores.shape
        size = f"{models} models x {benchmarks} benchmarks"
        return f"Study({self.code!r}, snapshot {self.snapshot!r}, {size})"


def common(*studies: Study) -> tuple[Study, ...]:
    """The same studies, each with the benchmarks alone for which every model of all of them has a
    score."""
    complete = [set(study.complete().scores) for study in studies]
    return tuple(study.of(set.intersection(*complete)) for study in studies)


def wide(rows: pd.DataFrame, column: str, models: pd.Index, benchmarks: pd.Index) -> pd.DataFrame:
    """Long to wide, rows and columns in the order of models.csv and benchmarks.csv, only those with
    rows."""
    table = rows.set_index(["model_id", "benchmark_id"])[column].unstack()
    table = table.reindex(
        index=[each for each in models if each in table.index],
        columns=[each for each in benchmarks if each in table.columns],
    )
    return table.rename_axis(index="model_id", columns="benchmark_id")
