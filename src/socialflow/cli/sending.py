"""The command that looks at the outbox."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from socialflow.cli.printing import plain_value, print_json
from socialflow.cli.sources import store_of
from socialflow.queries import Delivery, Effects, Tallies, Tally

__all__ = ["outbox"]

LETTERS = ("dead", "unconfirmed")
"""States in which an effect waits for somebody to look at it."""


def outbox(asked: Namespace) -> int:
    """Count the effects for the outside, or list those that are asked for."""
    store = store_of(asked)
    found: tuple[Tally, ...] | tuple[Delivery, ...]
    told: tuple[Any, ...]
    if asked.state is None and asked.item is None:
        told = found = tuple(store.rows(Tallies()))
    else:
        found = tuple(store.rows(Effects(asked.item, asked.state, limit=asked.limit)))
        told = tuple(_delivery(one) for one in found)
    if asked.json:
        print_json(plain_value(told))
    else:
        from socialflow.cli.answers import show_answer

        show_answer(told)
    return int(any(one.state in LETTERS for one in found))


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "name": delivery.name,
        "state": delivery.state,
        "due": delivery.due,
        "attempts": delivery.attempts,
        "about": delivery.told,
    }
