"""What claims can name and what the books' chapters recorded are the same."""

from __future__ import annotations

import json

import pytest

from lib import claims, study
from lib.book.layout import OWN_ROOT, Layout
from tests import books
from tests.study.test_claims import own

STUDIES = books.built()


def recorded(code: str) -> dict[str, dict]:
    path = Layout(code).results
    assert path.is_file(), f"there are no results of {code} yet; run: make site"
    return json.loads(path.read_text("utf-8"))["results"]


@pytest.mark.parametrize("code", STUDIES)
def test_every_recorded_number_with_an_interval_can_be_named(code):
    """The first page repeats what other chapters found, the board tells of claims, forecasts of
    what is to come: no claim rests on any of them."""
    known = own(code)
    testables = [
        name
        for name, record in recorded(code).items()
        if name.count("/") >= 2
        and "low" in record
        and not name.startswith(("index/", "claims/", "forecasts/"))
    ]
    assert len(testables) > 100
    assert [name for name in testables if claims.amiss(name, known)] == []


def test_every_form_is_one_that_a_chapter_records():
    known = own("ja")
    names = [name for name, record in recorded("ja").items() if "low" in record]
    assert [
        form
        for form in claims.RESULTS
        if not any(claims._fits(form, name, known) for name in names)
    ] == []


def test_the_shipped_claims_rest_on_recorded_results():
    assert OWN_ROOT / "data" == study.loading.DATA
    for code in STUDIES:
        assert claims.unrecorded(study.load(code).claims, recorded(code)) == []
