"""Callers: who it is that asks, looked up in the host's directory."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import arguments
from socialflow.errors import Objection, Refusal, Refused, UnknownMember, WrongArgument
from socialflow.items import Event, Item
from socialflow.people import SYSTEM, Member
from socialflow.protocols import Directory
from socialflow.showing import shown

__all__ = ["Callers"]


@attrs.frozen
class Callers:
    """A directory, as the engine uses it."""

    directory: Directory

    def doing(self, by: str | Member, action: str) -> Member:
        """Whom *by* names, to carry out *action*: an id, or a member whom the host vouches for.

        The system acts only for a host that passes `SYSTEM` itself: to report an outcome.

        Raises:
            Refused: Nobody is called so, or it is somebody else who calls themself the system.
        """
        if by is SYSTEM:
            return SYSTEM
        member = self._named(by)
        if member is None or member.id == SYSTEM.id:
            raise Refused(Refusal(action, (_nobody(by if member is None else SYSTEM.id),)))
        return member

    def asking(self, by: str | Member) -> Member:
        """Whom *by* names, to ask a question.

        Raises:
            UnknownMember: Nobody is called so.
        """
        member = self._named(by)
        if member is None:
            raise UnknownMember(str(by))
        return member

    def _named(self, by: str | Member) -> Member | None:
        if isinstance(by, Member):
            arguments.text("by", by.id)
            return by
        member = self.directory.member(arguments.text("by", by))
        if member is None or isinstance(member, Member):
            return member
        raise WrongArgument(f"people.member({by!r})", "a Member, or None", shown(member))

    def acting_for(self, member: Member, at: datetime) -> tuple[str, ...]:
        """Ids of those on whose behalf the member acts."""
        return tuple(self.directory.acting_for(member.id, at))

    def strangers(self, before: Item, event: Event) -> tuple[Objection, ...]:
        """Objections to members who are newly named, and whom the directory does not know."""
        tokens = event.tokens
        if event.changed:
            tokens += event.changed.get("idle", ())
        named = {token.responsible for token in tokens if token.responsible is not None}
        if not named:
            return ()
        named -= {event.by, *(t.responsible for t in (*before.tokens, *before.idle))}
        strangers = sorted(str(id) for id in named if self.directory.member(str(id)) is None)
        return tuple(_nobody(id) for id in strangers)


def _nobody(by: str | Member) -> Objection:
    if by == SYSTEM.id:
        return Objection(
            "reserved", "nobody may act as the system", "act as a member", {"member": by}
        )
    return Objection(
        "unknown_member",
        f"the directory knows no member {by!r}",
        "add them to the directory, or pass a Member that you vouch for",
        {"member": str(by)},
    )
