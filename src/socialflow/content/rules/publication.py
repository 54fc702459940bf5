"""Publication: the accounts that it goes out on can take it."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import MANAGER
from socialflow.content.rules.fields import keys_in, said_on

__all__ = [
    "account_allows",
    "accounts_belong",
    "fits_channel",
    "goes_out_on",
    "variants_go_out",
]


@rule("account_allows", needs=("accounts", "channels"), names_fields="accounts")
def account_allows(
    case: Case, capability: str | None = None, accounts: str = "accounts"
) -> Iterator[Objection]:
    """Every account in the item's field is known and active, and its channel has *capability*."""
    known = case.facts["accounts"]
    for key in keys_in(case.item, accounts):
        account = known.get(key)
        if account is None:
            remedy = f"known: {', '.join(sorted(known)) or 'none'}"
            yield _no(key, f"there is no account {key!r}", remedy)
            continue
        channel = case.facts["channels"].get(account.channel)
        if account.status != "active":
            yield _no(key, f"the account {key!r} is {account.status}", "activate it, or drop it")
        if capability and (channel is None or capability not in channel.capabilities):
            told = f"{account.channel} does not offer {capability!r} for {key!r}"
            yield _no(key, told, "do it by hand, or drop the account")


def _no(account: str, message: str, remedy: str) -> Objection:
    return Objection("account_allows", message, remedy, {"account": account})


@rule("accounts_belong", needs="accounts", names_fields="accounts")
def accounts_belong(case: Case, accounts: str = "accounts") -> Iterator[Objection]:
    """Each of its *accounts* may belong where the item does: to its brand, region ... (S1-20)."""
    for key in keys_in(case.item, accounts):
        account = case.facts["accounts"].get(key)
        if account is not None and not account.scope.meets(case.item.scope):
            yield Objection(
                "accounts_belong",
                f"{key!r} belongs to {account.scope}, and this to {case.item.scope}",
                f"drop {key}, or have whoever manages it make one of their own",
                {"account": key, "scope": account.scope.to_plain()},
            )


@rule(
    "fits_channel",
    needs=("accounts", "channels"),
    names_fields=("text", "media", "accounts", "variants"),
    waivable_by=MANAGER,
)
def fits_channel(
    case: Case,
    text: str = "body",
    media: str = "media",
    accounts: str = "accounts",
    variants: str = "variants",
) -> Iterator[Objection]:
    """*text* and *media*, as each of its accounts says them, are within that channel's limits."""
    for key in keys_in(case.item, accounts):
        said = said_on(case.item, key, variants)
        sizes = {"characters": len(said.get(text) or ""), "media": len(said.get(media) or ())}
        account = case.facts["accounts"].get(key)
        channel = case.facts["channels"].get(account.channel) if account else None
        if channel is None:
            continue
        for what, limit in channel.limits.items():
            if sizes.get(what, 0) > limit:
                yield Objection(
                    "fits_channel",
                    f"it has {sizes[what]} {what}, and {channel.key} takes {limit} for {key!r}",
                    f"cut {sizes[what] - limit}, or drop {key}",
                    {"account": key, "what": what, "size": sizes[what], "limit": limit},
                )


@rule("goes_out_on", names_fields="field")
def goes_out_on(
    case: Case, accounts: tuple[str, ...], field: str = "accounts"
) -> Iterator[Objection]:
    """One of *accounts* is among those in the item's *field*."""
    named = keys_in(case.item, field)
    if {*accounts}.isdisjoint(named):
        told = f"it does not go out on {' or '.join(accounts)}"
        yield Objection("goes_out_on", told, facts={"accounts": named, "wanted": accounts})


@rule("variants_go_out", names_fields=("variants", "accounts"))
def variants_go_out(case: Case, variants: str, accounts: str) -> Iterator[Objection]:
    """Each of its *variants* is for one of the *accounts* that it goes out on."""
    known = keys_in(case.item, accounts)
    for key in case.item.data.get(variants) or {}:
        if key not in known:
            yield Objection(
                "variants_go_out",
                f"it has a variant for {key!r}, and does not go out there",
                f"take the variant away, or add {key} to the {accounts}",
                {"variant": key, "accounts": known},
            )
