"""Whatever ends a build, the last good book can be read, the next build finishes, and nothing is
left behind."""

import contextlib
import ctypes
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

from lib.book import swap
from tests.book.conftest import CHECKOUT, Tiny, make_tiny

KILLS = 20


def started(tiny: Tiny, *options: str, preexec_fn=None, **environment: str) -> subprocess.Popen:
    """A build of the tiny study that runs."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lib",
            "build",
            "xx",
            "--no-data-check",
            "--root",
            tiny.root,
            *options,
        ],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)} | environment,
        cwd=tiny.root.parent,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=preexec_fn,
    )


def nothing_half_written(tiny: Tiny) -> None:
    there = {path.name for path in tiny.build.iterdir()}
    assert there <= {
        ".lock",
        ".runtime",
        "book",
        "doit.json",
        "downloads",
        "html",
        "notebooks",
        "records",
        "reads",
        "needs.json",
        "results.json",
    }, there


def test_a_build_killed_at_any_moment_leaves_a_whole_book_and_the_next_one_finishes(tiny_book):
    chance, texts = (
        random.Random(20241220),
        {name: tiny_book.chapter(name).read_text() for name in ("numbers", "words")},
    )

    def revise(number: int) -> None:
        tiny_book.chapter("numbers").write_text(
            texts["numbers"].replace("The answer for", f"The {number}. answer for")
        )
        tiny_book.chapter("words").write_text(texts["words"].replace("A page", f"A {number}. page"))

    begun = time.monotonic()
    revise(-1)
    assert tiny_book.run("build").returncode == 0
    whole = time.monotonic() - begun
    for number in range(KILLS):
        last = tiny_book.pages()
        revise(number)
        build = started(tiny_book)
        with contextlib.suppress(subprocess.TimeoutExpired):
            build.wait(timeout=chance.uniform(0, 1.1 * whole))
        build.kill()
        build.communicate()
        now = tiny_book.pages()
        new = (
            b"A %d. page" % number in now["words.html"]
            and b"The %d. answer" % number in now["numbers.html"]
        )
        assert now == last or (new and set(now) == set(last))
    assert tiny_book.run("build").returncode == 0
    assert b"The %d. answer" % (KILLS - 1) in tiny_book.pages()["numbers.html"]
    nothing_half_written(tiny_book)


def test_two_builds_at_once_take_turns(tiny):
    builds = [started(tiny), started(tiny)]
    said = [build.communicate(timeout=300) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sum("another build of this study is running" in error for _, error in said) == 1
    assert sum("  numbers " in out for out, _ in said) == 1, "the second finds everything done"
    nothing_half_written(tiny)


def test_ctrl_c_is_one_line_and_leaves_the_last_good_book(tiny_book):
    before = tiny_book.pages()
    tiny_book.edit(
        "numbers", "value = 21 * factor", "import time; open('begun', 'w').close(); time.sleep(600)"
    )
    build = started(tiny_book)
    for _ in range(1200):
        if (tiny_book.root / "begun").exists():
            break
        time.sleep(0.05)
    build.send_signal(signal.SIGINT)
    _, error = build.communicate(timeout=60)
    assert build.returncode == 130 and error == "stopped; the last good book is as it was\n"
    assert tiny_book.pages() == before


@pytest.mark.parametrize("limit", [200, 3_000, 60_000])
def test_a_full_disk_is_said_and_the_next_build_finishes(tiny_book, limit):
    """No file may grow beyond the limit, which is what a full disk comes to, wherever it
    strikes."""
    before = tiny_book.pages()
    tiny_book.edit("numbers", "The answer for", "The answer, for")
    build = started(
        tiny_book, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    _, error = build.communicate(timeout=300)
    assert build.returncode == 1 and "File too large" in error and "Traceback" not in error, error
    assert tiny_book.pages() == before
    assert tiny_book.run("build").returncode == 0
    assert b"The answer, for" in tiny_book.pages()["numbers.html"]
    nothing_half_written(tiny_book)


def test_what_doit_remembers_may_be_broken(tiny_book):
    memory = tiny_book.build / "doit.json"
    memory.write_bytes(memory.read_bytes()[:100])
    run = tiny_book.run("build")
    assert run.returncode == 0 and "  numbers " in run.stdout, run.stderr
    json.loads(memory.read_text())


def without_privilege() -> None:
    """Rights of files hold for root, too (CAP_DAC_OVERRIDE leaves the bounding set: see
    prctl(2))."""
    if os.getuid() == 0:
        ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(
    sys.platform != "linux" and os.getuid() == 0, reason="root may write everywhere"
)
def test_a_checkout_that_cannot_be_written_is_one_line(tiny):
    tiny.root.chmod(0o555)
    build = started(tiny, preexec_fn=without_privilege, PYTHONDONTWRITEBYTECODE="1")
    _, error = build.communicate(timeout=60)
    tiny.root.chmod(0o755)
    assert (
        build.returncode == 1
        and error == "_build: Permission denied; the last good book is as it was\n"
    )


def test_jobs_place_clock_language_and_umask_change_no_byte(tmp_path):
    books = []
    for folder, jobs, umask, around in (
        ("a", "1", 0o077, {"TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C"}),
        (
            "another place, über",
            "4",
            0o002,
            {"TZ": "America/St_Johns", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        ),
    ):
        tiny = make_tiny(tmp_path / folder / "checkout")
        build = started(
            tiny, "--jobs", jobs, preexec_fn=lambda umask=umask: os.umask(umask), **around
        )
        _, error = build.communicate(timeout=300)
        assert build.returncode == 0, error
        books.append(
            {
                str(path.relative_to(tiny.build)): path.read_bytes()
                for path in sorted(tiny.build.rglob("*"))
                if path.is_file() and path.name != "doit.json" and "book" not in path.parts
            }
        )
    assert set(books[0]) == set(books[1])
    assert [name for name in books[0] if books[0][name] != books[1][name]] == []


def test_a_folder_takes_anothers_place_at_once_or_by_two_renames(tmp_path, monkeypatch):
    for number, able in enumerate((True, False)):
        if not able:
            monkeypatch.setattr(swap, "exchange", lambda one, other: False)
        new, place, aside = (tmp_path / f"{name}{number}" for name in ("new", "place", "aside"))
        for text in ("first", "second"):
            new.mkdir()
            (new / "page").write_text(text)
            swap.put(new, place, aside)
            assert (place / "page").read_text() == text and not new.exists() and not aside.exists()
    place.rename(aside)
    swap.recover(place, aside)
    assert (place / "page").read_text() == "second" and not aside.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other calls")
def test_this_system_can_exchange_two_folders_at_once(tmp_path):
    one, other = tmp_path / "one", tmp_path / "öther"
    one.mkdir()
    other.mkdir()
    (one / "mark").touch()
    assert swap.exchange(one, other) and (other / "mark").exists() and one.exists()
    assert not swap.exchange(one, tmp_path / "nowhere")
