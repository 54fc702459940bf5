"""A company's own workflow made from another one: what each change does to the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.moments import Moment
from socialflow.rules import Rule, parameter_values
from socialflow.stages import Action, Parallel, Stage, Step, stages_in

__all__ = ["amended", "inserted", "redirected", "removed", "replaced", "ruled"]


def _place(steps: tuple[Step, ...], name: str, asked: str) -> int:
    for n, step in enumerate(steps):
        if any(stage.name == name for stage in stages_in((step,))):
            return n
    known = [stage.name for stage in stages_in(steps)]
    raise DefinitionError.because(
        "unknown_stage", asked, f"there is no stage {name!r}", nearest(name, known)
    )


def inserted(
    steps: tuple[Step, ...],
    step: Step,
    after: str | None,
    before: str | None,
    beside: str | None,
) -> tuple[Step, ...]:
    """The steps with one more: after, before, or open together with a stage that is there."""
    told = [place for place in (after, before, beside) if place is not None]
    if len(told) != 1:
        raise DefinitionError.because(
            "insert", "insert", "a stage is inserted at one place", "say after=, before= or beside="
        )
    n = _place(steps, told[0], "insert")
    if beside is not None:
        together = Parallel(*stages_in((steps[n], step)), until=_until(steps[n]))
        return (*steps[:n], together, *steps[n + 1 :])
    n += after is not None
    return (*steps[:n], step, *steps[n:])


def _until(step: Step) -> Moment | None:
    return step.until if isinstance(step, Parallel) else None


def _mapped(steps: tuple[Step, ...], change: Callable[[Stage], Stage | None]) -> tuple[Step, ...]:
    made: list[Step] = []
    for step in steps:
        stages = [new for stage in stages_in((step,)) if (new := change(stage)) is not None]
        if len(stages) > 1:
            made.append(Parallel(*stages, until=_until(step)))
        elif stages:
            made.append(stages[0])
    return tuple(made)


def replaced(steps: tuple[Step, ...], name: str, stage: Stage) -> tuple[Step, ...]:
    """The steps with *stage* in the place of the one called *name*."""
    _place(steps, name, "replace")
    return _mapped(steps, lambda old: stage if old.name == name else old)


def amended(
    steps: tuple[Step, ...],
    name: str,
    actions: Iterable[Action],
    drop: Iterable[str],
    changes: Mapping[str, Any],
) -> tuple[Step, ...]:
    """The steps with some things about one stage said anew.

    *actions* take the place of those with the same name, or are added; *drop* names actions to
    leave out; *changes* are other attributes of the stage.
    """
    _place(steps, name, "amend")
    fields = {field.name for field in attrs.fields(Stage)} - {"name", "actions"}
    for field in changes:
        if field == "name":
            raise DefinitionError.because(
                "unknown_key",
                f"amend {name}",
                "a stage keeps its name when it is amended",
                f"replace({name!r}, attrs.evolve(workflow.stage({name!r}), name=...))",
            )
        if field not in fields:
            raise DefinitionError.because(
                "unknown_key",
                f"amend {name}",
                f"a stage has no attribute {field!r} to amend",
                nearest(field, fields),
            )

    def change(stage: Stage) -> Stage:
        if stage.name != name:
            return stage
        return attrs.evolve(stage, actions=_merged(stage, tuple(actions), tuple(drop)), **changes)

    return _mapped(steps, change)


def _merged(stage: Stage, new: tuple[Action, ...], drop: tuple[str, ...]) -> tuple[Action, ...]:
    known = {action.name for action in stage.actions}
    for name in drop:
        if name not in known:
            raise DefinitionError.because(
                "unknown_action",
                f"amend {stage.name}",
                f"there is no action {name!r} to drop",
                nearest(name, known),
            )
    made: list[Action] = []
    renewed = {action.name for action in new}
    for action in stage.actions:
        if action.name in renewed:
            made.extend(one for one in new if one.name == action.name and one not in made)
        elif action.name not in drop:
            made.append(action)
    made.extend(one for one in new if one.name not in known)
    return tuple(made)


def ruled(
    steps: tuple[Step, ...], actions: tuple[Action, ...], rules: Mapping[str, tuple[Rule, ...]]
) -> tuple[tuple[Step, ...], tuple[Action, ...]]:
    """Steps and workflow actions with more rules, by the full name of the action.

    A rule that an action has already is left as it is told there: waived by others, as a warning.

    Raises:
        DefinitionError: There is no action of such a name; with all of them.
    """
    unknown = set(rules)

    def with_more(action: Action, name: str) -> Action:
        unknown.discard(name)
        known = [(one.name, one.parameters) for one in action.rules]
        more = [one for one in rules.get(name, ()) if (one.name, one.parameters) not in known]
        return attrs.evolve(action, rules=(*action.rules, *more)) if more else action

    def change(stage: Stage) -> Stage:
        own = [with_more(action, f"{stage.name}.{action.name}") for action in stage.actions]
        return attrs.evolve(stage, actions=own)

    made = _mapped(steps, change), tuple(with_more(action, action.name) for action in actions)
    if unknown:
        own = (f"{stage.name}.{one.name}" for stage in stages_in(steps) for one in stage.actions)
        known = (*own, *(action.name for action in actions))
        raise DefinitionError(tuple(_unknown_action(name, known) for name in sorted(unknown)))
    return made


def _unknown_action(name: str, known: Iterable[str]) -> Finding:
    return Finding(
        "unknown_action", "with_rules", f"there is no action {name!r}", nearest(name, known)
    )


def removed(
    steps: tuple[Step, ...],
    actions: tuple[Action, ...],
    names: tuple[str, ...],
    redirect: Mapping[str, str],
) -> tuple[tuple[Step, ...], tuple[Action, ...]]:
    """Steps and workflow actions without the stages called *names*.

    Tuples of sources and targets shrink; a target that would be empty goes where *redirect* says.

    Raises:
        DefinitionError: What still refers to a stage that is gone, all of it.
    """
    for name in names:
        _place(steps, name, "without")
    kept = _mapped(steps, lambda stage: None if stage.name in names else stage)
    findings: list[Finding] = []

    def elsewhere(where: str, action: Action) -> Action:
        goto = redirected(action.goto, names, redirect)
        if action.goto and not goto:
            findings.append(_dangling(f"{where} / {action.name}", action.goto))
        return attrs.evolve(action, goto=goto or action.goto)

    def sources_left(action: Action) -> tuple[str, ...]:
        left = []
        for source in action.sources:
            word, _, stage = source.rpartition(" ")
            stage = stage.split(".")[0]
            if stage not in names:
                left.append(source)
            elif stage in redirect:
                left.append(f"{word} {redirect[stage]}".lstrip())
            elif word:
                findings.append(_dangling(f"workflow / {action.name}", (source,)))
        return tuple(left)

    def named_by(where: str, rules: Iterable[Rule]) -> None:
        for rule in rules:
            for values in parameter_values(rule, rule.kind.names_stages).values():
                gone = tuple(value for value in values if value in names)
                if gone:
                    findings.append(_dangling(where, gone))

    def named_in(where: str, action: Action) -> None:
        named_by(where, action.rules)
        for ballot in action.ballots:
            named_by(f"{where} / {ballot.name}", ballot.when)

    def without(stage: Stage) -> Stage:
        named_by(f"{stage.name} / enter", stage.enter)
        for action in stage.actions:
            named_in(f"{stage.name} / {action.name}", action)
        own = [elsewhere(stage.name, action) for action in stage.actions]
        return attrs.evolve(stage, actions=own)

    kept = _mapped(kept, without)
    left = [(elsewhere("workflow", action), sources_left(action)) for action in actions]
    for action in actions:
        named_in(f"workflow / {action.name}", action)
    if findings:
        raise DefinitionError(tuple(findings))
    return kept, tuple(attrs.evolve(a, sources=sources) for a, sources in left if sources)


def redirected(
    goto: tuple[str, ...], names: tuple[str, ...], redirect: Mapping[str, str]
) -> tuple[str, ...]:
    """The targets, those that are gone left out or replaced; each once."""
    made = (redirect.get(name, name) for name in goto if name in redirect or name not in names)
    return tuple(dict.fromkeys(made))


def _dangling(where: str, gone: tuple[str, ...]) -> Finding:
    return Finding(
        "dangling",
        where,
        f"it names {', '.join(gone)}, which would be gone",
        "say where instead: redirect={...}, or amend the action first",
    )
