"""Forms: attrs classes that say which data there is, described as data and filled with data."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, Literal

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import DefinitionError, Objection
from socialflow.filling import fill, fill_some
from socialflow.forms import (
    check_form,
    describe_form,
    fields_of,
    is_checked,
    json_schema,
    make_form,
)
from socialflow.plain import FrozenDict


@attrs.frozen
class Link:
    """A form within a form."""

    url: str
    clicks: int = 0


@attrs.frozen
class Brief:
    """One field of every type that a document can say."""

    title: str
    share: float
    when: datetime
    day: date
    kind: Literal["post", "story"]
    links: tuple[Link, ...]
    tags: list[str]
    limits: dict[str, int]
    anything: Any
    lead: Link
    draft: bool = False
    note: str | None = None
    effort: int | None = 3


GOOD = {
    "title": "a",
    "share": 1,
    "when": "2026-05-01T12:00:00+02:00",
    "day": "2026-05-01",
    "kind": "post",
    "links": [{"url": "x"}],
    "tags": ["t"],
    "limits": {"x": 280},
    "anything": {"deep": [1, None]},
    "lead": {"url": "y", "clicks": 2},
}


@attrs.frozen
class Checked:
    """A form with a check of its own."""

    pages: int = attrs.field(validator=attrs.validators.gt(0))


def test_a_form_is_described_by_the_types_of_its_fields() -> None:
    """A description names the form, and each field's type in the words of a document."""
    link = {"form": "Link", "fields": {"url": "str", "clicks": {"type": "int", "default": 0}}}

    assert {
        "form": "Brief",
        "fields": {
            "title": "str",
            "share": "float",
            "when": "datetime",
            "day": "date",
            "kind": ["post", "story"],
            "links": {"list": link},
            "tags": "list[str]",
            "limits": "dict[int]",
            "anything": "any",
            "lead": link,
            "draft": {"type": "bool", "default": False},
            "note": "str?",
            "effort": {"type": "int", "default": 3, "optional": True},
        },
    } == describe_form(Brief)


types = st.recursive(
    st.sampled_from(("str", "int", "float", "bool", "datetime", "date", "any", ["x", "y"])),
    lambda inner: st.one_of(
        inner.map(lambda told: f"list[{told}]" if isinstance(told, str) else {"list": told}),
        inner.map(lambda told: f"dict[{told}]" if isinstance(told, str) else {"dict": told}),
        st.dictionaries(st.sampled_from(("m", "n")), inner, min_size=1).map(
            lambda told: {"form": "Inner", "fields": told}
        ),
    ),
    max_leaves=3,
)
described = st.one_of(
    types,
    types.map(
        lambda told: f"{told}?" if isinstance(told, str) else {"type": told, "default": None}
    ),
    st.just({"type": "int", "default": 3}),
    st.just({"type": "str", "default": "x", "optional": True}),
)


@given(st.dictionaries(st.sampled_from(("p", "q", "r")), described))
def test_a_form_made_from_a_description_has_that_description(fields: dict[str, Any]) -> None:
    """`make_form` is the inverse of `describe_form`; the description is JSON data."""
    told = {"form": "Made", "fields": fields}

    assert told == json.loads(json.dumps(describe_form(make_form("here", told))))


def test_a_form_made_from_the_description_of_another_takes_the_same_data() -> None:
    """What travelled as a document fills and refuses as the class did."""
    made = make_form("here", describe_form(Brief))

    (_, one), (_, other) = fill(Brief, GOOD), fill(made, GOOD)

    assert one == other
    assert sorted(wrong.message for wrong in fill(Brief, {})) == sorted(
        wrong.message for wrong in fill(made, {})
    )


def test_a_form_made_from_a_description_keeps_the_order_of_its_fields() -> None:
    """A screen asks in the order that was written; fields with a default come last."""
    told = {"title": "str", "note": "str?", "body": "str", "again": {"type": "int", "default": 1}}

    made = make_form("here", {"form": "Made", "fields": told})

    assert ["title", "body", "note", "again"] == list(fields_of(made))


