"""An invented table to try the analyses on: twelve models of six lineages, five benchmarks.

Each lineage has a model trained on English (`a-base`) and one that was continued from it on local
text (`a-xx`), which does better in the local language.  The examples of this package use it where
a table typed in a line would be too small.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from lib.stats.budget import Budgets, draw
from lib.stats.resampling import Resampling

#: Benchmark -> its side.
SIDES = {
    "know-en": "english",
    "code-en": "english",
    "know-xx": "local",
    "code-xx": "local",
    "exam-xx": "local",
}
FAMILIES = tuple("abcdef")
SEED = 1


def scores() -> pd.DataFrame:
    """Fractions of right answers, models x benchmarks.

    >>> scores().shape
    (12, 5)
    """
    rng, models, local = np.random.default_rng(SEED), lineages().index, side().eq("local")
    size = np.repeat(np.linspace(0.3, 0.7, len(FAMILIES)), 2)
    gain = np.outer(models.str.endswith("-xx"), local) * 0.1
    taste = np.outer(rng.normal(0, 0.04, len(models)), side().index.str.startswith("code"))
    noise = rng.normal(0, 0.03, (len(models), len(local)))
    return pd.DataFrame(size[:, None] + gain + taste + noise, models, local.index).round(3)


def lineages() -> pd.Series:
    """Model -> its lineage.

    >>> lineages().head(3).to_dict()
    {'a-base': 'a', 'a-xx': 'a', 'b-base': 'b'}
    """
    return pd.Series({f"{family}-{kind}": family for family in FAMILIES for kind in ("base", "xx")})


def resampling() -> Resampling:
    """How the lineages are resampled: few replicates, since an example must be quick.

    >>> resampling().count, resampling().units
    (6, 'lineages')
    """
    return Resampling(lineages(), seed=SEED, replicates=200)


def side() -> pd.Series:
    """Benchmark -> local or english.

    >>> side().value_counts().to_dict()
    {'local': 3, 'english': 2}
    """
    return pd.Series(SIDES)


def strategy() -> pd.Series:
    """Model -> how it was trained.

    >>> strategy()["a-xx"]
    'continual_local'
    """
    return pd.Series(
        {
            model: "continual_local" if model.endswith("-xx") else "from_scratch_english"
            for model in lineages().index
        }
    )


def study() -> SimpleNamespace:
    """What analyses that ask a study read of it; `f-xx` does not tell its tokens.

    >>> study().registry.loc["a-xx", "parent_id"]
    'a-base'
    """
    table, models = scores(), lineages()
    parents = [f"{models[name]}-base" * name.endswith("-xx") for name in models.index]
    registry = pd.DataFrame(
        {
            "parent_id": parents,
            "parent_note": "",
            "lineage": models,
            "developer": models.str.upper(),
            "strategy": strategy(),
            "params_active_b": np.repeat(2.0 ** np.arange(len(FAMILIES)), 2),
            "params_total_b": np.nan,
        },
        index=models.index,
    )
    continued = registry["strategy"] == "continual_local"
    own = (registry["params_active_b"] * np.where(continued, 5, 100)).where(models.index != "f-xx")
    training = pd.DataFrame(
        {
            "own_tokens_b": own,
            "own_local_tokens_b": own * np.where(continued, 0.8, 0.01),
            "own_english_tokens_b": own * np.where(continued, 0.2, 0.95),
        }
    )
    untold = {
        "own_tokens_b": {"lower": 50, "upper": 500, "scale": "log-uniform"},
        "local_share": {"lower": 0.5, "upper": 0.9, "scale": "uniform"},
        "english_share": {"lower": 0.5, "upper": 1, "scale": "uniform", "of": "rest"},
    }
    return SimpleNamespace(
        registry=registry,
        models=registry,
        training=training,
        ranges={"likely": {what: {"continual_local": range_} for what, range_ in untold.items()}},
        scores=table,
        benchmarks=side().to_frame("language"),
        default_snapshot="2026",
        scores_at=lambda snapshot: table,
    )


def budgets() -> Budgets:
    """Ten draws of each model's tokens.

    >>> budgets().tokens["local"].shape
    (12, 10)
    """
    return draw(study(), SEED, draws=10)
