"""What it costs to have the library, and an item, in memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from ratios import Result

from socialflow import Item, Scope, Token
from socialflow.codec import decode_item, encode_item

STARTS = 15
ITEMS = 20_000
MOST_BYTES = 400


def started(code: str) -> float:
    """Seconds from start to end of an interpreter that runs *code*, which is compiled already."""
    compiling = {name: told for name, told in os.environ.items() if "BYTECODE" not in name}
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=compiling)
    return perf_counter() - begin


def imports() -> Result:
    """`import socialflow` beside `import sqlalchemy`, both net of the bare interpreter."""
    codes = ("pass", "import socialflow", "import sqlalchemy")
    for code in codes:
        started(code)
    spent: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(STARTS):
        for code in codes:
            spent[code].append(started(code))
    bare, ours, theirs = (median(spent[code]) for code in codes)
    ratio = (ours - bare) / (theirs - bare)
    note = f"{(ours - bare) * 1e3:.0f} to {(theirs - bare) * 1e3:.0f} ms"
    return Result("import socialflow to sqlalchemy", round(ratio, 3), 0.45, ratio <= 0.45, note)


def item_bytes() -> Result:
    """An item as loaded from a store: distinct ids, three contributors, one token, no data."""
    begin = datetime(2026, 5, 1, 12, tzinfo=UTC)
    rows = []
    for n in range(ITEMS):
        token = Token("approval.pending", 1, begin + timedelta(seconds=n))
        people = tuple(f"member-{(n + k) % 40}" for k in range(3))
        item = Item(f"post-{n:08}", None, "f" * 64, Scope(), (token,), (), {}, people, (), (), 4)
        rows.append((item.id, None, item.workflow, item.version, encode_item(item)))
    del item, token, people
    tracemalloc.start()
    loaded = [decode_item(id + "", ref, flow, n, body) for id, ref, flow, n, body in rows]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    ids = sum(sys.getsizeof(item.id) for item in loaded)
    each = (used + ids) / ITEMS
    note = f"{each:.0f} bytes each, of at most {MOST_BYTES}"
    ratio = round(each / MOST_BYTES, 3)
    return Result("bytes of an item as loaded", ratio, 1.0, ratio <= 1.0, note)
