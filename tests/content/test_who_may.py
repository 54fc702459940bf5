"""The table of who may do what agrees with the library, in every state of every workflow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import attrs
import pytest
from content.conftest import Desk
from content.who_may import ROLES, WHO_MAY

from socialflow import Engine, Item, Member, Team, Workflow
from socialflow.content import social_content
from socialflow.plans import plan_of
from socialflow.stores.memory import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BY_POLICY = {"role", "denied"}
"""What is objected to somebody who may not, whatever the item is like."""

NEEDED = {
    "social_content": {"title": "Behind the scenes"},
    "reshare_fast": {"title": "Behind the scenes"},
    "publication": {"title": "Behind the scenes", "account": "blog"},
    "interaction": {"account": "blog", "author": "a reader"},
    "promotion_run": {"channel": "organic"},
    "experiment": {"hypothesis": "short is better", "metric": "clicks", "arms": {"a": "x"}},
    "idea": {"text": "more of it"},
    "candidate": {"title": "a reader's photo", "derived_from": "comment:1"},
}


def workflows() -> Iterator[Workflow]:
    """The department's workflow and all those below, each once."""
    found: dict[str, Workflow] = {}
    left = [social_content()]
    while left:
        one = left.pop()
        found.setdefault(one.name, one)
        left += [child for child in one.kinds.values() if child.name not in found]
    return iter(found.values())


FLOWS = {flow.name: flow for flow in workflows()}
STATES = [
    (name, state)
    for name, flow in FLOWS.items()
    for state in flow.states
    if not state.startswith("end.")
]


def _open_to_all(flow: Workflow) -> Workflow:
    return attrs.evolve(flow, rights={**flow.rights, "adopt": "*"})


@cache
def engine_for(name: str) -> Engine:
    """An engine for one member of each role, and one of none, who may adopt."""
    below = [_open_to_all(child) for child in FLOWS[name].kinds.values()]
    open_to_all = attrs.evolve(_open_to_all(FLOWS[name]), children=below)
    team = Team([Member(short, role) for short, role in ROLES.items()] + [Member("outsider")])
    return Engine(MemoryStore(), [open_to_all], team, clock=lambda: NOON)


def item_at(name: str, state: str) -> Item:
    """An item that is in the state; where only children lead on, one that has followed a child."""
    return adopted(engine_for(name), name, state)


def adopted(engine: Engine, name: str, state: str) -> Item:
    """The same, in an engine whose outsider may adopt."""
    told = {"by": "outsider", "data": NEEDED[name]}
    if state not in plan_of(FLOWS[name]).led_by_children:
        return engine.adopt(name, at=state, **told)
    stage, _, bare = state.partition(".")
    parent = engine.adopt(name, at=f"{stage}.ready", **told)
    data = {**NEEDED["publication"]}
    engine.adopt(
        "publication", at=f"publication.{bare}", by="outsider", data=data, parent=parent.id
    )
    return engine.item(parent.id)


def test_every_action_stands_in_the_table() -> None:
    """No action that people ask for is missing from the table, and none is made up."""
    told = {name: set(table) for name, table in WHO_MAY.items()}

    assert {name: asked_for(flow) for name, flow in FLOWS.items()} == told


def asked_for(flow: Workflow) -> set[str]:
    """Full names of the actions that somebody asks for."""
    own = {
        f"{stage.name}.{action.name}"
        for stage in flow.stages
        for action in stage.actions
        if not action.by_system
    }
    return own | {action.name for action in flow.actions if not action.by_system}


@pytest.mark.parametrize(("name", "state"), STATES, ids=[f"{n}-{s}" for n, s in STATES])
def test_who_can_is_who_may(name: str, state: str) -> None:
    """In each state, an action is open to nobody but those whom the table names, and to each of
    them unless a rule, not their role, stands in the way."""
    engine, item, table = engine_for(name), item_at(name, state), WHO_MAY[name]
    shown = {
        who: {option.action: option for option in engine.options(item.id, by=who)} for who in ROLES
    }
    here = {action for options in shown.values() for action in options if action in table}

    for action in here:
        may = {
            who
            for who, options in shown.items()
            if options[action].refusal is None
            or BY_POLICY.isdisjoint(options[action].refusal.codes)
        }
        assert (action, set(table[action])) == (action, may)
        assert {one.id for one in engine.who_can(item.id, action)} - {"outsider"} <= may


SETTLED = [
    ("paige", "settle_promotion", "promotion.promote_again"),
    ("cyrus", "close_response", "response.listen_again"),
    ("cora", "settle_reshare", "reshare.share_again"),
]
"""What is open while others of its step are not done: nothing can be adopted there."""
ANSWERED = {"answered": 7, "handed_over": 1, "voices": ["more of this"]}
TOLD = {"close_response": ANSWERED, "settle_reshare": {"reshared": []}, "settle_promotion": {}}


@pytest.mark.parametrize(("who", "settle", "again"), SETTLED, ids=[one[2] for one in SETTLED])
def test_what_is_settled_is_taken_up_again_by_those_in_the_table(
    desk: type[Desk], who: str, settle: str, again: str
) -> None:
    """While the others of its step are open, what is done may be opened again, by its role."""
    post = desk().until("promotion.open")

    post.do(who, settle, **TOLD[settle])

    may = {
        role
        for one in post.engine.who_can(post.id, again)
        for role in one.roles(post.item.scope, NOON)
    }
    assert {ROLES[short] for short in WHO_MAY["social_content"][again]} == may


def test_an_item_rests_somewhere_for_every_action() -> None:
    """Each line of the table has been looked at in some state."""
    seen = {name: {again for _, _, again in SETTLED} for name in WHO_MAY}
    for name, state in STATES:
        shown = engine_for(name).options(item_at(name, state).id, by="LEAD")
        seen[name] |= {option.action for option in shown}

    assert {} == {n: missing for n, t in WHO_MAY.items() if (missing := set(t) - seen[n])}
