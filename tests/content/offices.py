"""A department with data: a governed desk, freezes, messages and duties beside it."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow import Item, Member, Scope, Team
from socialflow.content import department_content
from socialflow.content.department import (
    Account,
    Budget,
    Campaign,
    Channel,
    Department,
    Goal,
    Message,
)
from socialflow.content.duty import DUTIES
from socialflow.content.freeze import FREEZE
from socialflow.content.message import MESSAGE
from socialflow.content.providers import providers
from socialflow.people import Unit

DEPARTMENT = Department(
    channels=[Channel("web", ("schedule", "edit"), {"characters": 40}), Channel("facebook")],
    accounts=[Account("blog", "web"), Account("news", "facebook")],
    goals=[Goal("awareness")],
    campaigns=[Campaign("spring", ("awareness",))],
    budgets=[Budget("ads", 100, "EUR"), Budget("spring", 50, "EUR", campaign="spring")],
    messages=[Message("warm", "keeps you warm")],
    outsourcing=True,
)
UNITS = [Unit(key) for key in ("support", "sales", "legal")]


def governed(desk: type[Any], **changes: Any) -> type[Any]:
    """A desk whose workflow is governed, over a department with some things said otherwise."""

    class Office(desk):  # type: ignore[misc]
        """What is on the desk, the department that it is on, and members who are otherwise."""

        beside = (FREEZE, MESSAGE, *DUTIES)

        def __init__(self, at: str | None = None, **data: Any) -> None:
            self.department = attrs.evolve(DEPARTMENT, **changes)
            self.otherwise: dict[str, Member] = {}
            super().__init__(department_content(), at, **data)

        def facts(self, store: Any, team: Team) -> Any:
            """What the department and the items tell."""
            known = Team(team.members, UNITS)
            told = providers(lambda: self.department, reader=store, team=known)
            people = told["people"]
            return {**told, "people": lambda item, at: {**people(item, at), **self.otherwise}}

        def change(self, **told: Any) -> None:
            """Say something about the department otherwise."""
            self.department = attrs.evolve(self.department, **told)

        def declare(self, who: str, reason: str, **told: Any) -> Item:
            """Have a crisis declared."""
            scope = told.pop("scope", Scope(brand="acme"))
            data = {"reason": reason, **told}
            made: Item = self.engine.create("freeze", by=who, data=data, scope=scope)
            return made

    return Office
