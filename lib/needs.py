"""What can this study test?  Each need of a chapter, whether a study meets it, and what to say where it does not.

A cell or paragraph tagged `needs-translations` is in the book only where the study has translations; the sentence here
stands in its place, and again on the page that lists what a study cannot test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib import pairs
from lib.stats import budget, components
from lib.stats.tables import TableError

#: Of the draws that two needs rest on: the same for every study and build.
SEED = 20241220


@dataclass(frozen=True)
class Need:
    """A need: the test of a study, what is not there, and what would bring it."""

    met: Callable
    lacking: str
    opens: str

    @property
    def sentence(self) -> str:
        """What a page says in the place of what it leaves out."""
        return f"{self.lacking} {self.opens}"


NEEDS: dict[str, Need] = {
    "translations": Need(
        lambda study: study.pairs("translation").count > 0,
        "No benchmark here asks the same items in both languages, so nothing tests directly whether a skill carries over.",
        "A translated test would: name it in benchmarks.csv, with its counterpart."),
    "counterparts": Need(
        lambda study: study.pairs().count > 0,
        "No benchmark here has a counterpart in the other language.",
        "Name counterparts in benchmarks.csv."),
    "five-benchmarks": Need(
        lambda study: len(study.complete().scores.columns) >= 5,
        "General ability apart from a pair of benchmarks needs at least three others, which this study does not have.",
        "Scores of all models on at least five benchmarks would show it."),
    "pairs": Need(
        lambda study: len(pairs.find(study)) > 0,
        "No model here was measured together with the model that it was continued from, so nothing shows what training "
        "on local text changes.",
        "Name parents in models.csv, and measure both."),
    "pairs-anywhere": Need(
        lambda study: len(pairs.find(study, study.snapshots)) > 0,
        "No snapshot here holds a model together with the model that it was continued from.",
        "Name parents in models.csv, and measure both."),
    "two-components": Need(
        lambda study: _components(study) > 1,
        "No second component stands above noise here, so there is nothing to turn or to set "
        "against general ability.",
        "More benchmarks of other kinds, or more models, might show one."),
    "training": Need(
        lambda study: _budgeted(study) >= 4,
        "How many tokens these models were trained on in either language is not known here, so "
        "nothing can be said of scaling.",
        "Add training.csv with what their makers tell, and to study.yml the ranges for the rest."),
    "further": Need(
        lambda study: len(study.registry) > len(study.scores_at(study.default_snapshot)),
        "This study has no models beyond the snapshot that it rests on, so nothing repeats its results.",
        "A later export of the same leaderboard would."),
    "snapshots": Need(
        lambda study: len(study.snapshots) > 1,
        "This study has one snapshot, so nothing shows how far its scores move when they are measured again.",
        "A later export of the same leaderboard would."),
    "claims": Need(
        lambda study: len(study.claims) > 0,
        "No claims of a source study are listed here.",
        "List them in claims.yml, each with its test."),
    "contrast": Need(
        lambda study: study.models["strategy"].isin(["continual_local", "from_scratch_local"]).any()
        and study.models["strategy"].isin(["from_scratch_english", "from_scratch_multilingual"]).any(),
        "No models with and without training on local text can be told apart here, so nothing compares them.",
        "Fill in `strategy` in models.csv."),
}


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


def of(study) -> dict[str, dict]:
    """Every need by name: whether the study meets it, and the sentence for where it does not."""
    return {name: {"met": bool(need.met(study)), "sentence": need.sentence} for name, need in NEEDS.items()}
