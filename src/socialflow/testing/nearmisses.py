"""Near misses: what is refused for one reason alone, and would be accepted otherwise.

What the definition and the ledger say is what is expected; the core is believed only where it says
that something else stands in the way as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from socialflow.errors import Refusal
from socialflow.people import ANYONE, Member
from socialflow.policies import BY_ROLE
from socialflow.testing.cases import Cases
from socialflow.testing.exploring import Explored
from socialflow.testing.reaching import Try
from socialflow.testing.reading import denying, kinds_denied, opening, rights_in, roles_for
from socialflow.testing.steps import Step
from socialflow.testing.trials import Obligation, Outlook
from socialflow.testing.wording import of_rule, where, who

__all__ = ["near_misses", "without"]

STRANGER = Member("a stranger")
BLANK = "  "
WHY = {
    "already": "it is so already",
    "archived": "it is in the archive",
    "irreversible": "that cannot be undone",
    "not_yours": "it is not theirs",
    "on_hold": "it is on hold",
    "taken": "somebody else has it",
}


def near_misses(explored: Explored, cases: Cases) -> Iterator[Obligation]:
    """All of them, by what is wrong."""
    missing = _NearMisses(explored, cases)
    yield from missing.wrong_roles()
    yield from missing.denied()
    yield from missing.rules_alone()
    yield from missing.not_waived()
    yield from missing.forbidden()
    yield from missing.otherwise()
    yield from missing.several()
    yield from missing.not_open()
    yield from missing.wrong_data()


def without(cases: Cases, roles: Iterable[str]) -> Iterator[Member]:
    """Members who hold exactly one role, and none that opens what *roles* open."""
    workflow = cases.reach.workflow
    opened = opening(workflow, roles)
    if ANYONE in opened or cases.reach.policy is not BY_ROLE:
        return
    yield STRANGER
    for role in sorted(workflow.role_names - opened):
        yield Member(f"somebody who is only {role}", role)


@attrs.frozen
class _NearMisses:
    explored: Explored
    cases: Cases

    def wrong_roles(self) -> Iterator[Obligation]:
        """The role alone is wrong."""
        for tried in self._asked_for():
            full, source = tried.way.full, tried.way.source
            for member in without(self.cases, self._roles(tried)):
                name = f"{full} is refused in {source} to {who(member)}"
                yield from self._by(tried, member, name)

    def denied(self) -> Iterator[Obligation]:
        """The role would do, but another one forbids it."""
        for tried in self._asked_for():
            full, source, opened = tried.way.full, tried.way.source, self._roles(tried)
            for role in sorted(denying(self.cases.reach.workflow, full)):
                roles = dict.fromkeys((*sorted(opened - {ANYONE})[:1], role))
                member = Member(f"somebody who is {' and '.join(roles)}", (*roles,))
                name = f"{full} is refused in {source} to {member.id}, which is denied {role}"
                yield from self._by(tried, member, name)

    def rules_alone(self) -> Iterator[Obligation]:
        """One rule alone does not hold."""
        for (full, rule, wrote), tried in self.explored.alone.items():
            assert isinstance(tried.outcome, Refusal)
            name = f"{full} is refused in {tried.way.source} to {who(tried.step.by)}"
            name += f", {wrote}," * (wrote == "who wrote after others")
            name += f" where only {of_rule(rule)} does not hold{where(tried)}"
            yield self.cases.refused(tried, name, *dict.fromkeys(tried.outcome.codes))

    def not_waived(self) -> Iterator[Obligation]:
        """Somebody gives a reason who may not, or may, and gives none."""
        for (full, rule, wrote), tried in self.explored.alone.items():
            assert isinstance(tried.outcome, Refusal)
            codes = tuple(dict.fromkeys(tried.outcome.codes))
            able = {role for one in tried.outcome for role in one.waivable_by}
            if wrote or tried.way.ballots or {*self._held(tried.step.by), ANYONE} & able:
                continue
            waiving = attrs.evolve(tried.step, waive=dict.fromkeys(codes, "it has to be"))
            name = f"{full} is refused in {tried.way.source} to {who(tried.step.by)}"
            name += f", who may not waive {of_rule(rule)}{where(tried)}"
            yield self.cases.refused(attrs.evolve(tried, step=waiving), name, *codes)
        for tried in self.explored.waived.values():
            codes = tuple(tried.step.waive)
            blank = attrs.evolve(tried.step, waive=dict.fromkeys(codes, BLANK))
            name = f"{tried.way.full} is refused in {tried.way.source} to {who(tried.step.by)}"
            name += f", who waives {', '.join(codes)} without a reason{where(tried)}"
            yield self.cases.refused(attrs.evolve(tried, step=blank), name, *codes)

    def forbidden(self) -> Iterator[Obligation]:
        """What the ledger knows is in the way: who has it, what it is marked, what was last."""
        for (full, code, *about), tried in self.explored.forbidden.items():
            whose = f" of {about[0]}" if about else ""
            name = f"{full}{whose} is refused in {tried.way.source} to {who(tried.step.by)}"
            yield self.cases.refused(tried, f"{name} because {WHY[code]}", code)

    def otherwise(self) -> Iterator[Obligation]:
        """Something else is in the way: of the next stage, of a vote, of a date."""
        for (full, code), tried in self.explored.otherwise.items():
            name = f"{full} is refused in {tried.way.source} to {who(tried.step.by)}"
            yield self.cases.refused(tried, f"{name}: {code}{where(tried)}", code)

    def several(self) -> Iterator[Obligation]:
        """More than one thing is in the way: all of it is told, in the order that is written."""
        for (full, codes), tried in self.explored.several.items():
            name = f"{full} is refused in {tried.way.source} to {who(tried.step.by)}"
            yield self.cases.refused(tried, f"{name}: {', '.join(codes)}{where(tried)}", *codes)

    def not_open(self) -> Iterator[Obligation]:
        """It is refused in every state that is none of its sources."""
        able: dict[str, Try] = {}
        for tried in self.explored.firsts:
            able.setdefault(tried.way.full, tried)
        for full, tried in able.items():
            for marking, place in self.explored.places.items():
                if not any(self._is_open(full, state) for state in marking):
                    name = f"{full} is refused in {' and '.join(marking)}"
                    outlook = Outlook(codes=("state",))
                    yield self.cases.told(name, "refused", place.path, tried.step, outlook)

    def wrong_data(self) -> Iterator[Obligation]:
        """What has to be said is not said."""
        seen = set()
        for tried in self.explored.firsts:
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

    # -- how

    def _asked_for(self) -> Iterator[Try]:
        """What members ask for, once each; outcomes that only the system reports are none."""
        for tried in self.explored.firsts:
            if tried.way.action is None or tried.way.full in self.cases.said:
                yield tried

    def _roles(self, tried: Try) -> frozenset[str]:
        """The roles that the definition opens it to."""
        workflow, marking = self.cases.reach.workflow, tried.situation.item.marking
        return roles_for(workflow, tried.way.full, tried.way.source, marking)

    def _is_open(self, full: str, state: str) -> bool:
        said = self.cases.said.get(full)
        if said is not None:
            return state in said.sources
        return full in rights_in(self.cases.reach.workflow, state)

    def _held(self, member: Member) -> frozenset[str]:
        return member.roles(self.cases.reach.scope, self.cases.reach.at)

    def _by(self, tried: Try, member: Member, name: str) -> Iterator[Obligation]:
        """The same by somebody else, who may not."""
        workflow, full = self.cases.reach.workflow, tried.way.full
        is_denied = self._held(member) & denying(workflow, full)
        is_denied |= {member.kind} & kinds_denied(workflow, full)
        step = attrs.evolve(tried.step, by=member)
        codes = ("denied",) if is_denied else ("role",)
        yield from self._only(tried, step, name, *codes)

    def _only(self, tried: Try, step: Step, name: str, *codes: str) -> Iterator[Obligation]:
        """A refusal with these objections, unless the core knows of more in the way."""
        again = self.cases.reach.tried(tried.situation, tried.way, step, tried.facts)
        if again is None or again.objecting:
            return
        if not isinstance(again.outcome, Refusal) or again.outcome.codes == codes:
            yield self.cases.refused(again, name, *codes)
