"""Models: a workflow and a team in one view, with everything that can be asked for there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Literal, get_args, get_origin

import attrs

from socialflow.births import found
from socialflow.cases import HOLDERS, NO_FACTS, Case, Facts
from socialflow.decisions import newborn
from socialflow.definitions import ARCHIVED, ON_HOLD, Workflow
from socialflow.errors import Refusal
from socialflow.families import ALWAYS
from socialflow.filling import Filled, fill_some
from socialflow.forms import fields_of
from socialflow.items import Command, Event, Item, Origin
from socialflow.kinds import SPAWN
from socialflow.people import EVERYWHERE, SYSTEM, Member, Scope, Team
from socialflow.plain import freeze
from socialflow.plans import Plan, plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.rules import Rule, responsible_named
from socialflow.verify.chances import Chances, is_closed
from socialflow.verify.crews import Crew
from socialflow.verify.rewritten import Reading, fields_read, rewritten, rules_of
from socialflow.verify.samples import sample
from socialflow.verify.sorts import Sorts
from socialflow.verify.views import View
from socialflow.ways import Way

__all__ = ["Model", "Setting", "matches"]

ABSENT = None


@attrs.frozen
class Setting:
    """What is proved about.

    Attributes:
        workflow: The definition.
        team: Everybody.
        scope: Where the item belongs.
        at: The moment at which grants have to hold; timezone-aware.
        policy: Says who may.
        data: Data of actions for which none can be made up, by their full names.
        told: Actions that an item above has items of this workflow do.
        is_below: Whether its items are below others, and may be brought into being by the system.
    """

    workflow: Workflow
    team: Team
    at: datetime
    scope: Scope = EVERYWHERE
    policy: Policy = BY_ROLE
    data: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    told: tuple[str, ...] = ()
    is_below: bool = False


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a full name, or its last part, is one of these, or like one of them."""
    short = name.rpartition(".")[2]
    return any(fnmatchcase(one, pattern) for one in (name, short) for pattern in patterns)


