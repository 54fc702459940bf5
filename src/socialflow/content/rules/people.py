"""People: whether it is this member's to do, and what they have to bring with them."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER

__all__ = [
    "all_named",
    "by_junior",
    "checked_by_another",
    "holds",
    "in_house",
    "in_own_name",
    "is_asked",
    "is_named_for",
    "junior_reviewed",
    "onboarded",
    "own_words",
    "policy_acknowledged",
]


@rule("is_named_for", names_stages="stage")
def is_named_for(case: Case, stage: str) -> Iterator[Objection]:
    """Who asks is the one named for *stage*, which need not be open yet."""
    named = case.item.responsible(stage)
    if named not in case.persons:
        yield Objection(
            "is_named_for",
            f"{case.member.id!r} is not the one named for {stage}; that is {named or 'nobody'}",
            f"have yourself assigned to {stage}",
            {"member": case.member.id, "stage": stage, "responsible": named},
        )


@rule("is_asked", names_fields="field")
def is_asked(case: Case, field: str) -> Iterator[Objection]:
    """The item's *field* names who asks, their unit, or a role of theirs; or it names nobody."""
    named = case.item.data.get(field) or ()
    held = case.member.roles(case.item.scope, case.at)
    if named and not {*named} & {*case.persons, case.member.unit, *held}:
        yield Objection(
            "is_asked",
            f"{case.member.id!r} has not been asked; {', '.join(named)} has",
            f"leave it to {', '.join(named)}, or be asked as well",
            {"member": case.member.id, "asked": named},
        )


@rule("by_junior", needs="people", about_content=True)
def by_junior(case: Case, seniority: str = "junior") -> Iterator[Objection]:
    """A junior is among those who have written it: ``Ballot(..., when=by_junior())``."""
    people = case.facts["people"]
    writers = (people[id] for id in case.item.contributors if id in people)
    if not any(one.seniority == seniority for one in writers):
        yield Objection(
            "by_junior",
            f"nobody who has written it is {seniority}",
            facts={"contributors": case.item.contributors, "seniority": seniority},
        )


@rule("in_own_name", reads_data=True)
def in_own_name(case: Case, field: str) -> Iterator[Objection]:
    """The data's *field* names who asks, or somebody they act for."""
    named = getattr(case.data, field)
    if named not in case.persons:
        yield Objection(
            "in_own_name",
            f"{case.member.id!r} cannot say this for {named!r}",
            f"let {named} say it, or say {case.member.id!r}",
            {"member": case.member.id, "field": field, "named": named},
        )


@rule("own_words", about_content=True)
def own_words(case: Case) -> Iterator[Objection]:
    """Who asks is one of those who have written it."""
    if not {*case.persons} & {*case.item.contributors}:
        yield Objection(
            "own_words",
            f"{case.member.id!r} has not written this",
            "ask whoever has, or write a note",
            {"member": case.member.id, "contributors": case.item.contributors},
        )


@rule("all_named", names_stages="stages", waivable_by=DEPARTMENT_LEAD)
def all_named(case: Case, stages: tuple[str, ...]) -> Iterator[Objection]:
    """Somebody has been named for each of these *stages*."""
    missing = tuple(stage for stage in stages if not case.item.responsible(stage))
    if missing:
        yield Objection(
            "all_named",
            f"nobody is responsible for {', '.join(missing)}",
            "assign somebody to each",
            {"stages": missing},
        )


@rule("in_house", binding=True)
def in_house(case: Case) -> Iterator[Objection]:
    """Who asks is not of an agency; that cannot be waived (S2-02, S2-03)."""
    if case.member.kind == "agency":
        yield Objection(
            "in_house",
            f"{case.member.id!r} is of an agency, and this is never an agency's to do",
            "somebody of the department has to do it",
            {"member": case.member.id},
        )


@rule("holds", waivable_by=DEPARTMENT_LEAD)
def holds(case: Case, kind: str, key: str, level: int = 0) -> Iterator[Objection]:
    """Who asks holds that credential now, at that *level* or above."""
    if not case.member.holds(kind, key, case.at, level):
        told = f"{kind} {key!r}" + (f" at level {level}" if level else "")
        yield Objection(
            "holds",
            f"{case.member.id!r} does not hold {told}",
            "get it, or have it renewed; or ask somebody who holds it",
            {"member": case.member.id, "kind": kind, "key": key, "level": level},
        )


@rule("policy_acknowledged", needs="policies")
def policy_acknowledged(case: Case, key: str) -> Iterator[Objection]:
    """Who asks has acknowledged the newest version of the policy *key*: ``"social@3"``."""
    version = case.facts["policies"].get(key)
    newest = key if version is None else f"{key}@{version}"
    if not case.member.holds("policy", newest, case.at):
        yield Objection(
            "policy_acknowledged",
            f"{case.member.id!r} has not acknowledged {newest}",
            f"read and acknowledge {newest}",
            {"member": case.member.id, "policy": key, "version": version},
        )


@rule("onboarded", waivable_by=DEPARTMENT_LEAD)
def onboarded(case: Case, day: int) -> Iterator[Objection]:
    """Who asks has reached the onboarding milestone of that *day* (30, 60, 90), or a later one."""
    reached = [
        int(one.key)
        for one in case.member.credentials
        if one.kind == "onboarding" and one.key.isdecimal() and one.holds(case.at)
    ]
    if max(reached, default=0) < day:
        yield Objection(
            "onboarded",
            f"{case.member.id!r} has not reached the milestone of day {day}",
            "ask somebody who has, or finish what the milestone asks for",
            {"member": case.member.id, "day": day, "reached": max(reached, default=0)},
        )


@rule("junior_reviewed", names_fields="field", waivable_by=MANAGER)
def junior_reviewed(case: Case, field: str, seniority: str = "junior") -> Iterator[Objection]:
    """Who asks is no junior, or the item's *field* names somebody else who has reviewed it."""
    reviewer = case.item.data.get(field)
    if case.member.seniority == seniority and reviewer in (None, "", *case.persons):
        yield Objection(
            "junior_reviewed",
            f"{case.member.id!r} is {seniority}, and nobody else has reviewed this",
            "have it reviewed by somebody else first",
            {"member": case.member.id, "field": field, "reviewer": reviewer},
        )


@rule("checked_by_another", names_fields="field", waivable_by=DEPARTMENT_LEAD)
def checked_by_another(case: Case, field: str) -> Iterator[Objection]:
    """Who checks is not the one whom the item's *field* names as having done it."""
    doer = case.item.data.get(field)
    if doer in case.persons:
        yield Objection(
            "checked_by_another",
            f"{case.member.id!r} cannot check it: {doer!r} has done it",
            "somebody else has to look at it",
            {"member": case.member.id, "doer": doer},
        )
