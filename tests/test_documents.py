"""Documents: what is written is read again, and what is wrong is told, every place of it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import attrs
import jsonschema
import pytest
import strategies as own
from hypothesis import given
from hypothesis import strategies as st

from socialflow import (
    Action,
    DefinitionError,
    Effect,
    Grant,
    Member,
    Parallel,
    Role,
    Scope,
    Stage,
    Team,
    Workflow,
)
from socialflow.content import social_content
from socialflow.documents import (
    dump_workflow,
    load_team,
    load_workflow,
    parse_workflow,
    workflow_schema,
)
from socialflow.documents.formats import LARGEST
from socialflow.documents.shapes import attributes
from socialflow.errors import MissingExtra
from socialflow.forms import describe_form, fill
from socialflow.plain import canonical
from socialflow.plugins import Registry

FORMATS = ("toml", "json", "yaml")
REGISTRY = Registry.standard().add("rules", own.cleared).add("rules", own.brief)
SCHEMA = jsonschema.Draft202012Validator(workflow_schema())

formats = st.sampled_from(FORMATS)
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(("no", "null", "1e3", "2026-05-01", "12:30", "=", "<<", "~", "*a", "\x85")),
)
keys = st.one_of(st.text(), st.sampled_from(("null", "null'", "<<", "=", "~", "rule")))
plain = st.recursive(
    atoms, lambda inner: st.one_of(st.lists(inner), st.dictionaries(keys, inner)), max_leaves=12
)


def one_stage(**changes: Any) -> Workflow:
    """A workflow of one stage, with something said about its one action."""
    action = Action("go", "open", "done", **changes)
    return Workflow("post", [Stage("one", ("open", "done"), role="author", actions=(action,))])


def plain_document() -> dict[str, Any]:
    """The document of a workflow that has one of everything."""
    steps = [
        {
            "name": "writing",
            "states": ["drafting", "submitted"],
            "role": "author",
            "may_edit": {"drafting": "author"},
            "fields": {"form": "Post", "fields": {"title": "str", "tags": {"type": "list[str]"}}},
            "actions": [
                {
                    "name": "submit",
                    "sources": "drafting",
                    "target": "submitted",
                    "rules": ["four_eyes", {"rule": "has", "field": "title"}],
                    "effects": {"effect": "notify", "to": "editor"},
                }
            ],
        },
        {"parallel": [{"name": "legal", "states": "open"}, {"name": "brand", "states": "open"}]},
    ]
    roles = ["author", {"key": "editor", "inherits": "author"}]
    return {"name": "post", "steps": steps, "roles": roles, "rights": {"create": "author"}}


# -- nothing is lost


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
    workflow = one_stage(effects=Effect("tell", data))

    read = parse_workflow(dump_workflow(workflow, format), format, Registry())

    assert canonical(workflow.describe()) == canonical(read.describe())


LIKE_NULL: list[Any] = [None, {"null": True}, {"null'": True}, {"null''": True}, {"null": None}]


@pytest.mark.parametrize("value", [*LIKE_NULL, [LIKE_NULL], {"null": False}, {"null": True, "": 1}])
def test_what_looks_like_null_in_toml_is_not_taken_for_it(value: Any) -> None:
    """TOML has no null; what stands for it is told from the same thing meant as such."""
    workflow = one_stage(effects=Effect("tell", {"it": value}))

    text = dump_workflow(workflow, "toml")
    [effect] = parse_workflow(text, "toml").stages[0].actions[0].effects

    assert Effect("tell", {"it": value}) == effect


def test_what_looks_like_something_else_in_yaml_is_a_text() -> None:
    """Days, times and words that older YAML takes for numbers, dates and truth values."""
    text = """
        name: post
        steps:
        - name: one
          states: [open, done]
          actions:
          - {name: go, sources: open, effects: {effect: tell, on: 2026-05-01, at: 12:30, off: no}}
    """

    [effect] = parse_workflow(text, "yaml").stages[0].actions[0].effects

    assert {"on": "2026-05-01", "at": "12:30", "off": "no"} == effect.data


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


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_can_be_kept_in_a_file(format: str, tmp_path: Path) -> None:
    """The suffix says the format; ``.yml`` is YAML, too, and a byte order mark does no harm."""
    workflow = social_content()
    text = dump_workflow(workflow, format)
    path = tmp_path / f"flow.{format}"
    path.write_text(text, encoding="utf-8-sig")
    short = tmp_path / f"flow.{format.replace('yaml', 'YML')}"
    short.write_text(text, encoding="utf-8")

    assert workflow == load_workflow(path)
    assert workflow == load_workflow(str(short))


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

    assert ~own.has("title").waivable("editor") == read


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


# -- what is wrong is told


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
    "key beside parallel": (("steps", 1, "until"), "x", "unknown_key", "steps / #2", "parallel"),
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


BAD_TEXT = {
    "no JSON": ("json", "{'name': 1}", "syntax", "no JSON"),
    "a key twice": ("json", '{"name": "a", "name": "b"}', "syntax", "'name' is there twice"),
    "NaN": ("json", '{"name": NaN}', "syntax", "no number"),
    "a number too large": ("json", '{"name": 1e999}', "wrong_type", "inf"),
    "half a character": ("json", '{"name": "\\ud800"}', "wrong_type", "no valid text"),
    "no TOML": ("toml", "name = ", "syntax", "no TOML"),
    "a TOML key twice": ("toml", "name = 1\nname = 2", "syntax", "no TOML"),
    "nan": ("toml", "name = nan", "wrong_type", "nan"),
    "no YAML": ("yaml", "name: [", "syntax", "no YAML"),
    "a YAML key twice": ("yaml", "name: a\nname: b", "syntax", "duplicate key"),
    "an alias": ("yaml", "a: &x [1]\nb: *x", "syntax", "alias *x"),
    "a tag": ("yaml", "!!python/object/apply:os.getcwd []", "syntax", "constructor"),
    "a set": ("yaml", "name: !!set {a}", "wrong_type", "nothing a document can say"),
    "a key that is no text": ("yaml", "1: a", "wrong_type", "a key is a text"),
    "two documents": ("yaml", "a: 1\n---\nb: 2", "syntax", "single document"),
    "deep JSON": ("json", "[" * 100_000, "too_large", "deeper"),
    "rather deep JSON": ("json", "[" * 65 + "]" * 65, "too_large", "deeper"),
    "deep TOML": ("toml", "a = " + "[" * 100_000, "too_large", "deeper"),
    "a deep TOML key": ("toml", ".".join("a" * 50_000) + " = 1", "too_large", "deeper"),
    "deep YAML": ("yaml", "[" * 1000, "too_large", "deeper"),
    "a long text": ("json", " " * (LARGEST + 1), "too_large", "larger"),
    "another format": ("tmol", "", "unknown_format", "'toml'"),
}


@pytest.mark.parametrize("case", BAD_TEXT)
def test_a_text_that_cannot_be_read_is_refused(case: str) -> None:
    """Syntax, size and depth; nothing in a text is ever run."""
    format, text, code, told = BAD_TEXT[case]

    with pytest.raises(DefinitionError) as caught:
        parse_workflow(text, format)

    assert (code,) == caught.value.codes
    assert told in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Missing, of no known format, no UTF-8, too large: each says so and names the file."""
    (tmp_path / "latin.toml").write_bytes(b"name = '\xfc'")
    (tmp_path / "large.json").write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "flow.ini").write_text("")
    (tmp_path / "folder.json").mkdir()

    for name, code in {
        "gone.toml": "unreadable",
        "latin.toml": "unreadable",
        "flow.ini": "unreadable",
        "folder.json": "unreadable",
        "large.json": "too_large",
    }.items():
        with pytest.raises(DefinitionError, match=name) as caught:
            load_workflow(tmp_path / name)
        assert (code,) == caught.value.codes


