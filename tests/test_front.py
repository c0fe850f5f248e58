"""Does the front of the repository say what is true?  README, citation, changelog, licences, and the pages on forking
and running again, against the files they speak of."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from lib import findings, schema, settings
from lib.book import BookError, chapters, readme
from lib.book.layout import Layout

ROOT = Path(__file__).resolve().parents[1]


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
    known = {"cff-version", "message", "title", "type", "version", "date-released", "license", "authors", "abstract",
             "keywords", "references"}
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
    assert "Code: MIT (`LICENSE`)" in text("README.md") and "CC BY 4.0 (`LICENSE-text`)" in text("README.md")


# --- README.md

def targets():
    return set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "chapters/reproduce.md", "chapters/fork.md", "chapters/index.md"])
def test_commands_that_a_page_names_exist(page):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text(page), re.MULTILINE))
    assert named <= targets()
    if page == "README.md":
        assert {"book", "test"} <= named


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_files_that_a_page_names_exist(page):
    named = re.findall(r"`((?:chapters|lib|data)/[\w./-]+|[A-Z]+(?:-text|\.cff|\.md)?)`", text(page))
    paths = [name for name in named if name.isupper() or "/" in name or "." in name]
    assert [name for name in paths if not (ROOT / name).exists()] == []


def test_readme_has_no_number_that_the_book_does_not_have(book):
    assert readme.stale(book) == [], "out of date: make readme"


def test_readme_counts_are_the_studys(book):
    import json

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
    changed = re.sub(r'("transfer/pearson/jmmlu~mmlu": \{.*?"value": )[\d.]+', r"\g<1>0.5", results, flags=re.DOTALL)
    copy.results.write_text(changed, encoding="utf-8")
    assert readme.stale(copy) == ["README.md"]
    assert readme.renew(copy) == ["README.md"]
    assert "0.50 [" in (tmp_path / "README.md").read_text(encoding="utf-8")


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
    return page[start:min(page.find(mark, start + 4) % (len(page) + 1) for mark in ("\n### ", "\n## "))]


@pytest.mark.parametrize("name", schema.FORMS)
def test_fork_describes_every_column(name):
    described = set(re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in section(name).splitlines()
                                                   if row.startswith("| `"))))
    assert described == set(schema.FORMS[name].columns)
    if not schema.FORMS[name].required:
        assert f"### {name} (optional)" in text("chapters/fork.md")


def test_fork_describes_every_key_of_study_yml():
    described = set(re.findall(r"^\| `(\w+)`", section("study.yml"), re.MULTILINE))
    assert described == set(settings.Settings.model_fields)


def test_fork_describes_every_key_of_claims_yml():
    described = set(re.findall(r"^\| `(\w+)`", section("claims.yml"), re.MULTILINE))
    assert described == set(settings.Claim.model_fields)
    assert {"interval", "each", "result", "results", "above", "below", "within"} <= set(re.findall(r"`(\w+)`", section("claims.yml")))


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


# --- what the summary pages say, by rule

def finding(value, low, high, **threshold):
    from lib.resampling import Estimate

    return findings.Finding("needs", "A", "pairs", "x", Estimate(value, low, high), **threshold)


def test_verdicts_of_several_findings():
    yes, open_, no = (finding(v, v - 0.1, v + 0.1, above=0) for v in (1, 0, -1))
    assert [each.verdict for each in (yes, open_, no)] == ["supported", "undecided", "contradicted"]
    assert findings.together([yes, yes]) == "supported"
    assert findings.together([yes, open_]) == "undecided"
    assert findings.together([yes, open_, no]) == "contradicted"
    assert findings.mostly([yes, yes, no]) == "supported"
    assert findings.mostly([yes, no]) == "undecided"
    assert findings.counts([yes, yes, no]) == {"supported": 2, "undecided": 0, "contradicted": 1}


def test_the_widest_interval_has_the_outer_ends():
    from lib.resampling import Estimate

    wide = findings.widest(Estimate(0.1, 0.05, 0.2, low_ordinary=-0.1, high_ordinary=0.15))
    assert (wide.low, wide.high) == (-0.1, 0.2)
    assert findings.widest(Estimate(0.1)).low is None


def test_findings_follow_what_was_recorded():
    import pandas as pd

    from lib import study

    s = study.load("ja")
    nothing = pd.DataFrame({"value": []}, index=pd.Index([], dtype=str))
    assert findings.of(s, nothing) == [] and findings.headline(s, nothing) is None
    records = pd.DataFrame.from_dict({
        "transfer/pearson/jmmlu~mmlu": {"value": 0.9, "low": 0.8, "high": 0.95},
        "transfer/english/niilc": {"value": -0.1, "low": -0.6, "high": 0.3},
        "strategies/difference/humaneval": {"value": -0.1, "low": -0.12, "high": -0.05, "low_ordinary": -0.2, "high_ordinary": 0.1},
    }, orient="index")
    found = {each.subject: each for each in findings.of(s, records)}
    assert found["MMLU and JMMLU"].verdict == "supported"
    assert found["NIILC"].verdict == "supported"
    assert found["HumanEval"].verdict == "undecided"
    assert findings.headline(s, records).verdict == "supported"
    paired = pd.concat([records, pd.DataFrame.from_dict({"pairs/difference/niilc": {"value": 0.16, "low": 0.1, "high": 0.2, "n": 15, "up": 15}}, orient="index")])
    gain = next(each for each in findings.of(s, paired) if each.id == "pairs/difference/niilc")
    assert (gain.kind, gain.moved, gain.pairs, gain.verdict) == ("pairs", 15, 15, "supported")
    assert "gain" in findings.headline(s, paired).sentences["supported"]
