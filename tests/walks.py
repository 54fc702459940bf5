"""Walks: random people at an engine, with a rule in a mood, and what was proved about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import attrs
from explicit import AT, DATA, Move
from explicit_sentences import BOOKS
from small_companies import MOOD, STAGES, sentences, team_of, workflow_of

from socialflow import Engine, Refused, Team, Workflow
from socialflow.decisions import apply
from socialflow.errors import EndlessSettling
from socialflow.options import Option
from socialflow.queries import History
from socialflow.stores.memory import MemoryStore
from socialflow.verify import Outcome, check

__all__ = ["Walked", "walked"]


@attrs.frozen
class Walked:
    """What came of one company at work.

    Attributes:
        steps: How many commands an engine was given.
        done: How many of them it carried out.
        proved: How many sentences had been proved.
        wrong: Those that were broken all the same.
    """

    steps: int
    done: int
    proved: int
    wrong: tuple[str, ...]


def walked(chance: Random, steps: int, length: int = 25) -> Walked:
    """Have sentences proved about a company, and let its people do what they want to.

    Args:
        chance: What for.
        steps: How many commands are given.
        length: How many of them one item gets.
    """
    workflow, team = workflow_of(chance, opaque=0.5), team_of(chance)
    asked = [one for _ in range(3) for one in sentences(chance, workflow)]
    safe = [one for one in asked if type(one).__name__ in BOOKS]
    report = check(workflow, team, *safe, at=AT, budget=5_000)
    proved = [one.sentence for one in report if one.outcome is Outcome.PROVED]
    wrong: dict[str, None] = {}
    done = 0
    for _ in range(steps // length):
        moves = list(_walk(workflow, team, chance, length))
        done += len(moves)
        wrong |= {str(one): None for one in proved if _is_broken(workflow, one, moves)}
    MOOD.good = True
    return Walked(steps, done, len(proved), tuple(wrong))


def _walk(workflow: Workflow, team: Team, chance: Random, length: int) -> Iterator[Move]:
    store = MemoryStore()
    now = [AT]
    engine = Engine(store, workflow, team, clock=lambda: now[0])
    item = None
    for _ in range(length):
        now[0] += timedelta(seconds=1)
        MOOD.good = chance.random() < 0.5
        by = chance.choice(team.members).id
        with suppress(Refused, EndlessSettling):
            if item is None:
                item = engine.create(workflow.name, by=by, data=chance.choice(DATA[:2])).id
                continue
            options = [one for one in engine.options(item, by=by) if one.answer != "no"]
            if options:
                order = _order(chance.choice(options), team, chance)
                engine.perform(item, **order, by=by)
    before = None
    for entry in store.rows(History(item)) if item else ():
        event = entry.event
        after = apply(before, event)
        who = team.member(event.by)
        assert who is not None
        yield Move(event, who, before, after, 0, None)
        before = after


def _order(option: Option, team: Team, chance: Random) -> dict[str, Any]:
    """What is done of what is open."""
    told: Any = None
    if option.action == "edit":
        told = chance.choice(DATA[2:])
    elif option.action == "assign":
        stage = chance.choice(STAGES)
        told = {"member": chance.choice(team.members).id, "stage": stage}
    elif option.action in ("claim", "release"):
        told = {"stage": option.stage}
    to = chance.choice(option.targets) if option.targets else None
    return {"action": option.action, "data": told, "to": to}


def _is_broken(workflow: Workflow, one: Any, moves: list[Move]) -> bool:
    begin, after = BOOKS[type(one).__name__](workflow, one)
    book = begin
    for move in moves:
        book = after(book, move)
        if book is False:
            return True
    return False
