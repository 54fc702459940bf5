"""Plugins are found by name, checked when they come in, and imported only when asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import invalidate_caches
from pathlib import Path
from shutil import copytree
from typing import Any

import attrs
import pytest

from socialflow import Case, DefinitionError, Objection, Parallel, Stage, Workflow, rule
from socialflow.content import social_content
from socialflow.documents import load_workflow
from socialflow.offers import KINDS, NO_PLUGINS
from socialflow.plugins import Registry
from socialflow.policies import BY_ROLE, RolePolicy
from socialflow.rules import RuleKind, four_eyes, has
from socialflow.stores.memory import MemoryStore

SOURCE = Path(__file__).parent / "plugin_package"
NOTE = Workflow("note", [Stage("one", ("open", "done"))])


@attrs.frozen
class Reason:
    """A form."""

    reason: str


def make_note() -> Workflow:
    """A workflow, made when asked for."""
    return NOTE


def open_store(url: str) -> MemoryStore:
    """A store, opened when asked for."""
    assert url
    return MemoryStore()


THINGS: dict[str, tuple[str, Any]] = {
    "rules": ("four_eyes", four_eyes),
    "stages": ("one", NOTE.stages[0]),
    "forms": ("Reason", Reason),
    "policies": ("by_role", BY_ROLE),
    "stores": ("ledger", open_store),
    "workflows": ("note", make_note),
}


@rule("four_eyes")
def other_four_eyes(case: Case) -> Iterator[Objection]:
    """Another rule of the same name."""
    yield Objection("four_eyes", "no")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the plugin package has been installed by pip."""
    folder = tmp_path_factory.mktemp("plugins")
    source = copytree(SOURCE, folder / "source")
    target = folder / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    command += ["--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([*command, "--target", str(target), str(source)], check=True)
    return target


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The plugin package can be imported, and nothing forbids plugins."""
    monkeypatch.delenv(NO_PLUGINS, raising=False)
    monkeypatch.syspath_prepend(str(site))
    invalidate_caches()
    yield
    sys.modules.pop("acme_flow", None)


@pytest.fixture
def offering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Installs a distribution called ``shady`` that has these entry points and this code."""

    def install(points: str, code: str) -> None:
        monkeypatch.delenv(NO_PLUGINS, raising=False)
        folder = tmp_path / "shady-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: shady\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(points)
        (tmp_path / "shady.py").write_text(code)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "shady", raising=False)
        invalidate_caches()

    return install


def in_a_new_process(code: str, site: Path, **environment: str) -> list[str]:
    """What *code* prints where the plugin package is installed, line by line."""
    given = {name: value for name, value in os.environ.items() if name != NO_PLUGINS}
    path = os.pathsep.join([str(site), *filter(None, sys.path)])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=given | {"PYTHONPATH": path} | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_added_is_found_under_its_name(kind: str) -> None:
    """`find` gives what `add` was given; a workflow that comes as a callable is made."""
    name, thing = THINGS[kind]
    registry = Registry().add(kind, thing, name)

    found = registry.find(kind, name)

    assert (name,) == registry.names(kind)
    assert (NOTE if kind == "workflows" else thing) == found


@pytest.mark.parametrize("kind", KINDS)
def test_a_misspelt_name_is_answered_with_the_nearest(kind: str) -> None:
    """The finding says what was asked for and what was probably meant."""
    name, thing = THINGS[kind]
    registry = Registry().add(kind, thing, name)

    with pytest.raises(DefinitionError, match=f"did you mean '{name}'") as caught:
        registry.find(kind, f"{name}s")

    assert (f"unknown_{KINDS[kind].noun}",) == caught.value.codes


