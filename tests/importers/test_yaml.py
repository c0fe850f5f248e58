"""Whatever text a study is begun with, its study.yml says the same text when it is read."""

from __future__ import annotations

import itertools
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as draw

from lib import study
from lib.__main__ import main
from lib.importers import questions, skeleton
from lib.reading import documents, forms, is_line
from lib.study import settings

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LETTERS = string.ascii_lowercase

#: Every code of two or three letters, so those of ISO 639-1 and 639-3, too.
CODES = ["".join(letters) for size in (2, 3) for letters in itertools.product(LETTERS, repeat=size)]

#: Text that YAML reads as something else where it is not quoted.
BARE = """
null Null NULL ~ true True false False yes Yes YES no No NO on On ON off Off OFF y n
1e3 1E3 .5 5. 0x1f 0o17 017 0b1 1_000 1:30 190:20:30 +1 -1 .inf -.inf .nan .NaN NaN inf
2024-07-01 2024-07-01T10:00:00Z 2024 = << - -- ? : , [] {} # ! & * | > % @ `
"""
SPACED = ["a: b", "a #b", "- a", '"', "'", "\"a\" 'b'", "\\", "\\n", " a "]
FOREIGN = ["Sámi", "日本語", "a\u200cb", "🧠"]
WORDS = [*BARE.split(), *SPACED, *FOREIGN]


def read(line: str) -> object:
    return yaml.load(line, LOADER)


def test_every_code_of_two_or_three_letters_stays_a_code():
    lines = "\n".join(f"{questions.quoted(code)}: {questions.quoted(code)}" for code in CODES)
    assert read(lines) == dict(zip(CODES, CODES, strict=True))
    for code in CODES:
        line = questions.template(code, "L", "first", []).split(b"\n", 2)[1].decode()
        assert line == f'code: "{code}"'


def test_codes_that_yaml_would_take_for_truth_values_exist():
    bare = [code for code in CODES if read(code) != code]
    assert bare == ["no", "on", "off", "yes"]  # so that the test above can fail


@pytest.mark.parametrize("word", WORDS)
def test_a_word_stays_text_in_every_place_of_a_study(word):
    whole = questions.template("xx", word, word, [{"id": word, "title": word, "file": word}])
    value = read(whole.decode())
    assert value["language"] == value["default_snapshot"] == value["snapshots"][0]["id"] == word
    assert value["snapshots"][0]["source"] == word
    assert value["sources"] == [{"id": word, "title": word, "url": "", "licence": "", "file": word}]
    assert value["title"] == questions.TITLE.format(language=word)


@given(draw.text(draw.characters(codec="utf-8"), min_size=1).filter(is_line))
def test_any_line_of_text_stays_that_text(text):
    assert read(questions.quoted(text)) == text
    assert documents.from_yaml(f"a: {questions.quoted(text)}", "a.yml").value == {"a": text}


@pytest.mark.parametrize("code", ["no", "on", "off", "yes", "nan", "null", "y", "n", "e1", "inf"])
def test_a_new_study_keeps_its_code(tmp_path, monkeypatch, code):
    monkeypatch.setattr(study.loading, "DATA", tmp_path)
    assert main(["new", code, "--language", "Norwegian"]) == 0
    text = (tmp_path / code / "study.yml").read_text()
    text = text.replace('licence: ""', "licence: MIT").replace('title: ""', "title: Mine")
    made = forms.checked(documents.from_yaml(text, "study.yml"), settings.Settings)
    assert made.code == code and set(skeleton.build(code, "N")) >= {"study.yml", "README.md"}
