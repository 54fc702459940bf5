"""Roles and grants: the parts there are to play, and who is given which, where and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase

import attrs

from socialflow.credentials import needs_of
from socialflow.periods import aware_field, holds_at, in_order
from socialflow.scopes import EVERYWHERE, Scope

__all__ = ["EVERY_ACTION", "Grant", "Role"]

EVERY_ACTION = ("*",)


def _names(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class Role:
    """A part that members play.

    Attributes:
        key: What grants and actions call it: ``"approver"``.
        title: What people call it.
        inherits: Roles whose rights this one has as well.
        deny: Patterns of full action names that nobody with this role may ask for, whatever else
            they hold: ``"approval.*"``; what belongs to no stage, as ``"note"``, in one workflow
            alone: ``"interaction.note"``. A denial beats every allowance.
        requires: Credentials without which the role opens nothing: ``"training:social_basics"``.
            What it denies stays denied without them.
        kind: Members of this kind are denied what it denies, whether they are given it or not:
            ``"agency"``.
    """

    key: str
    title: str = ""
    inherits: tuple[str, ...] = attrs.field(default=(), converter=_names)
    deny: tuple[str, ...] = attrs.field(default=(), converter=_names)
    requires: tuple[str, ...] = attrs.field(default=(), converter=needs_of, kw_only=True)
    kind: str = attrs.field(default="", kw_only=True)


def _scope_of(value: Scope | Mapping[str, str | Iterable[str]]) -> Scope:
    return value if isinstance(value, Scope) else Scope(**value)


@attrs.frozen
class Grant:
    """Gives a member a role, within a scope and a period.

    Attributes:
        role: Key of the role.
        scope: Where it holds; everywhere, if not said.
        since: First moment at which it holds; timezone-aware.
        until: First moment at which it holds no longer; timezone-aware.
        requires: Credentials that the member has to hold as well: ``"onboarding:day_60"``,
            ``"training:facebook>=2"``.
        actions: Patterns of full action names for which it is given; for all, if not said.
        lent_by: Id of the member in whose place it is held, if it came by a delegation.

    Raises:
        DefinitionError: It ends before it begins, or what it requires names no credential.
    """

    role: str
    scope: Scope = attrs.field(default=EVERYWHERE, converter=_scope_of)
    since: datetime | None = attrs.field(default=None, validator=aware_field, kw_only=True)
    until: datetime | None = attrs.field(default=None, validator=aware_field, kw_only=True)
    requires: tuple[str, ...] = attrs.field(default=(), converter=needs_of, kw_only=True)
    actions: tuple[str, ...] = attrs.field(default=EVERY_ACTION, converter=_names, kw_only=True)
    lent_by: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        in_order(f"Grant / {self.role}", self.since, self.until)

    def runs(self, at: datetime) -> bool:
        """Whether it has begun at the moment *at*, and has not ended."""
        return holds_at(self.since, self.until, at)

    def is_for(self, action: str) -> bool:
        """Whether it is given for the action of that full name."""
        return any(fnmatchcase(action, pattern) for pattern in self.actions)
