"""Duplicates: which other items say the same, point to the same place, or go out together.

An `Index` is asked for candidates; `Duplicates` is one that is kept in memory.  It compares texts
by shingles, runs of three words: two texts are near if they share enough of theirs (Jaccard).
Bodies are compared with bodies, and ideas, each a title and a pitch, with ideas.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from threading import RLock
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs

from socialflow import Item

__all__ = ["Candidate", "Duplicates", "Index", "normal_link", "shingles"]

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A word; in writing that does not part words, each character."""

TRACKING = re.compile(r"utm_|fbclid|gclid|mc_|igshid")
GONE = ("end.rejected", "end.cancelled", "end.recalled")


@attrs.frozen
class Candidate:
    """Another item that may be the same.

    Attributes:
        item: Its id.
        ref: The host's own key of it, if it has one.
        why: ``"exact"``, ``"link"``, ``"near"`` or ``"window"``.
        similarity: How much alike they are, from 0 to 1.
    """

    item: str
    ref: str | None
    why: str
    similarity: float


class Index(Protocol):
    """Knows what there is.  Safe to share by threads."""

    def add(self, item: Item) -> None:
        """Take in an item as it is now, in place of what was known of it."""
        ...

    def candidates(self, item: Item, at: datetime) -> tuple[Candidate, ...]:
        """Other items that may be the same as *item*, at the moment *at*; most alike first."""
        ...


@attrs.frozen
class _Known:
    id: str
    ref: str | None
    parent: str | None
    moment: datetime
    exact: frozenset[tuple[str, str]]
    texts: Mapping[str, frozenset[int]]
    slots: tuple[tuple[str, datetime], ...]


class Duplicates:
    """An index in memory.

    Items that were rejected, cancelled or recalled are no candidates, and neither is an item's own
    family.

    Args:
        threshold: From which share of common shingles on texts are near.
        window: How near in time two posts on one account are too near.
        horizon: How far back content counts.

    Example:
        >>> normal_link("https://www.Acme.com/new/?utm_source=x#top")
        'acme.com/new'
    """

    def __init__(
        self,
        *,
        threshold: float = 0.6,
        window: timedelta = timedelta(hours=1),
        horizon: timedelta = timedelta(days=365),
    ) -> None:
        if not 0 < threshold <= 1:
            raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
        self._threshold = threshold
        self._window = window
        self._horizon = horizon
        self._known: dict[str, _Known] = {}
        self._exact: dict[Hashable, set[str]] = defaultdict(set)
        self._shingles: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._slots: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self._lock = RLock()

    @classmethod
    def of(cls, items: Iterable[Item]) -> Duplicates:
        """An index of all these items, as of ``store.rows(Items())``."""
        index = cls()
        for item in items:
            index.add(item)
        return index

    def __len__(self) -> int:
        return len(self._known)

    def add(self, item: Item) -> None:
        """Take in an item as it is now, in place of what was known of it."""
        with self._lock:
            self.discard(item.id)
            if {*item.marking}.isdisjoint(GONE):
                self._take_in(_read(item))

    def discard(self, id: str) -> None:
        """Forget an item, if it is known."""
        with self._lock:
            one = self._known.pop(id, None)
            if one is None:
                return
            for exact in one.exact:
                _drop(self._exact, exact, id)
            for shingle in _keys(one):
                _drop(self._shingles, shingle, id)
            for account, at in one.slots:
                self._slots[account].remove((at, id))

    def candidates(self, item: Item, at: datetime) -> tuple[Candidate, ...]:
        """Other items that may be the same as *item*, at the moment *at*; most alike first."""
        one = _read(item)
        with self._lock:
            found = [
                Candidate(other.id, other.ref, why, similarity)
                for id, why, similarity in self._like(one)
                for other in (self._known[id],)
                if other.moment >= at - self._horizon and not _are_family(one, other)
            ]
        return tuple(sorted(found, key=lambda candidate: (-candidate.similarity, candidate.item)))

    def _take_in(self, one: _Known) -> None:
        self._known[one.id] = one
        for exact in one.exact:
            self._exact[exact].add(one.id)
        for shingle in _keys(one):
            self._shingles[shingle].add(one.id)
        for account, at in one.slots:
            insort(self._slots[account], (at, one.id))

    def _like(self, one: _Known) -> Iterator[tuple[str, str, float]]:
        exact = {(id, key[0]) for key in one.exact for id in self._exact.get(key, ())}
        yield from ((id, why, 1.0) for id, why in exact)
        near: dict[str, float] = {}
        for field, mine in one.texts.items():
            for id, similarity in self._near(field, mine):
                near[id] = max(similarity, near.get(id, 0.0))
        yield from ((id, "near", similarity) for id, similarity in near.items())
        together = {id for account, at in one.slots for id in self._beside(account, at)}
        yield from ((id, "window", 1.0) for id in together)

    def _near(self, field: str, mine: frozenset[int]) -> Iterator[tuple[str, float]]:
        """Texts near enough: each of them has one of the rarest shingles, so only those count."""
        rarest = sorted(mine, key=lambda one: len(self._shingles.get((field, one), ())))
        enough = len(mine) - ceil(self._threshold * len(mine) - 1e-9) + 1
        ids = {id for one in rarest[:enough] for id in self._shingles.get((field, one), ())}
        for id in ids:
            theirs = self._known[id].texts[field]
            shared = len(mine & theirs)
            similarity = shared / (len(mine) + len(theirs) - shared)
            if similarity >= self._threshold:
                yield id, round(similarity, 3)

    def _beside(self, account: str, at: datetime) -> Iterator[str]:
        """Whatever goes to the account less than a window before or after."""
        planned = self._slots.get(account, [])
        first = bisect_right(planned, at - self._window, key=lambda slot: slot[0])
        last = bisect_left(planned, at + self._window, key=lambda slot: slot[0])
        return (id for _, id in planned[first:last])


