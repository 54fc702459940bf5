"""A plain screen: the words of `socialflow.cli.screen` where `rich` is not installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["bar", "command_line", "headline", "say", "span", "table"]


def say(text: str = "", style: str = "") -> None:  # noqa: ARG001
    """Print a line."""
    print(text)


def headline(text: str) -> None:
    """Print the headline of what follows."""
    print(f"\n{text}")


def command_line(text: str) -> None:
    """Print what somebody may type."""
    print(f"  $ {text}")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; columns whose names end in ``>`` stand to the right."""
    cells = [[name.rstrip(">~") for name in columns], *([str(one) for one in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = (
            text.rjust(width) if name.endswith(">") else text.ljust(width)
            for text, width, name in zip(row, widths, columns, strict=True)
        )
        print("   ".join(line).rstrip())


def bar(part: float, whole: float) -> str:
    """A bar as long as *part* is of *whole*."""
    return "#" * round(20 * part / whole) if whole else ""


def span(hours: float | None) -> str:
    """A span of time, in hours or days."""
    if hours is None:
        return "none yet"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.0f} days"
