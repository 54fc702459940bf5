"""Values of classes that a host has written are read from documents like the library's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialflow import DefinitionError, Scope
from socialflow.documents import load_value
from socialflow.people import EVERYWHERE


@attrs.frozen
class Desk:
    """Where somebody sits."""

    name: str
    seats: int = 1
    height: float | None = None


@attrs.frozen
class Office:
    """A place with desks."""

    main: Desk
    others: tuple[Desk, ...] = ()
    spare: Desk | None = None
    scope: Scope = EVERYWHERE
    opens: datetime | None = None
    shift: timedelta = timedelta(hours=8)


@attrs.frozen
class Odd:
    """Has something in it that no document can say."""

    paths: set[Path]


TEXT = """
main = { name = "a", height = 0.7 }
others = [{ name = "b" }, { name = "c", seats = 2 }]
spare = { name = "d" }
scope = { region = "north" }
opens = 2026-05-01T08:00:00Z
shift = "PT6H"
"""


def test_a_value_of_any_attrs_class_is_read(tmp_path: Path) -> None:
    """Classes within it, several of one, and what may be None."""
    file = tmp_path / "office.toml"
    file.write_text(TEXT)

    assert load_value(Office, file) == Office(
        Desk("a", height=0.7),
        (Desk("b"), Desk("c", 2)),
        Desk("d"),
        Scope(region="north"),
        datetime(2026, 5, 1, 8, tzinfo=UTC),
        timedelta(hours=6),
    )
    assert Office(Desk("a")) == load_value(Office, {"main": {"name": "a"}, "spare": None})


@pytest.mark.parametrize(
    ("told", "code", "where"),
    [
        ({}, "missing_key", "document"),
        ({"main": {"seats": 2}}, "missing_key", "main"),
        ({"main": {"name": "a", "seat": 2}}, "unknown_key", "main"),
        ({"main": {"name": "a"}, "others": [{"name": 1}]}, "wrong_type", "others / #1 / name"),
        ({"main": {"name": "a"}, "others": {"name": "b"}}, "wrong_type", "others"),
        ({"main": {"name": "a"}, "opens": "8"}, "wrong_type", "opens"),
    ],
)
def test_what_is_wrong_about_a_value_is_told_with_its_place(
    told: Any, code: str, where: str
) -> None:
    """As with the library's own classes: never a half-made value."""
    with pytest.raises(DefinitionError) as caught:
        load_value(Office, told)

    assert [(code, where)] == [(one.code, one.where) for one in caught.value.findings]


def test_a_class_that_no_document_can_describe_is_an_error_of_the_host() -> None:
    """Whatever the document says."""
    with pytest.raises(TypeError, match="no way to say"):
        load_value(Odd, {"paths": []})
