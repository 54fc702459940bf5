"""A stage file reads like a page: short, without functions of any length, public names only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import socialflow.content
from socialflow import Stage

FOLDER = Path(socialflow.content.__file__).parent
STAGES = (
    "concept",
    "assignment",
    "production",
    "tone",
    "approval",
    "publish",
    "promotion",
    "response",
    "reshare",
    "evaluation",
)
PAGES = (
    *STAGES,
    "publication",
    "interaction",
    "candidate",
    "reshare_fast",
    "idea",
    "across",
    "requests",
    "workflow",
)
FILES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*.py"))


def _imports(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("socialflow"):
            yield node


@pytest.mark.parametrize("name", STAGES)
def test_there_is_one_file_a_stage(name: str) -> None:
    """The file is called like the stage, and the constant is that stage."""
    module = import_module(f"socialflow.content.{name}")
    stages = [value for value in vars(module).values() if isinstance(value, Stage)]

    assert [name] == [stage.name for stage in stages]
    assert getattr(module, name.upper()) is stages[0]
    assert name.upper() in module.__all__


@pytest.mark.parametrize("name", PAGES)
def test_a_stage_file_has_at_most_150_lines(name: str) -> None:
    """What does not fit on a page belongs to the rules, or is a second stage."""
    assert len((FOLDER / f"{name}.py").read_text().splitlines()) <= 150


@pytest.mark.parametrize("file", [f"{name}.py" for name in PAGES])
def test_no_function_in_a_stage_file_is_longer_than_ten_lines(file: str) -> None:
    """A stage is declared; only its docstring may be long."""
    for node in ast.walk(ast.parse((FOLDER / file).read_text())):
        if isinstance(node, ast.FunctionDef):
            body = [part for part in node.body if not _is_docstring(part)]
            assert body[-1].end_lineno - body[0].lineno < 10, node.name


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("file", FILES)
def test_the_department_uses_public_names_only(file: str) -> None:
    """Whatever it is built with, a company can use as well."""
    for node in _imports(ast.parse((FOLDER / file).read_text())):
        assert not any(part.startswith("_") for part in node.module.split("."))
        public = import_module(node.module).__all__
        assert [] == [name.name for name in node.names if name.name not in public]


def test_the_core_imports_nothing_of_the_department() -> None:
    """The department is built on the library, never the other way round."""
    core = FOLDER.parent

    for file in core.glob("*.py"):
        modules = [node.module for node in _imports(ast.parse(file.read_text()))]
        assert not [name for name in modules if name.startswith("socialflow.content")], file
