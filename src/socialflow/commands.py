"""What the commands that every workflow has do, so that no stage writes them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import attrs

from socialflow.cases import PAST, Case
from socialflow.definitions import ARCHIVED, ON_HOLD
from socialflow.drafts import Draft
from socialflow.errors import Objection, nearest
from socialflow.filling import Filled, fill, fill_some
from socialflow.items import Event, Item, Move, Token
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import Plan
from socialflow.settling import carry
from socialflow.voting import Paper, cast, objections_to_vote, paper_of
from socialflow.ways import Way

__all__ = ["BUILT_IN", "BuiltIn", "fill_in"]


@attrs.frozen
class BuiltIn:
    """One command of every workflow.

    Attributes:
        carry: Does it to a draft.
        check: Yields what stands in its way, once policy and data are right.
        takes_version: Whether the item's version counts it.
    """

    carry: Callable[[Draft, Case, Way], None]
    check: Callable[[Plan, Case, Way], Iterable[Objection]] = lambda *_: ()
    takes_version: bool = True


def fill_in(plan: Plan, way: Way, data: FrozenDict) -> Filled | tuple[Objection, ...]:
    """Fill *data* into the form of a way; an edit fills in what may be edited."""
    return fill(way.form, data) if way.form is not None else fill_some(plan.editable, data)


def _stage(case: Case, way: Way) -> str:
    return getattr(case.data, "stage", None) or way.stage


def _named(draft: Draft, stage: str, member: str | None, lease: datetime | None = None) -> None:
    """Name *member* for *stage*, whether it is open or not."""
    for n, token in enumerate(draft.tokens):
        if token.stage == stage:
            draft.tokens[n] = attrs.evolve(token, responsible=member, lease=lease)
            return
    former = next((token for token in draft.idle if token.stage == stage), None)
    others = [token for token in draft.idle if token is not former]
    if former is None:
        initial = draft.plan.stage_named(stage).initial
        former = Token(initial, 0, draft.at)
    named = attrs.evolve(former, responsible=member)
    draft.idle = tuple(sorted((*others, named), key=lambda token: token.state))


def _assign(draft: Draft, case: Case, way: Way) -> None:
    _named(draft, _stage(case, way), case.data.member)


def _may_assign(plan: Plan, case: Case, way: Way) -> Iterable[Objection]:
    stage = _stage(case, way)
    if stage not in plan.workflow.places:
        yield Objection(
            "unknown_stage",
            f"the workflow has no stage {stage!r}",
            nearest(stage, plan.workflow.places),
            {"stage": stage},
        )


def _not_open(case: Case, way: Way) -> Iterable[Objection]:
    stage = _stage(case, way)
    if stage != way.stage:
        yield Objection(
            "state",
            f"{stage} is not open in {', '.join(case.item.marking)}",
            f"leave the stage out, or say {way.stage}",
            {"action": way.full, "stage": stage, "marking": case.item.marking},
        )


def _claim(draft: Draft, case: Case, way: Way) -> None:
    lease = draft.plan.stage_named(way.stage).lease
    until = None if lease is None else case.at + lease
    _named(draft, _stage(case, way), case.member.id, until)


def _may_claim(_: Plan, case: Case, way: Way) -> Iterable[Objection]:
    yield from _not_open(case, way)
    stage = _stage(case, way)
    holder = case.item.responsible(stage)
    token = case.item.token(stage)
    lapsed = token is not None and token.lease is not None and token.lease <= case.at
    if holder is not None and holder != case.member.id and not lapsed:
        yield Objection(
            "taken",
            f"{holder!r} is responsible for {stage} already",
            f"ask {holder} to release it" + _until(token),
            {"stage": stage, "responsible": holder},
        )


def _until(token: Token | None) -> str:
    if token is None or token.lease is None:
        return ""
    return f", or wait until {token.lease.isoformat()}"


def _release(draft: Draft, case: Case, way: Way) -> None:
    _named(draft, _stage(case, way), None)


def _may_release(_: Plan, case: Case, way: Way) -> Iterable[Objection]:
    yield from _not_open(case, way)
    stage = _stage(case, way)
    holder = case.item.responsible(stage)
    if holder not in case.persons:
        yield Objection(
            "not_yours",
            f"{stage} is not yours to release: {holder or 'nobody'} is responsible",
            "assign somebody else instead" if holder else "",
            {"stage": stage, "responsible": holder},
        )


def _edit(draft: Draft, case: Case, _: Way) -> None:
    data = case.command.data or EMPTY
    draft.write(data, case.persons)


def _may_edit(_: Plan, case: Case, __: Way) -> Iterable[Objection]:
    if not case.command.data:
        yield Objection("data", "an edit says what is new", "give data={field: value}")


def _note(draft: Draft, _: Case, way: Way) -> None:
    draft.moves.append(Move(way.full, way.source, way.source))


def _set(*marks: str) -> Callable[[Draft, Case, Way], None]:
    def carry(draft: Draft, _: Case, way: Way) -> None:
        draft.mark(marks)
        draft.moves.append(Move(way.full, way.source, way.source))

    return carry


def _unset(*marks: str) -> Callable[[Draft, Case, Way], None]:
    def carry(draft: Draft, _: Case, way: Way) -> None:
        draft.mark((), marks)
        draft.moves.append(Move(way.full, way.source, way.source))

    return carry


def _unmarked(mark: str, told: str) -> Callable[[Plan, Case, Way], Iterable[Objection]]:
    def check(_: Plan, case: Case, way: Way) -> Iterable[Objection]:
        if mark in case.item.marks:
            yield Objection("already", f"the item is {told} already", facts={"action": way.full})

    return check


def _is_marked(mark: str, told: str) -> Callable[[Plan, Case, Way], Iterable[Objection]]:
    def check(_: Plan, case: Case, way: Way) -> Iterable[Objection]:
        if mark not in case.item.marks:
            yield Objection("already", f"the item is not {told}", facts={"action": way.full})

    return check


def _undo(draft: Draft, case: Case, way: Way) -> None:
    """Put back what was before the last event; the fields that change are the command's data."""
    _, before = case.facts[PAST]
    draft.restore(before)
    draft.moves.append(Move(way.full, way.source, before.marking[0]))
    was, now = before.data, case.item.data
    changed = {name: was.get(name) for name in {*was, *now} if was.get(name) != now.get(name)}
    case.command = attrs.evolve(case.command, data=dict(sorted(changed.items())) or None)


