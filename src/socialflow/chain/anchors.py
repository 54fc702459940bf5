"""Anchors: what a store looked like at one moment, in a file that is kept somewhere else.

A chain of its own does not show that an item, or the end of its history, is missing.  An anchor
does: it is a list of where every history ended and how far every effect had come, and one line,
its `Anchor`, with a Merkle root over that list.  Whoever keeps that line can prove the list, and
whoever has the list is told by `audit` which item was tampered with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

import attrs

from socialflow.chain.links import recorded, seal_of
from socialflow.codec import decode_time, encode, encode_time
from socialflow.errors import LineError, WrongArgument
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import Change, Delivery, Effects, Head, Heads, Record, Records

__all__ = ["Anchor", "Root", "Written", "anchor", "deliveries", "heads", "read_anchor"]

PAGE = 1000
WHOLE = FrozenDict(socialflow="anchor", format=1)


class Written(Protocol):
    """Where lines go: a file that is open for text."""

    def write(self, text: str, /) -> object:
        """Write that text."""
        ...


@attrs.frozen
class Anchor:
    """What proves how a store looked at one moment.

    Attributes:
        n: Position of its record in the store's book.
        at: When it was taken.
        items: How many items there were.
        entries: How many entries their histories had.
        effects: How many effects there were.
        root: Merkle root over where each of them was.
        previous: Hash of the record before it in the book.
        hash: Of its own record.
    """

    n: int
    at: datetime
    items: int
    entries: int
    effects: int
    root: str
    previous: str
    hash: str

    @classmethod
    def of(cls, record: Record) -> Anchor:
        """The anchor that a record of the book is."""
        return cls(
            n=record.n, at=record.at, previous=record.previous, hash=record.hash, **record.told
        )

    @property
    def line(self) -> str:
        """The anchor as one line of JSON."""
        return encode(WHOLE | attrs.asdict(self) | {"at": encode_time(self.at)})


class Root:
    """A Merkle root over lines, however many: it remembers one hash for each doubling.

    The tree is that of RFC 6962: leaves and nodes are hashed apart.

    Example:
        >>> root = Root()
        >>> for line in ("a", "b", "c"):
        ...     root.add(line)
        >>> root.hash[:12]
        '36642e73c254'
    """

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, line: str) -> None:
        """One line more."""
        size, hash = 1, sha256(b"\0" + line.encode()).digest()
        while self._peaks and self._peaks[-1][0] == size:
            hash = _node(self._peaks.pop()[1], hash)
            size *= 2
        self._peaks.append((size, hash))

    @property
    def hash(self) -> str:
        """The root over all lines so far."""
        if not self._peaks:
            return sha256(b"").hexdigest()
        (_, hash), *rest = reversed(self._peaks)
        for _, peak in rest:
            hash = _node(peak, hash)
        return hash.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def anchor(store: Store, *, at: datetime, to: Written | None = None) -> Anchor:
    """Take an anchor, and note it in the store's book.

    Args:
        store: What is anchored; others may go on writing to it.
        at: When.
        to: Where to write its file, which is what `audit` takes; its last line is `Anchor.line`.

    Raises:
        Contended: Somebody else has written in the book meanwhile; take it again.
    """
    before = next(store.rows(Records(newest=True)), None)
    root, items, entries, effects = Root(), 0, 0, 0
    _write(to, encode(WHOLE | {"n": 1 if before is None else before.n + 1}))
    for head in heads(store):
        root.add(_write(to, encode([head.item, head.n, head.hash])))
        items, entries = items + 1, entries + head.n
    for one in deliveries(store):
        root.add(_write(to, encode([one.item, one.n, one.place, one.turn, seal_of(one)])))
        effects += 1
    told = {"items": items, "entries": entries, "effects": effects, "root": root.hash}
    record = recorded("anchor", at, FrozenDict(told), before)
    with store.begin() as work:
        work.write(Change(records=(record,)))
    taken = Anchor.of(record)
    _write(to, taken.line)
    return taken


def _write(to: Written | None, line: str) -> str:
    if to is not None:
        to.write(line + "\n")
    return line


def heads(store: Store) -> Iterator[Head]:
    """Where every history ends, page by page."""
    after = ""
    while page := list(store.rows(Heads(after=after, limit=PAGE))):
        yield from page
        after = page[-1].item


def deliveries(store: Store) -> Iterator[Delivery]:
    """Every effect, page by page."""
    after: Delivery | None = None
    while page := list(store.rows(Effects(after=after, limit=PAGE))):
        yield from page
        after = page[-1]


def read_anchor(lines: Iterable[str]) -> Iterator[list[Any] | Anchor | int]:
    """What an anchor's file says: the position of its record, its list, and the anchor in the end.

    Raises:
        LineError: A line is none of an anchor, or there is an end missing.
        WrongArgument: They are no lines.
    """
    n = 0
    for n, line in enumerate(_lines(lines), 1):
        try:
            told = json.loads(line)
            yield told if isinstance(told, list) else _first_or_last(n, told)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise LineError(n, f"it is none of an anchor: {error}") from error
        if n > 1 and not isinstance(told, list):
            return
    raise LineError(n, "the last line of the anchor is missing behind it")


def _lines(anchor: Any) -> Iterable[str]:
    """The lines of an anchor, if that is what they are."""
    if isinstance(anchor, str) or not isinstance(anchor, Iterable):
        given = "one text" if isinstance(anchor, str) else f"a {type(anchor).__name__}"
        remedy = "open the file, or say text.splitlines(); the last line alone is not enough"
        raise WrongArgument("anchor", "the lines of an anchor's file", given, remedy)
    return anchor


def _first_or_last(n: int, told: dict[str, Any]) -> Anchor | int:
    if {name: told.pop(name) for name in WHOLE} != WHOLE:
        raise ValueError("its format is not known")
    if n == 1 and "root" in told:
        remedy = "the lines before it are needed as well"
        raise LineError(n, "it is only the last line of an anchor", remedy)
    return int(told["n"]) if n == 1 else Anchor(**{**told, "at": decode_time(told["at"])})
