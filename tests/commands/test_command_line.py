"""There is one command line, whose help comes at once, and whose check looks at data and book."""

import subprocess
import sys

import pytest

from lib import study
from lib.__main__ import COMMANDS, main
from tests import small_study

#: Seconds of every start that only what computes, draws or builds needs.
HEAVY = {"pandas", "numpy", "altair", "pydantic", "yaml", "doit", "lxml", "papermill"}


def test_help_names_every_command_and_imports_nothing_heavy():
    code = (
        "import sys; from lib.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"    {name} " in done.stdout for name in COMMANDS)
    assert not HEAVY & set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_takes(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"python -m lib {name}" in said and COMMANDS[name][1] in said


def test_an_unknown_command_is_named_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["bild", "ja"])
    assert ended.value.code == 2 and "'build'" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["by --root", "beside the library"])
def test_check_looks_at_the_pages_once_there_are_any(where, tmp_path, capsys, monkeypatch):
    small_study.write(tmp_path / "data")
    words = ["check", "xx"]
    if where == "by --root":
        words += ["--root", str(tmp_path)]
    else:
        monkeypatch.setattr(study.loading, "DATA", tmp_path / "data")
    assert main(words) == 0
    assert "_build" not in capsys.readouterr().out
    page = tmp_path / "_build/xx/html/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><body><h1>A</h1></body></html>")
    assert main(words) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "_build/xx/html: links, anchors, pictures and addresses are in order"
    (page.parent / "other.html").write_text("<html><body><a href='gone.html'>A</a></body></html>")
    assert main(words) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "other.html: the link to gone.html leads nowhere"
