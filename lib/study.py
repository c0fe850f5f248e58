"""What does a study know?  The one door to data/<study>/: checked files in, an unchangeable `Study`
out.

    from lib import study
    s = study.load("ja")
    s.scores          # models x benchmarks, floats

No other code reads a study's tables. Everything is checked each time a study is loaded, which is
quick; a study with anything wrong in it does not load, and the error lists all of it.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from lib import reading, relations, schema
from lib.reading import Problem, shown
from lib.schema import Folder, StudyError
from lib.settings import Settings
from lib.words import Subjects

__all__ = [
    "Problem",
    "Study",
    "StudyError",
    "available",
    "check",
    "check_files",
    "common",
    "load",
    "summary",
]

#: Where studies live: beside the library, wherever a chapter is executed from.
DATA = Path(__file__).resolve().parent.parent / "data"

CODE = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Study:
    """One study: its models, benchmarks and scores, and what is known of how the models were
    trained.

    Attributes
    ----------
    code, language, name, title : text of study.yml; `language` is the local language's name in
        English.
    snapshot : id of the snapshot the scores come from; where they come from several, their ids
        joined by " + ".
    snapshots : ids of all snapshots, in the order of study.yml.
    default_snapshot : id of the snapshot that is loaded when none is named.
    scores : DataFrame of floats, models (file order) x benchmarks (order of benchmarks.csv), NaN
        where absent; only benchmarks with any score.
    models : DataFrame aligned with the rows of `scores`: name, developer, lineage,
        lineage_is_proxy, parent_id, parent_note, strategy, params_total_b, params_active_b
        (billions), released, note, url.
    registry : the same columns for every model of models.csv.
    benchmarks : DataFrame aligned with the columns of `scores`: name, language ("local" or
        "english"), ability, metric, direction ("into_local", "into_english" or ""), minimum,
        maximum, counterpart_id, counterpart_kind, citation, about.
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
    citation : tuple of keys of references.bib. sources : tuple of dicts. snapshot_info : dict by
        snapshot id.
    """

    code: str
    language: str
    name: str
    title: str
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
    citation: tuple[str, ...]
    sources: tuple[dict, ...]
    snapshot_info: dict[str, dict]
    _long: pd.DataFrame
    _all_benchmarks: pd.DataFrame

    def scores_at(self, snapshot: str) -> pd.DataFrame:
        """Scores of one snapshot, models x benchmarks as in `scores`, for every model that it has.

        Raises StudyError where the study has no such snapshot.
        """
        return _wide(self, snapshot, "score")

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
        words = {"translation": "the same items, translated", "similar": "the same kind of task"}
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
        return (
            f"Study({self.code!r}, snapshot {self.snapshot!r}, {models} models x {benchmarks} "
            "benchmarks)"
        )


def available(root: Path | str | None = None) -> tuple[str, ...]:
    """Codes of the studies under `root` (default: the data folder beside the library)."""
    folder = DATA if root is None else Path(root)
    # Whatever has the name: a study.yml that is a broken link is something wrong in a study.
    return tuple(
        sorted(
            path.name
            for path in folder.glob("*/")
            if CODE.fullmatch(path.name) and os.path.lexists(path / "study.yml")
        )
    )


def check(code: str, root: Path | str | None = None) -> list[Problem]:
    """Everything that is wrong with a study; empty where nothing is. Raises StudyError if there is
    no such study."""
    return _read(code, root).problems


def check_files(files: Mapping[str, schema.Content], where: str) -> Folder:
    """Check files that may not be on disk yet (name -> content, as `schema.read` takes them)."""
    folder = schema.read(files, where)
    folder.problems += relations.problems(folder, where)
    return folder


def load(
    code: str,
    snapshot: str | None = None,
    models: Literal["snapshot", "further", "all"] = "snapshot",
    prefer: Literal["earliest", "latest"] = "earliest",
    root: Path | str | None = None,
) -> Study:
    """Load a study.

    Parameters
    ----------
    code : the study's folder under data/.
    snapshot : the snapshot whose scores to take; default: the study's default snapshot (with
        models="snapshot"), else every snapshot.
    models : "snapshot": the models of one snapshot; "further": those that the default snapshot does
        not have; "all": every model.
    prefer : where a model is in several snapshots, take the row of the earliest or the latest one,
        never a mixture.
    root : the folder that holds studies; default: data/ beside the library.

    Raises
    ------
    StudyError No such study or snapshot, no such models, or anything wrong in its files: every
        problem, one a line.
    """
    if models not in ("snapshot", "further", "all") or prefer not in ("earliest", "latest"):
        raise StudyError(
            f"models={models!r}, prefer={prefer!r}; allowed: models snapshot, further or all, "
            "prefer earliest or latest"
        )
    folder = _read(code, root)
    if folder.problems:
        raise StudyError(folder.problems)
    tables = {
        name: schema.typed(table, schema.FORMS[name]) for name, table in folder.tables.items()
    }
    settings = _settings(folder)
    known = [each.id for each in settings.snapshots]
    if snapshot is not None and snapshot not in known:
        raise StudyError(f"{code} has no snapshot {shown(snapshot)}; allowed: {', '.join(known)}")
    if models == "snapshot":
        wanted = [snapshot or settings.default_snapshot]
    else:
        wanted = known if snapshot is None else [snapshot]
    registry = _registry(tables["models.csv"])
    chosen = _chosen(
        tables["scores.csv"],
        wanted,
        settings.default_snapshot if models == "further" else None,
        prefer,
    )
    if not len(chosen):
        raise StudyError(
            f"{code} has no models outside its default snapshot {settings.default_snapshot}"
            + ("" if snapshot is None else f" in {snapshot}")
        )
    return _assembled(
        folder, tables, registry, chosen, [each for each in known if each in set(chosen)]
    )


def common(*studies: Study) -> tuple[Study, ...]:
    """The same studies, each with the benchmarks alone for which every model of all of them has a
    score."""
    complete = [set(study.complete().scores) for study in studies]
    return tuple(study.of(set.intersection(*complete)) for study in studies)


def summary(code: str, root: Path | str | None = None) -> str:
    """What a sound study holds, in a few lines for people; raises StudyError otherwise."""
    study = load(code, root=root)
    long = study._long
    undisclosed = {
        "total": study.training["own_tokens_b"].isna().sum(),
        "local": study.training["own_local_tokens_b"].isna().sum(),
        "English": study.training["own_english_tokens_b"].isna().sum(),
    }
    lines = [
        f"{study.code}: {study.title}",
        f"  models      {len(study.registry)} in models.csv, "
        f"{study.registry['lineage'].nunique()} lineages"
        + (
            f" ({study.registry['lineage_is_proxy'].sum()} by organisation)"
            if study.registry["lineage_is_proxy"].any()
            else ""
        ),
        f"  benchmarks  {len(study._all_benchmarks)} "
        f"({(study._all_benchmarks['language'] == 'local').sum()} local, "
        f"{(study._all_benchmarks['language'] == 'english').sum()} English)",
        f"  scores      {len(long)} in {len(study.snapshots)} "
        f"snapshot{'s' * (len(study.snapshots) > 1)}",
    ]
    for snapshot in study.snapshots:
        table = study.scores_at(snapshot)
        missing = int(table.isna().to_numpy().sum())
        lines.append(
            f"    {snapshot}  {table.shape[0]} models x {table.shape[1]} benchmarks, "
            + ("complete" if not missing else f"{missing} missing")
            + (" (default)" if snapshot == study.default_snapshot else "")
        )
    lines.append(
        f"  sources     {len(study.sources)}: "
        + "; ".join(f"{each['id']} ({each['licence']})" for each in study.sources)
    )
    if len(study.training):
        lines.append(
            f"  training    {len(study.training)} models; undisclosed: "
            + ", ".join(f"{side} tokens of {count}" for side, count in undisclosed.items())
        )
    else:
        lines.append("  training    no training.csv: chapters on compute will say so")
    if study.claims:
        lines.append(f"  claims      {len(study.claims)} with their tests")
    return "\n".join(lines)


# --- from files to a Study ------------------------------------------------------------------------


def _read(code: str, root: Path | str | None) -> Folder:
    """The checked files of a study; an unknown one names those there are. The code never becomes a
    path unchecked."""
    studies = available(root)
    if code not in studies:
        raise StudyError(f"no study {shown(code)}; there is: {', '.join(studies) or 'none'}")
    base = DATA if root is None else Path(root)
    where = f"{base.name}/{code}"
    folder = check_files(contents(base / code, where), where)
    if folder.settings is not None:
        line = folder.documents["study.yml"].line
        if folder.settings.code != code:
            folder.problems.append(
                Problem(
                    f"{where}/study.yml",
                    line(["code"]),
                    "code",
                    shown(folder.settings.code),
                    f"{code}, the folder's name",
                )
            )
        for source in folder.settings.sources:
            if source.file and (wrong := reading.amiss(base / code / source.file)):
                folder.problems.append(
                    Problem(
                        f"{where}/{source.file}",
                        None,
                        None,
                        wrong,
                        f"the file that study.yml names for source {source.id}",
                    )
                )
    return folder


def contents(folder: Path, where: str) -> dict[str, schema.Content]:
    """What stands under each of the names that a study's files have; `where` goes before them."""
    found: dict[str, schema.Content] = {}
    for name in schema.NAMES:
        try:
            found[name] = reading.content_if_there(folder / name, f"{where}/{name}")
        except reading.InputError as error:
            found[name] = error
    return found


