"""Steps: what a change is in rows, and what is said to the database so that they are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import attrs

from socialflow.chain.links import link, seal_of
from socialflow.codec import encode, encode_item, encode_time
from socialflow.errors import Contended, StaleDelivery, StaleItem, StoreError
from socialflow.items import Item, stage_of
from socialflow.queries import Delivery, Kept, Later, Record, StoredDefinition
from socialflow.queries import Head as Ending
from socialflow.stores.sql.statements import Shape, Statement, Statements

__all__ = [
    "About",
    "Head",
    "Said",
    "Values",
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


class Head(NamedTuple):
    """Where the history of an item ends: what the next entry is chained to.

    Attributes:
        n: Position of the last entry; 0 before the first.
        hash: Of that entry; empty before the first.
        item: As of then; None before the first.
    """

    n: int
    hash: str
    item: Item | None


class Said(NamedTuple):
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
PARTS = ("drop", "change", "add", "queue")
"""What the rows of a whole step are called by what becomes of them."""


def step(say: Statements, tenant: str, kept: Kept, before: Head, said: list[Said]) -> Head:
    """Add to *said* what keeps one item behind *before*; where its history ends then."""
    item, event, id = kept.item, kept.event, kept.item.id
    command, beside = event.command, item.beside
    n, at, meta, data, digest, previous, hash = link(event, before.n + 1, before.hash, kept.erased)
    key = command.key
    row = {
        "tenant": tenant,
        "id": id,
        "ref": item.ref,
        "workflow": item.workflow,
        "version": item.version,
        "n": n,
        "was": before.n,
        "head": hash,
        "body": encode_item(item),
        "parent": beside.parent,
        "kind": kept.definition.name,
        "round": beside.round,
        "marking": " ".join(item.marking),
        "key": key,
    }
    entry = {
        "tenant": tenant,
        "id": id,
        "ref": item.ref,
        "item": id,
        "n": n,
        "version": item.version,
        "action": event.action,
        "by": command.by,
        "at": at,
        "key": key,
        "meta": meta,
        "data": data,
        "digest": digest,
        "previous": previous,
        "hash": hash,
    }
    was = before.item
    dropped, changed, added = _duties(tenant, was, item)
    queued = _queued(tenant, kept, n) if event.effects else ()
    is_pinned = was is not None and was.workflow != item.workflow
    if say.is_postgresql:
        sizes = len(dropped), len(changed), len(added), len(queued)
        whole = {**row, **entry}
        said.append(Said(say.whole_step(Shape(was is None, is_pinned, *sizes)), whole, kept))
        for part, rows in zip(PARTS, (dropped, changed, added, queued), strict=True):
            for place, one in enumerate(rows):
                whole.update(zip(_placed(part, place, tuple(one)), one.values(), strict=True))
    else:
        change = say.change_item
        if was is None or is_pinned:
            change = say.add_item if was is None else say.pin_item
        said.append(Said(change, row, kept))
        for one in dropped:
            said.append(Said(say.drop_duty, one))
        for one in changed:
            said.append(Said(say.change_duty, one))
        for one in added:
            said.append(Said(say.add_duty, one))
        said.append(Said(say.add_entry, entry, kept))
        for one in queued:
            said.append(Said(say.add_delivery, one))
    if event.erases is not None:
        own = {"tenant": tenant, "item": id}
        said += [Said(say.erase, {**own, "blank": blank}) for blank in event.erases.entries]
    return Head(n, hash, item)


@cache
def _placed(part: str, place: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the values of a row are called in a whole step."""
    return tuple(f"{name}_{part}{place}" for name in names)


def _duties(
    tenant: str, before: Item | None, item: Item
) -> tuple[list[Values], list[Values], list[Values]]:
    """Rows of duties to drop, to change and to add; one that goes makes room for one that comes."""
    was = {} if before is None else {stage_of(token.state): token for token in before.tokens}
    was.pop("end", None)
    changed: list[Values] = []
    coming: list[Values] = []
    for token in item.tokens:
        stage = stage_of(token.state)
        then = was.pop(stage, None)
        if stage == "end" or (then is not None and then == token):
            continue
        due = token.alarm.due if token.alarm is not None else None
        row = {
            "tenant": tenant,
            "item": item.id,
            "left": stage,
            "stage": stage,
            "state": token.state,
            "entered": encode_time(token.entered),
            "responsible": token.responsible,
            "due": encode_time(due) if due is not None else None,
        }
        (coming if then is None else changed).append(row)
    if not was:
        return [], changed, coming
    going = [{"tenant": tenant, "item": item.id, "left": stage} for stage in was]
    while going and coming:
        changed.append({**coming.pop(), **going.pop()})
    return going, changed, coming


def _queued(tenant: str, kept: Kept, n: int) -> Sequence[Values]:
    """Rows of what the event has for the outside."""
    id, at = kept.item.id, kept.event.at
    return [
        _row_of(tenant, Delivery(id, n, place, effect.name, effect.data, "queued", at))
        for place, effect in enumerate(kept.event.outgoing)
    ]


def _row_of(tenant: str, delivery: Delivery) -> Values:
    return {
        "tenant": tenant,
        "item": delivery.item,
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
    return Said(say.change_delivery, {**_row_of(tenant, delivery), **at}, delivery)


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