def test_an_error_says_in_which_file_it_is(tmp_path: Path) -> None:
    """The findings have the place in the document; a note has the document."""
    path = tmp_path / "acme.toml"
    path.write_text('name = "acme"\n')

    with pytest.raises(DefinitionError) as caught:
        load_workflow(path)

    assert [f"in {path}"] == caught.value.__notes__


@pytest.mark.parametrize(
    ("module", "format", "extra"),
    [("ruamel.yaml", "yaml", "yaml"), ("tomli_w", "toml", "toml")],
)
def test_a_missing_extra_is_named(
    module: str, format: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lacks an optional dependency is told what to install."""
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtra, match=rf"socialflow\[{extra}\]"):
        dump_workflow(social_content(), format)


def test_reading_yaml_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading TOML and JSON needs nothing."""
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)

    with pytest.raises(MissingExtra):
        parse_workflow("name: post", "yaml")


# -- the schema


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


# -- teams

TEAM = """
[[members]]
id = "maria"
name = "Maria"
grants = ["approver", {role = "editor", scope = {brand = "acme", region = ["n", "s"]}}]

[[members]]
id = "zoe"
kind = "agency"
grants = [{role = "editor", since = 2026-05-01T00:00:00Z, until = "2026-06-01T00:00:00+02:00"}]
"""


