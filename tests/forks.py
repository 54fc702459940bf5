"""Children of this process: they do something, and say by their status whether it went well."""

from __future__ import annotations

import faulthandler
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

__all__ = ["as_nobody", "forked", "status_of"]

NOBODY = 65534
PATIENCE = 20.0


def forked(job: Callable[[], Any]) -> int:
    """Have a child of this process do something; it ends with 0 if that went well."""
    child = os.fork()
    if child == 0:
        status = 1
        faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.__stderr__)
        try:
            job()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def status_of(child: int) -> int:
    """How a child has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def as_nobody(job: Callable[[], Any]) -> int:
    """How a child has ended that did something without the rights of root."""

    def without_rights() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        job()

    return status_of(forked(without_rights))
