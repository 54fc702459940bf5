"""Providers: where the facts come from that the rules of the department need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from socialflow import Item, Scope
from socialflow.content.agenda import (
    Booking,
    Load,
    Reader,
    accounts_of,
    ahead,
    calendar,
    is_out,
    item_above,
    others,
    waiting,
    workload,
)
from socialflow.content.department import Budget, Department
from socialflow.content.duplicates import Candidate, Duplicates, Index
from socialflow.content.records import freezes_in, messages_in
from socialflow.people import ANYONE, Team
from socialflow.protocols import Provider
from socialflow.queries import Duties, Duty, Items

__all__ = ["Booking", "Load", "Reader", "is_out", "providers", "scope_on", "workload"]

Tell = Callable[[], Department]
"""Tells the department as it is now."""


def providers(
    department: Department | Callable[[], Department],
    *,
    index: Index | None = None,
    reader: Reader | None = None,
    team: Team | None = None,
) -> Mapping[str, Provider]:
    """Every fact that a rule of `socialflow.content.rules` needs, for ``Engine(facts=...)``.

    What cannot be had for want of a reader or team is left out, and rules that need it say no. A
    host that keeps one of them elsewhere says ``{**providers(...), "freezes": mine}``.

    Args:
        department: What the rules ask about, or what tells it as it is now.
        index: Where duplicates are looked for; without it, in all items of *reader*, each time
            anew, which is for small departments.
        reader: The store of the items.
        team: Who there is.
    """
    tell = department if callable(department) else lambda: department
    facts: dict[str, Provider] = {**_of_department(tell), **_of_places(tell, reader)}
    if team is not None:
        facts |= _of_team(team)
    if reader is not None:
        facts |= _of_items(reader, tell)
    if index is not None:
        facts["duplicates"] = index.candidates
    return facts


def _of_department(tell: Tell) -> dict[str, Provider]:
    return {
        "accounts": lambda _item, _at: _by_key(tell().accounts),
        "channels": lambda _item, _at: _by_key(tell().channels),
        "goals": lambda _item, _at: _by_key(tell().goals),
        "messages": lambda _item, _at: _by_key(tell().messages),
        "slots": lambda _item, _at: {one.account: one for one in tell().slots},
        "policies": lambda _item, _at: tell().policies,
        "outsourcing": lambda _item, _at: tell().outsourcing,
    }


def _of_places(tell: Tell, reader: Reader | None) -> dict[str, Provider]:
    """What depends on where an item is; one that is below another is where that one is."""

    def family(item: Item) -> tuple[Item, ...]:
        above = None if reader is None else item_above(reader, item)
        return (item,) if above is None else (item, above)

    def freezes(item: Item, at: datetime) -> tuple[Any, ...]:
        declared = () if reader is None else freezes_in(reader)
        holding = [one for one in (*tell().freezes, *declared) if one.holds(at)]
        return _covering(tell(), holding, family(item))

    return {
        "budget": lambda item, at: _budget(tell(), family(item), at),
        "blackouts": lambda item, _at: _covering(tell(), tell().blackouts, family(item)),
        "freezes": freezes,
    }


def _of_team(team: Team) -> dict[str, Provider]:
    return {
        "people": lambda _item, _at: {one.id: one for one in team.holders(ANYONE)},
        "units": lambda _item, _at: _by_key(team.units),
    }


def _of_items(reader: Reader, tell: Tell) -> dict[str, Provider]:
    def duplicates(item: Item, at: datetime) -> tuple[Candidate, ...]:
        return Duplicates.of(reader.rows(Items())).candidates(item, at)

    def assigned() -> Iterable[Duty]:
        return (duty for duty in reader.rows(Duties()) if duty.responsible is not None)

    def publishing() -> Iterable[Duty]:
        return reader.rows(Duties(stage="publish"))

    return {
        "duplicates": duplicates,
        "messages": lambda _item, _at: _by_key((*tell().messages, *messages_in(reader))),
        "workload": lambda item, _at: workload(others(reader, assigned(), item)),
        "calendar": lambda item, _at: calendar(others(reader, publishing(), item)),
        "ahead": lambda item, _at: tuple(ahead(reader, tell(), item)),
        "thread": lambda item, _at: tuple(waiting(reader, item)),
    }


def _by_key(several: Iterable[Any]) -> Mapping[str, Any]:
    return {one.key: one for one in several}


def _covering(
    department: Department, several: Iterable[Any], family: tuple[Item, ...]
) -> tuple[Any, ...]:
    """Those whose scope covers the item, or an account of its own, or else of the one above it."""
    item = family[0]
    named = next(filter(None, map(accounts_of, family)), ())
    scopes = (item.scope, *(scope_on(department, item, key) for key in named))
    return tuple(one for one in several if any(one.scope.covers(scope) for scope in scopes))


def scope_on(department: Department, item: Item, account: str) -> Scope:
    """Where an item is that goes out on the account with that key, entered or not."""
    known = next((one for one in department.accounts if one.key == account), None)
    if known is None:
        return Scope(**{**item.scope, "account": account})
    return Scope(**{**item.scope, "platform": known.channel, "account": account, **known.scope})


def _budget(department: Department, family: tuple[Item, ...], at: datetime) -> Budget | None:
    """The budget of the campaign, or the most specific one for where the item belongs."""
    scope = family[0].scope
    campaign = next(filter(None, (one.data.get("campaign") for one in family)), None)
    running = [one for one in department.budgets if one.holds(at) and one.scope.covers(scope)]
    own = [one for one in running if one.campaign is not None and one.campaign == campaign]
    others = [one for one in running if one.campaign is None]
    return max(own or others, key=lambda one: one.scope.specificity, default=None)
