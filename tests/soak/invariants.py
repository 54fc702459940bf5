"""Thousands of days in random companies: nine laws, each of what random people do there.

Of every example one law lets an office work for a while; an example is its law and its seed, so
that `laws.LAWS[law](Random(seed))` shows it again.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path
from random import Random

import attrs

sys.path[:0] = [str(Path(__file__).parent.parent / "content" / "invariants")]

from books import Broken  # noqa: E402
from laws import LAWS  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402

__all__ = ["OPTIONS", "Campaign", "run"]

OPTIONS = options("invariants", __doc__, examples=3_000, seed=1)
OPTIONS.add_argument("--law", action="append", choices=LAWS, help="only this; may be repeated")


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

    def outcomes(self) -> list[Outcome]:
        """What came of each law; the last tells the actions of all."""
        found = [self.outcome(law) for law in self.done]
        taken = f"{len(self.taken)} actions were taken, {sum(self.taken.values())} times"
        found[-1:] = [attrs.evolve(one, report=(*one.report, taken)) for one in found[-1:]]
        return found

    def outcome(self, law: str) -> Outcome:
        """What was tried of one, what broke it, and how to see it again."""
        broken = [one for one in self.violations if one.law == law]
        report = (
            f"{law:<10} {self.done[law]:>6}  {(LAWS[law].__doc__ or '').strip()}",
            *(f"VIOLATION of {law}, seed {one.seed}: {one.what}" for one in broken),
        )
        plain = [*map(attrs.asdict, broken)]
        return Outcome(f"invariants / {law}", self.done[law], plain, self.seed, report)


def run(asked: Namespace) -> list[Outcome]:
    """Let people work, as many days as was asked."""
    return Campaign(asked.seed, asked.law or LAWS).run(asked.examples).outcomes()
