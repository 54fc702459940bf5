"""An experiment: two or more arms of the same thing, and which of them does better.

An item of its own below the content item, whatever its arms are: texts, pictures, channels.  What
is compared, by what, and how many have to see it, is said before anybody measures (S3-08).  Whoever
names a winner before that many were reached says why.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.reasons import Reason
from socialflow.content.roles import DATA_ANALYST, MANAGER, PAID_MEDIA_SPECIALIST
from socialflow.content.rules import (
    arms_compared,
    arms_measured,
    reason_given,
    sample_enough,
    winner_measured,
)

__all__ = ["DECIDED", "EXPERIMENT", "Experiment", "Measured", "Winner"]

TESTERS = (PAID_MEDIA_SPECIALIST, DATA_ANALYST)
DECIDED = ("end.decided", "end.inconclusive", "end.cancelled")
"""Where an experiment is when nothing more is measured."""


@attrs.frozen
class Measured:
    """What has been measured so far.

    Attributes:
        sample: How many have seen it, all arms together.
        results: The figure of each arm.
    """

    sample: int
    results: dict[str, float]


@attrs.frozen
class Winner:
    """Which arm did better."""

    winner: str


@attrs.frozen(kw_only=True)
class Experiment:
    """What is compared.

    Attributes:
        hypothesis: What is expected, and why.
        metric: By what the arms are compared.
        arms: What each shows, by its name.
        split: Which share of the people sees each arm; they are equal, if not said.
        min_sample: How many have to see it before anybody names a winner.
    """

    hypothesis: str
    metric: str
    arms: dict[str, str]
    split: dict[str, float] | None = None
    min_sample: int = 0


@attrs.frozen
class Compared(Measured):
    """What came of it."""

    winner: str


EXPERIMENT = Workflow(
    "experiment",
    [
        Stage(
            "experiment",
            ("designed", "measuring"),
            done=(),
            role=TESTERS,
            may_edit={"designed": TESTERS},
            fields=Compared,
            actions=(
                Action(
                    "start_experiment",
                    "designed",
                    "measuring",
                    rules=arms_compared("arms", "split"),
                    effects=Effect("split"),
                ),
                Action(
                    "record_result",
                    "measuring",
                    data=Measured,
                    keeps=("sample", "results"),
                    rules=arms_measured("arms"),
                ),
                Action(
                    "choose_winner",
                    "measuring",
                    goto="end.decided",
                    data=Winner,
                    keeps="winner",
                    rules=(winner_measured("results"), sample_enough("min_sample")),
                ),
                Action(
                    "give_up",
                    "measuring",
                    goto="end.inconclusive",
                    data=Reason,
                    rules=reason_given(),
                ),
            ),
        )
    ],
    fields=Experiment,
    ends=("decided", "inconclusive", "cancelled"),
    rights={"create": TESTERS, "note": "*", "cancel": (*TESTERS, *MANAGER)},
)
