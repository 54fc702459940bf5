"""Experiments: arms that can be compared, each of them measured, and a winner among them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from socialflow import Case, Objection, rule

__all__ = ["arms_compared", "arms_measured", "winner_measured"]


@rule("arms_compared", names_fields=("arms", "split"))
def arms_compared(case: Case, arms: str = "arms", split: str = "split") -> Iterator[Objection]:
    """There are two *arms* at least; *split*, if there is one, divides everybody among them."""
    names, shares = set(case.item.data.get(arms) or ()), case.item.data.get(split)
    if len(names) < 2:
        told = f"{arms} has {len(names)}, and it takes two to compare"
        yield Objection("arms_compared", told, "add another", {"arms": tuple(sorted(names))})
    if shares and (set(shares) != names or not isclose(sum(shares.values()), 1)):
        yield Objection(
            "arms_compared",
            f"{split} does not divide everybody among the {arms}",
            f"give each of {', '.join(sorted(names))} its share of 1, or leave {split} out",
            {"arms": tuple(sorted(names)), "split": shares},
        )


@rule("arms_measured", reads_data=True, names_fields="arms")
def arms_measured(case: Case, arms: str = "arms") -> Iterator[Objection]:
    """The data's ``results`` have a figure for each of the item's *arms*, and for nothing else."""
    names = set(case.item.data.get(arms) or ())
    for name in sorted(names.symmetric_difference(case.data.results)):
        yield Objection(
            "arms_measured",
            f"{name!r} has no figure" if name in names else f"{name!r} is none of the {arms}",
            f"tell one figure for each of {', '.join(sorted(names))}",
            {"arm": name},
        )


@rule("winner_measured", reads_data=True, names_fields="results")
def winner_measured(case: Case, results: str = "results") -> Iterator[Objection]:
    """The data's ``winner`` has a figure in the item's *results*."""
    measured = case.item.data.get(results) or {}
    if case.data.winner not in measured:
        yield Objection(
            "winner_measured",
            f"{case.data.winner!r} has not been measured",
            f"choose one of {', '.join(sorted(measured))}" if measured else "measure first",
            {"winner": case.data.winner, "measured": tuple(sorted(measured))},
        )
