"""Where importers write, in tests of real files."""

import pytest

from lib import study


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty folder in the place of data/."""
    monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    return tmp_path / "data"
