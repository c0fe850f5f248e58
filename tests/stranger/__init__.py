"""What a stranger meets: a fresh clone, the documents' own commands, other Pythons and machines.

`.ci/run` runs these tests.
"""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
