"""The page of governance: what stands on it, and what becomes of a workflow that is governed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialflow import Workflow
from socialflow.cases import RESERVED_FACTS
from socialflow.content import department_content, governed, rules, social_content
from socialflow.content.duty import DUTIES
from socialflow.content.freeze import FREEZE
from socialflow.content.governance import BELOW, GOVERNANCE
from socialflow.content.message import MESSAGE
from socialflow.documents import derive, dump_workflow, parse_workflow
from socialflow.places import actions_in, rules_in
from socialflow.rules import Rule

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"


def rules_before(workflow: Workflow, name: str) -> tuple[Rule, ...]:
    """The rules of an action, said in full."""
    told = name.rpartition(".")[0] or workflow.name, name.rpartition(".")[2]
    [found] = [one for at, one in actions_in(workflow) if tuple(at.split(" / ")[-2:]) == told]
    return found.rules


def kinds_of(workflow: Workflow) -> dict[str, Workflow]:
    """Workflows below, and below those, by name."""
    found = {child.name: child for child in workflow.children}
    return found | {n: one for child in workflow.children for n, one in kinds_of(child).items()}


def test_every_row_names_an_action_that_is_there() -> None:
    """A misspelt one would stand before nothing."""
    base = social_content()

    assert set() == {*GOVERNANCE} - {*base.action_names}
    kinds = kinds_of(base)
    assert set() == {*BELOW} - {*kinds}
    for name, table in BELOW.items():
        assert set() == {*table} - {*kinds[name].action_names}


def test_every_rule_of_the_page_stands_before_its_action() -> None:
    """Behind those that the stage has, in the order of the page, below as well."""
    base, made = social_content(), department_content()

    for name, row in GOVERNANCE.items():
        assert (*rules_before(base, name), *row) == rules_before(made, name)
    for kind, table in BELOW.items():
        old, new = kinds_of(base)[kind], kinds_of(made)[kind]
        for name, row in table.items():
            assert (*rules_before(old, name), *row) == rules_before(new, name)


def test_what_is_derived_is_governed_like_what_it_comes_of() -> None:
    """Nothing gets out by the short way that would not get out by the long one."""
    base, made = (kinds_of(one)["reshare_fast"] for one in (social_content(), department_content()))
    rows = {**GOVERNANCE, **BELOW["reshare_fast"]}

    there = [name for name in rows if name in base.action_names]

    assert "publish.begin" in there
    for name in there:
        assert (*rules_before(base, name), *rows[name]) == rules_before(made, name)


def test_every_rule_of_the_page_asks_the_departments_data() -> None:
    """What looks only at the item, the command and the member stands in the stages."""
    rows = [*GOVERNANCE.values(), *(row for table in BELOW.values() for row in table.values())]

    assert [] == [one.name for row in rows for one in row if not one.kind.needs]


def test_the_stages_themselves_ask_for_nothing_from_outside() -> None:
    """So that the workflow runs without any provider."""
    base = social_content()

    for workflow in (base, *base.children):
        asked = {
            need for _, one in actions_in(workflow) for r in one.rules for need in r.kind.needs
        }
        assert set() == asked - RESERVED_FACTS


def test_to_govern_twice_is_to_govern_once() -> None:
    """No rule stands twice before an action."""
    made = department_content()

    assert made == governed(made)


def test_a_company_keeps_a_rule_as_it_has_told_it() -> None:
    """As a warning, or waived by somebody else; the rest of the page is added."""
    base = social_content().with_rules({"tone.approve_tone": rules.no_duplicate().warning()})

    made = governed(base)

    assert rules.no_duplicate().warning() in rules_before(made, "tone.approve_tone")
    assert rules.no_duplicate() not in rules_before(made, "tone.approve_tone")
    assert rules.no_duplicate() in rules_before(made, "concept.accept")


@pytest.mark.parametrize("name", ["tone", "promotion", "reshare", "publish"])
def test_a_variant_without_a_stage_can_be_governed(name: str) -> None:
    """What it has taken out is simply not there; what it has is governed."""
    made = governed(social_content().without(name))

    assert name not in [stage.name for stage in made.stages]
    assert set(GOVERNANCE["concept.accept"]) <= set(rules_before(made, "concept.accept"))


def test_a_variant_without_an_action_or_a_child_can_be_governed() -> None:
    """Neither comes back by the way."""
    base = social_content()
    without = base.amend("tone", drop="approve_tone", done=("in_tone",))

    made = governed(without)

    assert "tone.approve_tone" not in made.action_names


@pytest.mark.parametrize("format", ["toml", "json"])
def test_a_governed_workflow_survives_its_document(format: str) -> None:
    """To text and back is the same digest."""
    made = department_content()

    assert made.digest == parse_workflow(dump_workflow(made, format), format).digest


def test_a_document_derives_from_the_governed_workflow() -> None:
    """By its name, like from the one that is not governed."""
    acme = derive({"base": "department_content", "name": "acme", "without": ["tone"]})

    assert governed(social_content().without("tone")).named("acme") == acme


def advisory(workflow: Workflow) -> dict[tuple[str, str], list[str]]:
    """By workflow and action: what only warns, there and below."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in family(workflow):
        for at, action in actions_in(one):
            names = [rule.name for rule in action.rules if rule.advisory]
            if names:
                said[one.name, ".".join(at.split(" / ")[1:])] = names
    return said


def test_the_page_of_rules_says_where_they_only_warn() -> None:
    """Each action with an advisory rule has a row; what warns without governance is in brackets."""
    rows = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \| (.+) \|$", PAGE.read_text(), re.M)
    told = {(name, action): cell.split(", ") for name, action, cell in rows}
    plain = advisory(social_content().named("department_content"))

    assert told == {
        place: [f"(`{name}`)" if name in plain.get(place, ()) else f"`{name}`" for name in names]
        for place, names in advisory(department_content()).items()
    }


def test_every_rule_stands_somewhere_or_the_page_says_when_a_company_adds_it() -> None:
    """In a stage, on the page of governance, or in a small workflow; no rule is forgotten."""
    workflows = [*family(department_content()), FREEZE, MESSAGE, *DUTIES]
    used = {rule.kind.name for one in workflows for _, rule in rules_in(one)}
    told = {*re.findall(r"`(\w+)`", PAGE.read_text().partition("## Where they stand")[2])}

    assert set() == {getattr(rules, name).name for name in rules.__all__} - used - told


def family(workflow: Workflow) -> Iterator[Workflow]:
    """A workflow, and those of all items below."""
    yield workflow
    for child in workflow.children:
        yield from family(child)
