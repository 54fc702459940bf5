"""Whatever is tampered with is named; the campaign `tampering` tries every row and column."""

from __future__ import annotations

from pathlib import Path

from soak.tampering import listed, tampering
from tampered import KEYS
from victims import Database, File

from socialflow.chain import audit
from socialflow.queries import Strays


def test_whatever_is_tampered_with_in_a_file_is_named(tmp_path: Path) -> None:
    """By the audit with an anchor; what it needs the anchor for is what the page says."""
    came = tampering(File(tmp_path), examples=60, seed=7)

    assert [] == came.missed
    assert listed() == came.only_with_an_anchor
    assert came.refused < came.done / 2


def test_whatever_is_tampered_with_in_postgresql_is_named(pg_url: str) -> None:
    """Likewise, with the triggers and foreign keys of its tables dropped."""
    with Database.filled(pg_url) as victim:
        came = tampering(victim, examples=40, seed=7)

    assert [] == came.missed
    assert listed() == came.only_with_an_anchor
    assert came.refused < came.done / 2


def test_a_store_that_nobody_has_touched_has_no_findings(tmp_path: Path) -> None:
    """The one that is tampered with is in order beforehand."""
    victim = File(tmp_path)

    assert () == audit(victim.store, victim.lines)
    assert [] == list(victim.store.rows(Strays()))
    assert all(victim.rows(table) for table in KEYS)


def test_what_is_done_to_one_tenant_is_no_finding_of_another(tmp_path: Path) -> None:
    """A stray row is one tenant's, though another has an item with that id."""
    victim = File(tmp_path)
    done = "DELETE FROM socialflow_item WHERE tenant = '' AND id = 'a'"

    with victim.after((done,)) as store:
        assert store is not None
        assert ["item a"] == [finding.where for finding in audit(store)]
        assert () == audit(store.for_tenant("beside"))
