"""Mutants: one that a test objects to is killed, one that nobody sees survives.

What the campaign `./run soak mutants` does with the mutants that it makes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from soak.mutants import MODULES, Mutant, annotated, differing, explained, survives
from soak.planted import ROOT, copy_of_source

CODE = (ROOT / "src" / "socialflow" / "policies.py").read_text(encoding="utf-8")
LINE = "        opened = case.roles & held"
TEST = "tests/test_policies.py::test_a_role_outside_its_scope_or_period_opens_nothing"


def mutant(was: str, now: str) -> Mutant:
    """The policies with something in them said otherwise."""
    assert 1 == CODE.count(was)
    changed = CODE.replace(was, now)
    return Mutant("policies", "judge", changed, 1, *differing(CODE, changed))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources."""
    return copy_of_source(tmp_path_factory.mktemp("mutants"))


def test_what_a_test_objects_to_is_killed(source: Path) -> None:
    """And the sources are as they were afterwards."""
    everybody = mutant(LINE, LINE.replace("held", "case.roles"))

    assert not survives(everybody, source, [TEST])
    assert CODE == (source / "socialflow" / "policies.py").read_text(encoding="utf-8")


def test_what_cannot_be_imported_is_killed(source: Path) -> None:
    """By whichever test."""
    assert not survives(mutant(LINE, f"{LINE}("), source, [TEST])


def test_what_no_test_objects_to_survives(source: Path) -> None:
    """Here a name that is told to nobody."""
    assert survives(mutant(LINE, f"{LINE}  # so"), source, [TEST])


def test_a_mutant_tells_what_is_otherwise() -> None:
    """The lines, without what stands before them."""
    wrong = mutant(LINE, LINE.replace("&", "|"))

    assert "opened = case.roles & held" == wrong.was
    assert "opened = case.roles | held" == wrong.now


def test_annotations_are_not_changed() -> None:
    """As nobody evaluates them; defaults are."""
    code = "def f(a: int | None = 1) -> str | None:\n    return a | 2\n"

    places = {*annotated(code)}

    assert {(1, code.index("| None")), (1, code.index("| None:"))} <= places
    assert (1, code.index("= 1")) not in places
    assert 1 == min(line for line, _ in places) == max(line for line, _ in places)


def test_every_reason_is_about_a_line_that_there_is() -> None:
    """A survivor is named by module, definition and changed line, with the reason."""
    for (module, inside, now), why in explained().items():
        assert module in MODULES
        assert inside
        assert now
        assert why
