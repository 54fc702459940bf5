"""Commands about a store as a whole: export, import, anchor, tenants."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import UTC, datetime

import attrs

from socialflow.cli.printing import print_json
from socialflow.cli.sources import open_to_read, store_of, store_to_fill, tenants_of

__all__ = ["anchor", "export", "import_", "tenants"]


def export(asked: Namespace) -> int:
    """Print everything in a store."""
    from socialflow.transfer import export as exported

    for line in exported(store_of(asked), book=not asked.no_book):
        print(line)
    return 0


def import_(asked: Namespace) -> int:
    """Take in what was exported, and say how much of it was new."""
    from socialflow.transfer import import_into

    with open_to_read(asked.file) as lines:
        done = import_into(store_to_fill(asked), lines)
    if asked.json:
        print_json(attrs.asdict(done))
    else:
        print(
            f"{done.items} items with {done.entries} entries, {done.records} records of the book; "
            f"{done.there} items were there already"
        )
    return 0


def anchor(asked: Namespace) -> int:
    """Take an anchor, and print its file."""
    from socialflow.chain import anchor as anchored

    store = store_of(asked)
    anchored(store, at=datetime.now(UTC), to=sys.stdout)
    return 0


def tenants(asked: Namespace) -> int:
    """Print the tenants of a store, one a line; what is of none is an empty line."""
    names = tenants_of(asked)
    if asked.json:
        print_json(names)
    else:
        print(*names, sep="\n")
    return 0
