"""Does the front of the repository say what is true?  README, citation, changelog, licences, and
the pages on forking and running again, against the files they speak of."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from lib import claims
from lib.book import BookError, chapters, readme
from lib.book.layout import Layout
from lib.study import schema, settings

ROOT = Path(__file__).resolve().parents[2]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load(text("CITATION.cff"))


@pytest.fixture(scope="module")
def book():
    layout = Layout("ja")
    if not layout.results.exists():
        pytest.skip("the book is not built: make book")
    return layout


# --- CITATION.cff, CHANGELOG.md, licences


def test_citation_has_what_the_format_demands(citation):
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert citation["type"] in ("software", "dataset")
    assert citation["authors"] == [{"name": "The maintainers of Why build local LLMs?"}]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", citation["date-released"])
    known = {
        "cff-version",
        "message",
        "title",
        "type",
        "version",
        "date-released",
        "license",
        "authors",
        "abstract",
        "keywords",
        "references",
    }
    assert set(citation) <= known


def test_citation_names_the_source_study(citation):
    source = citation["references"][0]
    assert {"type", "title", "authors"} <= set(source)
    assert source["identifiers"][0]["value"] == "arXiv:2412.14471"
    assert source["authors"][0]["family-names"] == "Saito"
    assert len(source["authors"]) == 14


def test_the_version_is_the_same_everywhere(citation):
    version = citation["version"]
    latest = re.search(r"^## (\S+) \((\S+)\)", text("CHANGELOG.md"), re.MULTILINE)
    assert latest.groups() == (version, citation["date-released"])
    assert f"version = {{{version}}}" in text("chapters/cite.md")
    assert f"version {version}." in text("chapters/cite.md")
    assert f"Version {version}," in text("chapters/index.md")


def test_licences_are_what_the_readme_says(citation):
    assert text("LICENSE").startswith("MIT License")
    assert "Attribution 4.0 International" in text("LICENSE-text")
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert "Code: MIT (`LICENSE`)" in text("README.md") and "CC BY 4.0 (`LICENSE-text`)" in text(
        "README.md"
    )


# --- README.md


def targets():
    return set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize(
    "page", ["README.md", "chapters/reproduce.md", "chapters/fork.md", "chapters/index.md"]
)
def test_commands_that_a_page_names_exist(page):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text(page), re.MULTILINE))
    assert named <= targets()
    if page == "README.md":
        assert {"book", "test"} <= named


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_files_that_a_page_names_exist(page):
    named = re.findall(
        r"`((?:chapters|lib|data)/[\w./-]+|[A-Z]+(?:-text|\.cff|\.md)?)`", text(page)
    )
    paths = [name for name in named if name.isupper() or "/" in name or "." in name]
    assert [name for name in paths if not (ROOT / name).exists()] == []


def test_readme_has_no_number_that_the_book_does_not_have(book):
    assert readme.stale(book) == [], "out of date: make readme"


def test_readme_counts_are_the_studys(book):
    results = json.loads(book.results.read_text(encoding="utf-8"))["results"]
    assert f"{results['data/count/models']['value']} open base models" in text("README.md")
    assert f"{results['data/count/benchmarks']['value']} benchmarks" in text("README.md")


def test_the_picture_has_text_and_a_description():
    tree = ElementTree.fromstring(text("assets/ability-map.svg"))
    name = "{http://www.w3.org/2000/svg}"
    words = " ".join("".join(node.itertext()) for node in tree.iter(f"{name}text"))
    assert "General ability" in words and "Llama 2 70B" in words
    assert tree.find(f"{name}title").text


def test_a_changed_number_makes_the_readme_stale(book, tmp_path):
    (tmp_path / "data/ja").mkdir(parents=True)
    (tmp_path / "data/ja/study.yml").write_text("code: ja\n")
    (tmp_path / "assets").mkdir()
    copy = Layout("ja", tmp_path)
    for path in (book.results, book.notebook("index")):
        there = tmp_path / path.relative_to(book.root)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
    for name in ("README.md", "assets/ability-map.svg"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")
    assert readme.stale(copy) == []
    results = copy.results.read_text(encoding="utf-8")
    changed = re.sub(
        r'("transfer/carries/jmmlu~mmlu": \{.*?"value": )[\d.]+',
        r"\g<1>0.5",
        results,
        flags=re.DOTALL,
    )
    copy.results.write_text(changed, encoding="utf-8")
    assert readme.stale(copy) == ["README.md"]
    assert readme.renew(copy) == ["README.md"]
    assert "0.50 [" in (tmp_path / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def small(tmp_path):
    """A checkout with nothing but a README and the results that it may show."""
    for folder in ("data/ja", "_build/ja"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/ja/study.yml").write_text("code: ja\n")

    def make(readme_text, **results):
        (tmp_path / "README.md").write_text(readme_text)
        results = {name.replace("__", "/"): record for name, record in results.items()}
        (tmp_path / "_build/ja/results.json").write_text(json.dumps({"results": results}))
        return Layout("ja", tmp_path)

    return make


def test_the_readme_gives_the_first_pages_answer_and_what_counts_against_it(small):
    layout = small(
        "<!-- answer -->\nold\n<!-- /answer -->",
        answer__index={
            "value": "yes",
            "sentence": r"**Yes:** NIILC \+0\.16 \[\+0\.10, \+0\.23\].",
            "against": r"A\_b is lost.",
        },
    )
    assert readme._text(layout) == (
        "<!-- answer -->\n> **Yes:** NIILC +0.16 [+0.10, +0.23].\n>\n> "
        r"A\_b is lost."
        "\n<!-- /answer -->"
    )


def test_the_readme_shows_what_a_chapter_answers(small):
    layout = small(
        "<!-- verdict: a/b/c --><!-- /verdict -->",
        a__b__c={"value": 0.5, "verdict": "contradicted", "above": 0.7},
    )
    assert readme._text(layout) == "<!-- verdict: a/b/c -->no<!-- /verdict -->"


def test_all_that_the_readme_shows_and_the_book_lacks_is_named_at_once(small):
    layout = small(
        "<!-- answer -->\n\n<!-- /answer --><!-- verdict: a/b/c --><!-- /verdict --><!-- result: "
        "x/y/z --><!-- /result -->",
        a__b__c={"value": 0.5},
    )
    with pytest.raises(BookError) as error:
        readme._text(layout)
    said = str(error.value)
    assert (
        "x/y/z" in said
        and "a/b/c, which its chapter did not judge" in said
        and "index recorded none" in said
    )


def test_an_unknown_id_in_the_readme_is_named(book, tmp_path):
    (tmp_path / "data/ja").mkdir(parents=True)
    (tmp_path / "data/ja/study.yml").write_text("code: ja\n")
    (tmp_path / "_build/ja").mkdir(parents=True)
    (tmp_path / "_build/ja/results.json").write_text('{"results": {}}')
    (tmp_path / "README.md").write_text("<!-- result: a/b/c -->1<!-- /result -->")
    with pytest.raises(BookError, match="a/b/c"):
        readme.renew(Layout("ja", tmp_path))


# --- the page on forking describes the files as they are checked


def section(heading):
    page = text("chapters/fork.md")
    start = page.index(f"### {heading}")
    return page[
        start : min(page.find(mark, start + 4) % (len(page) + 1) for mark in ("\n### ", "\n## "))
    ]


@pytest.mark.parametrize("name", schema.FORMS)
def test_fork_describes_every_column(name):
    described = set(
        re.findall(
            r"`(\w+)`",
            "\n".join(
                row.split("|")[1] for row in section(name).splitlines() if row.startswith("| `")
            ),
        )
    )
    assert described == set(schema.FORMS[name].columns)
    if not schema.FORMS[name].required:
        assert f"### {name} (optional)" in text("chapters/fork.md")


def test_fork_describes_every_key_of_study_yml():
    described = set(re.findall(r"^\| `(\w+)`", section("study.yml"), re.MULTILINE))
    assert described == set(settings.Settings.model_fields)


def test_fork_describes_every_key_of_claims_yml():
    keys, tests = section("claims.yml").split("\n| `test` |")
    assert set(re.findall(r"^\| `(\w+)`", keys, re.MULTILINE)) == set(claims.Claim.model_fields)
    kinds = claims.Test.model_fields["test"].annotation.__args__
    assert set(re.findall(r"^\| `([\w-]+)`", tests, re.MULTILINE)) == set(kinds)
    assert set(claims.Test.model_fields) <= set(
        re.findall(r"`(\w+)(?:`|: true`)", section("claims.yml"))
    )


# --- the page on running again names parameters that exist


def test_parameters_in_commands_exist():
    there = {chapter.name: chapter for chapter in chapters.load(Layout("ja"), draft=True)}
    pages = " ".join(chapter.source.read_text(encoding="utf-8") for chapter in there.values())
    whole = re.findall(r"--set (\w+)\.(\w+)=", pages)
    single = re.findall(r"execute \w+ (\w+) --set (\w+)=", pages)
    assert whole and single
    for chapter, parameter in whole + single:
        assert parameter in there[chapter].parameters


def test_every_term_that_a_chapter_uses_is_in_the_glossary():
    terms = set(re.findall(r"^(\S.*)\n  \S", text("chapters/glossary.md"), re.MULTILINE))
    for path in (ROOT / "chapters").glob("*.md"):
        for written in re.findall(r"\{term\}`([^`]+)`", path.read_text(encoding="utf-8")):
            inner = re.search(r"<([^>]+)>$", written)
            assert (inner[1] if inner else written) in terms, f"{path.name}: {written}"
