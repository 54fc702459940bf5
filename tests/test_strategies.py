"""What the kit has Hypothesis draw: by type, for any workflow, and valid."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from blogs import BLOG
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import PANEL
from parcels import PARCEL

import socialflow
from socialflow import Command, Member, Team, Workflow
from socialflow.decisions import rebuild
from socialflow.drawing import BY_TYPE, register
from socialflow.items import Event, Item
from socialflow.testing import strategies as own

ROOT = Path(socialflow.__file__).parent.parent.parent


@given(st.data())
@settings(max_examples=20)
def test_values_are_drawn_by_type(data: st.DataObject) -> None:
    """Once Hypothesis has called the hook, which it does where the library is installed."""
    register()

    for kind in (Workflow, Team, Member, Item, Event, Command):
        assert isinstance(data.draw(st.from_type(kind)), kind)
        assert kind in BY_TYPE


def test_the_hook_is_an_entry_point() -> None:
    """What is declared leads to the hook."""
    declared = (ROOT / "pyproject.toml").read_text().partition("entry-points.hypothesis]\n")[2]
    name, _, value = declared.splitlines()[0].partition(" = ")

    assert register is EntryPoint(name, value.strip('"'), "hypothesis").load()


def test_the_hook_loads_neither_pytest_nor_the_strategies() -> None:
    """Whoever has Hypothesis and not pytest can go on importing it."""
    told = (
        "import sys, hypothesis\nfrom socialflow.drawing import register\nregister()\n"
        "print({'pytest', 'sqlalchemy', 'socialflow.testing'} & {*sys.modules})"
    )

    ended = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "HYPOTHESIS_NO_PLUGINS": "1"},
    )

    assert "set()" == ended.stdout.strip()


@pytest.mark.parametrize("workflow", [BLOG, PARCEL, PANEL], ids=lambda one: one.name)
@given(st.data())
@settings(max_examples=20)
def test_a_workflow_of_ones_own_has_items_and_commands(
    workflow: Workflow, data: st.DataObject
) -> None:
    """Made out of its forms and roles: a history leads to an item, a command names an action."""
    history = data.draw(own.histories(workflow))
    item = data.draw(own.items(workflow))
    command = data.draw(own.commands(workflow))

    assert {workflow.digest} == {item.workflow, rebuild(history).workflow}
    assert {event.action.partition(".")[0] for event in history}
    assert command.by in {member.id for member in own.cast_of(workflow)}
