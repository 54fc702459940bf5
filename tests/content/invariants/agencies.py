"""Agencies: whoever works for one neither decides nor speaks with customers, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from books import Attempt, Book, Broken, Told
from teams import is_agency

from socialflow.errors import SocialflowError

if TYPE_CHECKING:
    from office import Office

__all__ = ["Agencies"]


class Agencies(Book):
    """What members of an agency have asked for and done."""

    def __init__(self) -> None:
        self.done = 0
        self.denied = 0

    def refused(self, office: Office, attempt: Attempt, error: SocialflowError) -> None:
        """Count what was denied."""
        self.denied += is_agency(attempt.by)

    def happened(self, office: Office, told: Told) -> None:
        """Nothing that they do is a vote, a reply, or anything on an interaction."""
        event, kind = told.event, office.of(told.item).name
        member = office.people.member(event.by)
        if member is None or not is_agency(member):
            return
        self.done += 1
        before = told.before.votes if told.before else ()
        if len(told.item.votes) > len(before):
            raise Broken(f"{member.id} of an agency has voted by {event.action}")
        if kind == "interaction":
            raise Broken(f"{member.id} of an agency has done {event.action} on an interaction")
        if any(effect.name == "reply" for effect in event.effects):
            raise Broken(f"{member.id} of an agency has replied by {event.action}")
