"""Every command that a document prints works, as it stands and in order, in a fresh clone."""

import re

import pytest

from tests.browser.test_pages import Visit
from tests.stranger import printed
from tests.stranger.clone import Clone, Said

pytestmark = pytest.mark.stranger

#: Run by what runs this test, so not again.
OUTER = (".ci/run", ".ci/run commands", ".ci/run machines")
#: Run once in the whole walk, where it is printed first.
ONCE = ("make test",)
#: Serves until it is stopped; the walk gives it a port that is free.
SERVES = ("make serve",)
#: The books that a document's reader makes from files of their own.
MAKES = {"chapters/fork.md": ("is",)}
FORK, AGAIN = "chapters/fork.md", "chapters/reproduce.md"


@pytest.fixture(scope="module")
def clone_of(room):
    """The clone in which a document's commands are run, always in the same folder.

    The first has nothing; to the others what the one before built is brought, since the same
    books would be made again from the same files, which is a third of the walk. A book that a
    document makes from its own data is left out.  reproduce.md builds from nothing once more, after
    its `make clean` and on another Python.
    """
    clones: dict[str, Clone] = {}

    def get(document: str) -> Clone:
        if document not in clones:
            for earlier in clones.values():
                earlier.leave("_build", room / "built")
            clone = Clone.make(room / "clone", room / "home")
            clone.bring("_build", room / "built", apart=MAKES.get(document, ()))
            clones.clear()
            clones[document] = clone
        return clones[document]

    return get


@pytest.mark.parametrize("command", printed.walk(), ids=str)
def test_a_printed_command_works(command, clone_of, browser, tell):
    if command.bare in OUTER:
        pytest.skip("it is what runs this test")
    if command.bare in ONCE and command != printed.first(command.bare):
        pytest.skip("it ran where it is printed first")
    clone, page = clone_of(command.document), b"<h1"
    if command.bare in SERVES:
        said, page = clone.serve(command.text)
    else:
        said = clone.run(printed.with_stand_ins(command.text), command.kind)
    tell(f"\n{said.seconds:7.1f} s  {command}")
    assert said.code == 0, f"{command} fails: {said}"
    assert b"<h1" in page, "a page is served"
    for opened in said.pages:
        assert_opens(browser, clone, opened)
    for claim in AFTER.get((command.document, command.bare), ()):
        claim(clone, said)
    assert clone.changed() == [] or command.document == FORK, "files of the commit are as they were"


def assert_opens(browser, clone: Clone, page: str) -> None:
    """The page works in a browser without a network: charts are drawn, nothing is complained of."""
    visit = Visit(browser, clone.folder / page, "wide-light")
    visit.settle()
    title, complaints = visit.page.locator("h1").first.inner_text(), visit.complaints
    visit.context.close()
    assert title and complaints == [], page


# --- what must be so after a command, beyond that it works


def all_tests_passed_and_none_was_skipped(clone: Clone, said: Said):
    last = said.out.splitlines()[-1]
    assert re.match(r"\d+ passed", last) and "skipped" not in last, f"{last}\n{said}"


def it_would_import_the_whole_export(clone: Clone, said: Said):
    assert "72 models x 12 benchmarks" in said.out and "nothing is written (--dry-run)" in said.out
    assert not (clone.folder / "data/is").exists()


def it_is_the_shipped_study(clone: Clone, said: Said):
    for name in ("models.csv", "benchmarks.csv", "evaluations.csv", "scores.csv"):
        made, shipped = (clone.folder / folder / name for folder in ("data/is", "is-shipped"))
        assert made.read_bytes() == shipped.read_bytes(), name


def the_book_is_icelandic_and_then_has_its_own_page(clone: Clone, said: Said):
    """The first build makes the whole book; the second, with a page of its own, that page only."""
    html = clone.folder / "_build/is/html"
    if not (clone.folder / "data/is/chapters/about-icelandic.md").exists():
        assert "Icelandic" in (html / "index.html").read_text(encoding="utf-8")
        return
    assert "What is special about Icelandic?" in (html / "data.html").read_text(encoding="utf-8")
    assert re.findall(r"^  ([\w-]+) ", said.out, re.MULTILINE) == ["about-icelandic", "pages"]


def the_empty_study_says_what_is_missing(clone: Clone, said: Said):
    run = clone.run(".venv/bin/python -m lib check gl")
    assert run.code == 1 and "models.csv" in run.err and "Traceback" not in run.err


def nothing_of_the_fork_is_left(clone: Clone, said: Said):
    assert clone.changed() == [] and not (clone.folder / "icelandic_all.csv").exists()


def the_readme_was_true(clone: Clone, said: Said):
    assert said.out.splitlines()[-1] == "nothing changed"


def only_the_environments_are_left(clone: Clone, said: Said):
    assert not (clone.folder / "_build").exists() and (clone.folder / ".venv").exists()


IMPORT = ".venv/bin/python -m lib import euroeval --language Icelandic --code is"
EXPORTS = "icelandic_all.csv data/euroeval/english_all.csv"
NEW = ".venv/bin/python -m lib new gl --language Galician"
#: (document, command) -> claims about it.
AFTER = {
    ("README.md", "make test"): [all_tests_passed_and_none_was_skipped],
    (FORK, f"{IMPORT} --dry-run {EXPORTS}"): [it_would_import_the_whole_export],
    (FORK, f"{IMPORT} --date 2026-04-20 {EXPORTS}"): [it_is_the_shipped_study],
    (FORK, "make book STUDY=is"): [the_book_is_icelandic_and_then_has_its_own_page],
    (FORK, NEW): [the_empty_study_says_what_is_missing],
    (FORK, "rm icelandic_all.csv"): [nothing_of_the_fork_is_left],
    (AGAIN, "make readme"): [the_readme_was_true],
    (AGAIN, "make clean"): [only_the_environments_are_left],
}
