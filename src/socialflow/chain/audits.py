"""The audit: everything in a store that does not agree with itself, or with an anchor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from socialflow.chain.anchors import heads
from socialflow.chain.links import recorded
from socialflow.chain.promises import Promises
from socialflow.chain.retelling import Retelling
from socialflow.definitions import unlabelled
from socialflow.errors import Finding, StoreError
from socialflow.items import Item
from socialflow.plain import canonical, digest
from socialflow.protocols import Store
from socialflow.queries import (
    Definitions,
    Duties,
    Effects,
    Head,
    History,
    Items,
    Record,
    Records,
    StoredDefinition,
    Strays,
)

__all__ = ["audit"]


def audit(store: Store, anchor: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """Everything in *store* that does not agree with itself: edits, gaps, forks, missing tails.

    It reads item by item, and keeps no more than one history in memory.

    Args:
        store: What is looked at; nobody should write to it meanwhile.
        anchor: The lines of an anchor's file: what the store said earlier is held against it.

    Returns:
        Findings whose ``where`` names the item and the position; empty if all is well.

    Raises:
        LineError: *anchor* is no file of an anchor.
        WrongArgument: *anchor* is one text, or an `Anchor`: its whole list is needed.
    """
    return tuple(_findings(store, Promises(anchor)))


def _findings(store: Store, promises: Promises) -> Iterator[Finding]:
    names: dict[str, str] = {}
    for definition in store.rows(Definitions()):
        names[definition.digest] = definition.name
        yield from _definition_findings(definition)
    yield from _book_findings(store)
    for head in heads(store):
        yield from promises.missing(store, head.item)
        promised = promises.of(head.item)
        try:
            for item in store.rows(Items(id=head.item)):
                yield from _findings_about(store, item, head, names, promised)
        except StoreError as error:
            yield Finding("unreadable", f"item {head.item}", str(error))
    yield from promises.missing(store, None)
    for id in store.rows(Strays()):
        yield Finding(
            "orphan", f"item {id}", "there is a history, a duty or an effect, but no item"
        )
    yield from promises.end(store)


def _findings_about(
    store: Store, item: Item, head: Head, names: dict[str, str], promised: Head | None
) -> Iterator[Finding]:
    retelling = Retelling(item, head, promised)
    wrong = tuple(retelling.findings(store.rows(History(item.id))))
    yield from wrong
    if not wrong:
        yield from _found_by(item, head, names)
        yield from _duty_findings(item, store)
        yield from retelling.effect_findings(store.rows(Effects(item=item.id)))


def _definition_findings(stored: StoredDefinition) -> Iterator[Finding]:
    where = f"definition {stored.name} {stored.version}"
    try:
        told = json.loads(stored.document)
        label, said = told.get("version", "1"), canonical(unlabelled(told))
    except (ValueError, AttributeError, TypeError) as error:
        yield Finding("unreadable", where, str(error))
        return
    if digest(said) != stored.digest:
        yield Finding("edited", where, "its digest is not that of what it says")
    elif (told.get("name"), label) != (stored.name, stored.version):
        yield Finding("edited", where, "it is called otherwise in what it says")


def _book_findings(store: Store) -> Iterator[Finding]:
    """What is wrong with the book, record by record, up to one that cannot be read."""
    before: Record | None = None
    last = 0
    while True:
        try:
            record = next(store.rows(Records(after=last, limit=1)), None)
        except StoreError as error:
            yield Finding("unreadable", f"record {last + 1}", str(error))
            return
        if record is None:
            return
        yield from _record_findings(record, before, last)
        before, last = record, record.n


def _record_findings(record: Record, before: Record | None, last: int) -> Iterator[Finding]:
    where = f"record {record.n}"
    if record.n != last + 1:
        yield Finding("gap", where, f"the record before it is {last}")
    elif record.previous != (before.hash if before is not None else ""):
        yield Finding("broken", where, "it does not follow the record before it")
    elif record != recorded(record.kind, record.at, record.told, before):
        yield Finding("edited", where, "its hash is not that of what it says")


def _found_by(item: Item, head: Head, names: dict[str, str]) -> Iterator[Finding]:
    """What the store looks an item up by, if that is not what the item says."""
    where = f"item {item.id}"
    if item.workflow not in names:
        yield Finding("definition", where, f"its definition {item.workflow[:12]} is not there")
        return
    said = names[item.workflow], item.parent, item.round, " ".join(item.marking)
    if head.found is not None and head.found != said:
        yield Finding("differs", where, f"it is looked up as {head.found}, and is {said}")


def _duty_findings(item: Item, store: Store) -> Iterator[Finding]:
    """What the worklist says of an item that its tokens do not, or the other way round."""
    told = {
        (duty.stage, duty.state, duty.entered, duty.responsible, duty.due)
        for duty in store.rows(Duties(item=item.id))
    }
    real = {
        (token.stage, token.state, token.entered, token.responsible, token.due)
        for token in item.tokens
        if token.stage != "end"
    }
    if told != real:
        where = f"item {item.id}"
        yield Finding("worklist", where, "its open duties are not those of its tokens")
