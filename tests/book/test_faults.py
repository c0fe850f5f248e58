"""What goes wrong in a chapter has its message: file, line, what, and what is allowed; the last
good book stays."""

import time

import pytest

GOOD = "value = 21 * factor"


@pytest.mark.parametrize(
    "ending",
    ["import sys; sys.exit()", "quit()", "exit()", "import sys; sys.exit(0)", "raise SystemExit"],
)
def test_a_cell_that_ends_its_kernel_politely_is_an_error(tiny_book, ending):
    before = tiny_book.pages()
    tiny_book.edit("numbers", GOOD, f"{GOOD}\n{ending}")
    run = tiny_book.run("build")
    assert run.returncode == 1
    assert (
        "chapters/numbers.md, line 21: code cell 2 of 3 ends its kernel (exit, quit or sys.exit), "
        "so the rest is not executed"
    ) in run.stderr, run.stderr
    assert "Traceback" not in run.stderr and tiny_book.pages() == before


def test_a_last_cell_that_ends_its_kernel_is_an_error_too(tiny):
    tiny.edit("numbers", "HTML('<p>", "quit()\nHTML('<p>")
    run = tiny.run("execute", "numbers")
    assert run.returncode == 1 and "code cell 3 of 3 ends its kernel" in run.stderr, run.stderr


@pytest.mark.parametrize(
    ("code", "endless"),
    [
        ("print('x' * 12_000_000)", False),
        ("HTML = display({'text/html': '<p>' + 'x' * 12_000_000}, raw=True)", False),
        ("while True: print('x' * 100_000)", True),
    ],
)
def test_a_cell_that_shows_too_much_is_an_error_that_names_it(tiny, code, endless):
    tiny.edit("numbers", GOOD, f"{GOOD}\n{code}")
    started = time.monotonic()
    run = tiny.run("execute", "numbers")
    assert run.returncode == 1
    assert (
        "numbers.md, line 21: code cell 2 of 3 shows more than 10 MB, which no page can hold"
        in run.stderr
    ), run.stderr
    assert "Traceback" not in run.stderr and time.monotonic() - started < 60


def test_a_chapter_that_hangs_is_stopped_when_its_time_is_over(tiny):
    tiny.edit("numbers", GOOD, f"{GOOD}\nimport time; time.sleep(600)")
    run = tiny.run("build", "--timeout", "6")
    assert run.returncode == 1
    assert (
        "numbers.md, line 21: code cell 2 of 3 was still running when the chapter's 6 seconds "
        "were over" in run.stderr
    ), run.stderr
    assert "Traceback" not in run.stderr and "  words " in run.stdout


def test_a_kernel_that_stands_still_is_stopped_too(tiny):
    tiny.edit("numbers", GOOD, f"{GOOD}\nimport os, signal; os.kill(os.getpid(), signal.SIGSTOP)")
    run = tiny.run("build", "--timeout", "6")
    assert run.returncode == 1 and "when the chapter's 6 seconds were over" in run.stderr, (
        run.stderr
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_is_a_positive_number(tiny, seconds):
    run = tiny.run("build", f"--timeout={seconds}")
    assert run.returncode == 2 and "--timeout" in run.stderr and "Traceback" not in run.stderr


def test_a_chapter_that_disappears_while_it_runs_is_named(tiny):
    tiny.edit("numbers", GOOD, f"{GOOD}\nimport os; os.remove('chapters/numbers.md')")
    run = tiny.run("build")
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert "chapters/numbers.md disappeared while numbers was executed" in run.stderr, run.stderr


def test_a_chapter_that_disappears_and_fails_shows_the_failure(tiny):
    tiny.edit("numbers", GOOD, f"{GOOD}\nimport os; os.remove('chapters/numbers.md')\nnowhere")
    run = tiny.run("build")
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert (
        "numbers.md, line 26: code cell 2 of 3 failed" in run.stderr and "NameError" in run.stderr
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda raw: raw.replace(b"What is", "Qu\xe9".encode("latin-1")),
            "line 11: found the byte 0xe9; allowed: UTF-8",
        ),
        (
            lambda raw: raw.decode().encode("utf-16"),
            "line 1: found the byte-order mark of UTF-16; allowed: UTF-8",
        ),
        (
            lambda raw: b"\xef\xbb\xbf" + raw,
            "line 1: found a byte-order mark; allowed: UTF-8 without one",
        ),
        (lambda raw: raw.replace(b"What is", b"What\0is"), "line 11: found a null character"),
        (
            lambda raw: b"---\n- a\n- b\n---\n" + raw,
            "line 2: its header is a list; allowed: keys with values",
        ),
        (
            lambda raw: b"---\nword\n---\n" + raw,
            "line 2: its header is 'word'; allowed: keys with values",
        ),
        (lambda raw: b"---\na: b\nc: [\n---\n" + raw, "numbers.md, line 4: found"),
        (lambda raw: b"---\nstudy: [1]\n---\n" + raw, "`study` in its header holds no keys"),
        (
            lambda raw: b"---\nstudy: {seconds: long}\n---\n" + raw,
            "`seconds` in its header is 'long'; a number is needed",
        ),
    ],
)
@pytest.mark.parametrize("command", ["build", "execute"])
def test_a_chapter_that_cannot_be_read_says_so(tiny, change, said, command):
    path = tiny.chapter("numbers")
    path.write_bytes(change(path.read_bytes()))
    run = tiny.run(command, *(["numbers"] if command == "execute" else []))
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert "chapters/numbers.md" in run.stderr and said in run.stderr, run.stderr


def test_a_chapter_with_the_line_ends_of_another_system_is_read(tiny):
    path = tiny.chapter("numbers")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert tiny.run("execute", "numbers").returncode == 0
