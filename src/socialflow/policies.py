"""Policies: may this member ask for this action?  Deny beats allow; no answer is a no."""

from __future__ import annotations

from functools import cache, lru_cache

import attrs

from socialflow.cases import ABSTAIN, Allow, Case, Deny, Verdict
from socialflow.errors import Objection
from socialflow.people import ANYONE, Grant, Member
from socialflow.protocols import Policy
from socialflow.showing import shown
from socialflow.sockets import each_judges

__all__ = ["BY_ROLE", "RolePolicy", "all_of", "any_of", "deny"]


@attrs.frozen
class RolePolicy:
    """Allows what a role of the member opens within the item's scope, denies what one forbids."""

    def judge(self, case: Case) -> Verdict:
        """Allow with the roles that open the action, Deny, or Abstain."""
        member = case.member
        if member.is_limited or case.workflow.requires:
            return _judged_closely(case)
        held = member.roles(case.item.scope, case.command.at)
        if case.denied and not case.denied.isdisjoint(bound(member, held)):
            return Deny(_denied(case, sorted(case.denied & bound(member, held))))
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


def _judged_closely(case: Case) -> Verdict:
    """The verdict where grants are for some actions only, or roles require credentials."""
    held = case.member.roles_for(case.action, case.item.scope, case.at)
    denying = case.denied & bound(case.member, held)
    if denying:
        return Deny(_denied(case, sorted(denying)))
    opened = case.roles & entitled(case.member, case, case.action)
    if opened:
        return _allow(opened)
    return _allow(_EVERYBODY) if ANYONE in case.roles else ABSTAIN


def of_kind(kind: str) -> str:
    """What stands among denied roles for all members of a kind."""
    return f"everybody of kind {kind!r}"


def bound(member: Member, held: frozenset[str]) -> frozenset[str]:
    """What may be denied to a member: the roles that are *held*, and to all of their kind."""
    return held | {of_kind(member.kind)}


def entitled(member: Member, case: Case, action: str) -> frozenset[str]:
    """The roles in which *member* may act on the item: held for that action, nothing lacking."""
    held = member.roles_for(action, case.item.scope, case.at)
    requires = case.workflow.requires
    if not requires:
        return held
    return frozenset(one for one in held if not member.lacks(requires.get(one, ()), case.at))


def _lacked(case: Case, role: str) -> tuple[str, ...]:
    """What the role requires, and the member does not hold."""
    return case.member.lacks(case.workflow.requires.get(role, ()), case.at)


def not_allowed(case: Case) -> Objection:
    """The objection to a member whom no policy allows the action."""
    holds = entitled(case.member, case, case.action)
    grants = [one for one in case.member.grants if one.role in case.roles - holds]
    nearly = tuple(dict.fromkeys(_short_of(case, one) for one in grants))
    return _lacks_role(case.member.id, case.action, case.roles, holds, nearly)


def _short_of(case: Case, grant: Grant) -> str:
    """Why a grant of a role that is needed does not help."""
    at, lacks = case.at, case.member.lacks(grant.requires, case.at)
    lacks = tuple(dict.fromkeys((*lacks, *_lacked(case, grant.role))))
    if not grant.scope.covers(case.item.scope):
        return f"{grant.role} for {grant.scope}"
    if grant.since is not None and at < grant.since:
        return f"{grant.role} from {grant.since.isoformat()}"
    if grant.until is not None and grant.until <= at:
        return f"{grant.role} until {grant.until.isoformat()}"
    if not grant.is_for(case.action):
        return f"{grant.role} for {', '.join(grant.actions)}"
    return f"{grant.role}, but lacks {', '.join(lacks)}"


@lru_cache(4096)
def _lacks_role(
    member: str,
    action: str,
    needs: frozenset[str],
    holds: frozenset[str],
    nearly: tuple[str, ...],
) -> Objection:
    if needs & (holds | _EVERYBODY):
        return _not_judged_allowed(member, action, needs, holds)
    one_of = "one of " if len(needs) > 1 else ""
    wanted = f"it needs {one_of}{', '.join(sorted(needs))}" if needs else "no role may"
    return Objection(
        "role",
        f"{member!r} may not {action!r}: {wanted}; "
        f"holds {', '.join(sorted(holds)) if holds else 'no role'} here"
        + "".join(f"; holds {one}" for one in nearly),
        "ask somebody who holds one, or be granted it for this scope" if needs else _grant(action),
        {
            "member": member,
            "action": action,
            "needs": tuple(sorted(needs)),
            "holds": tuple(sorted(holds)),
        }
        | ({"nearly": nearly} if nearly else {}),
    )


def _grant(action: str) -> str:
    """How a workflow says who may do what nobody may."""
    if "." in action:
        return "say role= in the stage, or roles= in the action"
    return f"say rights={{{action!r}: 'role'}} in the workflow, or roles= in an action of its own"


def _not_judged_allowed(
    member: str, action: str, needs: frozenset[str], holds: frozenset[str]
) -> Objection:
    return Objection(
        "role",
        f"{member!r} may not {action!r}: the policy of the engine did not allow it, "
        f"whatever their roles",
        "judge(case) has to give Allow; a policy that abstains inside all_of(...) is a no",
        {
            "member": member,
            "action": action,
            "needs": tuple(sorted(needs)),
            "holds": tuple(sorted(holds)),
        },
    )


def misjudged(case: Case, verdict: object) -> Objection:
    """The objection where a policy has given something that is no verdict."""
    return Objection(
        "role",
        f"{case.member.id!r} may not {case.action!r}: the policy of the engine gave "
        f"{shown(verdict)}, which is no verdict",
        "judge(case) has to give Allow, Deny or ABSTAIN",
        {"member": case.member.id, "action": case.action},
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

        asked = case.action
        names = (asked,) if "." in asked else (asked, f"{case.workflow.name}.{asked}")
        if case.member.kind == self.kind and any(fnmatchcase(n, self.action) for n in names):
            return Deny(_denied(case, [of_kind(self.kind)]))
        return ABSTAIN


def all_of(*policies: Policy) -> Policy:
    """Allows if every one of *policies* allows; denies if one denies."""
    return _AllOf(each_judges(policies))


def any_of(*policies: Policy) -> Policy:
    """Allows if one of *policies* allows and none denies; denies if one denies."""
    return _AnyOf(each_judges(policies))


def deny(kind: str, action: str = "*") -> Policy:
    """Denies actions that match the pattern *action* to every member of that *kind*.

    What belongs to no stage is matched by its name, and by that of its workflow before it:
    ``"interaction.note"``.

    Example:
        >>> policy = any_of(RolePolicy(), deny("agency", "response.*"))
    """
    return _Denying(kind, action)
