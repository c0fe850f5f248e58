"""What does continuing on local text change?  Each continued model against its own parent.

Both are scored in one snapshot.  The nearest thing to an experiment here: the parent holds size,
architecture and earlier training constant.  Pairs that share a parent share its noise, so
intervals resample parents, and sign-flip tests flip all pairs of a parent (or of a lineage)
together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from lib.stats.estimates import Estimates
from lib.stats.resampling import Resampling, codes, mean, percentiles
from lib.stats.tables import Labels

#: Flips are enumerated up to this many clusters (2^16 sign patterns).
MOST_CLUSTERS = 16
#: Differences are told apart beyond the rounding of published scores.
TIE = 1e-9
COLUMNS = ["parent", "lineage", "maker", "note", "snapshot"]


class PairsError(ValueError):
    """There are too many clusters to enumerate.

    >>> sign_flip(np.ones((17, 1)), range(17))
    Traceback (most recent call last):
        ...
    lib.stats.matched_pairs.PairsError: 17 clusters are too many to enumerate every sign pattern ...
    """


def find(
    study, snapshots: Sequence[str] | None = None, *, without: Sequence[str] = ()
) -> pd.DataFrame:
    """Continued models whose parent was scored in the same snapshot.

    Parameters
    ----------
    study : Study.
    snapshots : where to look, in order; by default the study's default snapshot alone.  A pair is
        taken from the first that has both its models.
    without : values of parent_note whose pairs are left out, e.g. `("instruct",)`.

    Returns
    -------
    DataFrame indexed by child: parent, lineage and maker (of the child), note, snapshot; empty
    where the study knows no parents.

    >>> from lib.stats import example
    >>> find(example.study())["parent"].head(2).to_dict()
    {'a-xx': 'a-base', 'b-xx': 'b-base'}
    """
    registry = study.registry
    continued = registry["strategy"] == "continual_local"
    children = registry[continued & registry["parent_id"].fillna("").ne("")]
    children = children[~children["parent_note"].fillna("").isin(list(without))]
    rows = {}
    for snapshot in snapshots or (study.default_snapshot,):
        scored = study.scores_at(snapshot).index
        for child, row in children.iterrows():
            if child not in rows and child in scored and row["parent_id"] in scored:
                rows[child] = [
                    row["parent_id"],
                    row["lineage"],
                    row["developer"] or None,
                    row["parent_note"],
                    snapshot,
                ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).rename_axis("child")


def differences(study, pairs: pd.DataFrame) -> pd.DataFrame:
    """Score of the child minus its parent's, pairs x benchmarks, both from the pair's snapshot.

    >>> from lib.stats import example
    >>> pairs = find(example.study())
    >>> differences(example.study(), pairs).mean().round(2).to_dict()
    {'know-en': -0.01, 'code-en': -0.02, 'know-xx': 0.11, 'code-xx': 0.12, 'exam-xx': 0.08}
    """
    parts = [
        between(study.scores_at(snapshot), rows)
        for snapshot, rows in pairs.groupby("snapshot", sort=False)
    ]
    if not parts:
        return pd.DataFrame(columns=study.scores.columns, dtype=float).rename_axis("child")
    table = pd.concat(parts).loc[pairs.index]
    return table[[benchmark for benchmark in study.benchmarks.index if benchmark in table]]


def between(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The child's row of a table by model minus its parent's, for the pairs that have both in it.

    >>> scores = pd.DataFrame({"know": [0.2, 0.5]}, index=["parent", "child"])
    >>> pairs = pd.DataFrame({"parent": ["parent", "gone"]}, index=["child", "other"])
    >>> between(scores, pairs)["know"].round(1).to_dict()
    {'child': 0.3}
    """
    pairs = pairs[pairs.index.isin(table.index) & pairs["parent"].isin(table.index)]
    return (table.loc[pairs.index] - table.loc[pairs["parent"]].to_numpy()).rename_axis("child")


