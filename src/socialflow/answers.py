"""Answers: what was said to a command under its idempotency key, and is said again."""

from __future__ import annotations

from itertools import chain, takewhile

import attrs

from socialflow.decisions import rebuild
from socialflow.errors import Objection, Refusal, Refused
from socialflow.families import cause_of
from socialflow.items import Command, Event, Item, Origin
from socialflow.protocols import Store
from socialflow.queries import History
from socialflow.shelf import Shelf

__all__ = ["Answers"]


@attrs.frozen
class Answers:
    """The answers that a store remembers."""

    store: Store
    shelf: Shelf

    def has(self, command: Command) -> bool:
        """Whether the command's key has been used."""
        return command.key is not None and any(self.store.rows(History(key=command.key)))

    def again(self, command: Command, id: str | None, origin: Origin | None = None) -> Item:
        """The item as it was after the same command was given under the same key.

        What the command has brought about by way of the family belongs to it.

        Raises:
            Refused: The key belongs to another command.
        """
        entry = next(self.store.rows(History(key=command.key)))
        event = entry.event
        same = event.asked == command.fingerprint() and id in (None, event.item)
        if not same or not self._is_same_birth(event.origin, origin):
            raise Refused(Refusal(command.action, (_other_command(command, event),)))
        until = self.store.rows(History(event.item, limit=entry.n))
        behind = self.store.rows(History(event.item, after=entry.n))
        brought = takewhile(lambda one: one.event.cause == cause_of(event), behind)
        return rebuild(one.event for one in chain(until, brought))

    def _is_same_birth(self, then: Origin | None, now: Origin | None) -> bool:
        """Whether both are no birth, or one of the same kind: the definition may have changed."""
        if then is None or now is None:
            return then is now
        names = {self.shelf.pinned(origin.workflow).name for origin in (then, now)}
        return len(names) == 1 and (then.ref, then.scope) == (now.ref, now.scope)


def _other_command(command: Command, event: Event) -> Objection:
    return Objection(
        "key_reused",
        f"the key {command.key!r} belongs to another command: {event.by!r} {event.action!r} "
        f"on {event.item!r}",
        "use a new key for a new command",
        {"key": command.key, "item": event.item, "action": event.action, "by": event.by},
    )
