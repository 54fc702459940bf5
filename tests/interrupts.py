"""Interrupts: Ctrl-C wherever one may come in certain files, one run after another.

Python looks for an interrupt when a function of its own begins and when one written in C has
returned.  One is raised at the first of these places, then at the second, and so on; not in
``__del__``, out of which nothing can be raised.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any

__all__ = ["every_interrupt"]


def every_interrupt(
    *modules: ModuleType, do: Callable[[], Any], most: int = 2_000
) -> Iterator[bool]:
    """Do something again and again, interrupted at another place of these modules each time.

    Yields:
        Whether it was interrupted; the last time it was not.
    """
    files = {str(module.__file__) for module in modules}
    for place in range(most):
        was_interrupted = _interrupted(files, place, do)
        yield was_interrupted
        if not was_interrupted:
            return
    raise AssertionError(f"after {most} interrupts it still comes to places that are new")


def _interrupted(files: set[str], place: int, do: Callable[[], Any]) -> bool:
    passed = 0

    def look(frame: FrameType, event: str, _: Any) -> None:
        nonlocal passed
        code = frame.f_code
        if event not in ("call", "c_return") or code.co_name == "__del__":
            return
        if code.co_filename in files:
            passed += 1
            if passed == place + 1:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(look)
    try:
        do()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False
