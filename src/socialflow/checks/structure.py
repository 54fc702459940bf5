"""What is structurally wrong about a workflow: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from socialflow.checks.ballots import wrong_ballots
from socialflow.checks.children import wrong_children
from socialflow.checks.fields import wrong_fields
from socialflow.checks.names import duplicates, named, wrong_names
from socialflow.checks.roles import wrong_rights, wrong_roles
from socialflow.checks.times import wrong_times
from socialflow.errors import Finding, nearest
from socialflow.people import ANYONE
from socialflow.places import path, rules_in
from socialflow.rules import Rule, parameter_values
from socialflow.stages import Action, Stage, stages_in
from socialflow.standing import RESERVED_NAMES

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["errors_in"]


def errors_in(workflow: Workflow) -> Iterator[Finding]:
    """Everything for which the workflow cannot be made."""
    yield from wrong_names(workflow)
    stages = tuple(stages_in(workflow.steps))
    for stage in stages:
        yield from _stage(workflow, stage)
    for action in workflow.actions:
        yield from _workflow_action(workflow, action)
    yield from wrong_fields(workflow, stages)
    yield from wrong_roles(workflow, stages)
    for where, rule in rules_in(workflow):
        yield from _rule(workflow, stages, path(workflow.name, where), rule)
    yield from wrong_rights(workflow)
    yield from wrong_ballots(workflow)
    yield from wrong_times(workflow)
    yield from wrong_children(workflow)


def _stage(workflow: Workflow, stage: Stage) -> Iterator[Finding]:
    where = path(workflow.name, stage.name)
    if not stage.states:
        yield Finding("empty", where, "a stage has at least one state", "states=('open', 'done')")
    yield from named(where, "a state", stage.states)
    yield from duplicates(where, "state", stage.states)
    if not stage.done and not _leads_to_an_end(workflow, stage):
        yield Finding("empty", where, "a stage has at least one done state", "say done=")
    yield from _known_states(where, "done names", stage.done, stage)
    yield from _known_states(where, "may_edit names", stage.may_edit, stage)
    if stage.signs not in (None, "revision", "visit"):
        yield Finding(
            "signs", where, f"a stage cannot sign {stage.signs!r}", "sign 'revision' or 'visit'"
        )
    taken: set[tuple[str, str]] = set()
    for action in stage.actions:
        yield from _stage_action(workflow, stage, action)
        for source in action.sources:
            if (action.name, source) in taken:
                yield Finding(
                    "duplicate",
                    path(where, action.name),
                    f"two actions of that name leave {source!r}",
                    "give one another name, or other sources",
                )
            taken.add((action.name, source))


def _leads_to_an_end(workflow: Workflow, stage: Stage) -> bool:
    """Whether it is the last step, and left for an end: then nobody takes over from it."""
    is_last = workflow.places.get(stage.name) == len(workflow.steps) - 1
    ends = {to for action in stage.actions for to in action.goto if to.startswith("end.")}
    return is_last and bool(ends)


def _known_states(where: str, word: str, names: Iterable[str], stage: Stage) -> Iterator[Finding]:
    for name in names:
        if name not in stage.states:
            yield Finding(
                "unknown_state",
                where,
                f"{word} the state {name!r}, which {stage.name} does not have",
                nearest(name, stage.states),
            )


def _stage_action(workflow: Workflow, stage: Stage, action: Action) -> Iterator[Finding]:
    where = path(workflow.name, stage.name, action.name)
    yield from _action(where, action)
    yield from _known_states(where, "it leaves", action.sources, stage)
    if action.target is not None:
        yield from _known_states(where, "it goes to", (action.target,), stage)
        if action.goto:
            yield Finding("target", where, "it has both target and goto", "say one of them")
    place = workflow.places
    group = workflow.together(stage.name)
    for name in action.goto:
        yield from _known_goto(workflow, where, name)
        if name in place and name != stage.name and name in group:
            yield Finding(
                "sibling",
                where,
                f"it goes to {name}, which is open together with {stage.name}",
                "stages of one Parallel do not move each other",
            )
        elif name in place and place[name] > place[stage.name]:
            yield Finding(
                "ahead",
                where,
                f"it goes to {name}, which lies ahead of {stage.name}",
                "forward goes only through done, so that no stage in between is skipped",
            )


def _known_goto(workflow: Workflow, where: str, name: str) -> Iterator[Finding]:
    ends = [f"end.{end}" for end in workflow.ends]
    if name not in workflow.places and name not in ends:
        yield Finding(
            "unknown_stage",
            where,
            f"it goes to {name!r}, which is neither a stage nor an end",
            nearest(name, [*workflow.places, *ends]),
        )


def _action(where: str, action: Action) -> Iterator[Finding]:
    yield from named(where, "an action", (action.name,))
    if action.name in RESERVED_NAMES:
        yield Finding(
            "reserved", where, f"{action.name!r} is a command of every workflow", "rename it"
        )
    if not action.sources:
        yield Finding("empty", where, "an action leaves at least one state", "say its sources")
    if action.by_system and action.data is not None:
        yield Finding(
            "automatic", where, "an action of the system cannot ask for data", "leave data= out"
        )
    if action.by_system and len(action.goto) > 1:
        yield Finding(
            "automatic", where, "an action of the system cannot choose a target", "name one target"
        )


def _workflow_action(workflow: Workflow, action: Action) -> Iterator[Finding]:
    where = path(workflow.name, action.name)
    yield from _action(where, action)
    if action.target is not None:
        yield Finding("target", where, "an action of the workflow has no own states", "use goto=")
    if action.roles is None and not action.by_system and not action.ballots:
        yield Finding("no_role", where, "no stage lends it a role", "say roles=")
    for name in action.goto:
        yield from _known_goto(workflow, where, name)
    states = workflow.states
    for source in action.sources:
        name = source.removeprefix("before ")
        if name != ANYONE and name not in workflow.places and name not in states:
            yield Finding(
                "unknown_state",
                where,
                f"it leaves {source!r}, which is no state, stage or selector",
                nearest(name, [*workflow.places, *states, "*"]),
            )
    sources = workflow.sources(action)
    for stage in stages_in(workflow.steps):
        for own in stage.actions:
            if own.name == action.name and {*map(stage.full, own.sources)} & {*sources}:
                yield Finding(
                    "duplicate",
                    where,
                    f"an action of {stage.name} has that name and leaves the same state",
                    "give one another name, or other sources",
                )
    for source in sources:
        place = workflow.places.get(source.split(".")[0])
        for name in action.goto:
            if place is not None and workflow.places.get(name, -1) > place:
                yield Finding(
                    "ahead",
                    where,
                    f"from {source} it goes to {name}, which lies ahead",
                    "leave that source out: forward goes only through done",
                )


def _rule(
    workflow: Workflow, stages: tuple[Stage, ...], where: str, rule: Rule
) -> Iterator[Finding]:
    named = {stage.name for stage in stages}
    for word, names, known in (
        ("field", rule.kind.names_fields, set(workflow.declared)),
        ("stage", rule.kind.names_stages, named),
        ("mark", rule.kind.names_marks, set(workflow.marks)),
    ):
        for values in parameter_values(rule, names).values():
            for value in values:
                if not isinstance(value, str):
                    yield Finding(
                        "rule_parameters",
                        where,
                        f"the rule {rule.name!r} names a {word} by a text, not {value!r}",
                        nearest(str(value), known),
                    )
                elif value not in known:
                    yield Finding(
                        f"unknown_{word}",
                        where,
                        f"the rule {rule.name!r} names the {word} {value!r}, which is not there",
                        nearest(value, known),
                    )
