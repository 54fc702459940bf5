"""Policies: may this member ask for this action?  Deny beats allow; no answer is a no."""

from __future__ import annotations

from functools import cache, lru_cache

import attrs

from socialflow.cases import ABSTAIN, Allow, Case, Deny, Verdict
from socialflow.errors import Objection
from socialflow.people import ANYONE
from socialflow.protocols import Policy

__all__ = ["BY_ROLE", "RolePolicy", "all_of", "any_of", "deny"]


@attrs.frozen
class RolePolicy:
    """Allows what a role of the member opens within the item's scope, denies what one forbids."""

    def judge(self, case: Case) -> Verdict:
        """Allow with the roles that open the action, Deny, or Abstain."""
        held = case.member.roles(case.item.scope, case.command.at)
        if case.denied and not case.denied.isdisjoint(held):
            return Deny(_denied(case, sorted(case.denied & held)))
        opened = case.roles & held
        if opened:
            return _allow(opened)
        return _allow(_EVERYBODY) if ANYONE in case.roles else ABSTAIN


BY_ROLE = RolePolicy()
_EVERYBODY = frozenset({ANYONE})


@cache
def _allow(roles: frozenset[str]) -> Allow:
    return Allow(tuple(sorted(roles)))


def _denied(case: Case, roles: list[str]) -> Objection:
    return Objection(
        "denied",
        f"{case.member.id!r} may not {case.action!r}: denied to {', '.join(roles)}",
        "somebody without that role has to do it",
        {"member": case.member.id, "action": case.action, "roles": tuple(roles)},
    )


def not_allowed(case: Case) -> Objection:
    """The objection to a member whom no policy allows the action."""
    held = case.member.roles(case.item.scope, case.command.at)
    return _lacks_role(case.member.id, case.action, case.roles, held)


@lru_cache(4096)
def _lacks_role(
    member: str, action: str, needs: frozenset[str], holds: frozenset[str]
) -> Objection:
    one_of = "one of " if len(needs) > 1 else ""
    wanted = f"it needs {one_of}{', '.join(sorted(needs))}" if needs else "no role may"
    return Objection(
        "role",
        f"{member!r} may not {action!r}: {wanted}; "
        f"holds {', '.join(sorted(holds)) if holds else 'no role'} here",
        "ask somebody who holds one, or be granted it for this scope" if needs else "",
        {
            "member": member,
            "action": action,
            "needs": tuple(sorted(needs)),
            "holds": tuple(sorted(holds)),
        },
    )


@attrs.frozen
class _AllOf:
    policies: tuple[Policy, ...]

    def judge(self, case: Case) -> Verdict:
        verdicts = [policy.judge(case) for policy in self.policies]
        for verdict in verdicts:
            if isinstance(verdict, Deny):
                return verdict
        allows = [verdict for verdict in verdicts if isinstance(verdict, Allow)]
        if verdicts and len(allows) == len(verdicts):
            return Allow(tuple(sorted({role for allow in allows for role in allow.roles})))
        return ABSTAIN


@attrs.frozen
class _AnyOf:
    policies: tuple[Policy, ...]

    def judge(self, case: Case) -> Verdict:
        roles: set[str] = set()
        allowed = False
        for policy in self.policies:
            verdict = policy.judge(case)
            if isinstance(verdict, Deny):
                return verdict
            if isinstance(verdict, Allow):
                allowed = True
                roles.update(verdict.roles)
        return Allow(tuple(sorted(roles))) if allowed else ABSTAIN


@attrs.frozen
class _Denying:
    kind: str
    action: str

    def judge(self, case: Case) -> Verdict:
        from fnmatch import fnmatchcase

        if case.member.kind == self.kind and fnmatchcase(case.action, self.action):
            return Deny(_denied(case, [f"everybody of kind {self.kind!r}"]))
        return ABSTAIN


def all_of(*policies: Policy) -> Policy:
    """Allows if every one of *policies* allows; denies if one denies."""
    return _AllOf(policies)


def any_of(*policies: Policy) -> Policy:
    """Allows if one of *policies* allows and none denies; denies if one denies."""
    return _AnyOf(policies)


def deny(kind: str, action: str = "*") -> Policy:
    """Denies actions that match the pattern *action* to every member of that *kind*.

    Example:
        >>> policy = any_of(RolePolicy(), deny("agency", "response.*"))
    """
    return _Denying(kind, action)
