"""What do the recorded results say, taken together?  A study and its recorded results in, findings with verdicts out.

The summary pages and the README say the same few things; here alone is decided which benchmarks those are about and
which threshold each must pass.  Nothing is estimated: every number was recorded by an analysis chapter.

A study without parents, training budgets or translated benchmarks has fewer findings, never an error.
"""

from __future__ import annotations

import dataclasses

import pandas as pd

from lib import claims, resampling
from lib.resampling import Estimate

#: A skill carries over where the models' scores in two languages share half their variance: r above the root of 1/2.
CARRIES_OVER = 0.7


@dataclasses.dataclass(frozen=True)
class Finding:
    """One recorded number read against one threshold.

    group : "carries", "needs", "costs" or "scales".     subject : plain words for what the number is about.
    kind : "correlation", "pairs", "local", "strategies" or "scaling": what was compared.
    id, estimate : the record.     above, below : the threshold of the claim, one of them.
    moved, pairs : how many of the pairs moved to the claimed side, and of how many, where that was recorded.
    """

    group: str
    subject: str
    kind: str
    id: str
    estimate: Estimate
    above: float | None = None
    below: float | None = None
    moved: int | None = None
    pairs: int | None = None

    @property
    def verdict(self) -> str:
        """*supported*, *undecided* or *contradicted*, by the one rule of `resampling.verdict`."""
        return resampling.verdict(self.estimate, above=self.above, below=self.below)


def local_targets(benchmarks: pd.DataFrame) -> list[str]:
    """The benchmarks that only local text should teach: knowledge asked in the local language, translation into it."""
    local = benchmarks["language"] == "local"
    wanted = local & ((benchmarks["ability"] == "knowledge") | (benchmarks["direction"] == "into_local"))
    return list(benchmarks.index[wanted])


def of(study, results: pd.DataFrame) -> list[Finding]:
    """All findings, group by group.

    Parameters
    ----------
    study : Study, for the benchmarks' names, sides, abilities and counterparts.
    results : DataFrame indexed by id with a column value and, where known, low, high and what else was recorded
        (`report.Page.cited("")`).
    """
    return [*carries(study, results), *needs(study, results), *costs(study, results), *scales(study, results)]


def carries(study, results: pd.DataFrame) -> list[Finding]:
    """Translated pairs of benchmarks: do models that score high in English score high in the local language?"""
    names, sides = study.benchmarks["name"], study.benchmarks["language"]
    found = []
    for pair in study.pairs_of_counterparts("translation"):
        english, local = sorted(pair, key=lambda benchmark: sides[benchmark] == "local")
        found += _read(results, f"transfer/pearson/{pair[0]}~{pair[1]}", "carries", "correlation",
                       f"{names[english]} and {names[local]}", above=CARRIES_OVER)
    return sorted(found, key=lambda finding: -finding.estimate.value)


def needs(study, results: pd.DataFrame) -> list[Finding]:
    """Local knowledge and translation: higher in a continued model than in its parent.

    Without pairs: whether they go with what models hold beyond their English, more than chance gives; without that,
    whether they stand apart from English.  The benchmark farthest from its threshold comes first.
    """
    names = study.benchmarks["name"]
    found = []
    for benchmark in local_targets(study.benchmarks):
        task = f"local/task/{benchmark}"
        chance = results["null_high"].get(task) if "null_high" in results else None
        found += (_read(results, f"pairs/difference/{benchmark}", "needs", "pairs", names[benchmark], above=0)
                  or (_read(results, task, "needs", "local", names[benchmark], above=float(chance))
                      if chance is not None and not pd.isna(chance) else [])
                  or _read(results, f"transfer/english/{benchmark}", "needs", "correlation", names[benchmark],
                           below=CARRIES_OVER))
    return sorted(found, key=lambda finding: -abs(finding.estimate.value - (finding.above or finding.below or 0)))


def costs(study, results: pd.DataFrame) -> list[Finding]:
    """English and code: lower in a continued model than in its parent?  The benchmarks that lose most come first."""
    benchmarks = study.benchmarks
    found = []
    for benchmark in benchmarks.index[(benchmarks["language"] == "english") | (benchmarks["ability"] == "code")]:
        name = benchmarks["name"][benchmark]
        found += (_read(results, f"pairs/difference/{benchmark}", "costs", "pairs", name, below=0)
                  or _read(results, f"strategies/difference/{benchmark}", "costs", "strategies", name, below=0))
    return sorted(found, key=lambda finding: finding.estimate.value)


