"""Bulk: many commands in as few transactions as can be, each judged like any other.

A bundle of commands is read at once, judged one after the other, and written at once.  What cannot
go in a bundle, because the family of its item matters or somebody else was faster, goes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import attrs

from socialflow.decisions import apply
from socialflow.errors import (
    Contended,
    ItemNotFound,
    KeyTaken,
    Refusal,
    SocialflowError,
    StaleItem,
    WrongArgument,
)
from socialflow.items import Command, Event, Item
from socialflow.people import Member
from socialflow.protocols import UnitOfWork
from socialflow.queries import Items
from socialflow.shelf import NotMet
from socialflow.writers import ATTEMPTS, NOTHING, Known, Writer

__all__ = ["Answer", "Asked", "Task", "at_their_best", "listed", "together"]

BUNDLE = 100


@attrs.frozen(kw_only=True)
class Task:
    """One of many commands, with the words of `Engine.perform`."""

    item: str = attrs.field(kw_only=False)
    action: str = attrs.field(kw_only=False)
    data: Any = None
    by: str | Member | None = None
    to: str | None = None
    expect: int | None = None
    key: str | None = None
    waive: Mapping[str, str] | None = None


@attrs.frozen
class Answer:
    """What has become of a task.

    Attributes:
        task: As it was given.
        item: The item as it then is; None if nothing happened.
        error: Why nothing happened: `Refused`, with every objection, or what else `perform` raises.
    """

    task: Task
    item: Item | None = None
    error: SocialflowError | None = None


@attrs.frozen
class Asked:
    """A task, understood: the command and who gives it."""

    task: Task
    command: Command
    member: Member


def listed(tasks: Any) -> tuple[Task, ...]:
    """*tasks*, if they are several tasks.

    Raises:
        WrongArgument: They are something else.
    """
    if isinstance(tasks, Task) or not isinstance(tasks, Iterable):
        raise WrongArgument("tasks", "several, as in [Task(...)]", f"one {type(tasks).__name__}")
    several = tuple(tasks)
    for n, one in enumerate(several):
        if not isinstance(one, Task):
            wanted = "a Task, as in Task('i1', 'submit')"
            raise WrongArgument(f"tasks[{n}]", wanted, f"a {type(one).__name__}")
    return several


def at_their_best(writer: Writer, asked: Iterable[Asked]) -> Iterator[Answer]:
    """Carry out what can be, bundle by bundle; the answers come in the order of the tasks."""
    rest = iter(asked)
    while bundle := tuple(islice(rest, BUNDLE)):
        try:
            done = _bundled(writer, bundle)
        except (StaleItem, KeyTaken, NotMet):
            done = {}
        except Contended:
            if not writer.tries_again:
                raise
            done = {}
        for n, one in enumerate(bundle):
            yield done[n] if n in done else _alone(writer, one)


def together(writer: Writer, asked: Iterable[Asked]) -> tuple[Answer, ...]:
    """Carry out all of it in one transaction, or nothing; what was done under its keys is answered.

    Raises:
        SocialflowError: Whatever `perform` would raise for the first task that cannot be done; a
            note says which one it is.
    """
    tasks = tuple(asked)
    lines = [writer.line_of(one.task.item) for one in tasks]
    depths = {id: (depth, id) for line in lines for depth, id in enumerate(line)}
    alone = sorted(depths, key=lambda id: depths[id])
    attempts = reversed(range(ATTEMPTS))
    while True:
        known = [writer.known(one.task.item, one.command.action, one.command.at) for one in tasks]
        try:
            with writer.store.begin(*alone) as work:
                return tuple(_each(writer, work, tasks, known))
        except KeyTaken:
            if not all(writer.answers.has(one.command) for one in tasks):
                raise
            return tuple(
                Answer(one.task, writer.again(one.command, one.task.item)) for one in tasks
            )
        except NotMet as old:
            writer.shelf.pinned(old.digest)
        except Contended:
            if not writer.tries_again or not next(attempts):
                raise
            for one in tasks:
                writer.watch.try_again("contended", one.task.item, one.command, writer.store)


def _each(
    writer: Writer, work: UnitOfWork, tasks: tuple[Asked, ...], known: list[Known]
) -> Iterator[Answer]:
    for n, (one, facts) in enumerate(zip(tasks, known, strict=True), 1):
        try:
            before = work.item(one.task.item)
            item = writer.tried(work, before, one.command, one.member, facts, is_alone=True)
        except SocialflowError as error:
            error.add_note(f"this is task {n} of {len(tasks)}; nothing of them was done")
            raise
        yield Answer(one.task, item)


def _bundled(writer: Writer, bundle: tuple[Asked, ...]) -> dict[int, Answer]:
    """Answers, by place, of those that can be judged by their items alone, written at once."""
    answers: dict[int, Answer] = {}
    refused: dict[int, tuple[str, Refusal]] = {}
    by_itself: set[str] = set()
    ids = tuple({one.task.item for one in bundle})
    known = _known(writer, bundle, ids)
    with writer.store.begin() as work:
        items = {item.id: item for item in work.rows(Items(ids=ids))}
        kept: list[tuple[Item, Item, Event]] = []
        for n, one in enumerate(bundle):
            command, before = one.command, items.get(one.task.item)
            if before is None:
                answers[n] = Answer(one.task, error=ItemNotFound(one.task.item))
            elif before.id not in by_itself:
                outcome = writer.judged(work, before, command, one.member, known[n])
                event = outcome if isinstance(outcome, Event) else None
                if outcome is None or writer.concerns_family(before, command, event):
                    by_itself.add(before.id)
                elif isinstance(outcome, Event):
                    items[before.id] = item = apply(before, outcome)
                    kept.append((before, item, outcome))
                    answers[n] = Answer(one.task, item)
                elif command.key is None:
                    refused[n] = before.id, outcome
        if kept:
            writer.carrier.keep_all(work, kept)
    for n, (id, refusal) in refused.items():
        error = writer.refused(id, bundle[n].command, refusal)
        answers[n] = Answer(bundle[n].task, error=error)
    return answers


def _known(writer: Writer, bundle: tuple[Asked, ...], ids: tuple[str, ...]) -> list[Known]:
    """What rules need from outside to judge each of them."""
    if not writer.shelf.facts:
        return [NOTHING] * len(bundle)
    items = {item.id: item for item in writer.store.rows(Items(ids=ids))}
    return [
        writer.known_of(items[one.task.item], one.command.action, one.command.at)
        if one.task.item in items
        else NOTHING
        for one in bundle
    ]


def _alone(writer: Writer, one: Asked) -> Answer:
    try:
        return Answer(one.task, writer.performed(one.task.item, one.command, one.member))
    except SocialflowError as error:
        if isinstance(error, Contended) and not writer.tries_again:
            raise
        return Answer(one.task, error=error)
