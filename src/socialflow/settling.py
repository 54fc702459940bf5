"""Settling: what follows from a command by itself, until the item has come to rest.

Hand over what is done, send back what a signature no longer covers, take automatic actions; the
first that holds, then from the top again.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.cases import Case, Facts
from socialflow.errors import EndlessSettling, Objection
from socialflow.items import (
    Command,
    Effect,
    Item,
    Move,
    Signature,
    Token,
    new_item,
    new_token,
    stage_of,
)
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict
from socialflow.plans import Plan, Way
from socialflow.rules import Rule
from socialflow.stages import Stage, stages_in

__all__ = ["Draft", "NotHandedOver", "carry", "joined", "objections_of", "settle"]


class NotHandedOver(Exception):
    """The next stage's entry rules object to the person's action; the decision refuses it."""

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__(objections)
        self.objections = objections


@attrs.define(weakref_slot=False)
class Draft:
    """An item while a command is being carried out: the one mutable thing of a decision."""

    plan: Plan
    item: Item
    command: Command
    facts: Facts
    tokens: list[Token]
    idle: tuple[Token, ...]
    data: FrozenDict
    contributors: tuple[str, ...]
    authors: tuple[str, ...]
    signatures: tuple[Signature, ...]
    moves: list[Move]
    effects: list[Effect]
    asked: set[str]
    wrote: bool = False

    @classmethod
    def of(cls, plan: Plan, item: Item, command: Command, facts: Facts) -> Draft:
        """The draft that still equals *item*."""
        return cls(
            plan,
            item,
            command,
            facts,
            list(item.tokens),
            item.idle,
            item.data,
            item.contributors,
            item.authors,
            item.signatures,
            [],
            [],
            set(),
        )

    @property
    def at(self) -> datetime:
        """When all of this happens."""
        return self.command.at

    def as_item(self) -> Item:
        """The item as it would be if nothing more happened."""
        item = self.item
        return new_item(
            item.id,
            item.ref,
            item.workflow,
            item.scope,
            tuple(sorted(self.tokens, key=_state)),
            self.idle,
            self.data,
            self.contributors,
            self.authors,
            self.signatures,
            item.version,
        )

    def place(self, state: str) -> int:
        """Position of the step that a state belongs to; the ends lie behind all steps."""
        places = self.plan.workflow.places
        return places.get(stage_of(state), len(self.plan.workflow.steps))

    # -- writing

    def write(self, data: FrozenDict, persons: tuple[str, ...]) -> None:
        """Put *data* into the item's; who writes content becomes a contributor."""
        merged = {**self.data, **data}
        self.data = FrozenDict({name: v for name, v in merged.items() if v is not None})
        if not self.plan.content.isdisjoint(data):
            self.wrote = True
            self.contributors = joined(self.contributors, persons)

    # -- moving

    def step_within(self, token: Token, target: str, cause: str) -> None:
        """Move *token* to another state of its stage."""
        new = new_token(target, token.visit, self.at, token.responsible)
        self.tokens[self.tokens.index(token)] = new
        self.moves.append(Move(cause, token.state, target))
        self._arrived(new)

    def go_to(self, target: str, source: str, cause: str) -> None:
        """Leave the step of *source* for another stage or an end, by its full state."""
        place = self.place(target)
        left = self.place(source)
        if place == len(self.plan.workflow.steps):
            self.finish(target, source, cause)
            return
        stage = stage_of(target)
        for token in list(self.tokens):
            here = self.place(token.state)
            if here == left or here > place or token.stage == stage:
                self._vanish(token)
        self.signatures = tuple(
            one for one in self.signatures if self.plan.workflow.places[one.stage] < place
        )
        self.enter(target, source, cause)

    def finish(self, end: str, source: str, cause: str) -> None:
        """Come to rest at *end*: every token vanishes."""
        for token in list(self.tokens):
            self._vanish(token)
        self.enter(end, source, cause)

    def enter(self, state: str, source: str, cause: str) -> None:
        """Open a stage: one more visit, a fresh clock, whoever was named for it."""
        stage = stage_of(state)
        before = next((token for token in self.idle if token.stage == stage), None)
        visit = before.visit + 1 if before else 1
        token = new_token(state, visit, self.at, before.responsible if before else None)
        if before:
            self.idle = tuple(other for other in self.idle if other is not before)
        self.tokens.append(token)
        self.moves.append(Move(cause, source, state))
        self._arrived(token)

    def enter_again(self, token: Token, cause: str) -> None:
        """Open the stage of *token* anew, and leave the others of its step alone."""
        self._vanish(token)
        self.enter(self.plan.stage_named(token.stage).initial, token.state, cause)

    def _vanish(self, token: Token) -> None:
        self.tokens.remove(token)
        if token.stage != "end":
            self.idle = tuple(sorted((*self.idle, token), key=_state))

    def _arrived(self, token: Token) -> None:
        if token.state not in self.plan.done:
            return
        stage = self.plan.stage_named(token.stage)
        if stage.signs:
            revision = ""
            if stage.signs == "revision":
                revision = self.plan.workflow.revision_of(self.data)
            others = (one for one in self.signatures if one.stage != stage.name)
            self.signatures = (*others, Signature(stage.name, token.visit, revision))
        if stage.releases:
            self.authors = joined(self.authors, self.contributors)
            self.contributors = ()


def joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """*known* and behind it those of *more* that are not among them; the same if there are none."""
    new = tuple([one for one in more if one not in known])
    return (*known, *new) if new else known


def _state(token: Token) -> str:
    return token.state


def settle(draft: Draft) -> None:
    """Let happen what happens by itself.

    Raises:
        NotHandedOver: Entry rules object to the hand-over that the person's action would cause.
        EndlessSettling: More happened than the workflow has states.
    """
    parked: set[str] = set()
    for _ in range(len(draft.plan.workflow.states) + 1):
        if not (_hand_over(draft, parked) or _send_back(draft) or _act(draft)):
            return
    path = tuple(move.target for move in draft.moves)
    raise EndlessSettling(draft.plan.workflow.name, path)


def _hand_over(draft: Draft, parked: set[str]) -> bool:
    done = draft.plan.done
    steps = draft.plan.workflow.steps
    for token in sorted(draft.tokens, key=_state):
        if token.state not in done or token.stage in parked:
            continue
        place = draft.place(token.state)
        together = [one for one in draft.tokens if draft.place(one.state) == place]
        if not all(one.state in done for one in together):
            continue
        entered = tuple(stages_in(steps[place + 1 : place + 2]))
        asked = any(one.stage in draft.asked for one in together)
        objections = _entry_objections(draft, entered)
        if objections and asked:
            raise NotHandedOver(objections)
        if objections:
            parked.update(one.stage for one in together)
            continue
        for one in together:
            draft._vanish(one)
        for stage in entered:
            draft.enter(stage.initial, token.state, "done")
            if asked:
                draft.asked.add(stage.name)
        if not entered:
            draft.enter(f"end.{draft.plan.workflow.ends[0]}", token.state, "done")
        return True
    return False


def _entry_objections(draft: Draft, entered: tuple[Stage, ...]) -> tuple[Objection, ...]:
    objections: tuple[Objection, ...] = ()
    for stage in entered:
        if stage.enter:
            case = _system_case(draft, f"{stage.name}.enter")
            objections += objections_of(stage.enter, case)
    return objections


def objections_of(rules: tuple[Rule, ...], case: Case) -> tuple[Objection, ...]:
    """What all *rules* have against *case*."""
    return tuple(objection for rule in rules for objection in rule.objections(case))


def _system_case(draft: Draft, action: str) -> Case:
    return Case(
        draft.plan.workflow,
        draft.as_item(),
        draft.command,
        SYSTEM,
        (SYSTEM.id,),
        action,
        frozenset(),
        frozenset(),
        draft.facts,
    )


def _send_back(draft: Draft) -> bool:
    if not (draft.wrote and draft.signatures):
        return False
    draft.wrote = False
    revision = draft.plan.workflow.revision_of(draft.data)
    stale = {one.stage for one in draft.signatures if one.revision not in ("", revision)}
    if not stale:
        return False
    front = max(draft.tokens, key=lambda token: draft.place(token.state))
    draft.signatures = tuple(one for one in draft.signatures if one.stage not in stale)
    if front.stage == "end":
        return False
    behind = [
        stage
        for stage in draft.plan.signing
        if stage.name in stale and draft.place(stage.initial) < draft.place(front.state)
    ]
    if behind:
        draft.go_to(behind[0].initial, front.state, "stale")
        return True
    waiting = [token for token in draft.tokens if token.state in draft.plan.done]
    again = [token for token in waiting if token.stage in stale]
    for token in again:
        draft.enter_again(token, "stale")
    return bool(again)


def _act(draft: Draft) -> bool:
    for token in sorted(draft.tokens, key=_state):
        for way in draft.plan.automatic.get(token.state, ()):
            if way.rules and objections_of(way.rules, _system_case(draft, way.full)):
                continue
            draft.asked.discard(token.stage)
            carry(draft, way)
            return True
    return False


def carry(draft: Draft, way: Way, to: str | None = None) -> None:
    """Move the item along *way*, and record the work for the outside."""
    action = way.action
    draft.effects.extend(way.effects)
    target = to or (way.targets[0] if way.targets else None)
    if target is None:
        draft.moves.append(Move(way.full, way.source, way.source))
    elif action is not None and not action.goto:
        token = next(token for token in draft.tokens if token.state == way.source)
        draft.step_within(token, target, way.full)
    else:
        draft.go_to(target, way.source, way.full)
