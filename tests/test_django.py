"""Inside a transaction of Django: what is ours comes with its rows, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
from django_at_work import configured, database
from engines import Heard, engine_on
from hosts_at_work import POSTGRESQL, SQLITE, address

from socialflow import Engine, Item, Refused
from socialflow.errors import ItemExists, StoreError
from socialflow.stores.sql import SqlStore, touched

configured()

from django.db import IntegrityError, models, transaction  # noqa: E402

from socialflow.integrations.django import within  # noqa: E402


class Invoice(models.Model):
    """A row of the host's own; no two have the same number."""

    number = models.TextField(unique=True)

    class Meta:
        app_label = "host"


@attrs.frozen
class Site:
    """A site made with Django, and an engine beside it."""

    store: SqlStore
    engine: Engine
    heard: Heard
    connection: Any

    @property
    def items(self) -> list[str]:
        """The ids of our items, as another transaction sees them."""
        return sorted(duty.item for duty in self.engine.worklist())

    @property
    def invoices(self) -> list[str]:
        """The numbers of the host's rows."""
        return sorted(one.number for one in Invoice.objects.using("host").all())


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site with an empty database."""
    url = address(request.param, tmp_path, request)
    store = SqlStore(url, create=True, synchronous="NORMAL")
    engine = engine_on(store)
    with database(url) as connection:
        with connection.schema_editor() as editor:
            editor.create_model(Invoice)
        yield Site(store, engine, Heard(engine), connection)
    store.close()


def born(engine: Engine, **told: Any) -> Item:
    """A new item."""
    return engine.create("post", by="ann", data={"title": "a"}, **told)


def add(number: str) -> None:
    """A row of the host's own."""
    Invoice.objects.using("host").create(number=number)


@contextmanager
def given_up() -> Iterator[None]:
    """A block that is left by an exception, which goes no further."""
    with suppress(RuntimeError), transaction.atomic("host"):
        yield
        raise RuntimeError


TOLD = ["created", "performed", "moved"]


def test_what_is_ours_comes_with_djangos_rows(site: Site) -> None:
    """One commit brings both, and then it is told."""
    with transaction.atomic("host"):
        add("17")
        item = born(within(site.engine, "host"))
        assert ([], []) == (site.items, site.heard.names)

    assert ([item.id], ["17"], TOLD) == (site.items, site.invoices, site.heard.names)


def test_what_django_rolls_back_takes_ours_with_it(site: Site) -> None:
    """An exception leaves the block; everything is as it was, and nothing is told."""
    before = site.store.dump()

    with given_up():
        inside = within(site.engine, "host")
        inside.perform(born(inside).id, "submit", by="ann")

    assert before == site.store.dump()
    assert [] == site.heard.names


def test_an_error_of_django_leaves_nothing(site: Site) -> None:
    """The host's own row is refused, and ours goes with it."""
    add("17")

    def sell() -> None:
        with transaction.atomic("host"):
            born(within(site.engine, "host"))
            add("17")

    with pytest.raises(IntegrityError):
        sell()

    assert ([], []) == (site.items, site.heard.names)


def test_savepoints_of_django_are_ours(site: Site) -> None:
    """A block inside that is left by an exception takes its own, and nothing else."""
    with transaction.atomic("host"):
        inside = within(site.engine, "host")
        born(inside, id="before")
        with given_up():
            born(inside, id="lost")
        with transaction.atomic("host"):
            born(inside, id="kept")

    assert ["before", "kept"] == site.items
    assert TOLD * 2 == site.heard.names


def test_what_is_refused_leaves_djangos_transaction_usable(site: Site) -> None:
    """A refusal, and what exists already."""
    with transaction.atomic("host"):
        inside = within(site.engine, "host")
        item = born(inside, ref="post:42")
        with pytest.raises(Refused):
            inside.perform(item.id, "submit", by="ed")
        with pytest.raises(ItemExists):
            born(inside, ref="post:42")
        add("17")

    assert ([item.id], ["17"]) == (site.items, site.invoices)


