"""Coverage of definitions: which states, actions, outcomes of rules and refusals tests have met."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from threading import Lock
from typing import Any

import attrs

from socialflow.cases import NO_FACTS, Case, Facts
from socialflow.definitions import Workflow
from socialflow.errors import Refusal
from socialflow.items import Command, Event, Item
from socialflow.judges import Judge, Reader
from socialflow.judging import way_for
from socialflow.people import ANYONE, SYSTEM, Member
from socialflow.plans import plan_of
from socialflow.stages import describe

__all__ = ["Coverage", "Covered"]


@attrs.frozen
class Covered:
    """How much of one workflow has been met.

    Attributes:
        workflow: Its name.
        parts: By what is counted, everything there is, and how often it was met.
    """

    workflow: str
    parts: dict[str, dict[str, int]]

    @property
    def missing(self) -> tuple[str, ...]:
        """What was never met, in words."""
        return tuple(
            f"{part}: {name}"
            for part, all_ in self.parts.items()
            for name, n in all_.items()
            if not n
        )

    @property
    def ratio(self) -> float:
        """How much of all that there is was met, from 0 to 1."""
        counts = [n for all_ in self.parts.values() for n in all_.values()]
        return sum(n > 0 for n in counts) / len(counts) if counts else 1.0

    def __str__(self) -> str:
        told = [
            f"{sum(n > 0 for n in all_.values())} of {len(all_)} {part}"
            for part, all_ in self.parts.items()
        ]
        lines = [f"{self.workflow}: {', '.join(told)}"]
        lines += [f"  never met, {one}" for one in self.missing]
        return "\n".join(lines)


class Coverage:
    """Watches every engine of this process while it lasts, and says what of a workflow was met.

    Example:
        >>> from socialflow import Action, Engine, Stage, Team
        >>> from socialflow.stores.memory import MemoryStore
        >>> finish = Action("finish", "open", "done")
        >>> note = Workflow("note", [Stage("write", ("open", "done"), role="w", actions=[finish])])
        >>> with Coverage() as coverage:
        ...     engine = Engine(MemoryStore(), note, Team([Member("ann", "w")]))
        ...     item = engine.perform(engine.create("note", by="ann").id, "finish", by="ann")
        >>> print(coverage.of(note))
        note: 3 of 3 states, 1 of 1 actions, 0 of 0 outcomes of rules, 0 of 1 refusals
          never met, refusals: write.finish to somebody without the role
    """

    def __init__(self) -> None:
        self._met: dict[str, Counter[tuple[str, str]]] = {}
        self._workflows: dict[str, Workflow] = {}
        self._lock = Lock()
        self._undo: list[Any] = []

    def __enter__(self) -> Coverage:
        decided, born = Judge.decide, Judge.found

        def watched(
            judge: Judge,
            reader: Reader,
            item: Item,
            command: Command,
            member: Member,
            facts: Facts = NO_FACTS,
        ) -> Event | Refusal:
            outcome = decided(judge, reader, item, command, member, facts)
            workflow = judge.shelf.pinned(item.workflow)
            known = judge.inside(reader, item, facts, command.action)
            self._meet(workflow, item, command, member, known, outcome)
            return outcome

        def watched_birth(judge: Judge, workflow: Workflow, *told: Any, **more: Any) -> Any:
            outcome = born(judge, workflow, *told, **more)
            if isinstance(outcome, Event):
                self._add(workflow, "states", *(move.target for move in outcome.moves))
            return outcome

        Judge.decide, Judge.found = watched, watched_birth  # type: ignore[assignment,method-assign]
        self._undo.append((decided, born))
        return self

    def __exit__(self, *_: object) -> None:
        Judge.decide, Judge.found = self._undo.pop()  # type: ignore[method-assign]

    @property
    def workflows(self) -> tuple[Covered, ...]:
        """What was met of every workflow that was met at all, by name."""
        return tuple(self.of(self._workflows[d]) for d in sorted(self._workflows, key=self._name))

    def _name(self, digest: str) -> str:
        return self._workflows[digest].name

    def of(self, workflow: Workflow) -> Covered:
        """What was met of a workflow, everything that there is included."""
        met = self._met.get(workflow.digest, Counter())
        parts: dict[str, dict[str, int]] = {
            "states": {},
            "actions": {},
            "outcomes of rules": {},
            "refusals": {},
        }
        for part, name in _all_of(workflow):
            parts[part][name] = met[part, name]
        return Covered(workflow.name, parts)

    def __str__(self) -> str:
        return "\n".join(map(str, self.workflows))

    def to_json(self) -> str:
        """The same for programs: by workflow, by what is counted, how often it was met."""
        told = {one.workflow: {"ratio": round(one.ratio, 4), **one.parts} for one in self.workflows}
        return json.dumps(told, indent=2)

    # -- what is met

    def _add(self, workflow: Workflow, part: str, *names: str) -> None:
        with self._lock:
            self._workflows[workflow.digest] = workflow
            met = self._met.setdefault(workflow.digest, Counter())
            met.update((part, name) for name in names)

    def _meet(
        self,
        workflow: Workflow,
        item: Item,
        command: Command,
        member: Member,
        facts: Facts,
        outcome: Event | Refusal,
    ) -> None:
        if isinstance(outcome, Event):
            causes = [move.cause for move in outcome.moves]
            self._add(workflow, "actions", *dict.fromkeys((outcome.action, *causes)))
            self._add(workflow, "states", *(move.target for move in outcome.moves))
        elif {"role", "denied"} & {*outcome.codes}:
            self._add(workflow, "refusals", f"{outcome.action} to somebody without the role")
        way = way_for(plan_of(workflow), item, command)
        if isinstance(way, Refusal):
            return
        persons = (member.id,)
        case = Case(
            workflow, item, command, member, persons, way.full, way.roles, way.denied, facts
        )
        for rule in (*way.rules, *way.advice):
            if not rule.kind.reads_data:
                how = "objects" if rule.objections(case) else "holds"
                self._add(workflow, "outcomes of rules", f"{_told(rule)} of {way.full} {how}")
            elif isinstance(outcome, Event):
                self._add(workflow, "outcomes of rules", f"{_told(rule)} of {way.full} holds")
            elif rule.name in outcome.codes:
                self._add(workflow, "outcomes of rules", f"{_told(rule)} of {way.full} objects")


def _told(rule: Any) -> str:
    said = describe(rule)
    if isinstance(said, str):
        return said
    given = ", ".join(f"{name}={value!r}" for name, value in rule.parameters.items())
    return f"{'~' if rule.negated else ''}{rule.kind.name}({given})"


def _all_of(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Everything that can be met, by what it is."""
    yield from (("states", state) for state in workflow.states)
    own = [
        (f"{stage.name}.{one.name}", one, stage.role)
        for stage in workflow.stages
        for one in stage.actions
    ]
    for full, action, roles in (*own, *((one.name, one, ()) for one in workflow.actions)):
        yield "actions", full
        if action.by_system:
            continue
        for rule in action.rules:
            for how in ("holds", "objects"):
                yield "outcomes of rules", f"{_told(rule)} of {full} {how}"
        opening = {*(roles if action.roles is None else action.roles)}
        if not opening & {ANYONE, SYSTEM.id}:
            yield "refusals", f"{full} to somebody without the role"
