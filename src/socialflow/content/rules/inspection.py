"""Inspection: what somebody says they have looked at is what is there, and is as it should be."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow import Case, Objection, rule

__all__ = ["check_passed"]


@rule("check_passed", reads_data=True, closed=True)
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
