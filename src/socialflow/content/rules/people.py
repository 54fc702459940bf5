"""People: whether it is this member's to do."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule

__all__ = ["agency_has_order", "is_named_for"]


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


@rule("agency_has_order", names_fields="field")
def agency_has_order(case: Case, field: str, role: str) -> Iterator[Objection]:
    """Who has the agency's *role* works only on what the item's *field* says is outsourced."""
    held = case.member.roles(case.item.scope, case.at)
    if role in held and case.item.data.get(field, "no") == "no":
        yield Objection(
            "agency_has_order",
            "this has not been outsourced, and is not the agency's to do",
            "somebody of the department has to do it",
            {"member": case.member.id, "field": field},
        )
