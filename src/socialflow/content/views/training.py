"""Training gaps: who lacks what their role requires, or will soon?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialflow import Member, Workflow
from socialflow.people import Need, Team

__all__ = ["Gap", "training_gaps"]


@attrs.frozen
class Gap:
    """A credential that somebody's role requires, and that they lack, or will soon.

    Attributes:
        member: Their id.
        role: Key of the role that opens nothing without it.
        requires: What it requires: ``"training:social_basics>=2"``.
        until: When what they have expires; None if they have nothing that holds now.
    """

    member: str
    role: str
    requires: str
    until: datetime | None


def training_gaps(
    workflow: Workflow, team: Team, at: datetime, *, within: timedelta = timedelta(days=30)
) -> tuple[Gap, ...]:
    """Who lacks what their role requires, or will soon?

    Args:
        workflow: What its roles require of everybody.
        team: What each grant requires besides, and who has which credentials.
        at: Now; grants that do not run now are left out.
        within: How soon is soon.

    Returns:
        By member in the order of the team; whoever stands in for somebody needs what they need.
    """
    found = (
        gap
        for member in (team.member(one.id) or one for one in team.members)
        for gap in _gaps(workflow, member, at, at + within)
    )
    return tuple(dict.fromkeys(found))


def _gaps(workflow: Workflow, member: Member, at: datetime, soon: datetime) -> Iterator[Gap]:
    for grant in member.grants:
        if not grant.runs(at):
            continue
        for text in (*grant.requires, *workflow.requires.get(grant.role, ())):
            if member.lacks((text,), at):
                yield Gap(member.id, grant.role, text, None)
            elif (until := _expires(member, text, at)) is not None and until <= soon:
                yield Gap(member.id, grant.role, text, until)


def _expires(member: Member, text: str, at: datetime) -> datetime | None:
    """When the last credential that meets a need without a gap ends; None if none does."""
    need, turns = Need.of(text), at
    met = [one for one in member.credentials if need.is_met_by(one)]
    while holding := [one for one in met if one.holds(turns)]:
        ends = [one.until for one in holding if one.until is not None]
        if len(ends) < len(holding):
            return None
        turns = max(ends)
    return turns
