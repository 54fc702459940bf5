"""The rows of `docs/reference/requirements.md`: what is asked for, what meets it, what shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "requirements.md"

HOW_MANY = {"S0": 35, "S1": 37, "S2": 14, "S3": 24, "S4": 15}
"""Rows of each source document; they are numbered from 1."""

_QUOTED = re.compile(r"`([^`]+)`")


@attrs.frozen
class Row:
    """One sentence of a source document.

    Attributes:
        id: ``"S1-27"``.
        asks: What it asks for, in a few words.
        met_by: Parts of the library, each as a kind and a name: ``"rule screening_passed"``. The
            first one is what makes the difference.
        shown_by: Tests, each as ``"tests/content/test_x.py::test_y"``.
    """

    id: str
    asks: str
    met_by: tuple[str, ...]
    shown_by: tuple[str, ...]


def rows() -> Iterator[Row]:
    """Every row of the page, in order."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if re.match(r"S\d-\d\d\Z", cells[0].strip("| ")):
            id, asks, met_by, shown_by = cells
            quoted = (tuple(_QUOTED.findall(cell)) for cell in (met_by, shown_by))
            yield Row(id.strip("| "), asks, *quoted)


def ids() -> list[str]:
    """Every row that there has to be."""
    return [f"{source}-{n:02}" for source, most in HOW_MANY.items() for n in range(1, most + 1)]