def scales(study, results: pd.DataFrame) -> list[Finding]:
    """Ability against the budget of its own language: the general one with English, the second with local compute."""
    sides = {"PC1": ("english", "English"), "PC2": ("local", study.language)}
    return [finding for component, name in component_names(study, results).items()
            for side, word in [sides[component]]
            for finding in _read(results, f"scaling/pearson/{component}/{side}", "scales", "scaling",
                                 f"{_first_upper(name)} ({component}) and {word} compute", above=0)]


@dataclasses.dataclass(frozen=True)
class Headline:
    """The study in a sentence: `sentences` has one for each verdict, with places for `numbers` (as `Page.answer`)."""

    verdict: str
    sentences: dict[str, str]
    numbers: dict[str, object]


#: How the headline opens, by its verdict.
OPENINGS = {
    "supported": "**{bought}.**",
    "undecided": "**These models do not settle it.**",
    "contradicted": "**Something else than the source study found.**",
}
#: The headline's evidence: as it reads where its claims hold, and in words that hold for any numbers.
EVIDENCE = {
    "carries": ("English carries over in {skills}: even the translated pair that agrees least, {pair}, has "
                "r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{r}",
                "Of the translated pairs, {pair} agree least, r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{r}"),
    "pairs": ("models continued on {language} text gain {gain} on {benchmark} over their own parents",
              "models continued on {language} text move by {gain} on {benchmark} against their own parents"),
    "local": ("{benchmark} goes with what models hold beyond their English, r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{gain}",
              "{benchmark} and what models hold beyond their English have r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{gain}"),
    "correlation": ("{benchmark} does not follow the English benchmarks, with whose mean it has "
                    "r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{gain}",
                    "{benchmark} and the mean of the English benchmarks have r\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{gain}"),
}


def headline(study, results: pd.DataFrame) -> Headline | None:
    """The answer of the whole study with its two numbers; None where neither part could be recorded.

    The numbers are chosen by rule: the translated pair that agrees least, and the local benchmark that speaks most
    clearly for its need of local text.  All translated pairs must carry over and most local benchmarks need local text.
    """
    carried, needed = carries(study, results), needs(study, results)
    kinds, numbers, verdicts = [], {}, []
    if carried:
        loosest = min(carried, key=lambda finding: finding.estimate.value)
        kinds, verdicts = ["carries"], [together(carried)]
        numbers = {"pair": loosest.subject, "r": loosest.estimate, "skills": _skills(study)}
    if needed:
        paired = [finding for finding in needed if finding.kind == "pairs"]
        apart = all(finding.kind == "correlation" for finding in needed)
        clearest = (min if apart else max)(paired or needed, key=lambda finding: finding.estimate.value)
        kinds.append(clearest.kind)
        verdicts.append(mostly(needed))
        numbers |= {"benchmark": clearest.subject, "gain": clearest.estimate.format(sign=bool(paired))}
    numbers["bought"] = _bought(study)
    if not kinds:
        return None
    verdict = "contradicted" if "contradicted" in verdicts else "undecided" if "undecided" in verdicts else "supported"
    evidence = {word: "; ".join(EVIDENCE[kind][word != "supported"] for kind in kinds) for word in OPENINGS}
    return Headline(verdict, {word: f"{OPENINGS[word]} {_sentence(evidence[word])}" for word in OPENINGS}, numbers)


def _bought(study) -> str:
    """What local text should teach, as far as the study's benchmarks ask for it."""
    asked = study.benchmarks.loc[local_targets(study.benchmarks)]
    parts = [f"{study.language} knowledge"] if (asked["ability"] == "knowledge").any() else []
    parts += [f"translation into {study.language}"] if (asked["direction"] == "into_local").any() else []
    return ", and ".join(parts) or "What English does not teach"


def _skills(study) -> str:
    """The abilities that translated benchmarks ask for, as a phrase."""
    asked = [study.benchmarks.at[pair[0], "ability"] for pair in study.pairs_of_counterparts("translation")]
    return _listed(list(dict.fromkeys(asked)))


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)


def _sentence(text: str) -> str:
    return f"{_first_upper(text)}."


