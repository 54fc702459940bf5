"""Inspection: what somebody says they have looked at is what is there, and is as it should be."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow import Case, Objection, rule

__all__ = ["check_passed", "saw_this_revision"]


@rule("saw_this_revision", reads_data=True)
def saw_this_revision(case: Case) -> Iterator[Objection]:
    """If the data names the ``revision`` that was looked at, that is the item's, as it is now."""
    seen = getattr(case.data, "revision", None)
    now = case.workflow.revision(case.item)
    if seen not in (None, now):
        yield Objection(
            "saw_this_revision",
            "the content has changed since it was looked at",
            "look at it again",
            {"seen": seen, "now": now},
        )


@rule("check_passed", reads_data=True)
def check_passed(case: Case) -> Iterator[Objection]:
    """Nothing that the data asks is answered with no."""
    for question in attrs.fields(type(case.data)):
        if getattr(case.data, question.name) is False:
            yield Objection(
                "check_passed",
                f"the check failed: not {question.name}",
                "correct it, recall it, or say that it failed",
                {"question": question.name},
            )
