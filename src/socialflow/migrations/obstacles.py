"""Obstacles: why an item cannot go on under another definition, one typed reason each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from socialflow.errors import Objection, nearest
from socialflow.items import Item, stage_of
from socialflow.migrations.routes import Route
from socialflow.people import ANYONE
from socialflow.plans import plan_of
from socialflow.protocols import Directory
from socialflow.ways import opened_by

__all__ = ["lost_children", "lost_states", "lost_votes", "no_join", "unfit_members"]


def lost_states(route: Route, item: Item) -> Iterator[Objection]:
    """States of the item without a counterpart."""
    for state in item.marking:
        if route.counterpart(state) is None:
            yield Objection(
                "no_counterpart",
                f"{route.new.name} has no state {state!r}",
                f"say states={{{state!r}: ...}}: {nearest(state, route.new.states)}",
                {"state": state},
            )


def no_join(route: Route, item: Item) -> Iterator[Objection]:
    """States that cannot be inhabited together: of one stage, or of steps one after the other."""
    states = [state for one in item.marking if (state := route.counterpart(one)) is not None]
    places, end = route.new.places, len(route.new.steps)
    stages = [stage_of(state) for state in states]
    front = max((places.get(stage, end) for stage in stages), default=end)
    late = [stage for stage in stages if places.get(stage, end) < front]
    alone = front < end or not late
    if alone and len(set(stages)) == len(stages) and all(one in route.plan.until for one in late):
        return
    yield Objection(
        "no_join",
        f"in {route.new.name} no item is in {' and '.join(states)} at the same time",
        "have the item come together first, or say states= that are open together",
        {"states": tuple(states), "marking": item.marking},
    )


def lost_votes(route: Route, item: Item) -> Iterator[Objection]:
    """Votes of which it is open what they will come to, and that would be counted otherwise."""
    revision = route.old.revision(item)
    for token in item.tokens:
        for way in plan_of(route.old).balloted.get(token.state, ()):
            cast = [
                vote
                for vote in item.votes
                if (vote.action, vote.stage, vote.revision) == (way.full, token.stage, revision)
            ]
            standing = {ballot.name for ballot in way.ballots if ballot.standing == "revision"}
            open_ = [one for one in cast if one.visit == token.visit or standing & {*one.ballots}]
            same = route.counterpart(token.state) == token.state
            if open_ and not (same and route.same_content and route.asks_the_same(way.full)):
                yield Objection(
                    "ballot_open",
                    f"votes on {way.full!r} have been cast that would count no more",
                    "have it decided first, or leave the ballots as they are",
                    {"action": way.full, "votes": len(open_)},
                )


def lost_children(
    route: Route, below: Mapping[str, frozenset[str]], ways: Mapping[str, Mapping[str, str]]
) -> Iterator[Objection]:
    """Children whose kind is gone, or that are in states which it has no more.

    Args:
        route: Of the item above.
        below: The states in which children are, by their kind; of a kind that is gone, those
            alone that are no end.
        ways: Where states of children lead, by the kind, for those that move as well.
    """
    for kind, states in below.items():
        new = route.new.kinds.get(kind)
        if new is None and states:
            yield Objection(
                "children_left",
                f"{route.new.name} has no {kind} below it, and there are some",
                "bring them to an end first, or keep that kind",
                {"kind": kind, "states": tuple(sorted(states))},
            )
        elif new is not None:
            led = {state: ways.get(kind, {}).get(state, state) for state in states}
            lost = sorted(state for state, to in led.items() if to not in new.states)
            if lost:
                yield Objection(
                    "children_left",
                    f"{kind} has no state {' and no state '.join(lost)} any more",
                    f"say below=True and states={{'{kind}/{lost[0]}': ...}}",
                    {"kind": kind, "states": tuple(lost)},
                )


def unfit_members(route: Route, item: Item, people: Directory, at: datetime) -> Iterator[Objection]:
    """Those who are named for a duty that is a matter of other roles from now on."""
    for token in item.tokens:
        stage = route.stages.get(token.stage)
        if token.responsible is None or stage is None:
            continue
        roles = route.plan.stage_named(stage).role
        if roles == route.old.stage(token.stage).role or ANYONE in roles or not roles:
            continue
        member = people.member(token.responsible)
        held = member.roles(item.scope, at) if member is not None else frozenset()
        if held.isdisjoint(opened_by(route.new, roles)):
            yield Objection(
                "responsible_unfit",
                f"whoever is responsible for {stage} has to be {' or '.join(roles)} from now on",
                f"assign somebody else, or release it; it is {token.responsible!r} now",
                {"stage": stage, "responsible": token.responsible, "roles": roles},
            )
