"""Tables of what is known of the training."""

import pandas as pd

from lib import charts, study
from lib.stats import budget
from lib.summary import training


def test_every_range_of_the_study_is_listed_once():
    ja = study.load("ja")
    table = training.assumed(ja, charts.strategy_names(ja.language))
    stated = sum(
        len(ja.ranges["default"][key]) for key in ("own_tokens_b", "local_share", "english_share")
    )
    assert len(table) == stated and not table.isna().any(axis=None)
    continued = table[
        (table["Training"] == "continued on Japanese")
        & (table["Undisclosed"] == "Share of English")
    ]
    assert (
        continued["Ranges from public hints"].item() == "0.5 to 1, uniform, of what is not Japanese"
    )


def test_a_disclosed_budget_is_one_number_and_a_range_is_two():
    ja = study.load("ja")
    table = training.known(ja, budget.draw(ja, 0, draws=2))
    assert len(table) == 35 and table["Source"].str.len().gt(0).all()
    assert table.at["Swallow 7B", "All stages, Japanese"] == "92"
    low, high = table.at["Llama 3 8B", "All stages, Japanese"].split(" to ")
    assert (float(low), float(high)) == (3.0, 75.0) and pd.isna(
        table.at["Mistral-7B-v0.1", "Own stage"]
    )
