"""The command line: every command imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module

from socialflow.cli.arguments import parser
from socialflow.errors import SocialflowError

__all__ = ["main"]

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: As on the command line, without the name of the program.

    Returns:
        The exit status: 0 if all is well; 1 if there is something to look at (lines that were
        skipped, findings that are errors); 2 if it could not be done, with a sentence on the
        standard error stream.
    """
    asked = parser().parse_args(arguments)
    module, _, name = asked.run.partition(":")
    try:
        with ExitStack() as asked.opened:
            status: int = getattr(import_module(module), name)(asked)
            sys.stdout.flush()
    except SocialflowError as error:
        told = "\n".join((str(error), *getattr(error, "__notes__", ())))
        print(f"socialflow {asked.command}: {told}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # Whoever read has seen enough; the interpreter must not flush into the closed pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status
