"""Transfer: what is exported from one store is the same in another, or it is not let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from socialflow.chain import anchor, audit
from socialflow.erasing import erase
from socialflow.errors import ItemExists, KeyTaken, LineError, StoreError
from socialflow.items import Effect
from socialflow.protocols import Store
from socialflow.queries import (
    Change,
    Definitions,
    Duties,
    Effects,
    Heads,
    History,
    Items,
    Later,
    Laters,
    Records,
    Tallies,
)
from socialflow.retiring import retire
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.books import ended, sent
from socialflow.testing.changes import born, definition, later, moved, noted, stored, write
from socialflow.transfer import Imported, export, import_into

LAW: Any = {"by": "dpo", "reason": "asked for by law", "at": later(600)}


def fill(store: Store) -> Store:
    """Everything that a store can have: effects under way, data erased, an item retired."""
    item = write(store, born("a", ref="post:1", key="k", data={"title": "Grüße", "name": "Zoe"}))
    item = write(store, noted(item, "Zoe rang", key="k2"))
    item = write(store, moved(item, "review.waiting", effects=(Effect("mail", {"to": "lead"}),)))
    sent(store, "a", "taken")
    sent(store, "a", "dead", "no mailbox")
    erase(store, "a", fields=["name"], **LAW)
    other = definition("letter", "2")
    write(store, born("b", "writing.drafting", effects=(Effect("ping"),), of=other), of=other)
    with store.begin() as work:
        work.write(Change(later=(Later("b", "writing", later(5)),)))
    anchor(store, at=later(1))
    ended(store, "old")
    retire(store, ended_before=later(60), **LAW)
    note = definition("note")
    write(store, born("c", responsible="ann", of=note), of=note)
    return store


QUERIES = (
    Items(), History(), Duties(), Definitions(), Heads(), Effects(), Laters(), Records(), Tallies()
)  # fmt: skip


def everything(store: Store) -> list[list[Any]]:
    return [list(store.rows(query)) for query in QUERIES]


Open = Callable[[], Store]


def in_memory() -> Store:
    return MemoryStore()


def in_sqlite() -> Store:
    return SqlStore("sqlite://", create=True)


@pytest.fixture(params=[in_memory, in_sqlite], ids=["memory", "sqlite"])
def open_source(request: pytest.FixtureRequest) -> Open:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=[in_memory, in_sqlite], ids=["memory", "sqlite"])
def open_target(request: pytest.FixtureRequest) -> Open:
    return request.param  # type: ignore[no-any-return]


def test_what_is_imported_is_what_was_exported(open_source: Open, open_target: Open) -> None:
    """Row by row; exported again, it is the same byte by byte."""
    source, target = fill(open_source()), open_target()
    lines = list(export(source))

    done = import_into(target, iter(lines))

    assert Imported(items=3, entries=6, there=0, records=2) == done
    assert everything(source) == everything(target)
    assert lines == list(export(target))
    assert () == audit(target)


def test_what_is_imported_goes_on(open_target: Open) -> None:
    """Keys are remembered, versions guard, and the chain is carried on."""
    target = open_target()
    import_into(target, export(fill(MemoryStore())))

    with pytest.raises(KeyTaken):
        write(target, born("z", key="k2"))
    write(target, moved(stored(target, "a")))

    assert () == audit(target)


def test_importing_again_changes_nothing(open_target: Open) -> None:
    """What is there already, the same to the last entry, is left as it is."""
    target = open_target()
    lines = list(export(fill(MemoryStore())))
    import_into(target, lines)
    before = everything(target)

    assert Imported(there=3) == import_into(target, lines)
    assert before == everything(target)


def test_an_import_that_was_interrupted_goes_on(
    open_target: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What had been written is there whole, and the rest comes when it is run again."""
    monkeypatch.setattr("socialflow.transfer.importing.TOGETHER", 1)
    source, target = fill(MemoryStore()), open_target()
    lines = list(export(source))
    stop = Stop(target, 2)
    with pytest.raises(KeyboardInterrupt):
        import_into(stop, lines)
    assert ["a", "b"] == [item.id for item in target.rows(Items())]

    import_into(target, lines)

    assert everything(source) == everything(target)


class Stop:
    """A store whose user loses patience after some units of work."""

    def __init__(self, inner: Store, patience: int) -> None:
        self.inner = inner
        self.patience = patience

    def begin(self, *alone: str) -> Any:
        self.patience -= 1
        if self.patience < 0:
            raise KeyboardInterrupt
        return self.inner.begin(*alone)

    def rows(self, query: Any) -> Any:
        return self.inner.rows(query)


