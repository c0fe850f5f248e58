"""Tables for property tests: any models x benchmarks scores that have variance."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

MODELS, BENCHMARKS = st.integers(5, 30), st.integers(2, 8)


@st.composite
def scores(draw, models=MODELS, benchmarks=BENCHMARKS):
    """A table of one general ability plus noise, drawn with numpy from a seed (hypothesis shrinks
    size and seed)."""
    n, p = draw(models), draw(benchmarks)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    table = (
        0.4 + 0.1 * rng.normal(size=(n, 1)) * rng.uniform(0, 2, p) + 0.1 * rng.normal(size=(n, p))
    )
    return pd.DataFrame(
        table, index=[f"m{i}" for i in range(n)], columns=[f"b{j}" for j in range(p)]
    )
