"""Rights: what others have made, and what is private, is used only as they agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import LEGAL_COMPLIANCE, MANAGER
from socialflow.content.rules.fields import keys_in

__all__ = [
    "credited",
    "no_personal_data",
    "not_a_complaint",
    "owner_consented",
    "rights_granted",
    "shared_freely",
]

PERSONAL = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "a bank account": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b"),
    "a telephone number": re.compile(r"(?<![\w/.-])(?:\+|00)\d(?:[ ()./-]{0,2}\d){7,13}(?!\w)"),
}
"""What gives somebody away, as far as a pattern can tell."""


@rule("rights_granted", names_fields=("field", "origin"))
def rights_granted(
    case: Case, field: str = "rights", origin: str = "origin"
) -> Iterator[Objection]:
    """Users' content is used with their consent, curated content also if none is required."""
    source, rights = case.item.data.get(origin, "own"), case.item.data.get(field)
    enough = ("granted", "not_required") if source == "curated" else ("granted",)
    if source != "own" and rights not in enough:
        yield Objection(
            "rights_granted",
            f"this is {source} content, and the rights to it are {rights or 'not asked for'}",
            "ask whose it is, and record the answer",
            {"origin": source, "rights": rights},
        )


@rule("credited", names_fields=("field", "origin"))
def credited(case: Case, field: str = "credit", origin: str = "origin") -> Iterator[Objection]:
    """What others have made says, in the item's *field*, who that was."""
    source = case.item.data.get(origin, "own")
    if source != "own" and not case.item.data.get(field):
        yield Objection(
            "credited",
            f"this is {source} content, and nothing says who made it",
            f"write the {field}",
            {"origin": source, "field": field},
        )


@rule("no_personal_data", names_fields="fields", waivable_by=LEGAL_COMPLIANCE)
def no_personal_data(case: Case, fields: tuple[str, ...]) -> Iterator[Objection]:
    """None of these *fields* has an e-mail address, telephone or account number in it."""
    for field in fields:
        for what, pattern in PERSONAL.items():
            if pattern.search(str(case.item.data.get(field) or "")):
                yield Objection(
                    "no_personal_data",
                    f"there seems to be {what} in {field}",
                    "take it out",
                    {"field": field, "what": what},
                )


@rule("not_a_complaint", names_fields="field", waivable_by=MANAGER)
def not_a_complaint(
    case: Case, field: str = "intent", complaints: tuple[str, ...] = ("complaint", "crisis", "spam")
) -> Iterator[Objection]:
    """The item's *field* does not say that somebody complains."""
    intent = case.item.data.get(field)
    if intent in complaints:
        yield Objection(
            "not_a_complaint",
            f"this is of the kind {intent!r}, and not to be spread",
            "answer it instead",
            {"intent": intent},
        )


@rule("owner_consented", needs=("accounts", "people"), names_fields=("accounts", "text"))
def owner_consented(
    case: Case, accounts: str = "accounts", text: str = "disclosure"
) -> Iterator[Objection]:
    """A private account is used by its owner alone, who agreed to it and says whom they work for.

    The consent is a credential of the owner: ``consent`` for the key of the account (S0-14).
    """
    for key in keys_in(case.item, accounts):
        account = case.facts["accounts"].get(key)
        if account is None or account.owner is None:
            continue
        owner = case.facts["people"].get(account.owner)
        if owner is None or not owner.holds("consent", key, case.at):
            yield _private(key, f"{account.owner!r} has not agreed to it", "ask them")
        if not case.item.data.get(text):
            yield _private(key, "nothing says whom its owner works for", f"write the {text}")
        if case.member.id != account.owner:
            yield _private(key, "nobody but its owner posts there", f"ask {account.owner} to")


@rule("shared_freely", reads_data=True)
def shared_freely(case: Case) -> Iterator[Objection]:
    """Who shares something says that they want to, and says there whom they work for (S0-14)."""
    if not case.data.agrees:
        yield _shared(case, "does not want to share this", "leave it: nobody has to")
    if not case.data.names_employer:
        yield _shared(case, "does not say whom they work for", "say so, where it is shared")


def _shared(case: Case, message: str, remedy: str) -> Objection:
    told = f"{case.member.id!r} {message}"
    return Objection("shared_freely", told, remedy, {"account": case.data.account})


def _private(account: str, message: str, remedy: str) -> Objection:
    told = f"{account} is a private account: {message}"
    return Objection("owner_consented", told, remedy, {"account": account})
