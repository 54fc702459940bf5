"""Timing: not before it may be said, not before it can be done, and where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER
from socialflow.content.rules.fields import keys_in

__all__ = [
    "before_deadline",
    "campaign_order",
    "embargo_over",
    "in_order",
    "in_slot",
    "lead_time",
    "not_in_blackout",
    "repeats_limited",
    "scheduled_after",
    "slot_free",
]


@rule("embargo_over", names_fields="field")
def embargo_over(case: Case, field: str) -> Iterator[Objection]:
    """The moment in the item's *field*, if there is one, has come."""
    yield from _too_early("embargo_over", case, field, case.at)


@rule("scheduled_after", reads_data=True, names_fields="field")
def scheduled_after(case: Case, field: str) -> Iterator[Objection]:
    """The data's ``publish_at`` is not before the moment in the item's *field*, if there is one."""
    yield from _too_early("scheduled_after", case, field, case.data.publish_at)


@rule("lead_time", reads_data=True)
def lead_time(case: Case, minutes: int = 5, video: int = 15) -> Iterator[Objection]:
    """The data's ``publish_at`` is at least so many *minutes* ahead, of a *video* so many."""
    needed = max(minutes, video) if case.item.data.get("kind") == "video" else minutes
    earliest = case.at + timedelta(minutes=needed)
    if case.data.publish_at < earliest:
        yield Objection(
            "lead_time",
            f"{case.data.publish_at.isoformat()} is less than {needed} minutes ahead",
            f"choose {earliest.isoformat()} or later, or publish now",
            {"minutes": needed, "earliest": earliest.isoformat()},
        )


@rule("before_deadline", names_fields="field", waivable_by=MANAGER)
def before_deadline(case: Case, field: str, minutes: int = 5) -> Iterator[Objection]:
    """It is still so many *minutes* before the moment in the item's *field*, if there is one."""
    told = case.item.data.get(field)
    if not told:
        return
    latest = datetime.fromisoformat(told) - timedelta(minutes=minutes)
    if case.at > latest:
        yield Objection(
            "before_deadline",
            f"{field} is {told}, and this had to be done by {latest.isoformat()}",
            f"set a later {field}",
            {"field": field, "deadline": told, "latest": latest.isoformat()},
        )


@rule("in_order", names_fields=("first", "then"))
def in_order(case: Case, first: str, then: str) -> Iterator[Objection]:
    """The moment in the item's field *then* is after that in *first*, if there are both."""
    begins, ends = case.item.data.get(first), case.item.data.get(then)
    if begins and ends and datetime.fromisoformat(ends) <= datetime.fromisoformat(begins):
        yield Objection(
            "in_order",
            f"{then} is {ends}, and {first} is {begins}",
            f"set {then} to a moment after {first}",
            {first: begins, then: ends},
        )


@rule("not_in_blackout", needs="blackouts", reads_data=True, waivable_by=DEPARTMENT_LEAD)
def not_in_blackout(case: Case) -> Iterator[Objection]:
    """It does not go out in a blackout: at the data's ``publish_at``, or now if it says none."""
    at = _goes_out(case)
    for one in case.facts["blackouts"]:
        if one.holds(at):
            until = one.until.isoformat() if one.until else None
            yield Objection(
                "not_in_blackout",
                f"{at.isoformat()} lies in the blackout {one.key!r}: {one.reason}",
                f"choose {until} or later" if until else "wait until it is lifted",
                {"blackout": one.key, "at": at.isoformat(), "until": until},
            )


@rule(
    "slot_free",
    needs="calendar",
    reads_data=True,
    names_fields="accounts",
    waivable_by=MANAGER,
)
def slot_free(case: Case, accounts: str = "accounts", minutes: int = 30) -> Iterator[Objection]:
    """Nothing else goes out on one of its *accounts* within so many *minutes* of it."""
    at, near = _goes_out(case), timedelta(minutes=minutes)
    for account in keys_in(case.item, accounts):
        for other in case.facts["calendar"].get(account, ()):
            if other.item != case.item.id and abs(other.at - at) < near:
                yield Objection(
                    "slot_free",
                    f"{other.ref or other.item} goes out on {account} at {other.at.isoformat()}",
                    f"leave {minutes} minutes between them",
                    {"account": account, "item": other.item, "at": other.at.isoformat()},
                )


@rule(
    "in_slot",
    needs="slots",
    reads_data=True,
    names_fields="accounts",
    waivable_by=MANAGER,
)
def in_slot(case: Case, accounts: str = "accounts") -> Iterator[Objection]:
    """It goes out in one of the slots of each of its *accounts* that has slots."""
    at = _goes_out(case)
    for account in keys_in(case.item, accounts):
        policy = case.facts["slots"].get(account)
        if policy is not None and not policy.allows(at):
            yield Objection(
                "in_slot",
                f"{at.isoformat()} is no slot of {account}; its slots are {policy}",
                "choose a time in one of them",
                {"account": account, "at": at.isoformat(), "slots": str(policy)},
            )


@rule("repeats_limited", reads_data=True, waivable_by=MANAGER)
def repeats_limited(case: Case, days: int = 30, most: int = 6) -> Iterator[Objection]:
    """From the data's ``repost_at`` to ``repost_until``, every so many *days*, is 1 to *most*."""
    span = case.data.repost_until - case.data.repost_at
    repeats = span // timedelta(days=days) + 1
    if not 1 <= repeats <= most:
        yield Objection(
            "repeats_limited",
            f"it would come back {max(repeats, 0)} times",
            f"choose dates between which it comes back 1 to {most} times, every {days} days",
            {"repeats": repeats, "most": most},
        )


@rule("campaign_order", needs="ahead", waivable_by=MANAGER)
def campaign_order(case: Case) -> Iterator[Objection]:
    """Everything that its campaign puts before it is live."""
    for ref in case.facts["ahead"]:
        yield Objection(
            "campaign_order",
            f"by the order of its campaign {ref} goes out before it, and is not live yet",
            f"wait for {ref}, or change the order",
            {"before": ref},
        )


def _goes_out(case: Case) -> datetime:
    at: datetime | None = getattr(case.data, "publish_at", None)
    return case.at if at is None else at


def _too_early(code: str, case: Case, field: str, at: datetime) -> Iterator[Objection]:
    until = case.item.data.get(field)
    if until and at < datetime.fromisoformat(until):
        yield Objection(
            code,
            f"{field} is {until}, and {at.isoformat()} is before that",
            f"wait until {until}",
            {"field": field, "until": until, "at": at.isoformat()},
        )
