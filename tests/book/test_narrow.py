"""Small and narrow studies get a book that promises nothing: five models, one root, one parent."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pytest

from lib.book.layout import OWN_ROOT
from tests import narrow, small_study

#: What lies in a checkout beside data/ and lib/, as far as a book is made of it.
BESIDE = ("chapters", "_toc.yml", "_config.yml", "references.bib", "assets", "requirements.txt")


@dataclass(frozen=True)
class Book:
    """A study's book, built by the command in a checkout of its own."""

    root: Path

    def run(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "lib", *words],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )

    def results(self) -> dict:
        return json.loads((self.root / "_build/xx/results.json").read_text())["results"]

    def text(self, page: str) -> str:
        path = self.root / f"_build/xx/html/{page}.html"
        article = lxml.html.parse(str(path)).getroot().xpath("//article")[0]
        return " ".join(article.text_content().split())


def build(root: Path, **shape) -> Book:
    shutil.copytree(OWN_ROOT / "lib", root / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        (root / name).symlink_to(OWN_ROOT / name)
    small_study.write(root / "data", **narrow.study(**shape))
    book = Book(root)
    done = book.run("build", "xx")
    assert done.returncode == 0, done.stdout + done.stderr
    return book


SHAPES = {
    "five models": {"models": 5, "lineages": 3},
    "one parent": {"models": 9, "lineages": 1, "parent": True},
}
TOO_FEW = {"five models": "Three lineages are too few", "one parent": "One lineage is too few"}
#: What is no verdict about models: simulations of the intervals themselves.
ELSE = ("uncertainty/",)


@pytest.fixture(scope="module", params=SHAPES)
def book(request, tmp_path_factory) -> tuple[str, Book]:
    root = tmp_path_factory.mktemp("narrow")
    return request.param, build(root, **SHAPES[request.param])


def test_nothing_is_settled_by_so_few(book):
    found = {
        name: each["verdict"]
        for name, each in book[1].results().items()
        if each.get("verdict") and not name.startswith(ELSE)
    }
    assert len(found) > 10
    assert set(found.values()) == {"undecided"}
    several = book[1].results()["abilities/several"]["value"]
    assert several == "undecided"
    assert book[1].results()["index/verdict"]["value"] == "undecided"


@pytest.mark.parametrize("page", ["index", "local-ability", "abilities", "conclusions"])
def test_each_answer_says_why(book, page):
    shape, made = book
    assert f"{TOO_FEW[shape]} for a verdict" in made.text(page)
    assert "✓ yes" not in made.text(page) and "✕ no" not in made.text(page)


def test_the_check_says_beforehand_what_cannot_be_said(book):
    shape, made = book
    said = made.run("check", "xx").stdout
    assert f"{TOO_FEW[shape]} for a verdict" in said
    assert "nothing can be said of scaling" in said


def test_pages_say_nothing_of_what_is_not_there(book):
    for page in ("index", "data", "conclusions", "strategies", "uncertainty", "transfer"):
        text = book[1].text(page)
        for never in ("base models", "the same items in", "board of verdicts", " a Icelandic"):
            assert never not in text, (page, never)


def test_a_share_over_untranslated_tests_stands_beside_the_whole(book):
    results = book[1].results()
    assert 0 < results["local/r2/untranslated"]["value"] <= 1
    assert results["local/r2/untranslated"]["value"] != results["local/r2_english"]["value"]
    assert {"transfer/english-mean/translated", "transfer/english-mean/untranslated"} <= {*results}


def test_a_study_without_a_knowledge_task_still_answers(tmp_path):
    made = build(tmp_path, models=14, lineages=8, known=False)
    assert made.results()["answer/local-ability"]["value"] in ("yes", "open", "no")
    assert "these tasks carry the rest" in made.text("index")
    assert "these tasks carry the rest" in made.text("local-ability")
    assert "too few for a verdict" not in made.text("index")


def test_a_study_without_an_english_side_has_a_book_that_promises_none(tmp_path):
    """The form of public results that measure one language alone."""
    made = build(tmp_path, models=15, lineages=7, tests=narrow.LOCAL)
    found = made.results()
    assert not [each for each in found if each.startswith(("transfer/english", "local/"))]
    assert not [
        each for each in found if each.startswith("strategies/mean/") and "english-" in each
    ]
    for page in ("index", "transfer", "conclusions"):
        text = made.text(page)
        assert "No benchmark here is in English" in text, page
        assert "answers above" not in text and "by others: none" not in text, page
        assert "than the average of the English ones" not in text, page
    assert "nothing to draw a map of models by" in made.text("index")
    assert "The scores are from: A board" in made.text("data")


def test_one_test_a_language_is_mapped_by_these_two(tmp_path):
    """The form of records of one benchmark in many languages."""
    made = build(tmp_path, models=24, lineages=9, tests=("read-xx", "read-en"))
    assert "more English on average" in made.text("index")
    assert "more Icelandic on average" in made.text("index")
    assert "needs two benchmarks in the local language" in made.text("conclusions")
    assert "local/r2_english" not in made.results()


def test_lineages_without_all_scores_are_left_out_of_what_comes_again(tmp_path):
    """The models with all scores are of fewer lineages than the study: few draws, each as likely
    as it is."""
    made = build(tmp_path, models=9, lineages=4, unmeasured=(2, 6))
    assert {"abilities/congruence/PC1", "abilities/several"} <= {*made.results()}
    assert "how often each comes out fairly alike" in made.text("abilities")


def test_models_with_all_scores_may_be_of_one_lineage(tmp_path):
    """Models behind an interface often lack what open ones have: here all but one root."""
    made = build(tmp_path, models=15, lineages=3, unmeasured=[k for k in range(15) if k % 3])
    assert "abilities/several" in made.results()
