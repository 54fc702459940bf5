"""Suites: all obligations of a workflow, as a test takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import pytest

from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.people import EVERYWHERE, Member, Scope, Team
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy, Store
from socialflow.stores.memory import MemoryStore
from socialflow.testing.clocks import FakeClock
from socialflow.testing.deriving import derived
from socialflow.testing.exploring import Explored
from socialflow.testing.reaching import Reach
from socialflow.testing.reading import said_by
from socialflow.testing.samples import Examples, Samples
from socialflow.testing.trials import Obligation
from socialflow.testing.wording import of_rule

__all__ = ["Obligations", "obligations"]


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
    explored = Explored.by(reach)
    accepted = {tried.way.full for tried in explored.accepted.values()}
    return Obligations(
        workflow,
        people,
        derived(explored),
        tuple(one.full for one in said_by(workflow) if one.full not in accepted),
        tuple(_never_alone(explored)),
        explored.looked_at < most,
    )


def _never_alone(explored: Explored) -> Iterator[str]:
    seen = {(full, rule) for full, rule, _ in explored.alone}
    for one in said_by(explored.reach.workflow):
        for rule in one.action.rules:
            if not rule.advisory and (one.full, rule) not in seen:
                yield f"{of_rule(rule)} of {one.full}"
