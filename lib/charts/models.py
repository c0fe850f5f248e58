"""What the makers of each model tell of its training."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from . import labels, theme

def named(names: Sequence[str]) -> str:
    """An expression that turns a row's number into its name."""
    import json

    return f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]"
