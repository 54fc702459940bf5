"""Brand: whoever writes it, what goes out sounds like us (S0-16, S3-16)."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD

__all__ = ["brand_checked"]


@rule("brand_checked", names_stages="stage", waivable_by=DEPARTMENT_LEAD)
def brand_checked(case: Case, stage: str = "tone") -> Iterator[Objection]:
    """The *stage* that looks after the brand has signed, and its signature holds."""
    signed = any(one.stage == stage for one in case.item.signatures)
    if not signed or stage in case.workflow.unsigned(case.item):
        yield Objection(
            "brand_checked",
            f"{stage} has signed another revision" if signed else f"{stage} has not signed this",
            f"take it to {stage}",
            {"stage": stage},
        )