def _may_undo(plan: Plan, case: Case, _: Way) -> Iterable[Objection]:
    past: tuple[Event, Item] | None = case.facts.known(PAST)
    event = past[0] if past else None
    if event is None or event.origin is not None or not plan.may_be_undone(event):
        told = repr(event.action) if event else "what nobody remembers"
        yield Objection(
            "irreversible",
            f"the last thing that happened is {told}, and that cannot be undone",
            "take another action that leads back",
            {"action": event.action if event else None},
        )
    elif event.by not in case.persons:
        yield Objection(
            "not_yours",
            f"{event.action!r} is not yours to undo: {event.by} did it",
            f"ask {event.by}",
            {"action": event.action, "by": event.by},
        )


def _vote(draft: Draft, case: Case, way: Way) -> None:
    paper = paper_of(draft.plan, way, case)
    assert isinstance(paper, Paper)
    cast(draft, paper, case)


def _may_vote(plan: Plan, case: Case, way: Way) -> Iterable[Objection]:
    paper = paper_of(plan, way, case)
    return paper if isinstance(paper, tuple) else objections_to_vote(paper, case)


def _moved(draft: Draft, case: Case, way: Way) -> None:
    carry(draft, way, way.target(case.command.to))


BUILT_IN: Mapping[str, BuiltIn] = {
    "assign": BuiltIn(_assign, _may_assign),
    "claim": BuiltIn(_claim, _may_claim),
    "release": BuiltIn(_release, _may_release),
    "edit": BuiltIn(_edit, _may_edit),
    "note": BuiltIn(_note, takes_version=False),
    "cancel": BuiltIn(_moved),
    "reopen": BuiltIn(_moved),
    "vote": BuiltIn(_vote, _may_vote),
    "force": BuiltIn(_vote),
    "hold": BuiltIn(_set(ON_HOLD), _unmarked(ON_HOLD, "on hold")),
    "resume": BuiltIn(_unset(ON_HOLD), _is_marked(ON_HOLD, "on hold")),
    "archive": BuiltIn(_set(ARCHIVED), _unmarked(ARCHIVED, "in the archive")),
    "unarchive": BuiltIn(_unset(ARCHIVED), _is_marked(ARCHIVED, "in the archive")),
    "undo": BuiltIn(_undo, _may_undo),
}
