"""The long tests: `./run soak` lists and runs all, `./run soak NAME` runs one."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]


def names() -> list[str]:
    """The long tests: the modules beside this one."""
    return sorted(path.stem for path in HERE.glob("*.py") if path != Path(__file__))


def main(arguments: list[str]) -> int:
    """Run one long test with its arguments, or all of them; 1 if one of them failed."""
    if arguments and not arguments[0].startswith("-"):
        chosen, *rest = arguments
        if chosen not in names():
            print(f"no long test is named {chosen}; there are: {', '.join(names())}")
            return 2
        return int(import_module(chosen).main(rest))
    print("long tests:", *names())
    return max(import_module(name).main(arguments) for name in names())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
