"""Documents: whatever is written is read again, and nothing is lost."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import FORMATS, REGISTRY, formats, keys, one_stage, plain, plain_document

from socialflow import Action, DefinitionError, Effect, Parallel, Role, Stage, Workflow
from socialflow.content import social_content
from socialflow.documents import dump_workflow, load_workflow, parse_workflow
from socialflow.filling import fill
from socialflow.forms import describe_form
from socialflow.plain import canonical
from socialflow.plugins import Registry
from socialflow.rules import has
from socialflow.testing import strategies as own


@given(own.workflows(), formats)
def test_a_workflow_comes_back_from_its_document(workflow: Workflow, format: str) -> None:
    """Whatever the workflow and the format, loading what was dumped gives an equal workflow."""
    read = parse_workflow(dump_workflow(workflow, format), format, REGISTRY)

    assert workflow == read
    assert (workflow.digest, workflow.version) == (read.digest, read.version)
    assert workflow.describe() == read.describe()


@pytest.mark.parametrize("format", FORMATS)
def test_the_social_content_workflow_comes_back_from_its_document(format: str) -> None:
    """Ten stages, their forms and rules; the forms are the registered classes again."""
    workflow = social_content().named("acme", "2026-05")

    read = parse_workflow(dump_workflow(workflow, format), format)

    assert workflow == read
    assert "2026-05" == read.version
    assert workflow.stages == read.stages


@given(st.dictionaries(keys.filter(lambda key: key != "effect"), plain), formats)
def test_free_data_comes_back_from_a_document(data: dict[str, Any], format: str) -> None:
    """Numbers stay numbers, texts that look like something else stay texts, null stays null."""
    workflow = one_stage(effects=Effect("notify", data))

    read = parse_workflow(dump_workflow(workflow, format), format, Registry())

    assert canonical(workflow.describe()) == canonical(read.describe())


@attrs.frozen
class Answer:
    """A form with one of everything that a document can say."""

    text: str
    count: int
    share: float
    sure: bool
    at: datetime
    on: date
    anything: Any
    maybe: int | None
    choice: Literal["no", "yes"]
    tags: tuple[str, ...]
    counts: dict[str, int]
    inner: own.Reason
    inners: tuple[own.Reason, ...]
    later: str | None = None
    preset: str = "no"
    several: tuple[int, ...] = (1, 2)
    limit: int | None = 3


@pytest.mark.parametrize("format", FORMATS)
def test_a_form_comes_back_from_its_description(format: str) -> None:
    """A form that is registered nowhere is made again, and takes the same data."""
    data = {
        "text": "a",
        "count": 1,
        "share": 0.5,
        "sure": True,
        "at": "2026-05-01T12:00:00+00:00",
        "on": "2026-05-01",
        "anything": [1],
        "maybe": None,
        "choice": "yes",
        "tags": ["b"],
        "counts": {"c": 2},
        "inner": {"reason": "d"},
        "inners": [],
    }

    text = dump_workflow(one_stage(data=Answer), format)
    form = parse_workflow(text, format).stages[0].actions[0].data

    assert form is not None
    assert describe_form(Answer) == describe_form(form)
    assert fill(Answer, data)[1] == fill(form, data)[1]


def test_plain_data_is_a_document() -> None:
    """What `describe` gives, and what is written by hand, is loaded without any text."""
    workflow = load_workflow(plain_document())

    assert workflow == load_workflow(workflow.describe())
    assert ("writing", "legal", "brand") == tuple(stage.name for stage in workflow.stages)
    assert isinstance(workflow.steps[1], Parallel)
    assert (Role("author"), Role("editor", inherits="author")) == workflow.roles
    assert (Effect("notify", {"to": "editor"}),) == workflow.stages[0].actions[0].effects


def test_a_rule_in_a_document_is_negated_and_waived() -> None:
    """The three words that every rule has, besides its own parameters."""
    document = plain_document()
    document["steps"][0]["actions"][0]["rules"] = {
        "rule": "has",
        "field": "title",
        "negated": True,
        "waivable_by": "editor",
    }

    [read] = load_workflow(document).stages[0].actions[0].rules

    assert ~has("title").waivable("editor") == read


def test_a_stage_and_a_form_can_be_named_instead_of_described() -> None:
    """A bare name stands for what is registered under it."""
    named = Stage("legal", ("open", "done"), actions=(Action("go", "open", "done"),))
    registry = Registry().add("stages", named).add("forms", own.Reason)
    action = {"name": "stop", "sources": "*", "goto": "end.closed", "data": "Reason", "roles": "*"}

    workflow = load_workflow({"name": "post", "steps": ["legal"], "actions": [action]}, registry)

    assert (named,) == workflow.steps
    assert own.Reason is workflow.actions[0].data


@attrs.frozen
class Checked:
    """A form that checks by code of its own."""

    reason: str = attrs.field(validator=attrs.validators.min_len(3))


def test_a_form_with_code_of_its_own_has_to_be_registered() -> None:
    """A document cannot carry code, so that the class is found or the document is refused."""
    text = dump_workflow(one_stage(data=Checked), "json")
    known = Registry().add("forms", Checked)

    assert Checked is parse_workflow(text, "json", known).stages[0].actions[0].data
    with pytest.raises(DefinitionError, match="checks by code of its own") as caught:
        parse_workflow(text, "json", Registry())
    assert ("unknown_form",) == caught.value.codes


def test_a_registered_form_of_another_description_is_not_used() -> None:
    """The document's own description stands; a class of the same name is something else."""
    other = attrs.make_class("Reason", {"because": attrs.field(type=str)}, frozen=True)
    text = dump_workflow(one_stage(data=own.Reason), "json")

    form = parse_workflow(text, "json", Registry().add("forms", other)).stages[0].actions[0].data

    assert form is not None
    assert describe_form(own.Reason) == describe_form(form)
