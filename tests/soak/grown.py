"""Grown: a worklist of fifty, and a step, among ten million items beside ten thousand.

On a SQLite file and on PostgreSQL, cold and warm, in turns (`benchmarks/growth.py`): at most one
and a half times as long.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from soak.campaign import Outcome, options

sys.path.append(str(Path(__file__).parent.parent.parent / "benchmarks"))

from growth import results

__all__ = ["OPTIONS", "run"]

OPTIONS = options("grown", __doc__, examples=10_000_000)
SMALL = 10_000


def run(asked: Namespace) -> list[Outcome]:
    """Compare stores of so many items with small ones."""
    found = list(results((SMALL, asked.examples)))
    slow = [one for one in found if not one.holds]
    wrong = [{"what": one.name, "times": one.ratio, "seen": one.note} for one in slow]
    report = tuple(f"{one.ratio:5.2f} times  {one.name}: {one.note}" for one in found)
    return [Outcome("grown", asked.examples, wrong, None, report)]
