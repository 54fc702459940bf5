"""Steps: what a change is in rows, and what is said to the database so that they are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from socialflow.chain.links import link, seal_of
from socialflow.codec import encode, encode_item, encode_time
from socialflow.errors import Contended, StaleDelivery, StaleItem, StoreError
from socialflow.items import Item
from socialflow.queries import Delivery, Kept, Later, Record, StoredDefinition
from socialflow.queries import Head as Ending
from socialflow.stores.sql.statements import Shape, Statement, Statements

__all__ = [
    "Head",
    "Said",
    "defined",
    "delivered",
    "in_bulk",
    "missed",
    "put_off",
    "recorded",
    "removed",
    "step",
]

Values = dict[str, Any]


@attrs.frozen(slots=False)
class Head:
    """Where the history of an item ends: what the next entry is chained to.

    Attributes:
        n: Position of the last entry; 0 before the first.
        hash: Of that entry; empty before the first.
        item: As of then; None before the first.
    """

    n: int
    hash: str
    item: Item | None


@attrs.frozen(eq=False, slots=False)
class Said:
    """One statement with its values.

    Attributes:
        statement: What is said.
        values: Its parameters, by name.
        about: What it is a part of: then it touches one row, or the change is stale.
    """

    statement: Statement
    values: Values
    about: About | None = None


About = Kept | Delivery | Record | Ending
NOTHING = Head(0, "", None)


def step(say: Statements, tenant: str, kept: Kept, before: Head) -> tuple[list[Said], Head]:
    """What is said so that one item is kept, behind *before*, and where its history ends then."""
    item, event = kept.item, kept.event
    sealed = link(event, before.n + 1, before.hash, kept.erased)
    row: Values = {
        "tenant": tenant,
        "id": item.id,
        "item": item.id,
        "ref": item.ref,
        "workflow": item.workflow,
        "version": item.version,
        "n": sealed.n,
        "was": before.n,
        "head": sealed.hash,
        "hash": sealed.hash,
        "body": encode_item(item),
        "parent": item.parent,
        "kind": kept.definition.name,
        "round": item.round,
        "marking": " ".join(item.marking),
        "action": event.action,
        "by": event.command.by,
        "at": sealed.at,
        "key": event.command.key,
        "meta": sealed.meta,
        "data": sealed.data,
        "digest": sealed.digest,
        "previous": before.hash,
    }
    dropped, changed, added = _duties(before.item, item)
    queued = _queued(kept, sealed.n) if event.effects else []
    pinned = before.item is not None and before.item.workflow != item.workflow
    head = Head(sealed.n, sealed.hash, item)
    blank = event.erases.entries if event.erases is not None else ()
    own = {"tenant": tenant, "item": item.id}
    erased = [Said(say.erase, {**own, "blank": n}) for n in blank]
    if say.is_postgresql:
        shape = Shape(
            before.item is None, pinned, len(dropped), len(changed), len(added), len(queued)
        )
        parts = (("drop", dropped), ("change", changed), ("add", added), ("queue", queued))
        for name, rows in parts:
            for place, one in enumerate(rows):
                row.update({f"{key}_{name}{place}": value for key, value in one.items()})
        return [Said(say.whole_step(shape), row, kept), *erased], head
    change = say.change_item
    if before.item is None:
        change = say.add_item
    elif pinned:
        change = say.pin_item
    said = [Said(change, row, kept)]
    said += [Said(say.drop_duty, {**own, **one}) for one in dropped]
    said += [Said(say.change_duty, {**own, **one}) for one in changed]
    said += [Said(say.add_duty, {**own, **one}) for one in added]
    said.append(Said(say.add_entry, row, kept))
    said += [Said(say.add_delivery, {**own, **one}) for one in queued]
    return said + erased, head


def _duties(before: Item | None, item: Item) -> tuple[list[Values], list[Values], list[Values]]:
    """Rows of duties to drop, to change and to add; one that goes makes room for one that comes."""
    if before is not None and before.tokens == item.tokens:
        return [], [], []
    then = {} if before is None else {t.stage: t for t in before.tokens if t.stage != "end"}
    changed, coming = [], []
    for token in item.tokens:
        stage = token.stage
        if stage == "end":
            continue
        row = {
            "stage": stage,
            "state": token.state,
            "entered": encode_time(token.entered),
            "responsible": token.responsible,
            "due": encode_time(token.due) if token.due is not None else None,
        }
        if stage not in then:
            coming.append(row)
        elif then.pop(stage) != token:
            changed.append({"left": stage, **row})
    going = [{"left": stage} for stage in then]
    while going and coming:
        changed.append({**going.pop(), **coming.pop()})
    return going, changed, coming


def _queued(kept: Kept, n: int) -> list[Values]:
    """Rows of what the event has for the outside."""
    id, at = kept.item.id, kept.event.at
    return [
        _row_of(Delivery(id, n, place, effect.name, effect.data, "queued", at))
        for place, effect in enumerate(kept.event.outgoing)
    ]


def _row_of(delivery: Delivery) -> Values:
    return {
        "n": delivery.n,
        "place": delivery.place,
        "name": delivery.name,
        "data": encode(delivery.data),
        "state": delivery.state,
        "due": encode_time(delivery.due),
        "turn": delivery.turn,
        "attempts": delivery.attempts,
        "told": delivery.told,
        "seal": seal_of(delivery),
    }


def put_off(say: Statements, tenant: str, later: Later) -> Said:
    """What is said so that a duty is tried again later."""
    until = encode_time(later.until)
    values = {"tenant": tenant, "item": later.item, "left": later.stage, "until": until}
    return Said(say.put_off, values)


def delivered(say: Statements, tenant: str, delivery: Delivery) -> Said:
    """What is said so that an effect has come as far as *delivery* says."""
    at = {"at_n": delivery.n, "at_place": delivery.place, "was": delivery.turn - 1}
    values = {"tenant": tenant, "item": delivery.item, **at, **_row_of(delivery)}
    return Said(say.change_delivery, values, delivery)


def recorded(say: Statements, tenant: str, record: Record) -> Said:
    """What is said so that the book has one record more."""
    values = {
        "tenant": tenant,
        "n": record.n,
        "kind": record.kind,
        "at": encode_time(record.at),
        "item": record.item,
        "head": record.told.get("hash"),
        "told": encode(record.told),
        "previous": record.previous,
        "hash": record.hash,
    }
    return Said(say.add_record, values, record)


def removed(say: Statements, tenant: str, gone: Ending) -> list[Said]:
    """What is said so that an item is no more, if it still ends there."""
    own = {"tenant": tenant, "item": gone.item, "id": gone.item, "head": gone.hash}
    emptied = [Said(one, own) for one in (*say.empty, say.remove_item)]
    return [Said(say.still_ends, own, gone), *emptied]


def defined(say: Statements, tenant: str, definition: StoredDefinition) -> Said:
    """What is said so that a definition is known."""
    values = {"tenant": tenant, **attrs.asdict(definition)}
    return Said(say.add_definition, values)


def in_bulk(said: Sequence[Said]) -> list[list[Said]]:
    """The same, statement by statement: those that say the same of different rows together.

    What is said of an item for the second time is said behind all that came before.
    """
    runs: list[dict[Statement, list[Said]]] = [{}]
    steps: dict[str, Kept] = {}
    for one in said:
        kept = one.about
        if isinstance(kept, Kept) and steps.setdefault(kept.item.id, kept) is not kept:
            runs.append({})
            steps = {kept.item.id: kept}
        runs[-1].setdefault(one.statement, []).append(one)
    return [alike for run in runs for alike in run.values()]


def missed(about: About) -> StoreError:
    """What it means that a statement has not met the row it is about."""
    match about:
        case Delivery():
            return StaleDelivery(about.key)
        case Kept():
            return StaleItem(about.item.id, about.expected)
        case Ending():
            return Contended(f"item {about.item!r}", "it has moved on")
        case Record():
            return Contended("the book", "somebody else has written in it")
