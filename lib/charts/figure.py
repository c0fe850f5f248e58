"""A figure: the chart, the table it shows, and what a reader who cannot see it would need to
know."""

from __future__ import annotations

import dataclasses

import altair as alt
import pandas as pd


@dataclasses.dataclass(frozen=True)
class Figure:
    """What `report.Page.figure` puts on a page.

    chart : an Altair chart.     data : the table offered as CSV.     description : one to three
        sentences.
    """

    chart: alt.TopLevelMixin
    data: pd.DataFrame
    description: str
