"""Counterparts: an item as it is under another definition, part by part.

What the other definition does not know any more lapses; the history keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialflow.alarms import JOIN, renewed
from socialflow.drafts import joined
from socialflow.items import (
    Beside,
    Event,
    Item,
    Signature,
    Token,
    Vote,
    new_item,
    new_token,
    stage_of,
)
from socialflow.migrations.routes import Route
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict

__all__ = ["lapsed", "under", "writers_of"]


def under(
    route: Route, item: Item, data: FrozenDict, writers: tuple[str, ...], at: datetime
) -> Item:
    """The item under the new definition, before anything follows from that.

    Args:
        route: From which definition to which; every state of the item has a counterpart.
        item: As it is.
        data: What its data will be.
        writers: Ids of those who wrote what is content only now.
        at: When.
    """
    tokens = tuple(sorted(_tokens(route, item, at), key=_state))
    marks = tuple(mark for mark in item.marks if mark in route.new.marks)
    votes = tuple(vote for vote in item.votes if _counts(route, vote))
    return new_item(
        item.id,
        item.ref,
        route.new.digest,
        item.scope,
        tuple(_with_alarm(route, token, tokens, data) for token in tokens),
        _idle(route, item, tokens),
        data,
        joined(item.contributors, writers),
        item.authors,
        tuple(_signatures(route, item, tokens, data)),
        item.version,
        Beside(item.parent, item.round, item.rounds, marks, votes),
    )


def _state(token: Token) -> str:
    return token.state


def _tokens(route: Route, item: Item, at: datetime) -> Iterator[Token]:
    for token in item.tokens:
        state = route.counterpart(token.state)
        assert state is not None
        stage = stage_of(state)
        if token.stage == stage == "end":
            yield new_token(state, token.visit, token.entered)
        elif route.stages.get(token.stage) == stage:
            lease = token.lease if route.plan.stage_named(stage).lease else None
            named = token.responsible
            yield new_token(state, token.visit, token.entered, named, lease, token.alarm)
        else:
            yield _entered(route, item, state, at)


def _entered(route: Route, item: Item, state: str, at: datetime) -> Token:
    """The token of a duty that is another one: one more visit, a fresh clock."""
    stage = stage_of(state)
    here = [one for one in (*item.tokens, *item.idle) if route.stages.get(one.stage) == stage]
    told = [one.visit for one in item.votes if one.stage == stage]
    told += [one.visit for one in item.signatures if one.stage == stage]
    visit = max([0, *told, *(one.visit for one in here)]) + 1
    return new_token(state, visit, at, next((one.responsible for one in here), None))


def _with_alarm(route: Route, token: Token, tokens: tuple[Token, ...], data: FrozenDict) -> Token:
    """The token, waiting for what is due now, on behalf of whoever set it."""
    plan, alarm = route.plan, token.alarm
    if alarm is None or token.stage == "end":
        return token
    known = {way.full for ways in plan.due.values() for way in ways}
    known |= {JOIN} if token.stage in plan.until else set()
    fired = tuple(one for one in alarm.fired if one[0] in known)
    token = attrs.evolve(token, alarm=attrs.evolve(alarm, fired=fired))
    return renewed(plan, token, data, alarm.behalf or SYSTEM.id, plan.is_late(token, tokens))


def _idle(route: Route, item: Item, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """What is remembered of stages that are not open, and are still there."""
    found: dict[str, Token] = {}
    for token in (*item.idle, *item.tokens):
        stage = route.stages.get(token.stage)
        if stage is None or any(one.stage == stage for one in tokens):
            continue
        if stage not in found or found[stage].visit < token.visit:
            state = route.counterpart(token.state)
            if state is None or stage_of(state) != stage:
                state = route.plan.stage_named(stage).initial
            found[stage] = new_token(state, token.visit, token.entered, token.responsible)
    return tuple(sorted(found.values(), key=_state))


def _signatures(
    route: Route, item: Item, tokens: tuple[Token, ...], data: FrozenDict
) -> Iterator[Signature]:
    """Those that still sign what they signed: all that is content now was content then."""
    before, now = route.old.revision(item), route.new.revision_of(data)
    same = all(item.data.get(name) == data.get(name) for name in route.new.content)
    covers = same and route.content_only_now.isdisjoint(data)
    for one in item.signatures:
        stage = route.stages.get(one.stage)
        signs = route.plan.stage_named(stage).signs if stage is not None else None
        if stage is None or signs is None or one.revision not in ("", before):
            continue
        holds = signs == "visit" or (one.revision and covers)
        if holds and _lies_behind(route, stage, tokens):
            action = one.action
            if stage != one.stage and action:
                action = f"{stage}.{action.rpartition('.')[2]}"
            yield attrs.evolve(
                one, stage=stage, revision=now if signs == "revision" else "", action=action
            )


def _lies_behind(route: Route, stage: str, tokens: tuple[Token, ...]) -> bool:
    """Whether the item has been through a stage, and is not before or in it."""
    places, ends = route.new.places, len(route.new.steps)
    if any(one.stage == stage and one.state not in route.plan.done for one in tokens):
        return False
    return places[stage] <= max(places.get(one.stage, ends) for one in tokens)


def _counts(route: Route, vote: Vote) -> bool:
    """Whether a vote is about the same, and is counted as it was."""
    same_stage = route.stages.get(vote.stage) == vote.stage
    return same_stage and route.same_content and route.asks_the_same(vote.action)


def writers_of(names: frozenset[str], events: Iterable[Event]) -> tuple[str, ...]:
    """Ids of those who wrote one of these fields, in order."""
    wrote = (event.by for event in events if not names.isdisjoint(event.keeps))
    return tuple(dict.fromkeys(by for by in wrote if by != SYSTEM.id))


def lapsed(route: Route, before: Item, after: Item) -> tuple[str, ...]:
    """What *after* has no more of what *before* had, in words."""
    signs = {one.stage for one in after.signatures}
    signed = {one.stage for one in before.signatures if route.stages.get(one.stage) not in signs}
    voted = {one.action for one in before.votes} - {one.action for one in after.votes}
    names = {one.stage for one in (*after.tokens, *after.idle) if one.responsible}
    named = {one.stage for one in (*before.tokens, *before.idle) if one.responsible}
    return (
        *(f"the signature of {stage}" for stage in sorted(signed)),
        *(f"the votes on {action}" for action in sorted(voted)),
        *(f"the mark {mark}" for mark in before.marks if mark not in after.marks),
        *(f"who is named for {one}" for one in sorted(named) if route.stages.get(one) not in names),
        *(f"the field {name}" for name in sorted(before.data) if name not in after.data),
    )
