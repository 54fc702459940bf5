"""Duplicates: nobody says what somebody else has just said (S0-15)."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import MANAGER

__all__ = ["no_duplicate"]

WORDS = {
    "exact": "is the same",
    "link": "has the same link",
    "near": "reads like it",
    "window": "is for the same account at about the same time",
}


@rule("no_duplicate", needs="duplicates", waivable_by=MANAGER)
def no_duplicate(
    case: Case, why: tuple[str, ...] = ("exact", "link", "near")
) -> Iterator[Objection]:
    """No other item is alike, for one of these reasons; ``"window"`` is a fourth one."""
    alike = [one for one in case.facts["duplicates"] if one.why in why]
    if not alike:
        return
    told = "; ".join(
        f"{one.ref or one.item} {WORDS[one.why]} ({one.similarity:.0%})" for one in alike[:3]
    )
    more = f"; and {len(alike) - 3} more" if len(alike) > 3 else ""
    candidates = [
        {"item": one.item, "ref": one.ref, "why": one.why, "similarity": one.similarity}
        for one in alike
    ]
    yield Objection(
        "no_duplicate",
        f"there is something like it: {told}{more}",
        "say something else, or share the other one again",
        {"candidates": candidates},
    )
