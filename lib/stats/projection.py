"""Do the abilities of one panel of models carry over to others?  What was learned on the first,
frozen, is applied to the others or compared with what they give anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.stats.components import SPARE, Abilities, aligned, fit, leading
from lib.stats.correlation import pairs, replicate_matrices
from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling
from lib.stats.tables import checked, standardised


def congruence(
    frozen: Abilities, scores: pd.DataFrame, how: Resampling, components: int = 3
) -> Estimates:
    """Tucker's congruence of the frozen loadings with those refitted on other models, matched one
    to one.

    Parameters
    ----------
    frozen : Abilities of the first panel.
    scores : DataFrame, other models x the same benchmarks.

    Returns
    -------
    Estimates by component; replicates resample the other models only.

    >>> from lib.stats import example
    >>> frozen, how = fit(example.scores()), example.resampling()
    >>> congruence(frozen, example.scores(), how, components=1).values.round(2).to_dict()
    {'PC1': 1.0}
    """
    z = standardised(checked(scores[frozen.loadings.index], complete=True))
    names = frozen.loadings.columns[:components]
    target = frozen.loadings[names].to_numpy()

    def match(weights: np.ndarray) -> np.ndarray:
        _, vectors = leading(replicate_matrices(z.to_numpy(), weights), len(names) + SPARE)
        return np.einsum("rkp,pk->rk", aligned(vectors, target), target)

    return how.of(z.index).estimates(match, names, "Tucker's congruence")


def within(scores: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Scores standardised within each group of models (snapshot), so that a shift of the evaluation
    drops out.

    >>> scores = pd.DataFrame({"know": [1.0, 3.0, 10.0, 14.0]}, index=list("abcd"))
    >>> within(scores, pd.Series(list("xxyy"), index=list("abcd")))["know"].tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    groups = groups.loc[scores.index]
    return (scores - scores.groupby(groups).transform("mean")) / scores.groupby(groups).transform(
        "std", ddof=0
    )


def projections(
    frozen: Abilities,
    first: pd.DataFrame,
    scores: pd.DataFrame,
    snapshots: pd.Series,
    changed: Sequence,
    components: int = 2,
) -> pd.DataFrame:
    """Other models on the frozen components, three ways: as they are, without changed benchmarks,
    within snapshot.

    Parameters
    ----------
    frozen : Abilities of the first panel, fitted to `first`.
    scores, snapshots : other models x benchmarks, and the snapshot each model's scores come from.
    changed : benchmarks whose evaluation changed.

    Returns
    -------
    DataFrame, models x `PC1@as-they-are`.

    >>> from lib.stats import example
    >>> frozen, scores = fit(example.scores()), example.scores() + 0.01
    >>> snapshots = pd.Series("later", index=scores.index)
    >>> found = projections(frozen, example.scores(), scores, snapshots, ["know-en"], components=1)
    >>> list(found)
    ['PC1@as-they-are', 'PC1@without-changed-benchmarks', 'PC1@within-snapshot']
    """
    names = list(frozen.loadings.columns[:components])
    scores = scores[frozen.loadings.index]
    kept = [benchmark for benchmark in frozen.loadings.index if benchmark not in changed]
    reduced = fit(first[kept])
    matched = aligned(
        reduced.loadings.to_numpy()[None, :, : components + SPARE],
        frozen.loadings.loc[kept, names].to_numpy(),
    )[0]
    partial = (scores[kept] - reduced.mean) / reduced.scale
    ways = {
        "as-they-are": frozen.project(scores)[names],
        "without-changed-benchmarks": pd.DataFrame(
            partial.to_numpy() @ matched.T, scores.index, names
        ),
        "within-snapshot": within(scores, snapshots) @ frozen.loadings[names],
    }
    return pd.concat(
        [
            table.rename(columns=lambda name, way=way: f"{name}@{way}")
            for way, table in ways.items()
        ],
        axis=1,
    )


def comparable(
    first: pd.DataFrame,
    other: pd.DataFrame,
    changed: Sequence,
    anchors: Mapping[str, str] | None = None,
    components: int = 2,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both panels on the first one's components, found without benchmarks whose evaluation changed,
    models x components.

    Parameters
    ----------
    first, other : models x benchmarks.     changed : benchmarks to leave out.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> one, two = comparable(scores, scores + 0.01, ["know-en"], components=1)
    >>> one["PC1"].lt(two["PC1"]).all().item()
    True
    """
    frozen = fit(first, anchors)
    both = []
    for scores in (first, other):
        once = pd.Series("", index=scores.index)
        ways = projections(frozen, first, scores, once, changed, components)
        kept = [each for each in map(str, ways) if each.endswith("@without-changed-benchmarks")]
        both.append(ways[kept].rename(columns=lambda each: each.split("@")[0]))
    return both[0], both[1]


