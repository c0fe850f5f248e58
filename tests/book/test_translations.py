"""A copied page becomes a translation by its header alone: nothing is there twice."""

import pytest
from lxml import html

from lib.book.layout import Layout
from tests.book.conftest import Tiny, make_tiny

HEADER = "study: {translates: numbers, language: 日本語, lang: ja}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Tiny:
    tiny = make_tiny(tmp_path_factory.mktemp("translated") / "checkout")
    tiny.edit("numbers", "# What", "(one-number)=\n# What")
    text = tiny.chapter("numbers").read_text()
    own = tiny.root / "data/xx/chapters"
    own.mkdir()
    translated = text.replace("---\n\n(one", f"{HEADER}---\n\n(one", 1)
    assert HEADER in translated
    (own / "numbers-ja.md").write_text(translated + "\nSee {ref}`here <one-number>`.\n")
    run = tiny.run("build")
    assert run.returncode == 0, run.stdout + run.stderr
    return tiny


def test_a_copied_page_records_nothing_of_its_own(book):
    text = (book.build / "results.json").read_text()
    assert '"numbers/answer/all"' in text and "numbers-ja" not in text


def test_its_labels_and_files_of_data_have_names_of_their_own(book):
    page = html.document_fromstring((book.build / "html/numbers-ja.html").read_bytes())
    assert page.xpath("//*[@id='one-number-ja']") and not page.xpath("//*[@id='one-number']")
    assert {"#one-number-ja", "data/fig-answer-ja.csv"} <= {*page.xpath("//article//a/@href")}
    first, second = (book.build / f"html/data/fig-answer{end}.csv" for end in ("", "-ja"))
    assert first.read_bytes() == second.read_bytes()


def test_each_page_says_its_language(book):
    def spoken(name):
        return html.document_fromstring((book.build / f"html/{name}.html").read_bytes()).get("lang")

    assert (spoken("numbers"), spoken("numbers-ja")) == ("en", "ja")
    page = html.document_fromstring((book.build / "html/numbers-ja.html").read_bytes())
    assert page.xpath("//*[@id='pst-primary-sidebar']/@lang") == ["en"]
    assert page.xpath("//article//section[1]/@lang")[0] == "ja"


def test_a_copy_that_says_that_it_is_the_original_is_told_its_name(tiny):
    """It would read what the original reads, and whether that is there yet would be chance."""
    text = (
        tiny.chapter("numbers")
        .read_text()
        .replace("# What", '# What\n\n```python\npage = report.Page(s, "numbers")\n```\n', 1)
    )
    (tiny.root / "data/xx/chapters").mkdir()
    header = f"{HEADER}---\n\n# What"
    path = tiny.root / "data/xx/chapters/numbers-ja.md"
    path.write_text(text.replace("---\n\n# What", header, 1))
    run = tiny.run("build")
    assert run.returncode != 0
    assert 'Page(s, "numbers") is the page "numbers"' in run.stderr
    assert f'write "{path.stem}"' in run.stderr and "Traceback" not in run.stderr
    assert Layout("xx", tiny.root).html.exists() is False
