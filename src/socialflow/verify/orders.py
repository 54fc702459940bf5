"""Orders: every command that somebody may give in a state, with data of every sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialflow.forms import fields_of
from socialflow.items import Command
from socialflow.people import SYSTEM, Member
from socialflow.plain import EMPTY, FrozenDict, freeze
from socialflow.verify.models import Model
from socialflow.verify.samples import combined, needed, sample
from socialflow.verify.states import State
from socialflow.ways import Way

__all__ = ["Orders"]

SAME = ...
"""What stands for leaving a field as it is."""


@attrs.frozen
class Orders:
    """What may be asked for."""

    model: Model

    def births(self) -> Iterator[tuple[Command, Member]]:
        """Commands that bring an item into being."""
        way = self.model.plan.birth("create")
        form = self.model.setting.workflow.fields
        base = {**(needed(form) if form else {}), **self.model.setting.data.get("create", {})}
        choices = self._choices(self.model.own_fields, {}, base)
        for member in self.model.doers(way):
            for data in combined(base, choices):
                yield self._command("create", member, data or None), member

    def spawnings(self) -> Iterator[Command]:
        """Commands by which an item above brings it into being."""
        form = self.model.setting.workflow.fields
        base = needed(form) if form else {}
        for data in combined(base, self._choices(self.model.own_fields, {}, base)):
            yield self._command("create", SYSTEM, data or None)

    def of(self, state: State) -> Iterator[tuple[Way, Command, Member]]:
        """Commands that may be given in a state; what each is about."""
        for way in self.ways(state):
            if way.ballots and not self.model.view.everybody:
                continue
            for member in self._doers(way, state):
                for command in self.by(member, way, state):
                    yield way, command, member

    def _doers(self, way: Way, state: State) -> Iterator[Member]:
        """Whoever may ask for it; what may be undone is undone by whoever did it."""
        model = self.model
        if way.name != "undo":
            groups = model.sorts.groups(state.item, model.doers(way))
            yield from (group[0] for group in groups)
        elif state.past is not None:
            did = state.past.by
            for one in model.allowed(way):
                if one.id == did or did in model.acting_for(one):
                    yield one

    def by(self, member: Member, way: Way, state: State) -> Iterator[Command]:
        """Commands by which one member may ask for one thing in a state."""
        for data in self.data(way, state):
            for to in way.choices or (None,):
                yield self._command(way.full, member, data, to)

    def ways(self, state: State) -> Iterator[Way]:
        """What may be asked for in a state."""
        seen: set[tuple[str, str]] = set()
        for token in state.item.tokens:
            for way in self.model.plan.listed[token.state]:
                key = way.full, way.stage if way.name in ("claim", "release") else ""
                if key not in seen and way.name != "force" and self.model.is_taken(way):
                    seen.add(key)
                    yield way

    def _command(
        self, name: str, member: Member, data: FrozenDict | None = None, to: str | None = None
    ) -> Command:
        return Command(name, member.id, self.model.setting.at, data, to)

    # -- data

    def data(self, way: Way, state: State) -> Iterator[FrozenDict | None]:
        """Data of every sort for it."""
        if way.name == "edit" and way.action is None:
            yield from self._edits(state)
        elif way.name == "assign" and way.action is None:
            for stage in sorted(self.model.places or {way.stage}):
                for other in self.model.crew.members:
                    yield FrozenDict({"member": other.id, "stage": stage})
        elif way.name in ("claim", "release") and way.action is None:
            yield FrozenDict({"stage": way.stage})
        elif way.name == "vote" and way.action is None:
            yield from self._papers(state)
        elif way.form is None:
            yield None
        else:
            given = self.model.setting.data.get(way.full, {})
            base = {**needed(way.form), **given}
            kept = {name: one for name, one in fields_of(way.form).items() if name in way.keeps}
            for data in combined(base, self._choices(kept, state.item.data, base, _former(state))):
                yield data or None

    def _papers(self, state: State) -> Iterator[FrozenDict]:
        for token in state.item.tokens:
            for way in self.model.plan.balloted.get(token.state, ()):
                if way.action is not None and not way.choices and way.form is None:
                    yield FrozenDict({"action": way.full, "choice": "abstain"})

    def _edits(self, state: State) -> Iterator[FrozenDict]:
        editable = self.model.plan.editable
        choices = self._choices(editable, state.item.data, {}, _former(state))
        for data in combined({}, choices):
            if data:
                yield data
        for name, field in editable.items():
            if name not in self.model.hidden and name not in self.model.values:
                yield FrozenDict({name: freeze(sample(field.type))})
                return

    def _choices(
        self,
        fields: Mapping[str, attrs.Attribute[Any]],
        now: Mapping[str, Any],
        base: Mapping[str, Any],
        former: int = 0,
    ) -> dict[str, tuple[Any, ...]]:
        """For each field that makes a difference, what it may be told to be."""
        model = self.model
        choices: dict[str, tuple[Any, ...]] = {}
        for name, values in model.values.items():
            if name in fields:
                optional = base is EMPTY or name not in needed_names(fields)
                told = tuple(one for one in values if one is not None)
                absent = () if base else (None,)
                choices[name] = ((SAME,) if optional else ()) + told + absent
        writing = [name for name in fields if name in model.hidden]
        if model.carrier in writing:
            choices[model.carrier] = self._texts(
                fields[model.carrier], now, former, is_needed=model.carrier in base
            )
        elif writing and not any(name in base for name in writing):
            choices[writing[0]] = SAME, sample(fields[writing[0]].type)
        return choices

    def _texts(
        self, field: attrs.Attribute[Any], now: Mapping[str, Any], former: int, *, is_needed: bool
    ) -> tuple[Any, ...]:
        """The content as it is, another that nobody has seen, and those that were voted on."""
        carrier = self.model.carrier
        if not now:
            return (SAME,) if is_needed else (SAME, sample(field.type))
        current = now.get(carrier)
        if not isinstance(sample(field.type), str):
            return (SAME, sample(field.type))
        others = tuple(f"text {n}" for n in range(1, former + 1))
        return (*(() if is_needed else (SAME,)), current, "another text", *others)


def _former(state: State) -> int:
    """How many former contents there are at most that somebody has voted on."""
    return len({vote.revision for vote in state.item.votes})


def needed_names(fields: Mapping[str, attrs.Attribute[Any]]) -> frozenset[str]:
    """Fields that have to be told."""
    return frozenset(name for name, one in fields.items() if one.default is attrs.NOTHING)
