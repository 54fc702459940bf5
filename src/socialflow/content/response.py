"""Stage 8, responding to user feedback: those who speak with us are heard and answered.

Community management and customer service answer; an agency never does, whatever other roles its
people hold (S2-02, S2-03).  Each comment is an item of its own: see
`socialflow.content.interaction`.  Content that by its policy is not answered closes by itself.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import explained
from socialflow.content.roles import COMMUNITY_MANAGER, CUSTOMER_SERVICE_REP
from socialflow.content.rules import one_of
from socialflow.rules import only_children

__all__ = ["RESPONSE", "Response"]


@attrs.frozen
class Response:
    """How many there were, and what people said.

    Attributes:
        answered: Comments, mentions and messages that were answered.
        handed_over: Those that went to customer service, sales, legal or product.
        voices: What people said, in words that stage 10 can use.
    """

    answered: int
    handed_over: int
    voices: tuple[str, ...]


SETTLED = ("interaction.answered", "end.closed", "end.dismissed")
"""Where interactions may be when the response is closed; silence asks for nothing."""

RESPONSE = Stage(
    "response",
    ("listening", "closed"),
    role=(COMMUNITY_MANAGER, CUSTOMER_SERVICE_REP),
    fields=Response,
    actions=(
        Action(
            "close_response",
            "listening",
            "closed",
            data=Response,
            keeps=("answered", "handed_over", "voices"),
            rules=only_children("interaction", SETTLED),
        ),
        Action(
            "stay_silent",
            "listening",
            "closed",
            automatic=True,
            rules=one_of("response_policy", ("passive", "none")),
        ),
        explained("listen_again", "closed", "listening"),
    ),
)
