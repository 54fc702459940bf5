"""Replays: a trace carried out by the engine, and whether it comes to the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialflow.decisions import apply
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import SocialflowError
from socialflow.items import Command, Item
from socialflow.people import SYSTEM, Member
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import History
from socialflow.stores.memory import MemoryStore
from socialflow.verify.chances import spoken
from socialflow.verify.happenings import Happening, happening
from socialflow.verify.models import Model, Setting
from socialflow.verify.playing import (
    ABOVE,
    AGAIN,
    SOON,
    SOONER,
    Script,
    above,
    playable,
    retrying,
    telling,
)
from socialflow.verify.properties import BROKEN, Safety
from socialflow.verify.rewritten import fields_read, rules_of
from socialflow.verify.samples import needed
from socialflow.verify.steps import Step
from socialflow.verify.traces import Trace
from socialflow.verify.views import View

__all__ = ["Performance", "Replay", "Unplayed", "replay", "replayed"]


@attrs.frozen
class Replay:
    """What came of it.

    Attributes:
        told: What has happened, as the history has it.
        why: Why it came to something else; empty if it came to the same.
        item: The item as it is at last; None if there is none.
    """

    told: tuple[Happening, ...]
    why: str = ""
    item: Item | None = None

    def breaks(self, setting: Setting, safety: Safety) -> bool:
        """Whether what happened breaks a property."""
        book = safety.begin()
        for one in self.told:
            book = safety.after(setting.workflow, book, one)
            if book is BROKEN:
                return True
        return False


def replay(
    setting: Setting,
    trace: Trace,
    store: Store | None = None,
    decided: frozenset[str] | None = None,
) -> Replay:
    """Carry out *trace* by an engine on *store*, in memory if none is given.

    Undecided rules say what the trace says they do, and so do rules about fields that are not among
    those *decided*, if these are given; everything else is decided by the engine.
    """
    on = MemoryStore() if store is None else store
    return Performance(setting, trace, on, decided).played()


def replayed(
    setting: Setting, trace: Trace, names: tuple[str, ...], store: Store | None = None
) -> Replay:
    """Carry out a trace that depends on some rules, by their *names*, and on nothing else."""
    named = {one.removeprefix("not ") for one in names}
    theirs = (fields_read(one) for one in rules_of(setting.workflow) if spoken(one) in named)
    undecided = frozenset[str]().union(*theirs)
    return replay(setting, trace, store, frozenset(setting.workflow.declared) - undecided)


@attrs.define
class Performance:
    """A trace being carried out, in a workflow whose undecided rules follow a script."""

    setting: Setting
    trace: Trace
    store: Store
    decided: frozenset[str] | None
    now: datetime = attrs.field(init=False)
    script: Script = attrs.field(factory=Script)
    engine: Engine = attrs.field(init=False)
    model: Model = attrs.field(init=False)
    above: str = attrs.field(init=False, default="")

    def __attrs_post_init__(self) -> None:
        told = self.setting
        self.now = told.at
        self.model = Model(told, View(everybody=True, kinds=True))
        self.engine = Engine(
            self.store, self._workflow(), told.team, policy=told.policy, clock=lambda: self.now
        )

    def _workflow(self) -> Workflow:
        """What the engine is given."""
        told = self.setting
        due = frozenset(one.told.asked for one in self.trace.steps if one.kind == "due")
        played = playable(told.workflow, self.script, due, self.decided, spawned=told.is_below)
        if any(one.kind == "again" for one in self.trace.steps):
            played = retrying(played)
        return above(played, told.told) if self._is_told else played

    def played(self) -> Replay:
        """Step by step, until one comes to something else."""
        id = ""
        for n, step in enumerate(self.trace.steps):
            self.now += timedelta(seconds=1)
            self.script.read((*step.leaning.script, *step.leaning.asked))
            self.script.forget()
            try:
                id = self._step(step, id, n)
            except (SocialflowError, Unplayed) as error:
                return self._stopped(id, f"step {n + 1} is refused: {error}")
            marking = self.engine.item(id).marking
            if marking != step.told.marking:
                told = f"step {n + 1} leads to {', '.join(marking)}"
                return self._stopped(id, told)
        return self._stopped(id, "")

    def _stopped(self, id: str, why: str) -> Replay:
        if not id:
            return Replay((), why)
        return Replay(tuple(self._happened(id)), why, self.engine.item(id))

    def _step(self, step: Step, id: str, n: int) -> str:
        match step.kind:
            case "born":
                (order,) = step.orders
                return self._born(order)
            case "asked" | "voted" | "forced":
                for order in step.orders:
                    self._ordered(id, order, n)
                    self.script.forget()
            case "due":
                self.now += SOON
                self.engine.run_due(self.now)
            case "children":
                self._sent(id, step)
            case "date":
                self.now += SOONER
                self.engine.run_due(self.now)
            case "told":
                names = step.told.asked, step.told.asked.rpartition(".")[2]
                told = next(one for one in self.setting.told if one in names)
                self.engine.perform(self.above, telling(told), by=self._anybody)
            case "again":
                self.engine.perform(id, AGAIN, by=self._anybody)
        return id

    def _born(self, order: Command) -> str:
        name, scope = self.setting.workflow.name, self.setting.scope
        by, data = self._member(order.by), self._dated(order.data)
        if not self._is_told:
            return self.engine.create(name, by=by, data=data, scope=scope).id
        self.above = self.engine.create(ABOVE, by=self._anybody, scope=scope).id
        return self.engine.create(name, by=by, data=data, parent=self.above).id

    def _dated(self, data: FrozenDict | None) -> FrozenDict | None:
        """What it is born with; the date of what is open together comes when it does in the trace.

        Raises:
            Unplayed: That is no field that is told at birth.
        """
        kinds = [one.kind for one in self.trace.steps]
        if "date" not in kinds:
            return data
        before = kinds[: kinds.index("date")]
        own = self.model.own_fields
        fields = {one.field for one in self.model.plan.until.values() if one.field in own}
        if not fields:
            raise Unplayed("the date of what is open together is not told at birth")
        moment = self.setting.at + timedelta(seconds=len(before)) + SOONER
        moment += before.count("due") * SOON
        told = dict.fromkeys(sorted(fields), moment.isoformat())
        return FrozenDict({**(data or {}), **told})

    @property
    def _anybody(self) -> str:
        return self.setting.team.members[0].id

    @property
    def _is_told(self) -> bool:
        return any(one.kind == "told" for one in self.trace.steps)

    def _ordered(self, id: str, order: Command, n: int) -> None:
        by, data = self._member(order.by), self._data(id, order, n)
        self.engine.perform(id, order.action, by=by, data=data, to=order.to)

    def _data(self, id: str, order: Command, n: int) -> FrozenDict | None:
        """What is said with it: a content that stands for what there is, is what there is."""
        data = order.data
        carrier = self.model.carrier
        if data is not None and isinstance(data.get(carrier), str) and data[carrier] != "text 0":
            data = FrozenDict({**data, carrier: f"text of step {n + 1}"})
        elif data is not None and data.get(carrier) == "text 0":
            now = self.engine.item(id).data
            data = FrozenDict({**data, carrier: now.get(carrier)})
        return data

    def _member(self, id: str) -> str | Member:
        return SYSTEM if id == SYSTEM.id else id

    def _sent(self, id: str, step: Step) -> None:
        """Have the children go where they are in the trace."""
        for kind, states in step.below:
            somebody = self._anybody
            below = [one.id for one in self.engine.children(id, kind)]
            child = self.setting.workflow.kinds[kind]
            while len(below) < len(states):
                data = needed(child.fields) if child.fields else None
                below.append(self.engine.create(kind, by=somebody, data=data, parent=id).id)
            targets = sorted(states)
            for n, one in enumerate(below):
                state = targets[min(n, len(targets) - 1)]
                if self.engine.item(one).marking != (state,):
                    self.engine.perform(one, f"to_{state.partition('.')[2]}", by=somebody)

    def _happened(self, id: str) -> Iterator[Happening]:
        """What the history tells of the item."""
        item: Item | None = None
        for entry in self.store.rows(History(id)):
            before, item = item, apply(item, entry.event)
            by = self.setting.team.member(entry.event.by)
            persons = () if by is None else (by.id, *self.model.acting_for(by))
            yield happening(
                self.setting.workflow,
                before,
                item,
                entry.event,
                persons,
                self._roles(by, entry.event.action),
                by.kind if by is not None else "",
            )

    def _roles(self, member: Member | None, action: str) -> frozenset[str]:
        roles = self.setting.workflow.role_names
        crew = self.model.crew
        return frozenset(
            one for one in roles if member is not None and crew.holds(member, (one,), action)
        )


class Unplayed(Exception):
    """Something that no engine can be made to do on purpose."""
