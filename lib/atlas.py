"""What do all studies say side by side?  Their data and recorded results in, tidy tables with a row a study out.

Nothing is estimated here: every number was recorded by a chapter of the study it belongs to, under the same id in
every study.  A study that is not built, or whose chapters could not record a number, has no row, and `Atlas.missing`
says why; adding a study adds rows.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd

from lib import resampling
from lib import study as studies

ROOT = Path(__file__).resolve().parents[1]
#: What is taken of each record.
FIELDS = ("value", "low", "high", "level", "n", "lineages", "low_ordinary", "high_ordinary", "null_low", "null_high")


@dataclasses.dataclass(frozen=True)
class Atlas:
    """All studies side by side.

    languages : Series, study -> language, in the order of the studies.
    skill : DataFrame, a row a study: language, value, low, high, n, lineages (the share of local skill that English
        explains), factors (kept by parallel analysis), lead (Estimate of how much more knowledge carries, or None).
    tasks : DataFrame, a row a local benchmark of a study: study, language, benchmark, name, ability, value, low, high,
        null_low, null_high, verdict (does it carry local ability beyond chance?).
    follows : the same rows with the correlation with the English average; the verdict is against `threshold`.
    translations : DataFrame, a row a translated pair: study, language, english, local (names), ability, value, low, high.
    models : DataFrame, a row a model of a study: study, language, model, name, strategy, value, low, high, rank, of.
    missing : study -> what could not be read, in a sentence.
    code, language, snapshot, scores : what a page (`report.Page`) asks of a study; scores holds every model and
        benchmark of any study, lineage and all in `registry`.
    """

    languages: pd.Series
    skill: pd.DataFrame
    tasks: pd.DataFrame
    follows: pd.DataFrame
    translations: pd.DataFrame
    models: pd.DataFrame
    missing: dict[str, str]
    threshold: float
    scores: pd.DataFrame
    snapshot: str
    code: str = "site"

    @property
    def language(self) -> str:
        """All languages in a phrase."""
        names = list(self.languages)
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def load(codes: list[str] | None = None, root: Path | str | None = None, threshold: float = 0.7) -> Atlas:
    """Read studies and what their books recorded.

    Parameters
    ----------
    codes : the studies, in order; by default every study under data/.
    root : the checkout; default: the one of this library.
    threshold : a local benchmark follows English where the whole interval of its correlation lies above.

    Raises
    ------
    StudyError
        A named study does not exist, or its data are wrong.
    """
    root = ROOT if root is None else Path(root)
    codes = list(codes or studies.available(root / "data"))
    every = {code: studies.load(code, root=root / "data") for code in codes}
    recorded, missing = {}, {}
    for code in codes:
        recorded[code] = _results(root / "_build" / code / "results.json")
        if not len(recorded[code]):
            missing[code] = f"{every[code].language} is not built yet; run: make book STUDY={code}"
        elif "local/r2_english" not in recorded[code].index:
            missing[code] = f"{every[code].language} records no local ability; see its chapter on local skill"
    parts = {name: [maker(every[code], recorded[code]) for code in codes] for name, maker in (
        ("skill", _skill), ("translations", _translations), ("models", _models))}
    tables = {name: pd.concat(part, ignore_index=True) for name, part in parts.items()}
    tasks = pd.concat([_tasks(every[code], recorded[code], "local/task/") for code in codes], ignore_index=True)
    follows = pd.concat([_tasks(every[code], recorded[code], "transfer/english/") for code in codes], ignore_index=True)
    scores = pd.concat([each.scores for each in every.values()])
    return Atlas(
        languages=pd.Series({code: every[code].language for code in codes}, name="language"),
        tasks=tasks.assign(verdict=_verdicts(tasks, tasks["null_high"])),
        follows=follows.assign(verdict=_verdicts(follows, pd.Series(threshold, follows.index))),
        missing=missing, threshold=threshold, scores=scores[~scores.index.duplicated()],
        snapshot=" + ".join(dict.fromkeys(each.snapshot for each in every.values())), **tables,)


def together(verdicts: list[str]) -> str:
    """One verdict for all languages: the weakest of theirs; undecided where there is none."""
    return next((word for word in ("contradicted", "undecided", "supported") if word in verdicts), "undecided")


def by_kind(tasks: pd.DataFrame) -> list[str]:
    """Kinds of task in the order to show: those of most languages first, then by how high they lie on average."""
    kinds = tasks.groupby("ability").agg(languages=("language", "nunique"), value=("value", "mean"))
    return list(kinds.sort_values(["languages", "value"], ascending=False, kind="stable").index)


def travellers(models: pd.DataFrame, least: int = 2) -> pd.DataFrame:
    """Models measured in at least so many languages, the highest mean of local ability first.

    Returns DataFrame, index model: name, languages (how many), mean, lowest and highest (over languages).
    """
    found = models.groupby("model").agg(name=("name", "first"), languages=("language", "nunique"), mean=("value", "mean"),
                                        lowest=("value", "min"), highest=("value", "max"))
    return found[found["languages"] >= least].sort_values("mean", ascending=False, kind="stable")


# --- one study -------------------------------------------------------------------------------------------------------

def _results(path: Path) -> pd.DataFrame:
    """A study's records by id; empty where its book is not built."""
    if not path.is_file():
        return pd.DataFrame()
    return pd.DataFrame.from_dict(json.loads(path.read_text(encoding="utf-8"))["results"], orient="index")


