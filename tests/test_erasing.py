"""Erasing: what is to be forgotten has to be known, and is then gone."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from socialflow.erasing import erase
from socialflow.errors import WrongArgument
from socialflow.protocols import Store
from socialflow.queries import History
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, later, noted, write


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Store:
    """A store with an item that has a title, and a note."""
    opened = MemoryStore() if request.param == "memory" else SqlStore("sqlite://", create=True)
    write(opened, noted(write(opened, born("a", data={"title": "Grüße", "name": "Zoe"})), "rang"))
    return opened


def forget(store: Store, fields: Iterable[str]) -> None:
    erase(store, "a", by="dpo", reason="asked", at=later(60), fields=fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (["titel"], "did you mean 'title'?"),
        (["name", "titel"], "did you mean 'title'?"),
        (["phone"], "known: name, text, title"),
        ([], "leave it out to erase all"),
    ],
)
def test_a_field_that_is_nowhere_is_not_erased_but_said_so(
    fields: list[str], told: str, store: Store
) -> None:
    """With what is there; and nothing is written, whatever else was asked for."""
    before = list(store.rows(History("a")))

    with pytest.raises(WrongArgument) as wrong:
        forget(store, fields)

    assert told in str(wrong.value)
    assert before == list(store.rows(History("a")))


def test_what_only_the_history_has_is_erased(store: Store) -> None:
    """The text of a note is a field called ``text``."""
    forget(store, ["text"])

    data = [entry.event.command.data for entry in store.rows(History("a"))]
    assert [{"title": "Grüße", "name": "Zoe"}, None] == data[:2]
