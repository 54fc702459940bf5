"""Capacity: nobody is given more than they have time for."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import MANAGER
from socialflow.content.rules.assignees import assignee_of, nobody

__all__ = ["loops_limited", "retry_limit", "within_limit"]


@rule(
    "within_limit",
    needs=("people", "workload"),
    reads_data=True,
    names_fields="effort",
    names_stages="stage",
    waivable_by=MANAGER,
)
def within_limit(
    case: Case, effort: str = "effort_hours", items: int | None = None, stage: str | None = None
) -> Iterator[Objection]:
    """The assignee has the hours for the data's or item's *effort*, and not yet *items* of work."""
    who = assignee_of(case, stage)
    if who is None or isinstance(who, str):
        yield nobody("within_limit", who)
        return
    load = case.facts["workload"].get(who.id)
    taken, open_ = (load.hours, load.items) if load else (0.0, 0)
    told = getattr(case.data, effort, None)
    wanted = float((told if told is not None else case.item.data.get(effort)) or 0)
    if taken + wanted > who.hours.most:
        yield Objection(
            "within_limit",
            f"{who.id!r} has {taken:g} of {who.hours.most:g} hours taken, and this takes "
            f"{wanted:g}",
            "choose somebody with more time, plan it for another week, or cut it",
            {"member": who.id, "taken": taken, "wanted": wanted, "most": who.hours.most},
        )
    if items is not None and open_ >= items:
        yield Objection(
            "within_limit",
            f"{who.id!r} works on {open_} items already, and {items} are the limit",
            "finish one first, or choose somebody else",
            {"member": who.id, "items": open_, "limit": items},
        )


@rule("retry_limit", names_fields="field", waivable_by=MANAGER)
def retry_limit(case: Case, field: str, limit: int = 3) -> Iterator[Objection]:
    """The item's *field* counts fewer attempts than *limit*."""
    attempts = case.item.data.get(field) or 0
    if attempts >= limit:
        yield Objection(
            "retry_limit",
            f"it has been tried {attempts} times, and {limit} are the limit",
            "find out what is wrong before you try again",
            {"attempts": attempts, "limit": limit},
        )


@rule("loops_limited", names_stages="stage", waivable_by=MANAGER)
def loops_limited(case: Case, stage: str, visits: int = 3) -> Iterator[Objection]:
    """The item has been in *stage* fewer than that many *visits*, this one included."""
    tokens = (*case.item.tokens, *case.item.idle)
    been = next((token.visit for token in tokens if token.stage == stage), 0)
    if been >= visits:
        yield Objection(
            "loops_limited",
            f"it has been in {stage} {been} times already",
            "talk with each other before it goes back once more",
            {"stage": stage, "visits": been, "limit": visits},
        )