def test_filling_gives_the_instance_and_its_plain_data() -> None:
    """Data comes back typed for rules, and plain, with its defaults, for the history."""
    brief, data = fill(Brief, GOOD)

    assert datetime(2026, 5, 1, 10, tzinfo=UTC) == brief.when
    assert (Link("y", 2), (Link("x"),), date(2026, 5, 1)) == (brief.lead, brief.links, brief.day)
    assert isinstance(data, FrozenDict)
    assert ("2026-05-01T12:00:00+02:00", 1.0, False) == (data["when"], data["share"], data["draft"])
    assert data == fill(Brief, data)[1]


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"title": 7}, "data.title", "it must be str, not 7"),
        ({"draft": 1}, "data.draft", "it must be bool, not 1"),
        ({"effort": True}, "data.effort", "it must be int, not True"),
        ({"share": "much"}, "data.share", "it must be a number, not 'much'"),
        ({"share": True}, "data.share", "it must be a number, not True"),
        ({"when": "soon"}, "data.when", "it must be a moment in ISO 8601, not 'soon'"),
        ({"when": 5}, "data.when", "it must be a moment in ISO 8601, not 5"),
        (
            {"when": "2026-05-01T12:00:00"},
            "data.when",
            "it must say its time zone, as in 2026-05-01T12:00:00+00:00",
        ),
        ({"day": "May"}, "data.day", "it must be a day in ISO 8601, not 'May'"),
        ({"links": [{"url": 7}]}, "data.links[0].url", "it must be str, not 7"),
        ({"lead": {}}, "data.lead.url", "it is missing"),
    ],
)
def test_data_that_does_not_fit_is_an_objection_that_names_the_place(
    change: dict[str, Any], path: str, reason: str
) -> None:
    """Each thing wrong with the data is one objection: where it is, and why."""
    (objection,) = fill(Brief, GOOD | change)

    assert isinstance(objection, Objection)
    assert ("data", f"{path}: {reason}") == (objection.code, objection.message)
    assert {"path": path, "reason": reason} == objection.facts
    assert objection.remedy.startswith("Brief takes title: str, share: float, when: datetime")


def test_of_a_long_form_the_likest_fields_are_named() -> None:
    """Not all forty."""
    long = attrs.make_class(
        "Long", {f"f{n}_x": attrs.field(type=str, default="") for n in range(40)}
    )
    [objection] = fill(long, {"f37x": "a"})  # type: ignore[misc]

    assert "data: no field is called f37x (did you mean 'f37_x'?)" == str(objection)
    [objection] = fill(long, {"f37_x": 5})  # type: ignore[misc]
    assert objection.remedy.startswith("Long takes f37_x, ")
    assert objection.remedy.endswith(" and 25 more")


def test_what_is_misspelt_is_said_first_and_the_fields_of_a_form_once() -> None:
    """In words, not as data."""
    wrong = fill(Link, {"ulr": "https://example.com", "clicks": "many"})

    assert [
        "data: no field is called ulr (did you mean 'url'?)",
        "data.url: it is missing (Link takes url: str, clicks: int?)",
        "data.clicks: it must be int, not 'many'",
    ] == [str(one) for one in wrong]


def test_what_is_none_of_the_choices_is_told_what_they_are() -> None:
    """In the words of the form, not of its types."""
    graded = attrs.make_class("Graded", {"grade": attrs.field(type=Literal["good", "fair"])})
    [objection] = fill(graded, {"grade": "god"})  # type: ignore[misc]

    assert "data.grade: it must be 'good' or 'fair', not 'god'" == objection.message


def test_everything_wrong_with_the_data_is_said_at_once() -> None:
    """All objections to the data come together."""
    wrong = fill(Link, {"clicks": "many", "colour": "red"})

    assert [
        "data.url: it is missing (Link takes url: str, clicks: int?)",
        "data.clicks: it must be int, not 'many'",
    ] == [str(one) for one in wrong if "colour" not in one.message]
    assert 3 == len(wrong)


def test_a_form_may_check_for_itself() -> None:
    """A validator's complaint is an objection; no document can carry the validator."""
    (objection,) = fill(Checked, {"pages": 0})

    assert ("data", "'pages' must be > 0: 0") == (
        objection.facts["path"],
        objection.facts["reason"],
    )
    assert (True, False) == (is_checked(Checked), is_checked(Brief))
    assert describe_form(Checked)["checked"]
    assert "checked" not in describe_form(Brief)


