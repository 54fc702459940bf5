"""Steps: what somebody does to an item, and how that is said to an engine and to the core."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

import attrs

from socialflow.engine import Engine
from socialflow.items import Command, Item
from socialflow.people import EVERYWHERE, SYSTEM, Member, Scope
from socialflow.plain import EMPTY, FrozenDict, freeze
from socialflow.protocols import Store
from socialflow.providers import Providers

__all__ = ["Step", "engine_over"]


def _frozen(data: Mapping[str, Any] | None) -> FrozenDict | None:
    return None if data is None else freeze(data)


@attrs.frozen
class Step:
    """What one member asks for.

    Attributes:
        action: In full; ``"create"`` begins an item.
        by: Who; the system only where it reports an outcome.
        data: What is said.
        to: Where to.
        waive: Reasons to go on, by the code of the objection.
    """

    action: str
    by: Member
    data: FrozenDict | None = attrs.field(default=None, converter=_frozen)
    to: str | None = None
    waive: FrozenDict = attrs.field(default=EMPTY, converter=freeze)

    def __str__(self) -> str:
        told = "" if not self.data else f" with {', '.join(self.data)}"
        return f"{self.by.id}: {self.action}{told}" + (f" to {self.to}" if self.to else "")

    def command(self, at: datetime) -> Command:
        """As the core takes it."""
        return Command(self.action, self.by.id, at, self.data, self.to, waive=self.waive)

    def on(
        self, engine: Engine, item: str, *, key: str | None = None, expect: int | None = None
    ) -> Item:
        """Do it to an item."""
        by = SYSTEM if self.by.id == SYSTEM.id else self.by
        told: dict[str, Any] = {"by": by, "data": self.data, "to": self.to, "key": key}
        return engine.perform(item, self.action, expect=expect, waive=self.waive or None, **told)

    def begin(
        self,
        engine: Engine,
        workflow: str,
        item: str,
        *,
        scope: Scope = EVERYWHERE,
        key: str | None = None,
    ) -> Item:
        """Bring an item into being, where this step says ``create``."""
        return engine.create(workflow, by=self.by, data=self.data, scope=scope, key=key, id=item)


def engine_over(
    engine: Engine, store: Store | None = None, facts: Mapping[str, Any] | None = None
) -> Engine:
    """The same engine over another store, and with these facts told by its providers."""
    other = copy(engine)
    if facts:
        told = {name: lambda *_, value=value: value for name, value in facts.items()}
        other._providers = Providers({**engine._providers.by_name, **told})
    other._live_in(store if store is not None else engine.store)
    return other
