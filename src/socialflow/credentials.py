"""Credentials: what a member has passed, signed or agreed to, and what asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache

import attrs

from socialflow.errors import DefinitionError
from socialflow.periods import aware_field, holds_at, in_order

__all__ = ["Credential", "Need", "needs_of"]

_NEED = re.compile(r"(?P<kind>[^:>]+):(?P<key>[^:>]+)(?:>=(?P<level>\d+))?\Z")


@attrs.frozen
class Credential:
    """One thing that a member has: a course passed, a policy acknowledged, a consent, a milestone.

    Attributes:
        kind: ``"training"``, ``"policy"``, ``"consent"``, ``"onboarding"``, ``"contract"``: the
            host's word.
        key: Which one; it may carry a version: ``"social_policy@3"``.
        since: First moment at which it holds; timezone-aware.
        until: First moment at which it holds no longer; timezone-aware.
        level: How far, where there are degrees.

    Raises:
        DefinitionError: It ends before it begins, or its level is below zero.
    """

    kind: str
    key: str
    since: datetime | None = attrs.field(default=None, validator=aware_field, kw_only=True)
    until: datetime | None = attrs.field(default=None, validator=aware_field, kw_only=True)
    level: int = attrs.field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        where = f"Credential / {self.kind}:{self.key}"
        in_order(where, self.since, self.until)
        if self.level < 0:
            raise DefinitionError.because(
                "level", where, f"a level is 0 or more, not {self.level}", "0 is the lowest"
            )

    def holds(self, at: datetime) -> bool:
        """Whether it has begun at the moment *at*, and has not ended."""
        return holds_at(self.since, self.until, at)


@attrs.frozen
class Need:
    """A credential that something asks for.

    Attributes:
        kind: The kind of credential.
        key: Which one.
        level: How far, at least.

    Example:
        >>> Need.of("training:social_basics>=2")
        Need(kind='training', key='social_basics', level=2)
    """

    kind: str
    key: str
    level: int = 0

    @classmethod
    def of(cls, text: str) -> Need:
        """The need that a text names: ``"kind:key"``, or ``"kind:key>=level"``.

        Raises:
            DefinitionError: It is no such text.
        """
        return _need(text)

    def is_met_by(self, one: Credential) -> bool:
        """Whether *one* is the credential that is asked for, whenever it holds."""
        return (self.kind, self.key) == (one.kind, one.key) and one.level >= self.level


@cache
def _need(text: str) -> Need:
    found = _NEED.match(text) if isinstance(text, str) else None
    if found is None:
        raise DefinitionError.because(
            "requires",
            "requires",
            f"{text!r} names no credential",
            "say kind:key or kind:key>=level, as in training:social_basics>=2",
        )
    return Need(found["kind"], found["key"], int(found["level"] or 0))


def needs_of(value: str | Iterable[str]) -> tuple[str, ...]:
    """The texts of what is required, one or several, each checked.

    Raises:
        DefinitionError: One of them names no credential.
    """
    texts = (value,) if isinstance(value, str) else tuple(value)
    for text in texts:
        _need(text)
    return texts
