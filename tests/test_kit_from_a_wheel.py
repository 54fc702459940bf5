"""The kit runs from an installed wheel, with the extra `testing` alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src"
BESIDE = (
    "alembic",
    "django",
    "psycopg",
    "rich",
    "ruamel",
    "tomli_w",
    "aiosqlite",
    "jsonschema",
    "sybil",
)
TESTS = """
import pytest
from socialflow import Action, Member, Stage, Team, Workflow
from socialflow.stores.memory import MemoryStore
from socialflow.testing import FaultyStore, StageContract, StoreContract
from socialflow.testing import obligations, workflow_machine

DESK = Stage("desk", ("open", "done"), role="clerk", actions=[Action("close", "open", "done")])
FLOW, TEAM = Workflow("mine", [DESK]), Team([Member("cleo", "clerk")])
SUITE = obligations(FLOW, TEAM)
TestMachine = workflow_machine(FLOW, TEAM, faults=True).TestCase

@SUITE.parametrize()
def test_rules(case):
    case.run(SUITE.engine())

class TestDesk(StageContract):
    @pytest.fixture
    def stage(self):
        return DESK

class TestStore(StoreContract):
    @pytest.fixture
    def open_store(self):
        return lambda name: FaultyStore(MemoryStore())

@pytest.mark.socialflow(FLOW, TEAM)
def test_fixtures(flow_engine, flow_history):
    item = flow_engine.create("mine", by="cleo").id
    assert ["cleo: create"] == flow_history(item)
"""
BARRED = """
import os, sys

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

class Barred:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {beside!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Barred())
sys.path.insert(0, {wheel!r})
import socialflow, pytest
assert socialflow.__file__.startswith({wheel!r}), socialflow.__file__
plugins = ["-p", "no:cacheprovider", "-p", "socialflow.testing.plugin"]
sys.exit(pytest.main(["-q", *plugins, {tests!r}]))
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """What a wheel holds, where it is installed: the package and nothing else."""
    folder = tmp_path / "installed"
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SRC / "socialflow", folder / "socialflow", ignore=left_out)
    return folder


def test_the_kit_needs_the_package_and_its_extra_and_nothing_of_this_tree(
    wheel: Path, tmp_path: Path
) -> None:
    """Isolated from this tree, and with every package barred that no one of the two asks for."""
    (tmp_path / "test_mine.py").write_text(TESTS)
    told = BARRED.format(beside=BESIDE, wheel=str(wheel), tests=str(tmp_path / "test_mine.py"))

    ended = subprocess.run(
        (sys.executable, "-I", "-c", told), cwd=tmp_path, capture_output=True, text=True
    )

    assert 0 == ended.returncode, ended.stdout[-3000:] + ended.stderr[-3000:]
