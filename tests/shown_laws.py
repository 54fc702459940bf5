"""Which tests show which paragraphs of the model: those that bear the marker ``law``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs

__all__ = ["LAWS", "ROOT", "Shown", "shown"]

ROOT = Path(__file__).parent.parent
LAWS = range(1, 26)
"""The numbered paragraphs of the model."""


@attrs.frozen
class Shown:
    """A test that shows a law.

    Attributes:
        test: ``"tests/test_votes.py::test_..."``.
        laws: Paragraphs of the model.
        says: Its docstring.
    """

    test: str
    laws: tuple[int, ...]
    says: str


@cache
def shown() -> dict[str, Shown]:
    """Every marked test, by where it is."""
    return {one.test: one for path in sorted(ROOT.glob("tests/**/test_*.py")) for one in _in(path)}


def _in(path: Path) -> Iterator[Shown]:
    for node in ast.parse(path.read_text()).body:
        laws = tuple(_laws(node)) if isinstance(node, ast.FunctionDef) else ()
        if isinstance(node, ast.FunctionDef) and laws:
            name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
            yield Shown(name, laws, ast.get_docstring(node) or "")


def _laws(function: ast.FunctionDef) -> Iterator[int]:
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.law":
            yield from (ast.literal_eval(number) for number in one.args)
