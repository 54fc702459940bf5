"""One thing that is wrong in each of the ten stages, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import attrs

from socialflow import Action, Member, Team, Workflow
from socialflow.ballots import Ballot
from socialflow.content.presets import preset
from socialflow.content.properties import department_properties
from socialflow.content.roles import (
    AGENCY_MEMBER,
    APPROVERS,
    CONTENT_CREATOR,
    DEPARTMENT_LEAD,
    GUEST_APPROVER,
    LEGAL_COMPLIANCE,
    MANAGER,
    PRODUCT_OWNER,
    SOCIAL_MEDIA_MANAGER,
    WRITERS,
)
from socialflow.verify import Property

__all__ = ["AT", "DEFECTS", "TWENTY", "WHOLE", "Defect", "sentence", "unsatisfied"]

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
WHOLE = preset("enterprise").workflow
"""The ten stages with everything, approved on several levels."""
TWENTY = Team(
    [
        *preset("enterprise").team.members,
        Member("agnes", AGENCY_MEMBER, kind="agency"),
        Member("guy", GUEST_APPROVER, kind="guest"),
    ],
    units=preset("enterprise").team.units,
)
"""Eighteen in the house, one from an agency, and a client who approves."""

Change = Callable[[Workflow], Workflow]


@attrs.frozen
class Defect:
    """Something wrong.

    Attributes:
        plant: Makes a workflow that has it.
        breaks: How the sentence begins that does not hold then, and holds without it.
    """

    plant: Change
    breaks: str


def rushed(workflow: Workflow) -> Workflow:
    """Concept: an idea goes on that nobody has screened."""
    return workflow.amend("concept", actions=[Action("rush", "idea", "accepted", roles=MANAGER)])


def put_by(workflow: Workflow) -> Workflow:
    """Assignment: what has been put by is never taken up again."""
    states = (*workflow.stage("assignment").states[:-1], "put_by", "assigned")
    action = Action("put_by", "unassigned", "put_by", roles=MANAGER)
    return workflow.amend("assignment", states=states, actions=[action])


def redone(workflow: Workflow) -> Workflow:
    """Production: it is begun anew for ever, and nobody has said that it may be."""
    action = Action("redo", "drafting", goto="assignment", roles=CONTENT_CREATOR)
    return workflow.amend("production", actions=[action])


def waved_through(workflow: Workflow) -> Workflow:
    """Tone: a writer waves it through."""
    action = Action("wave_through", "queued", "in_tone", roles=WRITERS)
    return workflow.amend("tone", actions=[action])


def passed_by_its_author(workflow: Workflow) -> Workflow:
    """Approval: who has written it has a vote."""
    ballot = Ballot("brand", APPROVERS, four_eyes=False)
    action = Action("approve", "pending", "approved", ballots=ballot)
    return workflow.amend("approval", actions=[action])


def called_live(workflow: Workflow) -> Workflow:
    """Publication: it is said to be live, and has not gone out."""
    action = Action("call_live", "ready", "live", roles=SOCIAL_MEDIA_MANAGER)
    return workflow.amend("publish", actions=[action])


def run_unpaid(workflow: Workflow) -> Workflow:
    """Promotion: a run begins that nobody has paid for."""
    action = Action("run_at_once", "planned", "passed", roles=SOCIAL_MEDIA_MANAGER)
    return _below(workflow, "promotion_run", lambda one: one.amend("plan", actions=[action]))


def closed_by_the_agency(workflow: Workflow) -> Workflow:
    """Response: somebody from an agency has the last word."""
    agency = next(one for one in workflow.roles if one.key == AGENCY_MEMBER)
    denied = tuple(one for one in agency.deny if one != "response.*")
    action = Action("hush", "listening", "closed", roles=AGENCY_MEMBER)
    let = workflow.with_roles(attrs.evolve(agency, deny=denied))
    return let.amend("response", actions=[action])


def shared_without_rights(workflow: Workflow) -> Workflow:
    """Re-share: it is shared before anybody has asked whether it may be."""
    action = Action("grab", "nominated", goto="end.derived")
    return _below(workflow, "candidate", lambda one: one.amend("candidate", actions=[action]))


def accepted_unread(workflow: Workflow) -> Workflow:
    """Evaluation: a report is accepted before there is one."""
    action = Action("accept_report", ("analysing", "reported"), "accepted", roles=DEPARTMENT_LEAD)
    return workflow.amend("evaluation", actions=[action])


def _below(workflow: Workflow, kind: str, change: Change) -> Workflow:
    """The workflow with a change in all that is of a kind below it, however deep."""
    children = (_below(one, kind, change) for one in workflow.children)
    changed = (change(one) if one.name == kind else one for one in children)
    return attrs.evolve(workflow, children=tuple(changed))


ENDLESS = "an end can always be reached, apart from force or break_glass or cancel"
DEFECTS = {
    "concept": Defect(rushed, "never in assignment or production without concept.accept"),
    "assignment": Defect(put_by, ENDLESS),
    "production": Defect(redone, "every item comes to end.*"),
    "tone": Defect(waved_through, "never in publish.publishing without tone.approve_tone"),
    "approval": Defect(
        passed_by_its_author,
        "never in publish.publishing without approval.approve by others than its authors",
    ),
    "publish": Defect(called_live, "never in promotion or response or reshare without publish"),
    "promotion": Defect(run_unpaid, "never in run.running or run.approved without plan.approve"),
    "response": Defect(closed_by_the_agency, "never does agency_member response.*"),
    "reshare": Defect(
        shared_without_rights, "never in end.derived or candidate.repeating without clear"
    ),
    "evaluation": Defect(accepted_unread, "evaluation.report precedes evaluation.accept_report"),
}
"""By the stage in which it is planted."""


def sentence(defect: Defect) -> Property:
    """The sentence that a defect breaks."""
    every = department_properties(WHOLE)
    return next(one for one in every if str(one).startswith(defect.breaks))


def unsatisfied(workflow: Workflow, one: Property) -> bool:
    """Whether that property asks for the vote of somebody whom its approval does not ask."""
    actions = [one for stage in workflow.stages for one in stage.actions if one.name == "approve"]
    asked = {role for one in actions for ballot in one.ballots for role in ballot.roles}
    votes = (LEGAL_COMPLIANCE, PRODUCT_OWNER)
    return any(f"the vote of {role}" in str(one) and role not in asked for role in votes)
