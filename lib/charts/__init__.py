"""Every figure of the study, in one style.

Functions take tidy tables, compute no statistic and return Altair charts; `report.Page.figure` puts them on a page.
`theme` holds inks and strategy colours, `labels` the placement of direct labels.
"""

from . import atlas, uncertainty
from .budgets import scaling
from .claims import verdicts
from .figure import Figure
from .factors import loadings, scree
from .laws import joint, law_name, rival_laws, scaling_summary
from .local import carriers, composites, ranking
from .maps import ability_map, links
from .models import disclosure
from .pairs import changes, doses
from .relations import heatmap, scatters
from .rows import dots
from .replication import arrows, congruence, drift
from .scores import strategies
from .standing import ASKED, standing
from .theme import STRATEGIES, strategy_names
from .transfer import beyond

__all__ = [
    "ASKED",
    "Figure",
    "STRATEGIES",
    "ability_map",
    "arrows",
    "atlas",
    "beyond",
    "carriers",
    "changes",
    "composites",
    "congruence",
    "disclosure",
    "doses",
    "dots",
    "drift",
    "heatmap",
    "joint",
    "law_name",
    "links",
    "loadings",
    "ranking",
    "rival_laws",
    "scaling",
    "scaling_summary",
    "scatters",
    "scree",
    "standing",
    "strategies",
    "strategy_names",
    "transfer",
    "uncertainty",
    "verdicts",
]
