"""The Japanese study and its components, which many analyses are tried on."""

import pytest

from lib import study
from lib.stats import components, matched_pairs


@pytest.fixture(scope="session")
def ja():
    return study.load("ja")


@pytest.fixture(scope="session")
def fit(ja):
    return components.fit(ja.scores, ja.anchors)


@pytest.fixture(scope="session")
def every(ja):
    """Its pairs of a continued model and its parent, of all snapshots."""
    return matched_pairs.find(ja, [ja.default_snapshot, *ja.snapshots])


@pytest.fixture(scope="session")
def difference(ja, every):
    return matched_pairs.differences(ja, every)
