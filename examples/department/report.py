"""The report: what came of the month, and what a lead wants to know of it on Friday, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from month import Script
from office import Office

from socialflow.cli.printing import plain_value
from socialflow.content.records import recorded
from socialflow.content.views.board import board
from socialflow.content.views.calendar import calendar
from socialflow.content.views.cycles import cycle_times
from socialflow.content.views.load import load
from socialflow.content.views.overdue import overdue
from socialflow.content.views.reading import content
from socialflow.content.views.training import training_gaps
from socialflow.content.views.unanswered import published_without_response
from socialflow.queries import History, Items

__all__ = ["HERO", "actions", "answers", "items_by_state", "publications", "refusals", "report"]

HERO = "morning-blend"
"""The item of which the whole story is told."""
WEEK = timedelta(days=7)


def answers(office: Office) -> Mapping[str, Any]:
    """What the views say, by the question that they answer."""
    store, now = office.store, office.now
    monday = (now + timedelta(days=3)).replace(hour=0)
    department = recorded(office.department, store)
    return {
        "board": board(store, office.workflow, now),
        "calendar": calendar(store, department, monday, monday + WEEK),
        "overdue": overdue(store, now),
        "load": load(store, office.team, now),
        "cycle_times": cycle_times(store, office.workflow),
        "published_without_response": published_without_response(store),
        "training_gaps": training_gaps(office.workflow, office.team, now),
    }


def items_by_state(office: Office) -> Mapping[str, int]:
    """How many pieces of content are where, those that are shared again included."""
    kinds = (office.workflow.name, "reshare_fast")
    found = Counter(
        ", ".join(item.marking) for kind in kinds for item in office.store.rows(Items(kind=kind))
    )
    return dict(sorted(found.items()))


def publications(office: Office) -> Mapping[str, int]:
    """How many uploads are where."""
    found = Counter(one.marking[0] for one in office.store.rows(Items(kind="publication")))
    return dict(sorted(found.items()))


def refusals(office: Office) -> Mapping[str, Any]:
    """What the rules have stopped: how often, and the first time in words."""
    often = Counter(one.why.code for one in office.stopped)
    first = {one.why.code: one for one in reversed(office.stopped)}
    return {
        code: {"times": n, "by": first[code].by, "example": first[code].why.message}
        for code, n in sorted(often.items(), key=lambda pair: (-pair[1], pair[0]))
    }


def actions(office: Office) -> Mapping[str, int]:
    """How often each action was taken, by people and by itself."""
    return dict(sorted(Counter(_taken(office)).items()))


def _taken(office: Office) -> Iterator[str]:
    for entry in office.store.rows(History()):
        yield entry.event.action
        yield from (move.cause for move in entry.event.moves if move.cause != entry.event.action)


def report(office: Office, script: Script) -> Mapping[str, Any]:
    """Everything as plain data."""
    return {
        "at": office.now.isoformat(),
        "items": items_by_state(office),
        "publications": publications(office),
        "refusals": refusals(office),
        "happened": plain_value(tuple(script.told)),
        "actions": actions(office),
        "stood_in": _stood_in(office),
        **{name: plain_value(told) for name, told in answers(office).items()},
    }


def _stood_in(office: Office) -> int:
    """How many votes were given by somebody who stood in for another."""
    return sum(len(one.persons) > 1 for item in content(office.store) for one in item.votes)
