"""Approval modes: how much is asked before something goes out, in one word of a company's own.

``none``: nothing; it passes by itself, and nobody has signed for it.  ``optional``: whoever runs
the department sends it on and says why, or has it approved; what could do harm, and what comes
back, is always approved.  ``required``: those whom it concerns say yes, as in `social_content`.
``multi_level``: they do so one after the other, and the lead or the sponsor has the last word.

A document says ``replace = { approval = "approval_optional" }``, and ``below = "approval"`` so that
it holds for what is derived as well.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialflow import Action, DefinitionError, Stage, Workflow
from socialflow.ballots import Ballot
from socialflow.content.approval import APPROVAL, CHAIN
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    APPROVER,
    DEPARTMENT_LEAD,
    EXECUTIVE_SPONSOR,
    MANAGER,
    TONE_EDITOR,
    WRITERS,
)
from socialflow.content.rules import loops_limited, one_of, reason_given
from socialflow.errors import nearest

__all__ = ["MODES", "with_approval"]

HARMLESS = one_of("risk", ("none", "low"))
FIRST_TIME = loops_limited("approval", visits=2).waivable()

LAST = Ballot("last", (DEPARTMENT_LEAD, EXECUTIVE_SPONSOR), after=[one.name for one in CHAIN])
LEVELS = (
    *(
        attrs.evolve(
            one,
            roles=[role for role in one.roles if role not in LAST.roles],
            after=one.after or [first.name for first in CHAIN[:1] if first is not one],
        )
        for one in CHAIN
    ),
    LAST,
)
"""The brand first, then those whom it concerns, then who answers for all of it."""

MODES: Mapping[str, Stage] = {
    "none": Stage(
        "approval",
        ("pending", "approved"),
        role=APPROVER,
        actions=(Action("pass", "pending", "approved", automatic=True),),
    ),
    "optional": attrs.evolve(
        APPROVAL,
        states=("open", *APPROVAL.states),
        may_edit={"open": MANAGER, **APPROVAL.may_edit},
        actions=(
            Action("ask", "open", "pending", roles=(*WRITERS, TONE_EDITOR, *MANAGER)),
            Action(
                "go_without",
                "open",
                "approved",
                roles=MANAGER,
                data=Reason,
                rules=(reason_given(), HARMLESS, FIRST_TIME),
            ),
            *APPROVAL.actions,
        ),
    ),
    "required": APPROVAL,
    "multi_level": attrs.evolve(
        APPROVAL,
        actions=[
            attrs.evolve(one, ballots=LEVELS) if one.name == "approve" else one
            for one in APPROVAL.actions
        ],
    ),
}
"""The stage of approval, by its mode; documents call each ``approval_`` and the mode."""


def with_approval(workflow: Workflow, mode: str) -> Workflow:
    """The workflow with its approval, and that of the items below it, in another mode.

    Args:
        workflow: One that has a stage of approval, or of which some items below it have one.
        mode: ``"none"``, ``"optional"``, ``"required"`` or ``"multi_level"``.

    Raises:
        DefinitionError: There is no such mode.

    Example:
        >>> from socialflow.content import social_content
        >>> acme = with_approval(social_content(), "optional").named("acme")
        >>> acme.stage("approval").states
        ('open', 'pending', 'approved', 'expired')
    """
    if mode not in MODES:
        message, remedy = f"no approval mode is called {mode!r}", nearest(mode, MODES)
        raise DefinitionError.because("unknown_name", "with_approval", message, remedy)
    below = tuple(with_approval(one, mode) for one in workflow.children)
    if "approval" in workflow.places:
        workflow = workflow.replace("approval", MODES[mode])
    return attrs.evolve(workflow, children=below)
