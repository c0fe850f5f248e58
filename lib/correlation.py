"""Which benchmarks rank models alike?  Scores in (models x benchmarks), correlations with intervals out.

Pearson's r measures a common line, Spearman's rank correlation a common order.  Each pair of benchmarks uses the
models that have both scores.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib import resampling
from lib.stats.correlation import matrix, order, replicate_matrices, replicate_pairs  # noqa: F401
from lib.tables import TableError, checked, standardised

SEPARATOR = "~"


def pairs(scores: pd.DataFrame, lineages: pd.Series, rng: Generator, *, method: str = "pearson",
          replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> pd.DataFrame:
    """Every pair of benchmarks with its correlation and intervals.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; incomplete tables are correlated pair by pair.
    lineages : Series, model -> lineage.
    method : pearson or spearman.

    Returns
    -------
    DataFrame indexed by `A~B` in column order: a, b and the columns of `resampling.table`.
    """
    z = standardised(scores)
    lineages = lineages.loc[z.index].to_numpy()
    names = list(itertools.combinations(z.columns, 2))
    index = pd.Index([SEPARATOR.join(map(str, pair)) for pair in names], name="pair")
    present = z.notna()
    if present.all(axis=None):
        upper = np.triu_indices(z.shape[1], 1)
        value = matrix(z, method).to_numpy()[upper]
        by_lineage, ordinary = (np.concatenate([replicate_pairs(z.to_numpy(), weights, method)
                                                for weights in resampling.chunks(len(z), replicates, rng, labels)])
                                for labels in (lineages, None))
        table = resampling.table(value, by_lineage, ordinary, lineages, f"{method}, expanded percentile bootstrap over lineages",
                                 index=index, level=level)
    else:
        table = pd.concat([_pair(z[[a, b]].dropna(), lineages[present[a] & present[b]], rng, method, replicates, level)
                           for a, b in names]).set_axis(index)
    return pd.DataFrame({"a": [a for a, _ in names], "b": [b for _, b in names]}, index=index).join(table)


def _pair(both: pd.DataFrame, lineages: np.ndarray, rng: Generator, method, replicates, level) -> pd.DataFrame:
    """The row of one pair that not every model has."""
    try:
        row = pairs(both, pd.Series(lineages, index=both.index), rng, method=method, replicates=replicates, level=level)
    except TableError as error:
        raise TableError(f"{' and '.join(map(str, both.columns))}, over the models that have both: {error}") from None
    return row.drop(columns=["a", "b"])


def contrast(scores: pd.DataFrame, first_pair: Sequence, second_pair: Sequence, lineages: pd.Series, rng: Generator, *,
             replicates: int = resampling.REPLICATES, level: float = resampling.LEVEL) -> resampling.Estimate:
    """How much closer one pair of benchmarks goes together than another: r of the first pair minus r of the second.

    Both correlations come from the same models and the same replicates, so what moves both drops out.

    Parameters
    ----------
    scores : DataFrame, models x benchmarks; models that lack a score of either pair are left out.
    first_pair, second_pair : two benchmarks each; the pairs may share one.
    lineages : Series, model -> lineage.

    Raises
    ------
    TableError
        What `tables.checked` raises, or a pair is not two different benchmarks of the table.
    """
    wrong = [pair for pair in (first_pair, second_pair) if len(set(pair)) != 2 or not set(pair) <= set(scores.columns)]
    if wrong:
        raise TableError("\n".join(f"{' and '.join(map(str, pair))}: not two benchmarks of the table" for pair in wrong))
    z = standardised(checked(scores[list(dict.fromkeys([*first_pair, *second_pair]))], complete=True))
    names = [frozenset(pair) for pair in itertools.combinations(z.columns, 2)]
    places = [[names.index(frozenset(pair))] for pair in (first_pair, second_pair)]
    labels = lineages.loc[z.index].to_numpy()

    def difference(weights: np.ndarray) -> np.ndarray:
        return np.subtract(*(replicate_pairs(z.to_numpy(), weights)[:, place] for place in places))
    value = difference(np.ones((1, len(z))))[0]
    samples = [np.concatenate([difference(weights) for weights in resampling.chunks(len(z), replicates, rng, groups)])
               for groups in (labels, None)]
    table = resampling.table(value, *samples, labels, "difference of two correlations, expanded percentile bootstrap over lineages",
                             index=pd.RangeIndex(1), level=level)
    return resampling.Estimate.of(table.iloc[0])


def counterparts(benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Pairs of benchmarks that ask the same in two languages: pair (`A~B` in table order), a, b, local, english, kind.

    `benchmarks` is indexed by benchmark and has language, counterpart_id and counterpart_kind.
    """
    rows = []
    position = {name: place for place, name in enumerate(benchmarks.index)}
    for name, row in benchmarks.iterrows():
        other = row["counterpart_id"]
        if row["language"] == "local" and isinstance(other, str) and other in position:
            a, b = sorted((name, other), key=position.get)
            rows.append({"pair": f"{a}{SEPARATOR}{b}", "a": a, "b": b, "local": name, "english": other,
                         "kind": row["counterpart_kind"]})
    columns = ["pair", "a", "b", "local", "english", "kind"]
    return pd.DataFrame(rows, columns=columns).set_index("pair")
