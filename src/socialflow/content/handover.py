"""Handing over: what is not for us to answer goes to the desk that it belongs to, and comes back.

Whoever works at that desk says that they have it, gives it back with a reason, or says what came of
it; nobody does so for another desk.  Sales hears only of those who have agreed to it.
"""

from __future__ import annotations

from typing import Literal

import attrs

from socialflow import Action, Effect
from socialflow.content.reasons import explained
from socialflow.content.roles import (
    CUSTOMER_SERVICE_REP,
    LEGAL_COMPLIANCE,
    PRODUCT_OWNER,
    SALES,
)
from socialflow.content.rules import consented, is_addressed, reason_given

__all__ = ["DESKS", "HANDING_OVER", "Desk", "HandOver", "Outcome"]

Desk = Literal["support", "sales", "legal", "product"]

DESKS = {
    "support": CUSTOMER_SERVICE_REP,
    "sales": SALES,
    "legal": LEGAL_COMPLIANCE,
    "product": PRODUCT_OWNER,
}
"""Who works where."""

SPECIALISTS = tuple(DESKS.values())
THEIRS = is_addressed("handed_to", DESKS)


@attrs.frozen
class HandOver:
    """To whom it belongs.

    Attributes:
        handed_to: Whose work it is.
        summary: What they have to know.
        consented: Whether its author has agreed that they are told.
    """

    handed_to: Desk | None
    summary: str
    consented: bool = False


@attrs.frozen
class Outcome:
    """What came of it: solved, won, lost ...; and what it was worth, if that can be said."""

    outcome: str | None
    value: float | None = None


HANDING_OVER = (
    Action(
        "hand_over",
        ("triaged", "assigned", "drafted"),
        "handed_off",
        data=HandOver,
        keeps=("handed_to", "consented"),
        rules=consented(("sales",)),
        effects=Effect("notify", {"whom": "specialists"}),
    ),
    Action(
        "accept_handoff",
        "handed_off",
        roles=SPECIALISTS,
        rules=THEIRS,
        marks="accepted",
    ),
    explained(
        "return_handoff",
        "handed_off",
        "assigned",
        roles=SPECIALISTS,
        rules=(reason_given(), THEIRS),
        unmarks="accepted",
    ),
    Action(
        "resolve_handoff",
        "handed_off",
        "answered",
        roles=SPECIALISTS,
        data=Outcome,
        keeps=("outcome", "value"),
        rules=THEIRS,
    ),
)
"""What is done on the way there and back."""
