"""Families: the items that an event brings into being below its item, and those it tells.

Pure: what is born follows from the parent and its event alone, ids included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialflow.births import found
from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.definitions import Workflow
from socialflow.errors import Refusal
from socialflow.items import Command, Event, Item, Origin
from socialflow.kinds import SPAWN, TELL
from socialflow.people import SYSTEM
from socialflow.plain import digest

__all__ = ["Order", "births", "cause_of", "orders"]


class _Always:
    """The policy of what the system brings into being: the parent's has been asked already."""

    def judge(self, case: Case) -> Allow:  # noqa: ARG002
        return Allow()


ALWAYS = _Always()


@attrs.frozen
class Order:
    """What children are told.

    Attributes:
        kind: Name of their workflow.
        action: What they are to do.
        where: States, in full, in which they are to do it; empty for wherever they are.
    """

    kind: str
    action: str
    where: frozenset[str]


def cause_of(event: Event) -> str:
    """What is written down as the cause of everything that *event* brings about."""
    return event.cause or f"{event.item}@{event.version}"


def births(
    workflow: Workflow, parent: Item, event: Event, facts: Facts = NO_FACTS
) -> Iterator[Event | Refusal]:
    """The births of all children that *event* spawns; *parent* is as of after it."""
    for effect in event.effects:
        if effect.name == SPAWN:
            child = workflow.kinds[effect.data["workflow"]]
            for n, data in enumerate(_born_with(effect.data, parent)):
                id = digest(f"{parent.id}/{event.version}/{child.name}/{n}")[:32]
                scope, round = parent.scope, event.version
                origin = Origin(child.digest, None, scope, parent.id, round)
                command = Command("create", SYSTEM.id, event.at, data or None)
                yield found(
                    child,
                    id,
                    command,
                    SYSTEM,
                    origin,
                    facts=facts,
                    policy=ALWAYS,
                    contributors=_writers(workflow, child, effect.data, parent),
                    cause=cause_of(event),
                )


def _writers(workflow: Workflow, child: Workflow, told: Any, parent: Item) -> tuple[str, ...]:
    """Those who have written the content that a child takes over as its own."""
    taken = {*told.get("copies", ())} & {*workflow.content} & {*child.content}
    return parent.contributors if taken else ()


def _born_with(told: Any, parent: Item) -> Iterator[dict[str, Any]]:
    """The data of each child."""
    copied = {name: parent.data[name] for name in told.get("copies", ()) if name in parent.data}
    if "each" not in told:
        yield copied
    else:
        for value in parent.data.get(told["each"], ()):
            yield {**copied, **_otherwise(told, parent, value), told["into"]: value}


def _otherwise(told: Any, parent: Item, value: str) -> Mapping[str, Any]:
    """What the child for that *value* has otherwise than the others."""
    said = parent.data.get(told.get("otherwise"), {}).get(value, {})
    return {name: other for name, other in said.items() if other is not None}


def orders(workflow: Workflow, event: Event) -> Iterator[Order]:
    """What *event* has children do."""
    for effect in event.effects:
        if effect.name == TELL:
            kind = workflow.kinds[effect.data["workflow"]]
            where = frozenset(map(kind.full, effect.data.get("where", ())))
            yield Order(kind.name, effect.data["action"], where)
