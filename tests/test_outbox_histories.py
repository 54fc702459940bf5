"""Whatever channels do, and wherever the process ends: nothing is done twice, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from brittle import BrittleStore, Fuse
from hypothesis import given
from hypothesis import strategies as st
from parcel_office import Office

from socialflow import Refused
from socialflow.chain import audit
from socialflow.channels import Outcome
from socialflow.queries import Delivery, History
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.channels import WAYS, Crash, FlakyChannel

IDS = ("a", "b")
STEPS = (
    *(("act", id, action) for id in IDS for action in ("send", "recall", "ring", "snatch")),
    *(("look", id, how) for id in IDS for how in ("again", "drop")),
    *(("revive", id, "") for id in IDS),
    *(("deliver", "", "") for _ in range(8)),
    *(("wait", "", "") for _ in range(6)),
)
HEARD_BY = {
    "delivered": {"accept", "find", "confirm"},
    "dead": {"fail", "miss"},
    "unconfirmed": {"lose"},
}
ENDS = {"delivered", "unconfirmed", "dead"}


class BrittleChannel(FlakyChannel):
    """A channel under the same process."""

    fuse = Fuse()

    def deliver(self, *told: Any) -> Outcome:
        self.fuse()
        outcome = super().deliver(*told)
        self.fuse()
        return outcome

    def verify(self, *told: Any) -> Outcome:
        self.fuse()
        outcome = super().verify(*told)
        self.fuse()
        return outcome


class Tale:
    """An office in which all that happens, and who looks says what is so."""

    def __init__(self, store: Any, can: str, ways: list[str], ends: frozenset[int]) -> None:
        self.fuse = Fuse(ends)
        self.office = Office(BrittleStore(store, self.fuse), can)
        self.channel = self.office.channel = BrittleChannel(can, ways)
        self.channel.fuse = self.fuse
        self.resolved: set[str] = set()
        self.office.start()
        for id in IDS:
            self.office.pack(id)

    def step(self, kind: str, id: str, what: str) -> None:
        """Do one thing, and see that everything is as it should be then."""
        match kind:
            case "act":
                with suppress(Refused):
                    self.office.act(id, what)
            case "look" | "revive":
                for one in self.office.effects():
                    if one.item == id:
                        self.put_right(kind, one, what)
            case "wait":
                self.office.wait()
            case "deliver":
                self.deliver()
        self.see()

    def put_right(self, kind: str, one: Delivery, how: str) -> None:
        """Say what is so of an effect, or revive it."""
        how = "delivered" if one.key in self.channel.done else how
        with suppress(Refused):
            if kind == "revive":
                self.office.outbox.revive(one.key)
            else:
                self.office.outbox.resolve(one.key, how, by="cleo", evidence="seen")
                self.resolved.add(one.key)

    def deliver(self) -> None:
        """Deliver until the process ends; what must not be called twice is called once at most."""
        before = {one.key: one for one in self.office.effects()}
        called = len(self.channel.calls)
        self.fuse.lit = True
        try:
            self.office.outbox.deliver()
        except Crash:
            self.office.start()
        finally:
            self.fuse.lit = False
        for key in self.channel.calls[called:]:
            if self.channel.can == "nothing":
                assert "queued" == before[key].state
                assert 1 == self.channel.calls[called:].count(key)

    def see(self) -> None:
        """What must be so at any time."""
        done = self.channel.done
        assert len(set(done)) == len(done), "something was done twice"
        for id in IDS:
            places = [tuple(map(int, key.split("/")[1:])) for key in done if key.startswith(id)]
            assert sorted(places) == places, "something was done before its turn"
        for one in self.office.effects():
            if one.state == "delivered":
                assert one.key in done
            elif one.state in ("queued", "dead"):
                assert one.key not in done
            self.see_what_was_heard(one)

    def see_what_was_heard(self, one: Delivery) -> None:
        """The item has heard exactly how far its effect has come."""
        heard = list(self.office.store.rows(History(key=f"{one.key}/{one.turn}")))
        actions = {entry.event.action.rpartition(".")[2] for entry in heard}
        assert actions <= HEARD_BY.get(one.state, set())
        has_word = one.name == "publish" and one.state in ("delivered", "dead")
        if has_word and one.key not in self.resolved:
            assert actions

    def end(self) -> None:
        """Nothing goes wrong any more: everything comes to an end."""
        self.channel._ways = iter(())
        self.fuse.at = ()
        self.office.run()
        self.see()
        assert {one.state for one in self.office.effects() if one.name != "notify"} <= ENDS
        for one in self.office.effects("notify"):
            assert ("dead" if one.key in self.resolved else "queued") == one.state
        assert [] == self.office.deliver()
        assert () == audit(self.office.store)


tales = given(
    can=st.sampled_from(("deduplicate", "verify", "nothing")),
    ways=st.lists(st.sampled_from(tuple(WAYS)), max_size=12),
    ends=st.frozensets(st.integers(1, 40), max_size=6),
    steps=st.lists(st.sampled_from(STEPS), max_size=40),
)


@pytest.mark.parametrize(
    "store", [MemoryStore, lambda: SqlStore("sqlite://", create=True)], ids=["memory", "sqlite"]
)
@tales
def test_nothing_is_done_twice_or_out_of_turn_and_nothing_is_lost(
    store: Callable[[], Any],
    can: str,
    ways: list[str],
    ends: frozenset[int],
    steps: list[tuple[str, str, str]],
) -> None:
    """An effect is queued, delivered, unconfirmed or dead, and its item has heard so."""
    tale = Tale(store(), can, ways, ends)

    for step in steps:
        tale.step(*step)

    tale.end()


@pytest.mark.parametrize("can", ["deduplicate", "verify", "nothing"])
@pytest.mark.parametrize("at", range(1, 13))
def test_the_process_may_end_at_every_step(can: str, at: int) -> None:
    """Of one delivery, step by step; each of them is met."""
    tale = Tale(MemoryStore(), can, [], frozenset({at}))
    tale.step("act", "a", "send")

    tale.step("deliver", "", "")
    reached = tale.fuse.steps >= at
    tale.end()

    assert reached == (at <= 11)
    state = tale.office.states("publish")[0]
    assert state == ("unconfirmed" if can == "nothing" and 3 <= at <= 7 else "delivered")
