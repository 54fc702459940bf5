"""Stores in which somebody else always comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from socialflow.items import Entry, Item
from socialflow.protocols import Store, UnitOfWork
from socialflow.queries import Change

__all__ = ["OvertakenStore", "OvertakenWork"]


class OvertakenStore:
    """A store whose units take no lock: somebody else writes between their reading and writing.

    What a unit writes is held back until it is left, or reads again; then *intrude* is called,
    which may use the store inside, and only then it is written.

    Args:
        store: Keeps everything.
        intrude: What somebody else does. It is called once for each unit that writes, and may
            itself decide that once is enough.

    Attributes:
        inner: The store around which it stands.
        attempts: How many units wanted to write so far.
    """

    def __init__(self, store: Store, intrude: Callable[[], Any]) -> None:
        self.inner = store
        self.intrude = intrude
        self.attempts = 0

    def __repr__(self) -> str:
        return f"<OvertakenStore of {self.inner!r}>"

    def begin(self, *alone: str) -> OvertakenWork:  # noqa: ARG002
        """Open a unit of work that holds nothing."""
        return OvertakenWork(self)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        return self.inner.rows(query)


class OvertakenWork:
    """A unit of work of an `OvertakenStore`."""

    def __init__(self, store: OvertakenStore) -> None:
        self._store = store
        self._held_back: list[Change] = []
        self._calls: list[Callable[[], None]] = []
        self._open = ExitStack()
        self._work: UnitOfWork | None = None

    def __enter__(self) -> OvertakenWork:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and (self._held_back or self._calls):
            with self._open:
                self._writing()
        else:
            self._open.__exit__(kind, error, trace)

    def _writing(self) -> UnitOfWork:
        """The unit inside, opened after somebody else has come first."""
        if self._work is None:
            if self._held_back:
                self._store.attempts += 1
                self._store.intrude()
            self._work = self._open.enter_context(self._store.inner.begin())
            for call in self._calls:
                self._work.after_commit(call)
            for change in self._held_back:
                self._work.write(change)
        return self._work

    def _reading(self, read: Callable[[UnitOfWork], Any]) -> Any:
        if self._work is not None or self._held_back:
            return read(self._writing())
        with self._store.inner.begin() as work:
            return read(work)

    def item(self, id: str) -> Item:
        """The item as of now, which it is perhaps no longer afterwards."""
        item: Item = self._reading(lambda work: work.item(id))
        return item

    def answer(self, key: str) -> Entry | None:
        """The entry under an idempotency key."""
        entry: Entry | None = self._reading(lambda work: work.answer(key))
        return entry

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        return iter(self._reading(lambda work: tuple(work.rows(query))))

    def write(self, change: Change) -> None:
        """Hold it back until somebody else has come first."""
        if self._work is not None:
            self._work.write(change)
        else:
            self._held_back.append(change)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once everything is durable."""
        if self._work is not None:
            self._work.after_commit(call)
        else:
            self._calls.append(call)
