"""The sockets: what a host or a plugin may bring.  Each docstring is the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, overload

from socialflow.cases import Case, Verdict
from socialflow.channels import Outcome, unknown
from socialflow.items import Entry, Item
from socialflow.people import Member

if TYPE_CHECKING:
    from socialflow.queries import (
        Change,
        Definitions,
        Delivery,
        Duties,
        Duty,
        Effects,
        Head,
        Heads,
        History,
        Inhabited,
        Items,
        Later,
        Laters,
        Record,
        Records,
        StoredDefinition,
        Strays,
        Tallies,
        Tally,
    )

__all__ = ["Channel", "Clock", "Directory", "Policy", "Provider", "Store", "UnitOfWork"]


class Policy(Protocol):
    """May this member ask for this action on this item?"""

    def judge(self, case: Case) -> Verdict:
        """Allow, Deny or Abstain; never raises for a case that was built by this library."""
        ...


class Directory(Protocol):
    """Where a host's own people come in.  Safe to share by threads."""

    def member(self, id: str) -> Member | None:
        """The member with that id, or None if there is nobody."""
        ...

    def holders(self, role: str) -> Iterable[Member]:
        """Everybody who holds *role* somewhere at some time; ``"*"`` stands for everybody."""
        ...

    def acting_for(self, id: str, at: datetime) -> Iterable[str]:
        """Ids of the members on whose behalf that member acts at that moment."""
        ...


class Channel(Protocol):
    """A way to the outside: a platform, a mailbox, a chat.  Safe to share by threads.

    Attributes:
        can: What it can do about an effect of which nobody knows whether it was delivered:

            * ``"deduplicate"``: a second call with the same `Delivery.key` does nothing a second
              time, and is answered like the first; so it is simply called again;
            * ``"verify"``: its method `verify` finds out, and is asked before it is called again;
            * ``"nothing"``: it is not called again before somebody has looked, and said so.
        not_done: Exceptions after which it is certainly not done, and may be tried again; after
            any other nobody knows.
    """

    can: str
    not_done: tuple[type[Exception], ...] = ()

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        """Do it, once, and tell what came of it; gives up before the outbox's lease runs out.

        Args:
            delivery: What is to be done; its ``key`` is what a repetition is known by.
            item: As it was when its event asked for this.
        """
        ...

    def verify(self, delivery: Delivery, item: Item) -> Outcome:  # noqa: ARG002
        """Find out what came of an earlier call; asked only of a channel that can verify.

        Returns:
            As from `deliver`; `try_again` if it has certainly not been done, and no earlier call
            is still under way.
        """
        return unknown("this channel cannot verify")


Provider = Callable[[Item, datetime], Any]
"""Fetches one fact for an item; may be slow and may raise: then the answer is no."""

Clock = Callable[[], datetime]
"""Says what time it is, with a time zone."""


class UnitOfWork(Protocol):
    """One atomic conversation with a store.

    Leaving the ``with`` block normally makes every `write` durable; leaving it by an exception
    makes none of them so.
    """

    def item(self, id: str) -> Item:
        """The item as of now.

        Raises:
            ItemNotFound: No item has that id.
        """
        ...

    def answer(self, key: str) -> Entry | None:
        """The entry that was written under an idempotency key, or None."""
        ...

    @overload
    def rows(self, query: Items) -> Iterator[Item]: ...
    @overload
    def rows(self, query: History) -> Iterator[Entry]: ...
    @overload
    def rows(self, query: Inhabited) -> Iterator[tuple[str, ...]]: ...
    @overload
    def rows(self, query: Effects) -> Iterator[Delivery]: ...
    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now, what this unit of work has written included."""
        ...

    def write(self, change: Change) -> None:
        """Keep everything in *change*: items, history, duties, definitions, effects, records.

        Raises:
            StaleItem: A stored version is not the expected one, or an entry without a version, as a
                note is, has come since this unit read the item; here or on leaving the block.
            ItemExists: A new item's id or host key is in use; here or on leaving the block.
            KeyTaken: The idempotency key is in use; here or on leaving the block.
            StaleDelivery: An effect has come further since; here or on leaving the block.
            Contended: The book, or an item to remove, has moved on; here or on leaving the block.
        """
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once everything is durable, outside the transaction; else never."""
        ...


class Store(Protocol):
    """Where items live.  Safe to share by threads."""

    def begin(self, *alone: str) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work.

        Args:
            alone: Ids of items that nobody else changes until it closes; they are waited for in
                this order. What the unit writes of any other item is guarded by its version.
        """
        ...

    @overload
    def rows(self, query: Items) -> Iterator[Item]: ...
    @overload
    def rows(self, query: History) -> Iterator[Entry]: ...
    @overload
    def rows(self, query: Duties) -> Iterator[Duty]: ...
    @overload
    def rows(self, query: Inhabited) -> Iterator[tuple[str, ...]]: ...
    @overload
    def rows(self, query: Effects) -> Iterator[Delivery]: ...
    @overload
    def rows(self, query: Tallies) -> Iterator[Tally]: ...
    @overload
    def rows(self, query: Definitions) -> Iterator[StoredDefinition]: ...
    @overload
    def rows(self, query: Heads) -> Iterator[Head]: ...
    @overload
    def rows(self, query: Records) -> Iterator[Record]: ...
    @overload
    def rows(self, query: Laters) -> Iterator[Later]: ...
    @overload
    def rows(self, query: Strays) -> Iterator[str]: ...
    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now, in the order it promises.

        Raises:
            StoreError: The store cannot be read.
            TypeError: *query* is none of those in `socialflow.queries`.
        """
        ...
