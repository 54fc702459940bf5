"""The ten stages of a social-media department, in one workflow."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from socialflow import Parallel, Role, Workflow
from socialflow.content.across import ACROSS
from socialflow.content.approval import APPROVAL
from socialflow.content.assignment import ASSIGNMENT
from socialflow.content.concept import CONCEPT
from socialflow.content.evaluation import EVALUATION
from socialflow.content.experiment import EXPERIMENT
from socialflow.content.idea import IDEA
from socialflow.content.interaction import INTERACTION
from socialflow.content.measuring import MEASURING
from socialflow.content.post import REVISION, Post
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
    ROLES,
)
from socialflow.content.tone import TONE
from socialflow.moments import Moment

__all__ = ["ENDS", "RIGHTS", "STAGES", "social_content"]

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
}
"""Everybody proposes and comments; who runs the department assigns, holds, cancels and reopens.

Forcing takes two: the lead and the sponsor, with the same target and the same reason.
"""


_made = partial(
    Workflow,
    "social_content",
    STAGES,
    (*ACROSS, *MEASURING),
    fields=Post,
    content=REVISION,
    ends=ENDS,
    rights=RIGHTS,
    children=(PUBLICATION, INTERACTION, PROMOTION_RUN, EXPERIMENT, IDEA),
)


def social_content(*, roles: Iterable[Role] = ROLES) -> Workflow:
    """The workflow of a social-media department, from the idea to the lessons learnt.

    Args:
        roles: Who takes part; a company with a role of its own says ``(*ROLES, Role("..."))``.

    Example:
        >>> shorter = social_content().without("promotion").named("acme", "3")
        >>> len(shorter.stages)
        9
    """
    return _made(roles=roles)
