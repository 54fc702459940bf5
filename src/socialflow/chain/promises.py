"""Promises: what an anchor says that a store has to have, held against what it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from socialflow.chain.anchors import Anchor, Root, read_anchor
from socialflow.chain.links import seal_of
from socialflow.codec import encode
from socialflow.errors import Finding, StoreError
from socialflow.protocols import Store
from socialflow.queries import Effects, Head, Records

__all__ = ["Promises"]


class Promises:
    """The list of an anchor, read along with a store, whose items come in the same order.

    Args:
        lines: Of the anchor's file; None if there is no anchor.

    Raises:
        LineError: It is no file of an anchor.
    """

    def __init__(self, lines: Iterable[str] | None) -> None:
        self._told = None if lines is None else read_anchor(lines)
        self._n: Any = None if self._told is None else next(self._told)
        self._root = Root()
        self._anchor: Anchor | None = None
        self._next: list[Any] = []
        self._step()

    def _step(self) -> None:
        """Read the next line of the list, or the anchor behind it."""
        told = None if self._told is None else next(self._told)
        if isinstance(told, list):
            self._root.add(encode(told))
            self._next = told
        elif isinstance(told, Anchor):
            self._told, self._anchor, self._next = None, told, []

    def of(self, id: str) -> Head | None:
        """Where the history of that item had come to, if the anchor knows it."""
        if not self._is_head or self._next[0] != id:
            return None
        promised = Head(*self._next)
        self._step()
        return promised

    def missing(self, store: Store, before: str | None) -> Iterator[Finding]:
        """Items of the list that come before that id, or all that are left: they are not there."""
        while self._is_head and (before is None or self._next[0] < before):
            id, n, _ = self._next
            if not self._is_retired(store, id, n):
                yield Finding(
                    "missing", f"item {id}", f"it is not there, the anchor knows {n} entries"
                )
            self._step()

    @property
    def _is_head(self) -> bool:
        return len(self._next) == 3

    def _is_retired(self, store: Store, id: str, n: int) -> bool:
        """Whether the book says that the item was removed, after the anchor was taken."""
        records = store.rows(Records(item=id, after=self._n))
        return any(one.kind == "retired" and one.told["n"] >= n for one in records)

    def end(self, store: Store) -> Iterator[Finding]:
        """What is wrong with effects, with the book, and with the anchor's file itself."""
        while self._next:
            try:
                yield from self._effect_findings(store, *self._next)
            except StoreError as error:
                yield Finding("unreadable", f"item {self._next[0]}", str(error))
            self._step()
        if self._anchor is not None:
            yield from self._about_itself(store, self._anchor)

    def _about_itself(self, store: Store, anchor: Anchor) -> Iterator[Finding]:
        if anchor.root != self._root.hash or anchor.n != self._n:
            yield Finding("anchor", "the anchor", "its list is not what it was made of")
        where = f"record {anchor.n}"
        try:
            record = next(store.rows(Records(after=anchor.n - 1, limit=1)), None)
        except StoreError as error:
            yield Finding("unreadable", where, str(error))
            return
        if record is None or record.n != anchor.n:
            yield Finding("older", where, "it is not there, and the anchor is it")
        elif record.hash != anchor.hash:
            yield Finding("rewritten", where, "the anchor is another one")

    def _effect_findings(
        self, store: Store, id: str, n: int, place: int, turn: int, seal: str
    ) -> Iterator[Finding]:
        where = f"item {id} / entry {n} / effect {place}"
        for one in store.rows(Effects(item=id)):
            if (one.n, one.place) == (n, place):
                if one.turn < turn:
                    told = f"it is at turn {one.turn}, the anchor knows {turn}"
                    yield Finding("older", where, told)
                elif one.turn == turn and seal_of(one) != seal:
                    yield Finding("rewritten", where, "the anchor knows it otherwise")
