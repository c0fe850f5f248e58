"""Statistics of a table of models x benchmarks: tables in, `Estimates` out.  Nothing here knows of
studies or pages.

from lib.stats import correlation
from lib.stats.resampling import Resampling

how = Resampling(lineages, seed=1)          # lineages: Series, model -> lineage
correlation.pairs(scores, how)              # scores: DataFrame, models x benchmarks

What each function offers is shown on a small table in its docstring; `example` has one to try.
"""