def test_a_team_is_read_from_a_file(tmp_path: Path) -> None:
    """Members, their grants, where and when these hold."""
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    maria = Member(
        "maria",
        ["approver", Grant("editor", Scope(brand="acme", region=["n", "s"]))],
        name="Maria",
    )
    since, until = datetime(2026, 5, 1, tzinfo=UTC), datetime.fromisoformat("2026-06-01T00:00+0200")
    zoe = Member("zoe", Grant("editor", since=since, until=until), kind="agency")

    assert Team([maria, zoe]) == load_team(path)


def test_a_team_in_yaml_and_json_is_the_same(tmp_path: Path) -> None:
    """A time without quotes in YAML keeps its zone."""
    yaml, document = tmp_path / "team.yaml", tmp_path / "team.json"
    yaml.write_text(
        "members: [{id: zoe, grants: {role: editor, since: 2026-05-01T00:00:00+02:00}}]"
    )
    grants = {"role": "editor", "since": "2026-05-01T00:00:00+02:00"}
    document.write_text(json.dumps({"members": [{"id": "zoe", "grants": grants}]}))

    assert load_team(document) == load_team(yaml)


WRONG_TEAMS: dict[str, tuple[Any, str, str]] = {
    "time without a zone": ({"since": "2026-05-01T00:00:00"}, "naive_time", "zoe / grants / since"),
    "day": ({"since": "2026-05"}, "wrong_type", "zoe / grants / since"),
    "date": ({"until": date(2026, 5, 1)}, "wrong_type", "zoe / grants / until"),
    "misspelt key": ({"untill": None}, "unknown_key", "zoe / grants"),
    "empty scope": ({"scope": {"brand": []}}, "scope", "zoe / grants / scope"),
    "scope of numbers": ({"scope": {"brand": 1}}, "wrong_type", "zoe / grants / scope / brand"),
}


@pytest.mark.parametrize("case", WRONG_TEAMS)
def test_what_is_wrong_about_a_team_is_told(case: str) -> None:
    """The place leads to the grant."""
    change, code, where = WRONG_TEAMS[case]
    member = {"id": "zoe", "grants": {"role": "editor"} | change}

    with pytest.raises(DefinitionError) as caught:
        load_team({"members": [member]})

    assert [(code, f"members / {where}")] == [(f.code, f.where) for f in caught.value.findings]


def test_a_time_without_a_zone_in_toml_is_refused(tmp_path: Path) -> None:
    """A local time of TOML could be any of twenty-four hours."""
    path = tmp_path / "team.toml"
    path.write_text(TEAM.replace("00:00Z", "00:00"))

    with pytest.raises(DefinitionError, match="say its time zone") as caught:
        load_team(path)

    assert ("naive_time",) == caught.value.codes
