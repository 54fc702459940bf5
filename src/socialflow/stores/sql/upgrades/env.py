"""What Alembic runs before it runs a script: nothing is read from files."""

from __future__ import annotations

from alembic import context

context.configure(**context.config.attributes["told"])
with context.begin_transaction():
    context.run_migrations()
