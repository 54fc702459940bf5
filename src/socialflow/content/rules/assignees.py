"""Assignees: whether it can be given to the one it is meant for.

Meant is whom the command's data names as ``member``; otherwise who has been named for *stage*, if
the rule names one; otherwise who asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Member, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER

__all__ = [
    "assignee_has_role",
    "assignee_holds",
    "assignee_in_house",
    "assignee_of",
    "nobody",
    "not_absent",
    "skilled",
]


def assignee_of(case: Case, stage: str | None) -> Member | str | None:
    """The member that is meant, or an id that nobody has, or None if nobody is meant."""
    named = getattr(case.data, "member", None)
    if named is None and stage is not None:
        named = case.item.responsible(stage)
        if named is None:
            return None
    if named is None or named == case.member.id:
        return case.member
    member: Member | None = case.facts["people"].get(named)
    return named if member is None else member


def nobody(code: str, found: str | None) -> Objection:
    """The objection with that *code* that the assignee *found* is no member."""
    return Objection(
        code,
        "nobody has been named" if found is None else f"nobody knows {found!r}",
        "name a member of the team",
        {"member": found},
    )


@rule("not_absent", needs="people", reads_data=True, names_stages="stage", waivable_by=MANAGER)
def not_absent(case: Case, stage: str | None = None) -> Iterator[Objection]:
    """The assignee is not away."""
    who = assignee_of(case, stage)
    if not isinstance(who, Member):
        yield nobody("not_absent", who)
    elif who.is_absent(case.at):
        yield Objection(
            "not_absent",
            f"{who.id!r} is absent",
            "choose somebody who is there, or wait",
            {"member": who.id},
        )


@rule(
    "skilled",
    needs=("people", "accounts"),
    reads_data=True,
    names_fields="accounts",
    names_stages="stage",
    waivable_by=MANAGER,
)
def skilled(
    case: Case, level: int = 1, accounts: str = "accounts", stage: str | None = None
) -> Iterator[Objection]:
    """The assignee knows the platforms of the item's scope and *accounts* at that *level*."""
    who = assignee_of(case, stage)
    if not isinstance(who, Member):
        yield nobody("skilled", who)
        return
    for platform in sorted(_platforms(case, accounts)):
        known = who.skills.get(platform, 0)
        if known < level:
            yield Objection(
                "skilled",
                f"{who.id!r} knows {platform} at level {known}, and {level} is asked for",
                f"choose somebody who knows {platform}",
                {"member": who.id, "platform": platform, "level": known, "wanted": level},
            )


def _platforms(case: Case, field: str) -> set[str]:
    known = case.facts["accounts"]
    used = [known[key] for key in case.item.data.get(field) or () if key in known]
    return {account.channel for account in used} | set(case.item.scope.get("platform", ()))


@rule("assignee_has_role", needs="people", reads_data=True, names_stages="stage")
def assignee_has_role(
    case: Case, roles: tuple[str, ...], stage: str | None = None
) -> Iterator[Objection]:
    """The assignee holds one of *roles* where the item belongs, now."""
    who = assignee_of(case, stage)
    if not isinstance(who, Member):
        yield nobody("assignee_has_role", who)
    elif who.roles(case.item.scope, case.at).isdisjoint(roles):
        yield Objection(
            "assignee_has_role",
            f"{who.id!r} is no {' or '.join(roles)} for {case.item.scope or 'everything'}",
            "choose somebody who is, or grant it",
            {"member": who.id, "roles": roles},
        )


@rule(
    "assignee_holds",
    needs="people",
    reads_data=True,
    names_stages="stage",
    waivable_by=DEPARTMENT_LEAD,
)
def assignee_holds(
    case: Case, kind: str, key: str, level: int = 0, stage: str | None = None
) -> Iterator[Objection]:
    """The assignee holds that credential now, at that *level* or above."""
    who = assignee_of(case, stage)
    if not isinstance(who, Member):
        yield nobody("assignee_holds", who)
    elif not who.holds(kind, key, case.at, level):
        yield Objection(
            "assignee_holds",
            f"{who.id!r} does not hold {kind} {key!r}" + (f" at level {level}" if level else ""),
            "choose somebody who does, or have them trained first",
            {"member": who.id, "kind": kind, "key": key, "level": level},
        )


@rule("assignee_in_house", needs="people", reads_data=True, names_stages="stage", binding=True)
def assignee_in_house(case: Case, stage: str | None = None) -> Iterator[Objection]:
    """The assignee is not of an agency; that cannot be waived (S2-02)."""
    who = assignee_of(case, stage)
    if not isinstance(who, Member):
        yield nobody("assignee_in_house", who)
    elif who.kind == "agency":
        yield Objection(
            "assignee_in_house",
            f"{who.id!r} is of an agency, and this is never given to an agency",
            "choose somebody of the department",
            {"member": who.id},
        )
