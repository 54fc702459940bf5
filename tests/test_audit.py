"""The audit: every kind of tampering with a store is named, and a clean store gives nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialflow.chain import anchor, audit, link
from socialflow.erasing import erase
from socialflow.errors import Finding, LineError, WrongArgument
from socialflow.plain import digest
from socialflow.queries import History
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, later, moved, noted, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """Three items: one with a history of five, one of a single entry, one that has ended."""
    store = SqlStore(f"sqlite:///{path}", create=True, synchronous="NORMAL")
    item = write(store, born("a", ref="post:1", data={"title": "one"}, key="k"))
    item = write(store, moved(item, "review.waiting", data={"title": "two"}))
    write(store, noted(item, "a remark"))
    item = write(store, moved(item, "live.ready"))
    write(store, moved(item, "live.out"))
    write(store, born("b", ref="post:2"))
    ended = write(store, born("c"))
    write(store, moved(ended, "end.closed"))
    yield store
    store.close()


def tamper(path: Path, *statements: str) -> None:
    """Do to the file what nobody may, with the triggers dropped and foreign keys off."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)


def codes(findings: tuple[Finding, ...], item: str = "a") -> set[str]:
    """The kinds of findings about an item."""
    places = (f"item {item}", f"item {item} / ")
    return {f.code for f in findings if f.where == places[0] or f.where.startswith(places[1])}


def items(findings: tuple[Finding, ...]) -> set[str]:
    """The items that the findings name."""
    return {finding.where.split(" / ")[0].removeprefix("item ") for finding in findings}


def test_a_clean_store_has_no_findings(store: SqlStore) -> None:
    """Whatever its histories are made of."""
    assert () == audit(store)
    assert () == audit(MemoryStore())


HISTORY = {
    "n": "7",
    "version": "7",
    "action": "'forged'",
    '"by"': "'zoe'",
    "at": "'2026-05-01T12:00:59+00:00'",
    "key": "'forged'",
    "meta": "replace(meta, 'review.waiting', 'review.forged')",
    "data": '\'{"title":"forged"}\'',
    "digest": "'0000'",
    "previous": "'0000'",
    "hash": "'0000'",
}


@pytest.mark.parametrize("column", HISTORY)
def test_an_edit_of_any_column_of_history_is_named(
    store: SqlStore, path: Path, column: str
) -> None:
    """In the middle of a history, and only for the item that it was done to."""
    tamper(
        path, f"UPDATE socialflow_history SET {column} = {HISTORY[column]} WHERE item='a' AND n=2"
    )

    findings = audit(store)

    assert {"a"} == items(findings)
    assert codes(findings) & {"edited", "broken", "gap"}


def test_an_edit_names_its_entry(store: SqlStore, path: Path) -> None:
    """The finding says which entry it was."""
    tamper(path, "UPDATE socialflow_history SET \"by\" = 'zoe' WHERE item = 'a' AND n = 2")

    assert ("edited", "item a / entry 2") in [(one.code, one.where) for one in audit(store)]


def test_an_entry_that_was_moved_to_another_item_is_named(store: SqlStore, path: Path) -> None:
    """Both the item that lost it and the one that got it."""
    tamper(path, "UPDATE socialflow_history SET item = 'b', n = 2 WHERE item = 'c' AND n = 2")

    assert {"b", "c"} == items(audit(store))


def test_data_that_was_replaced_with_its_digest_is_named(store: SqlStore, path: Path) -> None:
    """The digest is part of what the hash seals."""
    forged = '{"title":"forged"}'
    tamper(
        path,
        f"UPDATE socialflow_history SET data = '{forged}', digest = '{digest(forged)}' "
        "WHERE item = 'a' AND n = 2",
    )

    assert "edited" in codes(audit(store))


def test_an_entry_that_was_sealed_anew_breaks_the_one_behind(store: SqlStore, path: Path) -> None:
    """Whoever forges an entry with its hash has to forge all that follow, and the item."""
    second = list(store.rows(History("a")))[1]
    event = attrs.evolve(second.event, command=attrs.evolve(second.event.command, by="zoe"))
    forged = link(event, 2, second.previous)
    tamper(
        path,
        f"UPDATE socialflow_history SET \"by\" = 'zoe', hash = '{forged.hash}' "
        "WHERE item = 'a' AND n = 2",
    )

    assert [("broken", "item a / entry 3")] == [(one.code, one.where) for one in audit(store)]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_an_entry_that_was_deleted_is_named(store: SqlStore, path: Path, n: int) -> None:
    """At the beginning or in the middle: a gap."""
    tamper(path, f"DELETE FROM socialflow_history WHERE item = 'a' AND n = {n}")

    findings = audit(store)

    assert {"a"} == items(findings)
    assert "gap" in codes(findings)


