"""The site of all studies, end to end on two tiny ones; a study's own pages and translations."""

import re
import shutil
from urllib.parse import urlsplit

import pytest
from lxml import html

from lib.book.check import check
from tests.book.conftest import make_tiny

TRANSLATION = """---
study: {translates: words, language: 日本語, lang: ja}
---

# 言葉だけ

コードのないページです。
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two tiny studies, the second with an own page and a translated one, put into one site."""
    tiny = make_tiny(tmp_path_factory.mktemp("site") / "checkout")
    shutil.copytree(tiny.root / "data/xx", tiny.root / "data/yy")
    (tiny.root / "data/xx/study.yml").write_text(
        "code: xx\nlanguage: Ixian\n"
        "about: {autonym: ixisch, tag: ix, family: <Ixic>, branch: Low}\n"
    )
    (tiny.root / "data/yy/study.yml").write_text("code: yy\nlanguage: <Ypsilon>\n")
    own = tiny.root / "data/yy/chapters"
    own.mkdir()
    (own / "own.md").write_text(
        "---\nstudy: {after: index}\n---\n\n# Only here\n\nTo [the words](words.md).\n"
    )
    (own / "words-ja.md").write_text(TRANSLATION)
    front = tiny.root / "site/index.md"
    front.write_text(front.read_text() + "\n:::{studies}\n:::\n")
    run = tiny.site()
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].startswith("Open _site/index.html")
    assert re.fullmatch(
        r"2 studies of 0\.\d MB in the mean, and \d+\.\d MB that all share",
        run.stdout.splitlines()[-2],
    )
    return tiny


def page(built, name):
    return html.document_fromstring((built.root / "_site" / name).read_bytes())


def switched(built, name):
    """The list of languages on a page: what its links say -> where they go and how they are
    marked."""
    return {
        link.text_content(): (link.get("href"), link.get("aria-current"))
        for link in page(built, name).xpath("//nav[@class='studies d-print-none']//a")
    }


def test_the_site_has_a_front_and_each_study_in_its_folder(built):
    site = built.root / "_site"
    for name in (
        "index.html",
        "atlas.html",
        "search.html",
        "xx/index.html",
        "xx/results.json",
        "xx/data/fig-answer.csv",
        "yy/own.html",
    ):
        assert (site / name).is_file(), name
    assert not (site / "xx/own.html").exists()
    assert b"answers: xx 42, yy 42" in (site / "index.html").read_bytes()
    assert check(site) == []


def test_the_switcher_leads_to_the_same_page_or_to_the_first(built):
    assert switched(built, "xx/words.html") == {
        "All languages": ("../index.html", None),
        "Ixian ixisch": ("../xx/words.html", "page"),
        "<Ypsilon>": ("../yy/words.html", None),
    }
    assert switched(built, "yy/own.html")["Ixian ixisch"] == ("../xx/index.html", None)
    assert switched(built, "index.html") == {
        "All languages": ("index.html", "page"),
        "Ixian ixisch": ("xx/index.html", None),
        "<Ypsilon>": ("yy/index.html", None),
    }
    assert switched(built, "atlas.html")["All languages"] == ("index.html", "true")


def test_every_page_has_one_switcher_without_a_script_right_after_the_skip_link(built):
    pages = [each for each in (built.root / "_site").rglob("*.html") if "_static" not in each.parts]
    assert len(pages) > 10
    for each in pages:
        tree = html.document_fromstring(each.read_bytes())
        (line,) = tree.xpath("//nav[contains(@class, 'studies')]")
        assert line.getprevious().get("id") == "pst-skip-link" and line.get("aria-label")
        assert (
            not line.xpath(".//@onclick|.//script") and len(line.xpath(".//*[@aria-current]")) == 1
        )
        for address in line.xpath(".//a/@href"):
            assert not urlsplit(address).scheme and (each.parent / address).is_file()


def test_languages_stand_by_family_under_their_own_names_too(built):
    (line,) = page(built, "yy/own.html").xpath("//nav[contains(@class, 'studies')]")
    assert line.xpath(".//summary")[0].text_content() == "<Ypsilon>"
    assert not line.xpath(".//details/@open")
    assert [each.text for each in line.xpath(".//div[@class='family']/p")] == [
        "<Ixic>: Low",
        "Other languages",
    ]
    (own,) = line.xpath(".//*[@lang='ix']")
    assert own.text == "ixisch" and own.get("class") == "autonym"
    assert line.xpath(".//li/@data-name") == ["ixian ixisch xx", "<ypsilon> yy"]


def test_the_front_lists_the_languages_with_what_each_study_found(built):
    (listed,) = page(built, "index.html").xpath("//div[contains(@class, 'landing')]")
    assert listed.xpath(".//li/a/@href") == ["xx/index.html", "yy/index.html"]
    assert {each.text for each in listed.xpath(".//span[@class='share']")} == {
        "not enough scores to tell"
    }


def test_what_all_books_have_lies_on_the_site_once_and_is_found_there(built):
    site, alone = built.root / "_site", built.root / "_build/xx/html"
    assert not list(site.glob("*/_static/**/*.js")) and (alone / "_static/vega.js").is_file()
    for name in ("index.html", "search.html"):
        text = (site / "xx" / name).read_text()
        assert "../_static/" in text and not re.search("[\"']_static/", text)
    total = sum(path.stat().st_size for path in (site / "xx").rglob("*") if path.is_file())
    assert total < sum(path.stat().st_size for path in alone.rglob("*") if path.is_file()) / 10


