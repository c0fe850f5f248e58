"""The site of all studies as a reader meets it: the front, the atlas, one page a study, and the way
between them."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages import FRAME, Visit

CHECKOUT = Path(__file__).resolve().parents[2]
STUDIES = sorted(path.parent.name for path in (CHECKOUT / "data").glob("*/study.yml"))
PAGES = [
    "index.html",
    "atlas.html",
    *(f"{code}/index.html" for code in STUDIES),
    "ja/index-ja.html",
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Path:
    folder = CHECKOUT / "_site"
    if not folder.exists() and not os.environ.get("CI"):
        pytest.skip("the site is not built (make site)")
    assert folder.exists(), "make test builds the site first"
    return folder


@pytest.fixture
def visit(browser, site):
    """Open a page in a look; closed afterwards."""
    opened = []

    def open_page(name, look="wide-light"):
        opened.append(Visit(browser, site / name, look))
        return opened[-1]

    yield open_page
    for each in opened:
        each.context.close()


@pytest.mark.parametrize("look", ["wide-light", "narrow-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_site_works_and_can_be_read_by_everyone(visit, name, look):
    visited = visit(name, look)
    visited.settle()
    assert visited.complaints == []
    assert [url for url in visited.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page = visited.page
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        <= 0
    )
    assert page.locator("nav.studies").is_visible()
    found = Axe().run(
        page,
        context={"exclude": [[".chart-frame > *"]]},
        options={
            "resultTypes": ["violations"],
            "rules": {rule: {"enabled": False} for rule in FRAME},
        },
    )
    assert [
        (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]])
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ] == []


def test_the_front_leads_to_every_study_and_to_the_atlas(visit):
    page = visit("index.html").page
    for address in ("atlas.html", *(f"{code}/index.html" for code in STUDIES)):
        assert page.locator(f"article a[href^='{address}']").count() >= 1, address


def test_the_switcher_is_used_by_keyboard_and_keeps_the_chapter(visit):
    page = visit(f"{STUDIES[0]}/transfer.html").page
    page.keyboard.press("Tab")  # the link that skips to the content
    seen = []
    for _ in range(len(STUDIES) + 1):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.closest('nav.studies') && "
                "document.activeElement.getAttribute('href')"
            )
        )
    assert seen[0] == "../index.html" and sorted(seen[1:]) == [
        f"../{code}/transfer.html" for code in STUDIES
    ]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{seen[-1].removeprefix('../')}")
