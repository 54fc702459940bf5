"""What the long tests share: their options, and how each tells what came of it.

A long test is a module with `OPTIONS`, what it can be asked for, and `run`, which does it and
gives the outcome of each of its campaigns.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import attrs

__all__ = ["Outcome", "options"]


@attrs.frozen
class Outcome:
    """What came of one campaign.

    Attributes:
        campaign: Its name.
        done: How much was tried.
        violations: What must not be, as plain data.
        seed: Of chance; None where nothing is left to it.
        report: Lines for people.
    """

    campaign: str
    done: int
    violations: list[Any]
    seed: int | None = None
    report: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """All but the report, for programs."""
        return attrs.asdict(self, filter=attrs.filters.exclude("report"))


def options(
    name: str, about: str | None, *, examples: int | None = None, seed: int | None = None
) -> ArgumentParser:
    """What a long test can be asked for.

    Args:
        name: As it is called.
        about: The docstring of its module.
        examples: How many it tries if nothing is said; None where they are not for choice.
        seed: Likewise.
    """
    parser = ArgumentParser(prog=f"./run soak {name}".strip(), description=about)
    if examples is not None:
        parser.add_argument("--examples", type=int, default=examples, metavar="N")
    if seed is not None:
        parser.add_argument("--seed", type=int, default=seed, metavar="S")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser
