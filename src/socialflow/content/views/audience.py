"""Whom to tell: who has to do with what has happened?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Event, Item, Member, Workflow
from socialflow.content.views.reading import Reader, item_of
from socialflow.errors import ItemNotFound, WrongArgument
from socialflow.people import SYSTEM, Team
from socialflow.queries import History, Items

__all__ = ["Told", "whom_to_tell"]


@attrs.frozen
class Told:
    """Somebody who should hear of it.

    Attributes:
        member: Their id.
        why: ``"author"``, ``"approver"``, ``"responsible"``, ``"consulted"``, ``"informed"``,
            ``"participant"``; ``"lead"`` of a stage that nobody is responsible for; ``"stands in
            for ann"``.
    """

    member: str
    why: tuple[str, ...]


def whom_to_tell(
    reader: Reader,
    workflow: Workflow,
    team: Team,
    item: str,
    *,
    entry: int | None = None,
) -> tuple[Told, ...]:
    """Who has to do with what has happened?

    Everybody by what they have done with the item or have to do with it now; never all of a role.
    Where nobody is responsible for an open stage, the one holder of its role whose grant fits the
    item most closely.  Whoever did it needs not be told; whoever is away is stood in for.

    Args:
        reader: The store of the items.
        workflow: Says which role each stage is the duty of, and which stages sign.
        team: Who there is, and who stands in for whom.
        item: Id of the item.
        entry: Which entry of its history, from 1; the last one, if not said.

    Raises:
        ItemNotFound: No item has that id.
        WrongArgument: Its history has no such entry.
    """
    now = next(iter(reader.rows(Items(id=item))), None)
    if now is None:
        raise ItemNotFound(item)
    events = [one.event for one in reader.rows(History(item=item))][:entry]
    if not events or entry not in (None, len(events)):
        raise WrongArgument("entry", f"the number of an entry of {item!r}", repr(entry))
    return _reached(team, _concerned(reader, now, events, workflow, team), events[-1])


def _concerned(
    reader: Reader, item: Item, events: list[Event], workflow: Workflow, team: Team
) -> Iterator[tuple[str, str]]:
    """Members with what they have to do with the item, as of the last event."""
    signing = {stage.name for stage in workflow.stages if stage.signs}
    last = events[-1]
    for event in events:
        wrote = event.changed.get("contributors") or ()
        yield from ((id, "author") for id in ((event.by, *wrote) if event.origin else wrote))
        if event.action == "vote" or event.action.partition(".")[0] in signing:
            yield event.by, "approver"
        yield event.by, "participant"
    for field in ("consulted", "informed"):
        yield from ((id, field) for id in item.data.get(field) or ())
    for token in last.tokens:
        if token.responsible is not None:
            yield token.responsible, "responsible"
        elif token.stage != "end":
            yield from _leads(item, token.stage, workflow, team, last.at)
    if item.parent is not None:
        above = item_of(reader, item.parent)
        yield from ((t.responsible, "responsible") for t in above.tokens if t.responsible)


def _leads(
    item: Item, stage: str, workflow: Workflow, team: Team, at: datetime
) -> Iterator[tuple[str, str]]:
    homes = (workflow, *workflow.kinds.values())
    roles = [
        role for home in homes for one in home.stages if one.name == stage for role in one.role
    ]
    for role in roles:
        lead = team.lead(role, item.scope, at)
        if lead is not None:
            yield lead.id, "lead"


def _reached(team: Team, concerned: Iterator[tuple[str, str]], event: Event) -> tuple[Told, ...]:
    """Those who can be told, each once, the doer left out."""
    why: dict[str, list[str]] = {}
    for id, reason in concerned:
        for reached, because in _standing_in(team, id, reason, event.at):
            if because not in why.setdefault(reached, []):
                why[reached].append(because)
    left_out = {event.by, SYSTEM.id}
    return tuple(
        Told(id, _without_lesser(reasons)) for id, reasons in why.items() if id not in left_out
    )


def _standing_in(team: Team, id: str, reason: str, at: datetime) -> Iterator[tuple[str, str]]:
    """Whoever is away, and those who stand in for them; strangers are told as they are."""
    one: Member | None = team.member(id)
    yield id, reason
    if one is not None and one.is_absent(at):
        for other in team.delegations:
            if other.by == id and other.runs(at):
                yield other.to, f"stands in for {id}"


def _without_lesser(reasons: list[str]) -> tuple[str, ...]:
    """To have taken part is said of those who have no other reason."""
    return tuple(one for one in reasons if one != "participant") or tuple(reasons)
