"""What is written: all of it is found again, or none of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import attrs
import pytest

from socialflow.chain import audit
from socialflow.decisions import apply
from socialflow.errors import ItemExists, ItemNotFound, StaleItem, StoreError
from socialflow.items import Command, Effect, Move, Signature, Token
from socialflow.people import Scope
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Heads, History, Items, Kept
from socialflow.testing.changes import (
    LETTER,
    START,
    born,
    change,
    history,
    later,
    moved,
    noted,
    stored,
    write,
    write_all,
)

__all__ = ["WritingContract"]

ODD = (
    "it's",
    'say "so"',
    "one\ntwo\r\n\tthree",
    " spaces ",
    "100% _under_ \\ back",
    "'; DROP TABLE item; --",
    "A",
    "a",
    "\u00e9",
    "e\u0301",
    "日本語",
    "🦊",
    "null",
    "0",
    "00",
    "1e3",
    "x" * 5_000,
)
"""Texts that a store must keep apart and give back letter by letter."""

ACME = Scope(brand="acme", region=("north", "south"))

DEEP: dict[str, Any] = {
    "text": "Grüße\u0000\u2028 🦊",
    "empty": ["", [], {}, None],
    "numbers": [0, -1, 2**70, 1.0, 0.1, -0.0, 1e300],
    "truths": [True, False],
    "nested": [{"a": [{"b": {"c": [1, [2, [3]]]}}]}],
    'quo\'te "key"\n': {"": "the empty key"},
}


def _kinds(value: Any) -> Any:
    """The shape of plain data with the type of every part: 1 is not 1.0, nor is it True."""
    if isinstance(value, dict):
        return type(value), {key: _kinds(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value), [_kinds(part) for part in value]
    return type(value), repr(value)


def _whole() -> Kept:
    """A new item, and its event, with every attribute there to be kept."""
    tokens = (
        Token("legal.waiting", 2, later(0.5), "lea"),
        Token("review.waiting", 1, later(0.000001)),
    )
    command = Command(
        "send", "ann", later(0.5), DEEP, "review", 7, "key", {"four_eyes": "a holiday"}
    )
    event = attrs.evolve(
        born("whole", *tokens, ref="post:42", data=DEEP, scope=ACME).event,
        action="writing.send",
        command=command,
        roles=("author", "editor"),
        moves=(Move("send", "", "review.waiting"), Move("done", "writing.drafting", "")),
        changed=FrozenDict(
            idle=(Token("writing.drafting", 3, START, "ann"),),
            contributors=("ann", "tom"),
            authors=("zoe",),
            signatures=(Signature("review", 1, "abc"), Signature("tone", 2)),
        ),
        effects=(Effect("tell", {"whom": ["all"]}), Effect("ping")),
        asked="a fingerprint",
    )
    return Kept(apply(None, event), event, 0, LETTER)


class WritingContract:
    """Writing: a part of the contract."""

    def test_what_was_written_is_found_again(self, store: Store) -> None:
        """What one unit of work wrote, the next one and every question find."""
        item = write(store, born("a", ref="post:1", data={"title": "one"}))

        assert item == stored(store, "a")
        assert [item] == list(store.rows(Items()))
        assert [item] == list(store.rows(Items(ref="post:1")))

    def test_an_item_comes_back_with_every_attribute(self, store: Store) -> None:
        """It is equal to the one that was written, and so are its event and its types."""
        whole = _whole()

        item = write(store, whole)

        assert item == stored(store, "whole") == next(store.rows(Items()))
        assert _kinds(item.data) == _kinds(stored(store, "whole").data)
        [entry] = history(store, "whole")
        assert whole.event == entry.event
        assert _kinds(whole.event.command.data) == _kinds(entry.event.command.data)

    def test_what_is_read_is_immutable_all_the_way_down(self, store: Store) -> None:
        """Whoever reads an item cannot change what the next reader gets."""
        write(store, born("a", data=DEEP))
        write(store, born("b", "end.closed"))

        for data in (stored(store, "a").data, history(store, "a")[0].event.command.data):
            assert FrozenDict is type(data)
            with pytest.raises(TypeError):
                data["text"] = "other"
            with pytest.raises(TypeError):
                data["nested"][0]["a"] = ()
            assert tuple is type(data["numbers"])
        assert hash(stored(store, "a")) == hash(stored(store, "a"))

    def test_odd_texts_are_kept_letter_by_letter(self, store: Store) -> None:
        """Ids, refs, keys and names are any text: nothing is escaped, folded or normalised."""
        for text in ODD:
            write(
                store,
                born(text, ref=text, key=text, responsible=text, data={text: text}, at=later(1)),
            )

        for text in ODD:
            item = stored(store, text)
            assert (text, text, {text: text}) == (item.id, item.ref, item.data)
            assert [item] == list(store.rows(Items(ref=text)))
            assert [text] == [one.event.item for one in store.rows(History(key=text))]
            assert [text] == [one.item for one in store.rows(Duties(responsible=text))]
            assert 1 == len(history(store, text))
        assert sorted(ODD) == [one.id for one in store.rows(Items())]
        assert () == audit(store)

    def test_an_empty_ref_or_key_is_one_like_any_other(self, store: Store) -> None:
        """Only None means that there is none."""
        item = write(store, born("a", ref="", key=""))
        write(store, born("b"))

        with store.begin() as work:
            answer = work.answer("")
        assert answer is not None
        assert "a" == answer.event.item
        assert [item] == list(store.rows(Items(ref="")))
        with pytest.raises(ItemExists):
            write(store, born("c", ref=""))

    def test_big_data_is_kept(self, store: Store) -> None:
        """A megabyte of text and ten thousand values come back as they were."""
        data = {"text": "Grüße " * 170_000, "list": [{"n": n} for n in range(10_000)]}
        item = write(store, born("a", data=data))

        assert item == stored(store, "a")

    def test_one_change_keeps_several_items(self, store: Store) -> None:
        """All of them are there, each with a history of its own."""
        first = write(store, born("a"))
        write(store, moved(first), born("b", ref="post:2"), born("c", "end.closed"))

        assert [("a", 2), ("b", 1), ("c", 1)] == [(i.id, i.version) for i in store.rows(Items())]
        assert [2, 1, 1] == [len(history(store, id)) for id in "abc"]
        assert () == audit(store)

    def test_a_unit_reads_what_it_has_written(self, store: Store) -> None:
        """Items and answers, from the moment they are written, and it may write them again."""
        with store.begin() as work:
            work.write(change(born("a", key="k")))
            item = work.item("a")
            work.write(change(moved(item, "review.waiting")))

            assert 2 == work.item("a").version
            answer = work.answer("k")
        assert answer is not None
        assert 1 == answer.n
        assert [1, 2] == [entry.n for entry in history(store, "a")]

    def test_one_change_may_write_an_item_twice(self, store: Store) -> None:
        """Both entries are there, chained, and the item is what the second one made of it."""
        first = born("a")
        second = moved(first.item, "end.closed")

        write(store, first, second)

        assert second.item == stored(store, "a")
        assert [1, 2] == [entry.n for entry in history(store, "a")]
        assert () == audit(store)

    def test_an_exception_leaves_no_trace(self, store: Store) -> None:
        """A unit that is left by an exception, an interrupt too, has written nothing."""
        item = write(store, born("a"))
        before = _everything(store)

        for error in (RuntimeError, KeyboardInterrupt):
            moves = change(moved(item, "end.closed", key="k"), born("b", ref="post:2"))
            remarks = change(noted(born("b").item, "a remark"))
            with pytest.raises(error):
                write_all(store, moves, remarks, error=error("halfway"))
            with store.begin() as work:
                assert work.answer("k") is None

        assert before == _everything(store)

    def test_nobody_is_told_of_what_was_rolled_back(self, store: Store) -> None:
        """`after_commit` calls of a unit that failed, or was refused, are never made."""
        write(store, born("a"))
        told: list[str] = []

        def attempt(error: Exception | None) -> None:
            with store.begin() as work:
                work.after_commit(lambda: told.append("told"))
                if error is not None:
                    raise error
                work.write(change(born("a")))

        with pytest.raises(RuntimeError):
            attempt(RuntimeError("halfway"))
        with pytest.raises(ItemExists):
            attempt(None)
        write(store, born("b"))

        assert [] == told

    def test_what_was_rolled_back_may_be_written_again(self, store: Store) -> None:
        """Ids, refs, keys and definitions of a unit that failed are free."""
        kept = born("a", ref="post:1", key="k")
        with pytest.raises(RuntimeError):
            write_all(store, change(kept), error=RuntimeError("halfway"))
        assert [] == list(store.rows(Definitions()))

        write(store, kept)

        assert kept.item == stored(store, "a")
        assert [1] == [entry.n for entry in history(store, "a")]
        assert 1 == len(list(store.rows(Definitions())))
        assert () == audit(store)

    def test_a_refused_change_takes_its_unit_with_it(self, store: Store) -> None:
        """What the same unit wrote before is not kept either, if the refusal is not caught."""
        item = write(store, born("a"))
        write(store, moved(item))

        with pytest.raises(StaleItem):
            write_all(store, change(born("b")), change(moved(item)))

        with pytest.raises(ItemNotFound):
            stored(store, "b")

    def test_a_refused_change_is_never_half_written(self, store: Store) -> None:
        """Not even where the refusal is caught inside of the unit, which is then left normally."""
        write(store, born("a"))
        before = _everything(store)

        with suppress(StoreError), store.begin() as work, suppress(StoreError):
            work.write(change(born("b", key="k"), born("a")))

        assert before == _everything(store)
        with store.begin() as work:
            assert work.answer("k") is None

    def test_half_of_a_refused_change_is_not_kept_with_the_next_one(self, store: Store) -> None:
        """What the unit writes afterwards may be kept or not; the refused change never is."""
        write(store, born("a"))

        with suppress(StoreError), store.begin() as work:
            with suppress(StoreError):
                work.write(change(born("b"), born("a")))
            work.write(change(born("c")))

        assert "b" not in {item.id for item in store.rows(Items())}

    def test_after_commit_is_called_once_and_in_order(self, store: Store) -> None:
        """Each call that a unit was given, once the unit is left; never again."""
        told: list[str] = []
        with store.begin() as work:
            work.after_commit(lambda: told.append("first"))
            work.write(change(born("a")))
            work.after_commit(lambda: told.append("second"))
            assert [] == told
        write(store, born("b"))

        assert ["first", "second"] == told

    def test_after_commit_comes_when_all_is_done(self, store: Store) -> None:
        """What was written is there for everybody, and the store is free for the next unit."""
        seen: list[int] = []

        def call() -> None:
            seen.append(next(store.rows(Items())).version)
            with store.begin() as work:
                work.write(change(moved(work.item("a"))))
            seen.append(stored(store, "a").version)

        with store.begin() as work:
            work.write(change(born("a")))
            work.after_commit(call)

        assert [1, 2] == seen


def _everything(store: Store) -> list[list[Any]]:
    return [
        list(store.rows(query)) for query in (Items(), History(), Duties(), Definitions(), Heads())
    ]