def gaps(difference: pd.DataFrame, ones: Iterable[str], others: Iterable[str]) -> pd.DataFrame:
    """How much more one benchmark changed than another, pairs x `one@other`, every combination.

    >>> difference = pd.DataFrame({"know": [0.3], "code": [0.1]}, index=["child"])
    >>> gaps(difference, ["know"], ["code"]).round(2).loc["child"].to_dict()
    {'know@code': 0.2}
    """
    both = itertools.product(ones, others)
    return pd.DataFrame(
        {
            f"{a}@{b}": difference[a] - difference[b]
            for a, b in both
            if a in difference and b in difference
        },
        index=difference.index,
    )


def summary(difference: pd.DataFrame, pairs: pd.DataFrame, how: Resampling) -> Estimates:
    """Mean difference of each benchmark with what it rests on.

    Parameters
    ----------
    difference : DataFrame, pairs x benchmarks; a benchmark that one of `pairs` lacks is left out.
    pairs : as from `find`: the pairs to take, with their parent and lineage.
    how : resamples parents: `Resampling(pairs["parent"], seed, units="parents")`.

    Returns
    -------
    Estimates of the mean, by benchmark (n counts pairs), with columns lineages, median, median_low
    and median_high, up, ties, down, the two-sided sign-flip p by parent (p_parent) and by lineage
    (p_lineage), and the false discovery rate q of p_parent over the table (Benjamini and Hochberg
    1995).  Empty where there are no pairs.

    >>> from lib.stats import example
    >>> pairs = find(example.study())
    >>> how = Resampling(pairs["parent"], seed=1, replicates=100, units="parents")
    >>> found = summary(differences(example.study(), pairs), pairs, how)
    >>> found.frame.loc["exam-xx", ["up", "ties", "down", "p_parent"]].tolist()
    [6.0, 0.0, 0.0, 0.03125]
    """
    difference = difference.loc[difference.index.intersection(pairs.index, sort=False)]
    difference = difference.dropna(axis=1)
    if difference.empty:
        return Estimates.from_rows({})
    pairs, how = pairs.loc[difference.index], how.of(difference.index)
    values, table = difference.to_numpy(float), mean(difference, how, "mean difference")
    medians = np.concatenate([_medians(weights, values) for weights in how.chunks()])
    low, high = percentiles(medians, how.count, how.level)
    flips = {
        f"p_{unit}": sign_flip(values, pairs[unit], how.rng(unit)) for unit in ("parent", "lineage")
    }
    return Estimates(
        table.frame.assign(
            lineages=pairs["lineage"].nunique(),
            median=np.median(values, axis=0),
            median_low=low,
            median_high=high,
            **counts(values),
            **flips,
            q=stats.false_discovery_control(flips["p_parent"]),
        ),
        table.draws,
    )


def counts(values: np.ndarray) -> dict[str, np.ndarray]:
    """How many pairs (rows) rose, fell or did neither, by column.

    >>> {name: each.tolist() for name, each in counts(np.array([[0.1], [0.0], [0.2]])).items()}
    {'up': [2], 'down': [0], 'ties': [1]}
    """
    up, down = (values > TIE).sum(axis=0), (values < -TIE).sum(axis=0)
    return {"up": up, "down": down, "ties": len(values) - up - down}


def rose(table: Estimates) -> pd.Series:
    """In how many pairs each benchmark rose, in words: `14 of 15`.

    >>> table = Estimates(pd.DataFrame({"value": [0.1], "up": [14], "n": [15]}, index=["know"]))
    >>> rose(table)["know"].split()
    ['14', 'of', '15']
    """
    frame = table.frame
    return pd.Series(
        [
            f"{up} of {n}".replace(" ", "\N{NO-BREAK SPACE}")
            for up, n in zip(frame["up"], frame["n"], strict=True)
        ],
        index=frame.index,
        dtype=object,
    )


