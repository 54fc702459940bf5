"""Reasons: what hits somebody else's work is explained to them."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule

__all__ = ["reason_given"]


@rule("reason_given", reads_data=True, closed=True)
def reason_given(case: Case) -> Iterator[Objection]:
    """The data's ``reason`` says something."""
    if not case.data.reason.strip():
        yield Objection("reason_given", "the reason is empty", "say why, for those it concerns")