@attrs.frozen(slots=False, eq=False)
class Model:
    """A setting as one view has it.

    Attributes:
        setting: The workflow and the team.
        view: What is told apart.
        chances: What undecided rules say.
    """

    setting: Setting
    view: View
    chances: Chances = attrs.field(factory=Chances)

    @cached_property
    def workflow(self) -> Workflow:
        """The workflow whose undecided rules say what they are told to."""
        return rewritten(self.setting.workflow, Reading(self.view, self.chances))

    @cached_property
    def plan(self) -> Plan:
        """It, compiled."""
        return plan_of(self.workflow)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the original."""
        return rules_of(self.setting.workflow)

    # -- who

    @cached_property
    def crew(self) -> Crew:
        """Who may do what."""
        told = self.setting
        return Crew(self.workflow, told.team, told.scope, told.at, told.policy)

    @cached_property
    def facts(self) -> Facts:
        """Who has a vote where all have to agree: of those who are followed."""
        chains = [one for way in self.plan.chains.values() for one in way.ballots]
        roles = {role for one in chains if one.quorum == "all" for role in one.roles}
        followed = [one for one in self.crew.members if self.view.follows(one.id)]
        holders = {
            role: tuple(one for one in followed if any(g.role == role for g in one.grants))
            for role in sorted(roles)
        }
        return Facts({HOLDERS: holders})

    def acting_for(self, member: Member) -> tuple[str, ...]:
        """Ids of those on whose behalf a member acts."""
        return tuple(self.setting.team.acting_for(member.id, self.setting.at))

    def birth(
        self, command: Command, member: Member, writers: tuple[str, ...] = ()
    ) -> Event | Refusal:
        """What the core decides when a member, or the system, has an item created."""
        return found(
            self.workflow,
            "item",
            command,
            member,
            self.origin,
            facts=self.facts,
            policy=ALWAYS if member is SYSTEM else self.setting.policy,
            acting_for=self.acting_for(member),
            contributors=writers,
        )

    def roles_of(self, member: Member, action: str) -> frozenset[str]:
        """Those of the roles that are told apart which a member holds."""
        if member is SYSTEM:
            return frozenset()
        told = (one for one in self.view.roles if self.crew.holds(member, (one,), action))
        return frozenset(told)

    def doers(self, way: Way) -> tuple[Member, ...]:
        """Members who are let ask for it: all who are followed, of the others one of a sort."""
        key = way.full, way.roles
        if key not in self._doers:
            self._doers[key] = tuple(self._chosen(way))
        return self._doers[key]

    @cached_property
    def _doers(self) -> dict[tuple[str, frozenset[str]], tuple[Member, ...]]:
        return {}

    def allowed(self, way: Way) -> tuple[Member, ...]:
        """Everybody whom the policy may allow it."""
        if self.setting.policy is BY_ROLE:
            return self.crew.may(way)
        return self.crew.members

    def _chosen(self, way: Way) -> Iterator[Member]:
        seen: dict[object, int] = {}
        wanted = max((one.quorum for one in way.ballots if isinstance(one.quorum, int)), default=1)
        for one in self.allowed(way):
            if self.view.follows(one.id):
                yield one
                continue
            sort = self.sorts.here(one, way)
            seen[sort] = seen.get(sort, 0) + 1
            if seen[sort] <= wanted:
                yield one
        if SYSTEM.id in way.roles:
            yield SYSTEM

    @cached_property
    def sorts(self) -> Sorts:
        """Who may stand for whom."""
        return Sorts(self)

    # -- what

    def is_taken(self, way: Way) -> bool:
        """Whether this way is looked at."""
        if matches(way.full, self.view.apart):
            return False
        if way.action is not None:
            return not self._is_inert(way) or matches(way.full, self.view.named)
        if way.name in ("cancel", "reopen", "edit", "force", "undo"):
            return True
        if way.name in ("hold", "resume"):
            return self.holds or matches(way.full, self.view.named)
        if way.name in ("assign", "claim", "release"):
            return self.names or matches(way.full, self.view.named)
        if way.name == "vote":
            return self.abstains or matches(way.full, self.view.named)
        return matches(way.full, self.view.named)

    def _is_inert(self, way: Way) -> bool:
        """Whether it changes nothing that is followed."""
        assert way.action is not None
        written = self.hidden.union(self.values)
        marks = {*way.action.marks, *way.action.unmarks}
        rounds = any(one.name == SPAWN for one in way.effects)
        moves = way.targets or way.ballots or rounds
        return not (moves or written & {*way.keeps} or self.marks & marks)

    @cached_property
    def names(self) -> bool:
        """Whether it matters who is named for a stage."""
        return self.view.everybody and bool(self.places)

    @cached_property
    def places(self) -> frozenset[str]:
        """Stages for which it matters who is named."""
        asked = (one for one in self.rules if one.kind is responsible_named)
        own = (
            way.stage
            for way in self.crew.ways
            if way.action and any(one.kind.name == "is_responsible" for one in way.rules)
        )
        return frozenset((*(str(one.parameters["stage"]) for one in asked), *own))

    @cached_property
    def holds(self) -> bool:
        """Whether it matters that an item is on hold: something may then not happen by itself."""
        return self.view.everybody and bool(self.plan.automatic)

    @cached_property
    def looks_back(self) -> bool:
        """Whether it matters who has written what was released."""
        eyes = (one for one in self.rules if one.kind.name == "four_eyes")
        return any(one.parameters.get("since", "release") != "release" for one in eyes)

    @cached_property
    def abstains(self) -> bool:
        """Whether it matters that somebody abstains."""
        ways = self.plan.chains.values()
        every = (one for way in ways for one in way.ballots)
        return self.view.everybody and any(one.quorum == "all" for one in every)

    @cached_property
    def marks(self) -> frozenset[str]:
        """Marks that make a difference."""
        read = {
            str(rule.parameters[name])
            for rule in self.rules
            for name in rule.kind.names_marks
            if name in rule.parameters
        }
        named = {ON_HOLD} if self.holds or matches("hold", self.view.named) else set()
        named |= {ARCHIVED} if matches("archive", self.view.named) else set()
        return frozenset(read | named)

    # -- data

    @cached_property
    def values(self) -> Mapping[str, tuple[Any, ...]]:
        """For each field that is followed, one value of each sort; None for none."""
        return {name: self._values_of(name) for name in sorted(self.view.fields)}

    def _values_of(self, name: str) -> tuple[Any, ...]:
        declared = self.setting.workflow.declared
        rules = [one for one in self.rules if is_closed(one) and name in fields_read(one)]
        kind = declared[name].type
        compared = (value for field, value in self.view.compared if field == name)
        tried = [ABSENT, *compared, *_options(kind), *_constants(rules), sample(kind)]
        found: dict[object, Any] = {}
        for value in tried:
            if value is ABSENT or isinstance(fill_some(declared, freeze({name: value})), Filled):
                found.setdefault(self._sort_of(rules, name, value), value)
        return tuple(found.values())

    def _sort_of(self, rules: list[Rule], name: str, value: Any) -> object:
        """What the rules make of a value; those that a property compares with stand alone."""
        case = self._case_of({} if value is ABSENT else {name: value})
        held = tuple(bool(one.objections(case)) for one in rules)
        frozen = freeze(value)
        return held, frozen if (name, frozen) in self.view.compared else ABSENT

    def _case_of(self, data: Mapping[str, Any]) -> Case:
        item = attrs.evolve(self.unborn, data=freeze(data))
        command = Command("edit", SYSTEM.id, self.setting.at)
        nobody: frozenset[str] = frozenset()
        told = (self.workflow, item, command, SYSTEM, (SYSTEM.id,), "edit", nobody, nobody)
        return Case(*told, NO_FACTS)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Content fields whose values are forgotten, but for whether they are the same."""
        return frozenset(self.workflow.content) - self.view.fields

    @cached_property
    def carrier(self) -> str:
        """The field that stands for all of them; empty if there is none."""
        declared = self.setting.workflow.declared
        texts = [one for one in self.workflow.content if one in self.hidden]
        editable = [one for one in texts if one in self.plan.editable]
        first = [one for one in editable if _is_text(declared[one].type)]
        return next(iter((*first, *editable, *texts)), "")

    @cached_property
    def unborn(self) -> Item:
        """The item before its birth."""
        return newborn("item", self.origin)

    @cached_property
    def origin(self) -> Origin:
        """What it is born with."""
        return Origin(self.workflow.digest, None, self.setting.scope)

    @cached_property
    def own_fields(self) -> Mapping[str, attrs.Attribute[Any]]:
        """Fields that are told at birth."""
        form = self.setting.workflow.fields
        return fields_of(form) if form else {}


def _is_text(kind: Any) -> bool:
    return kind is str or str in get_args(kind)


def _options(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    for part in get_args(kind):
        yield from _options(part)


def _constants(rules: Iterable[Rule]) -> Iterator[Any]:
    for rule in rules:
        for name, value in rule.parameters.items():
            if name not in rule.kind.names_fields:
                yield from value if isinstance(value, tuple) else (value,)
