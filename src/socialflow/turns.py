"""Turns: whoever wants to change an item waits for those who came before, in this process.

A turn is for fairness alone: who comes late to an item that many want would otherwise decide again
and again on what is stale already.  That nothing is lost is the store's business.
"""

from __future__ import annotations

import os
from threading import Lock, RLock, get_ident
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
        self.mutex = RLock()
        self.lines: dict[str, list[_Place]] = {}

    def of(self, item: str) -> Turn:
        """A turn at an item, to be taken by ``with``."""
        return Turn(self, item)


class Turn:
    """One turn; it ends with its block, or as soon as it is given back or forgotten.

    A thread that is at the item already does not wait for itself.
    """

    __slots__ = ("_item", "_place", "_turns")

    def __init__(self, turns: Turns, item: str) -> None:
        self._turns = turns
        self._item = item
        self._place: _Place | None = None

    def __enter__(self) -> Turn:
        turns, place = self._turns, _Place()
        try:
            with turns.mutex:
                line = turns.lines.get(self._item)
                if line is None:
                    self._place = place
                    turns.lines[self._item] = [place]
                    return self
                if line[0].thread == place.thread:
                    return self
                gate = place.wait()
                self._place = place
                line.append(place)
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
        if self._place is not None:
            self.give_back()

    def __del__(self) -> None:
        if getattr(self, "_place", None) is not None:
            self.give_back()

    def give_back(self) -> None:
        """Let the next one come, or leave the line; once is enough."""
        place = self._place
        if place is not None:
            try:
                self._leave(place)
            except BaseException:
                self._leave(place)
                raise
            finally:
                self._place = None

    def _leave(self, place: _Place) -> None:
        turns = self._turns
        with turns.mutex:
            line = turns.lines.get(self._item, [])
            if line == [place]:
                del turns.lines[self._item]
                return
            if place in line:
                line.remove(place)
            if line:
                line[0].come()


class _Place:
    """A place in a line: that of whoever is at the item is the first."""

    __slots__ = ("gate", "thread")

    def __init__(self) -> None:
        self.thread = get_ident()
        self.gate: Lock | None = None

    def wait(self) -> Lock:
        """The gate at which to wait, which is closed."""
        self.gate = gate = Lock()
        gate.acquire()
        return gate

    def come(self) -> None:
        """Open the gate, if somebody waits there."""
        if self.gate is not None and self.gate.locked():
            self.gate.release()


_ALL: WeakSet[Turns] = WeakSet()


def _start_anew() -> None:
    for turns in tuple(_ALL):
        turns.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
