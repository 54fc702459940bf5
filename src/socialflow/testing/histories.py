"""Histories under load: whether what many callers were told agrees with what is stored.

Callers write down each `Call` with the moments between which it was under way; `check` compares
them with the stored histories.  It knows no workflow and no store.  It finds answers that were
lost, commands that happened twice, answers that contradict what is stored, and orders that
contradict the clock: what was answered before something else was even asked for stands before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter

import attrs

__all__ = ["Anomaly", "Call", "Stored", "check"]


@attrs.frozen
class Call:
    """Something that somebody asked for, and the answer.

    Attributes:
        item: Of which item.
        began: When it was asked for, in seconds of a clock that all callers share.
        ended: When it was answered; None if it never was: then nobody knows whether it happened.
        mark: What its entry is recognised by, such as its idempotency key; None if it only reads.
            Calls that repeat each other have the same.
        version: Of the item in the answer; None if it was refused.
        expect: The version that the item had to have; None if that was not said.
    """

    item: str
    began: float
    ended: float | None = None
    mark: str | None = None
    version: int | None = None
    expect: int | None = None

    @property
    def was_refused(self) -> bool:
        """Whether it was answered, with a no."""
        return self.ended is not None and self.version is None


@attrs.frozen
class Stored:
    """An entry of a stored history.

    Attributes:
        version: Of the item after it.
        mark: What it is recognised by; None for what nobody of the callers has asked for.
    """

    version: int
    mark: str | None = None


@attrs.frozen
class Anomaly:
    """Something that must not be.

    Attributes:
        kind: ``"lost"``: acknowledged, and not stored; ``"twice"``: stored more than once;
            ``"refused"``: refused, and stored; ``"unasked"``: stored, and asked for by nobody;
            ``"version"``: the answer is not the version that is stored; ``"gap"``: the versions
            of an item do not count up by one; ``"expected"``: it was written on another version
            than the one that it expects; ``"order"``: it stands before something that had been
            answered before it was asked for.
        item: Of which item.
        told: What exactly.
    """

    kind: str
    item: str
    told: str


def check(calls: Iterable[Call], histories: Mapping[str, Sequence[Stored]]) -> tuple[Anomaly, ...]:
    """Everything about *calls* that does not agree with the stored *histories*, item by item.

    Example:
        >>> calls = [Call("a", 0.0, 1.0, "x", 1), Call("a", 2.0, 3.0, "y", 2)]
        >>> check(calls, {"a": [Stored(1, "x"), Stored(2, "y")]})
        ()
        >>> [one.kind for one in check(calls, {"a": [Stored(1, "y"), Stored(2, "x")]})]
        ['version', 'version', 'order']
    """
    by_item: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        by_item[call.item].append(call)
    return tuple(
        Anomaly(kind, item, told)
        for item in sorted({*by_item, *histories})
        for kind, told in _of_item(by_item[item], histories.get(item, ()))
    )


def _of_item(calls: list[Call], entries: Sequence[Stored]) -> Iterator[tuple[str, str]]:
    yield from _gaps(entries)
    places = {one.mark: n for n, one in enumerate(entries) if one.mark is not None}
    asked = {call.mark for call in calls if call.mark is not None}
    for mark, count in Counter(one.mark for one in entries if one.mark is not None).items():
        if count > 1:
            yield "twice", f"{mark} is stored {count} times"
        if mark not in asked:
            yield "unasked", f"{mark} is stored"
    for call in calls:
        yield from _contradictions(call, entries, places)
    yield from _denials(calls, places)
    firsts: dict[int, int] = {}
    for n, entry in enumerate(entries):
        firsts.setdefault(entry.version, n)
    writes = [*_writes(calls, places)]
    counting = {*firsts.values()}
    steps = [one for one in writes if one.place[0] in counting]
    seen = [*steps, *_reads(calls, firsts)]
    yield from dict.fromkeys([*_disorder(writes), *_disorder(seen)])


def _gaps(entries: Sequence[Stored]) -> Iterator[tuple[str, str]]:
    last = 0
    for entry in entries:
        if entry.version not in (last, last + 1):
            yield "gap", f"version {entry.version} follows {last}"
        last = entry.version


def _contradictions(
    call: Call, entries: Sequence[Stored], places: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """What one answer says that the store does not."""
    if call.ended is None:
        return
    if call.mark is None:
        last = entries[-1].version if entries else 0
        if call.version is not None and not 0 < call.version <= last:
            yield "version", f"version {call.version} was read, the last one is {last}"
    elif call.was_refused:
        return
    elif call.mark not in places:
        yield "lost", f"{call.mark} was answered with version {call.version}"
    else:
        stored = entries[places[call.mark]].version
        if stored != call.version:
            told = f"{call.mark} was answered with {call.version}, and is stored as {stored}"
            yield "version", told
        if call.expect is not None and stored != call.expect + 1:
            yield "expected", f"{call.mark} expects {call.expect}, and is stored as {stored}"


def _denials(calls: list[Call], places: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What was refused although it is stored: to everybody, or after it had been acknowledged.

    What was refused may be asked for again, and then be accepted.
    """
    done: dict[str, float] = {}
    for call in calls:
        if call.mark is not None and not call.was_refused:
            ended = float("inf") if call.ended is None else call.ended
            done[call.mark] = min(ended, done.get(call.mark, ended))
    for call in calls:
        mark = call.mark or ""
        if mark in places and call.was_refused and call.began > done.get(mark, float("-inf")):
            yield "refused", f"{mark} is stored"


def _disorder(spans: Sequence[_Span]) -> Iterator[tuple[str, str]]:
    """What stands in an order that the clock rules out.

    Writes are at the place of their entry, reads behind the entry of the version they saw.  Going
    through them in that order, nobody may have been answered before somebody in front of them
    began.  What takes no version is compared with other writes only: nobody who reads sees it.
    """
    latest, who = float("-inf"), ""
    ordered = sorted(spans, key=attrgetter("place"))
    for _, together in groupby(ordered, attrgetter("place")):
        here = [*together]
        for span in here:
            if span.ended < latest:
                yield "order", f"{span.told} had been answered before {who} began"
        began, told = max(((span.began, span.told) for span in here), key=itemgetter(0))
        if began > latest:
            latest, who = began, told


@attrs.frozen
class _Span:
    place: tuple[int, int]
    began: float
    ended: float
    told: str


def _writes(calls: list[Call], places: Mapping[str, int]) -> Iterator[_Span]:
    """One for each entry: it happened after the first call for it began, and before any answer."""
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    for call in calls:
        mark = call.mark
        if mark is not None and mark in places and not call.was_refused:
            began[mark] = min(call.began, began.get(mark, call.began))
            if call.ended is not None:
                ended[mark] = min(call.ended, ended.get(mark, call.ended))
    for mark, first in began.items():
        yield _Span((places[mark], 0), first, ended.get(mark, float("inf")), mark)


def _reads(calls: list[Call], firsts: Mapping[int, int]) -> Iterator[_Span]:
    for call in calls:
        place = firsts.get(call.version or 0)
        if call.mark is None and call.ended is not None and place is not None:
            yield _Span((place, 1), call.began, call.ended, f"the read of version {call.version}")
