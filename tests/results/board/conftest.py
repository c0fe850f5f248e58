"""The board of claims over what the chapters of the Japanese book recorded."""

import pytest

from lib.study import load
from lib.summary import claims


@pytest.fixture(scope="session")
def results(recorded):
    """As a page reads them."""
    return recorded


@pytest.fixture(scope="session")
def board(results):
    return claims.board(load("ja").claims, results)