def without_each(difference: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Mean differences where all pairs of one group are left out, left-out group x benchmark.

    >>> difference = pd.DataFrame({"know": [0.3, 0.1]}, index=["one", "two"])
    >>> without_each(difference, pd.Series({"one": "lab", "two": "other"}))["know"].to_dict()
    {'lab': 0.1, 'other': 0.3}
    """
    groups = groups.loc[difference.index]
    return pd.DataFrame({group: difference[groups != group].mean() for group in groups.unique()}).T


def _medians(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted medians of each column (replicates x columns): means of the middle two drawn."""
    order = np.argsort(values, axis=0)
    columns = []
    for place, rank in enumerate(order.T):
        reached = np.cumsum(weights[:, rank], axis=1)
        half = reached[:, -1:] / 2
        low, high = (reached < half).sum(axis=1), (reached <= half).sum(axis=1)
        ranked = values[rank, place]
        columns.append((ranked[low] + ranked[np.minimum(high, len(ranked) - 1)]) / 2)
    return np.column_stack(columns)


def sign_flip(
    values: np.ndarray, clusters: Labels, rng: np.random.Generator | None = None
) -> np.ndarray:
    """Two-sided p of no difference: the share of sign patterns at least as far from zero.

    All differences of a cluster flip together; a tie stays a tie whichever way it flips.  With m
    clusters the smallest p is 2 / 2^m (the randomisation test of Fisher 1935, section 21, on
    cluster totals).  Up to 16 clusters the test is exact; beyond, as many patterns are drawn as 16
    clusters have, the observed one among them.

    Parameters
    ----------
    values : array (pairs x columns).     clusters : the cluster of each pair.

    Raises
    ------
    PairsError
        More than 16 clusters and no generator to draw patterns with.

    >>> sign_flip(np.array([[1.0], [2.0], [3.0]]), ["a", "b", "c"]).tolist()
    [0.25]
    """
    labels = codes(clusters)
    count = int(labels.max()) + 1
    if count <= MOST_CLUSTERS:
        signs = np.array(list(itertools.product((1, -1), repeat=count)))
    elif rng is None:
        raise PairsError(
            f"{count} clusters are too many to enumerate every sign pattern "
            f"(at most {MOST_CLUSTERS}); pass a generator to draw patterns"
        )
    else:
        signs = rng.choice((-1, 1), (2**MOST_CLUSTERS, count))
        signs[0] = 1
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, labels, values)
    return (np.abs(signs @ totals) >= np.abs(totals.sum(axis=0)) - TIE).mean(axis=0)


def smallest_p(clusters: int) -> float:
    """The smallest two-sided p that a sign-flip test of this many clusters can give.

    >>> smallest_p(6)
    0.03125
    """
    return 2.0 ** (1 - clusters)


def dose(budgets, pairs: pd.DataFrame, side: str = "local") -> pd.DataFrame:
    """Tokens of a side, in billions, that the child has beyond its parent: pairs x draws.

    Pairs of which nothing is known, or whose models have no budget, are left out.

    >>> from lib.stats import example
    >>> study, budgets = example.study(), example.budgets()
    >>> dose(budgets, find(study))[0].round(1).head(2).to_dict()
    {'a-xx': 4.0, 'b-xx': 8.0}
    """
    return between(budgets.tokens[side], pairs).dropna()


def dose_bounds(budgets, pairs: pd.DataFrame, side: str = "local") -> pd.DataFrame:
    """Lowest, median and highest dose, in billions of tokens, for the pairs of `dose`.

    >>> from lib.stats import example
    >>> study, budgets = example.study(), example.budgets()
    >>> dose_bounds(budgets, find(study)).round(1).loc["a-xx"].to_dict()
    {'lowest': 4.0, 'median': 4.0, 'highest': 4.0}
    """
    doses = dose(budgets, pairs, side)
    ends = {
        end: between(table[[side]], pairs)[side].reindex(doses.index)
        for end, table in (("lowest", budgets.lowest), ("highest", budgets.highest))
    }
    return pd.DataFrame(
        {"lowest": ends["lowest"], "median": doses.median(axis=1), "highest": ends["highest"]}
    )
