"""The commands about a store as a whole: what is exported, imported and anchored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlite_files import open_at, sql

from socialflow.chain import Anchor
from socialflow.cli import main
from socialflow.queries import Items
from socialflow.testing.changes import born, write
from socialflow.transfer import export


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with two items of its own, and one of a tenant."""
    opened = open_at(tmp_path / "content.db", create=True)
    write(opened, born("a", data={"title": "Grüße"}), born("b"))
    write(opened.for_tenant("acme"), born("a"))
    opened.close()
    return f"sqlite:///{tmp_path / 'content.db'}"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints that succeeds."""
    assert 0 == main(arguments)
    return capsys.readouterr().out


def test_an_export_is_imported_into_another_store(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which is made if it is not there; what comes out of it is the same."""
    file, other = tmp_path / "export.jsonl", tmp_path / "other.db"
    file.write_text(printed(capsys, "export", "--store", store))

    told = printed(capsys, "import", str(file), "--store", f"sqlite:///{other}")

    assert "2 items with 2 entries" in told
    assert file.read_text() == "".join(f"{line}\n" for line in export(open_at(other)))


def test_a_tenant_is_exported_by_itself(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And may be imported as another tenant."""
    file = tmp_path / "export.jsonl"
    file.write_text(printed(capsys, "export", "--store", store, "--tenant", "acme"))

    done = printed(capsys, "import", str(file), "--store", store, "--tenant", "other", "--json")

    assert {"items": 1, "entries": 1, "there": 0, "records": 0} == json.loads(done)
    opened = open_at(tmp_path / "content.db").for_tenant("other")
    assert ["a"] == [item.id for item in opened.rows(Items())]


def test_an_anchor_finds_what_is_missing(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is printed as a file, which `audit` takes."""
    file = tmp_path / "anchor.jsonl"
    file.write_text(printed(capsys, "anchor", "--store", store))
    assert 2 == json.loads(file.read_text().splitlines()[-1])["items"]
    assert "whole" in printed(capsys, "audit", "--store", store, "--anchor", str(file))
    sql(
        tmp_path / "content.db",
        "DROP TRIGGER socialflow_history_no_delete",
        *(f"DELETE FROM socialflow_{table} WHERE tenant = '' AND item = 'b'"
          for table in ("duty", "history")),
        "DELETE FROM socialflow_item WHERE tenant = '' AND id = 'b'",
    )  # fmt: skip

    assert "whole" in printed(capsys, "audit", "--store", store)
    assert 1 == main(["audit", "--store", store, "--anchor", str(file), "--json"])

    (found,) = json.loads(capsys.readouterr().out)
    assert ("missing", "item b") == (found["code"], found["where"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "missing.jsonl"], "missing.jsonl cannot be read: No such file or directory"),
        (["audit", "--anchor", "missing.jsonl"], "missing.jsonl cannot be read"),
    ],
)
def test_a_file_that_is_not_there_is_said_so(
    store: str, arguments: Any, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a sentence, and the exit status is 2."""
    assert 2 == main([*arguments, "--store", store])

    assert told in capsys.readouterr().err


def test_what_is_no_export_is_said_so(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the line."""
    (tmp_path / "file").write_text("hello\n")

    assert 2 == main(["import", str(tmp_path / "file"), "--store", store])

    assert "line 1: an export begins with" in capsys.readouterr().err


def test_the_last_line_of_an_anchor_is_the_anchor(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which the book of the store has as well."""
    last = printed(capsys, "anchor", "--store", store).splitlines()[-1]

    book = [json.loads(line) for line in export(open_at(tmp_path / "content.db"))]

    (record,) = [line for line in book if "record" in line]
    assert json.loads(last)["hash"] == record["hash"]
    assert Anchor.__name__.lower() == record["kind"]


def test_tenants_are_listed_one_a_line(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is of no tenant is a line as well, though an empty one."""
    assert "\nacme\n" == printed(capsys, "tenants", "--store", store)
    assert ["", "acme"] == json.loads(printed(capsys, "tenants", "--store", store, "--json"))
