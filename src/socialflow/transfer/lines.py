"""The lines of an export: what each says, and how it is read back.

Every line is a JSON object whose first key says what it is; `docs/reference/export-format.md` has
them all.  A line belongs to the item above it.
"""

from __future__ import annotations

import json
from typing import Any

import attrs

from socialflow.codec import (
    decode_event,
    decode_item,
    decode_time,
    encode,
    encode_event,
    encode_item,
    encode_time,
)
from socialflow.items import Entry, Item
from socialflow.plain import FrozenDict, canonical, freeze
from socialflow.queries import Delivery, Later, Record, StoredDefinition

__all__ = [
    "HEADER",
    "Parcel",
    "definition_in",
    "effect_in",
    "entry_in",
    "item_in",
    "later_in",
    "of_definition",
    "of_effect",
    "of_entry",
    "of_item",
    "of_later",
    "of_record",
    "record_in",
]

HEADER = encode({"socialflow": "export", "format": 1})

Told = dict[str, Any]


@attrs.define
class Parcel:
    """One item with everything there is about it.

    Attributes:
        line: Number of the line that it begins with.
        item: As it is.
        entries: Its history.
        effects: Those of its effects of which something has become.
        laters: What has been put off.
    """

    line: int
    item: Item
    entries: list[Entry] = attrs.field(factory=list)
    effects: list[Delivery] = attrs.field(factory=list)
    laters: list[Later] = attrs.field(factory=list)


def of_definition(one: StoredDefinition) -> str:
    """A definition, as the store keeps it."""
    return encode({"definition": one.digest, **attrs.asdict(one, filter=_not_the_digest)})


def _not_the_digest(field: attrs.Attribute[Any], _: Any) -> bool:
    return field.name != "digest"


def of_item(item: Item) -> str:
    """An item as it is; the lines behind it are its own."""
    told = {"item": item.id, "ref": item.ref, "workflow": item.workflow, "version": item.version}
    return encode({**told, "is": json.loads(canonical(json.loads(encode_item(item))))})


def of_entry(entry: Entry) -> str:
    """An entry of the history of the item above."""
    event, command = entry.event, entry.event.command
    told = {"entry": entry.n, "version": event.version, "action": event.action, "by": command.by}
    told |= {"at": encode_time(command.at), "key": command.key}
    told |= {"event": json.loads(encode_event(event)), "data": command.data}
    return encode(told | {"digest": entry.digest, "hash": entry.hash})


def of_effect(one: Delivery) -> str:
    """How far an effect of the item above has come."""
    told = {"effect": [one.n, one.place], "state": one.state, "due": encode_time(one.due)}
    return encode(told | {"turn": one.turn, "attempts": one.attempts, "told": one.told})


def of_later(one: Later) -> str:
    """Until when a duty of the item above is put off."""
    return encode({"later": one.stage, "until": encode_time(one.until)})


def of_record(one: Record) -> str:
    """A record of the store's own book."""
    told = {"record": one.n, "kind": one.kind, "at": encode_time(one.at), "told": one.told}
    return encode(told | {"hash": one.hash})


def definition_in(told: Told) -> StoredDefinition:
    """The definition that a line has."""
    return StoredDefinition(told["definition"], told["name"], told["version"], told["document"])


def item_in(told: Told) -> Item:
    """The item that a line has."""
    own = told["item"], told["ref"], told["workflow"], told["version"]
    return decode_item(*own, encode(told["is"]))


def entry_in(told: Told, parcel: Parcel) -> Entry:
    """The entry that a line has, behind those of its parcel."""
    data = None if told["data"] is None else encode(told["data"])
    own = parcel.item.id, told["version"], told["action"], told["by"], told["at"], told["key"]
    event = decode_event(*own, encode(told["event"]), data)
    previous = parcel.entries[-1].hash if parcel.entries else ""
    return Entry(told["entry"], event, previous, told["digest"], told["hash"])


def effect_in(told: Told, parcel: Parcel) -> Delivery:
    """The effect that a line has, of an entry of its parcel."""
    n, place = told["effect"]
    asked = parcel.entries[n - 1].event.outgoing[place]
    own = parcel.item.id, n, place, asked.name, asked.data, told["state"]
    rest = told["turn"], told["attempts"], told["told"]
    return Delivery(*own, decode_time(told["due"]), *rest)


def later_in(told: Told, parcel: Parcel) -> Later:
    """What a line says was put off."""
    return Later(parcel.item.id, told["later"], decode_time(told["until"]))


def record_in(told: Told, before: Record | None) -> Record:
    """The record that a line has, behind another."""
    previous = before.hash if before is not None else ""
    said: FrozenDict = freeze(told["told"])
    own = told["record"], told["kind"], decode_time(told["at"])
    return Record(*own, said, previous, told["hash"])
