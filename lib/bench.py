"""How fast is the resampling?  `make bench`: ratios to the obvious loops, measured in one run on
one core.

The loops do what a first script would: scikit-learn's StandardScaler and PCA with scipy's
assignment for each replicate (components), pandas' sample and DataFrame.corr for each replicate
(all at once) or Series.corr for each pair of benchmarks in it (pair by pair).  They run a share of
the replicates and are scaled up.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from lib import study
from lib.stats import components as abilities
from lib.stats import correlation, resampling

REPLICATES = 10_000
#: What each ratio must at least be on the study's own table; `main` says when one is not.
WANTED = {"components": 25, "all at once": 20, "pair by pair": 50}


def seconds(run: Callable[[], object], repeats: int = 3) -> float:
    """The fastest of a few runs: the one least disturbed."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def components(scores: pd.DataFrame, replicates: int, count: int = 4) -> None:
    """Correlations and aligned components of all replicates, our way."""
    fitted = abilities.fit(scores)
    z = ((scores - fitted.mean) / fitted.scale).to_numpy()
    target = fitted.loadings.to_numpy()[:, :count]
    for weights in resampling.chunks(len(z), replicates, np.random.default_rng(0)):
        vectors = abilities.leading(
            correlation.replicate_matrices(z, weights), count + abilities.SPARE
        )[1]
        abilities.aligned(vectors, target)


def components_loop(scores: pd.DataFrame, replicates: int, count: int = 4) -> None:
    """The same, one replicate at a time with scikit-learn and scipy."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    table, rng = scores.to_numpy(), np.random.default_rng(0)
    target = PCA(count).fit(StandardScaler().fit_transform(table)).components_
    for _ in range(replicates):
        z = StandardScaler().fit_transform(table[rng.integers(0, len(table), len(table))])
        np.corrcoef(z, rowvar=False)
        found = PCA(min(count + abilities.SPARE, *z.shape)).fit(z).components_
        congruence = target @ found.T
        rows, columns = linear_sum_assignment(-np.abs(congruence))
        found[columns] * np.sign(congruence[rows, columns])[:, None]


def intervals(scores: pd.DataFrame, replicates: int) -> None:
    """Intervals of all correlations, our way."""
    z = correlation.standardised(scores).to_numpy()
    draws = np.concatenate(
        [
            correlation.replicate_pairs(z, weights)
            for weights in resampling.chunks(len(z), replicates, np.random.default_rng(0))
        ]
    )
    resampling.percentiles(draws, len(z))


def intervals_loop(scores: pd.DataFrame, replicates: int) -> None:
    """The same, one replicate at a time with pandas."""
    rng = np.random.default_rng(0)
    draws = [
        scores.sample(len(scores), replace=True, random_state=rng).corr().to_numpy()
        for _ in range(replicates)
    ]
    np.nanpercentile(np.array(draws), [2.5, 97.5], axis=0)


def pairs_loop(scores: pd.DataFrame, replicates: int) -> None:
    """The same, one replicate and one pair of benchmarks at a time with pandas."""
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(replicates):
        drawn = scores.sample(len(scores), replace=True, random_state=rng)
        draws.append([drawn[a].corr(drawn[b]) for a, b in itertools.combinations(drawn, 2)])
    np.nanpercentile(np.array(draws), [2.5, 97.5], axis=0)


def sizes(scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The study's table, every model of it, and an invented one of 500 x 60."""
    everything = study.load("ja", models="all").complete().scores
    rng = np.random.default_rng(0)
    invented = pd.DataFrame(rng.normal(size=(500, 1)) + rng.normal(size=(500, 60)))
    return {
        f"{table.shape[0]} x {table.shape[1]}": table for table in (scores, everything, invented)
    }


def peak(replicates: int) -> float:
    """Peak memory in MB of walking through so many replicates' components, as chunks come and
    go."""
    scores = study.load("ja").scores
    components(scores, 100)
    tracemalloc.start()
    components(scores, replicates)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if the study's own table is slower than wanted."""
    parser = argparse.ArgumentParser(
        prog="python -m lib.bench", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--million", action="store_true", help="also walk through a million replicates (a minute)"
    )
    options = parser.parse_args(arguments)
    failed = False
    print(
        f"{REPLICATES:,} replicates on one core\n"
        f"{'table':>9}  {'what':<13} {'ours':>8} {'loop':>9} {'ratio':>6}"
    )
    with threadpool_limits(1):
        for place, (name, scores) in enumerate(sizes(study.load("ja").scores).items()):
            fast = {
                ours: seconds(partial(ours, scores, REPLICATES), 3 if place < 2 else 1)
                for ours in (components, intervals)
            }
            for what, ours, loop, share in (
                ("components", components, components_loop, 20),
                ("all at once", intervals, intervals_loop, 20),
                ("pair by pair", intervals, pairs_loop, 1_000),
            ):
                share *= (1, 2, 25)[place]
                slow = (
                    seconds(partial(loop, scores, max(1, REPLICATES // share)), 1 if place else 3)
                    * share
                )
                failed |= place == 0 and slow / fast[ours] < WANTED[what]
                print(
                    f"{name:>9}  {what:<13} {fast[ours]:7.2f}s {slow:8.1f}s "
                    f"{slow / fast[ours]:6.0f}",
                    flush=True,
                )
        print(
            f"peak memory of the components: {peak(10_000):.0f} MB for 10,000 replicates, "
            f"{peak(50_000):.0f} MB for 50,000"
        )
        if options.million:
            taken = seconds(lambda: components(study.load("ja").scores, 1_000_000), 1)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(f"a million replicates: {taken:.0f} s, the process never above {most:.0f} MB")
    if failed:
        print(
            "slower than wanted: at least "
            f"{', '.join(f'{least} ({what})' for what, least in WANTED.items())}"
        )
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
