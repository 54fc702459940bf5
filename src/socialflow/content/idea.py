"""An idea: what an evaluated item suggests to make next, until it is taken up or set aside.

An item of its own below the one that taught it, with the lessons it came from (S2-11).  Accepting a
report makes one of each of its new ideas; whoever has another one later creates it there.  It is
taken up by proposing an item ``derived_from`` it, whose ``source`` is the evaluation.  One that
waits is looked at again every two weeks (S1-24).
"""

from __future__ import annotations

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.reasons import explained
from socialflow.content.roles import MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.moments import days

__all__ = ["IDEA", "Suggestion", "TakenUp"]

CADENCE = days(14)


@attrs.frozen
class TakenUp:
    """Which item is made of it."""

    taken_up_as: str


@attrs.frozen
class Suggestion:
    """What is known of it.

    Attributes:
        text: What to make.
        lessons: What was learnt, and suggests it.
        taken_up_as: Which item is made of it.
    """

    text: str
    lessons: str | None = None
    taken_up_as: str | None = None


IDEA = Workflow(
    "idea",
    [
        Stage(
            "idea",
            "noted",
            done=(),
            role=SOCIAL_MEDIA_MANAGER,
            actions=(
                Action(
                    "take_up",
                    "noted",
                    goto="end.taken_up",
                    roles=MANAGER,
                    data=TakenUp,
                    keeps="taken_up_as",
                ),
                explained("set_aside", "noted", goto="end.set_aside", roles=MANAGER),
                Action(
                    "remind",
                    "noted",
                    due=CADENCE,
                    every=CADENCE,
                    effects=Effect("notify", {"whom": "lead"}),
                ),
            ),
        )
    ],
    fields=Suggestion,
    ends=("taken_up", "set_aside"),
    rights={"create": "*", "note": "*", "assign": MANAGER, "reopen": MANAGER},
)
