"""What is wrong about a document is told, every place of it; the JSON Schema sees it, too."""

from __future__ import annotations

import json
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import REGISTRY, formats, keys, plain, plain_document

from socialflow import Action, DefinitionError, Grant, Member, Role, Stage, Team, Workflow
from socialflow.documents import dump_workflow, load_workflow, parse_workflow, workflow_schema
from socialflow.documents.shapes import attributes
from socialflow.testing import strategies as own

SCHEMA = jsonschema.Draft202012Validator(workflow_schema())


WRONG: dict[str, tuple[tuple[Any, ...], Any, str, str, str]] = {
    "key of a workflow": (("stpes",), [], "unknown_key", "document", "'steps'"),
    "key of a stage": (("steps", 0, "sttes"), [], "unknown_key", "writing", "'states'"),
    "key of an action": (
        ("steps", 0, "actions", 0, "ruels"),
        [],
        "unknown_key",
        "writing / actions / submit",
        "'rules'",
    ),
    "key of a role": (("roles", 1, "tile"), "", "unknown_key", "roles / editor", "'title'"),
    "key of a form": (
        ("steps", 0, "fields", "cheked"),
        True,
        "unknown_key",
        "writing / fields",
        "'checked'",
    ),
    "key of a field": (
        ("steps", 0, "fields", "fields", "tags", "defualt"),
        [],
        "unknown_key",
        "writing / fields / tags",
        "'default'",
    ),
    "key beside parallel": (("steps", 1, "util"), "x", "unknown_key", "steps / #2", "until"),
    "type of a text": (("name",), 3, "wrong_type", "name", "a text, not 3"),
    "type of a list": (("steps",), {}, "wrong_type", "steps", "a list"),
    "type of a table": (("steps", 0, "actions", 0), "x", "wrong_type", "writing / actions / x", ""),
    "type of a flag": (
        ("steps", 0, "actions", 0, "automatic"),
        "yes",
        "wrong_type",
        "writing / actions / submit / automatic",
        "true or false",
    ),
    "type of roles": (("rights", "create"), [1], "wrong_type", "rights / create", "texts"),
    "type of a field": (
        ("steps", 0, "fields", "fields", "title"),
        "string",
        "form",
        "writing / fields",
        "'str'",
    ),
    "rule": (
        ("steps", 0, "actions", 0, "rules", 0),
        "four_eys",
        "unknown_rule",
        "writing / actions / submit / rules",
        "'four_eyes'",
    ),
    "rule without a name": (
        ("steps", 0, "actions", 0, "rules", 1),
        {"field": "title"},
        "missing_key",
        "writing / actions / submit / rules",
        "rule",
    ),
    "parameter of a rule": (
        ("steps", 0, "actions", 0, "rules", 1, "feild"),
        "title",
        "rule_parameters",
        "writing / actions / submit / rules",
        "'field'",
    ),
    "rule that binds": (
        ("steps", 0, "actions", 0, "rules", 0),
        {"rule": "in_house", "waivable_by": "editor"},
        "binding",
        "writing / actions / submit / rules",
        "can be waived by editor",
    ),
    "rule that binds as a warning": (
        ("steps", 0, "actions", 0, "rules", 0),
        {"rule": "in_house", "advisory": True, "negated": True},
        "binding",
        "writing / actions / submit / rules",
        "only warns",
    ),
    "word of a rule": (
        ("steps", 0, "actions", 0, "rules", 1, "negated"),
        "yes",
        "wrong_type",
        "writing / actions / submit / rules / negated",
        "true or false",
    ),
    "effect": (
        ("steps", 0, "actions", 0, "effects"),
        {"to": "editor"},
        "missing_key",
        "writing / actions / submit / effects",
        "effect",
    ),
    "stage": (("steps", 0), "wrting", "unknown_stage", "wrting", ""),
    "form": (("fields",), "Psot", "unknown_form", "fields", "'Post'"),
    "state": (
        ("steps", 0, "actions", 0, "target"),
        "submited",
        "unknown_state",
        "post / writing / submit",
        "'submitted'",
    ),
    "role": (("steps", 0, "role"), "auther", "unknown_role", "post / writing", "'author'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_place_and_the_nearest_right_thing(case: str) -> None:
    """One thing wrong gives one finding: what, where, and what would be right."""
    place, value, code, where, remedy = WRONG[case]
    document = plain_document()
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    with pytest.raises(DefinitionError) as caught:
        load_workflow(document)

    [finding] = caught.value.findings
    assert (code, where) == (finding.code, finding.where)
    assert remedy in str(finding)


@pytest.mark.parametrize(
    "names", [["class"], ["_def"], ["self"], ["__init__"], ["_"], ["a b"], ["1"], [""], ["a", "_a"]]
)
def test_a_field_is_called_what_python_can_call_it(names: list[str]) -> None:
    """The name of a field becomes that of an attribute, and no other part of a program."""
    document = plain_document()
    document["fields"] = {"form": "Odd", "fields": dict.fromkeys(names, "str")}

    with pytest.raises(DefinitionError, match=f"a field cannot be called {names[-1]!r}") as caught:
        load_workflow(document)

    assert ("form",) == caught.value.codes


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Nobody mends a document one message at a time."""
    stage = {"name": "one", "sates": ["open"], "enter": "hsa", "signs": True}

    with pytest.raises(DefinitionError) as caught:
        load_workflow({"steps": [stage, {"parallel": [{"states": 3}]}], "versoin": "1"})

    codes = sorted(caught.value.codes)
    assert ["missing_key"] * 3 + ["unknown_key"] * 2 + ["unknown_rule"] + [
        "wrong_type"
    ] * 2 == codes


def closed_tables(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all tables in a document whose keys are fixed."""
    places = []
    if isinstance(told, dict):
        free = {"may_edit", "rights", "effects", "rules", "enter"}
        if "rule" not in told and (not path or path[-1] != "fields" or "fields" in told):
            places.append(path)
        for key, value in told.items():
            if key not in free:
                places += closed_tables(value, (*path, key))
    elif isinstance(told, list):
        for n, value in enumerate(told):
            places += closed_tables(value, (*path, n))
    return places


@given(own.workflows(), st.data())
def test_an_unknown_key_is_refused_wherever_it_is(workflow: Workflow, data: st.DataObject) -> None:
    """Reading and the JSON Schema agree that no table takes a key that it does not know."""
    document = json.loads(dump_workflow(workflow, "json"))
    place = data.draw(st.sampled_from(closed_tables(document)))
    inner = document
    for step in place:
        inner = inner[step]
    inner["colour"] = "red"

    with pytest.raises(DefinitionError) as caught:
        load_workflow(document, REGISTRY)

    assert "unknown_key" in caught.value.codes
    assert not SCHEMA.is_valid(document)


@given(own.workflows(), st.data(), plain)
def test_whatever_is_in_a_document_reading_it_gives_a_workflow_or_findings(
    workflow: Workflow, data: st.DataObject, value: Any
) -> None:
    """Anything in the place of anything is a workflow or a DefinitionError, nothing else."""
    document = json.loads(dump_workflow(workflow, "json"))
    places = [((), document)]
    for path, told in places:
        inner = told.items() if isinstance(told, dict) else enumerate(told)
        places += [((*path, key), one) for key, one in inner if isinstance(one, dict | list)]
    _, chosen = data.draw(st.sampled_from(places))
    if isinstance(chosen, dict):
        chosen[data.draw(st.one_of(keys, st.sampled_from(sorted(chosen) or ["x"])))] = value
    else:
        chosen.append(value)

    try:
        read = load_workflow(document, REGISTRY)
    except DefinitionError as error:
        told = str(error)
    else:
        told = read.name
        assert read == load_workflow(read.describe(), REGISTRY)
    assert told


@given(plain, formats)
def test_a_document_that_is_no_workflow_is_refused(told: Any, format: str) -> None:
    """Whatever it says instead."""
    text = json.dumps(told) if format == "json" else str(told)

    with pytest.raises(DefinitionError):
        parse_workflow(text, format, REGISTRY)


def test_the_schema_is_one() -> None:
    """It is valid itself, by the rules of its own draft."""
    jsonschema.Draft202012Validator.check_schema(workflow_schema())


@given(own.workflows())
def test_the_schema_accepts_every_document_of_a_workflow(workflow: Workflow) -> None:
    """What `dump_workflow` writes is valid."""
    SCHEMA.validate(json.loads(dump_workflow(workflow, "json")))


@pytest.mark.parametrize("case", WRONG)
def test_the_schema_refuses_what_it_can_see_to_be_wrong(case: str) -> None:
    """Keys and types; names of rules, states and roles only loading can judge."""
    place, value, code, _, _ = WRONG[case]
    document = plain_document()
    SCHEMA.validate(document)
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    assert (code in {"unknown_key", "wrong_type", "missing_key"}) == (not SCHEMA.is_valid(document))


@pytest.mark.parametrize("kind", [Workflow, Stage, Action, Role, Team, Member, Grant])
def test_every_attribute_of_a_definition_can_be_said_in_a_document(kind: type) -> None:
    """The table of shapes has a line for the type of each."""
    taken = {field.name for field in attrs.fields(kind) if field.init}

    assert taken == {*attributes(kind)}
