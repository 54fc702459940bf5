"""Turns: whoever wants to change an item waits for those who came before, in this process.

A turn is for fairness alone: who comes late to an item that many want would otherwise decide again
and again on what is stale already.  That nothing is lost is the store's business.
"""

from __future__ import annotations

import os
from collections import deque
from threading import Lock, get_ident
from types import TracebackType
from weakref import WeakSet

__all__ = ["Turn", "Turns"]


class Turns:
    """One line for each item that somebody is at."""

    def __init__(self) -> None:
        self.start_anew()
        _ALL.add(self)

    def start_anew(self) -> None:
        """Forget who waits: after a fork they are the parent's."""
        self.mutex = Lock()
        self.lines: dict[str, deque[Turn]] = {}

    def of(self, item: str) -> Turn:
        """A turn at an item, to be taken by ``with``."""
        return Turn(self, item)


class Turn:
    """One turn; it ends with its block, or as soon as it is given back.

    A thread that is at the item already does not wait for itself.
    """

    __slots__ = ("_gate", "_has_it", "_item", "_thread", "_turns")

    def __init__(self, turns: Turns, item: str) -> None:
        self._turns = turns
        self._item = item
        self._thread = get_ident()
        self._gate: Lock | None = None
        self._has_it = False

    def __enter__(self) -> Turn:
        turns = self._turns
        with turns.mutex:
            line = turns.lines.get(self._item)
            if line is None:
                turns.lines[self._item] = deque((self,))
                self._has_it = True
                return self
            if line[0]._thread == self._thread:
                return self
            gate = self._gate = Lock()
            gate.acquire()
            line.append(self)
            self._has_it = True
        try:
            gate.acquire()
        except BaseException:
            self.give_back()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Let the next one come, or leave the line; once is enough."""
        if not self._has_it:
            return
        self._has_it = False
        turns = self._turns
        with turns.mutex:
            line = turns.lines[self._item]
            was_first = line[0] is self
            line.remove(self)
            if not line:
                del turns.lines[self._item]
            elif was_first and line[0]._gate is not None:
                line[0]._gate.release()


_ALL: WeakSet[Turns] = WeakSet()


def _start_anew() -> None:
    for turns in tuple(_ALL):
        turns.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
