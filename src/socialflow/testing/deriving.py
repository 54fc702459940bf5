"""Deriving: from what was explored to the obligations, in the order in which they are told.

Each action is tried by each role that may, and in each way that its rules can be met; then each
near miss, where only the role is wrong, or one rule alone does not hold; then what is said without
moving anything; then each transition with crashes, repeated, by two writers, and when stale.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow.errors import Refusal
from socialflow.items import Event
from socialflow.people import ANYONE, SYSTEM, Member
from socialflow.policies import BY_ROLE
from socialflow.testing.cases import Cases, expected
from socialflow.testing.exploring import Explored
from socialflow.testing.nearmisses import near_misses, without
from socialflow.testing.reaching import Try
from socialflow.testing.speaking import said_aloud
from socialflow.testing.steps import Step
from socialflow.testing.trials import Obligation, Outlook
from socialflow.testing.wording import asked, to, where, who, with_data

__all__ = ["derived"]

FAULTY = ("crash before", "crash in the middle", "crash after commit", "repeated", "two writers")
TOLD = {
    "crash before": "and a crash before it is written leaves nothing",
    "crash in the middle": "and a crash in the middle leaves nothing",
    "crash after commit": "and a crash after the commit loses nothing",
    "repeated": "and repeated with its key it happens once",
    "two writers": "and of two writers the second decides on what the first has written",
    "stale version": "and on a version that has moved on it writes nothing",
}


def derived(explored: Explored) -> tuple[Obligation, ...]:
    """Everything that an engine has to keep of what was explored."""
    cases = Cases(explored.reach)
    deriving = _Deriving(explored, cases)
    return (
        *deriving.births(),
        *deriving.accepted(),
        *deriving.by_each_role(),
        *near_misses(explored, cases),
        *said_aloud(explored, cases),
        *deriving.faults(),
    )


@attrs.frozen
class _Deriving:
    explored: Explored
    cases: Cases

    def births(self) -> Iterator[Obligation]:
        """Who may bring an item into being, and who may not."""
        reach, cases = self.cases.reach, self.cases
        fine: tuple[Step, Outlook] | None = None
        for step, outcome in reach.births():
            if isinstance(outcome, Event):
                outlook = expected(outcome, 1, reach.begun(step, outcome).ledger)
                name = f"{step.by.id} may create{with_data(step.data)}"
                yield cases.told(name, "accepted", (), step, outlook)
                fine = fine or (step, outlook)
        if fine is None:
            return
        for member in without(cases, reach.workflow.rights.get("create", (ANYONE,))):
            step = attrs.evolve(fine[0], by=member)
            outlook = Outlook(codes=("role",))
            yield cases.told(f"{who(member)} may not create", "refused", (), step, outlook)
        for kind in FAULTY[:4]:
            yield cases.told(f"create, {TOLD[kind]}", kind, (), *fine)

    def accepted(self) -> Iterator[Obligation]:
        """Every way to do something."""
        for tried in (*self.explored.accepted.values(), *self.explored.waived.values()):
            step = tried.step
            more = to(tried) + with_data(step.data) + where(tried)
            more += f", waiving {', '.join(step.waive)}" if step.waive else ""
            yield self.cases.accepted(tried, f"{asked(tried)} from {who(step.by)}{more}")

    def by_each_role(self) -> Iterator[Obligation]:
        """Somebody with one role alone, for each role that may."""
        reach = self.cases.reach
        seen = set()
        for tried in self.explored.accepted.values():
            way = tried.way
            for role in sorted(way.roles - {SYSTEM.id, ANYONE}):
                if (way.full, role) in seen or reach.policy is not BY_ROLE:
                    continue
                member = Member(f"somebody who is only {role}", role)
                step = attrs.evolve(tried.step, by=member)
                again = reach.tried(tried.situation, way, step, tried.facts)
                if again is not None and isinstance(again.outcome, Event):
                    seen.add((way.full, role))
                    yield self.cases.accepted(again, f"{asked(again)} from {member.id}")

    def faults(self) -> Iterator[Obligation]:
        """Each transition, and each command, with everything that can go wrong with a store."""
        seen = set()
        for tried in self.explored.accepted.values():
            way = tried.way
            transition = (way.full, *((way.source, tried.step.to) if way.action else ()))
            if transition in seen:
                continue
            seen.add(transition)
            outlook = self.cases.outlook(tried)
            for kind in (*FAULTY, *(("stale version",) if outlook.versions else ())):
                case = self.cases.of(
                    tried, f"{asked(tried)}{to(tried)}, {TOLD[kind]}", kind, outlook
                )
                if kind == "two writers":
                    case = attrs.evolve(case, second=self._second(tried))
                yield case

    def _second(self, tried: Try) -> Outlook:
        """What comes of the same step once more."""
        reach = self.cases.reach
        after = reach.after(tried)
        again = reach.tried(after, tried.way, tried.step, tried.facts)
        assert again is not None
        if isinstance(again.outcome, Refusal):
            return Outlook(codes=tuple(dict.fromkeys(again.outcome.codes)))
        versions = again.outcome.version - after.item.version
        return expected(again.outcome, versions, reach.after(again).ledger)
