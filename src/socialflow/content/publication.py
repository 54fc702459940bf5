"""A publication: one account to which an item goes out, and what became of it there.

An item of its own below the content item, so that one account that fails does not fail the rest,
and two people who look at two accounts never collide.  Whether an upload succeeded is reported by
the system, or by whoever uploads by hand.  One of which nobody knows how it ended is never repeated
blindly: first somebody finds out.  Nothing counts as live before somebody has looked at it where
the public sees it.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.reasons import Evidence, Reason
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    EMPLOYEE_ADVOCATE,
    LEGAL_COMPLIANCE,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import check_passed, reason_given
from socialflow.people import SYSTEM

__all__ = ["PUBLICATION", "UP", "Check", "Link"]

UPLOADERS = (SYSTEM.id, SOCIAL_MEDIA_MANAGER, CONTENT_CREATOR, EMPLOYEE_ADVOCATE)
CHECKERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER)
UP = ("published", "verified", "unconfirmed")
"""States in which it is, or may be, where the public sees it."""


@attrs.frozen
class Publication:
    """What is known of it: where it goes, and where it can be seen."""

    account: str
    url: str | None = None


@attrs.frozen
class Link:
    """Where it can be seen."""

    url: str | None


@attrs.frozen(kw_only=True)
class Check:
    """What the checker sees, where the public sees it."""

    right_account: bool
    right_text: bool
    right_media: bool
    links_work: bool
    disclosure_visible: bool


PUBLICATION = Workflow(
    "publication",
    [
        Stage(
            "publication",
            (
                "queued",
                "publishing",
                "published",
                "verified",
                "failed",
                "unconfirmed",
                "recalling",
            ),
            done=(),
            role=SOCIAL_MEDIA_MANAGER,
            actions=(
                Action("send", "queued", "publishing", automatic=True, effects=Effect("publish")),
                Action(
                    "accept",
                    "publishing",
                    "published",
                    roles=UPLOADERS,
                    data=Link,
                    keeps="url",
                ),
                Action("fail", "publishing", "failed", roles=UPLOADERS, data=Evidence),
                Action("lose", "publishing", "unconfirmed", roles=UPLOADERS),
                Action("resolve_published", "unconfirmed", "published", data=Evidence),
                Action("resolve_failed", "unconfirmed", "failed", data=Evidence),
                Action("retry", "failed", "queued", roles=MANAGER),
                Action(
                    "verify",
                    "published",
                    "verified",
                    roles=CHECKERS,
                    data=Check,
                    rules=check_passed(),
                ),
                Action(
                    "drop",
                    "failed",
                    goto="end.dropped",
                    roles=MANAGER,
                    data=Reason,
                    rules=reason_given(),
                ),
                Action(
                    "recall",
                    UP,
                    "recalling",
                    roles=(*MANAGER, LEGAL_COMPLIANCE),
                    effects=Effect("recall"),
                ),
                Action(
                    "confirm_recall",
                    "recalling",
                    goto="end.recalled",
                    roles=(SYSTEM.id, *CHECKERS),
                ),
            ),
        )
    ],
    fields=Publication,
    ends=("recalled", "dropped"),
)
