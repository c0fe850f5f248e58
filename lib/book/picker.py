"""The way from each page to the other languages: a line at the top that opens into a list by
family.

Plain links in a `<details>`, so they work from a folder and without scripts; a script adds a field
that narrows the list. Names come from study.yml and are escaped.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from lib.book.layout import Layout

#: Where study.yml does not tell the language's family.
NO_FAMILY = "Other languages"


@dataclass(frozen=True)
class Tongue:
    """One study's language as people look for it: its English name, its own name, its family and
    branch."""

    code: str
    name: str
    autonym: str = ""
    tag: str = ""
    family: str = ""

    @property
    def sought(self) -> str:
        """What somebody may type to find it, in lower case."""
        return " ".join(dict.fromkeys(filter(None, (self.name, self.autonym, self.code)))).lower()

    @property
    def shown(self) -> str:
        """Its names as a page shows them; its own name is marked as being in that language."""
        own = self.autonym if self.autonym.lower() != self.name.lower() else ""
        lang = f' lang="{escape(self.tag)}"' if self.tag else ""
        return escape(self.name) + (
            f' <span class="autonym"{lang}>{escape(own)}</span>' * bool(own)
        )


def tongues(studies: Iterable[Layout]) -> list[Tongue]:
    """The studies' languages, families together, by name within; a name that two studies have gets
    the study's code."""
    facts = {each.study: each.facts for each in studies}
    names = {code: str(told.get("language") or code) for code, told in facts.items()}
    count = Counter(names.values())
    found = []
    for code, name in names.items():
        told = facts[code].get("about")
        about = told if isinstance(told, dict) else {}
        known = {key: str(about.get(key) or "") for key in ("autonym", "family", "branch", "tag")}
        family = ": ".join(filter(None, (known["family"], known["branch"])))
        called = f"{name} ({code})" if count[name] > 1 else name
        found.append(Tongue(code, called, known["autonym"], known["tag"] or code, family))
    return sorted(found, key=lambda each: (each.family == "", each.family, each.name))


def listed(found: Iterable[Tongue], entry: Callable[[Tongue], str]) -> str:
    """Families in order, each with its languages, as HTML; `entry` writes one language, escaped."""
    families = groupby(found, key=lambda each: each.family)
    return "".join(
        f'<div class="family"><p>{escape(family or NO_FAMILY)}</p><ul>'
        + "".join(f'<li data-name="{escape(each.sought)}">{entry(each)}</li>' for each in inside)
        + "</ul></div>"
        for family, inside in families
    )


def line(site: Path, here: str, page: str, found: list[Tongue]) -> str:
    """The line for `page` of the study `here` ("" for the front)."""
    up = "../" if here else ""
    current = next((each for each in found if each.code == here), None)
    home = _link(f"{up}index.html", "All languages", not here, page == "index.html")
    groups = listed(
        found,
        lambda each: _link(
            f"{up}{each.code}/{_there(site, here, page, each)}", each.shown, each is current
        ),
    )
    summary = current.shown if current else "Choose a language"
    return (
        f'<nav class="studies d-print-none" aria-label="Languages">{home}'
        f"<details><summary>{summary}</summary>"
        f'<div class="families">{groups}</div></details></nav>'
    )


def _there(site: Path, here: str, page: str, tongue: Tongue) -> str:
    """The same page of another study where it has one, else its first."""
    return page if here and (site / tongue.code / page).is_file() else "index.html"


def _link(address: str, shown: str, current: bool, exact: bool = True) -> str:
    mark = "" if not current else ' aria-current="page"' if exact else ' aria-current="true"'
    return f'<a href="{escape(address)}"{mark}>{shown}</a>'
