"""Proposals: where to begin, what to do rather than what, and what to say with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs
from entries import some_of

from socialflow import Item, Workflow
from socialflow.options import Option
from socialflow.standing import Assign, Choice

if TYPE_CHECKING:
    from office import Office

__all__ = [
    "beginnings",
    "kinds_below",
    "put_to_the_vote",
    "rank",
    "spread_over",
    "what_to_say",
]


def beginnings(workflow: Workflow) -> list[str | None]:
    """Every state that follows from none below; as often the first one that signs."""
    following = {
        stage.full(line.state)
        for stage in workflow.stages
        for line in (stage.follows.lines if stage.follows else ())
    }
    states = [
        state
        for state in workflow.states
        if not state.startswith("end.") and state not in following
    ]
    signing = [stage.initial for stage in workflow.stages if stage.signs]
    return [None, None, *states, *signing[:1] * len(states)]


def rank(workflow: Workflow, name: str) -> float:
    """What leads on is done rather than what leads back, or what every workflow has."""
    for stage in workflow.stages:
        for action in stage.actions:
            if name == f"{stage.name}.{action.name}":
                if action.target in stage.done:
                    return 40.0
                return 0.7 if action.goto else 6.0
    return 3.0 if name in ("edit", "vote") else 0.5


def what_to_say(office: Office, item: Item, option: Option) -> dict[str, Any] | None:
    """What fits an option: its form, or some fields of the item's own."""
    own, known = office.of(item).fields, [*promised(item)]
    if option.action == "edit" and own:
        return some_of(office.chance, attrs.fields_dict(own), office.now, known)
    if option.form is None:
        return None
    if option.stage:
        return {"stage": option.stage}
    if option.form is Assign:
        return _assign(office, item)
    if option.form is Choice:
        return _vote(office, item)
    return office.entries(option.form, known)


def _assign(office: Office, item: Item) -> dict[str, Any]:
    data = {"member": office.chance.choice(office.people.members).id}
    if office.chance.random() < 0.6:
        data["stage"] = office.chance.choice(office.of(item).stages).name
    return data


def _vote(office: Office, item: Item) -> dict[str, Any]:
    asked = [*put_to_the_vote(office.of(item), item)] or ["force"]
    choice = office.chance.choice(("yes", "yes", "yes", "no", "abstain"))
    return {"action": office.chance.choice(asked), "choice": choice}


def spread_over(workflow: Workflow) -> Iterator[str]:
    """Fields of which every value makes an item below."""
    for stage in workflow.stages:
        for action in stage.actions:
            yield from (e.data["each"] for e in action.effects if "each" in e.data)


def kinds_below(workflow: Workflow) -> Iterator[Workflow]:
    """The workflows of all that there can be below an item."""
    for kind in workflow.kinds.values():
        yield kind
        yield from kinds_below(kind)


def promised(item: Item) -> Iterator[str]:
    """Every text in the lists that an item has: its goals, its metrics ..."""
    for value in item.data.values():
        if isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, str))


def put_to_the_vote(workflow: Workflow, item: Item) -> Iterator[str]:
    """Full names of the actions that are decided by ballot where an item is."""
    for stage in workflow.stages:
        for action in stage.actions:
            here = any(stage.full(source) in item.marking for source in action.sources)
            if action.ballots and here:
                yield f"{stage.name}.{action.name}"
