"""Histories: what is stored is what has happened, without a gap, of every item there is.

Folded once more in plain words: where the tokens are, what the data is, what the version is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from books import Book, Broken, Told

from socialflow import Item, rebuild
from socialflow.chain import audit

if TYPE_CHECKING:
    from office import Office

__all__ = ["Histories"]


class Histories(Book):
    """What the signals have told, to be compared with what is stored."""

    def __init__(self) -> None:
        self.told: dict[str, list[Told]] = {}

    def happened(self, office: Office, told: Told) -> None:
        """What was told is what was before, and one event more."""
        before = self.told.setdefault(told.item.id, [])
        if (before[-1].item if before else None) != told.before:
            raise Broken(f"{told.item.id} has changed without an event")
        before.append(told)

    def look(self, office: Office) -> None:
        """Compare the whole store with what was told."""
        if found := audit(office.store):
            raise Broken("; ".join(map(str, found)))
        if {item.id for item in office.items} != {*self.told}:
            raise Broken("there are items of which nothing was told")
        for item in office.items:
            self._compare(office, item)

    def _compare(self, office: Office, item: Item) -> None:
        entries = office.engine.history(item.id)
        events = [entry.event for entry in entries]
        if [told.event for told in self.told[item.id]] != events:
            raise Broken(f"what was told of {item.id} is not what was written")
        if [entry.n for entry in entries] != [*range(1, len(entries) + 1)]:
            raise Broken(f"the history of {item.id} has a gap")
        version, data = 0, dict[str, Any]()
        for event in events:
            version += event.action != "note"
            given = dict(event.command.data or {})
            data |= {name: given.get(name) for name in event.keeps}
            if event.version != version:
                raise Broken(f"{item.id} counts {event.version} at its {version}th change")
        data = {name: value for name, value in data.items() if value is not None}
        if (version, data, events[-1].tokens) != (item.version, dict(item.data), item.tokens):
            raise Broken(f"{item.id} is not what its history says")
        if rebuild(events) != item:
            raise Broken(f"{item.id} is not what its history leads to")
