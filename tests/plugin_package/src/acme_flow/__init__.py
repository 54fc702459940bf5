"""What a company adds: nothing here is imported before a document or a setting asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Action, Case, Objection, Stage, rule
from socialflow.policies import deny
from socialflow.rules import four_eyes
from socialflow.stores.memory import MemoryStore

__all__ = ["LEGAL", "NO_GUESTS", "LedgerStore", "claims_known"]


@rule("claims_known", names_fields="field")
def claims_known(case: Case, field: str) -> Iterator[Objection]:
    """Every claim in the item's *field* is one that the product owner has approved."""
    for claim in case.item.data.get(field, ()):
        if claim not in ("fast", "fresh"):
            yield Objection("claims_known", f"{claim!r} is not approved", "ask the product owner")


LEGAL = Stage(
    "legal",
    ("waiting", "cleared"),
    role="legal_compliance",
    signs="revision",
    actions=(Action("clear", "waiting", "cleared", rules=four_eyes()),),
)

NO_GUESTS = deny("guest")


class LedgerStore(MemoryStore):
    """A store in memory that remembers where it was opened.

    Args:
        url: ``ledger:name``.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self.name = url.partition(":")[2]
