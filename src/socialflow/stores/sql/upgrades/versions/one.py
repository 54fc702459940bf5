"""Schema 1: the tables of a store."""

from __future__ import annotations

from alembic import op

from socialflow.stores.sql.upgrades.names import Names
from socialflow.stores.sql.upgrades.schema_1 import tables, triggers

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make them."""
    names, context = Names.asked(), op.get_context()
    for table in tables(names):
        context.impl.create_table(table)
    if context.dialect.name == "sqlite":
        for trigger in triggers(names):
            op.execute(trigger)
    op.execute(f"INSERT INTO {names.quoted('about')} (name, value) VALUES ('schema', '{revision}')")