def test_some_fields_may_be_filled_without_the_others() -> None:
    """An edit says what is new; None takes away; what fits no field is an objection each."""
    fields = fields_of(Brief)

    assert ({"title": "b", "note": None},) * 2 == fill_some(fields, {"title": "b", "note": None})
    assert ["data.title", "data.nope"] == [
        one.facts["path"] for one in fill_some(fields, {"title": 7, "nope": 1})
    ]
    assert ({}, {}) == fill_some(fields, {})


@given(
    st.dictionaries(st.sampled_from(("url", "clicks", "other")), st.sampled_from((1, "x", None)))
)
def test_the_schema_of_a_form_accepts_what_the_form_accepts(data: dict[str, Any]) -> None:
    """The JSON Schema and the form never disagree about data."""
    filled = fill(Link, data)
    accepted = not isinstance(filled[0], Objection)

    validator = jsonschema.Draft202012Validator(json_schema(Link))
    assert accepted == validator.is_valid(data)


def test_the_schema_tells_every_type() -> None:
    """The schema of a form says each field's type, choices, and which are required."""
    schema = json_schema(Brief)
    told = schema["properties"]

    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid(GOOD)
    assert {"type": "string", "format": "date-time"} == told["when"]
    assert {"enum": ["post", "story"]} == told["kind"]
    assert {"type": "array", "items": {"type": "string"}} == told["tags"]
    assert {"type": "object", "additionalProperties": {"type": "integer"}} == told["limits"]
    assert {"anyOf": [{"type": "string"}, {"type": "null"}]} == told["note"]
    assert "Link" == told["links"]["items"]["title"]
    assert [name for name in told if name not in ("draft", "note", "effort")] == schema["required"]


@attrs.frozen
class Unsayable:
    """A form with a type that no document can say."""

    place: complex


@attrs.frozen
class Unresolved:
    """A form with a type that is not there."""

    place: Missing  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("build", "finding"),
    [
        (
            lambda: fields_of(int),
            "form <class 'int'>: a form is an attrs class (decorate it with @attrs.frozen)",
        ),
        (
            lambda: describe_form("Reason"),  # type: ignore[arg-type]
            "form 'Reason': a form is an attrs class (decorate it with @attrs.frozen)",
        ),
        (
            lambda: fields_of({"title": "str"}),  # type: ignore[arg-type]
            "form {'title': 'str'}: a form is an attrs class (decorate it with @attrs.frozen)",
        ),
        (
            lambda: check_form(Unsayable),
            "form Unsayable / place: a document cannot say the type <class 'complex'> (use str, "
            "int, float, bool, datetime, date, any, Literal of texts, tuple[X, ...], "
            "dict[str, X], or a form)",
        ),
        (
            lambda: fields_of(Unresolved),
            "form Unresolved: a type cannot be resolved: name 'Missing' is not defined",
        ),
        (
            lambda: make_form("here", "Reason"),
            "here: a form is a name and its fields, not 'Reason' "
            '(write {form = "Name", fields = {field = "str"}})',
        ),
        (
            lambda: make_form("here", {"form": "a b", "fields": {}}),
            "here: a form cannot be called 'a b'",
        ),
        (
            lambda: make_form("here", {"fields": {"a b": "str"}}),
            "here: a field cannot be called 'a b'",
        ),
        (
            lambda: make_form("here", {"fields": {"a": "string"}}),
            "here / a: there is no type 'string' (did you mean 'str'?)",
        ),
        (
            lambda: make_form("here", {"fields": {"a": 7}}),
            "here / a: 7 is not a type (write a type as text)",
        ),
    ],
)
def test_what_cannot_be_a_form_is_a_definition_error(build: Any, finding: str) -> None:
    """A form that cannot be described, or a description that is none, is named and explained."""
    with pytest.raises(DefinitionError) as caught:
        build()

    assert ("form",) == caught.value.codes
    assert finding == str(caught.value)
