"""Obligations of a workflow: a deterministic suite that is derived from what it says.

Each action is tried by each role that may, and in each way that its rules can be met; then each
near miss, where only the role is wrong, or one rule alone does not hold; then each transition with
crashes, repeated, by two writers, and on a stale version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import pytest

from socialflow.decisions import apply
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import Refusal
from socialflow.items import WITHIN_THE_FAMILY, Event
from socialflow.people import ANYONE, EVERYWHERE, SYSTEM, Member, Scope, Team
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy, Store
from socialflow.rules import Rule
from socialflow.stages import describe
from socialflow.stores.memory import MemoryStore
from socialflow.testing.clocks import FakeClock
from socialflow.testing.reaching import Reach, Situation, Try
from socialflow.testing.reading import Said, said_by
from socialflow.testing.samples import Examples, Samples
from socialflow.testing.steps import Step
from socialflow.testing.trials import Obligation, Outlook

__all__ = ["Obligations", "obligations"]

FAULTY = ("crash before", "crash in the middle", "crash after commit", "repeated", "two writers")
TOLD = {
    "crash before": "and a crash before it is written leaves nothing",
    "crash in the middle": "and a crash in the middle leaves nothing",
    "crash after commit": "and a crash after the commit loses nothing",
    "repeated": "and repeated with its key it happens once",
    "two writers": "and of two writers the second decides on what the first has written",
    "stale version": "and on a version that has moved on it writes nothing",
}
STRANGER = Member("a stranger")


@attrs.frozen
class Obligations(Sequence[Obligation]):
    """All obligations of a workflow, in the order in which they are told.

    Attributes:
        cases: Each of them.
        unreached: Actions for which no example was found in which they are accepted.
        never_refused: Rules that never alone stand in the way of an action, with the action: they
            cannot be seen, or need other `examples`.
        is_whole: Whether every situation was looked at; otherwise there were too many.
    """

    workflow: Workflow
    team: Team
    cases: tuple[Obligation, ...]
    unreached: tuple[str, ...]
    never_refused: tuple[str, ...]
    is_whole: bool

    def __len__(self) -> int:
        return len(self.cases)

    def __getitem__(self, index: Any) -> Any:
        return self.cases[index]

    def parametrize(self, argument: str = "case") -> pytest.MarkDecorator:
        """A decorator: the test is run once for each obligation, which it gets as *argument*."""
        names = [case.name for case in self.cases]
        return pytest.mark.parametrize(argument, self.cases, ids=names)

    def engine(self, store: Store | None = None, **told: Any) -> Engine:
        """An engine to try them with, in memory if no store is said; its clock stands still."""
        opened = MemoryStore() if store is None else store
        return Engine(opened, self.workflow, self.team, **({"clock": FakeClock()} | told))

    def __str__(self) -> str:
        kinds: dict[str, int] = {}
        for case in self.cases:
            kinds[case.kind] = kinds.get(case.kind, 0) + 1
        lines = [f"{count:5} {kind}" for kind, count in kinds.items()]
        lines += [f"never accepted: {name}" for name in self.unreached]
        lines += [f"never alone in the way: {name}" for name in self.never_refused]
        if not self.is_whole:
            lines.append("there are more situations than were looked at: say most=")
        return "\n".join((f"{len(self.cases):5} obligations of {self.workflow.name}", *lines))


def obligations(
    workflow: Workflow,
    team: Team | Iterable[Member],
    *,
    examples: Examples | None = None,
    facts: Mapping[str, Iterable[Any]] | None = None,
    policy: Policy = BY_ROLE,
    scope: Scope = EVERYWHERE,
    most: int = 300,
) -> Obligations:
    """Derive the obligations of *workflow* with *team*.

    Args:
        workflow: The definition.
        team: Who acts.
        examples: Sample data where those made out of the forms do not do: by the name of a field
            the values to try, by a form or the full name of an action whole data.
        facts: What providers may tell, by the name of the fact, what is usual first: an engine
            that tries a case is told accordingly.
        policy: Who may.
        scope: Where the item belongs.
        most: Look at so many situations at most.

    Example:
        >>> from socialflow import Action, Stage
        >>> go = Action("finish", "drafting", "done")
        >>> note = Workflow("note", [Stage("write", ("drafting", "done"), role="w", actions=[go])])
        >>> suite = obligations(note, [Member("ann", "w")])
        >>> for case in suite:
        ...     case.run(suite.engine())
        >>> print(next(case for case in suite if case.path))
        write.finish is accepted in write.drafting from ann (w)
    """
    people = team if isinstance(team, Team) else Team(team)
    told = {name: tuple(values) for name, values in (facts or {}).items()}
    samples = Samples(examples or {}, people.members)
    reach = Reach(workflow, people, samples, told, policy, scope, most)
    return _Deriving(reach).derived()


@attrs.define
class _Deriving:
    """A suite while it is derived."""

    reach: Reach
    accepted: dict[tuple[Any, ...], Try] = attrs.field(factory=dict)
    waived: dict[tuple[Any, ...], Try] = attrs.field(factory=dict)
    alone: dict[tuple[str, Rule], Try] = attrs.field(factory=dict)
    places: dict[tuple[str, ...], Situation] = attrs.field(factory=dict)
    looked_at: int = 0
    names: dict[str, int] = attrs.field(factory=dict)

    def derived(self) -> Obligations:
        for situation in self.reach.situations():
            self.looked_at += 1
            self.places.setdefault(situation.item.marking, situation)
            for tried in self.reach.tries(situation):
                self._sort(tried)
        said = {one.full: one for one in said_by(self.reach.workflow)}
        accepted = {tried.way.full for tried in self.accepted.values()}
        told = [
            *self._births(),
            *self._accepted(said),
            *self._by_each_role(said),
            *self._wrong_roles(said),
            *self._rules_alone(),
            *self._not_open(said),
            *self._wrong_data(),
            *self._faults(said),
        ]
        return Obligations(
            self.reach.workflow,
            self.reach.team,
            tuple(told),
            tuple(name for name in said if name not in accepted),
            tuple(self._never_alone()),
            self.looked_at < self.reach.most,
        )

    def _sort(self, tried: Try) -> None:
        """Keep the first example of everything that is to be tried."""
        way, step = tried.way, tried.step
        event = tried.outcome
        if isinstance(event, Event):
            if any(effect.name in WITHIN_THE_FAMILY for effect in event.effects):
                return
            outcome = (
                tuple(move.cause for move in event.moves),
                event.moves[-1:] * bool(way.ballots),
            )
            said = tuple(step.data or ())
            facts = tuple(tried.facts)
            kind = way.full, way.source, step.to, said, outcome, facts, step.waive
            (self.waived if step.waive else self.accepted).setdefault(kind, tried)
        elif len(tried.objecting) == 1:
            (rule,) = tried.objecting
            codes = {code for code in event.codes if code not in ("role", "denied")}
            if codes == set(event.codes) and len(codes) == 1:
                self.alone.setdefault((way.full, rule), tried)

    # -- what is accepted

    def _births(self) -> Iterator[Obligation]:
        fine: Step | None = None
        for step, outcome in self.reach.births():
            if isinstance(outcome, Event):
                outlook = _outlook(outcome, 1, None)
                fields = f" with {', '.join(step.data)}" if step.data else ""
                yield self._case(f"{step.by.id} may create{fields}", "accepted", (), step, outlook)
                fine = fine or step
        if fine is None:
            return
        for member in self._without(self.reach.workflow.rights.get("create", ("*",))):
            step = attrs.evolve(fine, by=member)
            name = f"{_who(member)} may not create"
            yield self._case(name, "refused", (), step, Outlook(codes=("role",)))
        event = self.reach.born(fine)
        assert isinstance(event, Event)
        for kind in FAULTY[:4]:
            name = f"create, {TOLD[kind]}"
            yield self._case(name, kind, (), fine, _outlook(event, 1, None))

    def _accepted(self, said: Mapping[str, Said]) -> Iterator[Obligation]:
        for tried in (*self.accepted.values(), *self.waived.values()):
            step = tried.step
            more = f" to {step.to}" if step.to else ""
            more += f" with {', '.join(step.data)}" if step.data else ""
            more += _where(tried)
            more += f", waiving {', '.join(step.waive)}" if step.waive else ""
            name = f"{_asked(tried)} from {_who(step.by)}{more}"
            yield self._of(tried, name, "accepted", self._outlook(tried, said))

    def _by_each_role(self, said: Mapping[str, Said]) -> Iterator[Obligation]:
        """Somebody with one role alone, for each role that may."""
        seen = set()
        for tried in self.accepted.values():
            way = tried.way
            for role in sorted(way.roles - {SYSTEM.id, ANYONE}):
                if (way.full, role) in seen or self.reach.policy is not BY_ROLE:
                    continue
                member = Member(f"somebody who is only {role}", role)
                step = attrs.evolve(tried.step, by=member)
                again = self.reach.tried(tried.situation, way, step, tried.facts)
                if again is not None and isinstance(again.outcome, Event):
                    seen.add((way.full, role))
                    name = f"{_asked(again)} from {member.id}"
                    yield self._of(again, name, "accepted", self._outlook(again, said))

    # -- near misses

    def _wrong_roles(self, said: Mapping[str, Said]) -> Iterator[Obligation]:
        """The role alone is wrong."""
        seen = set()
        for tried in self.accepted.values():
            name = tried.way.full
            if name in seen or tried.way.action is None or name not in said:
                continue
            seen.add(name)
            roles = said[name].roles
            for member in self._without(roles):
                step = attrs.evolve(tried.step, by=member)
                again = self.reach.tried(tried.situation, tried.way, step, tried.facts)
                if again is None or again.objecting:
                    continue
                told = f"{name} is refused in {tried.way.source} to {_who(member)}"
                yield self._of(again, told, "refused", Outlook(codes=self._no(again)))

    def _no(self, tried: Try) -> tuple[str, ...]:
        """How somebody without the role is refused: the role, unless it is denied beside."""
        codes = tried.outcome.codes if isinstance(tried.outcome, Refusal) else ()
        return ("denied",) if codes == ("denied",) else ("role",)

    def _without(self, roles: Iterable[str]) -> Iterator[Member]:
        """Members who hold exactly one role, and none that opens the action."""
        opening = {*roles}
        if ANYONE in opening or self.reach.policy is not BY_ROLE:
            return
        workflow = self.reach.workflow
        grown = -1
        while grown != len(opening):
            grown = len(opening)
            opening |= {r.key for r in workflow.roles if {*r.inherits} & opening}
        yield STRANGER
        for role in sorted(workflow.role_names - opening):
            yield Member(f"somebody who is only {role}", role)

    def _rules_alone(self) -> Iterator[Obligation]:
        """One rule alone does not hold."""
        for (_, rule), tried in self.alone.items():
            assert isinstance(tried.outcome, Refusal)
            codes = tuple(dict.fromkeys(tried.outcome.codes))
            name = f"{tried.way.full} is refused in {tried.way.source} to {_who(tried.step.by)}"
            name += f" where only {_told(rule)} does not hold{_where(tried)}"
            yield self._of(tried, name, "refused", Outlook(codes=codes))

    def _never_alone(self) -> Iterator[str]:
        for one in said_by(self.reach.workflow):
            for rule in one.action.rules:
                if not rule.advisory and (one.full, rule) not in self.alone:
                    yield f"{_told(rule)} of {one.full}"

    def _not_open(self, said: Mapping[str, Said]) -> Iterator[Obligation]:
        """It is refused in every state that is none of its sources."""
        able: dict[str, Try] = {}
        for tried in self.accepted.values():
            able.setdefault(tried.way.full, tried)
        for full, one in said.items():
            for marking, place in self.places.items() if full in able else ():
                tried = able[full]
                if not {*marking} & {*one.sources}:
                    name = f"{full} is refused in {' and '.join(marking)}"
                    yield attrs.evolve(
                        self._of(tried, name, "refused", Outlook(codes=("state",))),
                        path=place.path,
                        facts={},
                    )

    def _wrong_data(self) -> Iterator[Obligation]:
        """What has to be said is not said."""
        seen = set()
        for tried in self.accepted.values():
            way = tried.way
            if way.full in seen or way.ballots or tried.facts:
                continue
            seen.add(way.full)
            if way.demands and tried.step.data is not None:
                step = attrs.evolve(tried.step, data=None)
                name = f"{way.full} is refused in {way.source} without its data"
                yield from self._only(tried, step, name, "data")
            if way.choices:
                step = attrs.evolve(tried.step, to=None)
                name = f"{way.full} is refused in {way.source} without saying where to"
                yield from self._only(tried, step, name, "to")

    def _only(self, tried: Try, step: Step, name: str, code: str) -> Iterator[Obligation]:
        again = self.reach.tried(tried.situation, tried.way, step, tried.facts)
        if again is not None and not again.objecting:
            yield self._of(again, name, "refused", Outlook(codes=(code,)))

    # -- faults

    def _faults(self, said: Mapping[str, Said]) -> Iterator[Obligation]:
        """Each transition with everything that can go wrong with a store."""
        seen = set()
        for tried in self.accepted.values():
            transition = tried.way.full, tried.way.source, tried.step.to
            if transition in seen:
                continue
            seen.add(transition)
            outlook = self._outlook(tried, said)
            to = f" to {tried.step.to}" if tried.step.to else ""
            for kind in (*FAULTY, *(("stale version",) if outlook.versions else ())):
                name = f"{_asked(tried)}{to}, {TOLD[kind]}"
                case = self._of(tried, name, kind, outlook)
                if kind == "two writers":
                    case = attrs.evolve(case, second=self._second(tried))
                yield case

    def _second(self, tried: Try) -> Outlook:
        """What comes of the same step once more."""
        event = tried.outcome
        assert isinstance(event, Event)
        here = tried.situation
        after = Situation(apply(here.item, event), (*here.path, tried.step), event, here.item)
        again = self.reach.tried(after, tried.way, tried.step, tried.facts)
        assert again is not None
        if isinstance(again.outcome, Refusal):
            return Outlook(codes=tuple(dict.fromkeys(again.outcome.codes)))
        return _outlook(again.outcome, again.outcome.version - event.version, None)

    # -- how a case is made

    def _outlook(self, tried: Try, said: Mapping[str, Said]) -> Outlook:
        event = tried.outcome
        assert isinstance(event, Event)
        full = tried.way.full
        lands = said[full].lands(self.reach.workflow, tried.step.to) if full in said else None
        return _outlook(event, event.version - tried.situation.item.version, lands)

    def _of(self, tried: Try, name: str, kind: str, outlook: Outlook) -> Obligation:
        path, facts = tried.situation.path, tried.facts
        return self._case(name, kind, path, tried.step, outlook, facts)

    def _case(
        self,
        name: str,
        kind: str,
        path: tuple[Step, ...],
        step: Step,
        outlook: Outlook,
        facts: Mapping[str, Any] | None = None,
    ) -> Obligation:
        times = self.names[name] = self.names.get(name, 0) + 1
        return Obligation(
            name if times == 1 else f"{name} ({times})",
            kind,
            self.reach.workflow.name,
            path,
            step,
            outlook,
            usual=self.reach.usual,
            facts=facts or {},
            scope=self.reach.scope,
        )


def _outlook(event: Event, versions: int, lands: str | None) -> Outlook:
    marking = tuple(token.state for token in event.tokens)
    return Outlook(marking, versions, lands, entries=1)


def _asked(tried: Try) -> str:
    return f"{tried.way.full} is accepted in {tried.way.source}"


def _where(tried: Try) -> str:
    if not tried.facts:
        return ""
    return " where " + " and ".join(f"{name} is {value!r}" for name, value in tried.facts.items())


def _who(member: Member) -> str:
    roles = ", ".join(dict.fromkeys(grant.role for grant in member.grants))
    return f"{member.id} ({roles})" if roles and roles not in member.id else member.id


def _told(rule: Rule) -> str:
    """A rule as it is written."""
    said = describe(rule)
    if isinstance(said, str):
        return said
    given = ", ".join(f"{name}={value!r}" for name, value in rule.parameters.items())
    return f"{'~' if rule.negated else ''}{rule.kind.name}({given})"
