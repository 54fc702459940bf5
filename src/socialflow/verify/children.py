"""Children: where those of an item may be, one case for each line that their parent follows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from socialflow.kinds import Children

__all__ = ["inhabited"]


@lru_cache(256)
def inhabited(following: Children) -> tuple[frozenset[str], ...]:
    """For each line that can be the first to hold, the smallest set of states for which it is."""
    return tuple(dict.fromkeys(_found(following)))


def _found(following: Children) -> Iterator[frozenset[str]]:
    states = sorted({state for line in following.lines for state in (*line.some, *line.only)})
    for wanted in following.lines:
        for size in (1, 2, 3):
            sets = map(frozenset, combinations(states, size))
            first = next((one for one in sets if _first(following, one) is wanted), None)
            if first is not None:
                yield first
                break


def _first(following: Children, states: frozenset[str]) -> object:
    return next((line for line in following.lines if line.holds(states)), None)
