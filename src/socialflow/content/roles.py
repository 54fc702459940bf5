"""Who takes part in a social-media department, and what an agency may never do.

The department lead stands first in every stage and is the default doer of none: the lead is in no
stage's ``role``, and may still decide, override, reassign and take back.
"""

from __future__ import annotations

from socialflow import Role

__all__ = [
    "ADMINISTRATOR",
    "AGENCY_MEMBER",
    "APPROVER",
    "APPROVERS",
    "COMMUNITY_MANAGER",
    "CONTENT_CREATOR",
    "CUSTOMER_SERVICE_REP",
    "DATA_ANALYST",
    "DEPARTMENT_LEAD",
    "EMPLOYEE",
    "EMPLOYEE_ADVOCATE",
    "EXECUTIVE_SPONSOR",
    "FEEDBACK_PANEL",
    "GUEST_APPROVER",
    "LEGAL_COMPLIANCE",
    "MANAGER",
    "PAID_MEDIA_SPECIALIST",
    "PRODUCT_OWNER",
    "REVIEWERS",
    "ROLES",
    "SALES",
    "SOCIAL_MEDIA_MANAGER",
    "TONE_EDITOR",
    "WRITERS",
]

DEPARTMENT_LEAD = "department_lead"
EXECUTIVE_SPONSOR = "executive_sponsor"
SOCIAL_MEDIA_MANAGER = "social_media_manager"
CONTENT_CREATOR = "content_creator"
TONE_EDITOR = "tone_editor"
APPROVER = "approver"
LEGAL_COMPLIANCE = "legal_compliance"
PRODUCT_OWNER = "product_owner"
COMMUNITY_MANAGER = "community_manager"
DATA_ANALYST = "data_analyst"
PAID_MEDIA_SPECIALIST = "paid_media_specialist"
CUSTOMER_SERVICE_REP = "customer_service_rep"
SALES = "sales"
AGENCY_MEMBER = "agency_member"
EMPLOYEE_ADVOCATE = "employee_advocate"
EMPLOYEE = "employee"
GUEST_APPROVER = "guest_approver"
FEEDBACK_PANEL = "feedback_panel"
ADMINISTRATOR = "administrator"

MANAGER = (SOCIAL_MEDIA_MANAGER, DEPARTMENT_LEAD)
"""Who runs the department, day by day and from above."""

WRITERS = (CONTENT_CREATOR, AGENCY_MEMBER)
"""Who produces content; the agency only what has been outsourced."""

APPROVERS = (APPROVER, EXECUTIVE_SPONSOR, SOCIAL_MEDIA_MANAGER, DEPARTMENT_LEAD)
"""Who may let content go out, as long as they have not written it."""

REVIEWERS = (*APPROVERS, LEGAL_COMPLIANCE, PRODUCT_OWNER)
"""Who may stop content that waits for approval."""

ROLES = (
    Role(DEPARTMENT_LEAD, "Department lead"),
    Role(EXECUTIVE_SPONSOR, "Executive sponsor"),
    Role(SOCIAL_MEDIA_MANAGER, "Social media manager"),
    Role(CONTENT_CREATOR, "Content creator"),
    Role(TONE_EDITOR, "Tone editor"),
    Role(APPROVER, "Approver"),
    Role(LEGAL_COMPLIANCE, "Legal and compliance"),
    Role(PRODUCT_OWNER, "Product owner"),
    Role(COMMUNITY_MANAGER, "Community manager"),
    Role(DATA_ANALYST, "Data analyst"),
    Role(PAID_MEDIA_SPECIALIST, "Paid media specialist"),
    Role(CUSTOMER_SERVICE_REP, "Customer service representative"),
    Role(SALES, "Sales"),
    Role(
        AGENCY_MEMBER,
        "Agency member",
        deny=(
            "approval.*",
            "*.approve*",
            "response.*",
            "evaluation.accept_report",
            "force",
            "interaction.*",
        ),
        kind="agency",
    ),
    Role(EMPLOYEE_ADVOCATE, "Employee advocate"),
    Role(EMPLOYEE, "Employee"),
    Role(GUEST_APPROVER, "Guest who approves: a client, a partner; give the grant an end"),
    Role(FEEDBACK_PANEL, "Member of the feedback group: a customer who tells us what they think"),
    Role(ADMINISTRATOR, "Administrator of people, accounts and definitions"),
)
"""Everybody.  An agency neither passes content nor speaks with customers, whatever else it may."""
