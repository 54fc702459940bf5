"""The long tests: `./run soak` lists and runs all, `./run soak NAME` runs one."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from soak.campaign import Outcome, options  # noqa: E402

ALL = options("", __doc__)
ALL.add_argument("--examples", type=int, metavar="N", help="for each that takes them")
ALL.add_argument("--seed", type=int, metavar="S", help="for each that leaves things to chance")


def names() -> list[str]:
    """The long tests: the modules beside this one."""
    return sorted({path.stem for path in HERE.glob("*.py")} - {"run", "campaign"})


def long_test(name: str) -> ModuleType:
    """The module of that name."""
    return import_module(f"soak.{name}")


def asked_of_all(arguments: list[str]) -> Iterator[tuple[ModuleType, Namespace]]:
    """Every long test, and what is asked of it: its own defaults where nothing was said."""
    asked = vars(ALL.parse_args(arguments))
    for module in map(long_test, names()):
        own = vars(module.OPTIONS.parse_args([]))
        given = {key: asked[key] for key in own if asked.get(key) is not None}
        yield module, Namespace(**own | given)


def outcomes(module: ModuleType, asked: Namespace) -> list[Outcome]:
    """Run a long test; unless a program reads it, tell at once what came of it."""
    began = time.perf_counter()
    found: list[Outcome] = module.run(asked)
    if not asked.json:
        print(*(line for one in found for line in one.report), sep="\n")
        seeds = {f", seed {one.seed}" for one in found if one.seed is not None}
        print(f"{time.perf_counter() - began:.0f} seconds{''.join(seeds)}", flush=True)
    return found


def main(arguments: list[str]) -> int:
    """Run one long test with its arguments, or all of them; 1 if one of them failed."""
    if arguments and not arguments[0].startswith("-"):
        name, *rest = arguments
        if name not in names():
            print(f"no long test is named {name}; there are: {', '.join(names())}")
            return 2
        chosen = [(long_test(name), long_test(name).OPTIONS.parse_args(rest))]
    else:
        chosen = [*asked_of_all(arguments)]
        print("long tests:", *names(), file=sys.stderr)
    found = [one for module, asked in chosen for one in outcomes(module, asked)]
    if chosen[0][1].json:
        print(json.dumps([one.as_plain() for one in found], indent=2))
    return int(any(one.violations for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
