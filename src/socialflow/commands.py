"""What the commands that every workflow has do, so that no stage writes them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from socialflow.cases import Case
from socialflow.errors import Objection, nearest
from socialflow.filling import Filled, fill, fill_some
from socialflow.forms import fields_of
from socialflow.items import Move, Token
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import Plan, Way
from socialflow.settling import Draft, carry

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
    """Fill *data* into the form of a way; an edit fills in the workflow's own fields."""
    if way.form is not None:
        return fill(way.form, data)
    own = plan.workflow.fields
    return fill_some(fields_of(own) if own else {}, data)


def _stage(case: Case, way: Way) -> str:
    return getattr(case.data, "stage", None) or way.stage


def _named(draft: Draft, stage: str, member: str | None) -> None:
    """Name *member* for *stage*, whether it is open or not."""
    for n, token in enumerate(draft.tokens):
        if token.stage == stage:
            draft.tokens[n] = attrs.evolve(token, responsible=member)
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
    _named(draft, _stage(case, way), case.member.id)


def _may_claim(_: Plan, case: Case, way: Way) -> Iterable[Objection]:
    yield from _not_open(case, way)
    stage = _stage(case, way)
    holder = case.item.responsible(stage)
    if holder is not None and holder != case.member.id:
        yield Objection(
            "taken",
            f"{holder!r} is responsible for {stage} already",
            f"ask {holder} to release it",
            {"stage": stage, "responsible": holder},
        )


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
}
