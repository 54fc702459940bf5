"""Disclosure: whoever is paid for saying something says so."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule

__all__ = ["disclosed"]


@rule("disclosed", names_fields=("ties", "text"))
def disclosed(case: Case, ties: str, text: str) -> Iterator[Objection]:
    """Content with commercial *ties* (a field of the item) has its disclosure *text* (another)."""
    tie = case.item.data.get(ties, "none")
    if tie != "none" and not case.item.data.get(text):
        yield Objection(
            "disclosed",
            f"the content is {tie}, and nothing in it says so",
            f"write the {text}, in production or tone",
            {"ties": tie, "field": text},
        )
