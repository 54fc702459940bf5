"""Records: freezes, messages and monitoring that are items, as the values that rules ask about.

A freeze that is declared through the engine holds from then on, like one that stands in the
department's file; so it is with messages and duties.  They are read whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Item, Token
from socialflow.content.agenda import Reader
from socialflow.content.department import Department, Freeze, Message, MonitoringAssignment
from socialflow.queries import Duties, Items

__all__ = ["freezes_in", "messages_in", "monitoring_in", "recorded"]


def recorded(department: Department, reader: Reader) -> Department:
    """The department, and with it whatever is recorded as an item.

    A message takes the place of one with the same key, and so does a freeze.
    """
    freezes = {one.key: one for one in (*department.freezes, *freezes_in(reader))}
    messages = {one.key: one for one in (*department.messages, *messages_in(reader))}
    return attrs.evolve(
        department,
        freezes=freezes.values(),
        messages=messages.values(),
        monitoring=(*department.monitoring, *monitoring_in(reader)),
    )


def freezes_in(reader: Reader) -> Iterator[Freeze]:
    """Those that are declared and not lifted: see `socialflow.content.freeze`."""
    for item, _ in _open(reader, "freeze"):
        yield Freeze(
            item.ref or item.id,
            item.data.get("reason") or "a crisis",
            next(iter(item.contributors), "somebody"),
            item.scope,
            until=_moment(item, "until"),
        )


def messages_in(reader: Reader) -> Iterator[Message]:
    """Those that are being written or in use: see `socialflow.content.message`."""
    for stage, status in (("wording", "draft"), ("use", "approved")):
        for item, _ in _open(reader, stage, kind="message"):
            yield Message(
                item.ref or item.id,
                item.data["text"],
                item.data["kind"],
                status,
                item.data.get("locale"),
                item.data.get("unit"),
                _moment(item, "since"),
                _moment(item, "until"),
                _moment(item, "embargo_until"),
                next((one.visit for one in _tokens(item) if one.stage == "wording"), 1),
            )


def monitoring_in(reader: Reader) -> Iterator[MonitoringAssignment]:
    """What somebody keeps an eye on: see `socialflow.content.duty`."""
    for item, token in _open(reader, "duty", kind="monitoring"):
        if token.responsible is not None and token.due is not None:
            rests = token.state == "duty.resting"
            yield MonitoringAssignment(
                item.data["dimension"],
                item.data["value"],
                token.responsible,
                token.due - token.entered,
                token.entered if rests else None,
            )


def _open(reader: Reader, stage: str, kind: str | None = None) -> Iterator[tuple[Item, Token]]:
    """Items that are in a *stage* now, with their token there."""
    for duty in reader.rows(Duties(stage=stage)):
        for item in reader.rows(Items(id=duty.item, kind=kind)):
            yield from ((item, one) for one in item.tokens if one.stage == stage)


def _tokens(item: Item) -> tuple[Token, ...]:
    return (*item.tokens, *item.idle)


def _moment(item: Item, field: str) -> datetime | None:
    told = item.data.get(field)
    return datetime.fromisoformat(told) if told else None