def refitted(
    frozen: Abilities, scores: pd.DataFrame, snapshots: pd.Series, components: int = 2
) -> pd.DataFrame:
    """Other models on components fitted anew to them, matched to the frozen ones, models x
    components.

    Scores are standardised within snapshot, so that no change of the evaluation is taken for one of
    the models.

    >>> from lib.stats import example
    >>> frozen, scores = fit(example.scores()), example.scores() + 0.01
    >>> snapshots = pd.Series("later", index=scores.index)
    >>> refitted(frozen, scores, snapshots).round(6).equals(frozen.scores[["PC1", "PC2"]].round(6))
    True
    """
    inside, names = (
        within(scores[frozen.loadings.index], snapshots),
        frozen.loadings.columns[:components],
    )
    anew = fit(inside)
    vectors = anew.loadings.to_numpy()[None, :, : components + SPARE]
    matched = aligned(vectors, frozen.loadings[names].to_numpy())[0]
    return pd.DataFrame(
        ((inside - anew.mean) / anew.scale).to_numpy() @ matched.T, inside.index, names
    )


def ranks(ways: pd.DataFrame, anew: pd.DataFrame, how: Resampling) -> Estimates:
    """Spearman's correlation of each way of projection with the refit, by `PC1@as-they-are`.

    Parameters
    ----------
    ways : models x `PC1@as-they-are`, as from `projections`.     anew : models x components, as
        from `refitted`.

    >>> from lib.stats import example
    >>> frozen, scores = fit(example.scores()), example.scores() + 0.01
    >>> snapshots = pd.Series("later", index=scores.index)
    >>> ways = projections(frozen, example.scores(), scores, snapshots, [], components=1)
    >>> anew = refitted(frozen, scores, snapshots)
    >>> ranks(ways, anew, example.resampling()).values.round(2).tolist()
    [1.0, 1.0, 1.0]
    """
    parts = [
        pairs(
            pd.DataFrame({"frozen": ways[way], "anew": anew[way.split("@")[0]]}), how, "spearman"
        ).frame
        for way in ways.columns
    ]
    return Estimates(
        pd.concat([part.set_axis([way]) for way, part in zip(ways.columns, parts, strict=True)])
    )


def held_out(
    first: pd.DataFrame, scores: pd.DataFrame, how: Resampling, components: int = 2
) -> Estimates:
    """Predict each benchmark of other models from their other benchmarks, with everything learned
    on the first panel.

    On the first panel the other benchmarks give `components` principal components, and least
    squares gives the held-out benchmark on them.  Both are applied unchanged to the other models.

    Returns
    -------
    Estimates of the rank correlation (Spearman) of predicted and actual scores by benchmark, with a
    column error, the root mean square error in standard deviations of the first panel.

    >>> from lib.stats import example
    >>> scores = example.scores()
    >>> found = held_out(scores, scores, example.resampling())
    >>> str(found.lowest.subjects), found.count
    ('know-en', 5)
    """
    first, scores = checked(first, complete=True), checked(scores[first.columns], complete=True)
    parts = []
    for benchmark in first:
        both = pd.DataFrame(
            {
                "actual": scores[benchmark],
                "predicted": _predicted(first, scores, benchmark, components),
            }
        )
        error = np.sqrt(((both["predicted"] - both["actual"]) ** 2).mean()) / first[benchmark].std(
            ddof=0
        )
        parts.append(pairs(both, how, "spearman").frame.set_axis([benchmark]).assign(error=error))
    return Estimates(pd.concat(parts))


def _predicted(first: pd.DataFrame, scores: pd.DataFrame, benchmark, components: int) -> np.ndarray:
    others = [name for name in first if name != benchmark]
    learned = fit(first[others])
    names = learned.loadings.columns[:components]
    design = np.column_stack([np.ones(len(first)), learned.scores[names]])
    coefficients, *_ = np.linalg.lstsq(design, first[benchmark].to_numpy(), rcond=None)
    return (
        np.column_stack([np.ones(len(scores)), learned.project(scores[others])[names]])
        @ coefficients
    )
