"""A department with data: a governed desk, freezes, messages and duties beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs

from socialflow import Item, Scope, Team
from socialflow.content import department_content
from socialflow.content.department import (
    Account,
    Budget,
    Campaign,
    Channel,
    Department,
    Goal,
)
from socialflow.content.duty import DUTIES
from socialflow.content.freeze import FREEZE
from socialflow.content.message import MESSAGE
from socialflow.content.providers import providers
from socialflow.people import Unit

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

DEPARTMENT = Department(
    channels=[Channel("web", ("schedule", "edit"), {"characters": 40}), Channel("facebook")],
    accounts=[Account("blog", "web"), Account("news", "facebook")],
    goals=[Goal("awareness")],
    campaigns=[Campaign("spring", ("awareness",))],
    budgets=[Budget("ads", 100, "EUR"), Budget("spring", 50, "EUR", campaign="spring")],
)
UNITS = [Unit(key) for key in ("support", "sales", "legal", "product")]


def governed(desk: type[Any], **changes: Any) -> type[Any]:
    """A desk whose workflow is governed, over a department with some things said otherwise."""

    class Office(desk):  # type: ignore[misc]
        beside = (FREEZE, MESSAGE, *DUTIES)

        def __init__(self, at: str | None = None, **data: Any) -> None:
            self.department = attrs.evolve(DEPARTMENT, **changes)
            super().__init__(department_content(), at, **data)

        def facts(self, store: Any, team: Team) -> Any:
            """What the department and the items tell."""
            known = Team(team.members, UNITS)
            return providers(lambda: self.department, reader=store, team=known)

        def declare(self, who: str, reason: str, **told: Any) -> Item:
            """Have a crisis declared."""
            scope = told.pop("scope", Scope(brand="acme"))
            data = {"reason": reason, **told}
            made: Item = self.engine.create("freeze", by=who, data=data, scope=scope)
            return made

    return Office
