"""Names: what the scripts call tables and constraints, behind the prefix and in the schema."""

from __future__ import annotations

from typing import Any

import attrs
from alembic import op
from sqlalchemy import MetaData, PrimaryKeyConstraint, Table

__all__ = ["Names"]


@attrs.frozen
class Names:
    """Names of the tables of one store.

    Attributes:
        prefix: Of all of them.
        schema: In which they are; the connection's own, if none is said.
    """

    prefix: str
    schema: str | None

    @classmethod
    def asked(cls) -> Names:
        """Those of the upgrade that is running."""
        told = op.get_context().opts
        return cls(told["prefix"], told["schema"])

    def of(self, kind: str, *names: str) -> str:
        """Of a constraint or an index."""
        return f"{kind}_{self.prefix}{'_'.join(names)}"

    def key(self, name: str, *columns: str) -> PrimaryKeyConstraint:
        """The primary key of the table *name*."""
        return PrimaryKeyConstraint(*columns, name=self.of("pk", name))

    def table(self, metadata: MetaData, name: str, *parts: Any) -> Table:
        """The table *name*."""
        return Table(f"{self.prefix}{name}", metadata, *parts, schema=self.schema)

    def quoted(self, name: str) -> str:
        """The table *name* in SQL text."""
        table = f'"{self.prefix}{name}"'
        return f'"{self.schema}".{table}' if self.schema else table
