"""Derived content: what is shared again goes the ten stages the short way.

It needs no concept and nobody has to be found for it: a candidate that was cleared is its idea.
Production, tone and approval are those of any other item, because the look has to be right whoever
made it (S0-16); so is all that comes after it is live.  It is not shared again itself: what people
make of it is nominated below the item that began it all.
"""

from __future__ import annotations

from socialflow import Workflow
from socialflow.content.across import ACROSS
from socialflow.content.post import FIXED, REVISION, Post
from socialflow.content.ten_stages import BELOW, ENDS, RIGHTS, STAGES
from socialflow.people import SYSTEM
from socialflow.variants import amended, removed

__all__ = ["RESHARE_FAST"]

STEPS, SPANNING = removed(
    amended(STAGES, "production", (), ("hand_back", "insource"), {}),
    ACROSS,
    ("concept", "assignment", "reshare"),
    {},
)

RESHARE_FAST = Workflow(
    "reshare_fast",
    STEPS,
    SPANNING,
    fields=Post,
    content=REVISION,
    fixed=FIXED,
    ends=ENDS,
    rights={**RIGHTS, "create": SYSTEM.id},
    children=BELOW,
)
