"""What can this study test?  Each need of a chapter, whether a study meets it, and what to say
where it does not.

A cell or paragraph tagged `needs-translations` is in the book only where the study has
translations; the sentence here stands in its place, and again on the page that lists what a study
cannot test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from lib import words
from lib.stats import budget, components, differences, drift, matched_pairs, power
from lib.stats.tables import TableError
from lib.stats.verdicts import FEWEST, too_few

#: Of the draws that two needs rest on: the same for every study and build.
SEED = 20241220
#: A further set of models is tested from so many models and benchmarks on.
FEWEST_FURTHER, FEWEST_BENCHMARKS = 10, 5


@dataclass(frozen=True)
class Need:
    """A need: the test of a study, what is not there (in words, or a study in, words out), and what
    would bring it."""

    met: Callable
    lacking: str | Callable[..., str]
    opens: str

    def sentence(self, study) -> str:
        """What a page of a study says in the place of what it leaves out."""
        lacking = self.lacking if isinstance(self.lacking, str) else self.lacking(study)
        return f"{lacking} {self.opens}"


NEEDS: dict[str, Need] = {
    "verdicts": Need(
        lambda study: not _too_few(study),
        lambda study: (
            f"{words.first_upper(_too_few(study))}: what so few have in common may be chance, "
            "whatever an interval says, so every question about them stays open."
        ),
        f"Models of {words.counted(FEWEST, 'lineages')} or more would bring verdicts; name "
        "lineages in models.csv.",
    ),
    "english": Need(
        lambda study: study.english.count > 0,
        "No benchmark here is in English, so nothing shows what comes with English and what does "
        "not.",
        "Add English benchmarks that these models were measured on.",
    ),
    "answers": Need(
        lambda study: study.english.count > 0 or len(_pairs(study)) > 0,
        "Without English benchmarks, and without a model that stands beside the one it was "
        "continued from, this study answers neither of the first page's questions.",
        "Either would.",
    ),
    "map": Need(
        lambda study: study.english.count > 0 or _components(study) > 1,
        "No second component stands above noise here, and no benchmark is in English, so there is "
        "nothing to draw a map of models by.",
        "English benchmarks would bring an axis.",
    ),
    "translations": Need(
        lambda study: study.pairs("translation").count > 0,
        "No benchmark here is a translation of another one, so nothing tests directly whether a "
        "skill carries over.",
        "A translated test would: name it in benchmarks.csv, with its counterpart.",
    ),
    "counterparts": Need(
        lambda study: study.pairs().count > 0,
        "No benchmark here has a counterpart in the other language.",
        "Name counterparts in benchmarks.csv.",
    ),
    "five-benchmarks": Need(
        lambda study: len(study.complete().scores.columns) >= 5,
        "General ability apart from a pair of benchmarks needs at least three others, which this "
        "study does not have.",
        "Scores of all models on at least five benchmarks would show it.",
    ),
    "pairs": Need(
        lambda study: len(matched_pairs.find(study)) > 0,
        "No model here was measured together with the model that it was continued from, so "
        "nothing shows what training on local text changes.",
        "Name parents in models.csv, and measure both.",
    ),
    "pairs-anywhere": Need(
        lambda study: len(matched_pairs.find(study, study.snapshots)) > 0,
        "No snapshot here holds a model together with the model that it was continued from.",
        "Name parents in models.csv, and measure both.",
    ),
    "further-pairs": Need(
        lambda study: _pairs(study)["snapshot"].nunique() > 1,
        "No pair here was scored in a further snapshot, so nothing shows whether later models "
        "change in the same way.",
        "Later exports of the leaderboard, with parents named in models.csv, would.",
    ),
    "makers": Need(
        lambda study: len(_pairs(study)) > 2 and _pairs(study)["maker"].nunique() > 1,
        "All pairs here come from one maker, or there are fewer than three, so nothing shows "
        "whether another maker's recipe does the same.",
        "Name the developer of each continued model in models.csv, and measure pairs of several.",
    ),
    "parents": Need(
        lambda study: len(_pairs(study)) > 0 and _pairs(study)["parent"].nunique() > 1,
        "All pairs here start from one parent, so no interval over parents can be drawn.",
        "Measure models continued from others, too.",
    ),
    "directions": Need(
        lambda study: (
            study.directed("into_local").count > 0 and study.directed("into_english").count > 0
        ),
        "Translation is not measured in both directions here.",
        "Two benchmarks with `direction` in benchmarks.csv would tell better translation from a "
        "better command of the language.",
    ),
    "doses": Need(
        lambda study: _doses(study).nunique() > 1 and len(_doses(study)) > 3,
        "How many tokens the continued models saw beyond their parents is known of too few, so "
        "nothing shows whether more text changes more.",
        "Add them to training.csv.",
    ),
    "two-components": Need(
        lambda study: _components(study) > 1,
        "No second component stands above noise here, so there is nothing to turn or to set "
        "against general ability.",
        "More benchmarks of other kinds, or more models, might show one.",
    ),
    "training": Need(
        lambda study: _budgeted(study) >= 4,
        "How many tokens these models were trained on in either language is not known here, so "
        "nothing can be said of scaling.",
        "Add training.csv with what their makers tell, and to study.yml the ranges for the rest.",
    ),
    "further": Need(
        lambda study: (
            min(
                _further(study).shape[0] - FEWEST_FURTHER,
                _further(study).shape[1] - FEWEST_BENCHMARKS,
            )
            >= 0
        ),
        f"This study has fewer than {FEWEST_FURTHER} models beyond the snapshot that it rests on "
        "that were scored on the same benchmarks, so nothing repeats its results.",
        "A later export of the same leaderboard would: add it to scores.csv, and its snapshot to "
        "study.yml.",
    ),
    "further-budgets": Need(
        lambda study: _further_budgets(study) >= FEWEST_FURTHER,
        f"Tokens are known of fewer than {FEWEST_FURTHER} models beyond the snapshot that this "
        "study rests on, so no law is tested on models that it was not fitted to.",
        "Add what their makers tell to training.csv.",
    ),
    "rescored": Need(
        lambda study: drift.span(study.scored, study.scores.columns) is not None,
        "No model of this study was scored twice, so a change of the evaluation cannot be told "
        "from a change of models.",
        "Two exports that share models would tell.",
    ),
    "rerun": Need(
        lambda study: drift.runs(study.scored) is not None,
        "No two snapshots of this study ran a benchmark again on ten or more models, so nothing "
        "shows how far a second run would agree.",
        "A later export of the same leaderboard may.",
    ),
    "items": Need(
        lambda study: (
            power.known_errors(study.scores, study.evaluations_now, study.standard_errors)
            .notna()
            .any(axis=None)
        ),
        "How many items these benchmarks have is not known, so nothing shows how much of a score "
        "is chance.",
        "Add items to evaluations.csv, or standard errors to scores.csv.",
    ),
    "several-lineages": Need(
        lambda study: study.models["lineage"].nunique() > 1,
        "All models here are of one lineage, so no number of this book has an interval over "
        "lineages, and nothing shows what so few can tell.",
        "Measure models of other roots, and name their lineages in models.csv.",
    ),
    "relatives": Need(
        lambda study: 2 < _whole(study).nunique() < len(_whole(study)),
        "Of the models with every score fewer than three lineages are known here, or no two models "
        "of one, so an interval over lineages cannot be tested.",
        "Name lineages in models.csv, or measure what is missing.",
    ),
    "snapshots": Need(
        lambda study: len(study.snapshots) > 1,
        "This study has one snapshot, so nothing shows how far its scores move when they are "
        "measured again.",
        "A later export of the same leaderboard would.",
    ),
    "forecasts": Need(
        lambda study: len(study.forecasts) > 0,
        "This study has put no predictions on the record.",
        "`python -m lib forecast` with the study's code does, with the date of the day.",
    ),
    "later-pairs": Need(
        lambda study: (
            _pairs(study)["snapshot"].nunique() > 1
            and matched_pairs.find(study)["maker"].nunique() > 1
        ),
        "No later snapshot of this study has further pairs, so nothing shows how well they could "
        "have been foreseen.",
        "A later export of the same leaderboard may.",
    ),
    "history": Need(
        lambda study: len(study.history) > 0,
        "This study keeps no record of how its thresholds were set.",
        "List them in history.yml.",
    ),
    "claims": Need(
        lambda study: len(study.claims) > 0,
        "No claims of a source study are listed here.",
        "List them in claims.yml, each with its test.",
    ),
    "sources": Need(
        lambda study: len(study.sources) > 0,
        "This study names no source of its scores.",
        "List them under `sources` in study.yml.",
    ),
    "measured": Need(
        lambda study: len(study.citation) > 1,
        "This study cites nobody for its scores.",
        "Name whom in `citation` of study.yml, after the study that it reproduces.",
    ),
    "papers": Need(
        lambda study: study.benchmarks["citation"].ne("").any(),
        "This study names no paper for its benchmarks.",
        "Name them in the column `citation` of benchmarks.csv.",
    ),
    "continued": Need(
        lambda study: _both(study.models["strategy"]),
        "No models continued on text in the local language stand beside English-centred ones "
        "here, so nothing compares them: the page on strategies shows how those that there are "
        "score.",
        "Fill in `strategy` in models.csv.",
    ),
    "continued-like-size": Need(
        lambda study: _both(study.models.loc[_small(study.models["params_total_b"]), "strategy"]),
        "Continued and English-centred models of like size do not stand side by side here, so "
        "nothing shows what their sizes make of a difference.",
        "Fill in `strategy` and `params_total_b` in models.csv.",
    ),
    "strategies": Need(
        lambda study: differences.contrast(study.models["strategy"]) is not None,
        "How these models were trained is not known here, so nothing shows which training goes "
        "with local ability.",
        "Fill in `strategy` in models.csv.",
    ),
    "local-ability": Need(
        lambda study: study.local.count > 1 and _with_english(study),
        "What models hold beyond their English needs two benchmarks in the local language, one in "
        "English, and some models that were measured on all of them.",
        "Add them to benchmarks.csv and scores.csv.",
    ),
    "knowledge": Need(
        lambda study: (
            0
            < (study.benchmarks.loc[study.local, "ability"] == "knowledge").sum()
            < study.local.count
        ),
        "No benchmark in the local language asks for knowledge beside others that do not, so "
        "nothing tells whether knowledge is what English leaves over.",
        "Name what benchmarks ask for in the column `ability` of benchmarks.csv.",
    ),
    "both-origins": Need(
        lambda study: (
            study.translated.count > 0 and study.untranslated.count > 0 and _with_english(study)
        ),
        "Tests that were translated and tests that were not do not stand side by side here, so "
        "nothing shows whether translated ones follow English more closely.",
        "Say where items come from in the column `origin` of benchmarks.csv.",
    ),
    "untranslated": Need(
        lambda study: (
            study.untranslated.count > 1 and study.translated.count > 0 and _with_english(study)
        ),
        "None of the local tests here is known to be translated, or fewer than two others would "
        "remain, so no share is given without translated ones.",
        "Say where items come from in the column `origin` of benchmarks.csv.",
    ),
    "sizes": Need(
        lambda study: study.models["params_total_b"].notna().sum() > 5,
        "How large these models are is not known here.",
        "Fill in `params_total_b` in models.csv.",
    ),
    "translation-tasks": Need(
        lambda study: (
            2
            <= (study.benchmarks.loc[study.local, "ability"] != "translation").sum()
            < study.local.count
        ),
        "No benchmark here translates, or too few others are there, so nothing tells what "
        "translation adds.",
        "Name benchmarks of translation in benchmarks.csv, with their direction.",
    ),
    "many-models": Need(
        lambda study: len(study.scores.dropna()) > 15,
        "There are too few models to look at the stronger half alone.",
        "Scores of sixteen models on all benchmarks would do.",
    ),
    "contrast": Need(
        lambda study: (
            study.models["strategy"].isin(["continual_local", "from_scratch_local"]).any()
            and study.models["strategy"]
            .isin(["from_scratch_english", "from_scratch_multilingual"])
            .any()
        ),
        "No models with and without training on local text can be told apart here, so nothing "
        "compares them.",
        "Fill in `strategy` in models.csv.",
    ),
}


def _whole(study) -> pd.Series:
    """Lineages of the models that have every score."""
    return study.models.loc[study.scores.dropna().index, "lineage"]


def _too_few(study) -> str:
    """Why this study gives no verdict; empty where it has enough models and lineages."""
    return too_few(lineages=study.models["lineage"].nunique(), models=len(study.scores))


def _with_english(study) -> bool:
    """Whether enough models have every score, some of them in English, for a curve through them."""
    return study.english.count > 0 and len(study.scores.dropna()) > 4


def _further(study):
    """Scores of models that the default snapshot does not have, in their first snapshot, on the
    benchmarks that all have."""
    first = study.scores_at(study.default_snapshot)
    tables = list(study.scored.values())
    models = pd.concat([table[~table.index.isin(first.index)] for table in tables])
    models = models[~models.index.duplicated()]
    complete = [table.columns[table.notna().all()] for table in (first, models)]
    return models[complete[0].intersection(complete[1])]


def _further_budgets(study) -> int:
    """How many of them have a known total of tokens."""
    further = _further(study)
    if further.shape[1] < FEWEST_BENCHMARKS:
        return 0
    return int(study.training["own_tokens_b"].reindex(further.index).notna().sum())


def _pairs(study):
    """Every pair, those of the default snapshot first."""
    return matched_pairs.find(study, (study.default_snapshot, *study.snapshots))


def _doses(study):
    """Further tokens of the default snapshot's continued models, in one draw, where they are
    positive."""
    tokens = matched_pairs.dose(budget.draw(study, seed=0, draws=1), matched_pairs.find(study))[0]
    return tokens[tokens > 0]


def _components(study) -> int:
    """How many components parallel analysis keeps."""
    try:
        return int(components.parallel(study.scores, SEED)["retained"].sum())
    except TableError:
        return 0


def _budgeted(study) -> int:
    """How many models have a budget on every side, disclosed or from a range."""
    drawn = budget.draw(study, SEED, draws=1)
    known = [(drawn.tokens[side] > 0).all(axis=1) for side in budget.SIDES]
    return int((known[0] & known[1] & known[2]).sum())


def _both(strategy) -> bool:
    return {"continual_local", "from_scratch_english"} <= set(strategy)


def _small(size):
    return size.index[size <= size.median()]


def of(study) -> dict[str, dict]:
    """Every need by name: whether the study meets it, and the sentence for where it does not."""
    return {
        name: {"met": bool(need.met(study)), "sentence": need.sentence(study)}
        for name, need in NEEDS.items()
    }
