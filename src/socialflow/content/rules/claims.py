"""Claims: what is said of a product comes from those who answer for it (S0-19, S0-20)."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import LEGAL_COMPLIANCE, PRODUCT_OWNER
from socialflow.content.rules.fields import keys_in

__all__ = ["claims_approved", "messages_valid"]


@rule("claims_approved", needs="messages", names_fields="field", waivable_by=PRODUCT_OWNER)
def claims_approved(case: Case, field: str = "claims") -> Iterator[Objection]:
    """Every claim in the item's *field* is the key of a message that has been written down."""
    for key in keys_in(case.item, field):
        if key not in case.facts["messages"]:
            yield Objection(
                "claims_approved",
                f"the claim {key!r} is no message of the department",
                "use one that is, or have the product owner write it down",
                {"claim": key},
            )


@rule(
    "messages_valid",
    needs="messages",
    names_fields="field",
    waivable_by=(PRODUCT_OWNER, LEGAL_COMPLIANCE),
)
def messages_valid(case: Case, field: str = "claims") -> Iterator[Objection]:
    """Every message that the item's *field* names is approved, in force, and past its embargo."""
    for key in keys_in(case.item, field):
        message = case.facts["messages"].get(key)
        standing = message.standing(case.at) if message is not None else "usable"
        if standing != "usable":
            yield Objection(
                "messages_valid",
                f"the message {key!r} may not be used: {standing}",
                "use another one, or have it renewed",
                {"claim": key, "standing": standing},
            )
