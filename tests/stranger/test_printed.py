"""What counts as a printed command, and what each must be before anybody runs it."""

import re
import shlex

import pytest

from lib.__main__ import parser
from tests.stranger import CHECKOUT, printed, test_commands

PAGE = """\
Text with `make book`, the tool `make`, a file `data/x.csv`, and {glue:text}`make no`.

```bash
# a comment alone
make site   # and one behind
cat > file <<'END'
make nothing of this
END
cp a \\
   b
```

| `make help` | lists |

```{code-cell} ipython3
x = "`make wrong`"
```

```python
import lib
```
"""

#: Importers that a page names without the files that they ask for: no instruction.
MENTIONS = [["import", "euroeval"]]


def test_commands_stand_in_blocks_in_prose_and_in_tables():
    found = printed.commands("page.md", PAGE)
    assert [(each.line, each.kind, each.text) for each in found] == [
        (1, "inline", "make book"),
        (5, "bash", "make site   # and one behind\n"),
        (6, "bash", "cat > file <<'END'\nmake nothing of this\nEND\n"),
        (9, "bash", "cp a \\\n   b\n"),
        (13, "inline", "make help"),
        (20, "python", "import lib\n"),
    ]
    assert found[1].bare == "make site"


def test_the_documents_print_the_commands_that_people_need():
    had = {each.bare for each in printed.walk()}
    assert {
        "make setup",
        "make book",
        "make test",
        'make site STUDIES="ja is"',
        "make bench",
        "make check",
        "make readme",
        "make serve",
        "make chapter CHAPTER=transfer",
    } <= had
    for words in ("lib import euroeval", "lib new", "lib check"):
        assert any(words in each for each in had)


def everything_printed() -> list[printed.Command]:
    """The commands of every page of the checkout: the chapters' exercises, the data's notes."""
    places = ("*.md", "chapters/*.md", "site/*.md", "data/*/*.md", "data/*/*/*.md")
    paths = sorted(path for place in places for path in CHECKOUT.glob(place))
    return [each for path in paths for each in printed.of(str(path.relative_to(CHECKOUT)))]


@pytest.mark.parametrize("command", everything_printed(), ids=str)
def test_a_command_names_what_there_is(command):
    """A target of the Makefile, or words that the command line takes, by .venv's own Python."""
    if command.kind == "python":
        compile(command.text, str(command), "exec")
        return
    words = shlex.split(command.bare.partition(" || ")[0])
    assert words[0] not in ("python", "python3", "pip"), "a stranger's Python has no such library"
    if words[0] == "make":
        targets = re.findall(r"^([\w./-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
        assert {word for word in words[1:] if "=" not in word} <= set(targets)
    assert not any(word.startswith("lib.") for word in words), "there is one command line"
    if words[1:3] == ["-m", "lib"] and "--help" not in words and words[3:] not in MENTIONS:
        parser(words[3:]).parse_args(words[3:])


@pytest.mark.parametrize("command", printed.walk(), ids=str)
def test_a_command_is_printed_as_it_can_be_run(command):
    assert not re.search(r"<\w+>|\.\.\.|\b[A-Z]{4,}\.csv", command.text)


def test_nothing_is_expected_after_a_command_that_no_page_prints():
    had = {(each.document, each.bare) for each in printed.walk()}
    assert set(test_commands.AFTER) <= had
    special = {*test_commands.OUTER, *test_commands.ONCE, *test_commands.SERVES}
    assert special <= {bare for _, bare in had}
    assert all(any(words in each.text for each in printed.walk()) for words in printed.STAND_INS)
