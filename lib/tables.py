"""Moved to lib.stats.tables."""

from lib.stats.tables import *  # noqa: F403
from lib.stats.tables import FEWEST_MODELS, TableError, checked, constant, standardised  # noqa: F401
