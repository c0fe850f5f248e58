"""What components are called, and whose budget they are set against."""

import pandas as pd
import pytest

from lib import study
from lib.stats import components, foresight
from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate
from lib.summary import naming

ASKED = pd.DataFrame(
    {
        "ability": ["exams", "knowledge", "translation", "code"],
        "language": ["english", "local", "local", "english"],
    },
    index=list("abcd"),
)


@pytest.mark.parametrize(
    ("loadings", "name"),
    [
        ([0.5, 0.5, 0.5, 0.4], "general ability"),
        ([-0.1, 0.7, 0.6, -0.3], "Newspeak knowledge and translation"),  # both lead
        ([-0.1, 0.7, 0.3, -0.3], "Newspeak knowledge"),  # the other is too far behind
        ([0.6, -0.2, -0.1, 0.7], "English exams and code"),
        ([-0.5, 0.6, -0.2, 0.6], "knowledge and code"),  # of both languages
    ],
)
def test_a_component_is_named_after_what_leads_it(loadings, name):
    assert naming.component(pd.Series(loadings, ASKED.index), ASKED, "Newspeak") == name


def test_the_japanese_abilities_have_their_names():
    ja = study.load("ja")
    names = naming.components(components.fit(ja.scores, ja.anchors).loadings[["PC1", "PC2"]], ja)
    assert names.to_dict() == {
        "PC1": "general ability",
        "PC2": "Japanese knowledge and translation",
    }
    assert naming.titles(names)["PC1"] == "general ability (PC1)"


def test_estimates_go_by_their_components_names_and_parts():
    table = Estimates.from_rows({"PC1/local": Estimate(0.5), "PC2/local": Estimate(0.7)})
    titles = {"PC1": "one (PC1)", "PC2": "two (PC2)"}
    assert list(naming.titled(table, titles)) == ["one (PC1)", "two (PC2)"]
    assert list(naming.titled(table, titles, {"local": "local compute"})) == [
        "one (PC1), local compute",
        "two (PC2), local compute",
    ]


def test_every_forecaster_has_words_of_its_own():
    every = {*foresight.PAIRS, *foresight.MODELS}
    assert set(naming.FORECASTERS) == every
    assert len(set(naming.FORECASTERS.values())) == len(every)
    assert not [words for words in naming.FORECASTERS.values() if "-" in words]
