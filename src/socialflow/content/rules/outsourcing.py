"""Outsourcing: an agency makes what it was asked to make, under a contract, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD

__all__ = ["agency_has_order", "contract_valid", "not_the_agencys", "outsourcing_allowed"]


@rule("agency_has_order", names_fields="field", binding=True)
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


@rule("not_the_agencys", names_fields="field", binding=True)
def not_the_agencys(
    case: Case, field: str, values: tuple[str, ...], role: str
) -> Iterator[Objection]:
    """Who is of an agency, or has its *role*, leaves alone what has one of *values* in *field*."""
    found, held = case.item.data.get(field), case.member.roles(case.item.scope, case.at)
    if found in values and (role in held or case.member.kind == "agency"):
        yield Objection(
            "not_the_agencys",
            f"{field} is {found!r}, and that is never an agency's to do",
            "somebody of the department has to do it",
            {"member": case.member.id, "field": field, "value": found},
        )


@rule(
    "outsourcing_allowed",
    needs="outsourcing",
    reads_data=True,
    names_fields="field",
    waivable_by=DEPARTMENT_LEAD,
)
def outsourcing_allowed(case: Case, field: str = "outsourced") -> Iterator[Objection]:
    """The department outsources, if the data's or the item's *field* says that this is."""
    decision = getattr(case.data, field, None) or case.item.data.get(field) or "no"
    if decision != "no" and not case.facts["outsourcing"]:
        yield Objection(
            "outsourcing_allowed",
            "the department does not outsource",
            "make it in the house, or have the policy changed",
            {"field": field, "decision": decision},
        )


@rule("contract_valid", names_fields="field", binding=True)
def contract_valid(case: Case, field: str = "agency") -> Iterator[Objection]:
    """Who asks is not of an agency, or holds a contract, now, with the agency in *field*."""
    agency = case.item.data.get(field)
    if case.member.kind != "agency":
        return
    if not agency or not case.member.holds("contract", agency, case.at):
        yield Objection(
            "contract_valid",
            f"{case.member.id!r} has no contract with {agency!r} that holds now"
            if agency
            else "no agency has been ordered to do this",
            "order it, or renew the contract",
            {"member": case.member.id, "agency": agency},
        )
