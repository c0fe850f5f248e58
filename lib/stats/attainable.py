"""Could these data have supported the claim at all?  Invented studies in which it is exactly true.

Models are drawn with the very correlations that a study published, as many and in lineages of the
same sizes; pairs with a given mean change, with the same parents and makers.  The intervals are
then computed as everywhere else, so that the rule of a claim can be put to a world in which the
claim holds.  Where it seldom says so, an *undecided* tells of the size of the study and not of the
claim.

Each function returns, for each number, an array (invented studies x 2) of the ends of its interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from lib.stats import crossed, makers
from lib.stats.components import SPARE, aligned, leading
from lib.stats.correlation import replicate_matrices
from lib.stats.estimates import PAIR
from lib.stats.resampling import codes, exactly, expanded, several_tails, weights
from lib.stats.tables import Labels
from lib.stats.verdicts import LEVEL

#: Replicates of an interval; few do, where they are cut `exactly`.
REPLICATES = 199


def models(
    correlations: pd.DataFrame,
    lineages: Labels,
    asked: Iterable[str],
    rng: Generator,
    *,
    english: Sequence = (),
    loadings: pd.DataFrame | None = None,
    tables: int = 100,
    shared: float = 0.0,
    level: float = LEVEL,
) -> dict[str, np.ndarray]:
    """Ends of intervals on invented models whose true correlations are given.

    Parameters
    ----------
    correlations : DataFrame, benchmarks x benchmarks: the truth.
    lineages : the lineage of each invented model.
    asked : what to compute: `A~B`, a correlation; `A~B@A~C`, the difference of two; `A`, that with
        the composite of `english`; `PC1`, a component's share of the variance; `PC1/A`, a loading;
        `congruence/PC1`, that of loadings found anew with the true ones.
    loadings : benchmarks x components, the true ones with the signs that claims are about; needed
        where a loading or a congruence is asked for.
    shared : share of the variance that lineages have in common, 0 to 1.

    >>> truth = pd.DataFrame([[1, 0.9], [0.9, 1]], list("ab"), list("ab"))
    >>> ends = models(truth, range(200), ["a~b"], np.random.default_rng(1), tables=20)["a~b"]
    >>> ends.shape, bool(ends[:, 0].min() > 0.7)
    ((20, 2), True)
    """
    asked, labels = list(asked), codes(lineages)
    beyond = exactly(expanded(int(labels.max()) + 1, level), REPLICATES)
    values, vectors = np.linalg.eigh(correlations.to_numpy(float))
    root = vectors * np.sqrt(np.clip(values, 0, None))
    truth = None if loadings is None else loadings.loc[correlations.index].to_numpy(float)
    place = {str(name): k for k, name in enumerate(correlations)}
    anglo = [place[str(each)] for each in english]
    found: dict[str, list] = {each: [] for each in asked}
    for _ in range(tables):
        common = rng.standard_normal((labels.max() + 1, len(place)))[labels]
        own = rng.standard_normal((len(labels), len(place)))
        scores = (np.sqrt(shared) * common + np.sqrt(1 - shared) * own) @ root.T
        z = (scores - scores.mean(axis=0)) / scores.std(axis=0)
        drawn = np.vstack(
            [weights(len(labels), REPLICATES, rng, labels), np.ones((1, len(labels)))]
        )
        matrices = replicate_matrices(z, drawn)
        parts = {} if truth is None else _components(matrices, truth)
        replicates = [_one(each, matrices[:-1], place, anglo, parts) for each in asked]
        low, high = several_tails(np.column_stack(replicates), [beyond])[0]
        for each, ends in zip(asked, zip(low, high, strict=True), strict=True):
            found[each].append(ends)
    return {each: np.array(ends) for each, ends in found.items()}


def pairs(
    changes: pd.DataFrame,
    design: pd.DataFrame,
    truth: Mapping[str, float],
    rng: Generator,
    *,
    by: Sequence[str] = makers.BOTH,
    tables: int = 2000,
    level: float = LEVEL,
) -> dict[str, np.ndarray]:
    """Ends of intervals of mean changes over invented pairs with these parents and makers.

    Parameters
    ----------
    changes : pairs x benchmarks, the changes that were seen: they say how much pairs differ, and
        how much of it goes with maker and with parent (restricted maximum likelihood).
    design : a row a pair: parent and maker.    truth : benchmark -> its true mean change.
    by : what the interval leaves out in turn.

    >>> design = pd.DataFrame({"parent": list("ppqqrr"), "maker": list("mnmnmn")})
    >>> seen = pd.DataFrame({"know": [0.1, 0.2, 0.1, 0.3, 0.2, 0.1]})
    >>> ends = pairs(seen, design, {"know": 5.0}, np.random.default_rng(1))["know"]
    >>> bool((ends[:, 0] > 0).all())
    True
    """
    model, names = crossed.lattice(design), list(truth)
    values = changes.loc[design.index, names].to_numpy(float)
    best = model.restricted(values).argmax(axis=0)
    labels = {part: codes(design[part]) for part in makers.BOTH}
    found = {}
    for column, name in enumerate(names):
        variance = model.squares(values)[best[column], column] / (len(values) - 1)
        shares = _by_part(model.shares[best[column]])
        invented = np.sqrt(variance) * makers.invented(labels, shares, tables, rng) + truth[name]
        centre = invented.mean(axis=1)
        half = makers.half(invented, [labels[part] for part in by], level)
        found[name] = np.column_stack([centre - half, centre + half])
    return found


def _by_part(shares: np.ndarray) -> dict[str, float]:
    """Shares of parent and of maker, by name."""
    named = dict(zip(crossed.PARTS, shares, strict=True))
    return {str(part): float(named[part]) for part in makers.BOTH}


def _components(matrices: np.ndarray, truth: np.ndarray) -> dict[str, np.ndarray]:
    """Explained shares, loadings aligned to the table's own components, congruences with the true
    ones, of all replicates but the last, which is the table itself."""
    count = truth.shape[1]
    values, vectors = leading(matrices, count + SPARE)
    own = vectors[-1][:, :count]
    own = own * np.sign((own * truth).sum(axis=0))
    loadings = aligned(vectors[:-1], own)
    congruence = np.einsum("rkp,pk->rk", aligned(vectors[:-1], truth), truth)
    explained = values[:-1, :count] / matrices.shape[1]
    return {"explained": explained, "loadings": loadings, "congruence": congruence}


def _one(asked: str, matrices: np.ndarray, place: Mapping, english: list[int], parts: Mapping):
    """The replicates of one number."""
    head, _, rest = asked.partition("/")
    if head == "congruence":
        return parts["congruence"][:, int(rest[2:]) - 1]
    if head[:2] == "PC" and head[2:].isdigit():
        if not rest:
            return parts["explained"][:, int(head[2:]) - 1]
        return parts["loadings"][:, int(head[2:]) - 1, place[rest]]
    if "@" in asked:
        one, other = asked.split("@")
        return _one(one, matrices, place, english, parts) - _one(
            other, matrices, place, english, parts
        )
    if PAIR in asked:
        a, b = asked.split(PAIR)
        return matrices[:, place[a], place[b]]
    within = matrices[:, english][:, :, english].sum(axis=(1, 2))
    return matrices[:, place[asked], english].sum(axis=1) / np.sqrt(within)
