"""Stage 9, second spread: what users make of it is shared again, with their permission.

The community manager says what was shared again, or that nothing was worth it.  What is shared is
an item of its own, with its own tone and approval.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Reason
from socialflow.content.roles import COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import reason_given

__all__ = ["RESHARE", "Reshare"]


@attrs.frozen
class Reshare:
    """What was shared again: the references of the new items."""

    reshared: tuple[str, ...]


RESHARE = Stage(
    "reshare",
    ("open", "settled"),
    role=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER),
    fields=Reshare,
    actions=(
        Action("settle_reshare", "open", "settled", data=Reshare, keeps="reshared"),
        Action("skip_reshare", "open", "settled", data=Reason, rules=reason_given()),
        Action("share_again", "settled", "open", data=Reason, rules=reason_given()),
    ),
)
