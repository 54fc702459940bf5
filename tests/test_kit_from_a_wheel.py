"""The kit runs from an installed wheel, with the extra `testing` alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent

TESTS = """
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from socialflow import Action, Member, Stage, Team, Workflow
from socialflow.stores.memory import MemoryStore
from socialflow.testing import FaultyStore, StageContract, StoreContract
from socialflow.testing import obligations, workflow_machine

DESK = Stage("desk", ("open", "done"), role="clerk", actions=[Action("close", "open", "done")])
FLOW, TEAM = Workflow("mine", [DESK]), Team([Member("cleo", "clerk")])
SUITE = obligations(FLOW, TEAM)
QUICK = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
TestMachine = workflow_machine(FLOW, TEAM, faults=True).TestCase
TestMachine.settings = settings(QUICK, stateful_step_count=8)

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

@given(st.from_type(Workflow))
@QUICK
def test_hypothesis_knows_our_types(workflow):
    assert workflow.stages

@pytest.mark.socialflow(FLOW, TEAM)
def test_fixtures(flow_engine, flow_history):
    item = flow_engine.create("mine", by="cleo").id
    assert ["cleo: create"] == flow_history(item)
"""
ISOLATED = """
import sys

sys.path += {folders!r}
import pytest, socialflow
from importlib.metadata import distributions
assert socialflow.__file__.startswith({wheel!r}), socialflow.__file__
print(*sorted({{one.name for one in distributions()}}))
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", {tests!r}]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a wheel of these sources is installed, alone."""
    wheels, folder = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    build = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
    subprocess.run((sys.executable, *build), cwd=ROOT, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    install = ("-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(folder))
    subprocess.run((sys.executable, *install, str(wheel)), check=True, capture_output=True)
    return folder


def asked_for(dist: Distribution, extra: str = "") -> Iterator[str]:
    """Names of what a distribution needs, with one of its extras."""
    for line in dist.requires or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": extra}):
            yield needed.name


@pytest.fixture
def closure(installed: Path, tmp_path: Path) -> Path:
    """What the wheel asks for with its extra, and what that asks for; nothing else."""
    folder = tmp_path / "closure"
    folder.mkdir()
    (own,) = Distribution.discover(name="socialflow", path=[str(installed)])
    waiting, known = [*asked_for(own, "testing")], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            dist = distribution(name)
            waiting += asked_for(dist)
            tops = {file.parts[0] for file in dist.files or ()} - {"..", "__pycache__"}
            for top in tops:
                (folder / top).symlink_to(Path(str(dist.locate_file(top))))
    return folder


def test_the_kit_needs_the_package_and_its_extra_and_nothing_of_this_tree(
    installed: Path, closure: Path, tmp_path: Path
) -> None:
    """A wheel, in an interpreter that sees it and what it asks for, and no other package.

    Pytest and Hypothesis find its entry points there by themselves.
    """
    (tmp_path / "test_mine.py").write_text(TESTS)
    folders, tests = [str(installed), str(closure)], str(tmp_path / "test_mine.py")
    told = ISOLATED.format(folders=folders, wheel=str(installed), tests=tests)

    ended = subprocess.run(
        (sys.executable, "-I", "-S", "-c", told), cwd=tmp_path, capture_output=True, text=True
    )

    assert 0 == ended.returncode, ended.stdout[-3000:] + ended.stderr[-3000:]
    seen = {*ended.stdout.splitlines()[0].split()}
    assert {"socialflow", "pytest", "hypothesis", "transitions"} <= seen
    assert not {"alembic", "django", "psycopg", "rich", "mypy", "pytest-xdist"} & seen
