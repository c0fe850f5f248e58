"""Every figure of the study, in one style.

Functions take estimates and the study, compute no statistic and return a `Figure`;
`report.Page.figure` puts it on a page.  `theme` holds inks and strategy colours, `labels` the
placement of direct labels, `rows` the one grammar of dots with intervals.
"""

from . import atlas
from .budgets import by_budget, compute_names, law_names, rivals, scaling
from .causes import causes
from .claims import verdicts
from .data import disclosure
from .factors import scree
from .figure import Figure
from .local import composites
from .maps import ability_map, links
from .pairs import changes, doses
from .relations import heatmap, scatters
from .replication import drift
from .rows import dots
from .standing import ASKED, standing
from .strategies import strategies
from .theme import STRATEGIES, strategy_names
from .transfer import beyond
from .uncertainty import lineage_draws, power, reliability

__all__ = [
    "ASKED",
    "STRATEGIES",
    "Figure",
    "ability_map",
    "atlas",
    "beyond",
    "by_budget",
    "causes",
    "changes",
    "composites",
    "compute_names",
    "disclosure",
    "doses",
    "dots",
    "drift",
    "heatmap",
    "law_names",
    "lineage_draws",
    "links",
    "power",
    "reliability",
    "rivals",
    "scaling",
    "scatters",
    "scree",
    "standing",
    "strategies",
    "strategy_names",
    "verdicts",
]