WRONG: dict[str, Any] = {
    "rules": open_store,
    "stages": Parallel(NOTE.stages[0]),
    "forms": int,
    "policies": RolePolicy,
    "stores": make_note,
    "workflows": open_store,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_of_another_kind_is_refused_when_it_is_added(kind: str) -> None:
    """What is none of the kind never gets in, whatever the kind."""
    with pytest.raises(DefinitionError, match=f"is no {KINDS[kind].noun}") as caught:
        Registry().add(kind, WRONG[kind], "it")

    assert ("wrong_kind",) == caught.value.codes


def test_an_unknown_kind_is_answered_with_the_nearest() -> None:
    """Kinds are names like any other."""
    with pytest.raises(DefinitionError, match="did you mean 'rules'"):
        Registry().find("rule", "four_eyes")


def test_a_name_belongs_to_one_thing() -> None:
    """The same thing may come in twice; another one of that name may not."""
    registry = Registry().add("rules", four_eyes).add("rules", four_eyes)

    with pytest.raises(DefinitionError, match="rename one") as caught:
        registry.add("rules", other_four_eyes)

    assert ("duplicate",) == caught.value.codes
    assert four_eyes is registry.find("rules", "four_eyes")


def test_a_name_of_the_library_cannot_be_taken_over() -> None:
    """What was added does not silently take the place of what the library brings along."""
    registry = Registry.standard().add("rules", other_four_eyes)

    with pytest.raises(DefinitionError) as caught:
        registry.find("rules", "four_eyes")

    assert ("duplicate",) == caught.value.codes


def test_a_rule_cannot_be_added_under_another_name() -> None:
    """Documents say the rule's own name, so that looking it up has to lead back to it."""
    with pytest.raises(DefinitionError, match="'has' is offered as 'filled'") as caught:
        Registry().add("rules", has, "filled")

    assert ("misnamed",) == caught.value.codes


@pytest.mark.parametrize(
    ("word", "check"),
    [
        ("rule", lambda case, rule: ()),
        ("negated", lambda case, negated: ()),
        ("waivable_by", lambda case, waivable_by=None: ()),
    ],
)
def test_a_rule_cannot_have_a_word_of_documents_as_parameter(word: str, check: Any) -> None:
    """Otherwise a document could not tell the parameter from its own key."""
    with pytest.raises(DefinitionError, match=f"has a parameter '{word}'"):
        RuleKind("odd", check)


def test_a_place_is_imported_when_it_is_looked_up() -> None:
    """A text ``module:name`` stands for what is there."""
    registry = Registry().add("rules", "socialflow.rules:has", "has")
    registry.add("rules", "socialflow.nowhere:rule", "gone")

    assert has is registry.find("rules", "has")
    with pytest.raises(DefinitionError, match="No module named"):
        registry.find("rules", "gone")


def test_what_has_no_name_is_not_added() -> None:
    """A policy has no name of its own, so that one has to be said."""
    with pytest.raises(DefinitionError, match="say what to call it"):
        Registry().add("policies", BY_ROLE)


def test_a_callable_that_makes_another_workflow_is_refused() -> None:
    """The name of a workflow is the name that it was looked up by."""
    with pytest.raises(DefinitionError) as caught:
        Registry().add("workflows", make_note, "memo").find("workflows", "memo")

    assert ("wrong_kind",) == caught.value.codes


def test_a_callable_that_fails_is_a_broken_plugin() -> None:
    """Whatever it raises becomes a finding that says so."""

    def post() -> Workflow:
        raise RuntimeError("out of paper")

    with pytest.raises(DefinitionError, match="RuntimeError: out of paper"):
        Registry().add("workflows", post).find("workflows", "post")


def test_a_store_is_opened_by_its_scheme() -> None:
    """The scheme before a driver's name is enough, and the whole address is handed on."""
    asked = []

    def opener(url: str) -> MemoryStore:
        asked.append(url)
        return MemoryStore()

    registry = Registry().add("stores", opener, "ledger")
    registry.store("ledger:one")
    registry.store("ledger+driver:///two")

    assert ["ledger:one", "ledger+driver:///two"] == asked
    with pytest.raises(DefinitionError, match="did you mean 'ledger'"):
        registry.store("leger:three")


def test_the_standard_registry_knows_what_the_library_brings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything that `social_content` is made of can be looked up, and nothing is broken."""
    monkeypatch.setenv(NO_PLUGINS, "1")
    registry = Registry.standard()
    workflow = social_content()
    rules = [rule for stage in workflow.stages for rule in stage.enter]
    actions = [*workflow.actions, *(one for stage in workflow.stages for one in stage.actions)]
    rules += [rule for action in actions for rule in action.rules]

    registry.load()

    assert workflow == registry.find("workflows", "social_content")
    assert list(workflow.stages) == [registry.find("stages", s.name) for s in workflow.stages]
    assert [one.kind for one in rules] == [registry.find("rules", one.kind.name) for one in rules]
    assert {"memory", "postgresql", "sqlite"} == {*registry.names("stores")}
    for form in {workflow.fields, *(one.data for one in actions)} - {None}:
        assert form is registry.find("forms", form.__name__)


@pytest.mark.usefixtures("installed")
def test_an_installed_package_is_found_by_its_entry_points() -> None:
    """A rule, a stage, a policy and a store of a distribution that pip has installed."""
    import acme_flow

    registry = Registry.standard()

    assert acme_flow.claims_known is registry.find("rules", "claims_known")
    assert acme_flow.LEGAL is registry.find("stages", "legal")
    assert acme_flow.NO_GUESTS is registry.policy("no_guests")
    store = registry.store("ledger:blue")
    assert isinstance(store, acme_flow.LedgerStore)
    assert "blue" == store.name


@pytest.mark.usefixtures("installed")
def test_a_document_uses_an_installed_stage_and_rule_by_name() -> None:
    """What a package offers is written like what the library brings along."""
    workflow = load_workflow(
        {
            "base": "social_content",
            "name": "acme",
            "insert": [{"after": "tone", "stage": "legal"}],
            "amend": {
                "approval": {
                    "actions": [
                        {"name": "approve", "rules": {"rule": "claims_known", "field": "goals"}}
                    ]
                }
            },
        }
    )

    assert "legal" in workflow.places
    assert "claims_known" == workflow.stage("approval").actions[0].rules[0].name


def test_the_environment_can_turn_entry_points_off(site: Path) -> None:
    """With ``SOCIALFLOW_NO_PLUGINS=1`` the package is as good as not installed."""
    code = (
        "from socialflow.plugins import Registry; r = Registry.standard();"
        "print('claims_known' in r.names('rules'), 'four_eyes' in r.names('rules'))"
    )

    assert ["True True"] == in_a_new_process(code, site)
    assert ["True True"] == in_a_new_process(code, site, SOCIALFLOW_NO_PLUGINS="0")
    assert ["False True"] == in_a_new_process(code, site, SOCIALFLOW_NO_PLUGINS="1")


def test_no_plugin_is_imported_before_it_is_looked_up(site: Path) -> None:
    """Neither importing the library nor listing names runs any code of a plugin."""
    code = (
        "import sys, socialflow; from socialflow.plugins import Registry\n"
        "r = Registry.standard(); r.names('rules'); r.find('rules', 'has')\n"
        "print('acme_flow' in sys.modules)\n"
        "r.find('rules', 'claims_known'); print('acme_flow' in sys.modules)"
    )

    assert ["False", "True"] == in_a_new_process(code, site)


BROKEN = {
    "import": ("wobbly = shady:wobbly", "import nowhere_at_all", "broken_plugin", "nowhere_at_all"),
    "name": ("wobbly = shady:wobbly", "", "broken_plugin", "wobbly"),
    "kind": ("wobbly = shady:wobbly", "wobbly = 7", "wrong_kind", "7 is no rule"),
    "other": (
        "wobbly = shady:wobbly",
        "from socialflow.rules import has as wobbly",
        "misnamed",
        "'has' is offered as 'wobbly'",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_is_named_with_its_distribution(
    case: str, offering: Callable[[str, str], None]
) -> None:
    """The finding leads to the entry point, and everything else goes on working."""
    point, code, finding, told = BROKEN[case]
    offering(f"[socialflow.rules]\n{point}\n", code)
    registry = Registry.standard()

    with pytest.raises(DefinitionError, match=told) as caught:
        registry.find("rules", "wobbly")

    assert (finding,) == caught.value.codes
    assert "shady / socialflow.rules / wobbly" == caught.value.findings[0].where
    assert four_eyes is registry.find("rules", "four_eyes")


def test_a_plugin_cannot_take_over_a_name_of_the_library(
    offering: Callable[[str, str], None],
) -> None:
    """A distribution that offers another ``has`` is named, not used and not ignored."""
    code = "from socialflow import rule\n@rule('has')\ndef has(case):\n    return ()\n"
    offering("[socialflow.rules]\nhas = shady:has\n", code)

    with pytest.raises(DefinitionError) as caught:
        Registry.standard().find("rules", "has")

    assert ("duplicate",) == caught.value.codes
    assert "shady / socialflow.rules / has" == caught.value.findings[0].where


def test_loading_everything_gathers_all_that_is_broken(
    offering: Callable[[str, str], None],
) -> None:
    """`load` reports every broken plugin at once, each with its own finding."""
    points = "[socialflow.rules]\none = shady:one\n[socialflow.stages]\ntwo = shady:two\n"
    offering(points, "one = 1\ntwo = 2\n")

    with pytest.raises(DefinitionError) as caught:
        Registry.standard().load()

    assert ("wrong_kind", "wrong_kind") == caught.value.codes
