"""The command about tables over time: upgrade."""

from __future__ import annotations

from argparse import Namespace

import attrs

from socialflow.cli.printing import print_json

__all__ = ["upgrade"]


def upgrade(asked: Namespace) -> int:
    """Bring the tables of a store to the present schema, or print the SQL that would."""
    from socialflow.stores.sql import upgrade as upgraded

    told = upgraded(asked.store, prefix=asked.prefix, schema=asked.schema, dry_run=asked.dry_run)
    if asked.json:
        print_json(attrs.asdict(told))
    elif told.sql:
        print(told.sql, end="")
    else:
        from socialflow.cli.screen import say

        say(str(told))
    return 0
