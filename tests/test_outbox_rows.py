"""The rows of the outbox in PostgreSQL: what is ready is found by an index, whatever is counted."""

from __future__ import annotations

import attrs

from socialflow.items import Effect
from socialflow.queries import Change, Effects
from socialflow.stores.sql import SqlStore
from socialflow.stores.sql.reading import question
from socialflow.testing.changes import born, change, later

READY = Effects(name="publish", ready=later(1), among=("publish", "recall"), limit=100)


def fill(store: SqlStore, letter: str) -> None:
    """Write three hundred items with an effect each."""
    items = (born(f"{letter}{n:03}", effects=(Effect("publish"),)) for n in range(300))
    with store.begin() as work:
        work.write(change(*items))


def test_what_comes_before_an_effect_is_looked_up_by_its_item(pg_url: str) -> None:
    """A planner who takes the queue for empty would read all of it for each effect in it."""
    store = SqlStore(pg_url, create=True)
    fill(store, "a")
    with store.begin() as work:
        done = [attrs.evolve(one, state="delivered", turn=1) for one in work.rows(Effects())]
        work.write(Change(deliveries=tuple(done)))
    statement, values, _ = question(store.statements, "", READY)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        fill(store, "b")

        asked = f"EXPLAIN {statement.sql}"
        told = "\n".join(connection.exec_driver_sql(asked, statement.pick(values)).scalars())

    before = told.partition("Anti Join")[2]
    assert "pk_socialflow_outbox" in before, told
    assert [f"b{n:03}" for n in range(100)] == [one.item for one in store.rows(READY)]
    store.close()
