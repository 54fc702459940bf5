"""The contract of a store that keeps a book: it erases and removes, and an anchor proves it."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import Any

import attrs
import pytest

from socialflow.chain import Anchor, anchor, audit, recorded
from socialflow.decisions import rebuild
from socialflow.erasing import erase
from socialflow.errors import Contended, ItemNotFound
from socialflow.items import Effect
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import (
    Change,
    Duties,
    Effects,
    Heads,
    History,
    Items,
    Later,
    Laters,
    Record,
    Records,
    Strays,
)
from socialflow.retiring import retire
from socialflow.testing.changes import (
    START,
    born,
    change,
    history,
    later,
    moved,
    noted,
    paged,
    stored,
    write,
)
from socialflow.testing.stores import StoreContract

__all__ = ["BookContract"]

LAW: Any = {"by": "dpo", "reason": "asked for by law", "at": later(600)}


def anchored(store: Store, at: datetime = START) -> tuple[Anchor, list[str]]:
    """An anchor, and the lines of its file."""
    file = StringIO()
    taken = anchor(store, at=at, to=file)
    return taken, file.getvalue().splitlines()


def ended(store: Store, id: str, minutes: float = 1, **told: Any) -> None:
    """An item that has ended so many minutes after the beginning."""
    item = write(store, born(id, **told))
    write(store, moved(item, "end.closed", at=later(minutes)))


def told(store: Store) -> list[tuple[str, str | None]]:
    """What the book says, kind and item."""
    return [(one.kind, one.item) for one in store.rows(Records())]


def sent(store: Store, id: str, state: str, said: str = "") -> None:
    """Every effect of an item has come to that state."""
    for one in list(store.rows(Effects(item=id))):
        further = attrs.evolve(one, state=state, told=said, turn=one.turn + 1, attempts=1)
        with store.begin() as work:
            work.write(Change(deliveries=(further,)))


class BookContract(StoreContract):
    """And it keeps effects and a book, erases data, and removes items."""

    # -- the book

    def test_a_record_is_kept_behind_the_last_one(self, store: Store) -> None:
        """The book is given as it was written, oldest first, page by page, or the last only."""
        book: list[Record] = []
        for n in range(5):
            about = FrozenDict(item="ab"[n % 2], n=n, hash=f"{n}")
            book.append(recorded("retired", later(n), about, book[-1] if book else None))
        with store.begin() as work:
            work.write(Change(records=tuple(book[:3])))
        with store.begin() as work:
            work.write(Change(records=tuple(book[3:])))

        def page(last: Record | None, size: int) -> Any:
            return store.rows(Records(after=last.n if last else 0, limit=size))

        assert book == list(store.rows(Records())) == paged(book, 2, page)
        assert book[-1:] == list(store.rows(Records(newest=True)))
        assert book[1::2] == list(store.rows(Records(item="b")))

    def test_no_record_is_written_over(self, store: Store) -> None:
        """Whoever comes second at a position is told so, and nothing of theirs is kept."""
        record = recorded("anchor", START, FrozenDict(root="1"), None)
        other = recorded("anchor", START, FrozenDict(root="2"), None)
        with store.begin() as work:
            work.write(Change(records=(record,)))

        with pytest.raises(Contended), store.begin() as work:
            work.write(attrs.evolve(change(born("a")), records=(other,)))

        assert [record] == list(store.rows(Records()))
        assert [] == list(store.rows(Items()))

    def test_heads_are_given_in_pages(self, store: Store) -> None:
        """By item, behind the last one; or that of one item only."""
        write(store, *(born(id) for id in "edcba"))
        whole = list(store.rows(Heads()))

        read = paged(
            whole,
            2,
            lambda last, size: store.rows(Heads(after=last.item if last else "", limit=size)),
        )

        assert whole == read
        assert whole[1:2] == list(store.rows(Heads(item="b")))
        assert [whole[0], whole[2]] == list(store.rows(Heads(ids=("c", "x", "a"))))
        assert [] == list(store.rows(Heads(ids=())))

    def test_what_is_put_off_is_told(self, store: Store) -> None:
        """Until when, as long as the duty is open."""
        item = write(store, born("a", "writing.drafting", "review.waiting"))
        put_off = [Later("a", stage, later(5)) for stage in ("review", "writing")]
        with store.begin() as work:
            work.write(Change(later=tuple(put_off)))
        assert put_off == list(store.rows(Laters())) == list(store.rows(Laters(item="a")))
        assert [] == list(store.rows(Laters(item="b")))

        write(store, moved(item, "end.closed"))

        assert [] == list(store.rows(Laters()))

    # -- erasing

    def test_what_is_erased_is_nowhere_any_more(self, store: Store) -> None:
        """Neither in the item, nor in its history, nor in the answer to a key."""
        item = write(store, born("a", key="k", data={"name": "Zoe", "city": "Rome"}))
        item = write(store, noted(item, "Zoe rang"))
        write(store, moved(item, "review.waiting", data={"name": "Zoe B."}))

        after = erase(store, "a", **LAW)

        entries = history(store, "a")
        with store.begin() as work:
            answer = work.answer("k")
        assert FrozenDict() == after.data == stored(store, "a").data
        assert [None] * 4 == [entry.event.command.data for entry in entries]
        assert answer == entries[0]
        assert "Zoe" not in repr([entries, list(store.rows(Items()))])

    def test_an_erasure_is_part_of_the_history(self, store: Store) -> None:
        """It says who, when and why; the chain holds, and still leads to the item."""
        item = write(store, born("a", data={"name": "Zoe"}))
        write(store, noted(item, "a remark"))

        after = erase(store, "a", **LAW)

        *_, last = entries = history(store, "a")
        assert ("erase", "dpo", later(600)) == (last.event.action, last.event.by, last.event.at)
        assert last.event.erases is not None
        assert ("asked for by law", (1, 2)) == (last.event.erases.reason, last.event.erases.entries)
        assert after == stored(store, "a") == rebuild(entry.event for entry in entries)
        assert () == audit(store)

    def test_what_is_not_asked_for_is_not_erased(self, store: Store) -> None:
        """The other fields of the item stay, and so do entries that say nothing of those asked."""
        item = write(store, born("a", data={"name": "Zoe", "city": "Rome"}))
        item = write(store, moved(item, data={"mood": "fine"}))
        write(store, born("b", data={"name": "Zoe"}))

        after = erase(store, "a", fields=["name"], **LAW)

        data = [entry.event.command.data for entry in history(store, "a")]
        assert {"city": "Rome", "mood": "fine"} == after.data == stored(store, "a").data
        assert [None, {"mood": "fine"}, after.data] == data
        assert {"name": "Zoe"} == stored(store, "b").data
        assert () == audit(store)

    def test_an_item_goes_on_after_an_erasure(self, store: Store) -> None:
        """It may be written, and erased again, with what the erasure had left."""
        write(store, born("a", data={"name": "Zoe", "city": "Rome"}))
        item = erase(store, "a", fields=["name"], **LAW)
        write(store, moved(item, data={"name": "Max"}))

        after = erase(store, "a", fields=["city", "name"], **LAW)

        assert {} == after.data == stored(store, "a").data
        assert "Rome" not in repr(history(store, "a"))
        assert () == audit(store)

    def test_what_was_said_of_an_effect_is_erased(self, store: Store) -> None:
        """Unless somebody is delivering it just now, who would be lost otherwise."""
        write(store, born("a", effects=(Effect("mail"),)), born("b", effects=(Effect("mail"),)))
        sent(store, "a", "dead", "no mailbox zoe@example.com")
        sent(store, "b", "taken", "busy")

        for id in "ab":
            erase(store, id, **LAW)

        effects = [(one.state, one.told) for id in "ab" for one in store.rows(Effects(item=id))]
        assert [("dead", ""), ("taken", "busy")] == effects
        assert () == audit(store)

    def test_nothing_is_erased_of_an_item_that_is_not_there(self, store: Store) -> None:
        """That is said, and nothing is written."""
        with pytest.raises(ItemNotFound):
            erase(store, "a", **LAW)

        assert [] == list(store.rows(History()))

    # -- removing

    def test_a_retired_item_is_gone_with_all_there_was_about_it(self, store: Store) -> None:
        """The book says which, and its id, ref and key are free."""
        ended(store, "a", ref="post:1", key="k", effects=(Effect("mail"),))
        sent(store, "a", "delivered")
        (head,) = store.rows(Heads())

        gone = retire(store, ended_before=later(60), **LAW)

        (record,) = store.rows(Records())
        assert ("a",) == gone
        assert {"item": "a", "n": 2, "hash": head.hash, "by": "dpo"}.items() <= record.told.items()
        for query in (Items(), History(), Heads(), Duties(), Effects(), Strays()):
            assert [] == list(store.rows(query))
        assert () == audit(store)
        write(store, born("a", ref="post:1", key="k"))
        assert () == audit(store)

    def test_what_is_not_over_stays(self, store: Store) -> None:
        """Open, ended later, on hold, or with an effect that is under way."""
        write(store, born("open"))
        ended(store, "late", 90)
        ended(store, "busy", effects=(Effect("mail"),))
        ended(store, "held", changed=FrozenDict())
        write(store, moved(stored(store, "held"), marks=("on_hold",)))

        assert () == retire(store, ended_before=later(60), **LAW)
        assert 4 == len(list(store.rows(Items())))
        assert [] == told(store)

    def test_a_family_goes_together(self, store: Store) -> None:
        """As long as one of it is open, all of it stays."""
        below = Family("p")
        ended(store, "p")
        child = write(store, below.born("c"))
        assert () == retire(store, ended_before=later(60), **LAW)

        write(store, moved(child, "end.closed"))

        assert ("p", "c") == retire(store, ended_before=later(60), **LAW)
        assert [("retired", "p"), ("retired", "c")] == told(store)
        assert [] == list(store.rows(Items()))

    def test_an_item_that_has_moved_on_is_not_removed(self, store: Store) -> None:
        """What is to go is named with where it ended."""
        ended(store, "a")
        (head,) = store.rows(Heads())
        write(store, noted(stored(store, "a"), "wait"))
        gone = FrozenDict(item="a", n=head.n, hash=head.hash)
        record = recorded("retired", START, gone, None)

        with pytest.raises(Contended), store.begin() as work:
            work.write(Change(records=(record,), removed=(head,)))

        assert 3 == len(history(store, "a"))
        assert [] == list(store.rows(Records()))

    # -- anchors

    def test_an_anchor_says_how_much_there_is(self, store: Store) -> None:
        """Items, entries and effects; its last line is the anchor, which the book has as well."""
        item = write(store, born("a", effects=(Effect("mail"), Effect("ping"))))
        write(store, noted(item, "a remark"), born("b"))

        taken, lines = anchored(store, later(9))

        (record,) = store.rows(Records())
        assert (2, 3, 2, later(9)) == (taken.items, taken.entries, taken.effects, taken.at)
        assert taken.line == lines[-1]
        assert Anchor.of(record) == taken
        assert () == audit(store, lines)

    def test_a_store_that_has_gone_on_keeps_what_its_anchors_say(self, store: Store) -> None:
        """Work, delivery, erasure and retention are no findings, whichever anchor is held."""
        item = write(store, born("a", data={"name": "Zoe"}, effects=(Effect("mail"),)))
        ended(store, "b")
        _, first = anchored(store)
        write(store, moved(item, "review.waiting"), born("c"))
        sent(store, "a", "delivered")
        _, second = anchored(store)
        erase(store, "a", **LAW)
        retire(store, ended_before=later(60), **LAW)
        _, third = anchored(store)

        assert [(), (), ()] == [audit(store, lines) for lines in (first, second, third)]
        assert ["anchor", "anchor", "retired", "anchor"] == [kind for kind, _ in told(store)]

    def test_another_store_is_not_what_an_anchor_says(self, store: Store) -> None:
        """Every item that is missing is named, and so is the anchor."""
        write(store, born("a"), born("b"))
        _, lines = anchored(store)
        other = [*lines[:-1], '["ba",1,"0000"]', '["bb",1,"0000"]', *lines[-1:]]

        found = audit(store, other)

        assert {"item ba", "item bb", "the anchor"} == {one.where for one in found}


@attrs.frozen
class Family:
    """The items below a parent."""

    parent: str

    def born(self, id: str) -> Any:
        """A child, not yet written."""
        kept = born(id)
        assert kept.event.origin is not None
        origin = attrs.evolve(kept.event.origin, parent=self.parent)
        event = attrs.evolve(kept.event, origin=origin)
        return attrs.evolve(kept, event=event, item=rebuild((event,)))
