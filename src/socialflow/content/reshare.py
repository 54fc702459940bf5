"""Stage 9, second spread: what users make of it is shared again, with their permission.

Whoever comes upon something worth it nominates it: that is creating a candidate below the item, see
`socialflow.content.candidate`.  When none is open any more, the community manager says what was
shared again, or that nothing was worth it.  What is shared is an item of its own, with its own tone
and approval; what comes back every month is not waited for.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Reason, explained
from socialflow.content.roles import COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import reason_given
from socialflow.rules import only_children

__all__ = ["RESHARE", "Reshare"]


@attrs.frozen
class Reshare:
    """What was shared again: the references of the new items."""

    reshared: tuple[str, ...]


DECIDED = only_children(
    "candidate", ("candidate.repeating", "end.derived", "end.refused", "end.skipped")
)
"""Whatever was nominated has been decided, one way or the other."""

RESHARE = Stage(
    "reshare",
    ("open", "settled"),
    role=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER),
    fields=Reshare,
    actions=(
        Action("settle_reshare", "open", "settled", data=Reshare, keeps="reshared", rules=DECIDED),
        Action("skip_reshare", "open", "settled", data=Reason, rules=(reason_given(), DECIDED)),
        explained("share_again", "settled", "open"),
    ),
)
