"""Workflows: frozen values, whole and consistent from birth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from socialflow import variants
from socialflow._machine import build_machine, read_machine
from socialflow.checks import cycles_in, errors_in, warnings_in
from socialflow.errors import DefinitionError, Finding
from socialflow.forms import fields_of
from socialflow.items import Item, stage_of
from socialflow.parts import parts, texts
from socialflow.people import ANYONE, SYSTEM, Role
from socialflow.plain import FrozenDict, canonical, digest, freeze
from socialflow.rules import Rule
from socialflow.stages import (
    Action,
    Stage,
    Step,
    actions_of,
    describe,
    rules_of,
    stages_in,
    steps_of,
)

if TYPE_CHECKING:
    from transitions import Machine

__all__ = ["Workflow", "unlabelled"]

ON_HOLD = "on_hold"
ARCHIVED = "archived"
DEFAULT_RIGHTS = {"create": (ANYONE,), "note": (ANYONE,)}


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return texts(value)


def _roles(value: Iterable[Role | str]) -> tuple[Role, ...]:
    several = (value,) if isinstance(value, Role) else texts(value)
    made = tuple(Role(one) if isinstance(one, str) else one for one in several)
    return parts("roles", Role, made, "say a text, or Role(key)")


def _rights(value: Mapping[str, str | Iterable[str]]) -> FrozenDict:
    frozen: FrozenDict = freeze({name: _several(roles) for name, roles in value.items()})
    return frozen


def _workflows(value: Workflow | Iterable[Workflow]) -> tuple[Workflow, ...]:
    return parts("children", Workflow, value, "say Workflow(name, steps)")


def unlabelled(told: dict[str, Any]) -> dict[str, Any]:
    """The description without version labels, its own and those of its children."""
    rest = {name: value for name, value in told.items() if name != "version"}
    if "children" in rest:
        rest["children"] = [unlabelled(child) for child in rest["children"]]
    return rest


@attrs.frozen(slots=False, eq=False)
class Workflow:
    """The definition of how items of one kind move, and who may move them.

    Attributes:
        name: What engines and documents call it.
        steps: Stages and Parallels, in order; being done leads from one to the next.
        actions: What may be asked for in several stages.
        fields: An attrs class that declares the data of an item.
        content: Those fields that make up the revision which is approved.
        fixed: Those fields that nobody edits: they are told at birth, or kept from an action.
        ends: Where items come to rest; the last step's done leads to the first.
        roles: Who takes part. If given, any other role in the workflow is an error.
        rights: Roles that may ``create``, ``adopt``, ``assign``, ``claim``, ``release``, ``note``,
            ``cancel`` (before anything is released), ``reopen``, ``hold`` (and resume),
            ``archive`` (and unarchive), ``undo`` and ``force``, and ``migrate`` items to this
            definition. If left out: everybody creates and notes, the role of a stage claims and
            releases, whoever did it undoes it, nobody does the rest.
        children: Workflows of the items below an item of this one: its publications, its comments.
            A child that lists no roles has those of this workflow.
        version: A label; identity is name and `digest`.

    Raises:
        DefinitionError: With everything that is wrong: unknown states, stages, roles, fields ...

    Example:
        >>> post = Workflow(
        ...     "post",
        ...     [
        ...         Stage(
        ...             "writing",
        ...             ("drafting", "submitted"),
        ...             role="author",
        ...             actions=(Action("submit", "drafting", "submitted"),),
        ...         ),
        ...         Stage(
        ...             "review",
        ...             ("waiting", "passed"),
        ...             role="editor",
        ...             signs="revision",
        ...             actions=(
        ...                 Action("pass", "waiting", "passed"),
        ...                 Action("return", "waiting", goto="writing"),
        ...             ),
        ...         ),
        ...     ],
        ... )
        >>> post.states
        ('writing.drafting', 'writing.submitted', 'review.waiting', 'review.passed', 'end.closed')
        >>> [stage.name for stage in post.without("review").stages]
        ['writing']
    """

    name: str
    steps: tuple[Step, ...] = attrs.field(converter=steps_of)
    actions: tuple[Action, ...] = attrs.field(default=(), converter=actions_of)
    fields: type | None = attrs.field(default=None, kw_only=True)
    content: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    fixed: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    ends: tuple[str, ...] = attrs.field(default=("closed",), converter=_several, kw_only=True)
    roles: tuple[Role, ...] = attrs.field(default=(), converter=_roles, kw_only=True)
    rights: FrozenDict = attrs.field(
        factory=lambda: freeze(DEFAULT_RIGHTS), converter=_rights, kw_only=True
    )
    children: tuple[Workflow, ...] = attrs.field(default=(), converter=_workflows, kw_only=True)
    version: str = attrs.field(default="1", kw_only=True)

    def __attrs_post_init__(self) -> None:
        findings = tuple(errors_in(self))
        if not findings:
            findings = tuple(one for one in cycles_in(self) if one.severity == "error")
        if findings:
            raise DefinitionError(findings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workflow) and (self.digest, self.version) == (
            other.digest,
            other.version,
        )

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Workflow {self.name} {self.version} {self.digest[:12]}>"

    # -- what there is

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in reading order."""
        return tuple(stages_in(self.steps))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Position of the step of each stage, by the stage's name."""
        return {stage.name: n for n, step in enumerate(self.steps) for stage in stages_in((step,))}

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Full names of all states, the ends last."""
        live = (stage.full(state) for stage in self.stages for state in stage.states)
        return (*live, *(f"end.{end}" for end in self.ends))

    @cached_property
    def action_names(self) -> tuple[str, ...]:
        """Full names of all actions, in reading order."""
        own = (f"{stage.name}.{action.name}" for stage in self.stages for action in stage.actions)
        return tuple(dict.fromkeys((*own, *(action.name for action in self.actions))))

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Keys of the roles that are declared; if none is, of those that are used."""
        declared = {role.key for role in self.roles}
        used = {key for stage in self.stages for key in stage.role}
        used.update(
            key for stage in self.stages for keys in stage.may_edit.values() for key in keys
        )
        actions = (*self.actions, *(one for stage in self.stages for one in stage.actions))
        used.update(key for action in actions for key in action.roles or ())
        used.update(key for one in actions for ballot in one.ballots for key in ballot.roles)
        used.update(key for keys in self.rights.values() for key in keys)
        return frozenset(declared or used - {ANYONE, SYSTEM.id})

    @cached_property
    def requires(self) -> Mapping[str, tuple[str, ...]]:
        """Credentials that roles require, by the role; roles that require none left out."""
        return {role.key: role.requires for role in self.roles if role.requires}

    @cached_property
    def declared(self) -> Mapping[str, attrs.Attribute[Any]]:
        """Every declared field of an item, by name."""
        forms = (self.fields, *(stage.fields for stage in self.stages))
        return {name: field for form in forms if form for name, field in fields_of(form).items()}

    @cached_property
    def kinds(self) -> Mapping[str, Workflow]:
        """The workflows of the items below, by name, with the roles that they take part in."""
        return {
            child.name: child if child.roles else attrs.evolve(child, roles=self.roles)
            for child in self.children
        }

    def full(self, state: str) -> str:
        """The full name of a state that is said bare: that of the one stage which has it.

        Raises:
            LookupError: No stage has it, or several.
        """
        if "." in state:
            return state
        found = [one for one in self.states if one.partition(".")[2] == state]
        if len(found) != 1:
            raise LookupError(state)
        return found[0]

    @cached_property
    def marks(self) -> frozenset[str]:
        """Every mark that an item of this workflow may have."""
        actions = (*self.actions, *(one for stage in self.stages for one in stage.actions))
        own = {mark for action in actions for mark in (*action.marks, *action.unmarks)}
        return frozenset({ON_HOLD, ARCHIVED} | own)

    def stage(self, name: str) -> Stage:
        """The stage of that name."""
        return next(stage for stage in self.stages if stage.name == name)

    def together(self, stage: str) -> tuple[str, ...]:
        """Names of the stages that are open together with *stage*, itself included."""
        step = self.steps[self.places[stage]]
        return tuple(one.name for one in stages_in((step,)))

    def sources(self, action: Action) -> tuple[str, ...]:
        """The full states in which an action of the workflow is open."""
        return tuple(state for state in self.states if self._is_source(action, state))

    def entries(self, goto: Iterable[str]) -> tuple[str, ...]:
        """The states in which an item arrives that is sent to these stages or ends."""
        return tuple(self.stage(to).initial if to in self.places else to for to in goto)

    def _is_source(self, action: Action, state: str) -> bool:
        stage = stage_of(state)
        place = self.places.get(stage)
        return any(
            source in (state, stage)
            or (source == ANYONE and place is not None)
            or (
                source.startswith("before ")
                and place is not None
                and place < self.places.get(source.removeprefix("before "), 0)
            )
            for source in action.sources
        )

    def findings(self) -> tuple[Finding, ...]:
        """What is suspicious about the workflow: unreachable states, dead ends, cycles ..."""
        return (*warnings_in(self), *cycles_in(self))

    # -- identity

    def describe(self) -> dict[str, Any]:
        """The workflow as plain data; what is left at its default is left out."""
        told: dict[str, Any] = describe(self)
        return told

    @cached_property
    def document(self) -> str:
        """The workflow as canonical JSON text: what stores keep of it."""
        return canonical(self.describe())

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything but the version: what the items are pinned to."""
        return digest(canonical(unlabelled(self.describe())))

    # -- what an item's content and signatures mean here

    def revision(self, item: Item) -> str:
        """Digest of the content of *item*: what a signature under a revision signs."""
        return self.revision_of(item.data)

    def revision_of(self, data: Mapping[str, Any]) -> str:
        """Digest over those fields of *data* that are content."""
        return digest(canonical({name: data[name] for name in self.content if name in data}))

    def unsigned(self, item: Item) -> tuple[str, ...]:
        """Stages that sign, and whose signature *item* lacks as it is."""
        revision = self.revision(item)
        signed = {s.stage for s in item.signatures if s.revision in ("", revision)}
        return tuple(s.name for s in self.stages if s.signs and s.name not in signed)

    # -- variants

    def insert(
        self,
        step: Step,
        *,
        after: str | None = None,
        before: str | None = None,
        beside: str | None = None,
    ) -> Workflow:
        """The workflow with one more stage: after, before, or open together with another."""
        return self._with(steps=variants.inserted(self.steps, step, after, before, beside))

    def without(self, *names: str, redirect: Mapping[str, str] | None = None) -> Workflow:
        """The workflow without these stages; *redirect* says where what led to them leads now."""
        steps, actions = variants.removed(self.steps, self.actions, names, redirect or {})
        return self._with(steps=steps, actions=actions)

    def replace(self, name: str, stage: Stage) -> Workflow:
        """The workflow with *stage* in the place of the one called *name*."""
        return self._with(steps=variants.replaced(self.steps, name, stage))

    def amend(
        self,
        name: str,
        /,
        *,
        actions: Iterable[Action] = (),
        drop: str | Iterable[str] = (),
        **changes: Any,
    ) -> Workflow:
        """The workflow with some things about one stage said anew.

        Args:
            name: The stage.
            actions: Take the place of those with the same name, or are added.
            drop: Names of actions to leave out.
            **changes: Other attributes of the stage: ``role="editor"``.
        """
        return self._with(
            steps=variants.amended(self.steps, name, actions_of(actions), _several(drop), changes)
        )

    def with_rules(self, rules: Mapping[str, Rule | Iterable[Rule]]) -> Workflow:
        """The workflow with more rules, by the full name of the action that has to keep them.

        A rule that the action has already is left as it is told there.
        """
        told = {name: rules_of(several) for name, several in rules.items()}
        steps, actions = variants.ruled(self.steps, self.actions, told)
        return self._with(steps=steps, actions=actions)

    def named(self, name: str, version: str = "1") -> Workflow:
        """The workflow under a name and version of its own."""
        return self._with(name=name, version=version)

    def with_roles(self, *roles: Role | str) -> Workflow:
        """The workflow with more roles; one with the same key is replaced."""
        new = _roles(roles)
        kept = [role for role in self.roles if role.key not in {one.key for one in new}]
        return self._with(roles=(*kept, *new))

    def _with(self, **changes: Any) -> Workflow:
        return attrs.evolve(self, **changes)

    # -- `transitions`

    @classmethod
    def from_machine(
        cls,
        machine: Machine,
        name: str,
        *,
        stage: str = "main",
        role: str | Iterable[str] = (),
        roles: Mapping[str, str | Iterable[str]] | None = None,
        rules: Mapping[str, Rule] | None = None,
        **more: Any,
    ) -> Workflow:
        """The workflow of one stage that does what a flat `transitions.Machine` does.

        Args:
            machine: Nothing of it is shared; its models are left alone.
            name: Of the workflow.
            stage: Of its one stage.
            role: Who may pull the triggers ...
            roles: ... that are not listed here by name.
            rules: Stand for the conditions of the machine, by name.
            **more: Other attributes of the workflow: ``fields``, ``content`` ...

        Raises:
            DefinitionError: It has nested states, callbacks, targets that are no state, or
                conditions without a rule.
        """
        return cls(name, (read_machine(machine, stage, role, roles or {}, rules or {}),), **more)

    def machine(self) -> Machine:
        """The workflow as a flat, shared `transitions.Machine` without a model."""
        return build_machine(self)