def _first_upper(text: str) -> str:
    return text[0].upper() + text[1:]


#: Share of benchmarks that must load in one direction on a general ability, and of the largest loading that leads.
GENERAL, LEADING = 0.75, 0.75


def called(loadings: pd.Series, benchmarks: pd.DataFrame, language: str) -> str:
    """What a component is called: general where nearly all benchmarks load in one direction, else after what leads it.

    Parameters
    ----------
    loadings : Series, benchmark -> loading.     benchmarks : DataFrame with ability and language ("local", "english").
    """
    if (loadings > 0).mean() > GENERAL:
        return "general ability"
    leading = benchmarks.loc[loadings.index[loadings >= LEADING * loadings.max()]]
    words, sides = list(dict.fromkeys(leading["ability"])), set(leading["language"])
    side = {"local": f"{language} ", "english": "English "}[sides.pop()] if len(sides) == 1 else ""
    return side + _listed(words)


def component_names(study, results: pd.DataFrame) -> dict[str, str]:
    """Names of the first two components by `called`, from the recorded loadings."""
    names = {}
    for component in ("PC1", "PC2"):
        ids = {f"abilities/loading/{component}/{benchmark}": benchmark for benchmark in study.benchmarks.index}
        known = results.loc[[each for each in ids if each in results.index], "value"].astype(float).rename(ids)
        names[component] = called(known, study.benchmarks, study.language) if len(known) else component
    return names


def tested(study, results: pd.DataFrame) -> pd.DataFrame:
    """The board of the study's claims (`claims.board`), as far as the chapters recorded what they rest on."""
    def recorded(test: dict) -> bool:
        return set([test["result"]] if "result" in test else test["results"]) <= set(results.index)
    known = [{**claim, "tests": {panel: test for panel, test in claim["tests"].items() if recorded(test)}}
             for claim in study.claims]
    return claims.board(known, results.to_dict("index"))


#: Panels of models in words.
PANELS = {"source": "The study's models", "further": "Further models", "pairs": "Models against their parents"}


def grouped(board: pd.DataFrame, group: str) -> pd.DataFrame:
    """The verdicts of one group of claims, claims (their sentences) x panels (in words); empty where there are none."""
    part = board[board["group"] == group]
    table = part.pivot(index="sentence", columns="panel", values="verdict").reindex(part["sentence"].unique())
    return table.reindex(columns=[panel for panel in PANELS if panel in table]).rename(columns=PANELS).rename_axis("Claim")


def counts(findings: list[Finding]) -> dict[str, int]:
    """How many findings have each verdict."""
    verdicts = [finding.verdict for finding in findings]
    return {word: verdicts.count(word) for word in ("supported", "undecided", "contradicted")}


def mostly(findings: list[Finding]) -> str:
    """One verdict for a claim about a kind of benchmark: more than half of its findings support (or contradict) it."""
    verdicts = [finding.verdict for finding in findings]
    return next((word for word in ("supported", "contradicted") if 2 * verdicts.count(word) > len(verdicts)), "undecided")


def widest(estimate: Estimate) -> Estimate:
    """The estimate with the outermost ends of its two intervals, over lineages and over models.

    With three or four lineages the interval over lineages has few distinct replicates and may be the narrower one.
    """
    def outer(pick, one, other):
        known = [end for end in (one, other) if end is not None]
        return pick(known) if known else None
    return dataclasses.replace(estimate, low=outer(min, estimate.low, estimate.low_ordinary),
                               high=outer(max, estimate.high, estimate.high_ordinary))


def together(findings: list[Finding]) -> str:
    """One verdict for a claim that rests on several findings: all must support it, one is enough to contradict it."""
    return claims.every([finding.verdict for finding in findings])


def _read(results: pd.DataFrame, name: str, group: str, kind: str, subject: str, **threshold) -> list[Finding]:
    """The finding of one record, or nothing where it was not recorded."""
    if name not in results.index:
        return []
    row = results.loc[name]
    estimate = Estimate.of(row) if kind != "strategies" else widest(Estimate.of(row))
    moved = row.get("up" if "above" in threshold else "down")
    counted = kind == "pairs" and moved is not None and not pd.isna(moved) and estimate.n
    return [Finding(group, subject, kind, name, estimate, **threshold,
                    **({"moved": int(moved), "pairs": int(estimate.n)} if counted else {}))]