def test_other_items_may_be_there(open_target: Open) -> None:
    """What is imported stands beside them."""
    target = open_target()
    write(target, born("mine", ref="post:9", key="mine"))

    import_into(target, export(fill(MemoryStore())))

    assert ["a", "b", "c", "mine"] == [item.id for item in target.rows(Items())]
    assert () == audit(target)


@pytest.mark.parametrize(
    ("mine", "what", "cause"),
    [
        (born("a"), "item", ItemExists),
        (born("mine", ref="post:1"), "item", ItemExists),
        (born("mine", key="k2"), "entry", KeyTaken),
    ],
    ids=["id", "ref", "key"],
)
def test_what_is_taken_is_not_let_in(open_target: Open, mine: Any, what: str, cause: type) -> None:
    """The error names the line, and nothing was written."""
    target = open_target()
    write(target, mine)
    before = everything(target)
    lines = list(export(fill(MemoryStore())))

    with pytest.raises(LineError) as caught:
        import_into(target, lines)

    assert what in json.loads(lines[caught.value.line - 1])
    assert isinstance(caught.value.__cause__, cause)
    assert before == everything(target)


def test_another_definition_of_the_same_name_and_version_is_not_let_in() -> None:
    """An engine would refuse to start on such a store."""
    target = MemoryStore()
    other = definition("letter", "2")
    write(target, born("mine"), of=attrs.evolve(other, digest="0" * 64))

    with pytest.raises(LineError, match="'letter' version '2' is another definition here"):
        import_into(target, export(fill(MemoryStore())))

    assert ["mine"] == [item.id for item in target.rows(Items())]


def test_a_book_of_its_own_is_not_written_over() -> None:
    """Then the book is left out of the export."""
    target = MemoryStore()
    anchor(target, at=datetime(2026, 1, 1, tzinfo=UTC))
    source = fill(MemoryStore())

    with pytest.raises(LineError, match="book of its own"):
        import_into(target, export(source))
    assert [] == list(target.rows(Items()))
    import_into(target, export(source, book=False))

    assert 3 == len(list(target.rows(Items())))
    assert 1 == len(list(target.rows(Records())))


def test_no_line_can_be_changed() -> None:
    """Whichever line is changed, removed, doubled or moved: nothing is let in."""
    lines = list(export(fill(MemoryStore())))

    for n, line in enumerate(lines):
        for other in (
            [*lines[:n], *lines[n + 1 :]],
            [*lines[:n], line, line, *lines[n + 1 :]],
            [*lines[:n], line.replace("1", "2", 1), *lines[n + 1 :]],
            [*lines[:n], *lines[n + 1 : n + 2], line, *lines[n + 2 :]],
            lines[:n],
        ):
            if other != lines:
                target = MemoryStore()
                with pytest.raises(LineError):
                    import_into(target, other)
                assert [[]] * len(QUERIES) == everything(target)


@pytest.mark.parametrize(
    "garbage", ["", "{}", "[]", "null", '{"x":1}', "{", '{"item":1}', '{"entry":1}', '{"end":{}}']
)
def test_what_cannot_be_read_is_named(garbage: str) -> None:
    """By its line, whatever it is."""
    lines = list(export(fill(MemoryStore())))

    for n in range(len(lines)):
        with pytest.raises(LineError) as caught:
            import_into(MemoryStore(), [*lines[:n], garbage, *lines[n:]])
        assert n + 1 == caught.value.line


def test_the_ends_of_lines_do_not_matter() -> None:
    """As a file gives them, or Windows writes them."""
    source, target = fill(MemoryStore()), MemoryStore()

    import_into(target, [f"{line}\r\n" for line in export(source)])

    assert everything(source) == everything(target)


def test_an_item_that_is_not_its_history_is_not_exported() -> None:
    """What was tampered with is not carried on."""
    store = MemoryStore()
    write(store, born("a"), born("b"))
    store._items["b"] = store._items["a"]

    with pytest.raises(StoreError, match="'b' is not what its history leads to"):
        list(export(store))


def test_an_export_with_nothing_in_it_is_cut_off() -> None:
    """One of an empty store has lines as well."""
    with pytest.raises(LineError) as wrong:
        import_into(MemoryStore(), [])

    assert "line 1: it is missing: the export is empty or cut off (export it again)" == str(
        wrong.value
    )