def test_a_book_alone_has_no_switcher(built):
    assert b'class="studies' not in (built.root / "_build/xx/html/index.html").read_bytes()


def test_a_studys_own_page_stands_where_its_header_says_and_in_that_study_only(built):
    order = re.findall(
        r"(index|own|numbers|words|words-ja)\.html",
        " ".join(
            page(built, "yy/index.html").xpath("//nav[contains(@class, 'bd-links')]//a/@href")
        ),
    )
    assert order == ["own", "numbers", "words"]
    assert "Only here" not in (built.root / "_site/xx/index.html").read_text()


def test_a_translation_and_its_original_link_to_each_other(built):
    def links(name):
        return [
            (link.text, link.get("href"), link.get("lang"))
            for link in page(built, name).xpath("//p[@class='translations']/a")
        ]

    assert links("yy/words.html") == [("日本語", "words-ja.html", "ja")]
    assert links("yy/words-ja.html") == [("English", "words.html", "en")]
    assert links("xx/words.html") == []
    assert page(built, "yy/words-ja.html").xpath("//section[@lang='ja']/h1")


def test_nobody_turns_a_page_and_finds_another_language(built):
    """A translation is reached by its link only: no page leads to it by "Next" or "Previous", and
    it leads on to none."""
    for each in (built.root / "_site/yy").glob("*.html"):
        turned = html.document_fromstring(each.read_bytes()).xpath(
            "//*[contains(@class, 'prev-next-area')]//a/@href"
        )
        assert "words-ja.html" not in turned and (each.stem != "words-ja" or not turned)


def test_a_link_of_the_front_to_a_chapter_leads_to_the_first_study(built):
    assert "xx/words.html" in page(built, "atlas.html").xpath("//article//a/@href")


def test_a_second_site_build_makes_nothing(built):
    before = {path: path.stat().st_mtime_ns for path in (built.root / "_site").rglob("*.html")}
    run = built.site()
    assert run.returncode == 0 and not re.search(r"^  \w", run.stdout, re.MULTILINE), run.stdout
    assert before == {
        path: path.stat().st_mtime_ns for path in (built.root / "_site").rglob("*.html")
    }


def test_a_failed_study_leaves_the_last_good_site(built):
    path = built.root / "data/yy/chapters/own.md"
    text, before = path.read_text(), (built.root / "_site/yy/own.html").read_bytes()
    path.write_text(text.replace("words.md", "gone.md"))
    run = built.site()
    path.write_text(text)
    assert (
        run.returncode == 1
        and "data/yy/chapters/own.md:" in run.stderr
        and "Traceback" not in run.stderr
    )
    assert "the build failed for yy; the last good site is still _site/index.html" in run.stderr
    assert (built.root / "_site/yy/own.html").read_bytes() == before
    assert built.site().returncode == 0


def test_some_studies_can_be_built_alone_and_others_stay_on_the_site(built):
    (built.root / "data/zz").mkdir()
    (built.root / "data/zz/study.yml").write_text("code: zz\nlanguage: Zedian\n")
    run = built.site("--studies", "xx, yy")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Building the study 'zz'" not in run.stdout
    assert "Zedian" not in switched(built, "xx/words.html")
    run = built.site("--studies", "xx")
    assert "Building the study 'yy'" not in run.stdout and run.returncode == 0
    assert "<Ypsilon>" in switched(built, "xx/words.html")
    run = built.site("--studies", "xx qq")
    assert run.returncode == 1
    assert run.stderr == "unknown studies: qq; studies in data/: xx, yy, zz\n"
    shutil.rmtree(built.root / "data/zz")


def test_a_study_leaves_a_chapter_out_by_a_reading_order_of_its_own(tiny):
    shared = tiny.root / "_toc.yml"
    (tiny.root / "data/xx/_toc.yml").write_text(shared.read_text())
    shared.write_text(f"{shared.read_text().rstrip()}\n  - file: extra\n")
    (tiny.root / "chapters/extra.md").write_text("# Extra\n\nMore of it.\n")
    index = tiny.root / "chapters/index.md"
    index.write_text(f"{index.read_text()}\nThere is [an extra](extra.md), too.\n")
    run = tiny.run("build")
    assert run.returncode == 0, run.stdout + run.stderr
    pages = {path.stem for path in (tiny.root / "_build/xx/html").glob("*.html")}
    assert {"index", "numbers", "words"} <= pages and "extra" not in pages
    text = (tiny.root / "_build/xx/html/index.html").read_text()
    assert "There is an extra, too." in text and "extra.html" not in text


def test_a_reading_order_cannot_name_a_chapter_that_is_not_there(tiny):
    (tiny.root / "data/xx/_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: gone\n"
    )
    run = tiny.run("build")
    assert run.returncode == 1
    assert "data/xx/_toc.yml names 'gone', but there is no chapters/gone.md" in run.stderr


def test_a_page_that_comes_after_nothing_is_an_error(tiny):
    own = tiny.root / "data/xx/chapters"
    own.mkdir()
    (own / "own.md").write_text("---\nstudy: {after: gone}\n---\n\n# Own\n")
    run = tiny.run("build")
    assert (
        run.returncode == 1
        and "own.md: its header places it after 'gone'; chapters: index, numbers, words"
        in run.stderr
    )


def test_a_study_cannot_take_the_sites_names(tiny):
    (tiny.root / "data/xx").rename(tiny.root / "data/site")
    run = tiny.run("build", study="site")
    assert (
        run.returncode == 1
        and run.stderr == "no study can be called 'site': give data/site another name\n"
    )
