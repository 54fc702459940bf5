"""Who may do what: the department's table, read off by hand."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow import Member, Refused, options
from socialflow.content import ROLES
from socialflow.people import SYSTEM

YES = (
    ("employee", "concept.idea", "note"),
    ("social_media_manager", "concept.idea", "concept.start_screening"),
    ("department_lead", "concept.screening", "concept.accept"),
    ("department_lead", "concept.screening", "concept.override"),
    ("department_lead", "production.drafting", "assign"),
    ("department_lead", "production.drafting", "cancel"),
    ("department_lead", "end.closed", "reopen"),
    ("content_creator", "assignment.unassigned", "assignment.take"),
    ("agency_member", "assignment.offered", "assignment.accept_offer"),
    ("content_creator", "production.drafting", "production.submit"),
    ("content_creator", "production.drafting", "edit"),
    ("agency_member", "production.drafting", "edit"),
    ("tone_editor", "tone.adjusting", "tone.approve_tone"),
    ("tone_editor", "tone.adjusting", "edit"),
    ("social_media_manager", "tone.queued", "tone.skip"),
    ("approver", "approval.pending", "approval.approve"),
    ("executive_sponsor", "approval.pending", "approval.approve"),
    ("social_media_manager", "approval.pending", "approval.approve"),
    ("legal_compliance", "approval.pending", "approval.request_changes"),
    ("product_owner", "approval.pending", "approval.request_changes"),
    ("legal_compliance", "publish.scheduled", "publish.revoke"),
    ("social_media_manager", "publish.ready", "publish.publish_now"),
    ("department_lead", "publish.ready", "publish.publish_now"),
    ("legal_compliance", "publish.publishing", "publish.recall"),
    ("paid_media_specialist", "promotion.open", "promotion.settle_promotion"),
    ("customer_service_rep", "response.listening", "response.close_response"),
    ("community_manager", "response.listening", "response.close_response"),
    ("community_manager", "reshare.open", "reshare.settle_reshare"),
    ("data_analyst", "evaluation.analysing", "evaluation.report"),
    ("department_lead", "evaluation.reported", "evaluation.accept_report"),
)

NO = (
    ("employee", "concept.idea", "concept.start_screening"),
    ("content_creator", "concept.screening", "concept.accept"),
    ("social_media_manager", "concept.screening", "concept.override"),
    ("agency_member", "assignment.unassigned", "assignment.take"),
    ("content_creator", "assignment.unassigned", "assignment.outsource"),
    ("content_creator", "production.drafting", "assign"),
    ("approver", "production.drafting", "edit"),
    ("department_lead", "production.drafting", "production.submit"),
    ("content_creator", "tone.adjusting", "tone.approve_tone"),
    ("tone_editor", "tone.queued", "tone.skip"),
    ("content_creator", "approval.pending", "approval.approve"),
    ("tone_editor", "approval.pending", "approval.approve"),
    ("data_analyst", "approval.pending", "approval.approve"),
    ("legal_compliance", "approval.pending", "approval.approve"),
    ("agency_member", "approval.pending", "approval.approve"),
    ("content_creator", "approval.pending", "edit"),
    ("content_creator", "publish.ready", "publish.publish_now"),
    ("agency_member", "publish.ready", "publish.publish_now"),
    ("community_manager", "publish.publishing", "publish.recall"),
    ("sales", "promotion.open", "promotion.settle_promotion"),
    ("department_lead", "response.listening", "response.close_response"),
    ("content_creator", "response.listening", "response.close_response"),
    ("agency_member", "response.listening", "response.close_response"),
    ("approver", "reshare.open", "reshare.settle_reshare"),
    ("data_analyst", "evaluation.reported", "evaluation.accept_report"),
    ("social_media_manager", "evaluation.reported", "evaluation.accept_report"),
    ("administrator", "concept.screening", "concept.accept"),
    ("administrator", "approval.pending", "approval.approve"),
    ("administrator", "production.drafting", "edit"),
)

NEVER_AN_AGENCYS = (
    ("tone.adjusting", "tone.approve_tone"),
    ("approval.pending", "approval.approve"),
    ("approval.pending", "approval.request_changes"),
    ("approval.pending", "approval.decline"),
    ("approval.pending", "approval.break_glass"),
    ("approval.pending", "force"),
    ("approval.expired", "approval.resubmit"),
    ("response.listening", "response.close_response"),
    ("response.closed", "response.listen_again"),
    ("evaluation.reported", "evaluation.accept_report"),
)


def _stopped_by(at: Any, member: Member, action: str) -> set[str]:
    """What policy has against it; rules about the content are another matter."""
    shown = options(at.workflow, at.item, member, at.now)
    [found] = [option for option in shown if option.action == action]
    return {"role", "denied", "ballot"} & {*(found.refusal.codes if found.refusal else ())}


@pytest.mark.parametrize(("role", "state", "action"), YES)
def test_a_role_opens_what_the_departments_table_gives_it(
    role: str, state: str, action: str, desk: Any
) -> None:
    """Somebody with that role alone is not stopped by who they are."""
    assert set() == _stopped_by(desk(at=state), Member("who", role), action)


@pytest.mark.parametrize(("role", "state", "action"), NO)
def test_a_role_does_not_open_what_the_departments_table_withholds(
    role: str, state: str, action: str, desk: Any
) -> None:
    """Somebody with that role alone is stopped by who they are."""
    assert _stopped_by(desk(at=state), Member("who", role), action)


@pytest.mark.parametrize(("state", "action"), NEVER_AN_AGENCYS)
def test_an_agency_never_passes_content_or_answers_customers(
    state: str, action: str, desk: Any
) -> None:
    """S2-02, S2-03: the denial beats every other role, and without it the others would do."""
    every = {role.key for role in ROLES}
    at = _there(desk, state)

    assert {"denied"} == _stopped_by(at, Member("who", every), action)
    others = every - {"agency_member"}
    assert {"denied"} == _stopped_by(at, Member("who", others, kind="agency"), action)
    assert set() == _stopped_by(at, Member("who", others), action)


def _there(desk: Any, state: str) -> Any:
    """At that state; a settled one of several that are open together needs the others open."""
    if state != "response.closed":
        return desk(at=state)
    return desk(response_policy="none").until("response.closed")


PUBLICATION = (
    ("content_creator", "upload", True),
    ("employee_advocate", "upload", True),
    ("social_media_manager", "accept", False),
    ("sales", "upload", False),
    ("agency_member", "upload", False),
    ("social_media_manager", "recall", True),
    ("legal_compliance", "recall", True),
    ("community_manager", "recall", False),
    ("community_manager", "verify", True),
    ("content_creator", "verify", False),
)


@pytest.mark.parametrize(("role", "action", "may"), PUBLICATION)
def test_a_publication_is_uploaded_checked_and_recalled_by_whom_it_concerns(
    role: str, action: str, may: bool, desk: Any
) -> None:
    """Stage 6: upload, check and recall are duties of different people."""
    at = desk().until("publish.publishing")
    if action not in ("accept", "upload"):
        at.have("blog", "sam", "upload", url="https://example.com/blog")
    refusal = at.engine.why_not(at.upload("blog"), action, by=Member("who", role))

    assert may == ("role" not in (refusal.codes if refusal else ()))


@pytest.mark.parametrize("who", ["sam", "lea", "root", SYSTEM])
def test_nobody_makes_a_publication_by_hand(who: Any, desk: Any) -> None:
    """Only the stage that asks for every signature does: whatever is queued has been approved."""
    at = desk(at="publish.ready")

    with pytest.raises(Refused) as no:
        at.engine.create("publication", parent=at.id, by=who, data={"account": "blog"})

    assert ("role",) == no.value.refusal.codes


@pytest.mark.parametrize("writer", ["sam", "abe"])
def test_who_wrote_the_revision_may_not_approve_it(writer: str, desk: Any) -> None:
    """S3-10: hybrid roles are normal, and somebody else still has to look at the content."""
    at = desk().until("production.drafting" if writer == "sam" else "approval.pending")
    at.do(writer, "edit", body="In my words")
    at.until("approval.pending")

    assert ("four_eyes",) == at.refuses(writer, "approve")
    assert "approval.approve" not in at.offered(writer)
    at.do("spencer", "approve")


def test_an_idea_may_come_from_anybody(desk: Any) -> None:
    """S1-25: from any corner of the company; and who proposed it is among its writers."""
    at = desk()

    assert ("concept.idea",) == at.item.marking
    assert ("eve",) == at.item.contributors
