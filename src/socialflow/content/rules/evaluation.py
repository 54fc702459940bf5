"""Evaluation: what was promised when the idea was accepted has been measured and answered."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule

__all__ = ["goals_answered", "metrics_measured"]


@rule("metrics_measured", reads_data=True, names_fields="field")
def metrics_measured(case: Case, field: str) -> Iterator[Objection]:
    """The data's ``results`` have a value for every metric in the item's *field*."""
    for metric in case.item.data.get(field, ()):
        if metric not in case.data.results:
            yield Objection(
                "metrics_measured",
                f"{metric!r} was promised as a metric and has no result",
                f"measure {metric}; if that cannot be done, waive this and say why",
                {"metric": metric},
            )


@rule("goals_answered", reads_data=True, names_fields="field")
def goals_answered(case: Case, field: str) -> Iterator[Objection]:
    """The data's ``goal_results`` say of every goal in the item's *field* what became of it."""
    for goal in case.item.data.get(field, ()):
        if goal not in case.data.goal_results:
            yield Objection(
                "goals_answered",
                f"the report does not say what became of the goal {goal!r}",
                f"say of {goal} whether it was reached",
                {"goal": goal},
            )
