"""The answer first: a question and a sentence for each verdict, of which the book shows the one that holds.

    :::{answer} Does a skill learned in English show in {eval}`s.language`, too?
    :verdict: carries.weakest

    supported
    : **Yes:** the models that lead in one lead in the other.

    undecided
    : **Not settled.**

    contradicted
    : **Not everywhere.**

    always
    : {eval}`carries`.
    :::

Which one holds is known only after the chapter has run, so the executor chooses (`chosen`); a source read anywhere else
shows all of them.  The badge says yes, no or open.
"""

import re
from html import escape

from lib.book import BookError, inline

BLOCK = re.compile(r"^(:{3,})\{answer\}[ \t]*(?P<asked>[^\n]*)\n(?P<body>.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"^:verdict:[ \t]*(\S[^\n]*)\n", re.MULTILINE)
VARIANT = re.compile(r"^(\w+)\n:[ \t]+(.*?)(?=^\w+\n:[ \t]|\Z)", re.DOTALL | re.MULTILINE)
VERDICTS = ("supported", "undecided", "contradicted")
#: The answer to a question that goes with each verdict, and its sign.
BADGES = {"supported": ("yes", "\N{CHECK MARK}"), "undecided": ("open", "?"), "contradicted": ("no", "\N{MULTIPLICATION X}")}


def expressions(notebook) -> list[tuple[str, str]]:
    """What the notebook's answers have to know: their verdicts."""
    return [(_verdict(found), "") for cell in _prose(notebook) for found in BLOCK.finditer(cell.source)]


def chosen(notebook, said: dict[str, str], where: str):
    """The notebook with each answer reduced to what holds.

    Raises BookError for an answer that has no sentence for a verdict, or another word for one.
    """
    for cell in _prose(notebook):
        cell.source = BLOCK.sub(lambda found: _shown(found, said, where), cell.source)
    return notebook


def told(notebook, said: dict[str, str], where: str) -> dict | None:
    """The page's first answer as a record: yes, no or open, and the sentence in Markdown; None without an answer."""
    for cell in _prose(notebook):
        if found := BLOCK.search(cell.source):
            word, text = _held(found, said, where)
            return {"value": BADGES[word][0], "sentence": " ".join(inline.fill(text, said).split())}
    return None


def _prose(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def _verdict(found: re.Match) -> str:
    option = OPTION.search(found["body"])
    if not option:
        raise BookError(f"answer to “{found['asked']}”: a line `:verdict: EXPRESSION` is needed")
    return inline.split(option[1].strip())[0]


def _held(found: re.Match, said: dict[str, str], where: str) -> tuple[str, str]:
    """The verdict of an answer, and what it says then."""
    word = said[_verdict(found)]
    variants = {name: text.strip() for name, text in VARIANT.findall(OPTION.sub("", found["body"]))}
    missing = [name for name in VERDICTS if name not in variants]
    strange = [name for name in variants if name not in (*VERDICTS, "always")]
    if missing or strange or word not in VERDICTS:
        raise BookError(f"{where}: answer to “{found['asked']}”: sentences for {', '.join(VERDICTS)} and, if wanted, always are "
                        f"allowed; missing: {', '.join(missing) or 'none'}; not known: {', '.join(strange) or 'none'}; "
                        f"its verdict is {word!r}")
    return word, " ".join(part for part in (variants[word], variants.get("always", "")) if part)


def _shown(found: re.Match, said: dict[str, str], where: str) -> str:
    word, text = _held(found, said, where)
    answer, sign = BADGES[word]
    badge = f'<span class="verdict verdict-{word}"><span aria-hidden="true">{escape(sign)}</span> {answer}</span>'
    return (f"{found[1]}{{container}} answer answer-{word}\n{{.answer-question}}\n{found['asked']}\n\n"
            f"{{.answer-said}}\n{badge} {text}\n{found[1]}")
