"""Evaluation: what was promised when the idea was accepted has been measured and answered."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DATA_ANALYST

__all__ = ["goals_answered", "metrics_measured", "return_measured", "sample_enough"]


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
    """The ``goal_results`` say of every goal in the item's *field* what became of it.

    They are the data's; the item's own, where the action asks for no data.
    """
    told = case.item.data if case.data is None else {"goal_results": case.data.goal_results}
    for goal in case.item.data.get(field, ()):
        if goal not in told.get("goal_results", {}):
            yield Objection(
                "goals_answered",
                f"the report does not say what became of the goal {goal!r}",
                f"say of {goal} whether it was reached",
                {"goal": goal},
            )


@rule("sample_enough", reads_data=True, names_fields="field", waivable_by=DATA_ANALYST)
def sample_enough(case: Case, field: str = "min_sample") -> Iterator[Objection]:
    """The data's or the item's ``sample`` is as large as the item's *field* asks."""
    told = getattr(case.data, "sample", None)
    sample = (told if told is not None else case.item.data.get("sample")) or 0
    wanted = case.item.data.get(field) or 0
    if sample < wanted:
        yield Objection(
            "sample_enough",
            f"the sample is {sample}, and {wanted} were asked for",
            "go on measuring",
            {"sample": sample, "wanted": wanted},
        )


@rule("return_measured", reads_data=True, names_fields="results")
def return_measured(case: Case, results: str = "results") -> Iterator[Objection]:
    """If the data tells a ``roi``, the item's *results* have figures: no promises of magic."""
    if getattr(case.data, "roi", None) is not None and not case.item.data.get(results):
        yield Objection(
            "return_measured",
            f"a return of {case.data.roi:g} is told, and nothing has been measured",
            "measure first, or leave the return out",
            {"roi": case.data.roi},
        )
