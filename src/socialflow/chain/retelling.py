"""Retelling: a history told once more, and held against the item that it should lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialflow.chain.links import is_sealed, seal_of
from socialflow.decisions import apply
from socialflow.errors import Finding
from socialflow.items import Effect, Entry, Item
from socialflow.queries import Delivery, Head

__all__ = ["Retelling"]


class Retelling:
    """One item, and what its history says about it.

    Args:
        item: As it is stored.
        head: Where its history ends, as the store remembers.
        promised: Where its history had come to by an anchor, if the anchor knows it.

    Attributes:
        item: As the history tells it; None before the first entry.
    """

    def __init__(self, item: Item, head: Head, promised: Head | None = None) -> None:
        self.stored = item
        self.item: Item | None = None
        self._head = head
        self._promised = promised
        self._n, self._hash = 0, ""
        self._blank: set[int] = set()
        self._effects: dict[tuple[int, int], tuple[Effect, Entry]] = {}

    def findings(self, entries: Iterable[Entry]) -> Iterator[Finding]:
        """What is wrong with the entries, and with the item that they lead to."""
        for entry in entries:
            yield from self._out_of_line(entry)
            if self.item is None and entry.event.origin is None:
                yield self._entry("gap", entry.n, "the history does not begin with its origin")
                return
            self._take(entry)
            if self._is_rewritten(entry):
                yield self._entry("rewritten", entry.n, "the anchor knows another entry here")
        yield from self._wrong_end()

    def _out_of_line(self, entry: Entry) -> Iterator[Finding]:
        if entry.n == self._n:
            yield self._entry("fork", entry.n, "two entries stand at this position")
        elif entry.n != self._n + 1:
            yield self._entry("gap", entry.n, f"the entry before it is {self._n}")
        elif entry.previous != self._hash:
            yield self._entry("broken", entry.n, "it does not follow the entry before it")
        if not is_sealed(entry):
            yield self._entry("edited", entry.n, "its hash is not that of what it says")

    def _is_rewritten(self, entry: Entry) -> bool:
        promised = self._promised
        return promised is not None and entry.n == promised.n and entry.hash != promised.hash

    def _take(self, entry: Entry) -> None:
        event = entry.event
        if event.command.data is None and entry.digest:
            self._blank.add(entry.n)
        if event.erases is not None:
            self._blank.difference_update(event.erases.entries)
        for place, effect in enumerate(event.outgoing):
            self._effects[entry.n, place] = effect, entry
        self.item = apply(self.item, event)
        self._n, self._hash = entry.n, entry.hash

    def _wrong_end(self) -> Iterator[Finding]:
        head, promised = self._head, self._promised
        if self.item is None:
            yield self._about("tail", "its history is missing")
            return
        for n in sorted(self._blank):
            yield self._entry("lost", n, "its data is gone, and nobody has erased it")
        if (head.n, head.hash) != (self._n, self._hash):
            yield self._about("tail", f"its history ends at {self._n}, the item remembers {head.n}")
        if promised is not None and self._n < promised.n:
            yield self._about("older", f"it ends at {self._n}, the anchor knows {promised.n}")
        if self.item != self.stored and not self._blank:
            yield self._about("differs", "the item is not what its history leads to")

    def effect_findings(self, deliveries: Iterable[Delivery]) -> Iterator[Finding]:
        """What is wrong with the outbox: of each effect there is one row, and it says the same."""
        awaited = dict(self._effects)
        for one in deliveries:
            told = awaited.pop((one.n, one.place), None)
            if told is None:
                yield self._effect("orphan", one.n, one.place, "no entry has asked for it")
            elif (told[0].name, told[0].data) != (one.name, one.data):
                yield self._effect("edited", one.n, one.place, "its entry asks for something else")
            elif one.seal is not None and one.seal != seal_of(one):
                yield self._effect("edited", one.n, one.place, "its seal is not of what it says")
        for n, place in sorted(awaited):
            yield self._effect("undelivered", n, place, "it is not in the outbox")

    # -- what is said

    def _about(self, code: str, message: str) -> Finding:
        return Finding(code, f"item {self.stored.id}", message)

    def _entry(self, code: str, n: int, message: str) -> Finding:
        return Finding(code, f"item {self.stored.id} / entry {n}", message)

    def _effect(self, code: str, n: int, place: int, message: str) -> Finding:
        return Finding(code, f"item {self.stored.id} / entry {n} / effect {place}", message)
