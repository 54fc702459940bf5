"""Looking at a store: whether everything in it agrees, the queue of the outside included."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.chain import audit
from socialflow.decisions import rebuild
from socialflow.protocols import Store
from socialflow.queries import Duties, Effects, History, Items

__all__ = ["disagreements"]


def disagreements(store: Store) -> Iterator[str]:
    """What does not agree in *store*; nothing where all is well."""
    yield from map(str, audit(store))
    for item in store.rows(Items()):
        entries = [*store.rows(History(item.id))]
        if not entries or rebuild(entry.event for entry in entries) != item:
            yield f"{item.id} is not what its history leads to"
        asked = [
            (entry.n, place, effect.name, effect.data)
            for entry in entries
            for place, effect in enumerate(entry.event.outgoing)
        ]
        queued = [
            (one.n, one.place, one.name, one.data) for one in store.rows(Effects(item=item.id))
        ]
        if asked != sorted(queued, key=lambda one: one[:2]):
            yield f"what {item.id} has for the outside is {queued}, not {asked}"
        due = {(duty.state, duty.due) for duty in store.rows(Duties(item=item.id))}
        if due != {(token.state, token.due) for token in item.tokens if token.stage != "end"}:
            yield f"what is due at {item.id} is {due}"
