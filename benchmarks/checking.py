"""How long it takes to check the history of many calls: a share of what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from statistics import median
from time import process_time

from ratios import Result

from socialflow.testing.histories import Call, Stored, check

__all__ = ["results", "valid"]

ALLOWED = {10_000: 0.1, 100_000: 1.5}
"""Seconds, by the number of calls."""

ROUNDS = 5
CLIENTS = 32


def valid(count: int, items: int = 20) -> tuple[list[Call], dict[str, list[Stored]]]:
    """Calls of many clients that overlap, reads among them, and what is stored of them."""
    chance = Random(count)
    calls: list[Call] = []
    stored: dict[str, list[Stored]] = {f"item {n}": [] for n in range(items)}
    for n in range(count):
        item = f"item {chance.randrange(items)}"
        entries = stored[item]
        began, ended = n - CLIENTS * chance.random(), n + CLIENTS * chance.random()
        if entries and chance.random() < 0.3:
            calls.append(Call(item, began, ended, version=len(entries)))
        else:
            entries.append(Stored(len(entries) + 1, str(n)))
            expect = len(entries) - 1 if chance.random() < 0.5 else None
            calls.append(Call(item, began, ended, str(n), len(entries), expect))
    chance.shuffle(calls)
    return calls, stored


def results() -> Iterator[Result]:
    """For ten thousand calls, and for a hundred thousand."""
    for count, allowed in ALLOWED.items():
        calls, stored = valid(count)
        times = []
        for _ in range(ROUNDS):
            began = process_time()
            found = check(calls, stored)
            times.append(process_time() - began)
            assert found == (), found[:3]
        taken = median(times)
        name = f"check a history of {count:,} calls"
        note = f"{taken * 1000:.0f} ms of {allowed * 1000:.0f}"
        yield Result(name, taken / allowed, 1.0, taken <= allowed, note)
