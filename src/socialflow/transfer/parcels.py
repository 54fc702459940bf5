"""Parcels: the lines of an export put together again, and proven, item by item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from socialflow.chain import link, recorded
from socialflow.decisions import rebuild
from socialflow.errors import LineError, SocialflowError
from socialflow.plain import canonical, digest
from socialflow.queries import Record, StoredDefinition
from socialflow.transfer import lines
from socialflow.transfer.lines import Parcel
from socialflow.transfer.tallies import Tally

__all__ = ["Unpacked", "unpack"]

MANGLED = (ValueError, KeyError, IndexError, TypeError, AttributeError, SocialflowError)

Unpacked = StoredDefinition | Parcel | Record


def unpack(given: Iterable[str]) -> Iterator[tuple[int, Unpacked]]:
    """Everything that the lines say, in order, with the number of the line that it begins with.

    Each is proven before it is given: hashes, digests, and that a history leads to its item.

    Raises:
        LineError: A line is not what an export would have said there.
    """
    reader = _Reader()
    for line in given:
        yield from reader.take(line.rstrip("\r\n"))
    if not reader.n:
        raise LineError(1, "it is missing: the export is empty or cut off", "export it again")
    if not reader.has_ended:
        raise LineError(reader.n, "there is an end missing behind it", "export it again")


class _Reader:
    """Reads line by line.

    Attributes:
        n: Number of the line.
        has_ended: Whether that was the last one.
    """

    def __init__(self) -> None:
        self.n = 0
        self.has_ended = False
        self._tally = Tally()
        self._parcel: Parcel | None = None
        self._record: Record | None = None
        self._last = ""

    def take(self, line: str) -> Iterator[tuple[int, Unpacked]]:
        """What has become whole by that line."""
        self.n += 1
        try:
            if self.has_ended:
                raise self._wrong("nothing comes behind the end")
            if self.n == 1 and line != lines.HEADER:
                raise self._wrong(f"an export begins with {lines.HEADER}")
            if self.n > 1:
                told = json.loads(line)
                yield from self._told(next(iter(told), ""), told, line)
        except LineError:
            raise
        except MANGLED as error:
            told_of = f"{type(error).__name__}: {error}"
            raise LineError(self.n, f"it cannot be read: {told_of}") from error
        self._tally.add(line)

    def _told(self, kind: str, told: dict[str, Any], line: str) -> Iterator[tuple[int, Unpacked]]:
        if kind in ("entry", "effect", "later"):
            self._add(kind, told)
            return
        following = self._following(kind, told, line)
        if self._parcel is not None:
            yield self._parcel.line, self._proven(self._parcel)
        self._parcel = following if isinstance(following, Parcel) else None
        if following is not None and self._parcel is None:
            yield self.n, following

    def _following(self, kind: str, told: dict[str, Any], line: str) -> Unpacked | None:
        """What begins with that line; nothing if it is the last one."""
        match kind:
            case "definition":
                return self._definition(told)
            case "item":
                return self._next_item(told)
            case "record":
                return self._next_record(told)
            case "end":
                if line != self._tally.line:
                    raise self._wrong("what it says of the lines before it is not so")
                self.has_ended = True
                return None
        raise self._wrong(f"nothing in an export is called {kind!r}")

    def _next_item(self, told: dict[str, Any]) -> Parcel:
        item = lines.item_in(told)
        if item.id <= self._last:
            raise self._wrong("items come in the order of their ids, each once")
        self._last = item.id
        return Parcel(self.n, item)

    def _add(self, kind: str, told: dict[str, Any]) -> None:
        parcel = self._parcel
        if parcel is None:
            raise self._wrong("it belongs to an item, and there is none above it")
        if kind == "effect":
            parcel.effects.append(lines.effect_in(told, parcel))
        elif kind == "later":
            parcel.laters.append(lines.later_in(told, parcel))
        else:
            entry = lines.entry_in(told, parcel)
            erased = entry.digest if entry.event.command.data is None else ""
            sealed = link(entry.event, len(parcel.entries) + 1, entry.previous, erased)
            if (entry.n, entry.digest, entry.hash) != (sealed.n, sealed.digest, sealed.hash):
                raise self._wrong("its hash is not that of what it says")
            parcel.entries.append(entry)

    def _proven(self, parcel: Parcel) -> Parcel:
        blank: set[int] = set()
        for entry in parcel.entries:
            if entry.event.command.data is None and entry.digest:
                blank.add(entry.n)
            if entry.event.erases is not None:
                blank.difference_update(entry.event.erases.entries)
        if blank:
            raise LineError(
                parcel.line, f"data of entry {min(blank)} is gone, and nobody has erased it"
            )
        if not parcel.entries or rebuild(one.event for one in parcel.entries) != parcel.item:
            raise LineError(parcel.line, "the item is not what the history below leads to")
        return parcel

    def _definition(self, told: dict[str, Any]) -> StoredDefinition:
        found = lines.definition_in(told)
        document = json.loads(found.document)
        label = document.pop("version", "1")
        said = digest(canonical(document)), document["name"], label
        if said != (found.digest, found.name, found.version):
            raise self._wrong("the definition is not what its digest was made of")
        return found

    def _next_record(self, told: dict[str, Any]) -> Record:
        record = lines.record_in(told, self._record)
        if record != recorded(record.kind, record.at, record.told, self._record):
            raise self._wrong("its hash is not that of what it says")
        self._record = record
        return record

    def _wrong(self, message: str) -> LineError:
        return LineError(self.n, message, "take another copy, or export it again")
