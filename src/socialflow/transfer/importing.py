"""Importing: an export written into a store, after all of it has been proven.

The store is told every event anew, as it was when it happened: so it comes to the same hashes by
itself, and any store that keeps the contract can take in what any other has said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import TextIO

import attrs

from socialflow.decisions import apply
from socialflow.errors import ItemExists, KeyTaken, LineError, StoreError
from socialflow.items import Item
from socialflow.protocols import Store
from socialflow.queries import (
    Change,
    Definitions,
    Delivery,
    Heads,
    History,
    Items,
    Kept,
    Record,
    Records,
    StoredDefinition,
)
from socialflow.transfer.lines import Parcel
from socialflow.transfer.parcels import Unpacked, unpack

__all__ = ["Imported", "import_into"]

TOGETHER = 100


@attrs.frozen
class Imported:
    """What an import has come to.

    Attributes:
        items: How many items were written.
        entries: How many entries their histories have.
        there: How many items were there already, the same to the last entry.
        records: How many records of the book were written.
    """

    items: int = 0
    entries: int = 0
    there: int = 0
    records: int = 0


def import_into(store: Store, lines: Iterable[str]) -> Imported:
    """Write everything that an export says into *store*.

    Nothing is written before all of it has been proven: every hash, that every history leads to its
    item, and that nothing of it is taken.  Then it is written some items at a time, each whole.
    What is interrupted goes on when it is run again: what is there already is left as it is.

    Args:
        store: Where it goes: an empty one, or one with other items in it.
        lines: Of an export; ends of lines do not matter.

    Raises:
        LineError: A line is not what an export would have said there, or says what cannot be
            brought in; its ``__cause__`` is then `ItemExists` or `KeyTaken`.
        StoreError: The store cannot be written.
    """
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as copy:
        door = _Door(store)
        for line, one in unpack(_copied(lines, copy)):
            door.let_in(line, one)
        copy.seek(0)
        return _written(store, unpack(copy), door)


def _copied(lines: Iterable[str], copy: TextIO) -> Iterator[str]:
    for line in lines:
        copy.write(line.rstrip("\r\n") + "\n")
        yield line


class _Door:
    """Looks whether everything may come in.

    Attributes:
        there: Ids of items that are there already, the same to the last entry.
        records: How many records of the book are there already.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._labels = {(one.name, one.version): one.digest for one in store.rows(Definitions())}
        self._refs: set[str] = set()
        self._keys: set[str] = set()
        self.there: set[str] = set()
        last = next(store.rows(Records(newest=True)), None)
        self.records = last.n if last is not None else 0

    def let_in(self, line: int, one: Unpacked) -> None:
        """Raise what stands against bringing it in."""
        match one:
            case Parcel():
                self._item(one)
            case Record():
                self._record(line, one)
            case StoredDefinition():
                known = self._labels.setdefault((one.name, one.version), one.digest)
                if known != one.digest:
                    told = f"{one.name!r} version {one.version!r} is another definition here"
                    raise LineError(
                        line, told, "give one of the two a new version, and export again"
                    )

    def _item(self, parcel: Parcel) -> None:
        item, last = parcel.item, parcel.entries[-1]
        head = next(self._store.rows(Heads(item=item.id)), None)
        if head is not None and (head.n, head.hash) == (last.n, last.hash):
            self.there.add(item.id)
            return
        ref_is_taken = item.ref is not None and (
            item.ref in self._refs or any(self._store.rows(Items(ref=item.ref)))
        )
        if head is not None or ref_is_taken:
            raise self._taken(parcel.line, ItemExists(item.id, item.ref))
        if item.ref is not None:
            self._refs.add(item.ref)
        for place, entry in enumerate(parcel.entries, 1):
            key = entry.event.command.key
            if key is None:
                continue
            if key in self._keys or any(self._store.rows(History(key=key))):
                raise self._taken(parcel.line + place, KeyTaken(key))
            self._keys.add(key)

    def _record(self, line: int, record: Record) -> None:
        if record.n > self.records:
            return
        if [record] != list(self._store.rows(Records(after=record.n - 1, limit=1))):
            told = "the store has a book of its own, which goes on otherwise"
            raise LineError(line, told, "export without the book")

    def _taken(self, line: int, error: StoreError) -> LineError:
        wrong = LineError(line, str(error), "import into an empty store, or another tenant")
        wrong.__cause__ = error
        return wrong


def _written(store: Store, given: Iterable[tuple[int, Unpacked]], door: _Door) -> Imported:
    definitions = {one.digest: one for one in store.rows(Definitions())}
    done, waiting = Imported(), list[Parcel]()
    records: list[Record] = []
    for _, one in given:
        if isinstance(one, StoredDefinition):
            definitions.setdefault(one.digest, one)
        elif isinstance(one, Record):
            records += [one] if one.n > door.records else []
        elif one.item.id in door.there:
            done = attrs.evolve(done, there=done.there + 1)
        else:
            waiting.append(one)
        if len(waiting) + len(records) >= TOGETHER:
            done = _write(store, waiting, records, definitions, done)
    return _write(store, waiting, records, definitions, done)


def _write(
    store: Store,
    parcels: list[Parcel],
    records: list[Record],
    definitions: dict[str, StoredDefinition],
    done: Imported,
) -> Imported:
    """Write what has been waiting, in one unit of work, and empty the lists."""
    with store.begin() as work:
        for parcel in parcels:
            work.write(Change(tuple(_kept(parcel, definitions))))
            rest = Change(later=tuple(parcel.laters), deliveries=tuple(_turns(parcel)))
            if rest != NOTHING:
                work.write(rest)
        if records:
            work.write(Change(records=tuple(records)))
    entries = sum(len(parcel.entries) for parcel in parcels)
    done = Imported(
        done.items + len(parcels), done.entries + entries, done.there, done.records + len(records)
    )
    parcels.clear()
    records.clear()
    return done


NOTHING = Change()


def _kept(parcel: Parcel, definitions: dict[str, StoredDefinition]) -> Iterator[Kept]:
    """What is written for each entry, as it was then."""
    item: Item | None = None
    for entry in parcel.entries:
        expected = item.version if item is not None else 0
        item = apply(item, entry.event)
        erased = entry.digest if entry.event.command.data is None else ""
        yield Kept(item, entry.event, expected, definitions[item.workflow], erased)


def _turns(parcel: Parcel) -> Iterator[Delivery]:
    """What became of the effects, turn by turn, as a store is told it."""
    for one in parcel.effects:
        for turn in range(1, one.turn + 1):
            yield attrs.evolve(one, turn=turn)
