"""Questions: what may be asked of an engine, and writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from socialflow import arguments
from socialflow.callers import Callers
from socialflow.definitions import Workflow
from socialflow.errors import ItemNotFound, Refusal
from socialflow.items import Entry, Item
from socialflow.judges import Judge
from socialflow.options import Option
from socialflow.people import Member, aware
from socialflow.protocols import Clock, Store
from socialflow.queries import Duties, Duty, History, Items
from socialflow.shelf import Shelf

__all__ = ["Questions"]


class Questions:
    """The half of an engine that reads: what is possible, what is so, and what has been.

    Attributes:
        store: Where items live.
    """

    store: Store
    _shelf: Shelf
    _callers: Callers
    _judge: Judge
    _clock: Clock

    # -- asking

    def options(self, item_id: str, *, by: str | Member) -> tuple[Option, ...]:
        """Every action that is open to the item: yes, needs data, or no with every objection."""
        member = self._callers.asking(by)
        return self._judge.options(self.store, self.item(item_id), member, self._time())

    def why_not(self, item_id: str, action: str, *, by: str | Member) -> Refusal | None:
        """Everything that stands in the member's way, before any data; None if nothing does.

        Raises:
            UnknownAction: The workflow has no action of that name.
        """
        member = self._callers.asking(by)
        name = arguments.text("action", action)
        return self._judge.why_not(self.store, self.item(item_id), name, member, self._time())

    def who_can(self, item_id: str, action: str) -> tuple[Member, ...]:
        """Members who hold a role of the action and could ask for it now, given the right data.

        Raises:
            UnknownAction: The workflow has no action of that name.
        """
        name = arguments.text("action", action)
        return self._judge.who_can(self.store, self.item(item_id), name, self._time())

    # -- reading

    def item(self, item_id: str) -> Item:
        """The item as of now.

        Raises:
            ItemNotFound: There is no such item.
        """
        for item in self.store.rows(Items(id=arguments.text("item_id", item_id))):
            return item
        raise ItemNotFound(item_id)

    def find(self, *, ref: str) -> Item | None:
        """The item of a row of the host, or None."""
        return next(self.store.rows(Items(ref=arguments.text("ref", ref), limit=1)), None)

    def history(self, item_id: str) -> tuple[Entry, ...]:
        """Everything that has happened to the item, oldest first.

        Raises:
            ItemNotFound: There is no such item.
        """
        entries = tuple(self.store.rows(History(arguments.text("item_id", item_id))))
        if not entries:
            self.item(item_id)
        return entries

    def worklist(
        self,
        by: str | None = None,
        *,
        stage: str | None = None,
        state: str | None = None,
        after: Duty | None = None,
        limit: int = 50,
    ) -> tuple[Duty, ...]:
        """Open duties, longest waiting first.

        Args:
            by: Only those that this member is responsible for.
            stage: Only those of this stage.
            state: Only those in this state.
            after: Go on behind this duty, the last one of the page before.
            limit: At most so many.
        """
        query = Duties(
            arguments.text_or_none("by", by),
            arguments.text_or_none("stage", stage),
            arguments.text_or_none("state", state),
            arguments.duty_or_none("after", after),
            arguments.number("limit", limit),
        )
        return tuple(self.store.rows(query))

    def workflow(self, item: Item) -> Workflow:
        """The definition that holds the item.

        Raises:
            DefinitionLost: The store does not have it, or it cannot be built here.
        """
        return self._shelf.pinned(item.workflow)

    def children(
        self, item_id: str, workflow: str | None = None, *, all_rounds: bool = False
    ) -> tuple[Item, ...]:
        """The items below an item, by id: of every kind or of one, of the newest round or of all.

        Raises:
            ItemNotFound: There is no such item.
        """
        item = self.item(item_id)
        kind = arguments.text_or_none("workflow", workflow)
        newest = item.rounds
        return tuple(
            one
            for one in self.store.rows(Items(parent=item.id, kind=kind))
            if all_rounds or one.round == newest.get(self.workflow(one).name, 0)
        )

    def _time(self) -> datetime:
        now = self._clock()
        if now.tzinfo is UTC:
            return now
        aware("the engine's clock", now)
        return now.astimezone(UTC)