def test_a_deleted_entry_whose_gap_was_closed_is_named(store: SqlStore, path: Path) -> None:
    """Moving the later ones up breaks their seals."""
    tamper(
        path,
        "DELETE FROM socialflow_history WHERE item = 'a' AND n = 3",
        "UPDATE socialflow_history SET n = 3 WHERE item = 'a' AND n = 4",
        "UPDATE socialflow_history SET n = 4 WHERE item = 'a' AND n = 5",
    )

    assert {"broken", "edited", "tail"} <= codes(audit(store))


@pytest.mark.parametrize("left", [4, 3, 2, 1])
def test_a_tail_that_was_deleted_is_named(store: SqlStore, path: Path, left: int) -> None:
    """The item remembers where its history ended."""
    tamper(path, f"DELETE FROM socialflow_history WHERE item = 'a' AND n > {left}")

    findings = audit(store)

    assert {"a"} == items(findings)
    assert "tail" in codes(findings)


def test_a_history_that_was_deleted_is_named(store: SqlStore, path: Path) -> None:
    """An item without a history."""
    tamper(path, "DELETE FROM socialflow_history WHERE item = 'a'")

    assert [("tail", "item a")] == [(one.code, one.where) for one in audit(store)]


def test_a_reordered_history_is_named(store: SqlStore, path: Path) -> None:
    """Two entries that have changed places are edited, and the chain is broken."""
    tamper(
        path,
        "UPDATE socialflow_history SET n = 99 WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET n = 2 WHERE item = 'a' AND n = 3",
        "UPDATE socialflow_history SET n = 3 WHERE item = 'a' AND n = 99",
    )

    assert {"broken", "edited"} <= codes(audit(store))


def test_a_forked_position_is_named(store: SqlStore, path: Path) -> None:
    """Two entries that claim one place, in a table that has lost its constraints."""
    tamper(
        path,
        "ALTER TABLE socialflow_history RENAME TO before",
        "CREATE TABLE socialflow_history AS SELECT * FROM before",
        "INSERT INTO socialflow_history SELECT * FROM before WHERE item = 'a' AND n = 3",
    )

    findings = audit(store)

    assert {"a"} == items(findings)
    assert "fork" in codes(findings)


ITEM = {
    "ref": "'post:99'",
    "workflow": "'0000'",
    "version": "version + 1",
    "n": "n + 1",
    "head": "'0000'",
    "body": "replace(body, 'live.out', 'live.ready')",
    "parent": "'b'",
    "kind": "'forged'",
    "round": "7",
    "marking": "'live.ready'",
}


@pytest.mark.parametrize("column", ITEM)
def test_an_edit_of_any_column_of_an_item_is_named(
    store: SqlStore, path: Path, column: str
) -> None:
    """It is not what its history leads to, or not where that ended."""
    tamper(path, f"UPDATE socialflow_item SET {column} = {ITEM[column]} WHERE id = 'a'")

    findings = audit(store)

    assert {"a"} == items(findings)
    assert codes(findings) & {"differs", "tail"}


def test_an_item_under_another_id_is_named(store: SqlStore, path: Path) -> None:
    """An item without a history, and a history without an item."""
    tamper(path, "UPDATE socialflow_item SET id = 'z' WHERE id = 'a'")

    findings = audit(store)

    assert {"a", "z"} == items(findings)
    assert "orphan" in codes(findings, "a")
    assert "tail" in codes(findings, "z")


def test_an_item_that_was_removed_is_named(store: SqlStore, path: Path) -> None:
    """Its history is nobody's."""
    tamper(path, "DELETE FROM socialflow_item WHERE id = 'a'")

    findings = audit(store)

    assert {"a"} == items(findings)
    assert "orphan" in codes(findings)


def test_a_history_of_nobody_is_named(store: SqlStore, path: Path) -> None:
    """Entries that were planted for an item that never was."""
    tamper(
        path,
        "INSERT INTO socialflow_history "
        '(tenant, item, n, version, action, "by", at, meta, digest, previous, hash) '
        "SELECT '', 'ghost', n, version, action, \"by\", at, meta, digest, previous, hash "
        "FROM socialflow_history WHERE item = 'b'",
    )

    assert [("orphan", "item ghost")] == [(one.code, one.where) for one in audit(store)]


@pytest.mark.parametrize(
    "garbage",
    [
        "UPDATE socialflow_item SET body = 'garbage' WHERE id = 'a'",
        "UPDATE socialflow_item SET body = '{}' WHERE id = 'a'",
        "UPDATE socialflow_item SET body = '{\"tokens\":[]}' WHERE id = 'a'",
        "UPDATE socialflow_history SET meta = 'garbage' WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET meta = '{}' WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET data = 'garbage' WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET data = '[]' WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET at = 'garbage' WHERE item = 'a' AND n = 2",
        "UPDATE socialflow_history SET at = '2026-05-01T12:00:00' WHERE item = 'a' AND n = 2",
    ],
)
def test_what_cannot_even_be_read_is_named(store: SqlStore, path: Path, garbage: str) -> None:
    """An edit that makes no sense any more is a finding like any other, and hides no other."""
    tamper(path, garbage, "UPDATE socialflow_item SET head = '0000' WHERE id = 'c'")

    assert {"a", "c"} <= items(audit(store))


