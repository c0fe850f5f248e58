"""Which commands do the documents print?  Markdown in, its commands in reading order out.

A command stands in a fenced `bash` or `python` block, a line each (a here-document goes with its
line), or in backticks in prose and in tables, where it begins like one.  STAND_INS has the few
words that stand for something on the reader's machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.stranger import CHECKOUT, interpreters

#: Walked in this order, each in a clone of its own.
DOCUMENTS = ("README.md", "chapters/fork.md", "chapters/reproduce.md", "CONTRIBUTING.md")
#: What words in backticks begin with where they are a command, and not a name.
BEGINS = re.compile(
    r"(make|python3?|\S*/bin/\S+|cp|mv|rm|mkdir|cat|git|pip|uv|sudo|sh|bash) \S"
    r"|\.ci/run\b"
)
FENCE = re.compile(r"\s*(`{3,}|:{3,})(.*)")
HERE = re.compile(r"<<'?(\w+)'?")
#: What a page can only name by an example: the words, and what finds something in their place.
STAND_INS = {"/path/to/python3.12": lambda: interpreters.find("3.12") or "python3"}


@dataclass(frozen=True)
class Command:
    """A command as printed; its kind is `bash` or `python` in a block, `inline` in backticks."""

    document: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line} {self.text.splitlines()[0]}"

    @property
    def bare(self) -> str:
        """The command without its comment, its spaces made one."""
        return " ".join(re.sub(r"\s#.*", "", self.text.splitlines()[0]).split())


def commands(document: str, text: str) -> list[Command]:
    """Every command that the document prints, in order."""
    found, fence, kind, block, began = [], "", "", [], 0
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.fullmatch(line)
        if fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            found += _of_block(document, began, kind, block)
            fence = ""
        elif fence:
            block.append(line)
        elif mark and mark[1].startswith("`"):
            fence, kind, block, began = mark[1], mark[2].strip(), [], number + 1
        else:
            said = re.findall(r"(?<![`}])`([^`]+)`(?!`)", line)
            found += [
                Command(document, number, "inline", words) for words in said if BEGINS.match(words)
            ]
    return found


def _of_block(document: str, began: int, kind: str, lines: list[str]) -> list[Command]:
    if kind == "python":
        return [Command(document, began, kind, "\n".join(lines) + "\n")]
    if kind != "bash":
        return []
    found, end = [], ""
    for number, line in enumerate(lines, began):
        here = HERE.search(line)
        if end or (found and found[-1].text.endswith("\\\n")):
            last = found.pop()
            found.append(Command(document, last.line, kind, f"{last.text}{line}\n"))
            end = "" if line == end else end
        elif line.strip() and not line.lstrip().startswith("#"):
            found.append(Command(document, number, kind, f"{line}\n"))
            end = here[1] if here else ""
    return found


def of(document: str) -> list[Command]:
    """The commands of one of the checkout's documents."""
    return commands(document, (CHECKOUT / document).read_text(encoding="utf-8"))


def walk() -> list[Command]:
    """What to run, in order; one in backticks only where its document has not had it before."""
    steps = []
    for document in DOCUMENTS:
        had = set()
        for command in of(document):
            if command.kind != "inline" or command.bare not in had:
                steps.append(command)
            had.add(command.bare)
    return steps


def with_stand_ins(text: str) -> str:
    """The command with STAND_INS in place."""
    for words, find in STAND_INS.items():
        if words in text:
            text = text.replace(words, str(find()))
    return text


def first(bare: str) -> Command:
    """Where a command is printed first."""
    return next(each for each in walk() if each.bare == bare)
