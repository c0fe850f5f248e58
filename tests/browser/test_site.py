"""The site of all studies as a reader meets it: the front, the atlas, one page a study, and the way
between them."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.books import FIRST
from tests.browser.test_pages import FRAME, Visit

CHECKOUT = Path(__file__).resolve().parents[2]
#: The books of the site: those that `make test` builds, and whatever else was built before.
STUDIES = sorted(
    {*FIRST, *(path.parent.name for path in (CHECKOUT / "_site").glob("*/index.html"))}
)
PAGES = ["index.html", "atlas.html", *(f"{code}/index.html" for code in FIRST), "ja/index-ja.html"]

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


def test_the_list_of_languages_is_used_by_keyboard_and_keeps_the_chapter(visit):
    page = visit(f"{STUDIES[0]}/transfer.html").page
    page.locator(".studies summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("islen")  # accents count as their plain letters: íslenska
    links = page.locator(".studies .families a:visible")
    assert links.evaluate_all("all => all.map(one => one.getAttribute('href'))") == [
        "../is/transfer.html"
    ]
    page.keyboard.press("Escape")
    assert not links.count()
    page.keyboard.press("Enter")
    links.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/is/transfer.html")


def test_the_list_of_languages_works_without_a_script_and_fits_a_phone(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto((site / "et/index.html").as_uri())
    page.locator(".studies summary").click()
    assert page.locator(".studies .families a:visible").count() == len(STUDIES)
    assert page.locator(".studies input").count() == 0
    box = page.locator(".studies .families").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    context.close()
