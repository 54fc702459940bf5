"""Friday's page: what a lead looks at before the weekend, on one screen or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from month import Script
from office import Office
from report import HERO, answers, items_by_state, publications, refusals

from socialflow.queries import History

try:
    from socialflow.cli.screen import bar, command_line, headline, say, span, table
except ImportError:
    from plain_screen import bar, command_line, headline, say, span, table

__all__ = ["show_page"]

HERE = Path(__file__).parent
WIDTH = 66
"""Characters of a sentence, so that it stays on its line."""
FEW, MANY = 4, 14
"""Rows of a table that is only to be glanced at, and of one that is read."""
HOUR = timedelta(hours=1)


def show_page(office: Office, script: Script, store: str | None) -> None:
    """Print all of it."""
    told = answers(office)
    say(f"Friday, {office.now:%d %B %Y, %H:%M}", "bold")
    say(f"Content: {_content(items_by_state(office))}.")
    say(f"Publications: {_counted(publications(office))}.")
    headline("Board, and how long each stage takes")
    _board(told["board"], told["cycle_times"])
    headline("Next week")
    _calendar(told["calendar"])
    headline("Overdue")
    _overdue(told["overdue"])
    headline("Load")
    _load(told["load"])
    headline("Published, and nobody answered")
    _unanswered(told["published_without_response"])
    headline("Training")
    _training(told["training_gaps"])
    headline("What the rules stopped")
    _refusals(office)
    headline("What the month had in store")
    _happened(script)
    headline(f"From the idea to the lesson: {HERO}")
    _story(office)
    headline("What to try next")
    _next(store, office)


def _content(states: Mapping[str, int]) -> str:
    ended = {state: n for state, n in states.items() if state.startswith("end.")}
    return f"{_counted(ended)}, {sum(states.values()) - sum(ended.values())} under way"


def _counted(states: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {state.partition('.')[2]}" for state, n in states.items())


# -- the views


def _board(cards: Any, times: Any) -> None:
    longest = {
        stage: max(group, key=_waiting)
        for stage, group in groupby(cards, key=lambda card: card.stage)
    }
    rows = (
        (
            one.stage,
            one.open,
            span(one.median_hours),
            span(one.p90_hours),
            *_longest(longest.get(one.stage)),
        )
        for one in times
    )
    columns = ("stage", "open>", "half within>", "9 of 10>", "longest>", "which is")
    table(columns, rows)


def _waiting(card: Any) -> timedelta:
    waiting: timedelta = card.waiting
    return waiting


def _longest(card: Any) -> tuple[str, str]:
    return ("", "") if card is None else (span(card.waiting / HOUR), card.title)


def _calendar(told: Any) -> None:
    rows = ((_when(one.at), one.account, one.title, _sure(one)) for one in told.entries)
    _first(("when", "account", "what", ""), rows, len(told.entries))
    for clash in told.clashes[:FEW]:
        which = clash.reason.partition(":")[0] or " and ".join(clash.items)
        say(f"  ! {_when(clash.at)} on {clash.account}: {clash.why} ({which})")


def _sure(entry: Any) -> str:
    return "scheduled" if entry.scheduled else "a wish"


def _overdue(told: Any) -> None:
    rows = ((one.what, _when(one.by), one.title, one.responsible or "") for one in told)
    _first(("what", "until", "which", "whose"), rows, len(told))


def _load(told: Any) -> None:
    desks = [desk for desk in told.desks if desk.hours]
    rows = (
        (
            one.member,
            f"{one.hours:g}",
            one.items,
            bar(min(one.hours, one.most), one.most),
            one.standing,
        )
        for one in desks
    )
    table(("who", "hours>", "items>", "", ""), rows)
    say(f"Balance {told.score:.2f} of 1; {told.nobody} open stages are nobody's.")


def _unanswered(told: Any) -> None:
    rows = ((one.title, one.waiting, ", ".join(one.states[:1])) for one in told)
    _first(("which", "waiting>", "where"), rows, len(told))


def _training(told: Any) -> None:
    for one in told:
        has = "is missing" if one.until is None else f"ends on {one.until:%d %B}"
        say(f"  {one.requires} of {one.member} {has}")


# -- what happened


def _refusals(office: Office) -> None:
    told = refusals(office)
    rows = (
        (code, one["times"], _cut(f"{one['by']}: {one['example']}")) for code, one in told.items()
    )
    _first(("code", "times>", "the first time"), rows, len(told), MANY)


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= WIDTH else f"{sentence[: WIDTH - 1].rstrip()}…"


def _happened(script: Script) -> None:
    rows = (
        (f"{one.at:%a %d}", one.by, one.what, one.item, one.outcome)
        for one in script.told
        if one.by != "system"
    )
    table(("when", "who", "what", "item", "outcome"), rows)


def _story(office: Office) -> None:
    rows, before = [], ""
    for entry in office.store.rows(History(HERO)):
        event = entry.event
        where = ", ".join(token.stage for token in event.tokens)
        if where != before:
            rows.append((_when(event.at), event.by, event.action, where))
        before = where
    table(("when", "who", "what", "then in"), rows)
    told = office.engine.item(HERO).data
    say(f"Measured {told.get('results')}, promised {told.get('forecast')}.")
    say(f"Lesson: {told.get('lessons', 'none yet')}.")


def _next(store: str | None, office: Office) -> None:
    if store is None:
        say("Nothing was kept. Keep it, and ask it:")
        command_line("./run example department --store sqlite:///department.db")
    url = store or "sqlite:///department.db"
    people = HERE / "team.toml"
    at = f"--at {office.now:%Y-%m-%dT%H:%MZ}"
    for command in (
        f"show {HERO}",
        f"options {HERO} --by lydia --team {_shown(people)}",
        f"ask load --team {_shown(people)} {at}",
        f"ask listening {at}",
        "audit",
    ):
        command_line(f"./run socialflow {command} --store {url}")


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _first(
    columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]], n: int, most: int = FEW
) -> None:
    """A table of the first rows, and how many more there are."""
    table(columns, islice(rows, most))
    if n > most:
        say(f"... and {n - most} more")


def _when(at: Any) -> str:
    return f"{at:%a %d %b %H:%M}"
