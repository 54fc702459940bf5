"""The parts of a workflow: actions, the stages they belong to, stages that are open together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs

from socialflow.ballots import Ballot
from socialflow.errors import DefinitionError
from socialflow.forms import default_of, describe_form
from socialflow.items import Effect
from socialflow.kinds import Children
from socialflow.moments import Moment, span_text
from socialflow.parts import parts, texts
from socialflow.people import Role
from socialflow.plain import EMPTY, FrozenDict, freeze
from socialflow.rules import Rule, RuleKind

__all__ = [
    "Action",
    "Parallel",
    "Stage",
    "Step",
    "actions_of",
    "before",
    "describe",
    "rules_of",
    "stages_in",
    "steps_of",
]


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return texts(value)


def rules_of(value: Rule | Iterable[Rule]) -> tuple[Rule, ...]:
    """One rule, or several; a kind of rule is none before it is called."""
    rules = parts("rules", Rule | RuleKind, value, "call its kind: four_eyes()")
    for one in rules:
        if isinstance(one, RuleKind):
            raise DefinitionError.because(
                "not_a_rule", "rules", f"{one!r} is not a rule", f"call its kind: {one.name}()"
            )
    return rules


def actions_of(value: Action | Iterable[Action]) -> tuple[Action, ...]:
    """One action, or several."""
    return parts("actions", Action, value, "say Action(name, sources, target)")


def _ballots(value: Ballot | Iterable[Ballot]) -> tuple[Ballot, ...]:
    return parts("ballots", Ballot, value, "say Ballot(name, roles)")


def _effects(value: Effect | Iterable[Effect]) -> tuple[Effect, ...]:
    return parts("effects", Effect, value, "say Effect(name)")


def _roles_or_none(value: str | Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else _several(value)


def _roles_by_name(value: Mapping[str, str | Iterable[str]]) -> FrozenDict:
    frozen: FrozenDict = freeze({name: _several(roles) for name, roles in value.items()})
    return frozen


def before(stage: str) -> str:
    """A source for a workflow's action: every state of the steps before *stage*."""
    return f"before {stage}"


@attrs.frozen
class Action:
    """What may be asked for.

    Attributes:
        name: In the imperative: ``"approve"``.
        sources: States of the own stage in which it is open. In an action of the workflow: full
            states, stages, ``"*"`` for every live state, `before` a stage.
        target: State of the own stage to go to; none: the state stays.
        goto: Another stage, an earlier one, or an end (``"end.rejected"``); of several the
            command says which by ``to=``.
        roles: Any one of these opens it, ``"*"`` for everybody; the stage's role if left out.
        data: An attrs class that says what the command has to tell.
        keeps: Fields of that data which the item keeps.
        rules: All must hold.
        effects: Work for the outside, recorded with the event; `spawn` and `tell` among them.
        automatic: Taken by the system as soon as its rules hold; nobody asks for it.
        due: Taken by the system so long after the state was entered, or at a moment of the item's
            data. If it names roles of its own, the member who set that moment has to hold one.
        every: Once due, due again after this span for as long as the state stays.
        within: How long after its moment it may still be taken; then it is skipped.
        ballots: Decided by several: asking for it is voting for it.
        marks: Marks that the item has from then on: ``"late"``.
        unmarks: Marks that it then no longer has.
        reversible: Whether it may be undone as long as it is the last thing that happened.
        while_held: Whether it is open although the item is on hold.
    """

    name: str
    sources: tuple[str, ...] = attrs.field(converter=_several)
    target: str | None = None
    goto: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    roles: tuple[str, ...] | None = attrs.field(
        default=None, converter=_roles_or_none, kw_only=True
    )
    data: type | None = attrs.field(default=None, kw_only=True)
    keeps: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    rules: tuple[Rule, ...] = attrs.field(default=(), converter=rules_of, kw_only=True)
    effects: tuple[Effect, ...] = attrs.field(default=(), converter=_effects, kw_only=True)
    automatic: bool = attrs.field(default=False, kw_only=True)
    due: timedelta | Moment | None = attrs.field(default=None, kw_only=True)
    every: timedelta | None = attrs.field(default=None, kw_only=True)
    within: timedelta | None = attrs.field(default=None, kw_only=True)
    ballots: tuple[Ballot, ...] = attrs.field(default=(), converter=_ballots, kw_only=True)
    marks: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    unmarks: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    reversible: bool = attrs.field(default=False, kw_only=True)
    while_held: bool = attrs.field(default=False, kw_only=True)

    @property
    def by_system(self) -> bool:
        """Whether the system takes it, and nobody can ask for it."""
        return self.automatic or self.due is not None