def test_one_transaction_comes_after_the_other(site: Site) -> None:
    """On the same connection, and on a new one after Django has closed it."""
    for number in range(4):
        with transaction.atomic("host"):
            born(within(site.engine, "host"), id=f"{number}")
        if number % 2:
            site.connection.close()

    assert ["0", "1", "2", "3"] == site.items
    assert TOLD * 4 == site.heard.names


def test_a_receiver_that_raises_does_not_reach_django(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the others are told."""

    def broken(sender: object, **told: object) -> None:
        raise RuntimeError("broken")

    site.engine.signals.created.connect(broken)
    with transaction.atomic("host"):
        born(within(site.engine, "host"))

    failed = [one for one in caplog.records if one.name == "socialflow.signals"]
    assert 1 == len(failed)
    assert (1, TOLD) == (len(site.items), site.heard.names)


def test_a_receiver_can_use_the_engine(site: Site) -> None:
    """Django has committed when it is told."""

    def submits(sender: Any, item: Item, **told: object) -> None:
        sender.perform(item.id, "submit", by="ann")

    site.engine.signals.created.connect(submits)
    with transaction.atomic("host"):
        item = born(within(site.engine, "host"))

    assert ("review.waiting",) == site.engine.item(item.id).marking


def test_without_a_transaction_it_says_what_to_do(site: Site) -> None:
    """Django commits each statement by itself then."""
    with pytest.raises(StoreError, match=r"in no transaction of its database 'host'.*atomic"):
        within(site.engine, "host")


def test_a_broken_transaction_says_so(site: Site) -> None:
    """Somebody has caught an error of the database inside the block."""
    add("17")

    with transaction.atomic("host"):
        with pytest.raises(IntegrityError), transaction.atomic("host", savepoint=False):
            add("17")
        with pytest.raises(StoreError, match="is broken: leave the atomic block"):
            within(site.engine, "host")


def test_a_transaction_of_our_own_inside_djangos_is_refused_at_once(site: Site) -> None:
    """On SQLite it would wait for Django, which waits for it; with PostgreSQL there is no need."""
    begun = time.monotonic()

    with transaction.atomic("host"):
        born(within(site.engine, "host"))
        if not site.store.statements.is_postgresql:
            with pytest.raises(StoreError, match="is writing to it"):
                born(site.engine)

    assert time.monotonic() - begun < 10
    born(site.engine)
    assert 2 == len(site.items)


def test_what_django_holds_is_not_waited_for_by_whoever_holds_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One item: Django would have to commit first, and cannot; what it has taken back is free."""
    monkeypatch.setattr(touched, "PATIENCE", 0.1)
    item = born(site.engine)

    for _ in range(2):
        with suppress(ValueError), transaction.atomic("host"):
            within(site.engine, "host").perform(item.id, "submit", by="ann")
            with pytest.raises(StoreError, match=r"is writing to it|has written to the same"):
                site.engine.perform(item.id, "note", by="ann", data={"text": "x"})
            raise ValueError
    site.engine.perform(item.id, "note", by="ann", data={"text": "x"})


def test_django_keeps_its_own_functions(site: Site) -> None:
    """SQLAlchemy would teach SQLite another REGEXP, which fails where there is nothing."""
    with transaction.atomic("host"):
        born(within(site.engine, "host"))
        with site.connection.cursor() as cursor:
            if site.connection.vendor == "sqlite":
                cursor.execute("SELECT NULL REGEXP 'x'")
                assert (None,) == cursor.fetchone()
        assert [] == list(Invoice.objects.using("host").filter(number__regex="x"))


def test_without_django_it_says_which_extra() -> None:
    """Importing the module is what needs it."""
    program = (
        "import sys; sys.modules['django'] = None\n"
        "try:\n    import socialflow.integrations.django\n"
        "except Exception as error:\n    print(error)"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "pip install 'socialflow[django]'" in ran.stdout
