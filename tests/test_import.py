"""Importing the library is cheap, and what it offers is listed and documented."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import socialflow

ROOT = Path(socialflow.__file__).parent
HEAVY = ("sqlalchemy", "cattrs", "hypothesis", "pytest", "transitions")
_CORE = """
    plain objections errors people items cases rules queries protocols policies forms filling
    standing stages definitions plans settling commands decisions
"""
CORE = _CORE.split()


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after *statement*."""
    told = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT.parent)},
    )
    return set(done.stdout.split())


def test_importing_the_library_loads_nothing_heavy() -> None:
    """What takes long to load is loaded when it is used."""
    assert set() == loaded_by("import socialflow") & set(HEAVY)


def test_deciding_loads_transitions_and_filling_a_form_loads_cattrs() -> None:
    """The heavy packages come in by use, so that the test above could fail."""
    compiled = "import socialflow as s; s.Workflow('x', [s.Stage('a', ('b', 'c'))]).machine()"
    filled = (
        "from socialflow.filling import fill; from socialflow.standing import Note;"
        "fill(Note, {'text': 'x'})"
    )

    assert {"transitions"} == loaded_by(compiled) & set(HEAVY)
    assert {"cattrs"} == loaded_by(filled) & set(HEAVY)


def test_the_menu_is_sorted_and_complete() -> None:
    """``__all__`` lists every public name of the package in order, each of them once."""
    public = {"Engine"} | {
        name
        for name, value in vars(socialflow).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }

    assert sorted(public) == socialflow.__all__
    assert len(socialflow.__all__) <= 40


def test_who_only_declares_a_workflow_does_not_load_the_engine() -> None:
    """The engine is there as soon as somebody asks for it, and is listed before."""
    of_engine = {"socialflow.engine", "socialflow.queries", "logging", "blinker"}

    assert (
        set() == loaded_by("import socialflow as s; s.Workflow; dir(s).index('Engine')") & of_engine
    )
    assert "socialflow.engine" in loaded_by("from socialflow import Engine")


def test_the_version_is_told_when_asked_for_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The version is read from the distribution; another name is an AttributeError."""
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"{name} 7")

    assert "socialflow 7" == socialflow.__version__
    with pytest.raises(AttributeError, match="module 'socialflow' has no attribute 'nothing'"):
        _ = socialflow.nothing


@pytest.mark.parametrize("name", socialflow.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    """A name on the menu has a docstring that ends its first sentence."""
    lines = (inspect.getdoc(getattr(socialflow, name)) or "").splitlines()

    assert lines
    assert lines[0][0].isupper()
    assert lines[0].endswith(".")


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_the_core_lists_and_documents_what_it_offers(module: str) -> None:
    """``__all__`` is sorted; what is in it has a docstring, and so has the module."""
    loaded = importlib.import_module(f"socialflow.{module}")
    offered = {name: getattr(loaded, name) for name in loaded.__all__}

    assert loaded.__doc__
    assert sorted(loaded.__all__, key=_case) == loaded.__all__
    assert [] == [
        name
        for name, value in offered.items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and not value.__doc__
    ]


def _case(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that the linter keeps."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return rank, name
