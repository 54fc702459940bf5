"""Wording: the sentences that obligations are called by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialflow.people import Member
from socialflow.rules import Rule
from socialflow.stages import describe
from socialflow.testing.reaching import Try

__all__ = ["asked", "of_rule", "to", "where", "who", "with_data"]


def asked(tried: Try) -> str:
    """What is accepted, and where."""
    return f"{tried.way.full} is accepted in {tried.way.source}"


def to(tried: Try) -> str:
    """Where to, where there is a choice."""
    return f" to {tried.step.to}" if tried.step.to else ""


def with_data(data: Mapping[str, Any] | None) -> str:
    """What is said, by its fields."""
    return f" with {', '.join(data)}" if data else ""


def where(tried: Try) -> str:
    """What is told from outside, where it is not what is usual."""
    if not tried.facts:
        return ""
    return " where " + " and ".join(f"{name} is {value!r}" for name, value in tried.facts.items())


def who(member: Member) -> str:
    """A member, and the roles held."""
    roles = ", ".join(dict.fromkeys(grant.role for grant in member.grants))
    return f"{member.id} ({roles})" if roles and roles not in member.id else member.id


def of_rule(rule: Rule) -> str:
    """A rule as it is written."""
    said = describe(rule)
    if isinstance(said, str):
        return said
    given = ", ".join(f"{name}={value!r}" for name, value in rule.parameters.items())
    return f"{'~' if rule.negated else ''}{rule.kind.name}({given})"
