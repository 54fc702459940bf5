"""Conversation: whether an answer is wanted there, by one of us, and who is asked to go on."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import COMMUNITY_MANAGER, MANAGER

__all__ = ["alone_in_thread", "handover_target", "reply_allowed"]


@rule("reply_allowed", needs="accounts", names_fields=("account", "asked"), waivable_by=MANAGER)
def reply_allowed(
    case: Case, account: str = "account", asked: str | None = None
) -> Iterator[Objection]:
    """The policy of its *account* is to answer: always, or when the field *asked* says so."""
    key = case.item.data.get(account)
    found = case.facts["accounts"].get(key)
    policy = found.response_policy if found else "none"
    if policy == "active" or (policy == "on_request" and asked and case.item.data.get(asked)):
        return
    told = f"the response policy of {key!r} is {policy}" if found else f"nobody knows {key!r}"
    yield Objection(
        "reply_allowed",
        f"{told}, and so this is not answered",
        "close it without an answer, or have the policy changed",
        {"account": key, "policy": policy},
    )


@rule("alone_in_thread", needs="thread", waivable_by=COMMUNITY_MANAGER)
def alone_in_thread(case: Case) -> Iterator[Objection]:
    """No other reply in the same thread waits to be sent."""
    for other in case.facts["thread"]:
        yield Objection(
            "alone_in_thread",
            f"another reply in this thread is on its way: {other}",
            "send one of them, and dismiss the other",
            {"other": other},
        )


@rule("handover_target", needs="units", reads_data=True, binding=True)
def handover_target(case: Case, field: str = "unit") -> Iterator[Objection]:
    """The unit that the data's *field* names is there, and is no agency (S2-02)."""
    key = getattr(case.data, field)
    unit = case.facts["units"].get(key)
    if unit is None or unit.kind == "agency":
        yield Objection(
            "handover_target",
            f"{key!r} is an agency, and customers are not handed to agencies"
            if unit
            else f"there is no unit {key!r}",
            "hand it to a unit of the house",
            {"unit": key},
        )
