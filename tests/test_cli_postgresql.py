"""The command line on a PostgreSQL server."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_files import open_at
from test_cli import LOG, MAPPING, WORKFLOW

from socialflow.cli import main
from socialflow.queries import Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.transfer import export


@pytest.fixture
def store(pg_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A store on a server, into which a log has been replayed."""
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    told = ["replay", str(log), "--mapping", MAPPING, "--workflow", WORKFLOW, "--store", pg_url]
    assert 0 == main([*told, "--json"])
    capsys.readouterr()
    return pg_url


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints that succeeds."""
    assert 0 == main(arguments)
    return capsys.readouterr().out


def test_the_command_line_reads_a_store_on_a_server(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the name of its driver as without."""
    short = store.replace("postgresql+psycopg:", "postgresql:")

    def asked(*arguments: str, at: str = store) -> Any:
        return json.loads(printed(capsys, *arguments, "--store", at, "--json"))

    assert short != store
    assert asked("worklist") == asked("worklist", at=short)
    assert {"approval.pending", "response.listening"} == {one["state"] for one in asked("worklist")}
    assert "other" == asked("show", "other")["id"]
    assert ["create", "production.submit"] == [one["action"] for one in asked("history", "other")]
    assert asked("options", "other", "--by", "ben", "--roles", "approver")
    assert [] == asked("outbox", "--state", "dead")
    assert [] == asked("audit")
    assert asked("ask", "board", "--workflow", WORKFLOW)
    anchor = tmp_path / "anchor.jsonl"
    anchor.write_text(printed(capsys, "anchor", "--store", short))
    assert [] == asked("audit", "--anchor", str(anchor))
    moved = printed(capsys, "migrate", short, "--to", WORKFLOW, "--dry-run", "--json")
    assert 0 == json.loads(moved)["stayed"]


def test_a_store_on_a_server_is_exported_and_a_file_imported_into_it(
    pg_url: str, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As another tenant, or into an empty database, whose tables are made."""
    file = tmp_path / "export.jsonl"
    file.write_text(printed(capsys, "export", "--store", store))

    there = f"sqlite:///{tmp_path / 'copy.db'}"
    assert "2 items" in printed(capsys, "import", str(file), "--store", there)
    assert file.read_text().splitlines() == list(export(open_at(tmp_path / "copy.db")))
    done = printed(capsys, "import", str(file), "--store", store, "--tenant", "acme")
    assert "2 items" in done
    with closing(SqlStore(pg_url)) as opened:
        assert ["other", "post"] == [item.id for item in opened.for_tenant("acme").rows(Items())]


def test_an_empty_database_has_no_store_until_something_is_written_into_it(
    pg_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reading makes no tables; importing does."""
    file = tmp_path / "export.jsonl"
    file.write_text("".join(f"{line}\n" for line in export(MemoryStore())))

    for _ in range(2):
        assert 2 == main(["worklist", "--store", pg_url, "--json"])
        assert "there is no store at postgresql" in capsys.readouterr().err
    printed(capsys, "import", str(file), "--store", pg_url)

    assert [] == json.loads(printed(capsys, "worklist", "--store", pg_url, "--json"))
