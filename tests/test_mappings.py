"""Mappings: what a log asks for, read strictly."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scenes import workflow

from socialflow import DefinitionError, Role
from socialflow.content import social_content
from socialflow.logs import Columns, Row
from socialflow.mappings import LogMapping, Step, Template, load_mapping

DOCUMENT: dict[str, Any] = {
    "columns": {"member": "editor"},
    "events": {
        "drafted": [
            {"action": "create", "data": {"title": "{title|item}", "body": "{text}"}},
            {"action": "submit", "if_open": True},
        ],
        "merged": [{"action": "clear", "by": "importer", "to": "live"}],
    },
    "people": {"*": "author", "eve": ["author", "editor"]},
    "importer": {"id": "clerk", "roles": "editor"},
}


def row(**values: str) -> Row:
    """Line 7 of a log with these columns."""
    return Row(7, "post", "drafted", "ann", datetime(2026, 5, 1, tzinfo=UTC), values)


def changed(**tables: Any) -> dict[str, Any]:
    """The document with these tables in the place of its own."""
    return deepcopy(DOCUMENT) | tables


def test_everything_that_a_document_says_is_in_the_mapping() -> None:
    """And what it leaves out is as usual."""
    mapping = load_mapping(DOCUMENT)

    create, submit = mapping.events["drafted"]
    assert Columns("item", "event", "editor", "at") == mapping.columns
    assert "create" == create.action
    assert Step("submit", if_open=True) == submit
    assert (Step("clear", by="importer", to="live"),) == mapping.events["merged"]
    assert {"*": ("author",), "eve": ("author", "editor")} == mapping.people
    assert ("clerk", ["editor"]) == (mapping.importer.id, [g.role for g in mapping.importer.grants])


def test_a_mapping_names_every_column_that_it_looks_at() -> None:
    """The line number is no column."""
    document = changed(
        events={"drafted": [{"action": "note", "data": {"text": ["{a}", "{line}"]}}]}
    )

    assert ("item", "event", "editor", "at", "a") == load_mapping(document).columns_used


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{title}", "Hello"),
        ("{title}, line {line}", "Hello, line 7"),
        ("{empty|title}", "Hello"),
        ("{empty|nowhere}", ""),
        ("{{title}}", "{title}"),
        ("", ""),
    ],
)
def test_a_template_is_filled_with_columns_and_the_number_of_the_line(
    template: str, text: str
) -> None:
    """Of several columns the first counts that holds anything."""
    assert text == Template.of(template).fill(row(title="Hello", empty=""))


def test_nothing_in_a_template_is_evaluated() -> None:
    """What looks like an attribute or an index is the name of a column, and a value stays text."""
    template = Template.of("{title.__class__}{title[0]}{title}")

    assert ("title.__class__", "title[0]", "title") == template.columns
    assert "{title}" == template.fill(row(title="{title}"))


def test_a_field_that_comes_out_empty_is_left_out() -> None:
    """Lists lose what is empty, and other values stay as they are."""
    step = load_mapping(
        changed(
            events={
                "drafted": [
                    {
                        "action": "create",
                        "data": {"a": "{a}", "b": "{b}", "c": ["{a}", "{b}"], "d": ["{a}"], "e": 0},
                    }
                ]
            }
        )
    ).events["drafted"][0]

    assert {"b": "x", "c": ("x",), "e": 0} == step.filled(row(a="", b="x"))
    assert Step("submit").filled(row()) is None


@pytest.mark.parametrize(
    ("document", "where", "sentence"),
    [
        ({}, "document", "events is missing"),
        (changed(event={}), "document", "did you mean 'events'?"),
        (changed(importer={}), "document", "importer is missing"),
        (changed(importer="clerk"), "importer", "it must be a table"),
        (changed(importer={"role": "x"}), "importer", "did you mean 'roles'?"),
        (changed(importer={"id": "system", "roles": "x"}), "importer", "no grant can name"),
        (changed(columns={"tiem": "at"}), "columns", "did you mean 'time'?"),
        (changed(columns={"time": 3}), "columns / time", "it must be a text, not 3"),
        (changed(people={"*": 3}), "people / *", "it must be a text or a list of texts"),
        (changed(people={"clerk": "author"}), "people / clerk", "that is the importer"),
        (changed(events={"a": "create"}), "events / a", "it must be a list"),
        (changed(events={"a": []}), "events / a", "no command is asked for"),
        (changed(events={"a": [{"acton": "x"}]}), "events / a / #1", "did you mean 'action'?"),
        (changed(events={"a": [{}]}), "events / a / #1", "action is missing"),
        (
            changed(events={"a": [{"action": "x", "if_open": True}]}),
            "events / a",
            "whatever the item's state",
        ),
        (
            changed(events={"a": [{"action": "x", "if_open": 1}]}),
            "events / a / #1 / if_open",
            "it must be true or false",
        ),
        (
            changed(events={"a": [{"action": "x", "by": "me"}]}),
            "events / a / #1 / by",
            "'importer' or left out",
        ),
        (
            changed(events={"a": [{"action": "x", "data": {"t": "{x!r}"}}]}),
            "events / a / #1 / data / t",
            "only names of columns stand in braces",
        ),
        (
            changed(events={"a": [{"action": "x", "data": {"t": "{x:>9}"}}]}),
            "events / a / #1 / data / t",
            "only names of columns stand in braces",
        ),
        (
            changed(events={"a": [{"action": "x", "data": {"t": "{}"}}]}),
            "events / a / #1 / data / t",
            "only names of columns stand in braces",
        ),
        (
            changed(events={"a": [{"action": "x", "data": {"t": "{"}}]}),
            "events / a / #1 / data / t",
            "'{'",
        ),
    ],
)
def test_what_no_mapping_says_is_an_error_that_names_its_place(
    document: dict[str, Any], where: str, sentence: str
) -> None:
    """With the nearest right spelling, where there is one."""
    with pytest.raises(DefinitionError) as caught:
        load_mapping(document)

    assert (where, True) in [
        (one.where, sentence in f"{one.message} {one.remedy}") for one in caught.value.findings
    ]


def test_everything_that_is_wrong_with_a_mapping_is_said_at_once() -> None:
    """Not one error after the other."""
    with pytest.raises(DefinitionError) as caught:
        load_mapping({"colums": {}, "events": {"a": [{"acton": 1}]}, "people": {"*": 3}})

    assert {
        "unknown_key",
        "missing_key",
        "wrong_type",
    } == {*caught.value.codes}


def test_a_mapping_file_is_read_and_named_in_errors(tmp_path: Path) -> None:
    """A file that is missing or no TOML is an error too."""
    path = tmp_path / "mapping.toml"
    path.write_text('events.a = [{ action = "note", data = { text = "x" } }]\nimporter.roles = "x"')
    broken = tmp_path / "broken.toml"
    broken.write_text("events = ")

    assert isinstance(load_mapping(path), LogMapping)
    for wrong in (broken, tmp_path / "nowhere.toml"):
        with pytest.raises(DefinitionError) as caught:
            load_mapping(wrong)
        assert [f"in {wrong}"] == caught.value.__notes__


def test_a_mapping_fits_a_workflow_that_has_its_actions_and_roles() -> None:
    """A short name will do."""
    post = workflow(roles=(Role("author"), Role("editor")))

    load_mapping(DOCUMENT).check(post)


def test_actions_and_roles_that_a_workflow_lacks_are_named_with_the_nearest() -> None:
    """All of them."""
    post = workflow(roles=(Role("author"), Role("editor")))
    mapping = load_mapping(
        changed(
            events={"a": [{"action": "submt"}], "b": [{"action": "adopt"}]},
            people={"*": "autor"},
            importer={"roles": "editr"},
        )
    )

    with pytest.raises(DefinitionError) as caught:
        mapping.check(post)

    assert [
        ("mapping / events / a", "unknown_action", "did you mean 'submit'?"),
        ("mapping / people / *", "unknown_role", "did you mean 'author'?"),
        ("mapping / importer", "unknown_role", "did you mean 'editor'?"),
    ] == [
        (one.where, one.code, one.remedy)
        for one in caught.value.findings
        if one.where != "mapping / events / b"
    ]
    assert 4 == len(caught.value.findings)


def test_a_mapping_that_adopts_is_told_that_it_can_only_create() -> None:
    """No action of another name is suggested for it."""
    with pytest.raises(DefinitionError, match="a mapping can only create, not adopt"):
        load_mapping(changed(events={"a": [{"action": "adopt"}]})).check(workflow())


def test_data_that_no_form_of_an_action_has_is_found_before_anything_is_replayed() -> None:
    """Whichever action of that name, standing or not; what one of them takes is let through."""
    post = social_content()
    events = {
        "a": [{"action": "create", "data": {"titel": "{item}", "title": "{item}"}}],
        "b": [{"action": "edit", "data": {"body": "x", "bdy": "x"}}],
        "c": [{"action": "start", "data": {"first_day": "x", "reason": "x"}}],
        "d": [{"action": "tone.start", "data": {"first_day": "x"}}],
        "e": [{"action": "note", "data": {"text": "x", "txt": "x"}}],
        "f": [{"action": "withdraw", "data": {"reason": "x", "why": "x"}}],
    }
    mapping = load_mapping(changed(events=events, people={}, importer={"roles": "approver"}))

    with pytest.raises(DefinitionError) as caught:
        mapping.check(post)

    assert [
        ("mapping / events / a / data / titel", "did you mean 'title'?"),
        ("mapping / events / b / data / bdy", "did you mean 'body'?"),
        ("mapping / events / c / data / reason", "known: first_day, last_day"),
        ("mapping / events / d / data / first_day", "it takes no data: leave it out"),
        ("mapping / events / e / data / txt", "did you mean 'text'?"),
        ("mapping / events / f / data / why", "known: reason"),
    ] == [(one.where, one.remedy) for one in caught.value.findings]
    assert {"unknown_field"} == {*caught.value.codes}
