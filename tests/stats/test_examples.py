"""What the docstrings of an analysis show is what it says."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["crossed", "effects", "equal_english", "jackknife", "makers", "twins"]
)
def test_examples_in_docstrings_hold(name):
    found = doctest.testmod(importlib.import_module(f"lib.stats.{name}"))
    assert found.attempted and not found.failed
