"""Uploads: nothing goes out twice, and what nobody knows about is found out before it is repeated.

Of every publication: what was asked of the outside, and how that ended.  Kept from the histories
alone, by the states' names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from books import Attempt, Book, Broken, Told

from socialflow import Item

if TYPE_CHECKING:
    from office import Office

__all__ = ["Uploads"]

EFFECT = "publish"
FAILED, LOST, UP = "publication.failed", "publication.unconfirmed", "publication.published"
QUEUED, SENDING = "publication.queued", "publication.publishing"


class Uploads(Book):
    """How the last upload of each publication ended: not at all yet, failed, lost, up."""

    def __init__(self) -> None:
        self.ended: dict[str, str] = {}
        self.resolved: dict[str, bool] = {}
        self.places: dict[tuple[str | None, int, str], str] = {}
        self.keys: dict[str, str] = {}
        self.heard = 0
        self.repeated = 0

    def before(self, office: Office, attempt: Attempt) -> None:
        """Remember how much had happened."""
        self.heard = len(office.heard)

    def after(self, office: Office, attempt: Attempt, item: Item) -> None:
        """What was asked for with a key before happens no more."""
        self.repeated += attempt.repeated
        if attempt.repeated and len(office.heard) > self.heard:
            raise Broken(f"{attempt.key} has happened twice: {office.heard[-1].event.action}")

    def happened(self, office: Office, told: Told) -> None:
        """Follow one publication; every key is the key of one event."""
        item, event = told.item, told.event
        key = event.command.key
        if key is not None and self.keys.setdefault(key, f"{item.id}@{event.version}") != (
            f"{item.id}@{event.version}"
        ):
            raise Broken(f"{key} belongs to two events")
        if told.before is None and "account" in item.data and office.of(item).name == "publication":
            place = item.parent, item.round, str(item.data["account"])
            if place in self.places:
                raise Broken(f"{item.id} and {self.places[place]} are of one round and account")
            self.places[place] = item.id
        self._follow(told)

    def _follow(self, told: Told) -> None:
        id, event = told.item.id, told.event
        for move in event.moves:
            if move.source == LOST and move.target == QUEUED:
                raise Broken(f"{id} is queued again, and nobody knows whether it went out")
            if move.source == LOST and move.target != move.source:
                self.resolved[id] = bool(event.command.data) or event.by != "system"
            if move.target == FAILED:
                if self.ended.get(id) == "lost" and not self.resolved[id]:
                    raise Broken(f"{id} counts as failed, and nobody has said why")
                self.ended[id] = "failed"
            elif move.target == LOST and move.source != LOST:
                self.ended[id] = "lost"
            elif move.target == UP and move.source in (SENDING, LOST):
                if self.ended.get(id) == "up":
                    raise Broken(f"{id} went out twice")
                self.ended[id] = "up"
        for effect in event.effects:
            if effect.name == EFFECT:
                if self.ended.get(id, "failed") != "failed":
                    raise Broken(f"{id} is uploaded again although the last time {self.ended[id]}")
                self.ended[id] = "asked"
