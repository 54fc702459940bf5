"""The contract of a channel, as tests, and a channel that fails in every way there is.

| class                  | for a channel                                                        |
|------------------------|----------------------------------------------------------------------|
| `ChannelContract`      | that is one                                                          |
| `DeduplicatingContract`| that can ``"deduplicate"``                                           |
| `VerifyingContract`    | that can ``"verify"``                                                |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from random import Random
from typing import Any

import attrs
import pytest

from socialflow.channels import ABILITIES, Outcome, delivered, refused, try_again, unknown
from socialflow.items import Item
from socialflow.plain import FrozenDict
from socialflow.protocols import Channel
from socialflow.queries import Delivery
from socialflow.testing.changes import START, born
from socialflow.testing.crashes import Crash
from socialflow.testing.racing import THREADS, together

__all__ = [
    "WAYS",
    "ChannelContract",
    "Crash",
    "DeduplicatingContract",
    "FlakyChannel",
    "NotDone",
    "VerifyingContract",
]

WAYS = {
    "delivers": (True, True),
    "refuses": (False, True),
    "is busy": (False, True),
    "says that it failed": (False, True),
    "fails before": (False, False),
    "fails after": (True, False),
    "mumbles": (True, False),
    "crashes before": (False, False),
    "crashes after": (True, False),
}
"""What a flaky channel may do; whether it is done then, and whether anybody is told so."""


class NotDone(Exception):
    """The channel says: it is certainly not done."""


class FlakyChannel(Channel):
    """A channel that does what it is told, one way a call; then it delivers.

    Args:
        can: Its ability.
        ways: What it does call by call, out of `WAYS`.

    Attributes:
        calls: Keys, one for each call of `deliver`, in order.
        done: Keys, one for each time that something was really done, in order.
    """

    not_done = (NotDone,)

    def __init__(self, can: str, ways: Iterable[str] = ()) -> None:
        self.can = can
        self.calls: list[str] = []
        self.done: list[str] = []
        self._ways = iter(ways)

    @classmethod
    def seeded(cls, can: str, seed: int) -> FlakyChannel:
        """One that goes on to fail in any way, by chance, but always in the same order."""
        chance, ways = Random(seed), tuple(WAYS)
        return cls(can, iter(lambda: chance.choice(ways), ""))

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:  # noqa: ARG002
        """Do what the next way is."""
        self.calls.append(delivery.key)
        way = next(self._ways, "delivers")
        if WAYS[way][0] and not (self.can == "deduplicate" and delivery.key in self.done):
            self.done.append(delivery.key)
        match way:
            case "refuses" if delivery.key not in self.done:
                return refused("422: too long")
            case "is busy" if delivery.key not in self.done:
                return try_again("503: try again")
            case "says that it failed" if delivery.key not in self.done:
                raise NotDone("nobody listens")
            case "fails before" | "fails after":
                raise TimeoutError("no answer")
            case "mumbles":
                return None  # type: ignore[return-value]
            case "crashes before" | "crashes after":
                raise Crash
        return delivered(url=f"https://example.com/{delivery.key}")

    def verify(self, delivery: Delivery, item: Item) -> Outcome:  # noqa: ARG002
        """What is so, or that it cannot be said now."""
        if next(self._ways, "delivers").startswith("fails"):
            return unknown("no answer")
        if delivery.key in self.done:
            return delivered(url=f"https://example.com/{delivery.key}")
        return try_again("it is not there")


class ChannelContract:
    """What every channel must do; its class begins with ``Test`` and has these fixtures.

    They are `channel`, connected to something that is like the outside; `times_done`, which says
    how often something was really done there under a key; and `cut_off`, a context in which it is
    done, but the answer is lost on its way.
    """

    @pytest.fixture
    def channel(self) -> Channel:
        """The channel, connected to something that is like the outside."""
        raise NotImplementedError("override the fixture channel")

    @pytest.fixture
    def times_done(self, channel: Channel) -> Callable[[str], int]:
        """Says how often something was really done under a key."""
        raise NotImplementedError("override the fixture times_done: lambda key: ...")

    @pytest.fixture
    def cut_off(self, channel: Channel) -> Callable[[], AbstractContextManager[Any]]:
        """Opens a context in which what is asked for is done, but the answer is lost."""
        raise NotImplementedError("override the fixture cut_off: a context manager")

    @pytest.fixture
    def item(self) -> Item:
        """What is to go out."""
        return born("contract", data={"title": "Grüße"}).item

    @pytest.fixture
    def delivery(self, item: Item) -> Delivery:
        """What is to be done."""
        return Delivery(item.id, 1, 0, "publish", FrozenDict(), "taken", START, 1, 1)

    def test_it_says_what_it_can(self, channel: Channel) -> None:
        """`can` is one of three words, and `not_done` are exceptions."""
        assert channel.can in ABILITIES
        assert all(issubclass(kind, Exception) for kind in channel.not_done)

    def test_what_it_delivers_is_done_once(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """And it says so."""
        outcome = channel.deliver(delivery, item)

        assert "delivered" == outcome.kind
        assert 1 == times_done(delivery.key)

    def test_another_key_is_another_delivery(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """The same item, asked for twice by different events, is done twice."""
        other = attrs.evolve(delivery, n=2)

        channel.deliver(delivery, item)
        channel.deliver(other, item)

        assert [1, 1] == [times_done(delivery.key), times_done(other.key)]

    def test_what_may_be_done_is_never_denied(
        self,
        channel: Channel,
        times_done: Callable[[str], int],
        cut_off: Callable[[], AbstractContextManager[Any]],
        delivery: Delivery,
        item: Item,
    ) -> None:
        """Where the answer is lost, it says `unknown`, or raises what is not in `not_done`."""
        with cut_off():
            kind = _kind_of(channel, delivery, item)

        assert 1 == times_done(delivery.key), "cut_off has to let it be done"
        assert "unknown" == kind

    def test_it_is_shared_by_threads(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """Each of many deliveries at once is done once."""
        several = [attrs.evolve(delivery, n=n + 1) for n in range(THREADS)]

        outcomes = together(THREADS, lambda n: channel.deliver(several[n], item))

        assert {"delivered"} == {outcome.kind for outcome in outcomes}
        assert [1] * THREADS == [times_done(one.key) for one in several]


class DeduplicatingContract(ChannelContract):
    """And it knows a repetition by its key."""

    def test_a_repetition_is_answered_and_not_done(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """The answer is that to the first call, in another attempt too."""
        first = channel.deliver(delivery, item)
        again = channel.deliver(attrs.evolve(delivery, turn=3, attempts=2), item)

        assert "deduplicate" == channel.can
        assert (first.kind, first.data) == (again.kind, again.data)
        assert 1 == times_done(delivery.key)

    def test_a_repetition_finds_what_was_cut_off(
        self,
        channel: Channel,
        times_done: Callable[[str], int],
        cut_off: Callable[[], AbstractContextManager[Any]],
        delivery: Delivery,
        item: Item,
    ) -> None:
        """What was done without an answer is not done a second time, and answered then."""
        with cut_off():
            _kind_of(channel, delivery, item)

        assert "delivered" == channel.deliver(delivery, item).kind
        assert 1 == times_done(delivery.key)

    def test_of_many_at_once_one_is_done(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """Threads that repeat each other do it once."""
        together(THREADS, lambda _: channel.deliver(delivery, item))

        assert 1 == times_done(delivery.key)


class VerifyingContract(ChannelContract):
    """And it finds out what came of an earlier call."""

    def test_what_was_never_done_is_not_found(
        self, channel: Channel, times_done: Callable[[str], int], delivery: Delivery, item: Item
    ) -> None:
        """It may be tried again; finding that out does nothing."""
        assert "verify" == channel.can
        assert "try_again" == channel.verify(delivery, item).kind
        assert 0 == times_done(delivery.key)

    def test_what_was_done_is_found(
        self,
        channel: Channel,
        times_done: Callable[[str], int],
        cut_off: Callable[[], AbstractContextManager[Any]],
        delivery: Delivery,
        item: Item,
    ) -> None:
        """With what the item is to know of it, as if the answer had come."""
        other = attrs.evolve(delivery, n=2)
        answered = channel.deliver(other, item)
        with cut_off():
            _kind_of(channel, delivery, item)

        found = channel.verify(delivery, item)

        assert "delivered" == found.kind
        assert answered.data.keys() == found.data.keys()
        assert 1 == times_done(delivery.key)


def _kind_of(channel: Channel, delivery: Delivery, item: Item) -> str:
    """The kind of outcome of a call, as the outbox takes it."""
    try:
        return channel.deliver(delivery, item).kind
    except channel.not_done:
        return "try_again"
    except Exception:
        return "unknown"
