"""Every ratio that the library promises, side by side in one run."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import attrs
import bulk
import checking
import durable
import footprint
import growth
import in_memory
import many_writers
import peers
import proving
import server
from ratios import Result, measured


def results() -> Iterator[Result]:
    """Measure, one after the other."""
    for pair in in_memory.pairs():
        yield measured(pair)
    with tempfile.TemporaryDirectory() as folder:
        for pair, same_rows in durable.pairs(Path(folder)):
            yield measured(pair)
            same_rows()
        for pair in peers.pairs(Path(folder)):
            yield measured(pair)
    yield from many_writers.results()
    yield from server.results()
    yield from bulk.results()
    yield from growth.results()
    yield from checking.results()
    yield footprint.imports()
    yield footprint.item_bytes()
    yield from proving.results()


def main() -> None:
    """Print a table while it is measured, or everything as JSON."""
    parser = ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    if parser.parse_args().json:
        print(json.dumps([attrs.asdict(result) for result in results()], indent=2))
        return
    print(f"{'what':<40} {'ratio':>7} {'goal':>6}  holds", flush=True)
    for result in results():
        holds = "yes" if result.holds else "no"
        line = f"{result.name:<40} {result.ratio:>7.3f} {result.goal:>6.2f}  {holds:<5}"
        print(f"{line}  {result.note}", flush=True)


if __name__ == "__main__":
    main()
