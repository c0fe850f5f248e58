"""What is known of the training, and what is assumed where makers do not tell: tables for
people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lib import words
from lib.stats.budget import SIDES, Budgets


def assumed(study, strategies: Mapping[str, str]) -> pd.DataFrame:
    """The study's ranges for undisclosed tokens, one row what is undisclosed and how models were
    trained.

    Parameters
    ----------
    strategies : strategy -> what it is called.

    Returns DataFrame with columns Undisclosed, Training and one for each set of ranges.
    """
    what = {
        "own_tokens_b": "Tokens of the own stage, billions",
        "local_share": f"Share of {study.language}",
        "english_share": "Share of English",
    }
    rows = []
    for key, undisclosed in what.items():
        for strategy, called in strategies.items():
            told = {
                rules.get("label") or name: _range(
                    (rules.get(key) or {}).get(strategy), study.language
                )
                for name, rules in study.ranges.items()
            }
            if any(told.values()):
                rows.append({"Undisclosed": undisclosed, "Training": called, **told})
    return pd.DataFrame(rows)


def _range(rule: Mapping | None, language: str) -> str | None:
    if not rule:
        return None
    of = f", of what is not {language}" if rule.get("of") == "rest" else ""
    return f"{rule['lower']:g} to {rule['upper']:g}, {rule['scale']}{of}"


def known(study, budgets: Budgets) -> pd.DataFrame:
    """What each model's maker tells of its tokens, what that allows over all stages, and where it
    says so.

    Parameters
    ----------
    budgets : tokens over all stages, in billions.
    """
    sides = {"english": "English", "local": study.language, "total": "all text"}
    told = study.training.reindex(
        [model for model in study.models.index if model in study.training.index]
    )
    table = pd.DataFrame(
        {
            "Model": study.models.loc[told.index, "name"],
            "Active parameters, billions": budgets.parameters[told.index],
            "Own stage": told["own_tokens_b"],
            f"of it {study.language}": told["own_local_tokens_b"],
            "of it English": told["own_english_tokens_b"],
            **{
                f"All stages, {sides[side]}": [
                    _between(budgets, model, side) for model in told.index
                ]
                for side in SIDES
            },
            "Disclosure": told["disclosure"].str.replace("_", " "),
            "Confidence": told["confidence"],
            "Source": told["source"],
        }
    )
    return table.set_index("Model")


def _between(budgets: Budgets, model: str, side: str) -> str | None:
    """The least and the most tokens that ranges allow, one number where all is disclosed."""
    low, high = budgets.lowest.at[model, side], budgets.highest.at[model, side]
    if pd.isna(low) or pd.isna(high):
        return None
    shown = [
        words.number(round(end)) if end >= 10 else words.number(end, ".2g") for end in (low, high)
    ]
    return " to ".join(dict.fromkeys(shown))
