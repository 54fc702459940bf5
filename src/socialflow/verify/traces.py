"""Traces: how it comes to something, step by step, from the birth of an item."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow.verify.chances import Said
from socialflow.verify.steps import Step

__all__ = ["Trace"]


@attrs.frozen
class Trace:
    """A shortest way to something.

    Attributes:
        steps: In order; the first is a birth.
    """

    steps: tuple[Step, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """What undecided rules would have to say for it to happen, each once."""
        every = (said for one in self.steps for said in sorted(one.leaning.said))
        return tuple(dict.fromkeys(every))

    @property
    def doers(self) -> frozenset[str]:
        """Ids of those who give an order in it."""
        return frozenset(order.by for one in self.steps for order in one.orders)

    @property
    def marking(self) -> tuple[str, ...]:
        """Where the item is at last."""
        return self.steps[-1].told.marking

    def lines(self) -> tuple[str, ...]:
        """Each step as people read it."""
        return tuple(_line(one) for one in self.steps)

    def plain(self) -> list[dict[str, Any]]:
        """Each step as plain data."""
        return [
            {
                "kind": one.kind,
                "action": one.told.asked,
                "by": [order.by for order in one.orders],
                "to": next((order.to for order in one.orders if order.to), None),
                "marking": list(one.told.marking),
                "if": [str(said) for said in sorted(one.leaning.said)],
            }
            for one in self.steps
        ]


def _line(step: Step) -> str:
    where = ", ".join(step.told.marking)
    what = step.told.asked
    to = next((f" to {order.to}" for order in step.orders if order.to), "")
    match step.kind:
        case "due":
            told = f"{what} falls due"
        case "date":
            told = "the date of what is open together comes"
        case "again":
            told = "what had to wait happens by itself"
        case "told":
            told = f"the item above has it {what}"
        case "children":
            below = " and ".join(sorted(state for _, states in step.below for state in states))
            told = f"its children come to {below}"
        case _:
            told = " and ".join(dict.fromkeys(one.by for one in step.orders)) + f": {what}{to}"
    given = ", ".join(map(str, sorted(step.leaning.said)))
    return f"{told} -> {where}" + (f"   if {given}" if given else "")
