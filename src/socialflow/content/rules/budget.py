"""Budget: what is spent has been approved, and is still there (S3-08)."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import EXECUTIVE_SPONSOR

__all__ = ["budget_left"]


@rule(
    "budget_left",
    needs="budget",
    reads_data=True,
    names_fields="field",
    waivable_by=EXECUTIVE_SPONSOR,
)
def budget_left(
    case: Case, field: str = "budget", currency: str | None = None
) -> Iterator[Objection]:
    """What the data's or the item's *field* wants to spend is left of an approved budget."""
    told = getattr(case.data, field, None)
    wanted = float((told if told is not None else case.item.data.get(field)) or 0)
    budget = case.facts["budget"]
    if not wanted:
        return
    if budget is None:
        yield _no("no budget has been approved for this", "have one approved", wanted)
    elif currency is not None and budget.currency != currency:
        told = f"the budget {budget.key!r} is in {budget.currency}, and this in {currency}"
        yield _no(told, "convert it", wanted)
    elif wanted > budget.left:
        yield _no(
            f"{wanted:g} {budget.currency} are wanted, and {budget.left:g} are left of the "
            f"budget {budget.key!r}",
            f"spend {budget.left:g} at most, or have more approved",
            wanted,
        )


def _no(message: str, remedy: str, wanted: float) -> Objection:
    return Objection("budget_left", message, remedy, {"wanted": wanted})
