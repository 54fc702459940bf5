"""Layers: a module imports only what stands above it, and each package has one door."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "socialflow"

_ORDER = """
    plain quick showing objections errors parts sockets periods credentials scopes grants
    members units delegations people tokens items cases rules queries channels protocols
    policies forms filling arguments standing moments ballots kinds stages variants places
    checks _machine definitions ways waivers plans childless alarms drafts counting settling
    outcomes voting commands judging decisions births unasked families options codec watching
    chain stores erasing retiring signals offers plugins documents spans shelf callers providers
    judges answers turns carrying writers bulk due questions engine __init__ verify content aio
    hearing wiring outbox migrations transfer logs mappings reports rehearsal diagrams
    integrations testing drawing cli
"""
ORDER = _ORDER.split()
"""Every module and folder, the pure core first; a folder stands for all that is in it."""

MAY_IMPORT = {module: frozenset(ORDER[:place]) for place, module in enumerate(ORDER)}
"""What a module may import at run time, inside functions too; annotations may name anything."""

NEVER = {
    ("engine", "stores"),
    ("content", "stores"),
    ("content", "signals"),
    ("content", "engine"),
    ("verify", "content"),
    ("testing", "content"),
}
"""What the order would allow, and the design does not."""

DOORS = {
    "transitions": {"_machine"},
    "cattrs": {"filling"},
    "blinker": {"signals"},
    "sqlalchemy": {"stores"},
    "psycopg": {"stores"},
    "aiosqlite": {"stores"},
    "alembic": {"stores"},
    "django": {"integrations"},
    "hypothesis": {"testing", "drawing"},
    "pytest": {"testing"},
    "rich": {"cli"},
    "tomli_w": {"documents"},
    "ruamel": {"documents"},
}
"""The one module or folder through which a third-party package comes in; attrs is free."""

_WORDS = """
    concept assignment production tone approval publish promotion response reshare
    evaluation idea screening accepted shelved unassigned offered assigned drafting paused
    submitted queued adjusting in_tone pending approved expired ready scheduled publishing
    live partly_live failed unconfirmed recalling recalled settled listening collecting
    analysing reported published verified dropped planned running triaged answered dismissed
    nominated rights_pending cleared repeating derived noted accept_report
    propose_idea accept reject shelve offer decline submit pause
    approve request_changes resubmit escalate expire schedule publish_now begin miss revoke
    retry recall analyse report promotion_run experiment designed measuring decided inconclusive
    approve_spending plan_promotion settle_promotion offer_to_advocates accept_share call_off
    start_experiment record_result choose_winner
    department_lead executive_sponsor social_media_manager
    content_creator tone_editor approver legal_compliance product_owner community_manager
    data_analyst paid_media_specialist customer_service_rep agency_member employee_advocate
    lead sponsor guest
"""
WORDS = _WORDS.split()
"""Names of stages, states, actions and roles of the department."""

DECIDERS = (
    "decisions",
    "judging",
    "options",
    "settling",
    "commands",
    "plans",
    "ways",
    "waivers",
    "judges",
    "answers",
    "engine",
)


def layer_of(path: Path) -> str:
    """The module or folder that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


FILES = sorted(ROOT.rglob("*.py"))


def run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below *node* but those under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from run_time_nodes(child)


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported at run time."""
    for node in run_time_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "say where it is: no relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def ours(tree: ast.AST) -> set[str]:
    """The modules and folders of this library that are imported at run time."""
    names = (name.split(".") for name in imported(tree))
    found = {parts[1] for parts in names if parts[0] == "socialflow" and len(parts) > 1}
    return {name if name in ORDER else "__init__" for name in found}


def theirs(tree: ast.AST) -> set[str]:
    """The third-party packages that are imported at run time, attrs left out."""
    names = {name.split(".")[0] for name in imported(tree)}
    return names - sys.stdlib_module_names - {"socialflow", "attrs", "attr"}


def read(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_the_layers_above_it(path: Path) -> None:
    """What is imported at run time stands above the module in the table."""
    layer = layer_of(path)
    found = ours(read(path)) - {layer}

    assert set() == found - MAY_IMPORT[layer]
    assert set() == {(layer, one) for one in found} & NEVER


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_third_party_package_comes_in_by_its_one_door(path: Path) -> None:
    """Every import from outside is in the table, and made by its door only."""
    layer = layer_of(path)

    assert [] == [name for name in sorted(theirs(read(path))) if layer not in DOORS.get(name, ())]


@pytest.mark.parametrize("module", DECIDERS)
def test_what_decides_names_nothing_of_the_department(module: str) -> None:
    """No stage, state, action or role is named where commands are decided and carried out."""
    texts = {
        node.value
        for node in ast.walk(read(ROOT / f"{module}.py"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    words = {word for text in texts for word in {text, *text.split(".")} if " " not in text}
    assert set() == words & set(WORDS)


def test_every_module_has_its_place() -> None:
    """A new module is put into the table before it can be imported."""
    assert set() == {layer_of(path) for path in FILES} - MAY_IMPORT.keys()


@pytest.mark.parametrize(
    ("source", "modules", "packages"),
    [
        ("from socialflow.engine import Engine", {"engine"}, set()),
        ("import socialflow.stores.sql", {"stores"}, set()),
        ("from socialflow import signals", {"signals"}, set()),
        ("from socialflow import Workflow", {"__init__"}, set()),
        ("def f():\n    from socialflow.engine import Engine", {"engine"}, set()),
        ("if TYPE_CHECKING:\n    from socialflow.engine import Engine", set(), set()),
        (
            "import os, attrs, sqlalchemy.orm\nfrom cattrs import Converter",
            set(),
            {"sqlalchemy", "cattrs"},
        ),
    ],
)
def test_the_reader_of_imports_sees_each_kind(
    source: str, modules: set[str], packages: set[str]
) -> None:
    """Imports of every spelling are seen, inside functions too; those for annotations are not."""
    tree = ast.parse(source)

    assert (modules, packages) == (ours(tree), theirs(tree))
