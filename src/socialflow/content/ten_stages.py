"""The ten stages in their order, where an item ends, whose rights are whose, what is below it."""

from __future__ import annotations

from socialflow import Parallel
from socialflow.content.approval import APPROVAL
from socialflow.content.assignment import ASSIGNMENT
from socialflow.content.concept import CONCEPT
from socialflow.content.evaluation import EVALUATION
from socialflow.content.experiment import EXPERIMENT
from socialflow.content.idea import IDEA
from socialflow.content.interaction import INTERACTION
from socialflow.content.production import PRODUCTION
from socialflow.content.promotion import PROMOTION
from socialflow.content.promotion_run import PROMOTION_RUN
from socialflow.content.publication import PUBLICATION
from socialflow.content.publish import PUBLISH
from socialflow.content.reshare import RESHARE
from socialflow.content.response import RESPONSE
from socialflow.content.roles import (
    DEPARTMENT_LEAD,
    EXECUTIVE_SPONSOR,
    LEGAL_COMPLIANCE,
    MANAGER,
)
from socialflow.content.tone import TONE
from socialflow.moments import Moment

__all__ = ["BELOW", "ENDS", "RIGHTS", "STAGES"]

STAGES = (
    CONCEPT,
    ASSIGNMENT,
    PRODUCTION,
    TONE,
    APPROVAL,
    PUBLISH,
    Parallel(PROMOTION, RESPONSE, RESHARE, until=Moment("evaluate_at")),
    EVALUATION,
)
"""What an item goes through, in this order; stages 7, 8 and 9 are open together.

Until all three are done, or until the date on which the screening has it evaluated.
"""

BELOW = (PUBLICATION, INTERACTION, PROMOTION_RUN, EXPERIMENT, IDEA)
"""What is below every item that is made."""

ENDS = ("closed", "rejected", "cancelled", "recalled")

RIGHTS = {
    "create": "*",
    "note": "*",
    "adopt": MANAGER,
    "assign": MANAGER,
    "cancel": MANAGER,
    "reopen": MANAGER,
    "hold": (*MANAGER, LEGAL_COMPLIANCE),
    "archive": MANAGER,
    "force": (DEPARTMENT_LEAD, EXECUTIVE_SPONSOR),
    "migrate": DEPARTMENT_LEAD,
}
"""Everybody proposes and comments; who runs the department assigns, holds, cancels and reopens.

Forcing takes two: the lead and the sponsor, with the same target and the same reason.  The lead
has items go on under another definition.
"""
