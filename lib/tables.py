"""Moved to lib.stats.tables."""

from lib.stats.tables import *  # noqa: F403
from lib.stats.tables import FEWEST_MODELS, TableError, checked, standardised, varies, z_scores  # noqa: F401
