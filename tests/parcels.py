"""A workflow that sends parcels: what the outbox is tested with."""

from __future__ import annotations

import attrs

from socialflow import Action, Effect, Member, Role, Stage, Team, Workflow
from socialflow.people import SYSTEM

OUTCOMES = {
    "publish": {
        "delivered": "accept",
        "refused": "fail",
        "unknown": "lose",
        "found": "find",
        "missing": "miss",
    },
    "recall": {"delivered": "confirm"},
}


@attrs.frozen
class Link:
    """Where it can be seen."""

    url: str


@attrs.frozen
class Failure:
    """What went wrong, and how often."""

    evidence: str
    attempts: int = 1


@attrs.frozen
class Evidence:
    """What somebody saw."""

    evidence: str


@attrs.frozen
class Parcel:
    """What goes out."""

    title: str


PARCEL = Workflow(
    "parcel",
    [
        Stage(
            "desk",
            ("packed", "sending", "sent", "failed", "lost", "recalling"),
            done=(),
            role="clerk",
            fields=Link,
            actions=(
                Action("send", ("packed", "failed"), "sending", effects=Effect("publish")),
                Action("accept", "sending", "sent", roles=SYSTEM.id, data=Link, keeps="url"),
                Action("fail", "sending", "failed", roles=SYSTEM.id, data=Failure),
                Action("lose", "sending", "lost", roles=SYSTEM.id),
                Action("find", "lost", "sent", data=Evidence),
                Action("miss", "lost", "failed", data=Evidence),
                Action("recall", ("sent", "lost"), "recalling", effects=Effect("recall")),
                Action("confirm", "recalling", "packed", roles=SYSTEM.id),
                Action("snatch", "sending", "packed"),
                Action("shred", "packed", goto="end.shredded"),
            ),
        )
    ],
    roles=[Role("clerk", "a clerk"), Role("guest", "a guest")],
    actions=(Action("ring", "*", roles="clerk", effects=Effect("notify", {"whom": "lead"})),),
    fields=Parcel,
    content="title",
    ends=("shredded",),
    rights={"create": "*", "note": "clerk"},
)
TEAM = Team([Member("cleo", "clerk"), Member("gus", "guest")])
