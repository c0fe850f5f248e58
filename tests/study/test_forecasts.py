"""What was put on the record stays as it was: whoever changes it, takes it back or slips something
in is told so."""

import datetime
import hashlib
import json
from pathlib import Path

import pytest
import yaml

from lib import study
from lib.__main__ import main
from lib.reading import InputError
from lib.stats import foresight
from lib.study import forecasts

DATA = Path(__file__).resolve().parents[2] / "data"
#: The hashes of the first batches, here once more: a batch and its hash cannot change together
#: without this test.
FIRST = {
    "ja": [
        "23721bf13073c5f5d70dd6383441516bd541731cfe8d9ecfefd605ce7e868d3a",
        "4c5c74bc4973a2824d89e1f13d25b5a9c577d838d1e3331779b7cc4f3fadc7bc",
        "7271f787fe68d071c5dfc4b42573307c7de602240eded2b5b334805b80049443",
    ],
    "is": ["005dbfddf699e6b3ec82b963667c2bcaf838b04855583ff70090c07f343d2b3f"],
    "et": ["5643ee1514977724ff37b0ec27032962b9d373f5f743c5761987a335a532eda8"],
}


def checked(text):
    files = {path.name: path.read_bytes() for path in (DATA / "ja").iterdir() if path.is_file()}
    files["forecasts.yml"] = text.encode()
    return [str(problem) for problem in study.check_files(files, "data/ja").problems]


@pytest.fixture(scope="module")
def text():
    return (DATA / "ja/forecasts.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", FIRST)
def test_the_first_batches_are_what_was_recorded(code):
    """The hash by hand: SHA-256 of JSON with sorted keys and no spaces."""
    raw = yaml.safe_load((DATA / code / "forecasts.yml").read_text(encoding="utf-8"))["batches"]
    hashes = []
    for batch in raw[: len(FIRST[code])]:
        said = {key: value for key, value in batch.items() if key != "sha256"}
        line = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        hashes.append(hashlib.sha256(line.encode()).hexdigest())
        assert batch["made"] == "2026-11-24"
    assert hashes == FIRST[code] == [each["sha256"] for each in raw[: len(hashes)]]


def test_more_than_a_hundred_predictions_say_what_settles_them(text):
    batches = yaml.safe_load(text)["batches"]
    assert sum(len(batch["predictions"]) for batch in batches) >= 100
    for batch in batches:
        assert batch["settled"] and batch["settled_from"] and batch["function"].startswith("lib.")
        assert all(each["low"] < each["high"] for each in batch["predictions"])


def test_what_is_on_record_is_what_the_functions_gave():
    """To within a tenth of the interval: a model that is mended later may move, the record not."""
    loaded = study.load("ja")
    if loaded.forecasts[0]["fitted"] != list(loaded.snapshots):
        pytest.skip("later snapshots are known by now")
    for batch, again in zip(
        loaded.forecasts, foresight.batches(loaded, "2026-11-24"), strict=False
    ):
        for then, now in zip(batch["predictions"], again["predictions"], strict=True):
            width = then["high"] - then["low"]
            assert abs(then["value"] - now["value"]) < width / 10
            assert then["benchmark"] == now["benchmark"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("value: 0.0979", "value: 0.1979", "its hash does not fit"),
        ("made: '2026-11-24'", "made: '2026-11-23'", "its hash does not fit"),
        ("high: 0.172}", "high: -0.172}", "low, value and high in this order"),
        ("level: 0.95", "level: 0.5", "the batch as it was on 2026-11-24"),
    ],
)
def test_a_changed_batch_is_refused_in_words(text, before, after, said):
    assert checked(text) == []
    assert before in text
    problems = checked(text.replace(before, after, 1))
    assert len(problems) == 1 and "data/ja/forecasts.yml, line " in problems[0]
    assert said in problems[0]


def test_a_batch_that_was_taken_back_or_moved_is_missed(text):
    head, *batches = text.split("- id: ")
    kept = [head, batches[0], batches[2]]
    for some in (kept, [head, *batches[1:]], [head, batches[1], batches[0], batches[2]]):
        said = "\n".join(checked("- id: ".join(some)))
        assert "another batch before it than when it was recorded" in said


def test_a_new_batch_is_appended_and_the_old_ones_stay_to_the_letter(tmp_path, capsys, monkeypatch):
    import shutil

    shutil.copytree(DATA / "is", tmp_path / "data/is")
    path = tmp_path / "data/is/forecasts.yml"
    before = path.read_text(encoding="utf-8")

    class Later(datetime.date):
        @classmethod
        def today(cls):
            return cls(2027, 1, 5)

    monkeypatch.setattr(datetime, "date", Later)
    assert main(["forecast", "is", "--root", str(tmp_path)]) == 0
    assert path.read_text(encoding="utf-8").startswith(before)
    assert "share-2027-01-05: 7 predictions" in capsys.readouterr().out
    record = study.load("is", root=tmp_path / "data").forecasts
    assert record[-1]["after"] == record[-2]["sha256"]
    assert main(["forecast", "is", "--root", str(tmp_path)]) == 1
    assert "one batch of a kind a day" in capsys.readouterr().err


def test_a_sealed_batch_is_read_back_as_it_was_written():
    batch = {"id": "x-1", "what": "a: b # c", "predictions": [{"benchmark": "a", "value": 0.1}]}
    sealed = forecasts.sealed(batch, [{"sha256": "0" * 64}])
    assert yaml.safe_load(forecasts.written(sealed)) == [sealed]
    assert forecasts.canonical(sealed) == forecasts.canonical(dict(reversed(sealed.items())))
    with pytest.raises(InputError):
        study.load("gone")
