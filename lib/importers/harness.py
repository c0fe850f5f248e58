"""What is known of tasks of EleutherAI's harness: names of tasks in, answers to questions out.

`harness.csv` lists tasks that many panels have, with what they ask for, which of their results to
take, the English task of the same items and where the items come from, as its source says; `{}`
stands for a language's code (`eu`, `eus_Latn`). These answers are filled in before people are
asked, and stand in the questions for them to change. What the list does not know stays empty.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from babel import Locale
from babel.core import get_global

from lib.importers.cells import slug
from lib.importers.questions import LEFT_OUT

LIST = Path(__file__).with_name("harness.csv")
ENGLISH = "en"
#: A language's code in a task's name, of two or three letters, with or without a script.
CODE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?")


def known(results: Mapping[str, Collection[str]], language: str) -> dict[str, dict[str, str]]:
    """Task -> answers as `questions.COLUMNS` call them, for the tasks that the list has.

    Parameters
    ----------
    results : task -> the results that it has, such as "acc,none".
    language : the study's, by its name in English; of one that nobody knows no task is local.

    >>> found = known({"belebele_eus_Latn": ["acc,none"], "belebele_eng_Latn": []}, "Basque")
    >>> [found[task]["language"] for task in found]
    ['local', 'english']
    >>> found["belebele_eng_Latn"]["counterpart_id"]
    'belebele-eus-latn'
    """
    own, found, local = _code(language), {}, {}
    for task in results:
        row, spoken = _row(task)
        if row:
            side = {own: "local", ENGLISH: "english"}.get(spoken, LEFT_OUT if own else "")
            found[task] = _answers(row, side, results[task])
            local |= {task: row} if side == "local" else {}
    for task, row in local.items():
        english = row["english"]
        if english in results and "counterpart_id" not in found[english]:
            found[english] |= _answers(row, "english", results[english])
            for one, other in ((task, english), (english, task)):
                found[one] |= {"counterpart_id": slug(other), "counterpart_kind": row["kind"]}
    return found


def _answers(row: Mapping[str, str], side: str, results: Collection[str]) -> dict[str, str]:
    given = {"language": side, "ability": row["ability"]}
    if row["score"] in results:
        given["score"] = row["score"]
    if side == "local" and row["origin"]:
        given |= {"origin": row["origin"], "origin_source": row["source"]}
    return given


def _row(task: str) -> tuple[dict[str, str], str]:
    """The list's row for a task, and the code of the language that the task is in."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if task == row["task"]:
            return row, row["language"]
        if task == row["english"]:
            return row, ENGLISH
    for row in rows:
        before, mark, after = row["task"].partition("{}")
        code = task.removeprefix(before).removesuffix(after)
        if mark and task == f"{before}{code}{after}" and CODE.fullmatch(code):
            spoken = _two(code.partition("_")[0])
            if spoken in Locale(ENGLISH).languages:
                return row, spoken
    return {}, ""


def _two(code: str) -> str:
    """The code of two letters where a language has one: eus is eu."""
    return (get_global("language_aliases").get(code) or code) if len(code) == 3 else code


def _code(language: str) -> str:
    """The code of a language by its name in English; "" where nobody knows it."""
    names = Locale(ENGLISH).languages
    return next((code for code, name in names.items() if name == language), "")
