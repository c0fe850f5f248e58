"""The Japanese study and its components, which many analyses are tried on."""

import pytest

from lib import study
from lib.stats import components


@pytest.fixture(scope="session")
def ja():
    return study.load("ja")


@pytest.fixture(scope="session")
def fit(ja):
    return components.fit(ja.scores, ja.anchors)
