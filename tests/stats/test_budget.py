"""Budgets by hand, their bounds, and what an undisclosed number may be."""

import types

import numpy as np
import pandas as pd
import pytest

from lib.stats import budget


@pytest.fixture(scope="module")
def drawn(ja):
    return budget.draw(ja, 0, draws=400)


def small(parents, own, strategy="from_scratch_english", ranges=None):
    """A study of a few models, own: model -> (total, local, english)."""
    index = pd.Index(list(own))
    registry = pd.DataFrame(
        {
            "parent_id": pd.Series(parents, dtype=object).reindex(index),
            "strategy": strategy,
            "params_total_b": 10.0,
            "params_active_b": [2.0] + [np.nan] * (len(index) - 1),
        },
        index=index,
    )
    training = pd.DataFrame(
        own, index=["own_tokens_b", "own_local_tokens_b", "own_english_tokens_b"]
    ).T.astype(float)
    return types.SimpleNamespace(
        registry=registry, models=registry, training=training, ranges=ranges or {}
    )


def test_a_child_adds_its_own_tokens_to_all_its_ancestors():
    drawn = budget.draw(
        small({"b": "a", "c": "b"}, {"a": (100, 1, 90), "b": (10, 8, 2), "c": (5, 5, 0)}),
        0,
        draws=2,
    )
    assert drawn.tokens["total"][0].to_dict() == {"a": 100, "b": 110, "c": 115}
    assert drawn.tokens["local"][1].to_dict() == {"a": 1, "b": 9, "c": 14}
    assert drawn.tokens["english"][1].to_dict() == {"a": 90, "b": 92, "c": 92}


def test_compute_is_six_times_active_parameters_times_tokens():
    drawn = budget.draw(
        small({}, {"a": (100, 1, 90), "b": (100, 1, 90), "c": (1, 1, 0)}), 0, draws=1
    )
    assert drawn.compute("total")[0].to_dict() == pytest.approx(
        {"a": 6 * 2e9 * 100e9, "b": 6 * 1e10 * 1e11, "c": 6 * 1e10 * 1e9}
    )


def test_swallow_has_seen_llama_2s_tokens_and_its_own(drawn):
    """Llama 2: 2,000 billion, 0.10% Japanese, 89.70% English; Swallow: 100, 90% Japanese."""
    tokens = {side: drawn.tokens[side].loc["tokyotech-llm/Swallow-7b-hf"] for side in budget.SIDES}
    assert {side: (values.min(), values.max()) for side, values in tokens.items()} == {
        "total": (2100, 2100),
        "local": (92, 92),
        "english": (1804, 1804),
    }


def test_siblings_share_the_draw_of_an_undisclosed_parent(drawn):
    total = drawn.tokens["total"]
    parent, child, sibling = (
        total.loc[model]
        for model in (
            "mistralai/Mistral-7B-v0.1",
            "Rakuten/RakutenAI-7B",
            "tokyotech-llm/Swallow-MS-7b-v0.1",
        )
    )
    assert parent.std() > 0
    np.testing.assert_allclose(child - parent, 175)
    np.testing.assert_allclose(sibling - parent, 100)


def test_draws_stay_within_their_bounds_and_bounds_are_reached(drawn):
    for side in budget.SIDES:
        values = drawn.tokens[side]
        assert (values.min(axis=1) >= drawn.lowest[side] - 1e-9).all()
        assert (values.max(axis=1) <= drawn.highest[side] + 1e-9).all()
        reach = (values.max(axis=1) - values.min(axis=1)) / (
            drawn.highest[side] - drawn.lowest[side]
        ).replace(0, np.nan)
        # English of the rest multiplies two draws, whose joint end is rarely met.
        assert (reach.dropna() > 0.7).all()


def test_languages_never_add_up_to_more_than_all_tokens(drawn):
    assert (drawn.tokens["local"] + drawn.tokens["english"] <= drawn.tokens["total"] + 1e-9).all(
        axis=None
    )


def test_a_known_number_is_never_drawn(ja, drawn):
    known = ja.training["own_local_tokens_b"].dropna().index
    roots = ja.models.index[ja.models["parent_id"].isna() | (ja.models["parent_id"] == "")]
    for model in known.intersection(roots):
        assert (
            drawn.tokens["local"].loc[model] == ja.training.loc[model, "own_local_tokens_b"]
        ).all()


def test_without_a_range_the_unknown_stays_unknown():
    drawn = budget.draw(
        small({"b": "a"}, {"a": (np.nan, np.nan, np.nan), "b": (10, 5, 5)}), 0, draws=2
    )
    assert drawn.tokens["total"].isna().all(axis=None)


def test_a_circle_of_parents_is_named():
    with pytest.raises(ValueError, match="circle"):
        list(budget.ancestry("a", {"a": "b", "b": "a"}))


def test_unknown_ranges_are_named_with_those_there_are(ja):
    with pytest.raises(ValueError, match="ranges 'narrow' is not one of default, wide"):
        budget.draw(ja, 0, ranges="narrow")
