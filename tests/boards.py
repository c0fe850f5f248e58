"""Invented leaderboards in EuroEval's form, for tests: any kinds of tasks, any models, whole or
spoilt."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

ABSENT = "-@@-1"


def cell(value: float, half: float = 1.96) -> str:
    """A score as the leaderboards write it; the second metric is none of the importer's
    business."""
    return f"{value:.2f} ± {half:.2f} / {value / 2:.2f} ± 1.00@@{value:.2f}"


def board(
    language: str, tasks: Sequence[tuple[str, str]], rows: Sequence[Mapping], values: bool = True
) -> str:
    """A leaderboard's text.

    tasks : (kind, dataset) in file order. rows : name, scores (a cell or a number a dataset), and
    where it matters type, parameters, scratch, link. values : whether the file has the column of
    European values, which some lack.
    """
    info = [
        "Model",
        "Type",
        "Rank",
        *(["<a href='https://euroeval.com/v'>European Values</a>"] if values else []),
        "Parameters",
        "Vocabulary",
        "Context",
        "Commercial",
        "Merge",
        "Open",
        "Trained from scratch",
    ]
    top = [
        "<span style='opacity: 0.6;'>Task Type</span>",
        "<span style='visibility: hidden;'>dummy</span>",
        *[""] * (len(info) - 2),
    ]
    kinds = [kind for kind, _ in tasks]
    for place, kind in enumerate(kinds):
        mark = "~~~" if kinds.count(kind) > 1 else ""
        top.append(
            ""
            if kind in kinds[:place]
            else (
                f"<a id={place} href='https://euroeval.com/tasks/x/' style='color: "
                f"Grey;'>{mark}{kind}{mark}</a>"
            )
        )
    top += ["<span style='visibility: hidden;'>hidden</span>", *[""] * (len(tasks) - 1)]
    header = info + [
        f"<a href='https://euroeval.com/datasets/{language}#{name}'>{name}</a>" for _, name in tasks
    ]
    header += [f"{name}_version" for _, name in tasks]
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerows([top, header])
    for row in rows:
        name = row["name"]
        link = row.get("link", f"<a href='https://hf.co/{name.split(' ')[0]}'>{name}</a>")
        scores = [
            ABSENT if each is None else each if isinstance(each, str) else cell(each)
            for each in row["scores"]
        ]
        out.writerow(
            [
                link,
                row.get("type", "🧠"),
                "1.0@@1.0",
                *(["?"] if values else []),
                row.get("parameters", "7000000000.0"),
                "1.0",
                "1.0",
                "✓",
                "✗",
                "✓",
                row.get("scratch", "✓"),
                *scores,
                *["17.1.0.dev0@@170100"] * len(tasks),
            ]
        )
    return text.getvalue()


def models(count: int, tasks: int, shift: float = 0.0) -> list[dict]:
    """Rows of invented base models, complete, each with its own scores."""
    return [
        {
            "name": f"lab{n % 3}/m-{n}",
            "scores": [10.0 + 5 * n + 3 * task * (n % 2) + shift for task in range(tasks)],
        }
        for n in range(count)
    ]