def test_what_cannot_be_read_hides_no_orphan(store: SqlStore, path: Path) -> None:
    """One spoilt entry does not end the search for histories of nobody."""
    tamper(
        path,
        "UPDATE socialflow_history SET meta = 'garbage' WHERE item = 'b'",
        "DELETE FROM socialflow_item WHERE id = 'c'",
    )

    findings = audit(store)

    assert "orphan" in codes(findings, "c")
    assert codes(findings, "b")


@pytest.mark.parametrize(
    "edit",
    [
        'meta = replace(meta, \'{"roles"\', \'{"forged":1,"roles"\')',
        "meta = replace(meta, '{', '{ ')",
        "data = replace(data, '{', '{ ')",
        "data = replace(data, '{', '{\"title\":\"forged\",')",
        "at = replace(at, '+00:00', 'Z')",
    ],
)
def test_an_edit_that_reads_the_same_has_changed_nothing(
    store: SqlStore, path: Path, edit: str
) -> None:
    """The seal is over what an entry says: spelling it otherwise gives nobody another answer."""
    before = list(store.rows(History()))

    tamper(path, f"UPDATE socialflow_history SET {edit} WHERE item = 'a' AND n = 2")

    assert before == list(store.rows(History()))


def test_an_edited_definition_is_named(store: SqlStore, path: Path) -> None:
    """Items are pinned to what their definition says: its digest has to be that of its text."""
    tamper(path, "UPDATE socialflow_definition SET document = replace(document, 'letter', 'x')")

    assert () != audit(store)


def test_a_worklist_that_was_edited_is_named(store: SqlStore, path: Path) -> None:
    """A duty that was taken away, planted or changed is not what the items say."""
    tamper(path, "DELETE FROM socialflow_duty WHERE item = 'b'")

    assert {"b"} == items(audit(store))


def test_erased_data_is_no_finding(store: SqlStore) -> None:
    """It may be taken away by law, which an entry of the history says."""
    erase(store, "a", by="dpo", reason="asked by the customer", at=later(60))

    assert () == audit(store)


def test_data_that_nobody_has_erased_is_named(store: SqlStore, path: Path) -> None:
    """The database lets data be taken away; that no entry says so is a finding."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE socialflow_history SET data = NULL WHERE item = 'a' AND n = 2")

    assert [("lost", "item a / entry 2")] == [(one.code, one.where) for one in audit(store)]


def test_an_erasure_hides_no_other_edit(store: SqlStore, path: Path) -> None:
    """An item whose data was erased is still held to everything else."""
    erase(store, "a", by="dpo", reason="asked by the customer", at=later(60))
    tamper(
        path,
        "UPDATE socialflow_item SET body = replace(body, 'live.out', 'live.ready') WHERE id = 'a'",
    )

    assert "differs" in codes(audit(store))


def test_data_that_was_planted_where_there_was_none_is_named(store: SqlStore, path: Path) -> None:
    """An entry without data has no digest, so none can be given to it, nor feigned as erased."""
    tamper(path, "UPDATE socialflow_history SET data = '{}' WHERE item = 'a' AND n = 4")
    assert "edited" in codes(audit(store))

    tamper(
        path, "UPDATE socialflow_history SET data = NULL, digest = 'x' WHERE item = 'a' AND n = 4"
    )
    assert "edited" in codes(audit(store))


def test_the_last_line_of_an_anchor_proves_the_list_before_it(store: SqlStore) -> None:
    """Wherever that list was kept; alone it is not enough, which is said."""
    file = StringIO()
    kept = anchor(store, at=later(60), to=file).line
    first, *listed, _ = file.getvalue().splitlines()

    assert () == audit(store, [first, *listed, kept])
    assert ["anchor"] == [one.code for one in audit(store, [first, *listed[1:], kept])]
    with pytest.raises(LineError, match="it is only the last line of an anchor"):
        audit(store, [kept])


@pytest.mark.parametrize("given", ["text", "anchor", "number"])
def test_what_is_no_lines_of_an_anchor_is_said_so(given: str, store: SqlStore) -> None:
    """One text of them all, the anchor itself, or something else."""
    file = StringIO()
    taken = anchor(store, at=later(60), to=file)
    told: Any = {"text": file.getvalue(), "anchor": taken, "number": 3}[given]

    with pytest.raises(WrongArgument, match=r"must be the lines .* text\.splitlines\(\)"):
        audit(store, told)
