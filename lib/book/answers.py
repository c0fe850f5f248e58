"""The answer first: a question and a sentence for each verdict, of which the book shows the one
that holds.

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

    against
    : Given general ability, {eval}`left.undecided.names` are not told from it.
    :::

`always` goes on after any of the sentences, `against` stands below: what counts against the answer,
whatever it is. Which one holds is known only after the chapter has run, so the executor chooses
(`chosen`); a source read anywhere else shows all of them.  The badge says yes, open or no, or what
a translation names in that order: `:badges: YES, OPEN, NO`.
"""

import re
from html import escape

from lib.book import BookError, inline

BLOCK = re.compile(
    r"^(:{3,})\{answer\}[ \t]*(?P<asked>[^\n]*)\n(?P<body>.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE
)
OPTION = re.compile(r"^:(verdict|badges):[ \t]*(\S[^\n]*)\n", re.MULTILINE)
VARIANT = re.compile(r"^(\w+)\n:[ \t]+(.*?)(?=^\w+\n:[ \t]|\Z)", re.DOTALL | re.MULTILINE)
VERDICTS = ("supported", "undecided", "contradicted")
MORE = ("always", "against")
#: The answer to a question that goes with each verdict, and its sign.
BADGES = {
    "supported": ("yes", "\N{CHECK MARK}"),
    "undecided": ("open", "?"),
    "contradicted": ("no", "\N{MULTIPLICATION X}"),
}


def expressions(notebook) -> list[tuple[str, str]]:
    """What the notebook's answers have to know: their verdicts."""
    return [
        (_verdict(found), "") for cell in _prose(notebook) for found in BLOCK.finditer(cell.source)
    ]


def chosen(notebook, said: dict[str, str], where: str):
    """The notebook with each answer reduced to what holds.

    Raises BookError for an answer that has no sentence for a verdict, or another word for one.
    """
    for cell in _prose(notebook):
        cell.source = BLOCK.sub(lambda found: _shown(found, said, where), cell.source)
    return notebook


def told(notebook, said: dict[str, str], where: str) -> dict | None:
    """The page's first answer as a record, None without one: yes, no or open, the sentence and what
    counts against it (Markdown)."""
    for cell in _prose(notebook):
        if found := BLOCK.search(cell.source):
            word, *texts = _held(found, said, where)
            sentence, against = (" ".join(inline.fill(text, said).split()) for text in texts)
            return {"value": BADGES[word][0], "sentence": sentence} | (
                {"against": against} if against else {}
            )
    return None


def _prose(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def _options(found: re.Match) -> dict[str, str]:
    options = {name: text.strip() for name, text in OPTION.findall(found["body"])}
    if "verdict" not in options:
        raise BookError(f"answer to “{found['asked']}”: a line `:verdict: EXPRESSION` is needed")
    return options


def _verdict(found: re.Match) -> str:
    return inline.split(_options(found)["verdict"])[0]


def _held(found: re.Match, said: dict[str, str], where: str) -> tuple[str, str, str]:
    """The verdict of an answer, what it says then, and what counts against it."""
    word = said[_verdict(found)]
    variants = {name: text.strip() for name, text in VARIANT.findall(OPTION.sub("", found["body"]))}
    missing = [name for name in VERDICTS if name not in variants]
    strange = [name for name in variants if name not in (*VERDICTS, *MORE)]
    if missing or strange or word not in VERDICTS:
        raise BookError(
            f"{where}: answer to “{found['asked']}”: sentences for {', '.join(VERDICTS)} and, if "
            f"wanted, {' and '.join(MORE)} are allowed; missing: {', '.join(missing) or 'none'}; "
            f"not known: {', '.join(strange) or 'none'}; its verdict is {word!r}"
        )
    text = " ".join(part for part in (variants[word], variants.get("always", "")) if part)
    return word, text, variants.get("against", "")


def _badge(found: re.Match, word: str, where: str) -> str:
    """The verdict as a badge: yes, open or no, or the page's own words for them."""
    answer, sign = BADGES[word]
    if badges := _options(found).get("badges"):
        given = [each.strip() for each in badges.split(",")]
        if len(given) != len(VERDICTS):
            raise BookError(
                f"{where}: answer to “{found['asked']}”: `:badges: {badges}`; three words are "
                "allowed, for yes, open and no, with commas between"
            )
        answer = given[VERDICTS.index(word)]
    return (
        f'<span class="verdict verdict-{word}"><span aria-hidden="true">{escape(sign)}</span> '
        f"{escape(answer)}</span>"
    )


def _shown(found: re.Match, said: dict[str, str], where: str) -> str:
    word, text, against = _held(found, said, where)
    below = f"\n\n{{.answer-against}}\n{against}" if against else ""
    return (
        f"{found[1]}{{container}} answer answer-{word}\n{{.answer-question}}\n{found['asked']}\n\n"
        f"{{.answer-said}}\n{_badge(found, word, where)} {text}{below}\n{found[1]}"
    )
