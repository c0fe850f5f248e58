"""Every page of the built book as a reader meets it: from a folder, in Chromium, wide and narrow,
light and dark."""

from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

CHECKOUT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((CHECKOUT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [
    TOC["root"],
    *(entry["file"] for part in TOC["parts"] for entry in part["chapters"]),
    "search",
]
LOOKS = {"wide-light": (1280, "light"), "narrow-dark": (360, "dark")}
DRAWN = """() => [...document.querySelectorAll('.study-chart')].every(chart =>
    !chart.offsetParent || chart.querySelector('.chart-live svg'))"""
# Rules of good practice that speak of the theme's frame, not of what a chapter says.
FRAME = ["region", "landmark-unique", "landmark-one-main", "landmark-complementary-is-top-level"]

pytestmark = pytest.mark.browser


class Visit:
    """One page opened in one look, with all that it complained of and asked for."""

    def __init__(self, browser, page: Path, look: str):
        width, scheme = LOOKS[look]
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on(
            "requestfailed", lambda request: self.complaints.append(f"failed: {request.url}")
        )
        self.page.goto(page.as_uri(), wait_until="load")

    def settle(self):
        """Wait until each chart that is shown has its drawing, and formulas theirs."""
        self.page.wait_for_function(DRAWN, timeout=30_000)
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.math')].every(m => "
            "m.querySelector('mjx-container'))",
            timeout=30_000,
        )


@pytest.fixture(
    params=[(name, look) for name in PAGES for look in LOOKS], ids=lambda pair: "-".join(pair)
)
def visit(request, browser, html):
    """Each page in each look."""
    name, look = request.param
    visited = Visit(browser, html / f"{name}.html", look)
    yield visited
    visited.context.close()


def test_a_page_works_without_a_network(visit):
    visit.settle()
    assert visit.complaints == []
    assert [url for url in visit.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page = visit.page
    assert page.locator("h1").count() >= 1
    wide = page.evaluate("[...document.querySelectorAll('.study-chart')].map(chart => chart.id)")
    drawn = page.evaluate(
        "[...document.querySelectorAll('.study-chart.chart-drawn')].map(chart => chart.id)"
    )
    hidden = page.evaluate(
        "[...document.querySelectorAll('.study-chart')].filter(c => !c.offsetParent).map(c => c.id)"
    )
    assert set(wide) == set(drawn) | set(hidden)
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, "the page itself must not scroll sideways"
    lost = (
        "[...document.querySelectorAll('.math svg')].filter(m => m.getBoundingClientRect().x < 0)"
    )
    assert page.evaluate(f"{lost}.length") == 0, "a formula can be read from its start"
    assert page.evaluate("[...document.querySelectorAll('mjx-merror')].length") == 0, (
        "every formula is drawn"
    )


def test_a_page_can_be_read_by_everyone(visit):
    visit.settle()
    # What lies in a picture is part of the picture: the frame around a chart has the role and the
    # description.
    found = Axe().run(
        visit.page,
        context={"exclude": [[".chart-frame > *"]]},
        options={
            "resultTypes": ["violations"],
            "rules": {rule: {"enabled": False} for rule in FRAME},
        },
    )
    serious = [
        (fault["id"], fault["help"], [node["html"][:160] for node in fault["nodes"][:3]])
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_search_finds_a_word_of_the_book(browser, html):
    visited = Visit(browser, html / "search.html", "wide-light")
    visited.page.goto((html / "search.html").as_uri() + "?q=lineage")
    visited.page.wait_for_selector("#search-results li", timeout=20_000)
    assert visited.complaints == []
    visited.context.close()


def test_a_reader_without_javascript_sees_every_chart(browser, html):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    pictures = charts = 0
    for name in PAGES[:-1]:
        page.goto((html / f"{name}.html").as_uri())
        charts += page.locator(".study-chart").count()
        pictures += page.locator(".study-chart .chart-still svg").count()
    assert charts == pictures > 0
    context.close()
