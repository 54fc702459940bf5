"""Values to JSON text and back: what stores keep, byte for byte the same for the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from json import encoder
from sys import intern
from typing import Any

from socialflow.items import (
    CHANGING,
    NOTHING_BESIDE,
    Alarm,
    Beside,
    Command,
    Effect,
    Erasure,
    Event,
    Item,
    Move,
    Origin,
    Signature,
    Token,
    Vote,
    new_event,
    new_item,
    new_token,
)
from socialflow.people import EVERYWHERE, Scope
from socialflow.plain import EMPTY, FrozenDict, freeze

__all__ = [
    "decode_data",
    "decode_event",
    "decode_item",
    "decode_time",
    "encode",
    "encode_data",
    "encode_event",
    "encode_item",
    "encode_time",
]

_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_make_encoder = getattr(encoder, "c_make_encoder", None)
_chunks = _make_encoder and _make_encoder(
    None, _encoder.default, encoder.encode_basestring, None, ":", ",", False, False, False
)


def encode(value: Any) -> str:
    """JSON text of plain data, keys in the order given.

    `json.JSONEncoder.encode` makes its C encoder anew at each call; this one is made once.
    """
    return "".join(_chunks(value, 0)) if _chunks else _encoder.encode(value)


_decoder: Any = json.JSONDecoder()
_scan = _decoder.scan_once


def _read(text: str) -> Any:
    """The value of a JSON text, around which there is no space; `json.loads` looks for some.

    Raises:
        ValueError: It is none.
    """
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


decode_time = datetime.fromisoformat


@lru_cache(1024)
def encode_time(moment: datetime) -> str:
    """A moment in ISO 8601, UTC; the same text for the same moment, whatever its zone."""
    return moment.astimezone(UTC).isoformat()


def _token(token: Token) -> list[Any]:
    told: list[Any] = [token.state, token.visit, encode_time(token.entered)]
    if token.alarm is not None or token.lease is not None:
        lease = None if token.lease is None else encode_time(token.lease)
        told += [token.responsible, lease, _alarm(token.alarm)]
    elif token.responsible is not None:
        told.append(token.responsible)
    return told


def _read_token(told: list[Any]) -> Token:
    responsible = intern(told[3]) if len(told) > 3 and told[3] is not None else None
    state, visit, entered = intern(told[0]), told[1], decode_time(told[2])
    if len(told) < 5:
        return new_token(state, visit, entered, responsible)
    lease = None if told[4] is None else decode_time(told[4])
    return new_token(state, visit, entered, responsible, lease, _read_alarm(told[5]))


def _alarm(alarm: Alarm | None) -> list[Any] | None:
    if alarm is None:
        return None
    due = None if alarm.due is None else encode_time(alarm.due)
    return [due, alarm.behalf, [[name, encode_time(at)] for name, at in alarm.fired]]


def _read_alarm(told: list[Any] | None) -> Alarm | None:
    if told is None:
        return None
    due = None if told[0] is None else decode_time(told[0])
    return Alarm(due, intern(told[1]), tuple([(name, decode_time(at)) for name, at in told[2]]))


def _signature(signature: Signature) -> list[Any]:
    told: list[Any] = [signature.stage, signature.visit, signature.revision]
    if signature.action:
        told += [signature.action, signature.ballots]
    return told


def _read_signature(told: list[Any]) -> Signature:
    if len(told) < 4:
        return Signature(intern(told[0]), told[1], told[2])
    return Signature(intern(told[0]), told[1], told[2], intern(told[3]), tuple(told[4]))


def _vote(vote: Vote) -> list[Any]:
    told = [vote.action, vote.choice, vote.by, vote.persons, vote.ballots]
    return [*told, vote.stage, vote.visit, vote.revision, vote.told, vote.to]


def _read_vote(told: list[Any]) -> Vote:
    action, choice, by, persons, ballots, *rest = told
    return Vote(intern(action), choice, by, tuple(persons), tuple(ballots), *rest)


_PARTS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "idle": (_token, _read_token),
    "signatures": (_signature, _read_signature),
    "votes": (_vote, _read_vote),
}
"""How the parts of what an event changes are told and read, where they are no plain data."""


@lru_cache(4096)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(intern, names))


@lru_cache(4096)
def _scope(text: str) -> Scope:
    return Scope(**_read(text))


def encode_item(item: Item) -> str:
    """Everything about an item but its id, ref, workflow and version."""
    told: dict[str, Any] = {"tokens": [_token(token) for token in item.tokens]}
    if item.scope:
        told["scope"] = encode(item.scope.to_plain())
    if item.idle:
        told["idle"] = [_token(token) for token in item.idle]
    if item.data:
        told["data"] = item.data
    if item.contributors:
        told["contributors"] = item.contributors
    if item.authors:
        told["authors"] = item.authors
    if item.signatures:
        told["signatures"] = [_signature(one) for one in item.signatures]
    if item.beside is not NOTHING_BESIDE:
        told["beside"] = _beside(item.beside)
    return encode(told)


def decode_item(id: str, ref: str | None, workflow: str, version: int, text: str) -> Item:
    """The item that `encode_item` made *text* of."""
    told = _read(text)
    return new_item(
        id,
        ref,
        intern(workflow),
        _scope(told["scope"]) if "scope" in told else EVERYWHERE,
        tuple([_read_token(one) for one in told["tokens"]]),
        tuple([_read_token(one) for one in told["idle"]]) if "idle" in told else (),
        freeze(told["data"]) if "data" in told else EMPTY,
        _shared(tuple(told["contributors"])) if "contributors" in told else (),
        _shared(tuple(told["authors"])) if "authors" in told else (),
        tuple([_read_signature(one) for one in told["signatures"]]) if "signatures" in told else (),
        version,
        _read_beside(*told["beside"]) if "beside" in told else NOTHING_BESIDE,
    )


def _beside(beside: Beside) -> list[Any]:
    votes = [_vote(one) for one in beside.votes]
    return [beside.parent, beside.round, beside.rounds, beside.marks, votes]


def _read_beside(
    parent: str | None, round: int, rounds: dict[str, int], marks: list[str], votes: list[Any]
) -> Beside:
    said = tuple([_read_vote(one) for one in votes])
    return Beside(parent, round, freeze(rounds), _shared(tuple(marks)), said)


def encode_event(event: Event) -> str:
    """Everything about an event but its item, version, action, by, at, key and data."""
    command = event.command
    told: dict[str, Any] = {
        "roles": event.roles,
        "moves": event.moves,
        "tokens": [_token(token) for token in event.tokens],
    }
    for name, value in event.changed.items():
        told[name] = [_PARTS[name][0](one) for one in value] if name in _PARTS else value
    if event.keeps:
        told["keeps"] = event.keeps
    if event.effects:
        told["effects"] = [[effect.name, effect.data] for effect in event.effects]
    if command.action != event.action:
        told["named"] = command.action
    if command.to is not None:
        told["to"] = command.to
    if command.expect is not None:
        told["expect"] = command.expect
    if command.waive:
        told["waive"] = command.waive
    if event.asked:
        told["asked"] = event.asked
    if event.origin is not None:
        origin = event.origin
        told["origin"] = [origin.workflow, origin.ref, origin.scope.to_plain()]
        if origin.parent is not None:
            told["origin"] += [origin.parent, origin.round]
    if event.cause:
        told["cause"] = event.cause
    if event.warned:
        told["warned"] = event.warned
    if event.erases is not None:
        told["erases"] = [event.erases.reason, event.erases.entries, event.erases.fields]
    return encode(told)


def decode_event(
    item: str,
    version: int,
    action: str,
    by: str,
    at: str,
    key: str | None,
    text: str,
    data: str | None,
) -> Event:
    """The event that `encode_event` made *text* of."""
    told = _read(text)
    origin = told.get("origin")
    return new_event(
        item,
        version,
        action,
        Command(
            told.get("named", action),
            by,
            decode_time(at),
            None if data is None else _read(data),
            told.get("to"),
            told.get("expect"),
            key,
            told.get("waive", EMPTY),
        ),
        tuple(told["roles"]),
        tuple([Move(*move) for move in told["moves"]]),
        tuple([_read_token(one) for one in told["tokens"]]),
        tuple([Effect(name, given) for name, given in told.get("effects", ())]),
        told.get("asked", ""),
        FrozenDict({name: _changed(name, told[name]) for name in CHANGING if name in told}),
        tuple(told.get("keeps", ())),
        Origin(origin[0], origin[1], Scope(**origin[2]), *origin[3:]) if origin else None,
        told.get("cause", ""),
        tuple(told.get("warned", ())),
        _read_erasure(told["erases"]) if "erases" in told else None,
    )


def _read_erasure(told: list[Any]) -> Erasure:
    reason, entries, fields = told
    return Erasure(reason, tuple(entries), tuple(fields))


def _changed(name: str, told: Any) -> Any:
    if name in _PARTS:
        return tuple([_PARTS[name][1](one) for one in told])
    if name == "workflow":
        return intern(told)
    return freeze(told) if name == "rounds" else _shared(tuple(told))


def encode_data(data: FrozenDict | None) -> str | None:
    """The data of a command, which may be erased one day, apart from everything else."""
    return None if data is None else encode(data)


def decode_data(text: str) -> FrozenDict:
    """The data that `encode_data` made *text* of."""
    read: FrozenDict = freeze(_read(text))
    return read
