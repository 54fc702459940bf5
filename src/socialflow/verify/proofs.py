"""Proofs: whether properties hold for everything that a workflow and a team can ever do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError, nearest
from socialflow.kinds import TELL
from socialflow.people import EVERYWHERE, Scope, Team
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.verify.hunting import Budget
from socialflow.verify.models import Setting
from socialflow.verify.nevers import Nobody
from socialflow.verify.properties import Property
from socialflow.verify.prospects import SomeoneCanAct
from socialflow.verify.trials import Trial
from socialflow.verify.verdicts import Report, Verdict
from socialflow.verify.words import check_kind

__all__ = ["check"]

FORGOTTEN = (
    "times: whatever falls due may do so at any time, and at none",
    "items that are adopted half-way, migrated, or moved by another version of the definition",
    "advice that only warns, and effects for the outside",
    "a vote of no, which only takes back a yes",
    "of items below only where they may be; they are proved with .of(kind)",
)


def check(
    workflow: Workflow,
    team: Team,
    *properties: Property,
    budget: int = 1_000_000,
    scope: Scope = EVERYWHERE,
    at: datetime | None = None,
    policy: Policy = BY_ROLE,
    data: Mapping[str, Mapping[str, Any]] | None = None,
) -> Report:
    """Find out for each of *properties* whether it holds, whatever anybody ever does.

    Args:
        workflow: The definition.
        team: Everybody who is there.
        properties: What is to be proved.
        budget: How many states may be looked at, all in all.
        scope: Where the item belongs.
        at: The moment at which grants have to hold; now, if not said.
        policy: As of the engine.
        data: Data for actions, by their full names, where none can be made up that fits.

    Returns:
        A verdict for each, in their order.

    Raises:
        DefinitionError: A property names what is not there, or nothing could satisfy it.
        WrongArgument: The budget is no number above 0.
    """
    spent = Budget.of(budget)
    moment = datetime.now(UTC) if at is None else at
    setting = Setting(workflow, team, moment, scope, policy, dict(data or {}))
    asked = [(one, _setting_of(setting, one)) for one in properties]
    for one, theirs in asked:
        one.check(theirs.workflow)
        _check_kind(theirs, one)
    trials: dict[str, Trial] = {}
    verdicts: list[Verdict] = []
    for one, theirs in asked:
        key = f"{theirs.workflow.digest}/{id(theirs.team)}"
        if key not in trials:
            same = [other for other, its in asked if its.workflow == theirs.workflow]
            trials[key] = Trial(theirs, tuple(same), spent)
        verdicts.append(attrs.evolve(trials[key].verdict_on(one), setting=theirs))
    more = tuple(dict.fromkeys(told for one in trials.values() for told in one.forgotten))
    return Report(tuple(verdicts), (*FORGOTTEN, *more), sum(one.size for one in trials.values()))


def _setting_of(setting: Setting, one: Property) -> Setting:
    """The setting that a property is about: of the workflow itself, or of items below it."""
    team = one.team if isinstance(one, SomeoneCanAct) and one.team is not None else setting.team
    kind = getattr(one, "kind_below", "")
    if not kind:
        return attrs.evolve(setting, team=team)
    found = tuple(_below(setting.workflow, ()))
    below = dict(found)
    if kind not in below:
        told = f"the workflow has no items of the kind {kind!r} below it"
        raise DefinitionError.because("unknown_child", str(one), told, nearest(kind, below))
    child, told_ = below[kind]
    if any(name == kind and other != child for name, (other, _) in found):
        told = f"different workflows below it are called {kind!r}"
        raise DefinitionError.because("property", str(one), told, "call one of them otherwise")
    return attrs.evolve(setting, workflow=child, team=team, told=told_, is_below=True)


def _below(
    workflow: Workflow, met: tuple[str, ...]
) -> Iterator[tuple[str, tuple[Workflow, tuple[str, ...]]]]:
    """The workflows below one, at any depth, and what those above have them do."""
    actions = (*workflow.actions, *(one for stage in workflow.stages for one in stage.actions))
    effects = [effect for one in actions for effect in one.effects if effect.name == TELL]
    for name, child in workflow.kinds.items():
        if name not in met:
            told = (str(one.data["action"]) for one in effects if one.data["workflow"] == name)
            yield name, (child, tuple(dict.fromkeys(told)))
            yield from _below(child, (*met, name))


def _check_kind(setting: Setting, one: Property) -> None:
    if isinstance(one, Nobody) and one.kind:
        check_kind(sorted({member.kind for member in setting.team.members}), one.kind, str(one))
