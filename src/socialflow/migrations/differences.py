"""Differences: what one definition says otherwise than another, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.forms import describe_field, fields_of
from socialflow.plain import canonical, freeze
from socialflow.stages import Action, Stage, describe

__all__ = ["Changed", "Difference", "diff"]

KINDS = (
    *("order", "stage", "state", "end", "action", "target", "rule", "ballot"),
    *("role", "right", "field", "content", "child"),
)
"""The kinds of parts, in the order in which they are told."""

ELSEWHERE = ("name", "sources", "target", "goto", "rules", "ballots")
"""Attributes of an action that are parts of their own, or its name."""

OF_A_STAGE = ("role", "done", "signs", "releases", "follows", "lease")


@attrs.frozen
class Changed:
    """One part that is not the same.

    Attributes:
        kind: ``"stage"``, ``"state"``, ``"action"``, ``"rule"``, ``"role"``, ``"field"`` ...
        name: Which: ``"approval.approve"``; of a kind below, ``"publication/out.publish"``.
        was: What it was, as plain data; None if it is new.
        now: What it is; None if it is gone.
    """

    kind: str
    name: str
    was: Any = attrs.field(default=None, converter=freeze)
    now: Any = attrs.field(default=None, converter=freeze)

    @property
    def how(self) -> str:
        """``"added"``, ``"removed"`` or ``"changed"``."""
        if self.was is None:
            return "added"
        return "removed" if self.now is None else "changed"

    def __str__(self) -> str:
        sign = {"added": "+", "removed": "-", "changed": "~"}[self.how]
        return f"{sign} {self.kind} {self.name}{self._told}"

    @property
    def _told(self) -> str:
        if self.how != "changed":
            return ""
        if not (isinstance(self.was, Mapping) and isinstance(self.now, Mapping)):
            return f": {_text(self.was)} -> {_text(self.now)}"
        names = [
            name for name in {**self.was, **self.now} if self._at(name)[0] != self._at(name)[1]
        ]
        told = (f"{one} {_text(self._at(one)[0])} -> {_text(self._at(one)[1])}" for one in names)
        return f": {'; '.join(told)}"

    def _at(self, name: str) -> tuple[Any, Any]:
        return self.was.get(name), self.now.get(name)


def _text(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else canonical(value)


@attrs.frozen
class Difference:
    """Everything in which two definitions differ.

    Attributes:
        old: Name and version of the one.
        new: Name and version of the other.
        changes: What is added, removed and changed: by kind, then in reading order.
    """

    old: str
    new: str
    changes: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, how: str) -> tuple[Changed, ...]:
        """What is ``"added"``, ``"removed"`` or ``"changed"``."""
        return tuple(one for one in self.changes if one.how == how)

    def to_json(self) -> dict[str, Any]:
        """The difference as plain JSON data."""
        told = [{"how": one.how, **attrs.asdict(one, recurse=False)} for one in self.changes]
        return {"old": self.old, "new": self.new, "changes": told}

    def __str__(self) -> str:
        told = map(str, self.changes) if self.changes else ("nothing is different",)
        return "\n".join((f"{self.old} -> {self.new}", *told))


def diff(old: Workflow, new: Workflow) -> Difference:
    """What *new* says otherwise than *old*; of what is new or gone as a whole, not its parts.

    Example:
        >>> from socialflow import Action, Stage, Workflow
        >>> desk = Stage("desk", ("open", "done"), actions=[Action("finish", "open", "done")])
        >>> post = Workflow("post", [desk])
        >>> print(diff(post, post.amend("desk", role="editor").named("post", "2")))
        post 1 -> post 2
        ~ stage desk: role none -> editor
    """
    was, now = dict(_parts(old)), dict(_parts(new))
    found = [Changed(*key, was.get(key), now.get(key)) for key in {**now, **was}]
    changes = [one for one in found if one.was != one.now]
    whole = {(one.kind, one.name) for one in changes if one.how != "changed"}
    told = [one for one in changes if whole.isdisjoint(_above(one))]
    told += _below(old, new)
    order = {name: n for n, name in enumerate(KINDS)}
    told.sort(key=lambda one: ("/" in one.name, order[one.kind]))
    return Difference(f"{old.name} {old.version}", f"{new.name} {new.version}", tuple(told))


def _above(one: Changed) -> Iterator[tuple[str, str]]:
    """The parts that a part belongs to."""
    owner = one.name.partition(":")[0]
    if one.kind in ("target", "rule", "ballot"):
        yield "action", owner
        yield "stage", owner
    if one.kind in ("state", "action", "target", "rule", "ballot"):
        yield "stage", owner.partition(".")[0]


def _below(old: Workflow, new: Workflow) -> Iterator[Changed]:
    """What is different about the kinds below that both have."""
    for name in old.kinds.keys() & new.kinds.keys():
        for one in diff(old.kinds[name], new.kinds[name]).changes:
            yield attrs.evolve(one, name=f"{name}/{one.name}")


Part = tuple[tuple[str, str], Any]


def _parts(workflow: Workflow) -> Iterator[Part]:
    yield ("order", "of the stages"), [_step(step) for step in describe(workflow)["steps"]]
    for stage in workflow.stages:
        yield from _stage(stage)
    for action in workflow.actions:
        yield from _action("", action)
    yield from ((("end", name), "an end") for name in workflow.ends)
    yield from ((("role", role.key), _mapping(describe(role), "key")) for role in workflow.roles)
    yield from ((("right", name), list(roles)) for name, roles in workflow.rights.items())
    for form in filter(None, (workflow.fields, *(stage.fields for stage in workflow.stages))):
        for name, field in fields_of(form).items():
            yield ("field", name), describe_field(form, field)
    yield ("content", "of a revision"), sorted(workflow.content)
    yield ("content", "that nobody edits"), sorted(workflow.fixed)
    yield from ((("child", name), "below") for name in workflow.kinds)


def _mapping(told: Any, name: str) -> Any:
    """A part as a mapping, also where its name is all that is said about it."""
    return told if isinstance(told, Mapping) else {name: told}


def _step(told: Mapping[str, Any]) -> Any:
    if "parallel" not in told:
        return told["name"]
    together = " + ".join(one["name"] for one in told["parallel"])
    return f"({together} until {told['until']})" if "until" in told else f"({together})"


def _stage(stage: Stage) -> Iterator[Part]:
    yield ("stage", stage.name), {one: describe(getattr(stage, one)) for one in OF_A_STAGE}
    for state in stage.states:
        editors = list(stage.may_edit.get(state, ()))
        yield ("state", stage.full(state)), {"edited by": editors}
    yield from ((("rule", f"{stage.name}: enter, {_rule(one)}"), "asked") for one in stage.enter)
    for action in stage.actions:
        yield from _action(f"{stage.name}.", action)


def _action(stage: str, action: Action) -> Iterator[Part]:
    full = f"{stage}{action.name}"
    told = _mapping(describe(action), "name")
    yield ("action", full), {one: value for one, value in told.items() if one not in ELSEWHERE}
    yield ("target", f"{full}: from"), list(action.sources)
    if action.goto or action.target is not None:
        yield ("target", f"{full}: to"), list(action.goto or (action.target,))
    yield from ((("rule", f"{full}: {_rule(one)}"), "asked") for one in action.rules)
    for ballot in action.ballots:
        yield ("ballot", f"{full}: {ballot.name}"), _mapping(describe(ballot), "name")


def _rule(rule: Any) -> str:
    told = describe(rule)
    if isinstance(told, str):
        return told
    more = ", ".join(f"{name}={_text(freeze(one))}" for name, one in told.items() if name != "rule")
    return f"{told['rule']}({more})"
