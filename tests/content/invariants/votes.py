"""Votes: whatever is decided by ballot was decided by enough people who had a say in it.

Counted again in plain words, from the commands alone: who said yes last, on this content, since the
stage was entered; without those who wrote it, those of an agency, and with everybody once, whoever
they act for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs
from books import Book, Broken, Told
from teams import is_agency, persons

from socialflow import Action, Item, Workflow
from socialflow.ballots import Ballot
from socialflow.items import stage_of
from socialflow.rules import Rule

if TYPE_CHECKING:
    from office import Office

__all__ = ["Votes"]


@attrs.frozen
class Said:
    """What somebody has said on an action, when."""

    action: str
    choice: str
    by: str
    persons: frozenset[str]
    roles: frozenset[str]
    agency: bool
    ballots: tuple[str, ...]
    content: tuple[Any, ...]
    about: tuple[Any, ...]
    n: int


@attrs.define
class Page:
    """What is known of one item."""

    said: list[Said] = attrs.field(factory=list)
    entered: dict[str, int] = attrs.field(factory=dict)
    writers: frozenset[str] = frozenset()
    past: dict[int, frozenset[str]] = attrs.field(factory=dict)
    n: int = 0


class Votes(Book):
    """Who wrote, and who said what, by item."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.decided = 0

    def happened(self, office: Office, told: Told) -> None:
        """Write down who wrote and who voted; count again what was decided."""
        item, event, workflow = told.item, told.event, office.of(told.item)
        page = self.pages.setdefault(item.id, Page())
        page.n += 1
        self._note_writers(office, page, workflow, told)
        self._note_vote(office, page, workflow, told)
        for move in event.moves:
            action = _put_to_vote(workflow, move.cause)
            if action is not None:
                self.decided += 1
                _count(office, page, workflow, item, move.cause, move.source, action, event.at)
            if move.target and stage_of(move.target) != stage_of(move.source or ".."):
                page.entered[stage_of(move.target)] = page.n
            if _releases(workflow, move.target):
                page.writers = frozenset()
        page.past[item.version] = page.writers

    def _note_writers(self, office: Office, page: Page, workflow: Workflow, told: Told) -> None:
        event = told.event
        if event.action == "undo":
            page.writers = page.past[event.version - 2]
        elif {*event.keeps} & {*workflow.content} and event.by != "system":
            page.writers |= persons(office.people.delegations, event.by, event.at)

    def _note_vote(self, office: Office, page: Page, workflow: Workflow, told: Told) -> None:
        event, data = told.event, dict(told.event.command.data or {})
        action, choice, wanted = event.action, "yes", ()
        if event.action == "vote":
            action, choice = _full(workflow, data["action"]), data["choice"]
            wanted, data = data["ballots"], dict(data["data"] or {})
        if told.before is None or _put_to_vote(workflow, action) is None:
            return
        member = office.people.member(event.by)
        assert member is not None
        page.said.append(
            Said(
                action,
                choice,
                event.by,
                persons(office.people.delegations, event.by, event.at),
                member.roles_for(action, told.item.scope, event.at),
                is_agency(member),
                tuple(wanted),
                _content(workflow, told.before),
                (tuple(sorted(data.items())), event.command.to),
                page.n,
            )
        )


def _count(
    office: Office,
    page: Page,
    workflow: Workflow,
    item: Item,
    name: str,
    source: str,
    action: Action,
    at: datetime,
) -> None:
    """Make sure that every ballot that is asked for has its quorum."""
    content = _content(workflow, item)
    here = [one for one in page.said if (one.action, one.content) == (name, content)]
    for about in {one.about for one in here if one.choice == "yes"}:
        short = [
            ballot.name
            for ballot in action.ballots
            if all(_holds(rule, item) is True for rule in ballot.when)
            and not _is_met(office, page, item, ballot, here, about, stage_of(source), at)
        ]
        if not short:
            return
    raise Broken(f"{name} was decided on {item.id} without enough votes in {action.ballots}")


def _is_met(
    office: Office,
    page: Page,
    item: Item,
    ballot: Ballot,
    said: Iterable[Said],
    about: tuple[Any, ...],
    stage: str,
    at: datetime,
) -> bool:
    last = {one.by: one for one in said if _is_in(one, ballot, page, stage)}
    on_this = [one for one in last.values() if one.about == about]
    counted = [one for one in on_this if not _is_barred(one, ballot, page)]
    ayes = [one.persons for one in counted if one.choice == "yes"]
    if ballot.quorum == "all":
        aside = frozenset().union(*(one.persons for one in counted if one.choice == "abstain"))
        asked = {*_electors(office, page, item, ballot, at)} - aside
        return bool(ayes) and asked <= frozenset().union(*ayes)
    wanted = 1 if ballot.quorum == "any" else int(ballot.quorum)
    return any(
        sum(map(len, some)) == len(frozenset().union(*some)) for some in combinations(ayes, wanted)
    )


def _is_in(one: Said, ballot: Ballot, page: Page, stage: str) -> bool:
    named = not one.ballots or ballot.name in one.ballots
    fresh = ballot.standing == "revision" or one.n >= page.entered.get(stage, 0)
    return named and fresh and bool(one.roles & {*ballot.roles})


def _is_barred(one: Said, ballot: Ballot, page: Page) -> bool:
    return one.agency or (ballot.four_eyes and bool(one.persons & page.writers))


def _electors(
    office: Office, page: Page, item: Item, ballot: Ballot, at: datetime
) -> Iterator[str]:
    for own in office.people.members:
        member = office.people.member(own.id)
        assert member is not None
        wrote = ballot.four_eyes and member.id in page.writers
        if member.roles(item.scope, at) & {*ballot.roles} and not (wrote or is_agency(member)):
            yield member.id


def _holds(rule: Rule, item: Item) -> bool | None:
    """Whether a ballot's condition holds; None if it is one that this book does not know."""
    told = rule.parameters
    value = item.data.get(told.get("field", ""))
    if rule.kind.name == "has":
        return value not in (None, "", (), {})
    if rule.kind.name == "one_of":
        return value in told["values"]
    return None


def _full(workflow: Workflow, name: str) -> str:
    known = [one for one in workflow.action_names if name in (one, one.partition(".")[2])]
    return known[0] if known else name


def _put_to_vote(workflow: Workflow, full: str) -> Action | None:
    """The action of that full name, if it is decided by ballot."""
    if full == "force":
        both = Ballot("force", workflow.rights["force"], quorum=2)
        return Action("force", "*", goto="*", ballots=both)
    stage, _, name = full.partition(".")
    if stage not in workflow.places or not name:
        return None
    found = [one for one in workflow.stage(stage).actions if one.name == name and one.ballots]
    return found[0] if found else None


def _releases(workflow: Workflow, state: str) -> bool:
    stage = stage_of(state) if state else ""
    if stage not in workflow.places:
        return False
    found = workflow.stage(stage)
    return found.releases and state in map(found.full, found.done)


def _content(workflow: Workflow, item: Item) -> tuple[Any, ...]:
    return tuple(item.data.get(name) for name in workflow.content)
