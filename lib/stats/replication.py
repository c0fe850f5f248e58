"""Does it hold for other models?  Everything is frozen on one set of models and tested on another.

The further models share makers and lineages with the first ones, and many came later: agreement is
replication on new models, not on independent ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from lib.stats.components import SPARE, Abilities, aligned, fit, leading
from lib.stats.correlation import contrast, pairs, replicate_matrices
from lib.stats.estimates import PAIR, Estimate, Estimates, Verdict
from lib.stats.resampling import Resampling
from lib.stats.tables import FEWEST_MODELS, checked, standardised

#: An interval over fewer lineages than this settles nothing.
FEWEST_LINEAGES = 6


def held(
    kinds: Mapping[str, tuple[Estimates, Estimates]], at: float | None = None
) -> tuple[Estimates, Estimates]:
    """What was found on one set of models, and the same on another.

    A finding is an estimate whose whole interval lies on one side of its threshold.  On the other
    models it is judged on that side of that threshold: supported where it holds, contradicted where
    the whole interval lies on the other side.  An interval over fewer than six lineages leaves it
    undecided.

    Parameters
    ----------
    kinds : what was found -> (estimates of the first models, estimates of the others), by the same
        subjects.
    at : the threshold; by default the one that each of the first estimates was judged by.

    Returns
    -------
    (the findings as they were, the same on the other models), both by `kind/subject`, the highest
    of a kind first.

    >>> clear, open_one = Estimate(0.9, 0.8, 1, groups=9), Estimate(0.5, 0.2, 0.8, groups=9)
    >>> first = Estimates.from_rows({"a": clear, "b": open_one})
    >>> again = Estimates.from_rows({"a": Estimate(0.5, 0.4, 0.6, groups=9), "b": clear})
    >>> before, now = held({"high": (first, again)}, at=0.7)
    >>> str(before), str(now), str(now.weakest)
    ('high/a 0.90 [0.80, 1.00]', 'high/a 0.50 [0.40, 0.60]', 'contradicted')
    """
    before, now = [], []
    for kind, (first, again) in kinds.items():
        found = {
            each: way
            for each, estimate in first.items()
            if each in again and (way := _side(estimate, at))
        }
        some = first.of(found).sorted()
        before.append(some.under(kind))
        now.append(_judged_as(again.of(some), found).under(kind))
    return Estimates.stacked(*before), Estimates.stacked(*now)


def _side(estimate: Estimate, at: float | None) -> tuple[str, float] | None:
    """On which side of its threshold all of an interval lies; None where it holds the threshold."""
    if at is None:
        at = estimate.above if estimate.above is not None else estimate.below
    if at is None or estimate.low is None or estimate.high is None:
        return None
    return ("above", at) if estimate.low > at else ("below", at) if estimate.high < at else None


def _judged_as(again: Estimates, found: Mapping[str, tuple[str, float]]) -> Estimates:
    sides = {
        side: pd.Series({each: at for each, (way, at) in found.items() if way == side}, dtype=float)
        for side in ("above", "below")
    }
    judged = again.judged(**sides).frame
    few = (judged["units"] == "lineages") & (judged["groups"].astype(float) < FEWEST_LINEAGES)
    return Estimates(judged.assign(verdict=judged["verdict"].mask(few, Verdict.UNDECIDED)))


def released_after(models: pd.DataFrame, date: str) -> pd.Series:
    """Whether each model came out after a date (YYYY-MM-DD); a month alone counts as its last day,
    unknown as no.

    >>> models = pd.DataFrame({"released": ["2024-07", "2025-01-02", ""]}, index=list("abc"))
    >>> released_after(models, "2024-07-31").tolist()
    [False, True, False]
    """
    released = models["released"].fillna("").astype(str)
    day = pd.to_datetime(released.where(released.str.len() != 7, released + "-01"), errors="coerce")
    return day.where(released.str.len() != 7, day + pd.offsets.MonthEnd(0)) > pd.Timestamp(date)


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


def without_weightiest(scores: pd.DataFrame, groups: pd.Series, how: Resampling) -> Estimates:
    """The correlation of two benchmarks without the group of models whose absence moves it most,
    under the group's name.

    Parameters
    ----------
    scores : DataFrame, models x two benchmarks.
    groups : Series, model -> group; a group of one model each asks for the model that weighs most.

    >>> x, y = [1.0, 2, 3, 4, 9], [1.0, 2, 3, 4, -9]
    >>> scores = pd.DataFrame({"x": x, "y": y}, index=list("abcde"))
    >>> how = Resampling(pd.Series(scores.index, scores.index), seed=1, replicates=100)
    >>> str(without_weightiest(scores, how.groups, how).subjects)
    'e'
    """
    groups = groups.loc[scores.index]
    rest = {group: scores[groups != group] for group in groups.unique()}
    r = {
        group: table.iloc[:, 0].corr(table.iloc[:, 1])
        for group, table in rest.items()
        if len(table) >= FEWEST_MODELS and table.std().min() > 0
    }
    all_of_them = scores.iloc[:, 0].corr(scores.iloc[:, 1])
    most = max(r, key=lambda group: abs(r[group] - all_of_them), default=None)
    return (
        Estimates.from_rows({})
        if most is None
        else Estimates(pairs(rest[most], how).frame.set_axis([most]))
    )


def most_moved(before: Estimates, now: Estimates) -> Estimates:
    """The row of `now` whose value differs most from that in `before`; empty where they share
    none.

    >>> before = Estimates.from_rows({"x": {"value": 0.5}, "y": {"value": 0.5}})
    >>> str(most_moved(before, Estimates.from_rows({"x": {"value": 0.6}, "y": {"value": 0.1}})))
    'y 0.10'
    """
    moved = (now.values - before.values.reindex(now.frame.index)).abs().astype(float).dropna()
    return now.of(list(moved.nlargest(1).index))


def across(one: Sequence, other: Sequence, order: Iterable) -> list[str]:
    """Ids `A~B` of all pairs of a benchmark of `one` with one of `other`, named as in a table with
    columns `order`.

    >>> across(["c"], ["a", "b"], ["a", "b", "c"])
    ['a~c', 'b~c']
    """
    place = {each: position for position, each in enumerate(order)}
    pairs_of = {tuple(sorted((a, b), key=place.__getitem__)) for a in one for b in other if a != b}
    return [
        PAIR.join(pair)
        for pair in sorted(pairs_of, key=lambda pair: (place[pair[0]], place[pair[1]]))
    ]


def contrasts(
    scores: pd.DataFrame, ones: Sequence, first: Sequence, second: Sequence, how: Resampling
) -> Estimates:
    """For each of `ones`, how much closer it goes with one of `first` than with one of `second`: r
    minus r.

    Returns
    -------
    Estimates by `A~B@A~C`, pairs named in the order of the columns of `scores`.

    >>> from lib.stats import example
    >>> first, second = ["know-xx"], ["know-en"]
    >>> found = contrasts(example.scores(), ["exam-xx"], first, second, example.resampling())
    >>> list(found)
    ['know-xx~exam-xx@know-en~exam-xx']
    """
    found = []
    for one in ones:
        for a, b in itertools.product(first, second):
            table = contrast(scores, (one, a), (one, b), how)
            found.append(
                table.renamed(
                    {
                        table.subjects[0]: "@".join(
                            across([one], [each], scores)[0] for each in (a, b)
                        )
                    }
                )
            )
    return Estimates.stacked(*found) if found else Estimates.from_rows({})


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
