"""Conversation: whether an answer is wanted there, by one of us, and who goes on with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from socialflow import Case, Objection, rule
from socialflow.content.roles import COMMUNITY_MANAGER, MANAGER

__all__ = ["alone_in_thread", "consented", "handover_target", "is_addressed", "reply_allowed"]


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


@rule("consented", reads_data=True)
def consented(
    case: Case, targets: tuple[str, ...], field: str = "handed_to", consent: str = "consented"
) -> Iterator[Objection]:
    """Whom the data hands to one of *targets* has agreed to that, as its field *consent* says."""
    target = getattr(case.data, field)
    if target in targets and not getattr(case.data, consent):
        yield Objection(
            "consented",
            f"nobody has asked them whether {target} may write to them",
            "ask them first",
            {"target": target},
        )


@rule("is_addressed", names_fields="field")
def is_addressed(case: Case, field: str, roles: Mapping[str, str]) -> Iterator[Objection]:
    """Who asks has that one of *roles* to which the item's *field* has handed it."""
    target = case.item.data.get(field)
    wanted = roles.get(str(target))
    if wanted not in case.member.roles(case.item.scope, case.at):
        yield Objection(
            "is_addressed",
            f"this has been handed to {target}, where {case.member.id!r} does not work",
            f"let {target} say so, or have it handed over to you",
            {"target": target, "role": wanted},
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
