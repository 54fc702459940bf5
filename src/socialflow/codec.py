"""Values to JSON text and back: what stores keep, byte for byte the same for the same value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any

from socialflow.items import (
    Command,
    Effect,
    Event,
    Item,
    Move,
    Origin,
    Signature,
    Token,
    new_event,
    new_item,
    new_token,
)
from socialflow.people import EVERYWHERE, Scope
from socialflow.plain import EMPTY, FrozenDict, freeze

__all__ = [
    "decode_event",
    "decode_item",
    "decode_time",
    "encode",
    "encode_data",
    "encode_event",
    "encode_item",
    "encode_time",
]

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
"""JSON text of plain data, keys in the order given."""

decode_time = datetime.fromisoformat


@lru_cache(1024)
def encode_time(moment: datetime) -> str:
    """A moment in ISO 8601, UTC; the same text for the same moment, whatever its zone."""
    return moment.astimezone(UTC).isoformat()


def _token(token: Token) -> list[Any]:
    told: list[Any] = [token.state, token.visit, encode_time(token.entered)]
    if token.responsible is not None:
        told.append(token.responsible)
    return told


def _read_token(told: list[Any]) -> Token:
    responsible = intern(told[3]) if len(told) > 3 else None
    return new_token(intern(told[0]), told[1], decode_time(told[2]), responsible)


def _signature(signature: Signature) -> list[Any]:
    return [signature.stage, signature.visit, signature.revision]


def _read_signature(told: list[Any]) -> Signature:
    return Signature(intern(told[0]), told[1], told[2])


@lru_cache(4096)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(intern, names))


@lru_cache(4096)
def _scope(text: str) -> Scope:
    return Scope(**json.loads(text))


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
    return encode(told)


def decode_item(id: str, ref: str | None, workflow: str, version: int, text: str) -> Item:
    """The item that `encode_item` made *text* of."""
    told = json.loads(text)
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
    )


def encode_event(event: Event) -> str:
    """Everything about an event but its item, version, action, by, at, key and data."""
    command = event.command
    told: dict[str, Any] = {
        "roles": event.roles,
        "moves": event.moves,
        "tokens": [_token(token) for token in event.tokens],
    }
    if event.idle is not None:
        told["idle"] = [_token(token) for token in event.idle]
    if event.contributors is not None:
        told["contributors"] = event.contributors
    if event.authors is not None:
        told["authors"] = event.authors
    if event.signatures is not None:
        told["signatures"] = [_signature(one) for one in event.signatures]
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
    told = json.loads(text)
    origin = told.get("origin")
    return new_event(
        item,
        version,
        action,
        Command(
            told.get("named", action),
            by,
            decode_time(at),
            None if data is None else json.loads(data),
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
        _optional(told, "idle", _read_token),
        _optional(told, "contributors", intern),
        _optional(told, "authors", intern),
        _optional(told, "signatures", _read_signature),
        tuple(told.get("keeps", ())),
        Origin(origin[0], origin[1], Scope(**origin[2])) if origin else None,
    )


def _optional(told: Mapping[str, Any], name: str, read: Any) -> tuple[Any, ...] | None:
    return tuple([read(one) for one in told[name]]) if name in told else None


def encode_data(data: FrozenDict | None) -> str | None:
    """The data of a command, which may be erased one day, apart from everything else."""
    return None if data is None else encode(data)
