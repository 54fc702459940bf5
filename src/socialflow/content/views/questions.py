"""Questions: every view by the name that the command line and the documents call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from socialflow.content.views.asked import asked_again
from socialflow.content.views.audience import whom_to_tell
from socialflow.content.views.benchmark import benchmark
from socialflow.content.views.board import board
from socialflow.content.views.brief import brief
from socialflow.content.views.calendar import calendar
from socialflow.content.views.compliance import published_without
from socialflow.content.views.contacts import contact, suggestions
from socialflow.content.views.coverage import coverage
from socialflow.content.views.cycles import cycle_times
from socialflow.content.views.digest import digest
from socialflow.content.views.duties import duties_due
from socialflow.content.views.goals import goals_pursued
from socialflow.content.views.ideas import ideas_due
from socialflow.content.views.listening import listening
from socialflow.content.views.load import load
from socialflow.content.views.mix import content_mix
from socialflow.content.views.overdue import overdue
from socialflow.content.views.policies import policy_rollout
from socialflow.content.views.raci import raci
from socialflow.content.views.readiness import readiness
from socialflow.content.views.ripple import ripple
from socialflow.content.views.setup import validate_setup
from socialflow.content.views.spent import hours_spent
from socialflow.content.views.training import training_gaps
from socialflow.content.views.unanswered import published_without_response
from socialflow.content.views.worklists import claimable, mine, of_roles, of_units

__all__ = ["QUESTIONS"]

_VIEWS: tuple[Callable[..., Any], ...] = (
    board,
    calendar,
    mine,
    claimable,
    of_units,
    of_roles,
    digest,
    brief,
    overdue,
    duties_due,
    ideas_due,
    raci,
    load,
    hours_spent,
    coverage,
    training_gaps,
    policy_rollout,
    whom_to_tell,
    contact,
    suggestions,
    cycle_times,
    published_without_response,
    published_without,
    listening,
    content_mix,
    goals_pursued,
    asked_again,
    benchmark,
    ripple,
    validate_setup,
    readiness,
)

QUESTIONS: Mapping[str, Callable[..., Any]] = {
    view.__name__.replace("_", "-"): view for view in _VIEWS
}
"""Every view, by its name."""