def shingles(text: str, size: int = 3) -> frozenset[int]:
    """Hashes of all runs of *size* words; of a shorter text, of all its words together."""
    words = WORD.findall(text.casefold())
    if not words:
        return frozenset()
    runs = range(max(1, len(words) - size + 1))
    return frozenset(hash(tuple(words[n : n + size])) for n in runs)


def normal_link(link: str) -> str:
    """A link without what does not change where it leads."""
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return link
    asked = sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.match(pair[0]))
    return host + parts.path.rstrip("/") + (f"?{urlencode(asked)}" if asked else "")


def _read(item: Item) -> _Known:
    data = item.data
    told = data.get("publish_at") or data.get("planned_for")
    planned = datetime.fromisoformat(told) if told else None
    accounts = (data["account"],) if data.get("account") else data.get("accounts") or ()
    ideas = f"{data.get('title') or ''} {data.get('pitch') or ''}"
    texts = {"body": shingles(data.get("body") or ""), "idea": shingles(ideas)}
    return _Known(
        item.id,
        item.ref,
        item.parent,
        planned or max(token.entered for token in item.tokens),
        frozenset(_exact(data)),
        {field: told for field, told in texts.items() if told},
        tuple((account, planned) for account in dict.fromkeys(accounts) if planned),
    )


def _exact(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    words = " ".join((data.get("body") or "").casefold().split())
    if words or data.get("media"):
        content = repr((words, *sorted(data.get("media") or ())))
        yield "exact", sha256(content.encode()).hexdigest()
    if data.get("host_digest"):
        yield "exact", data["host_digest"]
    yield from (("link", normal_link(link)) for link in data.get("links") or ())


def _keys(one: _Known) -> Iterator[tuple[str, int]]:
    return ((field, number) for field, told in one.texts.items() for number in told)


def _are_family(one: _Known, other: _Known) -> bool:
    parents = {one.parent, other.parent} - {None}
    return (
        one.id == other.id
        or bool(parents & {one.id, other.id})
        or (one.parent is not None and one.parent == other.parent)
    )


def _drop(table: dict[Any, set[str]], key: Hashable, id: str) -> None:
    table[key].discard(id)
    if not table[key]:
        del table[key]
