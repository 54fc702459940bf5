"""Companies: the department's workflow as it is, or as some company has made it its own."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from socialflow import Action, Stage, Workflow
from socialflow.ballots import Ballot
from socialflow.content import roles, social_content
from socialflow.content.reasons import Reason
from socialflow.errors import DefinitionError

__all__ = ["CHANGES", "company"]

Change = Callable[[Workflow], Workflow]


def _review(name: str, **told: object) -> Stage:
    """One more stage that looks at what is to go out, by a ballot of its own."""
    return Stage(
        name,
        ("waiting", "cleared"),
        done="cleared",
        role=roles.LEGAL_COMPLIANCE,
        actions=(
            Action(
                "approve_clearance",
                "waiting",
                "cleared",
                ballots=Ballot("clearance", (roles.LEGAL_COMPLIANCE, roles.PRODUCT_OWNER)),
            ),
            Action("send_back", "waiting", goto="production", data=Reason),
        ),
        **told,  # type: ignore[arg-type]
    )


def _of_two(workflow: Workflow) -> Workflow:
    """Approval is decided by two of the approvers, and by everybody in legal."""
    chain = (
        Ballot("brand", roles.APPROVERS, quorum=2),
        Ballot("legal", roles.LEGAL_COMPLIANCE, quorum="all", after="brand"),
    )
    approve = Action("approve", "pending", "approved", ballots=chain)
    return workflow.amend("approval", actions=[approve])


CHANGES: tuple[Change, ...] = (
    lambda workflow: workflow.without("tone", redirect={"tone": "production"}),
    lambda workflow: workflow.without("promotion"),
    lambda workflow: workflow.without("reshare"),
    lambda workflow: workflow.without("promotion", "reshare"),
    lambda workflow: workflow.without("evaluation"),
    lambda workflow: workflow.without("assignment", redirect={"assignment": "production"}),
    lambda workflow: workflow.without("approval", redirect={"approval": "tone"}),
    lambda workflow: workflow.insert(_review("legal", signs="revision"), before="approval"),
    lambda workflow: workflow.insert(_review("glance", signs="visit"), after="approval"),
    lambda workflow: workflow.amend("tone", signs="revision"),
    _of_two,
)
"""What companies change, one at a time; those that a workflow does not bear are left out."""


def company(chance: Random, most: int = 2) -> Workflow:
    """The department's workflow after so many changes at most, in random order."""
    workflow = social_content()
    for change in chance.sample(CHANGES, chance.randint(0, most)):
        try:
            workflow = change(workflow)
        except DefinitionError:
            continue
    return workflow
