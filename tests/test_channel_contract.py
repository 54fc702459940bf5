"""The contract of a channel: good ones keep it, each broken one fails the test that names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from inspect import signature
from threading import Lock
from typing import Any

import pytest

from socialflow.channels import Outcome, delivered, refused, try_again
from socialflow.items import Item
from socialflow.protocols import Channel
from socialflow.queries import Delivery
from socialflow.testing.channels import (
    ChannelContract,
    DeduplicatingContract,
    FlakyChannel,
    NotDone,
    VerifyingContract,
)


class Platform(Channel):
    """A platform in memory, with a channel to it that is right."""

    can = "nothing"
    not_done = (ConnectionRefusedError,)

    def __init__(self) -> None:
        self.up: Counter[str] = Counter()
        self.is_cut_off = False
        self.lock = Lock()

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        with self.lock:
            self.take(delivery.key)
        if self.is_cut_off:
            return self.without_answer()
        return delivered(url=f"https://example.com/{delivery.key}")

    def take(self, key: str) -> None:
        self.up[key] += 1

    def without_answer(self) -> Outcome:
        raise TimeoutError


class Deduplicating(Platform):
    can = "deduplicate"

    def take(self, key: str) -> None:
        self.up[key] = 1


class Verifying(Platform):
    can = "verify"

    def verify(self, delivery: Delivery, item: Item) -> Outcome:
        if self.up[delivery.key]:
            return delivered(url=f"https://example.com/{delivery.key}")
        return try_again("it is not there")


class OnPlatform:
    """The fixtures of a contract on such a platform."""

    kind: type[Platform]

    @pytest.fixture
    def channel(self) -> Platform:
        return self.kind()

    @pytest.fixture
    def times_done(self, channel: Platform) -> Callable[[str], int]:
        return channel.up.__getitem__

    @pytest.fixture
    def cut_off(self, channel: Platform) -> Callable[[], AbstractContextManager[None]]:
        return lambda: cut_off_from(channel)


@contextmanager
def cut_off_from(channel: Platform) -> Iterator[None]:
    channel.is_cut_off = True
    yield
    channel.is_cut_off = False


class TestPlatform(OnPlatform, ChannelContract):
    kind = Platform


class TestDeduplicating(OnPlatform, DeduplicatingContract):
    kind = Deduplicating


class TestVerifying(OnPlatform, VerifyingContract):
    kind = Verifying


# -- broken ones


class CanAnything(Platform):
    can = "anything"


class DoesNothing(Platform):
    def take(self, key: str) -> None:
        pass


class DoesItTwice(Platform):
    def take(self, key: str) -> None:
        self.up[key] += 2


class GoesByTheItem(Deduplicating):
    def take(self, key: str) -> None:
        self.up[f"{key.split('/')[0]}/1/0"] = 1


class TakesATimeOutForNo(Platform):
    not_done = (TimeoutError,)


class GivesUpTooEarly(Platform):
    def without_answer(self) -> Outcome:
        return refused("no answer")


class OnlySaysThatItDeduplicates(Platform):
    can = "deduplicate"


class AnswersARepetitionOtherwise(Deduplicating):
    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        known = self.up[delivery.key]
        outcome = super().deliver(delivery, item)
        return refused("409: known") if known else outcome


class VerifiesByDoing(Verifying):
    def verify(self, delivery: Delivery, item: Item) -> Outcome:
        self.take(delivery.key)
        return try_again("now it is there")


class FindsNothing(Verifying):
    def verify(self, delivery: Delivery, item: Item) -> Outcome:
        return try_again("it is not there")


class FindsWithoutAddress(Verifying):
    def verify(self, delivery: Delivery, item: Item) -> Outcome:
        return Outcome(super().verify(delivery, item).kind)


BROKEN = {
    CanAnything: (ChannelContract, "test_it_says_what_it_can"),
    DoesNothing: (ChannelContract, "test_what_it_delivers_is_done_once"),
    DoesItTwice: (ChannelContract, "test_what_it_delivers_is_done_once"),
    GoesByTheItem: (ChannelContract, "test_another_key_is_another_delivery"),
    TakesATimeOutForNo: (ChannelContract, "test_what_may_be_done_is_never_denied"),
    GivesUpTooEarly: (ChannelContract, "test_what_may_be_done_is_never_denied"),
    OnlySaysThatItDeduplicates: (
        DeduplicatingContract,
        "test_a_repetition_is_answered_and_not_done",
    ),
    AnswersARepetitionOtherwise: (
        DeduplicatingContract,
        "test_a_repetition_finds_what_was_cut_off",
    ),
    VerifiesByDoing: (VerifyingContract, "test_what_was_never_done_is_not_found"),
    FindsNothing: (VerifyingContract, "test_what_was_done_is_found"),
    FindsWithoutAddress: (VerifyingContract, "test_what_was_done_is_found"),
}


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_a_broken_channel_fails_the_test_that_names_its_fault(kind: type[Platform]) -> None:
    """What is wrong with a channel can be read from the name of the test that fails."""
    contract, name = BROKEN[kind]
    channel: Any = kind()
    made = contract()
    item = unwrapped(contract.item)(made)
    fixtures = {
        "channel": channel,
        "times_done": channel.up.__getitem__,
        "cut_off": lambda: cut_off_from(channel),
        "item": item,
        "delivery": unwrapped(contract.delivery)(made, item),
    }
    test = getattr(made, name)

    with pytest.raises(AssertionError):
        test(**{name: fixtures[name] for name in signature(test).parameters})


def unwrapped(fixture: Any) -> Callable[..., Any]:
    """The function of a fixture."""
    function: Callable[..., Any] = fixture._get_wrapped_function()
    return function


# -- the flaky one


def test_a_flaky_channel_fails_in_every_way_and_always_the_same() -> None:
    """By its seed: what it does and what it says can be told from each other."""
    contract = ChannelContract()
    what = unwrapped(ChannelContract.item)(contract)
    asked = unwrapped(ChannelContract.delivery)(contract, what)

    def tale(seed: int) -> list[str]:
        channel, told = FlakyChannel.seeded("nothing", seed), []
        for _ in range(60):
            try:
                outcome = channel.deliver(asked, what)
                told.append("nonsense" if outcome is None else outcome.kind)
            except BaseException as error:
                told.append(type(error).__name__)
        return [*told, *channel.done]

    assert tale(7) == tale(7) != tale(8)
    kinds = {"nonsense", "delivered", "TimeoutError", "Crash"}
    assert kinds <= set(tale(7))
    first = FlakyChannel("nothing", ["says that it failed"])
    with pytest.raises(NotDone):
        first.deliver(asked, what)
    assert [] == first.done
