"""The house is as CONTRIBUTING.md draws it: each room imports only what its row allows."""

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
LIB = CHECKOUT / "lib"
#: The library's rooms: its packages, and its modules outside of any.
ROOMS = sorted(
    path.stem
    for path in LIB.iterdir()
    if (path.suffix == ".py" and not path.stem.startswith("__")) or (path / "__init__.py").exists()
)


def allowed() -> dict[str, set[str]]:
    """Room -> rooms that it may use, from the table."""
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(?:lib/)?(\w+)(?:\.py|/)` \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    found = {}
    for room, uses in rows:
        names = set(re.findall(r"\w+", uses)) & set(ROOMS)
        found[room] = set(ROOMS) - names if uses.startswith("all but") else names
    return found


def imported(path: Path) -> set[str]:
    """Rooms that a module imports, at its top or late, itself left out."""
    return rooms_of(path.read_text(encoding="utf-8"), path.relative_to(CHECKOUT).parent.parts)


def rooms_of(code: str, package: tuple[str, ...] = ()) -> set[str]:
    """Rooms that code in a package imports."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            names += [f"{base}.{alias.name}" for alias in node.names]
    own = set(package[1:2])
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "lib" and len(part) > 1} & set(ROOMS) - own


def files(room: str) -> list[Path]:
    return sorted((LIB / room).rglob("*.py")) if (LIB / room).is_dir() else [LIB / f"{room}.py"]


def test_imports_are_found_wherever_they_stand():
    lines = ["from .. import words", "from .page import Page", "import lib.stats.drift"]
    code = "\n".join(["def f():", *(f"    {line}" for line in lines)])
    assert rooms_of(code, ("lib", "report")) == {"words", "stats"}
    assert rooms_of("from lib import study as s, charts\nimport pandas") == {"study", "charts"}


def test_every_room_has_a_row():
    assert set(allowed()) == {*ROOMS, "chapters"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_what_its_row_allows(room):
    found = {
        f"{path.relative_to(CHECKOUT)}: {each}"
        for path in files(room)
        for each in imported(path) - allowed()[room] - {room}
    }
    assert found == set()


def test_a_row_names_nothing_that_its_room_does_without():
    rows = {room: uses for room, uses in allowed().items() if room not in ("commands", "chapters")}
    assert {
        room: unused
        for room, uses in rows.items()
        if (unused := uses - set().union(*map(imported, files(room))))
    } == {}


def test_chapters_use_what_their_row_allows():
    code = r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n)?((?::[^\n]*\n)*)(.*?)^```"
    everything = set()
    for place in ("chapters/*.md", "site/*.md", "data/*/chapters/*.md"):
        for path in sorted(CHECKOUT.glob(place)):
            text = path.read_text(encoding="utf-8")
            cells = [cell[1] for cell in re.findall(code, text, re.DOTALL | re.MULTILINE)]
            used = set().union(*map(rooms_of, cells))
            assert used <= allowed()["chapters"], path.name
            everything |= used
    assert {"study", "stats", "charts", "report", "summary", "words"} == everything


def test_arrows_lead_one_way():
    """No room reaches itself."""
    uses = {room: set().union(*map(imported, files(room))) for room in ROOMS}
    for room in ROOMS:
        reached, waiting = set(), [*uses[room]]
        while waiting:
            each = waiting.pop()
            if each not in reached:
                reached.add(each)
                waiting += uses[each]
        assert room not in reached
