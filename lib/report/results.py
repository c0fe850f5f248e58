"""What other chapters recorded: `results["pairs/difference/niilc"]` is an estimate, with its
verdict if it was judged."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from lib.stats.estimates import Estimates
from lib.stats.verdicts import Estimate

from .records import ReportError


class Results(Mapping):
    """Recorded results of one study by id: an Estimate, or the bare value (a count, a word)."""

    def __init__(self, records: Mapping[str, dict], whose: str = "this study"):
        self.records, self.whose = dict(records), whose

    @classmethod
    def read(cls, path: Path, study: str) -> Results:
        """The results in a file. Raises ReportError where there is none yet."""
        try:
            return cls(json.loads(path.read_text(encoding="utf-8"))["results"], study)
        except FileNotFoundError:
            raise ReportError(
                f"there are no results yet for study {study}; run: make book STUDY={study}"
            ) from None

    def __getitem__(self, name: str):
        if name not in self.records:
            near = difflib.get_close_matches(name, self.records, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ReportError(
                f"no chapter of {self.whose} that this one reads recorded {name!r}{hint}"
            )
        record = self.records[name]
        return (
            Estimate.of(record) if isinstance(record.get("value"), float) else record.get("value")
        )

    def __contains__(self, name: object) -> bool:
        return name in self.records

    def get(self, name: str, default=None):
        """What was recorded under an id, or the default."""
        # `Mapping.get` waits for a KeyError, and `[]` says in a ReportError what is missing.
        return self[name] if name in self else default  # noqa: SIM401

    def __iter__(self):
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def owner(self, name: str) -> str:
        """The chapter that recorded it; where that is not said, the topic."""
        return self.records[name].get("chapter") or name.split("/")[0]

    def topic(self, topic: str) -> Estimates:
        """All estimates `topic/subject` as one table, by subject; empty where none was recorded."""
        return Estimates.from_rows(
            {
                name[len(topic) + 1 :]: record
                for name, record in self.records.items()
                if name.startswith(f"{topic}/") and isinstance(record.get("value"), float)
            }
        )

    def words(self, topic: str) -> pd.Series:
        """All words and counts `topic/subject`, by subject; empty where none was recorded."""
        found = {
            name[len(topic) + 1 :]: record.get("value")
            for name, record in self.records.items()
            if name.startswith(f"{topic}/")
        }
        words = {name: value for name, value in found.items() if not isinstance(value, float)}
        return pd.Series(words, dtype=object)