def _settings(folder: Folder) -> Settings:
    """What study.yml says; only a folder with problems may lack it."""
    if folder.settings is None:
        raise StudyError(folder.problems)
    return folder.settings


def _registry(models: pd.DataFrame) -> pd.DataFrame:
    """models.csv by model_id; where no lineage is known, the organisation before the slash stands
    in, marked."""
    registry = models.set_index("model_id")
    proxy = registry["lineage"] == ""
    organisations = registry.index.to_series().str.split("/").str[0]
    registry["lineage"] = registry["lineage"].where(~proxy, organisations)
    registry.insert(list(registry.columns).index("lineage") + 1, "lineage_is_proxy", proxy)
    return registry


def _chosen(long: pd.DataFrame, wanted: list[str], without: str | None, prefer: str) -> pd.Series:
    """model_id -> the snapshot its row comes from, among `wanted`, leaving out the models of
    snapshot `without`."""
    rows = long[["model_id", "snapshot"]].drop_duplicates()
    if without is not None:
        rows = rows[~rows["model_id"].isin(rows.loc[rows["snapshot"] == without, "model_id"])]
    rows = rows[rows["snapshot"].isin(wanted)]
    order = rows["snapshot"].map({snapshot: place for place, snapshot in enumerate(wanted)})
    rows = rows.loc[order.sort_values(kind="stable").index]
    rows = rows.drop_duplicates("model_id", keep="first" if prefer == "earliest" else "last")
    return rows.set_index("model_id")["snapshot"]


