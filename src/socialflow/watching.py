"""Watching: what an engine counts while it works, and what it writes to the log.

Records go to loggers below ``socialflow``, by the standard library; what they are about is in flat
attributes that begin with ``socialflow_``, which every formatter and collector takes as they are.
Nothing is said unless the host asks for it, and who does not ask pays for an addition a command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from logging import DEBUG, INFO, WARNING, NullHandler, getLogger
from typing import Any

import attrs

from socialflow.errors import Refusal
from socialflow.items import Command, Event
from socialflow.plain import FrozenDict
from socialflow.queries import Delivery, Duty

__all__ = ["Counters", "Traffic", "Watch", "fields"]

getLogger("socialflow").addHandler(NullHandler())
LOG = getLogger("socialflow.engine")
OUTBOX = getLogger("socialflow.outbox")
DUE = getLogger("socialflow.due")


def fields(**told: Any) -> dict[str, Any]:
    """Attributes of a record: each name behind ``socialflow_``, without what there is none of.

    Example:
        >>> fields(item="i1", tenant="")
        {'socialflow_item': 'i1'}
    """
    return {f"socialflow_{name}": value for name, value in told.items() if value not in ("", None)}


@attrs.frozen
class Traffic:
    """What a store has counted since it was opened.

    Attributes:
        batches: Transactions of the line of writers.
        requests: What was written in them: many to a batch, if many write at once.
        waits: How often somebody found no connection free.
    """

    batches: int = 0
    requests: int = 0
    waits: int = 0


@attrs.frozen
class Counters:
    """What an engine has counted since it was made; every number only grows.

    Attributes:
        performed: Events that are durable, births and what follows by itself included.
        refused: Commands that were refused, by the code of an objection; under each, if there are
            several.
        repeated: Commands that were answered with what had happened under their key before.
        stale: How often something was decided again because somebody else had been faster.
        contended: How often because the database had given up.
        receivers_failed: Receivers of signals that raised.
        put_off: Duties that were due and could not be done.
        effects: What the outbox has written of effects, by the state that they came to.
        traffic: What the store has counted, if it counts.
    """

    performed: int
    refused: Mapping[str, int]
    repeated: int
    stale: int
    contended: int
    receivers_failed: int
    put_off: int
    effects: Mapping[str, int]
    traffic: Traffic


class Watch:
    """Counts, for one engine, and tells the log."""

    __slots__ = (
        "_effects",
        "_refused",
        "contended",
        "performed",
        "put_off",
        "receivers_failed",
        "repeated",
        "stale",
    )

    def __init__(self) -> None:
        self.performed = self.repeated = self.stale = self.contended = 0
        self.receivers_failed = self.put_off = 0
        self._refused: dict[str, int] = {}
        self._effects: dict[str, int] = {}

    def counters(self, store: object) -> Counters:
        """As of now."""
        return Counters(
            self.performed,
            FrozenDict(sorted(self._refused.copy().items())),
            self.repeated,
            self.stale,
            self.contended,
            self.receivers_failed,
            self.put_off,
            FrozenDict(sorted(self._effects.copy().items())),
            getattr(store, "traffic", None) or Traffic(),
        )

    def tell(self, event: Event, store: object, clock: Callable[[], datetime]) -> None:
        """Something has happened, and is durable."""
        self.performed += 1
        if LOG.isEnabledFor(INFO):
            seconds = (clock() - event.at).total_seconds()
            LOG.info(
                "%s performed %s on item %s",
                event.by,
                event.action,
                event.item,
                extra=fields(
                    kind="performed",
                    item=event.item,
                    action=event.action,
                    by=event.by,
                    version=event.version,
                    seconds=seconds,
                    cause=event.cause,
                    key=event.command.key,
                    tenant=_tenant(store),
                ),
            )

    def refuse(self, item: str, command: Command, refusal: Refusal, store: object) -> None:
        """A command was refused."""
        codes = tuple(dict.fromkeys(one.code for one in refusal))
        _add(self._refused, codes)
        if LOG.isEnabledFor(INFO):
            told = _asked("refused", item, command, store)
            LOG.info(
                "%s was refused %s on item %s: %s",
                command.by,
                command.action,
                item,
                ", ".join(codes),
                extra=told | fields(codes=codes),
            )

    def repeat(self, item: str, command: Command, store: object) -> None:
        """A command is answered with what happened under its key before."""
        self.repeated += 1
        if LOG.isEnabledFor(DEBUG):
            told = _asked("repeated", item, command, store)
            LOG.debug("%s asked again for %s", command.by, command.action, extra=told)

    def try_again(self, kind: str, item: str, command: Command, store: object) -> None:
        """Something is decided once more: *kind* is ``"stale"`` or ``"contended"``."""
        setattr(self, kind, getattr(self, kind) + 1)
        if LOG.isEnabledFor(DEBUG):
            told = _asked(kind, item, command, store)
            LOG.debug("%s on item %s is decided again", command.action, item, extra=told)

    def put_off_duty(self, duty: Duty, refusal: Refusal, store: object) -> None:
        """Something was due, and could not be done."""
        self.put_off += 1
        if DUE.isEnabledFor(INFO):
            codes = tuple(dict.fromkeys(one.code for one in refusal))
            told = fields(kind="put_off", item=duty.item, stage=duty.stage, state=duty.state)
            told |= fields(action=refusal.action, codes=codes, tenant=_tenant(store))
            DUE.info("what is due in %s on item %s waits", duty.state, duty.item, extra=told)

    def deliver(self, delivery: Delivery, store: object) -> None:
        """The outbox has written how far an effect has come."""
        _add(self._effects, (delivery.state,))
        level = WARNING if delivery.state in ("dead", "unconfirmed") else INFO
        if OUTBOX.isEnabledFor(level):
            told = fields(kind="effect", item=delivery.item, effect=delivery.name)
            told |= fields(key=delivery.key, state=delivery.state, attempts=delivery.attempts)
            told |= fields(told=delivery.told, tenant=_tenant(store))
            OUTBOX.log(level, "effect %s is %s", delivery.key, delivery.state, extra=told)


def _asked(kind: str, item: str, command: Command, store: object) -> dict[str, Any]:
    told = fields(kind=kind, item=item, action=command.action, by=command.by, key=command.key)
    return told | fields(tenant=_tenant(store))


def _tenant(store: object) -> str:
    return getattr(store, "tenant", "")


def _add(counts: dict[str, int], names: tuple[str, ...]) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1
