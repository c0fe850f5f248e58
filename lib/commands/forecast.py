"""`python -m lib forecast ja`: append what a study foresees today to its forecasts.yml."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from lib import reading, study
from lib.reading import InputError
from lib.stats import foresight
from lib.study import forecasts


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("study", help="the study's code, such as ja")
    command.add_argument(
        "--root", type=Path, default=None, help="the checkout to look at (default: this one)"
    )


def run(options: argparse.Namespace) -> None:
    """Append new batches; what is on record stays as it is."""
    data = options.root.resolve() / "data" if options.root else study.loading.DATA
    loaded = study.load(options.study, root=data)
    made = datetime.date.today().isoformat()
    path = data / options.study / forecasts.FILE
    record = list(loaded.forecasts)
    if again := [batch["id"] for batch in record if batch["made"] == made]:
        raise InputError(f"{path.name}: {again[0]} is on record; one batch of a kind a day")
    before = reading.content_if_there(path, path.name)
    text = before.decode("utf-8") if before else forecasts.HEAD + "batches:\n"
    for batch in foresight.batches(loaded, made):
        record.append(forecasts.sealed(batch, record))
        text += forecasts.written(record[-1])
    path.write_text(text, encoding="utf-8", newline="\n")
    new = record[len(loaded.forecasts) :]
    for batch in new:
        print(f"{batch['id']}: {len(batch['predictions'])} predictions, {batch['sha256']}")