def _assembled(
    folder: Folder,
    tables: dict[str, pd.DataFrame],
    registry: pd.DataFrame,
    chosen: pd.Series,
    snapshots: list[str],
) -> Study:
    """Put the parts together, each aligned with the table of scores."""
    long = tables["scores.csv"]
    benchmarks = tables["benchmarks.csv"].set_index("benchmark_id")
    rows = long[long["model_id"].map(chosen) == long["snapshot"]]
    wide = {
        column: _pivot(rows, column, registry.index, benchmarks.index)
        for column in ("score", "standard_error", "split")
    }
    scores = wide["score"].dropna(axis="columns", how="all").astype(float)
    settings = _settings(folder)
    content = settings.model_dump()
    claims = folder.claims.model_dump(exclude_none=True)["claims"] if folder.claims else []
    return Study(
        code=settings.code,
        language=settings.language,
        name=settings.name or settings.title,
        title=settings.title,
        snapshot=" + ".join(snapshots),
        snapshots=tuple(each.id for each in settings.snapshots),
        default_snapshot=settings.default_snapshot,
        scores=scores,
        models=registry.loc[scores.index].copy(),
        registry=registry,
        benchmarks=benchmarks.loc[scores.columns].copy(),
        evaluations=tables["evaluations.csv"],
        training=tables["training.csv"].set_index("model_id"),
        standard_errors=wide["standard_error"][scores.columns].astype(float),
        splits=wide["split"][scores.columns].fillna(""),
        model_snapshots=chosen.loc[scores.index],
        ranges={name: content["ranges"][name] for name in content["ranges"]},
        anchors=dict(settings.anchors),
        claims=tuple(claims),
        citation=tuple(settings.citation),
        sources=tuple(content["sources"]),
        snapshot_info={each["id"]: each for each in content["snapshots"]},
        _long=long,
        _all_benchmarks=benchmarks,
    )


def _pivot(rows: pd.DataFrame, column: str, models: pd.Index, benchmarks: pd.Index) -> pd.DataFrame:
    """Long to wide, rows and columns in the order of models.csv and benchmarks.csv, only those with
    rows."""
    table = rows.set_index(["model_id", "benchmark_id"])[column].unstack()
    table = table.reindex(
        index=[each for each in models if each in table.index],
        columns=[each for each in benchmarks if each in table.columns],
    )
    return table.rename_axis(index="model_id", columns="benchmark_id")


def _wide(study: Study, snapshot: str, column: str) -> pd.DataFrame:
    if snapshot not in study.snapshots:
        raise StudyError(
            f"{study.code} has no snapshot {shown(snapshot)}; allowed: {', '.join(study.snapshots)}"
        )
    rows = study._long[study._long["snapshot"] == snapshot]
    return _pivot(rows, column, study.registry.index, study._all_benchmarks.index).astype(float)
