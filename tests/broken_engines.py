"""Engines that are broken in one place each: what the kit has to find."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import attrs

from socialflow.cases import Allow, Case, Verdict
from socialflow.engine import Engine
from socialflow.policies import BY_ROLE
from socialflow.queries import Change, Duties, Effects, History, Items
from socialflow.stores.memory import MemoryStore
from socialflow.testing import FakeClock, Obligations

__all__ = ["BROKEN", "Broken"]


class Around:
    """A store around a `MemoryStore`; one method of it is to be broken."""

    def __init__(self) -> None:
        self.inner = MemoryStore()

    def rows(self, query: Any) -> Any:
        return self.inner.rows(query)

    @contextmanager
    def begin(self, *alone: str) -> Any:
        with self.inner.begin(*alone) as work:
            yield AroundWork(self, work)

    def written(self, change: Change) -> Change:
        return change

    def answered(self, work: Any, key: str) -> Any:
        return work.answer(key)


class AroundWork:
    """Its units of work."""

    def __init__(self, store: Any, work: Any) -> None:
        self.store, self.work = store, work

    def item(self, id: str) -> Any:
        return self.work.item(id)

    def rows(self, query: Any) -> Any:
        return self.work.rows(query)

    def answer(self, key: str) -> Any:
        return self.store.answered(self.work, key)

    def write(self, change: Change) -> None:
        self.work.write(self.store.written(change))

    def after_commit(self, call: Callable[[], None]) -> None:
        self.work.after_commit(call)


class WritesAtOnce(Around):
    """What a unit writes is there although the unit is left by an exception."""

    @contextmanager
    def begin(self, *alone: str) -> Any:
        with self.inner.begin(*alone) as work:
            try:
                yield AroundWork(self, work)
            except Exception:
                raise
            except BaseException as crash:
                kept = crash
            else:
                return
        raise kept


class ForgetsEffects(Around):
    """Effects are not queued."""

    def rows(self, query: Any) -> Any:
        return iter(()) if isinstance(query, Effects) else self.inner.rows(query)


class ForgetsKeys(Around):
    """Idempotency keys are not kept."""

    def written(self, change: Change) -> Change:
        def without(kept: Any) -> Any:
            command = attrs.evolve(kept.event.command, key=None)
            return attrs.evolve(kept, event=attrs.evolve(kept.event, command=command))

        return attrs.evolve(change, kept=tuple(without(one) for one in change.kept))


class LastOneWins(Around):
    """Whatever version is expected, what is written last stays."""

    def written(self, change: Change) -> Change:
        def newest(kept: Any) -> Any:
            found = next(self.inner.rows(Items(id=kept.item.id)), None)
            if found is None or found.version == kept.expected:
                return kept
            version = found.version + 1
            event = attrs.evolve(kept.event, version=version)
            item = attrs.evolve(kept.item, version=version)
            return attrs.evolve(kept, item=item, event=event, expected=found.version)

        return attrs.evolve(change, kept=tuple(newest(one) for one in change.kept))


class HidesDuties(Around):
    """Work lists are empty."""

    def rows(self, query: Any) -> Any:
        return iter(()) if isinstance(query, Duties) else self.inner.rows(query)


class ForgetsTheBeginning(Around):
    """Histories begin with their second entry."""

    def rows(self, query: Any) -> Any:
        rows = self.inner.rows(query)
        if isinstance(query, History) and query.key is None:
            return iter([one for one in rows if one.n > 1])
        return rows


class Everybody:
    """A policy that lets everybody do everything."""

    def judge(self, case: Case) -> Verdict:
        return Allow(tuple(sorted(case.roles)))


class NoDenial:
    """A policy that does not look at what is denied."""

    def judge(self, case: Case) -> Verdict:
        return BY_ROLE.judge(attrs.evolve(case, denied=frozenset()))


class ForgetsVersions(Engine):
    """An engine that does not look at ``expect=``."""

    def perform(self, *values: Any, expect: int | None = None, **told: Any) -> Any:
        return super().perform(*values, **told)


class ForgetsWaivers(Engine):
    """An engine that does not hand on reasons."""

    def perform(self, *values: Any, waive: Any = None, **told: Any) -> Any:
        return super().perform(*values, **told)


class HalfTold(Engine):
    """An engine that answers with the item as it was before."""

    def perform(self, item_id: str, *values: Any, **told: Any) -> Any:
        before = self.item(item_id)
        super().perform(item_id, *values, **told)
        return before


@attrs.frozen
class Broken:
    """A broken engine.

    Attributes:
        told: Part of the name of a case that has to fail.
        store: Makes its store.
        kind: Its class.
        of: Name of the workflow whose obligations find it.
        given: What else it is made with.
    """

    told: str
    store: Callable[[], Any] = MemoryStore
    kind: type[Engine] = Engine
    of: str = "parcel"
    given: dict[str, Any] = attrs.field(factory=dict)

    def engine(self, suite: Obligations) -> Engine:
        """The engine."""
        told = {"clock": FakeClock()} | self.given
        return self.kind(self.store(), suite.workflow, suite.team, **told)


BROKEN = {
    "what crashes is written": Broken("crash in the middle leaves nothing", WritesAtOnce),
    "effects are lost": Broken("ring is accepted in desk.packed", ForgetsEffects),
    "keys are lost": Broken("repeated with its key it happens once", ForgetsKeys),
    "the last one wins": Broken("of two writers the second", LastOneWins),
    "duties are lost": Broken("desk.send is accepted in desk.packed", HidesDuties),
    "histories have lost their beginning": Broken("cleo may create", ForgetsTheBeginning),
    "everybody may": Broken("to somebody who is only guest", given={"policy": Everybody()}),
    "nothing is denied": Broken("submit", of="blog", given={"policy": NoDenial()}),
    "versions are not compared": Broken("on a version that has moved on", kind=ForgetsVersions),
    "waivers are lost": Broken("waiving slot_free", kind=ForgetsWaivers, of="blog"),
    "the answer is of before": Broken("desk.send is accepted", kind=HalfTold),
}
