"""Concrete: a trace as calls of an engine, on the definition as it is, with nothing scripted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.items import Command
from socialflow.people import EVERYWHERE
from socialflow.plain import FrozenDict
from socialflow.queries import Duties
from socialflow.verify.replays import Performance, Replay, Unplayed
from socialflow.verify.steps import Step

__all__ = ["Concrete"]


@attrs.define
class Concrete(Performance):
    """A trace being carried out for real, and what that is as source text.

    Attributes:
        lines: The calls so far: ``item = engine.create(...).id``, ``engine.perform(item, ...)``.
    """

    lines: list[str] = attrs.field(factory=list)

    def _workflow(self) -> Workflow:
        return self.setting.workflow

    def played(self) -> Replay:
        """Step by step, until one comes to something else."""
        self.now = self.setting.at
        return super().played()

    def _step(self, step: Step, id: str, n: int) -> str:
        if step.kind == "born":
            (order,) = step.orders
            scope = self.setting.scope
            more = [f"scope={scope!r}"] if scope != EVERYWHERE else []
            self._say("item = engine.create", self.setting.workflow.name, order, more, ".id")
            return self._born(order)
        if step.kind in ("asked", "voted", "forced"):
            return super()._step(step, id, n)
        if step.kind in ("due", "date"):
            self.now = self._due(id)
            self.lines += [f"now = datetime.fromisoformat({self.now.isoformat()!r})"]
            self.lines += ["engine.run_due()"]
            self.engine.run_due(self.now)
            return id
        raise Unplayed(f"what is {step.kind} is not played")

    def _due(self, id: str) -> datetime:
        """When the next thing happens to the item by itself."""
        times = [one.due for one in self.store.rows(Duties(item=id)) if one.due is not None]
        if not times:
            raise Unplayed("nothing falls due")
        return min(times)

    def _ordered(self, id: str, order: Command, n: int) -> None:
        told = attrs.evolve(order, data=self._data(id, order, n))
        more = [f"to={told.to!r}"] if told.to is not None else []
        self._say("engine.perform", "", told, more)
        super()._ordered(id, order, n)

    def _say(self, call: str, name: str, order: Command, more: list[str], end: str = "") -> None:
        first = [repr(name)] if name else ["item", repr(order.action)]
        data = [f"data={_thawed(order.data)!r}"] if order.data else []
        told = ", ".join([*first, f"by={order.by!r}", *data, *more])
        self.lines.append(f"{call}({told}){end}")

    def open_to(self, id: str) -> Iterator[str]:
        """What anybody may ask for."""
        for member in self.setting.team.members:
            for one in self.engine.options(id, by=member.id):
                if one.answer != "no":
                    yield one.action


def _thawed(value: Any) -> Any:
    """A value as one writes it."""
    if isinstance(value, FrozenDict):
        return {name: _thawed(one) for name, one in value.items()}
    return [_thawed(one) for one in value] if isinstance(value, tuple) else value
