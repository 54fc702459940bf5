"""Options: every action that is open to an item, and what stands in a member's way.

They come out of the same judgement as `decide`: an action is a yes if and only if it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.commands import BUILT_IN
from socialflow.decisions import carried
from socialflow.definitions import Workflow
from socialflow.errors import Objection, Refusal
from socialflow.forms import fields_of
from socialflow.items import Command, Item
from socialflow.judging import (
    is_of_one_stage,
    merged,
    not_allowed_by,
    objections_to_yes,
    stopped_by_marks,
    verdict_on,
)
from socialflow.people import SYSTEM, Member
from socialflow.plans import Plan, plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.quick import quick
from socialflow.ways import Way

__all__ = ["Option", "options"]


OF_WHAT_IS_SAID = ("ballot_order", "voted")
"""Objections to a vote that depend on the data that it is given on."""


@attrs.frozen(weakref_slot=False)
class Option:
    """An action that is open to an item, as one member sees it.

    Attributes:
        action: Full name.
        answer: ``"yes"``, ``"no"``, or ``"needs data"`` where it is theirs to fill in a form or
            to choose a target first.
        refusal: With answer no: every objection, as `perform` would raise it.
        form: The attrs class of its data, if it has one.
        targets: What ``to=`` may be, if there is a choice.
        stage: For ``claim`` and ``release``: of which open stage.
        warnings: What advisory rules have to say; it stops nothing.
    """

    action: str
    answer: str
    refusal: Refusal | None = None
    form: type | None = None
    targets: tuple[str, ...] = ()
    stage: str = ""
    warnings: tuple[Objection, ...] = ()

    def __str__(self) -> str:
        if self.refusal is not None:
            return f"{self.action}: no: " + "; ".join(map(str, self.refusal))
        wanted = fields_of(self.form) if self.form and self.answer == "needs data" else ()
        more = f": {', '.join(wanted)}" if wanted else ""
        more += f", to {' or '.join(self.targets)}" if self.targets else ""
        return f"{self.action}: {self.answer}{more}"


new_option = quick(Option)


def options(
    workflow: Workflow,
    item: Item,
    member: Member,
    at: datetime,
    *,
    facts: Facts = NO_FACTS,
    policy: Policy = BY_ROLE,
    acting_for: tuple[str, ...] = (),
) -> tuple[Option, ...]:
    """Every action that is open to *item*, and what stands in *member*'s way, if anything.

    An action is a yes if and only if `decide` accepts it with valid data.
    """
    plan = plan_of(workflow)
    command = Command("options", member.id, at)
    persons = (member.id, *acting_for)
    found = {
        way: _option(
            plan,
            way,
            Case(workflow, item, command, member, persons, way.full, way.roles, way.denied, facts),
            policy,
        )
        for way in _listed(plan, item)
    }
    if any(way.ballots for way in found):
        return tuple(_with_votes(way, found) for way in found)
    return tuple(found.values())


def _with_votes(way: Way, found: Mapping[Way, Option]) -> Option:
    """The option; that of ``vote`` is a no if there is nothing that the member may vote on.

    Who has said yes may still say otherwise.
    """
    option = found[way]
    if way.name != "vote" or option.refusal is not None:
        return option
    refusals = [found[one].refusal for one in found if one.ballots]
    if any(one is None or one.codes == ("voted",) for one in refusals):
        return option
    objections = tuple(one for refusal in refusals if refusal for one in refusal)
    return attrs.evolve(option, answer="no", refusal=Refusal(way.full, objections))


def _listed(plan: Plan, item: Item) -> Iterable[Way]:
    """The ways that are open, each once."""
    if len(item.tokens) == 1:
        return plan.listed[item.tokens[0].state]
    ways: dict[str, list[Way]] = {}
    for token in item.tokens:
        for way in plan.listed[token.state]:
            ways.setdefault(
                f"{way.full} {way.stage}" if is_of_one_stage(way) else way.full, []
            ).append(way)
    return [merged(same) for same in ways.values()]


def _warnings_about(way: Way, case: Case) -> tuple[Objection, ...]:
    """What advisory rules have to say; those that read data say it when there is some."""
    judged = (rule for rule in way.advice if not (way.form and rule.kind.reads_data))
    return tuple(one for rule in judged for one in rule.objections(case))


def _option(plan: Plan, way: Way, case: Case, policy: Policy) -> Option:
    verdict = verdict_on(policy, case)
    objections = () if type(verdict) is Allow else not_allowed_by(case, verdict)
    if case.item.beside.marks and case.member is not SYSTEM:
        objections += stopped_by_marks(way, case.item)
    for rule in way.rules:
        if not (way.form and rule.kind.reads_data):
            found = rule.objections(case)
            if found:
                objections += found
    warnings = _warnings_about(way, case) if way.advice else ()
    needs = way.asks
    if way.ballots:
        against = objections_to_yes(way, case, verdict)
        objections += tuple(one for one in against if not needs or one.code not in OF_WHAT_IS_SAID)
    elif not objections and way.action is None and not needs:
        objections = tuple(BUILT_IN[way.name].check(plan, case, way))
    if not objections and way.gated and not needs:
        outcome = carried(plan, way, case, ())
        if isinstance(outcome, Refusal) and way.keeps:
            needs = True
        elif isinstance(outcome, Refusal):
            objections = outcome.objections
    stage = way.stage if is_of_one_stage(way) else ""
    if objections:
        refusal = Refusal(way.full, objections)
        return new_option(way.full, "no", refusal, way.form, way.choices, stage, warnings)
    answer = "needs data" if needs else "yes"
    return new_option(way.full, answer, None, way.form, way.choices, stage, warnings)
