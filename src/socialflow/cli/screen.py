"""Output for people: tables, bars, a progress bar; the door to `rich`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from socialflow.errors import MissingExtra

try:
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Table
    from rich.text import Text
except ImportError:
    raise MissingExtra("output for people (--json goes without)", "cli") from None

__all__ = ["bar", "command_line", "headline", "progress", "say", "span", "table", "when"]

Thing = TypeVar("Thing")
BAR = 20
"""Characters of a full bar."""
GAP = 3
"""Characters between two columns of a table."""
PROSE = 20
"""Characters of a word that a column of prose never breaks, however narrow the terminal is."""


UNBROKEN = 10_000
"""Characters of a line that goes to a file, or to another program."""


def say(text: str = "", style: str = "") -> None:
    """Print a line, which wraps where the terminal ends."""
    _console().print(_cell(text, style))


def command_line(text: str) -> None:
    """Print what somebody may type, on one line, however long it is."""
    Console().print(Text("  $ ", "dim"), _cell(text), sep="", soft_wrap=True)


def headline(text: str) -> None:
    """Print the headline of what follows."""
    say()
    say(text, "bold cyan")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table.

    Columns whose names end in ``>`` are numbers, and stand to the right.  Those whose names end in
    ``~`` are prose, and wrap where the terminal is narrow; nothing else is ever broken.
    """
    cells = [[_cell(_told(value)) for value in row] for row in rows]
    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    needed = GAP * (len(columns) - 1)
    for n, column in enumerate(columns):
        name, prose = column.rstrip(">~"), column.endswith("~")
        whole = max(
            (cell_len(line) for row in cells for line in row[n].plain.split("\n")), default=0
        )
        least = max(cell_len(name), min(whole, PROSE) if prose else whole)
        needed += least
        made.add_column(
            name,
            justify="right" if column.endswith(">") else "left",
            overflow="fold",
            no_wrap=not prose,
            min_width=least,
        )
    for row in cells:
        made.add_row(*row)
    Console(width=max(_console().width, needed)).print(made)


def bar(part: float, whole: float) -> str:
    """A bar as long as *part* is of *whole*."""
    return "█" * round(BAR * part / whole) if whole else ""


def when(at: datetime) -> str:
    """A moment, to the minute."""
    return f"{at:%Y-%m-%d %H:%M}"


def span(hours: float | None) -> str:
    """A span of time, in the unit that fits it."""
    if hours is None:
        return "none yet"
    if hours < 1:
        return f"{hours * 60:.0f} min" if hours else "at once"
    if hours < 48:
        return f"{hours:.1f} h"
    return f"{hours / 24:,.0f} days"


def progress(things: Iterable[Thing], total: int, about: str) -> Iterator[Thing]:
    """The same *things*, while a bar on the standard error stream shows how many have come by."""
    columns = (TextColumn(about), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task(about, total=total)
        for thing in things:
            yield thing
            shown.advance(task)


def _console() -> Console:
    """As wide as the terminal; where there is none, so wide that no line wraps."""
    seen = Console()
    return seen if seen.is_terminal or "COLUMNS" in os.environ else Console(width=UNBROKEN)


def _told(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _cell(text: str, style: str = "") -> Text:
    """The text, without what a terminal would obey."""
    return Text("".join(c if c.isprintable() or c == "\n" else "�" for c in text), style)
