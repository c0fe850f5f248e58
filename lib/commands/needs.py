"""`python -m lib needs ja`: what the build asks before it executes anything."""

from __future__ import annotations

import argparse
import json

from lib import needs, study


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    command.add_argument("study", help="the study's code, such as ja")


def run(options: argparse.Namespace) -> None:
    """Say what chapters may need and whether the study has it, as JSON."""
    print(json.dumps(needs.of(study.load(options.study))))