@attrs.frozen
class Stage:
    """One duty: its own states, who is responsible, and what may be done there.

    Attributes:
        name: ``"approval"``.
        states: Its states; the first is where it begins.
        done: States that hand the item on to the next step; the last one if left out. In the last
            step there may be none, if actions lead to an end.
        role: Who is responsible, and may do what names no roles of its own.
        signs: ``"revision"``: being done signs the content as it is, and a later change sends the
            item back here; ``"visit"``: it signs that the item has been here.
        releases: Being done lets the revision go out: those who wrote it may approve the next one,
            and from here on the item can no longer be cancelled.
        may_edit: Who may edit the content in which of the states.
        enter: Rules that must hold for the item to be handed over to this stage.
        fields: An attrs class that declares the item's data owned by this stage.
        follows: Children whose states decide the state of this stage.
        lease: How long a claim lasts; then somebody else may claim it.
        actions: What may be asked for.
    """

    name: str
    states: tuple[str, ...] = attrs.field(converter=_several)
    done: tuple[str, ...] = attrs.field(converter=_several, kw_only=True)
    role: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    signs: str | None = attrs.field(default=None, kw_only=True)
    releases: bool = attrs.field(default=False, kw_only=True)
    may_edit: FrozenDict = attrs.field(default=EMPTY, converter=_roles_by_name, kw_only=True)
    enter: tuple[Rule, ...] = attrs.field(default=(), converter=rules_of, kw_only=True)
    fields: type | None = attrs.field(default=None, kw_only=True)
    follows: Children | None = attrs.field(default=None, kw_only=True)
    lease: timedelta | None = attrs.field(default=None, kw_only=True)
    actions: tuple[Action, ...] = attrs.field(default=(), converter=actions_of, kw_only=True)

    @done.default
    def _(self) -> tuple[str, ...]:
        return self.states[-1:]

    def full(self, state: str) -> str:
        """The full name of one of its states."""
        return f"{self.name}.{state}"

    @property
    def initial(self) -> str:
        """Full name of the state it begins in."""
        return self.full(self.states[0])

    @property
    def is_open(self) -> tuple[str, ...]:
        """The states, bare, in which the duty is not done."""
        return tuple(state for state in self.states if state not in self.done)


@attrs.frozen(init=False)
class Parallel:
    """Stages that are open together, and joined when none of them is open any more.

    Attributes:
        stages: In reading order.
        until: A moment at which they are joined although some are open; those live on.

    Example:
        >>> both = Parallel(Stage("legal", ("open", "cleared")), Stage("brand", ("open", "fine")))
        >>> [stage.name for stage in both.stages]
        ['legal', 'brand']
    """

    stages: tuple[Stage, ...]
    until: Moment | None = None

    def __init__(self, *stages: Stage, until: Moment | None = None) -> None:
        remedy = "say Parallel(one, other): each a stage"
        self.__attrs_init__(parts("Parallel", Stage, stages, remedy), until)


Step = Stage | Parallel


def steps_of(value: Step | Iterable[Step]) -> tuple[Step, ...]:
    """One step, or several."""
    return parts("steps", Step, value, "say Stage(name, states), or Parallel(one, other)")


def stages_in(steps: Iterable[Step]) -> Iterator[Stage]:
    """All stages of *steps*, in reading order."""
    for step in steps:
        if isinstance(step, Parallel):
            yield from step.stages
        else:
            yield step


def describe(value: Any) -> Any:
    """A part of a definition as plain data, what is left at its default left out."""
    if isinstance(value, Rule):
        told: dict[str, Any] = {"rule": value.kind.name, **value.parameters}
        if value.negated:
            told["negated"] = True
        if value.advisory:
            told["advisory"] = True
        if value.waivable_by != value.kind.waivable_by:
            told["waivable_by"] = list(value.waivable_by)
        return told if len(told) > 1 else value.kind.name
    if isinstance(value, Effect):
        return {"effect": value.name, **value.data} if value.data else value.name
    if isinstance(value, Parallel):
        until = {} if value.until is None else {"until": describe(value.until)}
        return {"parallel": [describe(stage) for stage in value.stages], **until}
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, type):
        return describe_form(value)
    if isinstance(value, tuple):
        return [describe(part) for part in value]
    if not attrs.has(type(value)):
        return value
    told = {
        field.name: describe(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.init and getattr(value, field.name) != default_of(field, value)
    }
    return value.key if isinstance(value, Role) and len(told) == 1 else told