def _rows(results: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Records under a prefix, indexed by what follows it."""
    found = results.loc[[each for each in results.index if each.startswith(prefix)]]
    return found.rename(index=lambda name: name.removeprefix(prefix)).reindex(columns=FIELDS).astype(float)


def _skill(study, results: pd.DataFrame) -> pd.DataFrame:
    columns = ["study", "language", *FIELDS, "factors", "lead"]
    if "local/r2_english" not in results.index:
        return pd.DataFrame(columns=columns)
    row = _rows(results, "local/r2_english").iloc[0].to_dict()
    factors = results.at["abilities/retained", "value"] if "abilities/retained" in results.index else None
    lead = "local/lead/knowledge"
    lead = resampling.Estimate.of(results.loc[lead]) if lead in results.index else None
    return pd.DataFrame([{"study": study.code, "language": study.language, **row, "factors": factors, "lead": lead}], columns=columns)


def _tasks(study, results: pd.DataFrame, prefix: str) -> pd.DataFrame:
    local = study.benchmarks[study.benchmarks["language"] == "local"]
    rows = _rows(results, prefix)
    rows = rows.loc[[each for each in local.index if each in rows.index]]
    return rows.assign(study=study.code, language=study.language, benchmark=rows.index, name=local["name"].reindex(rows.index),
                       ability=local["ability"].reindex(rows.index))


def _translations(study, results: pd.DataFrame) -> pd.DataFrame:
    rows, sides, names = [], study.benchmarks["language"], study.benchmarks["name"]
    for pair in study.pairs_of_counterparts("translation"):
        english, local = sorted(pair, key=lambda benchmark: sides[benchmark] == "local")
        found = _rows(results, f"transfer/pearson/{pair[0]}~{pair[1]}")
        if len(found):
            rows.append({"study": study.code, "language": study.language, "english": names[english], "local": names[local],
                         "ability": study.benchmarks.at[local, "ability"], **found.iloc[0].to_dict()})
    return pd.DataFrame(rows, columns=["study", "language", "english", "local", "ability", *FIELDS])


def _models(study, results: pd.DataFrame) -> pd.DataFrame:
    rows = _rows(results, "local/score/")
    rows = rows.loc[[each for each in study.models.index if each in rows.index]].sort_values("value", ascending=False, kind="stable")
    return rows.assign(study=study.code, language=study.language, model=rows.index, rank=range(1, len(rows) + 1), of=len(rows),
                       name=study.models["name"].reindex(rows.index), strategy=study.models["strategy"].reindex(rows.index))


def _verdicts(rows: pd.DataFrame, thresholds: pd.Series) -> list[str]:
    return [resampling.verdict(resampling.Estimate.of(row), above=limit) if pd.notna(limit) else "undecided"
            for (_, row), limit in zip(rows.iterrows(), thresholds, strict=True)]
