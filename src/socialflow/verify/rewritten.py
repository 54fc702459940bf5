"""Rewritten: a workflow whose rules, where they are not decided, say what they are told to.

Nothing else of it is another: states, actions, ballots, roles and forms are those of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from socialflow.ballots import Ballot
from socialflow.cases import Case
from socialflow.definitions import Workflow
from socialflow.errors import Objection
from socialflow.rules import Rule, rule
from socialflow.stages import Action, Parallel, Stage, Step
from socialflow.verify.chances import Chances, demanded, is_closed
from socialflow.verify.views import View

__all__ = ["Reading", "rewritten", "rules_of"]


@rule("not_held")
def not_held(_: Case) -> Iterable[Objection]:
    """The item is not on hold: then things may happen by themselves."""
    return ()


_NOT_HELD = not_held()

PEOPLE = ("responsible_named", "is_responsible")
"""Rules of the library that ask who is named for a stage."""
BOOKS = ("signed_off", "marked")
"""Rules of the library that ask what is followed whatever the view."""


@attrs.frozen
class Reading:
    """How the rules of a workflow are read in a view."""

    view: View
    chances: Chances

    def is_decided(self, rule: Rule) -> bool:
        """Whether the rule says of a state of the proof what it says of an item."""
        name = rule.kind.name
        if name in BOOKS:
            return True
        if name in PEOPLE or name == "four_eyes":
            return self.view.everybody
        return is_closed(rule) and self.view.fields.issuperset(fields_read(rule))

    def asked(self, rule: Rule) -> Rule:
        """A rule without which nothing happens: taken to hold where it is not decided."""
        if self.is_decided(rule) and not rule.waivable_by:
            return rule

        def check(case: Case, **_: object) -> Iterable[Objection]:
            if rule.kind.name == "four_eyes" and not rule.waivable_by:
                wrote = tuple(rule.kind.check(case, **rule.parameters) or ())
                if all(map(self.view.follows, case.persons)) or (wrote and not rule.negated):
                    return wrote
            elif self._holds_for_sure(rule, case):
                return demanded(rule)
            self.chances.demand(rule)
            return demanded(rule)

        return _saying(rule, check)

    def either(self, rule: Rule) -> Rule:
        """A rule with which something else happens than without it."""
        if self.is_decided(rule):
            return rule

        def check(case: Case, **_: object) -> Iterable[Objection]:
            return self.chances.objections(rule, case)

        return _saying(rule, check)

    def _holds_for_sure(self, rule: Rule, case: Case) -> bool:
        """Whether it would hold, as the item and the command are."""
        closed = rule.kind.closed and not rule.kind.needs
        decided = closed and self.view.fields.issuperset(fields_read(rule))
        return (decided or self.is_decided(rule)) and not rule.objections(case)


def fields_read(rule: Rule) -> frozenset[str]:
    """Fields of the item that a closed rule reads."""
    told = [rule.parameters[name] for name in rule.kind.names_fields if name in rule.parameters]
    return frozenset(
        one for value in told for one in ((value,) if isinstance(value, str) else value)
    )


def _saying(rule: Rule, check: Callable[..., Iterable[Objection]]) -> Rule:
    kind = attrs.evolve(rule.kind, check=check, needs=())
    return attrs.evolve(rule, kind=kind)


def rewritten(workflow: Workflow, reading: Reading) -> Workflow:
    """The workflow as a reading has it."""
    return attrs.evolve(
        workflow,
        steps=tuple(_step(one, reading) for one in workflow.steps),
        actions=tuple(_action(one, reading) for one in workflow.actions),
    )


def _step(step: Step, reading: Reading) -> Step:
    if isinstance(step, Parallel):
        return Parallel(*(_stage(one, reading) for one in step.stages), until=step.until)
    return _stage(step, reading)


def _stage(stage: Stage, reading: Reading) -> Stage:
    return attrs.evolve(
        stage,
        enter=tuple(map(reading.either, stage.enter)),
        actions=tuple(_action(one, reading) for one in stage.actions),
    )


def _action(action: Action, reading: Reading) -> Action:
    by_itself = action.automatic or (action.ballots and reading.view.everybody)
    read = reading.either if by_itself else reading.asked
    rules = [read(one) for one in action.rules if not one.advisory]
    if action.automatic and not reading.view.everybody:
        rules.append(reading.either(_NOT_HELD))
    return attrs.evolve(
        action,
        rules=rules,
        ballots=tuple(_ballot(one, reading) for one in action.ballots),
    )


def _ballot(ballot: Ballot, reading: Reading) -> Ballot:
    return attrs.evolve(ballot, when=tuple(map(reading.either, ballot.when)))


def rules_of(workflow: Workflow) -> tuple[Rule, ...]:
    """Every rule of a workflow that may stop something, or have it happen, each once."""
    actions = (*workflow.actions, *(one for stage in workflow.stages for one in stage.actions))
    found = [rule for stage in workflow.stages for rule in stage.enter]
    found += [rule for action in actions for rule in action.rules if not rule.advisory]
    found += [r for action in actions for ballot in action.ballots for r in ballot.when]
    return tuple(dict.fromkeys(found))
