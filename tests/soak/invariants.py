"""Thousands of days in random companies: nine laws, each of what random people do there.

Of every example one law lets an office work for a while; an example is its law and its seed, so
that `laws.LAWS[law](Random(seed))` shows it again.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import attrs

sys.path[:0] = [str(Path(__file__).parent.parent / "content" / "invariants")]

from books import Broken  # noqa: E402
from laws import LAWS  # noqa: E402

__all__ = ["Campaign", "main"]


@attrs.frozen
class Violation:
    """A law that was broken, or an error that nobody may see.

    Attributes:
        law: Its name.
        seed: Of the day.
        what: What came out.
    """

    law: str
    seed: int
    what: str


@attrs.define
class Campaign:
    """Days at work, and what came of them.

    Attributes:
        seed: Of the first day.
        laws: Names of those that are tried.
    """

    seed: int
    laws: tuple[str, ...] = attrs.field(default=tuple(LAWS), converter=tuple[str, ...])
    done: Counter[str] = attrs.field(factory=Counter)
    taken: Counter[str] = attrs.field(factory=Counter)
    violations: list[Violation] = attrs.field(factory=list)

    def run(self, examples: int) -> Campaign:
        """Try so many examples, law by law in turn."""
        for n in range(examples):
            self.example(self.laws[n % len(self.laws)], self.seed + n)
        return self

    def example(self, law: str, seed: int) -> None:
        """One law, on one day."""
        try:
            self.taken.update(LAWS[law](Random(seed)).taken)
        except Broken as broken:
            self.violations.append(Violation(law, seed, str(broken)))
        except Exception as error:
            self.violations.append(Violation(law, seed, f"{type(error).__name__}: {error}"))
        self.done[law] += 1

    def as_plain(self) -> list[dict[str, Any]]:
        """What came of each law, as plain data."""
        return [
            {
                "campaign": f"invariants / {law}",
                "done": done,
                "violations": [attrs.asdict(one) for one in self.violations if one.law == law],
                "seed": self.seed,
            }
            for law, done in self.done.items()
        ]

    def report(self) -> Iterable[str]:
        """What was tried, what broke which law, and how to see it again."""
        for law, done in self.done.items():
            yield f"{law:<10} {done:>6}  {(LAWS[law].__doc__ or '').strip()}"
        yield f"{len(self.taken)} actions were taken, {sum(self.taken.values())} times"
        for one in self.violations:
            yield f"VIOLATION of {one.law}, seed {one.seed}: {one.what}"


def main(arguments: list[str]) -> int:
    """Run the campaign; 1 if a law was broken."""
    parser = ArgumentParser(prog="./run soak invariants", description=__doc__)
    parser.add_argument("--examples", type=int, default=3_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--law", action="append", choices=LAWS, help="only this; may be repeated")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    campaign = Campaign(asked.seed, asked.law or LAWS).run(asked.examples)
    if asked.json:
        print(json.dumps(campaign.as_plain(), indent=2))
    else:
        print(*campaign.report(), sep="\n")
        print(f"{time.perf_counter() - began:.0f} seconds, seed {asked.seed}")
    return int(bool(campaign.violations))
