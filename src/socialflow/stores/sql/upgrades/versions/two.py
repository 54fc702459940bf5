"""Schema 2: tenants, the outbox, the book; what is kept belongs to the tenant without a name.

Every table gets a tenant into its keys, which SQLite cannot do to a table that is there.  So the
rows are put aside, and the tables made anew.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, Table, select

from socialflow.codec import decode_data, encode
from socialflow.plain import digest
from socialflow.stores.sql.upgrades import schema_1, schema_2
from socialflow.stores.sql.upgrades.names import Names

revision = "2"
down_revision = "1"

WITHIN_THE_FAMILY = ("spawn", "tell")
TOLD = "written before there was an outbox: whoever was told then has seen to it"
PAGE = 1000


def upgrade() -> None:
    """Put everything aside, make the tables, and take it in again."""
    names, context = Names.asked(), op.get_context()
    old, new = schema_1.tables(names), schema_2.tables(names)
    if context.dialect.name == "postgresql":
        op.execute(f"LOCK TABLE {', '.join(map(_said, old))} IN ACCESS EXCLUSIVE MODE")
    for table in old:
        op.execute(f"CREATE TEMPORARY TABLE {_aside(table)} AS SELECT * FROM {_said(table)}")
    for table in reversed(old):
        context.impl.drop_table(table)
    for table in new:
        context.impl.create_table(table)
    for before, after in zip(old, new, strict=False):
        _take_in(before, after)
    about, history, outbox = new[0], new[4], new[5]
    op.execute(f"UPDATE {_said(about)} SET value = '{revision}' WHERE name = 'schema'")
    if context.dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{_said(history)}', 'seq'), "
            f"(SELECT max(seq) FROM {_said(history)}))"
        )
    for trigger in schema_2.triggers(names, context.dialect.name):
        op.execute(trigger)
    _fill(outbox, context.opts["reading"], history)


def _said(table: Table) -> str:
    return f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'


def _aside(table: Table) -> str:
    return f'"aside_{table.name}"'


def _take_in(before: Table, after: Table) -> None:
    columns = [f'"{column.name}"' for column in before.columns]
    into, of = list(columns), list(columns)
    if "tenant" in after.columns:
        into, of = ["tenant", *into], ["''", *of]
    op.execute(
        f"INSERT INTO {_said(after)} ({', '.join(into)}) "
        f"SELECT {', '.join(of)} FROM {_aside(before)}"
    )
    op.execute(f"DROP TABLE {_aside(before)}")


def _fill(outbox: Table, reading: Connection, history: Table) -> None:
    """A row for each effect that was ever recorded; none of them is sent by what comes now."""
    c, last = history.c, 0
    found = select(c.seq, c.item, c.n, c.at, c.meta).where(c.meta.like('%"effects":%'))
    while page := reading.execute(found.where(c.seq > last).order_by(c.seq).limit(PAGE)).all():
        op.bulk_insert(outbox, [row for entry in page for row in _rows(*entry[1:])])
        last = page[-1][0]


def _rows(item: str, n: int, at: str, meta: str) -> list[dict[str, object]]:
    effects = decode_data(meta).get("effects", ())
    outgoing = [(name, data) for name, data in effects if name not in WITHIN_THE_FAMILY]
    rows = []
    for place, (name, data) in enumerate(outgoing):
        sealed = encode([item, n, place, name, data, "delivered", at, 0, 0, TOLD])
        row = {"tenant": "", "item": item, "n": n, "place": place, "name": name}
        row |= {"data": encode(data), "state": "delivered", "due": at, "turn": 0, "attempts": 0}
        rows.append(row | {"told": TOLD, "seal": digest(sealed)})
    return rows
