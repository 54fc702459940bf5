"""Stage 3, content production: somebody makes it.

Writing is the built-in ``edit``: it works on the fields of the post, and whoever writes one that is
part of the revision becomes a contributor, who may not approve it.  Submitting needs something to
show; an agency submits only what has been outsourced to it.
"""

from __future__ import annotations

from socialflow import Action, Stage
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    AGENCY_MEMBER,
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    MANAGER,
    PAID_MEDIA_SPECIALIST,
    SOCIAL_MEDIA_MANAGER,
    TONE_EDITOR,
    WRITERS,
)
from socialflow.content.rules import agency_has_order, has_any, reason_given

__all__ = ["PRODUCTION"]

CONTRIBUTORS = (
    *WRITERS,
    SOCIAL_MEDIA_MANAGER,
    TONE_EDITOR,
    COMMUNITY_MANAGER,
    PAID_MEDIA_SPECIALIST,
)

PRODUCTION = Stage(
    "production",
    ("drafting", "paused", "submitted"),
    role=CONTENT_CREATOR,
    may_edit={"drafting": CONTRIBUTORS},
    actions=(
        Action(
            "submit",
            "drafting",
            "submitted",
            roles=WRITERS,
            rules=(
                has_any(("body", "media", "host_digest")),
                agency_has_order("outsourced", AGENCY_MEMBER),
            ),
        ),
        Action(
            "pause",
            "drafting",
            "paused",
            roles=(*WRITERS, SOCIAL_MEDIA_MANAGER),
            data=Reason,
            rules=reason_given(),
        ),
        Action("continue", "paused", "drafting", roles=(*WRITERS, SOCIAL_MEDIA_MANAGER)),
        Action(
            "hand_back",
            ("drafting", "paused"),
            goto="assignment",
            roles=(*WRITERS, *MANAGER),
            data=Reason,
            rules=reason_given(),
        ),
    ),
)
