"""Stores that fail when they are told to, and go on afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from random import Random
from types import TracebackType
from typing import Any

import attrs

from socialflow.errors import Contended, StaleItem, Uncertain, WrongArgument, nearest
from socialflow.items import Entry, Item
from socialflow.protocols import Store, UnitOfWork
from socialflow.queries import Change
from socialflow.testing.crashes import Crash

__all__ = ["FAULTS", "FaultyStore", "FaultyWork"]

FAULTS = {
    "ok": "nothing goes wrong",
    "crash before": "the process is gone before anything is written",
    "crash in the middle": "the process is gone when half of it is written",
    "crash after commit": "the process is gone when all is written, and nobody is told",
    "timeout": "all is written, and the answer is lost: `Uncertain`",
    "contended": "the database gives up on it, and nothing is written: `Contended`",
    "conflict": "somebody else has been faster, and nothing is written: `StaleItem`",
}
"""What may happen to a unit of work that writes."""

CHANCE = 0.25


class FaultyStore:
    """A store around another one; what happens to its units of work is told beforehand.

    Only units that write count, in the order in which they begin to. When the script has come to
    its end, all goes well, or by chance if there is a *seed*.

    Args:
        store: Keeps everything, and is not at fault.
        script: What happens to each unit, out of `FAULTS`.
        seed: After the script every fourth unit fails in one of these ways, by chance, but
            always in the same order.

    Attributes:
        inner: The store around which it stands.
        happened: What has happened to units so far, ``"ok"`` included.

    Raises:
        WrongArgument: The script has another word.

    Example:
        >>> from socialflow import Action, Engine, Member, Stage, Team, Workflow
        >>> from socialflow.stores.memory import MemoryStore
        >>> sent = Action("send", "open", "sent")
        >>> letter = Workflow("letter", [Stage("desk", ("open", "sent"), role="c", actions=[sent])])
        >>> store = FaultyStore(MemoryStore())
        >>> engine = Engine(store, letter, Team([Member("cleo", "c")]))
        >>> item = engine.create("letter", by="cleo")
        >>> store.then("timeout")
        >>> try:
        ...     engine.perform(item.id, "send", by="cleo", key="request 7")
        ... except Uncertain:
        ...     engine.perform(item.id, "send", by="cleo", key="request 7").version
        2
    """

    def __init__(
        self, store: Store, script: Iterable[str] = (), *, seed: int | None = None
    ) -> None:
        self.inner = store
        self.happened: list[str] = []
        self._script: list[str] = []
        self._chance = None if seed is None else Random(seed)
        self.then(*script)

    def __repr__(self) -> str:
        return f"<FaultyStore of {self.inner!r}>"

    def __getattr__(self, name: str) -> Any:
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    def then(self, *ways: str) -> None:
        """Let this happen to the next units that write, after what the script still has."""
        for way in ways:
            if way not in FAULTS:
                raise WrongArgument("script", f"one of {', '.join(FAULTS)}", nearest(way, FAULTS))
        self._script += ways

    def begin(self, *alone: str) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work."""
        return FaultyWork(self, self.inner.begin(*alone))

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query*; reading never fails here."""
        return self.inner.rows(query)

    def next_way(self) -> str:
        """What happens to the unit that writes now."""
        if self._script:
            way = self._script.pop(0)
        elif self._chance is not None and self._chance.random() < CHANCE:
            way = self._chance.choice([one for one in FAULTS if one != "ok"])
        else:
            way = "ok"
        self.happened.append(way)
        return way


class FaultyWork:
    """A unit of work of a `FaultyStore`."""

    def __init__(self, store: FaultyStore, inner: AbstractContextManager[UnitOfWork]) -> None:
        self._store = store
        self._opened = inner
        self._way = ""
        self._first: Change | None = None
        self._is_silent = False

    def __enter__(self) -> FaultyWork:
        self._work = self._opened.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        stopped = None if error is not None else self._stopped()
        if stopped is not None:
            self._opened.__exit__(type(stopped), stopped, None)
            raise stopped
        self._is_silent = self._way in ("crash after commit", "timeout")
        answer = self._opened.__exit__(kind, error, trace)
        if error is None and self._way == "crash after commit":
            raise Crash
        if error is None and self._way == "timeout":
            raise Uncertain(repr(self._store), "the answer was lost")
        return answer

    def _stopped(self) -> Exception | None:
        """What the database says instead of committing."""
        kept = self._first.kept if self._first is not None else ()
        if self._way == "contended" or (self._way == "conflict" and not _old(kept)):
            return Contended(repr(self._store), "somebody else stood in the way")
        if self._way == "conflict":
            one = _old(kept)[0]
            return StaleItem(one.item.id, one.expected)
        return None

    def item(self, id: str) -> Item:
        """The item as of now."""
        return self._work.item(id)

    def answer(self, key: str) -> Entry | None:
        """The entry under an idempotency key."""
        return self._work.answer(key)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        answer: Iterator[Any] = self._work.rows(query)
        return answer

    def write(self, change: Change) -> None:
        """Write it, or half of it, or nothing."""
        if self._first is None:
            self._first = change
            self._way = self._store.next_way()
        if self._way == "crash before":
            raise Crash
        if self._way == "crash in the middle":
            half = change.kept[: max(1, len(change.kept) // 2)]
            self._work.write(attrs.evolve(change, kept=half) if half else change)
            raise Crash
        self._work.write(change)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once it is durable, if there is still somebody to do it."""
        self._work.after_commit(lambda: None if self._is_silent else call())


def _old(kept: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those that are not new."""
    return tuple(one for one in kept if one.expected)
