"""Drafts: an item while a command is being carried out, and every way in which it can change."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.alarms import remembered, renewed
from socialflow.cases import BELOW, Case, Facts
from socialflow.definitions import ON_HOLD
from socialflow.errors import Objection
from socialflow.items import (
    Beside,
    Command,
    Effect,
    Item,
    Move,
    Signature,
    Token,
    Vote,
    new_item,
    new_token,
    stage_of,
)
from socialflow.kinds import SPAWN
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict
from socialflow.plans import Plan
from socialflow.waivers import unwaived
from socialflow.ways import Way

__all__ = ["Draft", "joined"]


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
    rounds: FrozenDict
    marks: tuple[str, ...]
    votes: tuple[Vote, ...]
    below: dict[str, frozenset[str]]
    behalf: str
    decided: tuple[str, tuple[str, ...]] = ("", ())
    wrote: bool = False
    case: Case | None = None
    waived: set[str] = attrs.field(factory=set)

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
            item.rounds,
            item.marks,
            item.votes,
            dict(facts.known(BELOW) or ()),
            command.by,
        )

    @property
    def at(self) -> datetime:
        """When all of this happens."""
        return self.command.at

    @property
    def workflow(self) -> str:
        """Digest of the definition that will hold the item: that of the plan."""
        return self.plan.workflow.digest

    def restore(self, before: Item) -> None:
        """Be again what *before* was."""
        self.tokens = list(before.tokens)
        self.idle, self.data = before.idle, before.data
        self.contributors, self.authors = before.contributors, before.authors
        self.signatures, self.rounds = before.signatures, before.rounds
        self.marks, self.votes = before.marks, before.votes

    def as_item(self) -> Item:
        """The item as it would be if nothing more happened."""
        item = self.item
        return new_item(
            item.id,
            item.ref,
            self.workflow,
            item.scope,
            tuple(sorted(self.tokens, key=_state)),
            self.idle,
            self.data,
            self.contributors,
            self.authors,
            self.signatures,
            item.version,
            self._beside,
        )

    @property
    def _beside(self) -> Beside:
        item = self.item
        return Beside(item.parent, item.round, self.rounds, self.marks, self.votes)

    @property
    def held(self) -> bool:
        """Whether the item is on hold."""
        return ON_HOLD in self.marks

    def case_for_system(self, action: str) -> Case:
        """The case of an action that nobody asked for, the item being as it is by now."""
        nobody: frozenset[str] = frozenset()
        facts = self.facts.with_known({BELOW: self.below}) if self.below else self.facts
        persons = (SYSTEM.id,)
        return Case(
            self.plan.workflow,
            self.as_item(),
            self.command,
            SYSTEM,
            persons,
            action,
            nobody,
            nobody,
            facts,
        )

    def unwaived(self, objections: tuple[Objection, ...]) -> tuple[Objection, ...]:
        """Those that the command does not waive; what it does waive is remembered."""
        left = unwaived(self.case, objections) if self.case is not None else objections
        self.waived |= {one.code for one in objections} - {one.code for one in left}
        return left

    def place(self, state: str) -> int:
        """Position of the step that a state belongs to; the ends lie behind all steps."""
        places = self.plan.workflow.places
        return places.get(stage_of(state), len(self.plan.workflow.steps))

    # -- writing

    def write(self, data: FrozenDict, persons: tuple[str, ...]) -> None:
        """Put *data* into the item's; who writes content becomes a contributor."""
        merged = {**self.data, **data}
        self.data = FrozenDict({name: v for name, v in merged.items() if v is not None})
        self.wrote = True
        if not self.plan.content.isdisjoint(data) and persons != (SYSTEM.id,):
            self.contributors = joined(self.contributors, persons)

    def mark(self, marks: tuple[str, ...], unmarks: tuple[str, ...] = ()) -> None:
        """Set and take away flags beside the state; a ballot may ask for them."""
        before = self.marks
        self.marks = tuple(sorted({*before, *marks} - {*unmarks}))
        self.wrote = self.wrote or self.marks != before

    def behind_its_date(self, target: str | None) -> tuple[Objection, ...]:
        """What stands against going back to stages whose common date has passed."""
        until = self.plan.until.get(stage_of(target)) if target is not None else None
        moment = until.of(self.data) if until is not None else None
        if until is None or moment is None or moment > self.at:
            return ()
        stage = stage_of(str(target))
        return (
            Objection(
                "date_passed",
                f"{stage} ended on {moment.isoformat()}, and would end again at once",
                f"set a new {until.field} first",
                {"stage": stage, "field": until.field, "moment": moment.isoformat()},
            ),
        )

    def set_alarms(self) -> None:
        """Have every token wait for what is due in its state."""
        plan, behind = self.plan, self.plan.is_late
        self.tokens = [
            renewed(plan, one, self.data, self.behalf, behind(one, self.tokens))
            for one in self.tokens
        ]

    def open_rounds(self, way: Way) -> None:
        """Begin the rounds that the effects of *way* spawn."""
        for effect in way.effects:
            if effect.name == SPAWN:
                kind, each = effect.data["workflow"], effect.data.get("each")
                born = self.plan.workflow.kinds[kind].stages[0].initial
                empty = each is not None and not self.data.get(each)
                self.rounds = FrozenDict({**self.rounds, kind: self.item.version + 1})
                self.below[kind] = frozenset(() if empty else (born,))

    # -- moving

    def step_within(self, token: Token, target: str, cause: str) -> None:
        """Move *token* to another state of its stage."""
        alarm = remembered(token.alarm)
        new = new_token(target, token.visit, self.at, token.responsible, token.lease, alarm)
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
                self.vanish(token)
        self.signatures = tuple(
            one for one in self.signatures if self.plan.workflow.places[one.stage] < place
        )
        self.enter(target, source, cause)

    def finish(self, end: str, source: str, cause: str) -> None:
        """Come to rest at *end*: every token vanishes."""
        for token in list(self.tokens):
            self.vanish(token)
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
        self._forget_rounds(stage)
        self._arrived(token)

    def enter_again(self, token: Token, cause: str) -> None:
        """Open the stage of *token* anew, and leave the others of its step alone."""
        self.vanish(token)
        self.enter(self.plan.stage_named(token.stage).initial, token.state, cause)

    def _forget_rounds(self, stage: str) -> None:
        """Children of an earlier visit count no more for a stage that follows them."""
        following = self.plan.follows.get(stage)
        if following is not None and following.workflow in self.rounds:
            kind = following.workflow
            self.rounds = FrozenDict({k: n for k, n in self.rounds.items() if k != kind})
            self.below[kind] = frozenset()

    def sign_what_was_skipped(self) -> None:
        """Record, for every signing stage that lies behind, that its signature was forced."""
        now = self.plan.workflow.revision_of(self.data)
        front = max(self.place(token.state) for token in self.tokens)
        for stage in self.plan.workflow.stages:
            if stage.signs and self.plan.workflow.places[stage.name] < front:
                theirs = [one for one in self.signatures if one.stage == stage.name]
                if not any(one.revision in ("", now) for one in theirs):
                    visit = next((t.visit for t in self.idle if t.stage == stage.name), 0)
                    revision = now if stage.signs == "revision" else ""
                    others = (one for one in self.signatures if one not in theirs)
                    signed = Signature(stage.name, visit, revision, *self.decided)
                    self.signatures = (*others, signed)

    def vanish(self, token: Token) -> None:
        """Close a token; the stage remembers its visits, and who was named."""
        self.tokens.remove(token)
        if token.stage != "end":
            idle = new_token(token.state, token.visit, token.entered, token.responsible)
            self.idle = tuple(sorted((*self.idle, idle), key=_state))

    def _arrived(self, token: Token) -> None:
        if token.state not in self.plan.done:
            return
        stage = self.plan.stage_named(token.stage)
        if stage.signs:
            revision = ""
            if stage.signs == "revision":
                revision = self.plan.workflow.revision_of(self.data)
            others = (one for one in self.signatures if one.stage != stage.name)
            self.signatures = (*others, Signature(stage.name, token.visit, revision, *self.decided))
        if stage.releases:
            self.authors = joined(self.authors, self.contributors)
            self.contributors = ()


def joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """*known* and behind it those of *more* that are not among them; the same if there are none."""
    new = tuple([one for one in more if one not in known])
    return (*known, *new) if new else known


def _state(token: Token) -> str:
    return token.state
