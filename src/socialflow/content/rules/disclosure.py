"""Disclosure: whoever is paid for saying something says so, everywhere it is said."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import LEGAL_COMPLIANCE
from socialflow.content.rules.fields import said_on

__all__ = ["disclosed", "disclosed_everywhere", "disclosed_through", "not_confidential"]


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


@rule("disclosed_everywhere", names_fields=("ties", "text", "variants"))
def disclosed_everywhere(case: Case, ties: str, text: str, variants: str) -> Iterator[Objection]:
    """Each of its *variants* (a table of what each says otherwise) has the disclosure *text*."""
    tie = case.item.data.get(ties, "none")
    if tie == "none":
        return
    for name in case.item.data.get(variants) or {}:
        if not said_on(case.item, name, variants).get(text):
            yield Objection(
                "disclosed_everywhere",
                f"the content is {tie}, and its variant for {name} does not say so",
                f"write the {text} of that variant",
                {"ties": tie, "variant": name, "field": text},
            )


@rule("disclosed_through", names_fields=("channel", "text"))
def disclosed_through(
    case: Case, channel: str, channels: tuple[str, ...], text: str
) -> Iterator[Objection]:
    """What goes through one of *channels* (as a field of the item says) has its *text*."""
    through = case.item.data.get(channel)
    if through in channels and not case.item.data.get(text):
        yield Objection(
            "disclosed_through",
            f"through the channel {through!r} it speaks for somebody, and nothing in it says so",
            f"write the {text}",
            {"channel": through, "field": text},
        )


@rule("not_confidential", names_fields="field", waivable_by=LEGAL_COMPLIANCE)
def not_confidential(case: Case, field: str = "confidential") -> Iterator[Objection]:
    """The item's *field* does not say that it is confidential."""
    if case.item.data.get(field):
        yield Objection(
            "not_confidential",
            "this is confidential",
            "have it cleared, and take the flag away",
            {"field": field},
        )
