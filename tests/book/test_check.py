"""The check of finished pages finds what a reader without a network would miss."""

import pytest

from lib.book.check import check

GOOD = """<html><head><link rel="stylesheet" href="a.css">
<link rel="canonical" href="https://example.org/"></head>
<body><h1 id="top">x</h1><a href="#top">up</a> <a href="other.html#there">other</a>
<a href="https://example.org">out</a>
<img src="p.png" alt="A picture.">
<div class="study-chart"><div role="img" aria-label="A chart."></div></div></body></html>"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.css").write_text("p { background: url('p.png') }")
    (tmp_path / "p.png").write_bytes(b"")
    (tmp_path / "other.html").write_text("<html><body><p id='there'>x</p></body></html>")
    (tmp_path / "page.html").write_text(GOOD)
    return tmp_path


def test_good_pages_pass(folder):
    assert check(folder) == []


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('<a href="gone.html">x</a>', "the link to gone.html leads nowhere"),
        ('<a href="other.html#gone">x</a>', "other.html#gone leads to a page without that anchor"),
        ('<a href="#gone">x</a>', "#gone leads to a page without that anchor"),
        ('<a href="data/gone.csv">x</a>', "data/gone.csv leads nowhere"),
        (
            '<script src="https://cdn.example.org/x.js"></script>',
            "loads https://cdn.example.org/x.js",
        ),
        ('<script src="//cdn.example.org/x.js"></script>', "loads //cdn.example.org/x.js"),
        (
            '<link rel="stylesheet" href="https://example.org/x.css">',
            "loads https://example.org/x.css",
        ),
        ('<link rel="preconnect" href="https://example.org">', "loads https://example.org"),
        ('<iframe src="https://example.org"></iframe>', "loads https://example.org"),
        (
            '<img srcset="https://example.org/x.png 2x" src="p.png" alt="x">',
            "loads https://example.org/x.png",
        ),
        ('<img src="gone.png" alt="x">', "gone.png is not there"),
        ('<img src="p.png">', "has no description"),
        ('<div class="study-chart" id="c"><svg></svg></div>', "the chart c has no description"),
        (
            '<style>@import "https://example.org/x.css"</style>',
            "a style loads https://example.org/x.css",
        ),
        (
            '<p style="background: url(https://example.org/x.png)">x</p>',
            "a style loads https://example.org/x.png",
        ),
        (
            '<script>import("https://example.org/x.js")</script>',
            "a script imports https://example.org/x.js",
        ),
        ('<p id="top">x</p>', "the id top is there 2 times"),
    ],
)
def test_each_kind_of_fault_is_found(folder, added, said):
    page = folder / "page.html"
    page.write_text(GOOD.replace("</body>", f"{added}</body>"))
    problems = check(folder)
    assert len(problems) == 1 and problems[0].startswith("page.html: ") and said in problems[0]


def test_a_style_sheet_that_loads_from_outside_is_found(folder):
    (folder / "a.css").write_text("@font-face { src: url(https://fonts.example.org/x.woff2) }")
    assert check(folder) == ["a.css: a style loads https://fonts.example.org/x.woff2"]


def test_a_decorative_picture_needs_no_description(folder):
    page = folder / "page.html"
    page.write_text(
        GOOD.replace("</body>", '<span aria-hidden="true"><img src="p.png"></span></body>')
    )
    assert check(folder) == []


def test_links_into_folders_that_come_later_are_not_followed(folder):
    (folder / "page.html").write_text(GOOD.replace("other.html#there", "xx/index.html"))
    assert check(folder) == ["page.html: the link to xx/index.html leads nowhere"]
    assert check(folder, later=("xx",)) == []
