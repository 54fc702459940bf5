"""Stage 3, content production: somebody makes it.

Writing is the built-in ``edit``: it works on the fields of the post, and whoever writes one that is
part of the revision becomes a contributor, who may not approve it.  What an account says otherwise,
its language included, is one of these fields.  Submitting needs something to show; a junior has
somebody else look at it first (S3-01), and an agency submits only what has been outsourced to it.
The lead may bring that back into the house at any time (S0-27).
"""

from __future__ import annotations

from typing import Literal

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import explained
from socialflow.content.roles import (
    AGENCY_MEMBER,
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    DEPARTMENT_LEAD,
    MANAGER,
    PAID_MEDIA_SPECIALIST,
    SOCIAL_MEDIA_MANAGER,
    TONE_EDITOR,
    WRITERS,
)
from socialflow.content.rules import (
    agency_has_order,
    check_passed,
    has_any,
    in_own_name,
    junior_reviewed,
    reason_given,
    variants_go_out,
)

__all__ = ["PRODUCTION", "Checklist", "Insourcing", "Review"]

HELPERS = (SOCIAL_MEDIA_MANAGER, TONE_EDITOR, COMMUNITY_MANAGER, PAID_MEDIA_SPECIALIST)
CONTRIBUTORS = (*WRITERS, *HELPERS)
DOERS = (*WRITERS, SOCIAL_MEDIA_MANAGER)


@attrs.frozen(kw_only=True)
class Checklist:
    """What whoever submits has looked at: yes, no, or nothing where it does not apply.

    Attributes:
        proofread: It has been read once more.
        claims_named: Every fact about a product is among its claims.
        media_described: Pictures and sound have words for those who do not see or hear them.
        rights_cleared: Everything in it may be used.
    """

    proofread: bool | None = None
    claims_named: bool | None = None
    media_described: bool | None = None
    rights_cleared: bool | None = None


@attrs.frozen
class Review:
    """Id of whoever has looked at it for somebody else."""

    reviewed_by: str


@attrs.frozen
class Insourcing:
    """Why no agency makes it any more, and what of it one still does."""

    reason: str
    outsourced: Literal["no", "partly", "yes"] = "no"


PRODUCTION = Stage(
    "production",
    ("drafting", "paused", "submitted"),
    role=CONTENT_CREATOR,
    may_edit={"drafting": CONTRIBUTORS, "paused": MANAGER},
    fields=Review,
    actions=(
        Action(
            "review",
            "drafting",
            roles=(CONTENT_CREATOR, *HELPERS),
            data=Review,
            keeps="reviewed_by",
            rules=in_own_name("reviewed_by"),
        ),
        Action(
            "submit",
            "drafting",
            "submitted",
            roles=WRITERS,
            data=Checklist,
            rules=(
                has_any(("body", "media", "host_digest")),
                variants_go_out("variants", "accounts"),
                check_passed(),
                junior_reviewed("reviewed_by"),
                agency_has_order("outsourced", AGENCY_MEMBER),
            ),
        ),
        explained("pause", "drafting", "paused", roles=DOERS, reversible=True),
        Action("continue", "paused", "drafting", roles=DOERS, reversible=True),
        explained(
            "hand_back", ("drafting", "paused"), goto="assignment", roles=(*WRITERS, *MANAGER)
        ),
        Action(
            "insource",
            ("drafting", "paused"),
            goto="assignment",
            roles=DEPARTMENT_LEAD,
            data=Insourcing,
            keeps="outsourced",
            rules=reason_given(),
        ),
    ),
)
