"""Requirements: every row of the source documents is met by something, and a test shows it."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from requirement_rows import ROOT, Row, ids, rows
from taken_away import look_up

ROWS = tuple(rows())
MOST = 3
"""Rows that one test may serve."""


def test_every_row_is_there_once_and_in_order() -> None:
    """No sentence of the source documents is left out, none is made up."""
    assert ids() == [row.id for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_met_and_shown(row: Row) -> None:
    """Each says what it asks for, a part of the library that is there, and tests that run."""
    assert row.asks
    assert row.met_by
    assert row.shown_by
    look_up(row.met_by[0])
    assert [] == [test for test in row.shown_by if test not in named_in(test.partition("::")[0])]


def test_a_test_serves_few_rows() -> None:
    """A test that were to show everything would show nothing."""
    served = Counter(test for row in ROWS for test in row.shown_by)

    assert {} == {test: n for test, n in served.items() if n > MOST}


@cache
def named_in(path: str) -> frozenset[str]:
    """The tests of a file, with its path; those that are skipped left out."""
    tree = ast.parse(Path(ROOT / path).read_text())
    return frozenset(
        f"{path}::{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any("skip" in ast.unparse(mark) for mark in node.decorator_list)
    )
