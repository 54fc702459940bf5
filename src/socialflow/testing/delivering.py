"""Effects for the outside: queued with their event, taken by one, and as far as they were told."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest

from socialflow.errors import StaleDelivery, StaleItem
from socialflow.items import Effect
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import Change, Delivery, Effects, Tallies, Tally
from socialflow.testing.changes import (
    START,
    born,
    change,
    history,
    later,
    moved,
    paged,
    stored,
    write,
    write_all,
)
from socialflow.testing.racing import THREADS, together

__all__ = ["DeliveringContract"]

PUBLISH, RECALL, NOTIFY = Effect("publish"), Effect("recall"), Effect("notify", {"whom": "lead"})


def effects(store: Store, **asked: object) -> list[Delivery]:
    """What the store answers to `Effects`."""
    return list(store.rows(Effects(**asked)))  # type: ignore[arg-type]


def ready(store: Store, at: datetime, *among: str) -> list[str]:
    """Keys of what may be taken at that moment."""
    return [one.key for one in effects(store, ready=at, among=among)]


def further(delivery: Delivery, state: str, due: datetime | None = None) -> Delivery:
    """The same, one turn later."""
    turn = delivery.turn + 1
    return attrs.evolve(delivery, state=state, due=due or delivery.due, turn=turn)


def tell(store: Store, *deliveries: Delivery) -> None:
    """Write what has become of effects, in a unit of work of its own."""
    with store.begin() as work:
        work.write(Change(deliveries=deliveries))


def settle(store: Store, key: str, state: str = "delivered") -> None:
    """Let the effect with that key come to *state*."""
    tell(store, *(further(one, state) for one in effects(store) if one.key == key))


class DeliveringContract:
    """Effects: a part of the contract."""

    def test_an_effect_is_queued_with_its_event(self, store: Store) -> None:
        """Under the item, the entry's position and its place; not what the family sees to."""
        item = write(store, born("a"))
        family = Effect("tell", {"workflow": "w", "action": "x"})

        write(store, moved(item, at=later(5), effects=(NOTIFY, family, PUBLISH)))

        told = FrozenDict({"whom": "lead"})
        first = Delivery("a", 2, 0, "notify", told, "queued", later(5))
        second = Delivery("a", 2, 1, "publish", FrozenDict({}), "queued", later(5))
        assert [first, second] == effects(store)
        assert ["a/2/0", "a/2/1"] == [one.key for one in effects(store)]

    def test_an_effect_is_not_queued_without_its_event(self, store: Store) -> None:
        """Neither by a unit that fails, nor by a change that is refused."""
        item = write(store, born("a"))
        write(store, moved(item))

        with pytest.raises(RuntimeError):
            write_all(store, change(born("b", effects=(PUBLISH,))), error=RuntimeError())
        with pytest.raises(StaleItem):
            write(store, moved(item, effects=(PUBLISH,)))

        assert [] == effects(store)

    def test_a_delivery_is_kept_as_it_was_told(self, store: Store) -> None:
        """Its state, when it is due, its turn, attempts and what there is to say."""
        write(store, born("a", effects=(PUBLISH,)))
        states = ("taken", "queued", "taken", "unconfirmed", "queued", "dead", "delivered")

        for n, state in enumerate(states):
            was = effects(store)[0]
            told = Delivery("a", 1, 0, "publish", was.data, state, later(n), n + 1, n, f"ü {n}")
            tell(store, told)

            assert [told] == effects(store)

    def test_the_second_of_two_who_deliver_is_told(self, store: Store) -> None:
        """An effect is written one turn behind what is kept, or it is a `StaleDelivery`."""
        write(store, born("a", effects=(PUBLISH,)))
        [queued] = effects(store)
        tell(store, further(queued, "taken"))

        for stale in (
            further(queued, "dead"),
            queued,
            further(further(further(queued, "dead"), "dead"), "dead"),
            attrs.evolve(further(further(queued, "dead"), "dead"), place=1),
        ):
            with pytest.raises(StaleDelivery) as caught:
                tell(store, stale)
            assert stale.key == caught.value.key

        assert ["taken"] == [one.state for one in effects(store)]

    def test_what_became_of_an_effect_is_written_with_what_follows(self, store: Store) -> None:
        """The item and the delivery, both or none."""
        item = write(store, born("a", effects=(PUBLISH,)))
        [queued] = effects(store)
        done = further(queued, "delivered")
        both = attrs.evolve(change(moved(item, "review.waiting")), deliveries=(done,))

        with store.begin() as work:
            work.write(both)

        assert [done] == effects(store)
        assert 2 == stored(store, "a").version

        on_top = change(moved(stored(store, "a"), "end.closed"))
        with pytest.raises(StaleDelivery), store.begin() as work:
            work.write(attrs.evolve(on_top, deliveries=(done,)))
        assert 2 == stored(store, "a").version

        with pytest.raises(StaleItem), store.begin() as work:
            work.write(attrs.evolve(both, deliveries=(further(done, "dead"),)))
        assert [done] == effects(store)

    def test_a_unit_sees_the_effects_that_it_has_written(self, store: Store) -> None:
        """Those that it has queued, and those that it has told of."""
        write(store, born("a", effects=(PUBLISH,)))

        with store.begin() as work:
            [queued] = work.rows(Effects(ready=later(1)))
            work.write(Change(deliveries=(further(queued, "delivered"),)))
            work.write(change(born("b", effects=(NOTIFY,))))
            seen = [(one.key, one.state) for one in work.rows(Effects())]

        assert [("a/1/0", "delivered"), ("b/1/0", "queued")] == seen

    def test_effects_are_asked_for_by_item_state_and_name(self, store: Store) -> None:
        """Each alone and together, at most so many."""
        write(store, born("a", effects=(PUBLISH, NOTIFY)))
        write(store, born("b", effects=(NOTIFY, PUBLISH)))
        settle(store, "a/1/0")
        settle(store, "b/1/0", "dead")

        for query, expected in (
            (Effects(), "a0 a1 b0 b1"),
            (Effects("a"), "a0 a1"),
            (Effects("nobody"), ""),
            (Effects(state="delivered"), "a0"),
            (Effects(state="queued"), "a1 b1"),
            (Effects(name="publish"), "a0 b1"),
            (Effects(name="publi"), ""),
            (Effects("b", "dead", name="notify"), "b0"),
            (Effects("b", "dead", name="publish"), ""),
            (Effects(limit=3), "a0 a1 b0"),
            (Effects(state="queued", limit=1), "a1"),
        ):
            assert expected.split() == [f"{one.item}{one.place}" for one in store.rows(query)]

    def test_what_is_due_first_comes_first(self, store: Store) -> None:
        """If equally long, by item, position and place: also page by page, at any size."""
        for id, at in (("c", 1), ("b", 2), ("a", 2)):
            item = write(store, born(id, at=later(at), effects=(PUBLISH, NOTIFY)))
            write(store, moved(item, at=later(at), effects=(RECALL,)))
        whole = effects(store)

        expected = "c10 c11 c20 a10 a11 a20 b10 b11 b20"
        assert expected.split() == [f"{one.item}{one.n}{one.place}" for one in whole]
        for size in range(1, 11):
            assert whole == paged(
                whole, size, lambda last, size: store.rows(Effects(after=last, limit=size))
            )

    def test_what_is_due_and_under_way_is_ready(self, store: Store) -> None:
        """Queued or taken, to the microsecond; nothing that has come to an end."""
        states = ("queued", "taken", "delivered", "unconfirmed", "dead")
        for state in states:
            write(store, born(state, effects=(PUBLISH,)))
            settle(store, f"{state}/1/0", state)
        write(store, born("early", at=later(-1), effects=(PUBLISH,)))

        assert ["early/1/0"] == ready(store, START - timedelta(microseconds=1))
        assert ["early/1/0", "queued/1/0", "taken/1/0"] == ready(store, START)

    def test_the_effects_of_one_item_are_ready_one_after_the_other(self, store: Store) -> None:
        """The next one as soon as the one before has come to an end; other items do not wait."""
        item = write(store, born("a", effects=(PUBLISH, NOTIFY)))
        write(store, moved(item, effects=(RECALL,)))
        write(store, born("b", effects=(PUBLISH,)))
        at = later(10)

        for key, state in (("a/1/0", "delivered"), ("a/1/1", "dead"), ("a/2/0", "unconfirmed")):
            assert [key, "b/1/0"] == sorted(ready(store, at))
            [one] = [one for one in effects(store) if one.key == key]
            tell(store, further(one, "taken", later(20)))
            assert ["b/1/0"] == ready(store, at)
            settle(store, key, state)

        assert ["b/1/0"] == ready(store, at)

    def test_what_is_ready_waits_for_some_kinds_of_work_only(self, store: Store) -> None:
        """For those that the question names; what nobody delivers is in nobody's way."""
        item = write(store, born("a", effects=(NOTIFY, PUBLISH)))
        write(store, moved(item, effects=(RECALL,)))
        at = later(10)

        assert ["a/1/0"] == ready(store, at)
        assert ["a/1/0", "a/1/1"] == ready(store, at, "publish", "recall")
        assert ["a/1/0", "a/1/1", "a/2/0"] == sorted(ready(store, at, "mend"))
        named = Effects(name="recall", ready=at, among=("publish", "recall"))
        assert [] == list(store.rows(named))
        settle(store, "a/1/1")
        assert ["a/2/0"] == [one.key for one in store.rows(named)]

    def test_no_two_units_take_the_same_effect(self, store: Store) -> None:
        """Threads that take what is ready share it, and nothing is left over."""
        for n in range(4 * THREADS):
            write(store, born(f"{n:02}", effects=(PUBLISH, NOTIFY)))

        def job(_: int) -> list[str]:
            taken = []
            while more := self._take(store):
                taken += more
            return taken

        taken = sorted(key for keys in together(THREADS, job) for key in keys)
        while more := self._take(store):
            taken = sorted(taken + more)

        assert [f"{n:02}/1/{place}" for n in range(4 * THREADS) for place in (0, 1)] == taken
        assert {"delivered"} == {one.state for one in effects(store)}

    def _take(self, store: Store) -> list[str]:
        with store.begin() as work:
            took = tuple(work.rows(Effects(ready=later(1), limit=3)))
            work.write(Change(deliveries=tuple(further(one, "delivered") for one in took)))
        return [one.key for one in took]

    def test_effects_are_counted_by_name_and_state(self, store: Store) -> None:
        """With the moment at which the first of them is due."""
        for id, at in (("b", 2), ("a", 1), ("c", 3)):
            write(store, born(id, at=later(at), effects=(PUBLISH, NOTIFY)))
        settle(store, "a/1/0", "dead")

        tallies = [
            Tally("notify", "queued", 3, later(1)),
            Tally("publish", "dead", 1, later(1)),
            Tally("publish", "queued", 2, later(2)),
        ]
        assert tallies == list(store.rows(Tallies()))

    def test_an_effect_says_nothing_of_its_item(self, store: Store) -> None:
        """What becomes of it changes neither the item nor its history."""
        item = write(store, born("a", effects=(PUBLISH,)))
        before = history(store, "a")

        settle(store, "a/1/0", "dead")

        assert (item, before) == (stored(store, "a"), history(store, "a"))
