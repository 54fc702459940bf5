"""Ledgers: what an item ought to hold, entered step by step by reading the definition again.

Who wrote, what was kept, who is named: the core is not asked for any of it, so that it is found out
if the core forgets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialflow.definitions import ARCHIVED, ON_HOLD, Workflow
from socialflow.items import WITHIN_THE_FAMILY, Event, Item, Move
from socialflow.people import SYSTEM
from socialflow.plain import EMPTY, FrozenDict
from socialflow.stages import Action
from socialflow.testing.reading import actions_of
from socialflow.testing.steps import Step

__all__ = ["Ledger"]

SETS = {"hold": ON_HOLD, "archive": ARCHIVED}
TAKES = {"resume": ON_HOLD, "unarchive": ARCHIVED}
IN_THE_ARCHIVE = ("unarchive", "note")
ON_HOLD_TOO = ("note", "resume", "assign", "claim", "release", "cancel", "archive")


@attrs.frozen
class Past:
    """What was done last, and what the item held before."""

    action: str
    persons: tuple[str, ...]
    ledger: Ledger


@attrs.frozen
class Ledger:
    """What an item ought to hold.

    Attributes:
        data: What has been said and kept.
        contributors: Who has written content since it was last released, in order.
        authors: Who has written content that was released.
        holders: Who has been named, by the stage.
        marks: Flags beside the state, sorted.
        sent: Names of the effects for the outside that the last step asks for.
        where: The states it is in, as the last event tells them.
        past: What was done last, if there has been anything before.
    """

    data: FrozenDict = EMPTY
    contributors: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    holders: FrozenDict = EMPTY
    marks: tuple[str, ...] = ()
    sent: tuple[str, ...] = attrs.field(default=(), eq=False)
    where: tuple[str, ...] = attrs.field(default=(), eq=False)
    past: Past | None = attrs.field(default=None, eq=False, repr=False)

    @classmethod
    def of(cls, item: Item) -> Ledger:
        """What an item does hold."""
        named = {t.stage: t.responsible for t in (*item.tokens, *item.idle) if t.responsible}
        return cls(item.data, item.contributors, item.authors, FrozenDict(named), item.marks)

    def unlike(self, other: Ledger) -> Iterator[str]:
        """What *other* has otherwise, each as a sentence."""
        for name in ("data", "contributors", "authors", "holders", "marks"):
            should, is_so = getattr(self, name), getattr(other, name)
            if should != is_so:
                yield f"its {name} should be {_told(should)}, and is {_told(is_so)}"

    # -- entering

    def entered(
        self, workflow: Workflow, step: Step, persons: tuple[str, ...], event: Event
    ) -> Ledger:
        """The ledger behind a step: what it said, and where the event has moved the item.

        Args:
            workflow: The definition.
            step: What was asked for, by its full name.
            persons: Ids that the member counts as.
            event: What came of it; only its moves are believed, and how its data is filled in.
        """
        actions = actions_of(workflow)
        said = event.command.data or EMPTY
        now = self
        if step.action == "undo" and self.past is not None:
            now = self.past.ledger
        elif step.action in ("create", "edit"):
            now = now._written(workflow, said, persons)
        elif step.action in actions and not actions[step.action].ballots:
            keeps = {name for name in actions[step.action].keeps if said.get(name) is not None}
            now = now._written(workflow, {name: said[name] for name in keeps}, persons)
        else:
            now = now._named(step, said)
        marks = {*now.marks, *filter(None, [SETS.get(step.action)])} - {TAKES.get(step.action)}
        sent: list[str] = []
        for move in event.moves:
            action = actions.get(move.cause)
            if action is not None:
                marks = {*marks, *action.marks} - {*action.unmarks}
                sent += [one.name for one in action.effects if one.name not in WITHIN_THE_FAMILY]
            if _releases(workflow, move, action):
                authors = _joined(now.authors, now.contributors)
                now = attrs.evolve(now, authors=authors, contributors=())
        return attrs.evolve(
            now,
            marks=tuple(sorted(marks)),
            sent=tuple(sent),
            where=tuple(token.state for token in event.tokens),
            past=Past(step.action, persons, attrs.evolve(self, past=None)) if self.where else None,
        )

    def _written(
        self, workflow: Workflow, told: Mapping[str, Any], persons: tuple[str, ...]
    ) -> Ledger:
        data = {name: v for name, v in {**self.data, **told}.items() if v is not None}
        contributors = self.contributors
        if {*told} & {*workflow.content} and persons != (SYSTEM.id,):
            contributors = _joined(contributors, persons)
        return attrs.evolve(self, data=FrozenDict(data), contributors=contributors)

    def _named(self, step: Step, said: FrozenDict) -> Ledger:
        holder = {"assign": said.get("member"), "claim": step.by.id, "release": None}
        if step.action not in holder:
            return self
        named = {**self.holders, self._stage(said): holder[step.action]}
        holders = {stage: member for stage, member in named.items() if member is not None}
        return attrs.evolve(self, holders=FrozenDict(holders))

    def _stage(self, said: Mapping[str, Any]) -> str:
        return said.get("stage") or self.where[0].partition(".")[0]

    # -- objecting

    def against(self, workflow: Workflow, step: Step, persons: tuple[str, ...]) -> str | None:
        """The code of what has to object to a step of somebody who may; None if nothing has to."""
        if step.by.id == SYSTEM.id:
            return None
        actions = actions_of(workflow)
        name, action = step.action, actions.get(step.action)
        if ARCHIVED in self.marks and name not in IN_THE_ARCHIVE:
            return "archived"
        held = ON_HOLD_TOO if action is None else (name,) * action.while_held
        if ON_HOLD in self.marks and name not in held:
            return "on_hold"
        holder = self.holders.get(self._stage(step.data or EMPTY))
        objecting = {
            "claim": "taken" if holder not in (None, step.by.id) else None,
            "release": "not_yours" if holder not in persons else None,
            "hold": "already" if ON_HOLD in self.marks else None,
            "resume": "already" if ON_HOLD not in self.marks else None,
            "archive": "already" if ARCHIVED in self.marks else None,
            "unarchive": "already" if ARCHIVED not in self.marks else None,
            "undo": self._final(actions, persons) if name == "undo" else None,
        }
        return objecting.get(name)

    def _final(self, actions: Mapping[str, Action], persons: tuple[str, ...]) -> str | None:
        """What stands against undoing what was done last."""
        last = actions.get(self.past.action) if self.past is not None else None
        if self.past is None or last is None or not last.reversible or self.sent or last.effects:
            return "irreversible"
        return None if self.past.persons[0] in persons else "not_yours"


def _joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _releases(workflow: Workflow, move: Move, action: Action | None) -> bool:
    """Whether a move arrives where a stage is done that lets out what was written."""
    if move.source == move.target and (action is None or action.target is None):
        return False
    name, _, bare = move.target.partition(".")
    return any(one.releases and bare in one.done for one in workflow.stages if one.name == name)


def _told(held: Any) -> str:
    return repr(dict(held)) if isinstance(held, FrozenDict) else repr(held)
